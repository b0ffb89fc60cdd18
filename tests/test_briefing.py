"""The briefing, run for real: both columns, the fall, and a changed date that changes everything resting on it."""

from __future__ import annotations

import html
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
ARTICLE, END = "as of 2021-06-04", "as of the end of the record"


def briefing(reports: Path, *arguments: str) -> Report:
    command = [sys.executable, "-m", "analysis", "run", "briefing", "--reports", str(reports), *arguments]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-3000:]
    return Report((ROOT / done.stdout.strip().splitlines()[-1]).parent)


class Report:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        entries = json.loads((folder / "findings.json").read_text("utf-8"))
        self.findings = {entry["name"]: entry["finding"] for entry in entries}
        verdicts = folder / "verdicts.json"  # not there where no claim was judged
        self.verdicts = json.loads(verdicts.read_text("utf-8")) if verdicts.is_file() else {}
        # The code stands folded away, and pictures hold no words of the report.
        shown = re.sub(
            r"<details.*?</details>|<svg.*?</svg>", " ", (folder / "report.html").read_text("utf-8"), flags=re.S
        )
        self.text = re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", shown)))


@pytest.fixture(scope="session")
def report(tmp_path_factory) -> Report:
    return briefing(tmp_path_factory.mktemp("reports"))


def test_both_columns_of_every_claim_are_recorded_with_their_rule(report):
    names = ["C1", "C2", "C3a", "C3b", *(f"C{i}" for i in range(4, 13))]
    assert list(report.verdicts) == [f"{name} / {view}" for view in (ARTICLE, END) for name in names]
    assert all(v["rule"] for v in report.verdicts.values())
    assert report.verdicts[f"C3a / {ARTICLE}"]["word"] == "contradicted"
    assert report.verdicts[f"C3b / {ARTICLE}"]["word"].startswith("cannot be told")


def test_the_headline_leads(report):
    assert report.text.index("C3a. “") < report.text.index("C1. “")
    assert "which source has the date right" in report.text


def test_the_pace_fell_in_late_july_and_not_in_may(report):
    fall = report.findings["fall / drone"]
    assert fall["settings"]["date"].startswith("2021-07-23")
    assert fall["pvalue"] < 0.02
    # By hand: 14 April to 23 July are 100 days, with 10 strikes; in the 162 days after, the one of 11 September.
    assert "the pace fell about 2021-07-23" in report.text
    assert "2021-05-11, the date that was named, lies outside these limits" in report.text
    assert re.search(r"Poorly watched by the coders' own account", report.text)


def test_nothing_is_infinite_undefined_or_empty(report):
    for word in (" nan ", " inf ", "NaN", "None "):
        assert word not in report.text
    pictures = {p.stem for p in (report.folder / "figures").glob("*.svg")}
    assert pictures == {"claims", "record"}


@pytest.mark.slow
def test_one_changed_date_changes_numbers_and_sentences_everywhere(report, tmp_path):
    # The Harir strike moved to 13 May and its doubt taken away: nothing typed by hand may be left standing.
    data = tmp_path / "data"
    shutil.copytree(ROOT / "data", data)
    text = (data / "attacks.csv").read_text("utf-8")
    moved = text.replace(
        "2021-05-11-HAR,2021-05-11,,part_of_day,night,2021-05-10,2021-05-11,2021-06-04",
        "2021-05-11-HAR,2021-05-13,,part_of_day,night,2021-05-13,2021-05-13,2021-06-04",
    )
    assert moved != text
    (data / "attacks.csv").write_text(moved, "utf-8")
    (data / "attacks_revisions.csv").unlink()
    other = briefing(tmp_path / "reports", "-p", f"catalogue={data / 'attacks.csv'}")
    # By hand: (29/51)^2, and 29 * (0.05^(-1/2) - 1) quiet days needed.
    assert other.findings[f"C3b / {ARTICLE}"]["pvalue"] == pytest.approx((29 / 51) ** 2)
    gone = [
        "2 and 0 events in 27 and 24 days",
        "Silence needed: 93.7 days",
        "2021-05-10 or 2021-05-11",
        "drone attacks lies 23.8",
    ]
    new = ["2 and 0 events in 29 and 22 days", "Silence needed: 101 days", "22 days"]
    for words in gone:
        assert words in report.text, words
        assert words not in other.text, words
    for words in new:
        assert words in other.text, words
    assert other.verdicts[f"C3a / {END}"]["word"] == "contradicted"


@pytest.mark.slow
@pytest.mark.parametrize(
    "arguments",
    [
        ("-p", "catalogue=data/example_invented.csv"),
        ("-p", "register_file="),
        ("--as-of", "2020-10-20"),
        ("-p", "weapon=rocket", "-p", "compare=rocket"),
    ],
    ids=["another catalogue", "no register", "nearly nothing public", "rockets"],
)
def test_it_runs_on_thin_and_other_data(tmp_path, arguments):
    thin = briefing(tmp_path / "reports", *arguments)
    for word in (" nan ", " inf ", "NaN"):
        assert word not in thin.text
