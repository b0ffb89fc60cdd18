"""Whole processes: what importing the package and running the main report cost."""

from __future__ import annotations

import statistics
import subprocess
import sys
import tempfile
import time


def seconds(command: list[str], *, repeats: int) -> float:
    """Median wall time of a command, after one run that is not counted."""
    times = []
    for _ in range(repeats + 1):
        begin = time.perf_counter()
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        times.append(time.perf_counter() - begin)
    return statistics.median(times[1:])


def rows() -> list[dict]:
    """`import analysis` beside `import pandas`, and the main report beside its limit of 15 seconds."""
    ours = seconds([sys.executable, "-c", "import analysis"], repeats=7)
    pandas = seconds([sys.executable, "-c", "import pandas"], repeats=7)
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "analysis", "run", "silence_and_suspension", "--force", "--reports", folder]
        report = seconds(command, repeats=3)
    return [
        _row("import analysis", ours, "import pandas", pandas, 1.3),
        _row("main report", report, "the limit", 15.0, 1.0),
    ]


def _row(computation: str, ours: float, peer: str, theirs: float, aim: float) -> dict:
    parts = {"size": "process", "ours_s": ours, "peer": peer, "peer_s": theirs, "ratio": ours / theirs}
    return {"computation": computation, **parts, "aim": aim, "equal": True}
