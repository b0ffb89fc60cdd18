"""Whole processes: what importing the package and running the main report cost."""

from __future__ import annotations

import subprocess
import sys
import tempfile

from benchmarks.timing import Line, Sides


def started(*command: str) -> None:
    """Run a Python process to its end."""
    subprocess.run([sys.executable, *command], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def imports() -> Sides:
    """`import analysis` beside `import pandas`, which it needs."""
    return Sides(
        ours=lambda: started("-c", "import analysis"),
        peer=lambda: started("-c", "import pandas"),
        repeats=7,
    )


def report() -> Sides:
    """The main report, from nothing to its HTML."""

    def ours():
        with tempfile.TemporaryDirectory() as folder:
            started("-m", "analysis", "run", "silence_and_suspension", "--force", "--reports", folder)

    return Sides(ours=ours, repeats=3)


def everything() -> Sides:
    """Every notebook of the project, the briefing last, from nothing to its HTML."""

    def ours():
        with tempfile.TemporaryDirectory() as folder:
            started("-m", "analysis", "run", "--all", "--force", "--reports", folder)

    return Sides(ours=ours, repeats=1)


LINES = (
    Line(computation="import analysis", size="process", peer="import pandas", aim=1.3, sides=imports),
    Line(computation="main report", size="process", peer="", seconds=15.0, sides=report),
    Line(computation="all notebooks", size="process", peer="", seconds=60.0, sides=everything),
)
