"""A sweep: every combination once, all checked before the first is run, and one table of what came out."""

from __future__ import annotations

import csv

import pytest

from analysis.errors import ParameterError
from analysis.runs import sweep

PARAMETERS = "n = 1  # a number\nlevel = 0.95  # a level\n"
CELL = """\
from analysis import Estimate, Finding
from analysis.runs import open_run

run = open_run("book", n=n, level=level)
assert n < 3, "too large"
effect = Estimate(name="ratio", value=float(n), low=0.5, high=None, level=level)
run.record({"one": Finding(question="q", null="n", method="m", effect=effect, statistic=1.0, pvalue=0.5)})
run.close(headline="one")
"""


@pytest.fixture
def book(notebook):
    return notebook("book", CELL, parameters=PARAMETERS)


def test_every_combination_is_there_once_and_none_is_the_report_itself(book, tmp_path):
    found = sweep.combinations(str(book), {}, {"n": ["1", "2", "2"], "level": ["0.9", "0.95"]}, tmp_path)
    assert [each.name for each in found] == ["n=1, level=0.9", "n=1, level=0.95", "n=2, level=0.9", "n=2, level=0.95"]
    assert {each.request.reports for each in found} == {tmp_path / "book-sweep"}
    assert len({each.request.run_id for each in found}) == 4


@pytest.mark.parametrize(
    ("given", "over", "told"),
    [
        ({}, {}, "at least one parameter"),
        ({"n": "1"}, {"n": ["1", "2"]}, "n is given once and gone over"),
        ({}, {"m": ["1"]}, "m is unknown"),
        ({}, {"n": ["1", "two"], "level": ["0.9", "7"]}, "a number between 0 and 1"),
        ({}, {"n": ["1", "two"], "level": ["0.9", "7"]}, "a whole number"),
        ({}, {"n": [str(n) for n in range(2000)]}, "more than 1000"),
    ],
)
def test_what_cannot_be_run_is_refused_before_anything_is(book, tmp_path, given, over, told):
    with pytest.raises(ParameterError, match=told):
        sweep.combinations(str(book), given, over, tmp_path)
    assert not (tmp_path / "book-sweep").exists()


def test_the_table_holds_every_headline_and_a_failure_stops_no_other(book, tmp_path, command_line):
    over = [word for n in (1, 2, 3) for word in ("--over", f"n={n}")]
    done = command_line("sweep", book, *over, "-p", "level=0.9", "--reports", tmp_path)
    assert done.returncode == 1
    assert "too large" in done.stderr
    path = tmp_path / "book-sweep" / "sweep.csv"
    assert done.stdout.splitlines()[-1].endswith("sweep.csv")
    with path.open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["n"] for row in rows] == ["1", "2", "3"]
    assert [row["value"] for row in rows] == ["1.0", "2.0", ""]
    assert [row["exit_code"] for row in rows] == ["0", "0", "1"]
    assert {row["high"] for row in rows} == {""}
    assert rows[0]["headline"] == "one"
    assert (tmp_path / "book-sweep" / rows[0]["run"] / "report.html").is_file()
    assert not (tmp_path / "book").exists()
    assert "book-sweep" in (tmp_path / "index.html").read_text()
