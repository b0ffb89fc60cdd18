"""Eight small reports on two cores, each side from nothing to its last file: a schedule beside papermill alone."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tempfile
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from benchmarks.timing import Line, Sides

BOOK = Path(__file__).with_name("report.ipynb")
SIZES = range(40, 48)  # a parameter of each report, so that no two are the same
DIGEST = re.compile(r"digest of the findings (?:<code>)?([0-9a-f]{16})")
POOL = """
import sys
from concurrent.futures import ProcessPoolExecutor

import papermill


def run(n):
    papermill.execute_notebook(
        sys.argv[1], f"{sys.argv[2]}/{n}.ipynb", parameters={"n": n}, progress_bar=False, kernel_name="python3"
    )


if __name__ == "__main__":
    with ProcessPoolExecutor(2) as pool:
        list(pool.map(run, map(int, sys.argv[3:])))
"""


def digests(notebooks: dict[int, Path]) -> dict[int, str]:
    """What each report found, by its size: the digest that its last cell shows."""
    return {n: DIGEST.search(json.dumps(json.loads(path.read_text())["cells"][-1]))[1] for n, path in notebooks.items()}


def ours() -> dict[int, str]:
    """A schedule of eight reports that are due; they come with HTML, figures as files and a manifest."""
    with tempfile.TemporaryDirectory() as folder:
        entry = "  r{n}: {{notebook: '{book}', every: daily, parameters: {{n: {n}}}}}\n"
        schedule = Path(folder) / "schedule.yml"
        schedule.write_text("reports:\n" + "".join(entry.format(n=n, book=BOOK) for n in SIZES))
        _call("-m", "analysis", "run-due", "--reports", folder)
        return digests({n: Path(folder) / f"r{n}" / "latest" / "report.ipynb" for n in SIZES})


def pool_of_two() -> dict[int, str]:
    """papermill's Python interface in a pool of two processes."""
    with tempfile.TemporaryDirectory() as folder:
        script = Path(folder) / "pool.py"
        script.write_text(POOL)
        _call(str(script), str(BOOK), folder, *map(str, SIZES))
        return digests({n: Path(folder) / f"{n}.ipynb" for n in SIZES})


def commands_two_at_a_time() -> dict[int, str]:
    """papermill's command line, two calls at a time."""
    with tempfile.TemporaryDirectory() as folder, ThreadPoolExecutor(2) as pool:
        out = {n: Path(folder) / f"{n}.ipynb" for n in SIZES}
        call = lambda n: _call("-m", "papermill", str(BOOK), str(out[n]), "-p", "n", str(n), "-k", "python3")  # noqa: E731
        list(pool.map(call, SIZES))
        return digests(out)


def _call(*words: str) -> None:
    subprocess.run(
        [sys.executable, *words], check=True, cwd=BOOK.parents[1], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )


def beside(peer: Callable[[], dict[int, str]]) -> Callable[[], Sides]:
    """Ours beside one way of papermill's: the same findings, report by report."""
    return lambda: Sides(ours=ours, peer=peer, same=lambda a, b: a == b and len(a) == len(SIZES), repeats=3)


LINES = (
    Line(
        computation="eight reports, two cores",
        size="process",
        peer="papermill API, pool of 2",
        aim=0.55,
        sides=beside(pool_of_two),
    ),
    Line(
        computation="eight reports, two cores",
        size="process",
        peer="papermill commands, 2 at once",
        aim=0.25,
        sides=beside(commands_two_at_a_time),
    ),
)
