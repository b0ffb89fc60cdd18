"""Several reports in one go: one that fails stops no other, the last line is the last report's path."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from analysis.runs import several
from analysis.runs.commands import main
from analysis.runs.exits import ENVIRONMENT
from analysis.runs.folder import whole

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


@pytest.mark.slow
def test_eight_kernels_at_once_all_start(small, tmp_path, command_line):
    # By ports they would clash; by files in folders of their own they cannot.
    books = [small(f"book{i}", "import os\n\nos.environ['OMP_NUM_THREADS']") for i in range(8)]
    done = command_line("run", *books, "--reports", tmp_path, "--jobs", 8)
    assert done.returncode == 0, done.stderr
    assert len(done.stdout.splitlines()) == 8
    for book in books:
        assert "'1'" in (tmp_path / book.stem / "latest" / "report.ipynb").read_text()


def test_two_runs_of_one_notebook_at_once_do_not_write_into_each_other(small, tmp_path):
    book = small("book", "import time\n\ntime.sleep(1)", "n + 1")
    command = [sys.executable, "-m", "analysis", "run", str(book), "--reports", str(tmp_path), "-p"]
    calls = [subprocess.Popen([*command, f"n={n}"], stdout=subprocess.PIPE, text=True) for n in (1, 1, 2)]
    paths = [Path(call.communicate(timeout=120)[0].strip()) for call in calls]
    assert [call.returncode for call in calls] == [0, 0, 0]
    assert paths[0] == paths[1] != paths[2]
    assert all(whole(path.parent) for path in paths)
    assert sorted(path.name for path in (tmp_path / "book").glob(".partial-*")) == []


def test_a_worker_that_is_killed_is_told_and_stops_no_other(small, tmp_path, command_line):
    # The kernel kills the process that runs the report, as a system short of memory may.
    cell = "import os, signal\nfrom pathlib import Path\n\nos.kill(int(os.environ['ATTACK_TIMING_RUN_FOLDER']"
    cell += ".rpartition('-')[2]), signal.SIGKILL)\n__import__('time').sleep(30)"
    done = command_line("run", small("victim", cell), small("other"), "--reports", tmp_path)
    assert done.returncode == ENVIRONMENT
    assert "was killed (signal 9)" in done.stderr
    assert (tmp_path / "other" / "latest" / "report.html").is_file()
    assert not (tmp_path / "victim" / "latest").exists()
