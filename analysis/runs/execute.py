"""Running a report: its data are checked, it is played, its folder is published whole or kept as failed."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from analysis.errors import ParameterError
from analysis.runs import clean, data, html, manifest, record
from analysis.runs.exits import RunError, Stopped
from analysis.runs.folder import Partial, point, whole
from analysis.runs.kernels.kernel import Kernel
from analysis.runs.kernels.ready import IMPORTS
from analysis.runs.player import Played, load_papermill, play
from analysis.runs.request import Request
from analysis.runs.session import FOLDER, NOTEBOOK
from analysis.runs.verdict import Failure, failure
from analysis.runs.watch import Watch

HTML = "report.html"


@dataclass(frozen=True, slots=True)
class Outcome:
    """A good run: its folder, and whether it had been there before."""

    folder: Path
    recognised: bool

    @property
    def html(self) -> Path:
        """The report to open."""
        return self.folder / HTML


def recognised(request: Request) -> Outcome | None:
    """The whole run of the same inputs, if there is one; ``latest`` then points to it."""
    if not is_known(request):
        return None
    point(request.reports, request.run_id)
    return Outcome(request.reports / request.run_id, True)


def is_known(request: Request) -> bool:
    """Whether there is a whole run of the same inputs."""
    return whole(request.reports / request.run_id)


def run(
    request: Request,
    *,
    force: bool = False,
    limit: float | None = None,
    bar: bool = False,
    template: Path | None = None,
) -> Outcome:
    """Run a report, unless the same inputs have been run before.

    Parameters
    ----------
    request : what ``prepare`` gave
    force : run it even so
    limit : seconds the whole run may take; None for as long as it takes
    bar : show a progress bar on stderr
    template : address of the template process whose kernels are forked; None for a kernel started as usual

    Raises CatalogueError where a data file breaks its codebook (nothing is written), and ReportFailed,
    KernelLost, OutOfTime or Stopped where the report did not come about; the error's ``folder`` holds what
    there is of it.
    """
    if limit is not None and not limit > 0:
        raise ParameterError(f"the time limit is a number of seconds above 0, got {limit!r}")
    if not force and (before := recognised(request)):
        return before
    with Watch(limit).watching() as watch:
        return _Report(request, watch, bar, template).make(force)


class _Report:
    """One run under way: its kernel, its folder, its log."""

    def __init__(self, request: Request, watch: Watch, bar: bool, template: Path | None) -> None:
        self.request = request
        self.watch = watch
        self.bar = bar
        self.template = template
        self.partial = Partial(request.reports, request.run_id)
        self.started = manifest.now()
        self.manifest: dict[str, Any] = {}
        self.kernel: Kernel | None = None

    def make(self, force: bool) -> Outcome:
        """Check the data, play the notebook, publish the folder; nothing half-made is ever published."""
        try:
            played = self._play_in_kernel()
            with self.watch.patiently():
                error = failure(played, self.watch, self.partial.path)
                self._write(played, error)
                self.watch.raise_if_stopped()
                return self._keep(error, force)
        except Stopped as stopped:
            raise self._left(stopped) from None
        except RunError:
            raise
        except OSError:
            self.partial.remove()  # a full disk is not helped by what is left on it
            raise
        except BaseException:
            self.partial.leave()
            raise

    def _play_in_kernel(self) -> Played:
        try:
            # The kernel gets ready while the data are checked; before that nothing is written.
            self._start_kernel()
            if self.request.files:
                data.check(self.request.files)
            self._begin()
            return self._play()
        finally:
            self._end_kernel()

    def _start_kernel(self) -> None:
        book = self.request.notebook
        environment = {
            FOLDER: str(self.partial.path),
            NOTEBOOK: str(book.path),
            IMPORTS: " ".join(book.imports),
        }
        with self.watch.patiently():
            self.kernel = Kernel(environment, self.template)
            self.watch.over(self.kernel)
            self.kernel.start()
        self.watch.raise_if_stopped()

    def _end_kernel(self) -> None:
        self.watch.over(None)
        if self.kernel is not None:
            self.kernel.close()

    def _begin(self) -> None:
        request = self.request
        self.partial.make()
        self.manifest = manifest.build(
            request.notebook, request.settings, request.files, request.inputs, request.run_id, self.started
        )
        self._log(f"run {request.run_id} of {request.notebook.name}")

    def _play(self) -> Played:
        load_papermill()  # before the thread, whose imports overlap with it
        threading.Thread(target=html.warm, name="warm", daemon=True).start()
        played = self._played_once()
        if played.lost and played.at is None and not self.watch.out_of_time:
            self._log("the kernel did not start; once more")
            self._end_kernel()
            self._start_kernel()
            played = self._played_once()
        return played

    def _played_once(self) -> Played:
        with self.watch.patiently():
            played = play(self.request.notebook, self.request.changed, self.kernel, self._log, self.bar)
        self.watch.look_at_memory()
        self.watch.raise_if_stopped()
        return played

    def _write(self, played: Played, error: Failure | None) -> None:
        """Write notebook, page and manifest."""
        folder, told = self.partial.path, None if error is None else error[1]
        (folder / record.MARKER).unlink(missing_ok=True)
        self._write_pages(clean.clean(played.notebook), told)
        self._log(f"ended after {self.watch.seconds:.1f} s: {'ok' if told is None else told}")
        ended = manifest.finished(
            self.manifest,
            folder,
            status="ok" if told is None else "failed",
            error=told,
            seconds=self.watch.seconds,
            peak_memory=self.watch.peak_memory,
        )
        manifest.write(folder, ended | manifest.found(folder))

    def _write_pages(self, node: Any, error: clean.CellError | None) -> None:
        import nbformat

        folder = self.partial.path
        (folder / "report.ipynb").write_text(nbformat.writes(node) + "\n", encoding="utf-8", newline="\n")
        page = html.render(node, self.request.facts() | {"error": None if error is None else str(error)})
        (folder / HTML).write_text(page, encoding="utf-8", newline="\n")

    def _keep(self, error: Failure | None, force: bool) -> Outcome:
        request = self.request
        if error is not None:
            kind, told = error
            raise kind(str(told), self.partial.keep_failed())
        if not force and (before := recognised(request)):
            # Somebody else ran the same inputs meanwhile.
            self.partial.remove()
            return before
        for name in manifest.differences(request.reports / request.run_id, self.partial.path):
            self._log(f"differs from the run of the same inputs before: {name}")
        return Outcome(self.partial.publish(), False)

    def _left(self, stopped: Stopped) -> Stopped:
        """Mark a folder that a signal left behind; it is never published, and the next run clears it away."""
        if self.partial.path.is_dir() and self.manifest:
            manifest.write(self.partial.path, self.manifest | {"status": "stopped", "ended": manifest.now()})
            self._log(str(stopped))
            stopped.folder = self.partial.path
        self.partial.leave()
        return stopped

    def _log(self, line: str) -> None:
        with (self.partial.path / "run.log").open("a", encoding="utf-8") as log:
            log.write(f"{manifest.now()} {line}\n")
