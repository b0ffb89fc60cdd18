"""The main report, run for real: the worked example, the same answer everywhere, and thin data."""

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
NOTEBOOK = ROOT / "notebooks" / "silence_and_suspension.ipynb"
ARTICLE = "as of 2021-06-04"
ENV = {**os.environ, "PYTHONPATH": str(ROOT)}


def run(*arguments: str, cwd: Path = ROOT) -> subprocess.CompletedProcess:
    command = [sys.executable, "-m", "analysis", "run", "silence_and_suspension", *arguments]
    return subprocess.run(command, cwd=cwd, env=ENV, capture_output=True, text=True, check=False)


class Report:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.findings = {
            entry["name"]: entry["finding"] for entry in json.loads((folder / "findings.json").read_text("utf-8"))
        }
        page = (folder / "report.html").read_text("utf-8")
        # The folded code holds Python's own None.
        shown = re.sub(r"<details.*?</details>", " ", page, flags=re.DOTALL)
        self.text = html.unescape(re.sub(r"<[^>]+>", " ", shown))

    def at(self, name: str) -> dict:
        return self.findings[name]


def report_of(done: subprocess.CompletedProcess, cwd: Path = ROOT) -> Report:
    assert done.returncode == 0, done.stderr[-3000:]
    return Report((cwd / done.stdout.strip().splitlines()[-1]).parent)


@pytest.fixture(scope="session")
def report(tmp_path_factory) -> Report:
    return report_of(run("--reports", str(tmp_path_factory.mktemp("reports"))))


def test_the_worked_example_is_reproduced_by_the_report_itself(report):
    # Every number of the project's worked example, to the digits it is given with.
    silence = report.at(f"silence / {ARTICLE}")
    assert round(silence["pvalue"], 4) == 0.2803
    assert round(silence["attainable_pvalue"], 4) == 0.2803
    assert round(report.at(f"longest silence / {ARTICLE}")["pvalue"], 4) == 0.8304
    needed = report.at(f"silence needed for p = 0.05 / {ARTICLE}")
    assert round(needed["effect"]["value"], 1) == 93.7
    assert round(needed["settings"]["needed_rate_known"], 1) == 40.4
    assert round(report.at(f"silence needed for p = 0.01 / {ARTICLE}")["effect"]["value"]) == 243
    fewer = report.at(f"after the last attack, fewer / {ARTICLE}")
    assert (round(fewer["pvalue"], 4), fewer["effect"]["value"], round(fewer["effect"]["high"], 2)) == (0.2803, 0, 3.91)
    either = report.at(f"after the last attack, two-sided / {ARTICLE}")
    assert (round(either["pvalue"], 4), round(either["effect"]["high"], 2)) == (0.5606, 5.99)
    named = report.at(f"after 2021-05-10, two-sided / {ARTICLE}")["effect"]
    assert (round(named["value"], 2), round(named["low"], 3), round(named["high"], 1)) == (1.04, 0.013, 81.6)
    assert round(report.at(f"after 2021-05-10, fewer / {ARTICLE}")["pvalue"], 2) == 0.76
    assert round(report.at(f"first attack counted, fewer / {ARTICLE}")["pvalue"], 3) == 0.156
    assert round(report.at(f"Bayes factor, full stop / {ARTICLE}")["statistic"], 2) == 4.04


@pytest.mark.parametrize(
    "row",
    [
        "wald 0.079",
        "score 0.091",
        "sqrt 0.111",
        "etest 0.113",
        "midp 0.140",
        "exact 0.280",
        "3.83 1.79",
        "4.04 1.45",
        "4.35 1.22",
        "2.80 1.89",
        "2.51 1.57",
        "2.25 1.33",
        "0.24 0.34",
        "0.41 0.48",
    ],
)
def test_its_tables_print_the_approximations_the_priors_and_late_disclosure(report, row):
    assert re.sub(r"\s+", " ", row) in re.sub(r"\s+", " ", report.text)


def test_the_verdicts_of_both_columns_with_the_rule_that_fired(report):
    verdicts = json.loads((report.folder / "verdicts.json").read_text("utf-8"))
    words = {name: v["word"] for name, v in verdicts.items()}
    end = "as of the end of the record"
    assert words[f"C3a / {ARTICLE}"] == "contradicted"
    assert words[f"C3a / {end}"] == "cannot be told from these data"
    assert words[f"C3b / {ARTICLE}"] == words[f"C3b / {end}"] == "cannot be told from these data"
    assert words[f"C1 / {ARTICLE}"] == words[f"C2 / {end}"] == "consistent with"
    assert all(v["rule"] for v in verdicts.values())
    # Half of the readings of the Harir strike put it before the first salvo.
    assert "50%" in verdicts[f"C3a / {end}"]["rule"]


