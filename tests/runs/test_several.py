"""Several reports in one go: one that fails stops no other, the last line is the last report's path."""

from __future__ import annotations

import pytest
from click.testing import CliRunner

from analysis.runs import several
from analysis.runs.commands import main

SMALL = 'from analysis.runs import open_run\n\nrun = open_run("{name}", n=n)\n'
PARAMETERS = "n = 1  # a number\n"


def call(*words: object):
    return CliRunner().invoke(main, [str(word) for word in words])


@pytest.fixture
def three(notebook):
    """Two reports that come about, with one between them that does not."""
    make = lambda name, cell: notebook(name, SMALL.format(name=name), cell, parameters=PARAMETERS)  # noqa: E731
    return [make("one", "run.close()"), make("broken", "1 / 0"), make("three", "run.close()")]


def test_one_broken_report_stops_no_other_and_is_told(three, tmp_path):
    result = call("run", *three, "--reports", tmp_path / "reports", "-p", "n=2")
    assert result.exit_code == 1
    first, last = result.stdout.splitlines()
    assert "/one/" in first
    assert "/three/" in last
    assert last.endswith("report.html")
    told = result.stderr
    assert "broken" in told
    assert "ZeroDivisionError" in told
    again = call("run", three[0], three[2], "--reports", tmp_path / "reports", "-p", "n=2")
    assert again.exit_code == 0
    assert again.stderr.count("as before") == 2
    assert again.stdout.splitlines() == [first, last]


@pytest.mark.parametrize(
    ("more", "told"),
    [(["-p", "m=2"], "no notebook asked for has a parameter 'm'"), (["-p", "n=two"], "whole number")],
)
def test_everything_is_checked_before_the_first_is_run(three, tmp_path, more, told):
    result = call("run", *three, "--reports", tmp_path / "reports", *more)
    assert result.exit_code == 2
    assert told in result.stderr
    assert not (tmp_path / "reports").exists()


def test_a_notebook_is_named_once_and_all_names_none(three):
    assert "asked for twice" in call("run", three[0], three[0]).stderr
    assert call("run").exit_code == 2
    assert call("run", "--all", three[0]).exit_code == 2


def test_new_notebooks_are_found_by_themselves_and_the_briefing_is_last(monkeypatch):
    monkeypatch.setattr(several.notebook, "stems", lambda: ["alpha", "briefing", "zeta"])
    assert several.everything() == ["alpha", "zeta", "briefing"]
