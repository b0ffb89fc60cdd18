"""The page on reports: the tests it refers to are there, and the fields of the manifest are those that are written."""

from __future__ import annotations

import ast
import json
import re
from pathlib import Path

import pytest

from analysis.runs import execute
from analysis.runs.request import prepare

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "reports.md").read_text(encoding="utf-8")
TESTS = re.findall(r"`(test_\w+\.py)::(test_\w+)`", PAGE)


def test_every_situation_of_the_table_names_its_test():
    table = PAGE.split("## What papermill alone does")[1]
    rows = [line for line in table.splitlines() if line.startswith("| ")][2:]
    assert len(rows) == len(TESTS) >= 20


@pytest.mark.parametrize(("file", "name"), TESTS, ids=[name for _, name in TESTS])
def test_a_test_that_is_referred_to_is_there(file, name):
    module = ast.parse((ROOT / "tests" / "runs" / file).read_text(encoding="utf-8"))
    assert name in {each.name for each in module.body if isinstance(each, ast.FunctionDef)}


def test_the_fields_of_a_manifest_are_those_that_the_page_explains(tmp_path):
    book = {
        "nbformat": 4, "nbformat_minor": 5, "metadata": {},
        "cells": [
            {"cell_type": "code", "id": "a", "metadata": {"tags": ["parameters"]}, "source": "n = 1  # a number",
             "outputs": [], "execution_count": None},
            {"cell_type": "code", "id": "b", "metadata": {}, "outputs": [], "execution_count": None,
             "source": "from analysis.runs import open_run\n\nopen_run('small', n=n).close()"},
        ],
    }  # fmt: skip
    (tmp_path / "small.ipynb").write_text(json.dumps(book))
    run = execute.run(prepare(str(tmp_path / "small.ipynb"), {}, reports=tmp_path)).folder
    written = set(json.loads((run / "manifest.json").read_text()))
    table = PAGE.split("## The manifest")[1].split("## ")[0]
    explained: set[str] = set()
    for line in table.splitlines():
        if line.startswith("| `"):
            explained |= set(re.findall(r"`(\w+)`", line.split("|")[1]))
    assert written - explained == set()
    assert explained - written <= {"verdicts"}  # only where a report gives any
