"""Notebooks made on the fly, and one good run that the tests look at from all sides."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from analysis.runs import execute, identity
from analysis.runs.request import prepare

PARAMETERS = """\
as_of = "2021-06-04"  # the record as it stood on this day
level = 0.95  # confidence level
seed = 20210604  # of the random numbers
weapon = ["drone"]  # weapons that count
"""

SET_UP = """\
from analysis.runs import open_run

run = open_run("good", as_of=as_of, level=level, seed=seed, weapon=weapon)
"""

FINDING = """\
from analysis import Estimate, Finding

draw = float(run.rng("draw").normal())
finding = Finding(
    question="Is <b>this</b> escaped?",
    null="The pace simply went on.",
    method="a method",
    statistic=draw,
    statistic_name="a draw",
    pvalue=0.32,
    effect=Estimate(name="ratio", value=1 / 3, low=None, high=2.0, level=run.settings.level),
    n_events=3,
)
finding
"""

TABLE = """\
import pandas as pd

note = "<script>alert(1)</script><img src='http://example.org/x.png'>"
pd.DataFrame({"note": [note, "quiet"], "days": [23.5, 7.9]})
"""

FIGURE = """\
from analysis.figures import style

fig, ax = style.new()
ax.plot(run.rng("walk").normal(size=20).cumsum())
ax.set_title("<attacks> & more")
run.figure(fig, "walk", alt='A walk of "20" <steps> & no more')
"""

SENTENCE = """\
from IPython.display import Markdown

Markdown(f"**No evidence** of a change, says <em>{note}</em>.")
"""

RECORD = """\
run.record({"one": finding}, verdicts={"C1": "consistent"})
run.close()
"""


def write_notebook(
    path: Path,
    *cells: str,
    parameters: str | None = PARAMETERS,
    kernel: str = "python3",
    tag: str = "parameters",
) -> Path:
    """A notebook with a question, a parameters cell and these code cells."""
    notebook = new_notebook(metadata={"kernelspec": {"name": kernel, "display_name": "x", "language": "python"}})
    notebook.cells = [new_markdown_cell("# Did it stop?\n\nA question for a test.\n\n## How")]
    if parameters is not None:
        notebook.cells.append(new_code_cell(parameters, metadata={"tags": [tag]}))
    notebook.cells += [new_markdown_cell("## What\n\n## Why")] + [new_code_cell(cell) for cell in cells]
    for i, cell in enumerate(notebook.cells):
        cell.id = f"c{i}"
    nbformat.write(notebook, path)
    return path


@pytest.fixture(scope="session", autouse=True)
def one_state_of_the_code():
    """Code and data are hashed once, so that whoever edits them while the tests run does not make them fail."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(identity, "tree", cache(identity.tree))
        yield


@pytest.fixture
def notebook(tmp_path: Path) -> Callable[..., Path]:
    """Writes a notebook into an empty folder: ``notebook("name", "cell", ..., parameters="n = 1")``."""

    def write(name: str, *cells: str, **settings) -> Path:
        return write_notebook(tmp_path / f"{name}.ipynb", *cells, **settings)

    return write


@pytest.fixture(scope="session")
def good_notebook(tmp_path_factory) -> Path:
    """A notebook that does everything a report does."""
    folder = tmp_path_factory.mktemp("notebooks")
    return write_notebook(folder / "good.ipynb", SET_UP, FINDING, TABLE, FIGURE, SENTENCE, RECORD)


@pytest.fixture(scope="session")
def good(good_notebook: Path, tmp_path_factory) -> execute.Outcome:
    """The run of the good notebook; tests look and do not touch."""
    reports = tmp_path_factory.mktemp("reports") / "made" / "by the run"
    return execute.run(prepare(str(good_notebook), {}, reports=reports))


SMALL = "from analysis.runs import open_run\n\nrun = open_run({name!r}, n=n)\n"


@pytest.fixture
def small(notebook) -> Callable[..., Path]:
    """Writes a report that is soon made: ``small("name", "a cell", ...)``; it has one parameter, ``n``."""

    def write(name: str, *cells: str) -> Path:
        return notebook(name, SMALL.format(name=name), *cells, "run.close()", parameters="n = 1  # a number\n")

    return write


@pytest.fixture
def command_line() -> Callable[..., subprocess.CompletedProcess]:
    """Calls ``python -m analysis`` in a process of its own, as a scheduler does."""

    def call(*words: object, **settings) -> subprocess.CompletedProcess:
        command = [sys.executable, "-m", "analysis", *map(str, words)]
        return subprocess.run(command, capture_output=True, text=True, timeout=300, check=False, **settings)

    return call
