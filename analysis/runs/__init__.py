"""Running notebooks, and what a notebook calls to open and to close its run."""

from analysis.runs.session import Run, open_run

__all__ = ["Run", "open_run"]
