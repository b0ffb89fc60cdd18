"""Several reports in one go: all checked first, some at a time, and one that fails does not stop the others."""

from __future__ import annotations

import select
import shutil
import signal
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from analysis.errors import AnalysisError, ParameterError
from analysis.runs import execute, html, manifest, notebook, places
from analysis.runs.exits import FINE, Stopped, exit_code
from analysis.runs.kernels import forked, kernel, ready
from analysis.runs.player import load_papermill
from analysis.runs.request import Request, prepare
from analysis.runs.watch import SIGNALS
from analysis.runs.worker import Ended, Worker, in_words

LAST = "briefing"  # what a reader opens first is run last
LOOK = 0.5  # seconds between two looks at the time limits
STOP_SECONDS = 15  # that reports under way have to mark what they leave behind


@dataclass(frozen=True, slots=True)
class Job:
    """A report to run: under which name it is told, and within how many seconds (None for as long as it takes)."""

    name: str
    request: Request
    limit: float | None = None
    force: bool = False


def everything() -> list[str]:
    """The notebooks of the project in the order in which they are run, the briefing last."""
    return sorted(notebook.stems(), key=lambda name: (name == LAST, name))


def prepared(names: Sequence[str], given: Mapping[str, str], reports: Path | None) -> dict[str, Request]:
    """Every report checked before the first is run; each gets the parameters that it declares.

    Raises
    ------
    ParameterError : no notebook, one asked for twice, or a parameter that none of them declares
    """
    if not names:
        raise ParameterError("name at least one notebook, or give --all")
    if len(set(names)) < len(names):
        raise ParameterError("a notebook is asked for twice; name each once")
    declared = {name: {d.name for d in notebook.read(notebook.find(name)).declared} for name in names}
    unknown = sorted(set(given) - set().union(*declared.values()))
    if unknown:
        raise ParameterError(f"no notebook asked for has a parameter {unknown[0]!r}")
    return {
        name: prepare(name, {k: v for k, v in given.items() if k in own}, reports=reports)
        for name, own in declared.items()
    }


def run(jobs: Sequence[Job], *, at_once: int = 2, tell: Callable[[Ended], None] = lambda ended: None) -> list[Ended]:
    """Run every report, ``at_once`` at a time, each in a process of its own; ``tell`` hears of each as it ends.

    Returns them in the order asked for. What has been run with the same inputs is recognised, unless its job says
    ``force``. Kernels are forked from a process that has the libraries imported, which is started for this batch and
    ends with it; where that is not offered (not Linux, or threads run here) reports are run one after another in
    this process, with kernels started as usual.
    """
    ended: dict[int, Ended] = {}

    def keep(place: int, one: Ended) -> None:
        ended[place] = one
        tell(one)

    waiting = deque()
    for place, job in enumerate(jobs):
        before = None if job.force else execute.recognised(job.request)
        if before:
            keep(place, Ended(job.name, FINE, before.html, "as before", 0.0, before.folder, True))
        else:
            waiting.append((place, job))
    if waiting and forked.OFFERED and threading.active_count() == 1:
        with _template([job for _, job in waiting]) as address:
            _Crew(address, max(1, at_once), keep).run(waiting)
    else:
        for place, job in waiting:
            keep(place, _here(job))
    return [ended[place] for place in range(len(jobs))]


def _here(job: Job) -> Ended:
    """One report in this process."""
    begun = time.monotonic()
    try:
        outcome = execute.run(job.request, force=job.force, limit=job.limit)
    except (AnalysisError, OSError) as error:
        folder = getattr(error, "folder", None)
        return Ended(job.name, exit_code(error), None, in_words(error), time.monotonic() - begun, folder)
    return Ended(job.name, FINE, outcome.html, "", time.monotonic() - begun, outcome.folder, outcome.recognised)


@contextmanager
def _template(jobs: Sequence[Job]) -> Iterator[Path]:
    """The address of a template process that imports what these notebooks import; it ends with the block."""
    kernel.clear_abandoned()
    folder = kernel.folder()
    imports = list(dict.fromkeys(name for job in jobs for name in job.request.notebook.imports))
    template = forked.Template(folder, imports, kernel.environment())
    try:
        # Meanwhile we import what every worker needs ourselves.
        with ready.lasting():
            load_papermill()
            html.warm()
            manifest.repository(places.root())
        yield template.address
    finally:
        template.close()
        shutil.rmtree(folder, ignore_errors=True)


class _Crew:
    """The workers under way; a signal to us ends their reports too, which mark what they leave behind."""

    def __init__(self, address: Path, at_once: int, keep: Callable[[int, Ended], None]) -> None:
        self.address = address
        self.at_once = at_once
        self.keep = keep
        self.working: dict[int, tuple[int, Worker]] = {}  # by the pipe that tells of its end

    def run(self, waiting: deque[tuple[int, Job]]) -> None:
        with self._heeding():
            while waiting or self.working:
                while waiting and len(self.working) < self.at_once:
                    self._begin(*waiting.popleft())
                self._look()

    def _begin(self, place: int, job: Job) -> None:
        make = partial(execute.run, job.request, force=job.force, limit=job.limit, template=self.address)
        worker = Worker(job.name, make, job.limit)
        self.working[worker.pipe] = place, worker

    def _look(self) -> None:
        done, _, _ = select.select(list(self.working), [], [], LOOK)
        for pipe in done:
            place, worker = self.working[pipe]
            one = worker.ended()
            del self.working[pipe]
            self.keep(place, replace(one, said="as before") if one.recognised else one)
        for _, worker in self.working.values():
            if worker.deadline is not None and time.monotonic() > worker.deadline:
                worker.late = True
                worker.tell(signal.SIGKILL)

    @contextmanager
    def _heeding(self) -> Iterator[None]:
        def on_signal(number: int, frame: object) -> None:
            raise Stopped(number)

        before = {number: signal.signal(number, on_signal) for number in SIGNALS}
        try:
            yield
        finally:
            for number in before:
                signal.signal(number, signal.SIG_IGN)  # what follows is short, and has to be done once
            self._stop()
            for number, handler in before.items():
                signal.signal(number, handler)

    def _stop(self) -> None:
        """End what is still under way: each worker marks its folder, and is waited for."""
        for _, worker in self.working.values():
            worker.tell(signal.SIGTERM)
        until = time.monotonic() + STOP_SECONDS
        for _, worker in self.working.values():
            # The end of the pipe is the end of the worker; one that does not heed the signal is ended all the same.
            if not select.select([worker.pipe], [], [], max(0.0, until - time.monotonic()))[0]:
                worker.tell(signal.SIGKILL)
            worker.ended()
        self.working.clear()