def test_nothing_in_the_report_is_infinite_undefined_or_empty(report):
    for word in (" nan ", " inf ", "NaN", "None ", "-inf"):
        assert word not in report.text
    pictures = sorted(p.name for p in (report.folder / "figures").glob("*.svg"))
    assert {"timeline.svg", "waits.svg", "survival.svg", "cumulative.svg", "surprise.svg"} <= set(pictures)
    page = (report.folder / "report.html").read_text("utf-8")
    images = re.findall(r"<img [^>]*>", page)
    assert len(images) == len(pictures)
    assert all(re.search(r'alt="[^"]{20,}', image) for image in images)


def test_every_view_of_the_whole_record_says_where_few_were_watching(report):
    # Coverage after September is weaker: the long silence at the end must not stand without that.
    assert "Poorly watched" in report.text


def digest(text: str) -> str:
    return re.search(r"digest of the findings\D*?([0-9a-f]{16})", html.unescape(re.sub(r"<[^>]+>", "", text))).group(1)


def test_papermills_own_command_line_gives_the_same_findings_from_another_folder(report, tmp_path):
    ours = digest((report.folder / "report.ipynb").read_text("utf-8"))
    out = tmp_path / "out.ipynb"
    command = [sys.executable, "-m", "papermill", str(NOTEBOOK), str(out), "--no-progress-bar", "-k", "python3"]
    subprocess.run(command, cwd=tmp_path, env=ENV, check=True, capture_output=True)
    assert digest(out.read_text("utf-8")) == ours


def test_opened_and_run_as_jupyterlab_runs_it_the_findings_are_the_same(report, monkeypatch):
    import nbformat
    from nbconvert.preprocessors import ExecutePreprocessor

    # JupyterLab starts the kernel in the notebook's own folder and injects nothing.
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    book = nbformat.read(NOTEBOOK, as_version=4)
    ExecutePreprocessor(kernel_name="python3").preprocess(book, {"metadata": {"path": str(NOTEBOOK.parent)}})
    assert digest(nbformat.writes(book)) == digest((report.folder / "report.ipynb").read_text("utf-8"))


def small(path: Path, *days: str) -> Path:
    rows = "".join(f"A{i},{day},rocket\n" for i, day in enumerate(days, 1))
    path.write_text("event_id,date_local,weapon\n" + rows, encoding="utf-8")
    return path


OWN = ("-p", "weapon=rocket", "-p", "compare=rocket", "-p", "target_class=", "-p", "register_file=")
DAYS = ("-p", "start=2024-01-01", "-p", "end=2024-04-01", "-p", "as_of=2024-04-01", "-p", "split_date=2024-02-03")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "days", "inconclusive"),
    [
        ("none", ["2023-01-03"], True),
        ("one", ["2024-01-03"], True),
        ("two on one day", ["2024-01-03", "2024-01-03"], True),
        ("two", ["2024-01-03", "2024-02-11"], False),
    ],
)
def test_thin_data_are_an_answer_not_an_error(tmp_path, name, days, inconclusive):
    events = small(tmp_path / "events.csv", *days)
    done = run("--reports", str(tmp_path / "reports"), "-p", f"catalogue={events}", *OWN, *DAYS)
    thin = report_of(done)
    assert thin.at("silence / whole record")["inconclusive"] is inconclusive, name
    for word in (" nan ", " inf ", "NaN"):
        assert word not in thin.text


BAD = """event_id,date_local,weapon,lat,date_earliest,date_latest
A1,0025-01-03,rocket,33,0025-01-03,0025-01-03
A2,2024-01-03,rocket,330,2024-01-03,2024-01-03
A2,2024-01-05,rokcet,33,2024-01-06,2024-01-02
"""


def test_a_bad_catalogue_is_refused_with_every_problem_and_nothing_written(tmp_path):
    events = tmp_path / "events.csv"
    events.write_text(BAD, encoding="utf-8")
    done = run("--reports", str(tmp_path / "reports"), "-p", f"catalogue={events}", *OWN, *DAYS)
    assert done.returncode == 3
    for part in ("0025", "330", "A2", "rokcet", "rocket", "date_latest"):
        assert part in done.stderr + done.stdout
    assert not (tmp_path / "reports").exists()


@pytest.mark.slow
def test_changing_one_date_changes_the_numbers_and_the_sentences(report, tmp_path):
    # The Harir strike moved to 13 May: waits, silence and prose must all follow, or something was typed by hand.
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
    done = run("--reports", str(tmp_path / "reports"), "-p", f"catalogue={data / 'attacks.csv'}")
    other = report_of(done)
    # By hand: (29/51)^2, and 29 * (0.05^(-1/2) - 1) quiet days needed.
    assert other.at(f"silence / {ARTICLE}")["pvalue"] == pytest.approx((29 / 51) ** 2)
    assert "22 quiet days after 2 attacks in the 29 days" in other.text
    assert "24 quiet days after 2 attacks in the 27 days" in report.text
    assert "24 quiet days after 2 attacks" not in other.text
