"""How a run can end, and the exit code that says so."""

from __future__ import annotations

import signal
from pathlib import Path

from analysis.errors import AnalysisError, CatalogueError, ParameterError

FINE, FAILED, USAGE, DATA, ENVIRONMENT, TIME_LIMIT = range(6)


class RunError(AnalysisError):
    """A report that did not come about; ``folder`` is where what there is of it was kept, if anywhere."""

    code = FAILED

    def __init__(self, message: str, folder: Path | None = None) -> None:
        super().__init__(message)
        self.folder = folder


class ReportFailed(RunError):
    """A cell raised an error, or the notebook stopped before its last cell."""


class SettingRefused(RunError):
    """A cell found that a setting makes no sense with these data."""

    code = USAGE


class DataRefused(RunError):
    """A cell read a data file that breaks its codebook."""

    code = DATA


class KernelLost(RunError):
    """The kernel did not start, or died under the notebook."""

    code = ENVIRONMENT


class OutOfTime(RunError):
    """The run took longer than it was given."""

    code = TIME_LIMIT


class Stopped(KeyboardInterrupt):
    """The run was told to stop by a signal; no Exception, so that nothing on the way takes it for its own."""

    def __init__(self, signum: int, folder: Path | None = None) -> None:
        super().__init__(f"stopped by {signal.Signals(signum).name}")
        self.folder = folder
        self.code = 128 + signum  # what a shell reports for a process ended by this signal


def exit_code(error: BaseException) -> int:
    """The exit code of an error."""
    if isinstance(error, RunError | Stopped):
        return error.code
    if isinstance(error, CatalogueError):
        return DATA
    if isinstance(error, ParameterError):
        return USAGE
    return ENVIRONMENT if isinstance(error, OSError | ImportError) else FAILED
