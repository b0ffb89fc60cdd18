"""Why a run is no success decides its exit code."""

from __future__ import annotations

import nbformat.v4 as v4
import pytest

from analysis.runs import exits, record
from analysis.runs.player import Played
from analysis.runs.verdict import failure
from analysis.runs.watch import Watch


def played(*outputs, **settings) -> Played:
    cells = [
        v4.new_code_cell("1", execution_count=1, outputs=list(outputs)),
        v4.new_code_cell("2", execution_count=2),
    ]
    return Played(notebook=v4.new_notebook(cells=cells), at=0, **settings)


def error(name: str):
    return v4.new_output("error", ename=name, evalue="why", traceback=[])


@pytest.mark.parametrize(
    ("name", "code"), [("ValueError", 1), ("SystemExit", 1), ("ParameterError", 2), ("CatalogueError", 3)]
)
def test_an_error_that_names_a_setting_or_a_file_ends_with_the_code_of_that(tmp_path, name, code):
    kind, told = failure(played(error(name)), Watch(None), tmp_path)
    assert (kind.code, str(told)) == (code, f"cell [1]: {name}: why")


@pytest.mark.parametrize(("code", "kind"), [(-9, exits.KernelLost), (3, exits.KernelLost), (0, exits.ReportFailed)])
def test_how_the_kernel_ended_decides(tmp_path, code, kind):
    assert failure(played(lost=True, code=code), Watch(None), tmp_path)[0] is kind


def test_the_time_limit_comes_before_the_death_it_caused(tmp_path):
    watch = Watch(3)
    watch.out_of_time = True
    assert failure(played(lost=True, code=-9), watch, tmp_path)[0] is exits.OutOfTime


def test_cells_that_were_not_run_are_no_success(tmp_path):
    run = played()
    run.notebook.cells[1].execution_count = None
    assert failure(run, Watch(None), tmp_path)[1].text == "1 cells were not run"


def test_success_is_a_run_that_was_closed(tmp_path):
    assert failure(played(), Watch(None), tmp_path)[0] is exits.ReportFailed
    (tmp_path / record.MARKER).touch()
    assert failure(played(), Watch(None), tmp_path) is None


def test_an_error_that_a_cell_is_allowed_is_none(tmp_path):
    (tmp_path / record.MARKER).touch()
    run = played(error("ValueError"))
    run.notebook.cells[0].metadata["tags"] = ["raises-exception"]
    assert failure(run, Watch(None), tmp_path) is None
