"""One date changed in the catalogue: every notebook says something else, and nothing typed by hand is left standing."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
NAMES = sorted(path.stem for path in (ROOT / "notebooks").glob("*.ipynb"))
HARIR = "2021-05-11-HAR,{},,part_of_day,night,{},{},2021-06-04"
pytestmark = pytest.mark.slow


class Report:
    """What a report says: its conclusion, everything it shows in words, and its findings."""

    def __init__(self, folder: Path) -> None:
        book = json.loads((folder / "report.ipynb").read_text("utf-8"))
        code = [cell for cell in book["cells"] if cell["cell_type"] == "code"]
        self.conclusion = _words(code[-2])
        self.text = "\n".join(map(_words, code))
        self.findings = (folder / "findings.json").read_text("utf-8")


def _words(cell: dict) -> str:
    shown = [output.get("data", {}) for output in cell["outputs"]]
    pictures = ("image/svg+xml", "image/png")
    return "\n".join("".join(data.get("text/markdown", data.get("text/plain", ""))) for data in shown
                     if not any(kind in data for kind in pictures))  # fmt: skip


def _reports(folder: Path, *arguments: str) -> dict[str, Report]:
    command = [sys.executable, "-m", "analysis", "run", "--all", "--reports", str(folder), *arguments]
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-3000:]
    return {name: Report(folder / name / "latest") for name in NAMES}


@pytest.fixture(scope="module")
def both(tmp_path_factory) -> tuple[dict[str, Report], dict[str, Report]]:
    """Every report as it is, and with the Harir strike moved to 2 June and the doubt on its date taken away."""
    folder = tmp_path_factory.mktemp("changed")
    shutil.copytree(ROOT / "data", folder / "data")
    file = folder / "data" / "attacks.csv"
    text = file.read_text("utf-8")
    old = HARIR.format("2021-05-11", "2021-05-10", "2021-05-11")
    assert text.count(old) == 1
    file.write_text(text.replace(old, HARIR.format(*["2021-06-02"] * 3)), "utf-8")
    (folder / "data" / "attacks_revisions.csv").unlink()
    return _reports(folder / "a"), _reports(folder / "b", "-p", f"catalogue={file}")


@pytest.mark.parametrize("name", NAMES)
def test_every_notebook_has_other_findings_and_another_conclusion(both, name):
    as_it_is, changed = (reports[name] for reports in both)
    assert as_it_is.findings != changed.findings
    assert as_it_is.conclusion
    assert as_it_is.conclusion != changed.conclusion


# The two readings of the row, as tables, sentences and the grid have them; the dates that a claim names in its wording
# or that a parameter gives stay where they were typed.
OLD = ("2021-05-10 to 2021-05-11", "2021-05-10 or 2021-05-11", "Harir on 10 May", "without 2021-05-11")


@pytest.mark.parametrize("name", NAMES)
def test_the_old_date_of_the_strike_is_gone_wherever_it_came_from_the_catalogue(both, name):
    assert [words for words in OLD if words in both[1][name].text] == []


def test_the_old_date_stood_in_the_reports_as_they_are(both):
    texts = {name: report.text for name, report in both[0].items()}
    assert all(any(words in text for text in texts.values()) for words in OLD)
    assert all(OLD[0] in texts[name] for name in ("silence_and_suspension", "change_of_pace", "clock", "forecast"))


def test_numbers_by_hand_stand_where_the_old_ones_were(both):
    as_it_is, changed = (reports["silence_and_suspension"] for reports in both)
    # 14 April to 2 June are 49 of the 51 days: two quiet days after two attacks, (49 / 51) ** 2.
    assert "24 quiet days after 2 attacks in the 27 days before" in as_it_is.conclusion
    assert "2 quiet days after 2 attacks in the 49 days before" in changed.conclusion
    assert f"p = {(49 / 51) ** 2:.2f}" in changed.conclusion
    assert "24 quiet days" not in changed.conclusion
