"""Three notebooks run for real: numbers against counts by hand, a changed date that changes words, nearly nothing."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
NAMES = ("record", "speeding_up", "clock")
OTHER = ["-p", "catalogue=data/example_invented.csv", "--as-of", "2030-04-10", "-p", "start=2030-03-01", "-p",
         "end=2030-04-10"]  # fmt: skip
pytestmark = pytest.mark.slow


def run(name: str, folder: Path, *arguments: str) -> Path:
    command = [sys.executable, "-m", "analysis", "run", name, "--reports", str(folder), *arguments]
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-3000:]
    return Path(done.stdout.strip().splitlines()[-1]).parent


def findings_of(folder: Path) -> dict:
    return {entry["name"]: entry["finding"] for entry in json.loads((folder / "findings.json").read_text("utf-8"))}


def test_the_record_counts_what_the_claims_count(tmp_path):
    found = findings_of(run("record", tmp_path))
    # 1 April to 4 June: three strikes in 64 days; none of three leaves 1 - 0.05 ** (1 / 3).
    assert found["rate / as of 2021-06-04"]["effect"]["value"] == pytest.approx(3 / 64)
    drones = found["US casualties / drone, as of 2021-06-04"]
    assert drones["effect"]["high"] == pytest.approx(1 - 0.05 ** (1 / 3))
    every = "US casualties / every weapon, whole record, disputed case {}"
    assert [found[every.format(w)]["statistic"] for w in ("counted", "not counted")] == [3, 2]
    assert found["named sites"]["effect"]["value"] == pytest.approx(2 / 3)


def test_speeding_up_hangs_on_the_window_and_says_so(tmp_path):
    folder = run("speeding_up", tmp_path)
    found = findings_of(folder)
    # As of the day: waits of 24 and 3 days and a window of 51; Laplace's statistic is the mean position, 25.5 of 51.
    assert found["laplace / as of 2021-06-04"]["pvalue"] == pytest.approx(1.0)
    assert found["laplace / whole record"]["pvalue"] < 0.05 < found["laplace / whole record, where watched"]["pvalue"]
    assert found["share over time / as of 2021-06-04"]["n_events"][0] == 3
    assert "a burst would look the same" in (folder / "report.html").read_text("utf-8")


def test_a_changed_date_changes_numbers_and_sentences(tmp_path):
    for name in ("attacks.csv", "attacks_revisions.csv"):
        shutil.copy(ROOT / "data" / name, tmp_path / name)
    file = tmp_path / "attacks.csv"
    text = file.read_text("utf-8")
    old, new = "IQ-2021-05-08-AAA,2021-05-08,02:20", "IQ-2021-05-08-AAA,2021-05-08,14:20"
    assert text.count(old) == 1
    file.write_text(text.replace(old, new), "utf-8")
    (tmp_path / "attacks.codebook.yml").write_text(
        "extends: attacks\ncoverage: {start: 2020-10-01, end: 2022-01-01}\n", "utf-8"
    )
    changed = run("clock", tmp_path / "a", "-p", f"catalogue={file}")
    as_it_is = run("clock", tmp_path / "b")
    before, after = (findings_of(f)["share / drone, as of 2021-06-04"]["settings"] for f in (as_it_is, changed))
    # Ain al-Asad at 02:20 is the one strike surely at night; at 14:20 it is surely not.
    assert (before["surely_inside"], before["surely_outside"]) == (1, 0)
    assert (after["surely_inside"], after["surely_outside"]) == (0, 1)
    assert "at most 2 fell" in (changed / "report.html").read_text("utf-8")
    assert "at least 1 and at most 3" in (as_it_is / "report.html").read_text("utf-8")


@pytest.mark.parametrize("name", NAMES)
def test_it_runs_on_another_catalogue_with_nearly_nothing_in_it(name, tmp_path):
    more = ["-p", "record_start=2030-03-01"] if name == "record" else []
    folder = run(name, tmp_path, *OTHER, *more)
    page = (folder / "report.html").read_text("utf-8")
    assert "What would change this" in page
    assert "Traceback" not in page
