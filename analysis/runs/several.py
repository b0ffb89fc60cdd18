"""Several reports in one go: all checked first, run two at a time, and one that fails does not stop the others."""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from analysis.errors import ParameterError
from analysis.runs import execute, notebook
from analysis.runs.exits import FINE, Stopped
from analysis.runs.request import Request, prepare
from analysis.runs.watch import SIGNALS

LAST = "briefing"  # what a reader opens first is run last


@dataclass(frozen=True, slots=True)
class Ended:
    """How one report of several ended: its exit code, its HTML where it is good, and what it said."""

    name: str
    code: int
    html: Path | None
    said: str
    seconds: float


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


def run(
    requests: Mapping[str, Request],
    given: Mapping[str, str],
    *,
    options: Sequence[str] = (),
    force: bool = False,
    jobs: int = 2,
    tell: Callable[[Ended], None] = lambda ended: None,
) -> list[Ended]:
    """Run every report, ``jobs`` at a time, each in a process of its own; ``tell`` hears of each as it ends.

    Returns them in the order asked for. What has been run with the same inputs is recognised, unless ``force``.
    """
    crew = _Crew()

    def one(name: str) -> Ended:
        begun = time.monotonic()
        before = None if force else execute.recognised(requests[name])
        if before:
            ended = Ended(name, FINE, before.html, "as before", time.monotonic() - begun)
        else:
            own = {d.name for d in requests[name].notebook.declared}
            pairs = [part for k, v in given.items() if k in own for part in ("-p", f"{k}={v}")]
            code, out, said = crew.call(name, [*pairs, *options, *(["--force"] if force else [])])
            html = Path(out.splitlines()[-1]) if code == FINE and out else None
            ended = Ended(name, code, html, said, time.monotonic() - begun)
        tell(ended)
        return ended

    with _heeding(crew), ThreadPoolExecutor(max(1, jobs)) as pool:
        return list(pool.map(one, requests))


class _Crew:
    """The processes under way, so that a signal to us ends them too."""

    def __init__(self) -> None:
        self.working: set[subprocess.Popen] = set()
        self.lock = threading.Lock()
        self.stopped = False

    def call(self, name: str, options: Sequence[str]) -> tuple[int, str, str]:
        """Exit code, output and errors of one report."""
        command = [sys.executable, "-m", "analysis", "run", name, "--quiet", *options]
        with self.lock:
            if self.stopped:
                return 128 + signal.SIGTERM, "", "stopped"
            process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
            self.working.add(process)
        out, said = process.communicate()
        with self.lock:
            self.working.discard(process)
        return process.returncode, out.strip(), said.strip()

    def stop(self) -> None:
        with self.lock:
            self.stopped = True
            for process in self.working:
                with suppress(OSError):
                    process.terminate()


@contextmanager
def _heeding(crew: _Crew) -> Iterator[None]:
    """While the block runs a signal ends the reports under way, which mark what they leave behind."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def on_signal(number: int, frame: object) -> None:
        crew.stop()
        raise Stopped(number)

    before = {number: signal.signal(number, on_signal) for number in SIGNALS}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
