"""Which notebooks may be run, and how they are found."""

from __future__ import annotations

import json

import pytest

from analysis.errors import ParameterError
from analysis.runs import notebook as notebooks
from analysis.runs import places


def test_a_notebook_tells_its_title_question_and_parameters(notebook):
    book = notebooks.read(notebook("good", "1", parameters="n = 1  # a number"))
    assert (book.name, book.title, book.question) == ("good", "Did it stop?", "A question for a test.")
    assert [d.name for d in book.declared] == ["n"]


def test_a_notebook_is_found_by_its_name_and_a_wrong_name_gets_the_nearest(notebook, monkeypatch):
    path = notebook("silence", "1")
    monkeypatch.setattr(places, "notebooks", lambda: path.parent)
    assert notebooks.find("silence") == path
    assert notebooks.find("silence.ipynb") == path
    assert notebooks.find(str(path)) == path
    with pytest.raises(ParameterError, match="Did you mean 'silence'"):
        notebooks.find("silnce")


def test_without_a_parameters_cell_a_notebook_is_refused(notebook):
    with pytest.raises(ParameterError, match="no cell is tagged 'parameters'"):
        notebooks.read(notebook("none", "1", parameters=None))
    with pytest.raises(ParameterError, match="no cell is tagged 'parameters'"):
        notebooks.read(notebook("other", "1", tag="setup"))


@pytest.mark.parametrize(
    "cell",
    ["!ls", "x = 1\n  !false", "files = !ls", "%%bash\nls", "%%sh\nls", "%system ls", "%sx ls", "x = %sx ls",
     "%%script perl\n1", "get_ipython().system('ls')", "!!ls"],
)  # fmt: skip
def test_a_cell_that_calls_the_shell_is_refused(notebook, cell):
    with pytest.raises(ParameterError, match="cell 4 calls the shell"):
        notebooks.read(notebook("shell", cell))


@pytest.mark.parametrize(
    "cell", ["x = 'a\\n!b'", '"""\n!not a command\n"""', "# !ls", "x != 1 if (x := 2) else 3", "%time 1"]
)
def test_an_exclamation_mark_in_a_text_is_no_shell(notebook, cell):
    assert notebooks.read(notebook("text", cell)).name == "text"


@pytest.mark.parametrize("cell", ["exit()", "quit()", "if True:\n    exit(0)", "exit"])
def test_a_cell_that_leaves_the_notebook_is_refused(notebook, cell):
    with pytest.raises(ParameterError, match="leaves the notebook"):
        notebooks.read(notebook("leaves", cell))


def test_somebody_elses_kernel_is_refused(notebook):
    with pytest.raises(ParameterError, match="kernel is 'my-conda-env'"):
        notebooks.read(notebook("foreign", "1", kernel="my-conda-env"))


def test_every_reason_to_refuse_is_told_at_once(notebook):
    with pytest.raises(ParameterError, match=r"(?s)kernel.*plain values.*shell.*leaves"):
        notebooks.read(notebook("all", "!ls", "exit()", kernel="x", parameters="n = f()"))


@pytest.mark.parametrize("text", ["", "no json", "[]", '{"nbformat": 3, "worksheets": []}', '{"nbformat": 4}'])
def test_a_file_that_is_no_notebook_is_refused_in_words(tmp_path, text):
    path = tmp_path / "x.ipynb"
    path.write_text(text)
    with pytest.raises(ParameterError, match="not a notebook"):
        notebooks.read(path)


def test_outputs_and_counts_do_not_make_another_notebook(notebook):
    path = notebook("same", "1", "2")
    before = notebooks.read(path).sha256
    content = json.loads(path.read_text())
    content["cells"][-1]["outputs"] = [{"output_type": "stream", "name": "stdout", "text": ["out"]}]
    content["cells"][-1]["execution_count"] = 7
    path.write_text(json.dumps(content))
    assert notebooks.read(path).sha256 == before
    assert notebooks.read(path).content["cells"][-1]["outputs"] == []
    content["cells"][-1]["source"] = "3"
    path.write_text(json.dumps(content))
    assert notebooks.read(path).sha256 != before
