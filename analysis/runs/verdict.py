"""Whether a run came to its end, and if not, why."""

from __future__ import annotations

from pathlib import Path

from analysis.runs import clean, record
from analysis.runs.exits import DataRefused, KernelLost, OutOfTime, ReportFailed, RunError, SettingRefused
from analysis.runs.player import Played
from analysis.runs.watch import Watch

Failure = tuple[type[RunError], clean.CellError]
KINDS = {"ParameterError": SettingRefused, "CatalogueError": DataRefused}


def failure(played: Played, watch: Watch, folder: Path) -> Failure | None:
    """Why a run is no success, or None: success is a last cell that was reached and closed the run."""
    if watch.out_of_time:
        late = f"the run took longer than {watch.limit:g} s"
        return OutOfTime, clean.CellError("TimeLimit", late, played.number)
    if played.lost:
        return _lost(played, watch.peak_memory)
    error = clean.first_error(played.notebook)
    if error is None and (missed := clean.unreached(played.notebook)):
        error = clean.CellError("Unfinished", f"{missed} cells were not run")
    if error is None and not (folder / record.MARKER).is_file():
        error = clean.CellError("Unfinished", "the notebook ended without run.close(), which its last cell calls")
    return None if error is None else (KINDS.get(error.name, ReportFailed), error)


def _lost(played: Played, peak: int) -> Failure:
    if played.at is None:
        said = f"; it said: {played.said}" if played.said else ""
        return KernelLost, clean.CellError("KernelNotStarted", f"the kernel did not start{said}")
    if played.code == 0:
        return ReportFailed, clean.CellError("Unfinished", "the notebook shut its own kernel down", played.number)
    return KernelLost, clean.CellError("KernelDied", f"{_death(played.code)}; {_memory(peak)}", played.number)


def _death(code: int | None) -> str:
    if code is None:
        return "the kernel stopped answering"
    if code == -9:
        return "the kernel was killed (signal 9), as a system short of memory does"
    return f"the kernel died ({f'signal {-code}' if code < 0 else f'exit code {code}'})"


def _memory(peak: int) -> str:
    return f"it held {peak / 2**20:.0f} MB at most" if peak else "how much memory it held is not known"
