"""Four notebooks run for real: as of the article's day, and on another catalogue where nearly nothing is left to find."""

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
