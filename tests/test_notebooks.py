"""The contract of the notebooks: one question each, read from top to bottom, the same wherever it is run."""

from __future__ import annotations

import ast
import json
import re
from pathlib import Path

import nbformat
import pytest

from analysis.runs import notebook as notebooks
from analysis.runs.domains import domain

FOLDER = Path(__file__).resolve().parents[1] / "notebooks"
FILES = sorted(FOLDER.glob("*.ipynb"))
MOST_CELLS = MOST_LINES = 12
METADATA = {"kernelspec", "language_info"}
LANGUAGE = {"name"}  # the version of an interpreter is the machine's
CELL_METADATA = {"tags"}
CLOCK = {"now", "today", "utcnow", "time", "localtime", "gmtime"}
ABSOLUTE = re.compile(r"(?<![\w.:/])(/(home|Users|root|tmp|mnt|opt|usr|var|work|data|content)\b|~/|[A-Za-z]:[\\/])")


def test_there_is_a_notebook_to_hold_to_the_contract():
    assert FILES


@pytest.fixture(params=FILES, ids=lambda path: path.stem)
def book(request) -> dict:
    """The notebook as its file holds it."""
    return json.loads(request.param.read_text(encoding="utf-8"))


@pytest.fixture
def code(book) -> list[str]:
    return [notebooks.source(c) for c in book["cells"] if c["cell_type"] == "code"]


def parameters(book: dict) -> str:
    return notebooks.parameters_source(book)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_the_runner_takes_it(path):
    read = notebooks.read(path)
    assert read.declared
    assert read.question


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_it_is_a_valid_notebook_of_the_present_format(path):
    content = nbformat.read(path, as_version=nbformat.NO_CONVERT)
    nbformat.validate(content)
    assert (content.nbformat, content.nbformat_minor) == (4, 5)
    ids = [cell.id for cell in content.cells]
    assert len(set(ids)) == len(ids)


def test_it_asks_one_question_under_one_heading(book):
    text = "\n\n".join(notebooks.source(c) for c in book["cells"] if c["cell_type"] == "markdown")
    assert len(re.findall(r"^# ", text, re.MULTILINE)) == 1
    assert notebooks.source(book["cells"][0]).startswith("# ")


def test_question_parameters_and_set_up_come_first_in_this_order(book):
    kinds = [c["cell_type"] for c in book["cells"]]
    first, second = [i for i, kind in enumerate(kinds) if kind == "code"][:2]
    assert first >= 1
    assert "parameters" in notebooks.tags(book["cells"][first])
    assert "open_run(" in notebooks.source(book["cells"][second])


def test_doubts_come_before_the_conclusion_and_the_record_comes_last(book):
    text = "\n\n".join(notebooks.source(c) for c in book["cells"] if c["cell_type"] == "markdown")
    headings = re.findall(r"^## +(.+?) *$", text, re.MULTILINE)
    assert headings[-3:] == ["What would change our mind", "Conclusion", "Record"]


def test_nothing_that_papermill_injected_is_left_in_it(book):
    assert not any("injected-parameters" in notebooks.tags(c) for c in book["cells"])


def test_every_parameter_is_a_plain_literal_with_a_comment_of_its_own(book):
    for each in notebooks.declared(parameters(book)):
        assert each.comment, f"{each.name} has no comment"
        assert domain(each.name, each.default)


def test_every_parameter_is_passed_to_the_run_under_its_own_name(book, code):
    names = {each.name for each in notebooks.declared(parameters(book))}
    calls = [node for node in ast.walk(ast.parse(code[1])) if isinstance(node, ast.Call)]
    opened = next(call for call in calls if isinstance(call.func, ast.Name) and call.func.id == "open_run")
    passed = {k.arg: k.value.id for k in opened.keywords if isinstance(k.value, ast.Name)}
    assert passed == {name: name for name in names}


def test_the_run_is_opened_under_the_name_of_the_file_and_closed_at_the_end(request, book, code):
    name = request.node.callspec.params["book"].stem
    assert re.search(rf"open_run\(\s*[\"']{name}[\"']", code[1])
    assert code[-1].rstrip().splitlines()[-1].startswith("run.close(headline=")
    assert book["cells"][-1]["cell_type"] == "code"


def test_it_is_short_enough_to_read_aloud(code):
    assert len(code) <= MOST_CELLS
    lines = [len(text.strip().splitlines()) for text in code]
    assert max(lines) <= MOST_LINES


def test_it_defines_nothing_and_leaves_work_to_the_package(code):
    for text in code:
        for node in ast.walk(ast.parse(text)):
            defined = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda, ast.For, ast.While)
            assert not isinstance(node, defined), ast.unparse(node)


def test_a_styled_table_shows_texts_of_the_data_as_text(code):
    # pandas escapes a plain table, and a styled one only where it is told to
    for text in code:
        calls = [node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Call)]
        styled = [call for call in calls if ast.unparse(call.func).endswith(".style.format")]
        assert all("escape" in {k.arg for k in call.keywords} for call in styled)
        assert len(styled) == len(re.findall(r"\.style\b", text))


def test_it_does_not_ask_the_clock(code):
    for text in code:
        calls = [node.func for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Call)]
        asked = {f.attr if isinstance(f, ast.Attribute) else getattr(f, "id", "") for f in calls}
        assert not asked & CLOCK


def test_it_names_no_place_on_somebodys_machine(book):
    for cell in book["cells"]:
        assert not ABSOLUTE.search(notebooks.source(cell))


def test_it_draws_no_random_number_but_from_the_seed(code):
    for text in code:
        assert not re.search(r"\brandom\.|default_rng|\bseed\(", text)


def test_outputs_and_execution_counts_are_not_stored(book):
    for cell in book["cells"]:
        if cell["cell_type"] == "code":
            assert cell["outputs"] == []
            assert cell["execution_count"] is None
        assert "attachments" not in cell


def test_its_metadata_holds_nothing_of_a_machine(book):
    assert set(book["metadata"]) <= METADATA
    assert book["metadata"]["kernelspec"]["name"] == "python3"
    assert set(book["metadata"].get("language_info", {})) <= LANGUAGE
    for cell in book["cells"]:
        assert set(cell["metadata"]) <= CELL_METADATA
