"""The command line says what is wrong in words, ends with the right code, prints the report's path last."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from click.testing import CliRunner

from analysis import __version__, catalogue
from analysis.runs import places
from analysis.runs.commands import main


def call(*words: object):
    return CliRunner().invoke(main, [str(word) for word in words])


@pytest.mark.parametrize(
    "words", [["--help"], ["run", "--help"], ["list", "--help"], ["check", "-h"], ["index", "-h"], ["compare", "-h"]]
)
def test_every_command_explains_itself(words):
    result = call(*words)
    assert result.exit_code == 0
    assert words == ["--help"] or "python -m analysis" in result.output


def test_the_version_is_the_package_s():
    assert __version__ in call("--version").output


def test_the_last_line_of_a_run_is_the_path_of_its_report_alone(good, good_notebook, monkeypatch):
    reports = good.folder.parents[1]
    result = call("run", good_notebook, "--reports", reports, "--as-of", "2021-06-04")
    assert result.exit_code == 0
    assert "run before" in result.stderr
    assert result.stdout.splitlines() == [str(good.html)]
    monkeypatch.chdir(reports)
    quiet = call("run", good_notebook, "--reports", reports, "--quiet")
    assert quiet.stderr == ""
    assert quiet.stdout.strip() == f"good/{good.folder.name}/report.html"


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["-p", "levle=0.9"], "levle is unknown. Did you mean 'level'?"),
        (["-p", "seed=007"], "seed: expected a whole number of 0 or more; got '007'"),
        (["-p", "seed"], "name=value"),
        (["-p", "seed=1", "-p", "seed=2"], "seed is given twice"),
        (["-p", "as_of=2021-01-01", "--as-of", "2021-01-02"], "as_of is given twice"),
        (["--as-of", "yesterday"], "as_of: expected a date"),
        (["-p", "password=hunter2"], "secret"),
        (["--timeout", "soon"], "soon"),
        (["--timeout", "-1"], "above 0"),
    ],
)
def test_what_is_wrong_is_told_without_a_traceback_and_ends_with_2(good_notebook, tmp_path, words, told):
    result = call("run", good_notebook, "--reports", tmp_path / "r", *words)
    assert result.exit_code == 2
    assert told in result.stderr
    assert "Traceback" not in result.output
    assert not (tmp_path / "r").exists()


def test_an_unknown_notebook_is_told_with_the_nearest(good_notebook, monkeypatch):
    monkeypatch.setattr(places, "notebooks", lambda: good_notebook.parent)
    result = call("run", "goood")
    assert result.exit_code == 2
    assert "Did you mean 'good'?" in result.stderr


def test_a_traceback_is_for_who_asks(good_notebook):
    result = call("--debug", "run", good_notebook, "-p", "levle=0.9")
    assert type(result.exception).__name__ == "ParameterError"


def test_a_failed_report_says_where_what_there_is_of_it_lies(notebook, tmp_path):
    path = notebook("bad", "raise ValueError('why')", parameters="n = 1  # n")
    result = call("run", path, "--reports", tmp_path / "r")
    assert result.exit_code == 1
    assert result.stdout == ""
    first, second = result.stderr.splitlines()
    assert first == "cell [2]: ValueError: why"
    assert Path(second.removeprefix("What there is of it: ")).is_file()


def test_the_list_shows_questions_and_parameters(good_notebook, monkeypatch):
    monkeypatch.setattr(places, "notebooks", lambda: good_notebook.parent)
    shown = call("list").output
    for part in (
        "good",
        "Did it stop?",
        "A question for a test.",
        'weapon = ["drone"]',
        "weapons that count",
    ):
        assert part in shown


def test_the_list_names_a_notebook_that_cannot_be_run(notebook, monkeypatch):
    path = notebook("bad", "1", parameters=None)
    monkeypatch.setattr(places, "notebooks", lambda: path.parent)
    result = call("list")
    assert result.exit_code == 1
    assert "no cell is tagged 'parameters'" in result.output


def test_a_check_lists_every_problem_and_ends_with_3(tmp_path, monkeypatch):
    path = tmp_path / "attacks.csv"
    path.write_text('event_id,note\n1,"two\nlines"\n2,\n')
    rule = {"row": 2, "column": "event_id", "value": "1", "rule": "must be a name", "way_out": "write one"}
    monkeypatch.setattr(catalogue, "check_file", lambda path: [rule] * 60)
    result = call("check", path)
    assert result.exit_code == 3
    assert result.output.count("event_id '1': must be a name; write one") == 60
    monkeypatch.setattr(catalogue, "check_file", lambda path: [])
    result = call("check", path)
    first, second = result.output.splitlines()
    assert (result.exit_code, first) == (0, f"{path}: no problems, 2 rows")
    # A reader in another country would not notice that hours are off by his distance from Baghdad.
    assert second.startswith("dates are local to Asia/Baghdad; what the record covers is not stated")
    assert "attacks.codebook.yml" in second
    assert call("check", tmp_path / "none.csv").exit_code == 3


def test_no_library_that_runs_notebooks_is_imported_for_the_help():
    heavy = ("papermill", "nbconvert", "nbformat", "jupyter_client", "pydantic", "matplotlib")
    code = f"import sys\nimport analysis.runs.commands\nprint([m for m in {heavy} if m in sys.modules])"
    environment = os.environ | {"PYTHONPATH": str(places.PACKAGE.parent)}
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_run_told_to_stop_publishes_nothing_and_leaves_no_process(notebook, tmp_path, number):
    pid = tmp_path / "pid"
    cell = f"import os, time\nopen({str(pid)!r}, 'w').write(str(os.getpid()))\ntime.sleep(600)"
    path = notebook("told", cell, parameters="n = 1  # n")
    command = [sys.executable, "-m", "analysis", "run", str(path), "--reports", str(tmp_path / "r")]
    environment = os.environ | {"PYTHONPATH": str(places.PACKAGE.parent)}
    process = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    until = time.monotonic() + 30
    while not (pid.exists() and pid.read_text()) and time.monotonic() < until:
        time.sleep(0.05)
    process.send_signal(number)
    out, err = process.communicate(timeout=15)
    assert process.returncode == 128 + number
    assert out == ""
    assert err.startswith(f"stopped by {number.name}\n")
    (left,) = (tmp_path / "r" / "told").iterdir()
    assert left.name.startswith(".partial-")
    assert json.loads((left / "manifest.json").read_text())["status"] == "stopped"
    assert not Path(f"/proc/{int(pid.read_text())}").exists()
