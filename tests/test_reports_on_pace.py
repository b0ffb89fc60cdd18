"""Four notebooks run for real: as of the article's day, and on another catalogue with nearly nothing in it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
NAMES = ("change_of_pace", "two_theatres", "ceasefire_and_its_end", "responses")
OTHER = ["-p", "catalogue=data/example_invented.csv", "--as-of", "2030-04-10", "-p", "start=2030-03-01", "-p",
         "end=2030-04-10"]  # fmt: skip
pytestmark = pytest.mark.slow


def run(name: str, folder: Path, *arguments: str) -> Path:
    command = [sys.executable, "-m", "analysis", "run", name, "--reports", str(folder), *arguments]
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-3000:]
    return Path(done.stdout.strip().splitlines()[-1]).parent


@pytest.mark.parametrize("name", NAMES)
def test_it_runs_on_the_catalogue_and_writes_findings_and_figures(name, tmp_path):
    folder = run(name, tmp_path)
    findings = {entry["name"]: entry["finding"] for entry in json.loads((folder / "findings.json").read_text("utf-8"))}
    assert len(findings) > 20
    assert len(list((folder / "figures").glob("*.svg"))) >= 4
    page = (folder / "report.html").read_text("utf-8")
    assert "What would change this" in page
    # One number of each report, by hand from the catalogue (tests/prose has how).
    if name == "change_of_pace":
        assert findings["scan / whole record"]["settings"]["date"].startswith("2021-07-23")
        assert findings["scan / as of 2021-06-04"]["n_events"] == 2
    if name == "two_theatres":
        assert findings["Gaza war / as of 2021-06-04"]["n_events"] == [1, 1]
    if name == "ceasefire_and_its_end":
        assert findings["ratio, inauguration of 20 January / as of 2021-06-04"]["n_events"] == [2, 16]
    if name == "responses":
        assert findings["exact, 30 days / whole record"]["n_events"] == [27, 8]


@pytest.mark.parametrize("name", NAMES)
def test_it_runs_on_another_catalogue_with_nearly_nothing_in_it(name, tmp_path):
    folder = run(name, tmp_path, *OTHER)
    assert (folder / "report.html").is_file()
    assert "Traceback" not in (folder / "report.html").read_text("utf-8")


def test_the_report_on_silence_takes_a_ged_export_through_its_parameters(reference, tmp_path):
    # R's count (case 16) is 463 events of a known day in the 343 days before 10 December 2017 and 119 in those after;
    # the report counts nights and keeps events known to the week, so both are fewer and their order is the same.
    file = reference("16_ucdp_ged").folder / "ged191_iraq_hdx.csv"
    chosen = ("weapon=[\"state_based\"]", "compare=[\"state_based\"]", "target_class=[\"Government of Iraq - IS\"]",
              "start=2017-01-01", "end=2018-11-18", "split_date=2017-12-10", "register_file=")  # fmt: skip
    given = [part for words in (f"catalogue={file}", *chosen) for part in ("-p", words)]
    folder = run("silence_and_suspension", tmp_path, "--as-of", "2019-01-01", *given)
    findings = {entry["name"]: entry["finding"] for entry in json.loads((folder / "findings.json").read_text("utf-8"))}
    found = findings["after 2017-12-10, two-sided / as of 2019-01-01"]
    before, after = found["n_events"]
    assert after < before <= 463
    assert after <= 119
    assert found["exposure_days"] == [343, 343]
    assert found["effect"]["high"] < 1
