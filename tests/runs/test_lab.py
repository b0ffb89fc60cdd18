"""Saving a template: what goes, what stays, and which notebooks are left alone."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from types import SimpleNamespace

import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from analysis.runs import lab

NOTEBOOKS = sorted((Path(__file__).parents[2] / "notebooks").glob("*.ipynb"))


def played(content: dict) -> dict:
    """A notebook as JupyterLab would write it after all cells were run, folded and scrolled."""
    book = copy.deepcopy(content)
    book["metadata"] |= {
        "kernelspec": {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"},
        "language_info": {"name": "python", "version": "3.11.7", "file_extension": ".py", "mimetype": "text/x-python"},
        "widgets": {"application/vnd.jupyter.widget-state+json": {"state": {}}},
        "papermill": {"duration": 3.1},
    }
    for i, cell in enumerate(book["cells"]):
        cell["metadata"] |= {"collapsed": True, "scrolled": True, "trusted": True, "jupyter": {"source_hidden": True}}
        if cell["cell_type"] == "code":
            cell["metadata"] |= {"execution": {"iopub.execute_input": "2026-01-01T00:00:00Z"}}
            cell["execution_count"] = i
            cell["outputs"] = [new_output("stream", text="said")]
    return book


def save(content: dict, **where) -> dict:
    model = {"type": "notebook", "content": content}
    assert lab.without_outputs(model=model, path="notebooks/a.ipynb", contents_manager=None, **where) is None
    return model["content"]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_that_was_run_is_saved_as_it_was(path):
    # else whoever runs a notebook and saves it has a diff that is none of theirs
    content = json.loads(path.read_text(encoding="utf-8"))
    assert save(played(content)) == content


def test_source_and_tags_stay():
    cell = new_code_cell("n = 2", metadata={"tags": ["parameters", "mine"], "scrolled": True})
    book = save(new_notebook(cells=[cell, new_markdown_cell("# Words", metadata={"tags": ["top"]})]))
    assert [c["source"] for c in book["cells"]] == ["n = 2", "# Words"]
    assert [c["metadata"] for c in book["cells"]] == [{"tags": ["parameters", "mine"]}, {"tags": ["top"]}]


def test_another_kernel_stays_named():
    # the runner refuses it in words; hidden here, the choice would be lost on the next opening
    book = new_notebook(cells=[new_code_cell("n = 2", metadata={"tags": ["parameters"]})])
    book.metadata = {"kernelspec": {"name": "ir", "display_name": "R"}, "language_info": {"name": "R"}, "title": "x"}
    assert save(book)["metadata"] == {
        "kernelspec": {"name": "ir", "display_name": "R"},
        "language_info": {"name": "R"},
    }


@pytest.mark.parametrize("tag", [[], ["injected-parameters"]])
def test_scratch_work_is_left_alone(tag):
    cell = new_code_cell("1", metadata={"tags": tag}, execution_count=1, outputs=[new_output("stream", text="1")])
    book = new_notebook(cells=[cell])
    assert save(copy.deepcopy(book)) == book


def test_the_notebook_of_a_report_is_left_alone(tmp_path):
    cell = new_code_cell("n = 2", metadata={"tags": ["parameters"]}, outputs=[new_output("stream", text="1")])
    (tmp_path / "reports" / "run").mkdir(parents=True)
    (tmp_path / "reports" / "run" / "manifest.json").touch()
    where = {"path": "/reports/run/report.ipynb", "contents_manager": SimpleNamespace(root_dir=str(tmp_path))}
    model = {"type": "notebook", "content": new_notebook(cells=[cell])}
    lab.without_outputs(model=model, **where)
    assert model["content"]["cells"][0]["outputs"]
    (tmp_path / "reports" / "run" / "manifest.json").unlink()
    lab.without_outputs(model=model, **where)
    assert not model["content"]["cells"][0]["outputs"]


@pytest.mark.parametrize(
    "model",
    [{"type": "file", "content": "text"}, {"type": "notebook"}, {"type": "notebook", "content": {"nbformat": 3}}],
)
def test_what_is_no_notebook_of_today_passes(model):
    before = copy.deepcopy(model)
    lab.without_outputs(model=model, path="x", contents_manager=None)
    assert model == before
