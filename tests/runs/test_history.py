"""History is told from manifests alone: in order, with the latest marked, and nothing damaged stops it."""

from __future__ import annotations

import json
import os
import re
import shutil

import pytest

from analysis.runs import execute, manifest
from analysis.runs.exits import RunError
from analysis.runs.pages import history
from analysis.runs.request import prepare

EARLY, LATER, LATEST = (f"2021-06-0{day}T06:00:00.000+00:00" for day in (5, 6, 7))


def listed(past):
    return [(run.folder.name, run.status, run.latest) for run in past]


def test_runs_come_newest_first_by_when_they_began_not_by_name(made_up):
    made_up("silence", "z", EARLY)
    made_up("silence", "a", LATEST)
    made_up("silence", "m", "2021-06-06T08:30:00+02:30")  # 06:00 UTC: the zone counts
    past = history.runs(made_up.reports / "silence")
    assert [run.folder.name for run in past] == ["a", "m", "z"]
    assert past[1].started.isoformat() == LATER.replace(".000", "")
    assert past[0].manifest["run_id"] == "a"
    assert past[0].name == "silence"


def test_latest_is_what_the_link_names_where_that_is_a_good_run(made_up):
    for run_id, started in (("one", EARLY), ("two", LATER)):
        made_up("silence", run_id, started)
    made_up("silence", "three", LATEST, status="failed", error={"name": "ValueError", "text": "x", "cell": 2})
    folder = made_up.reports / "silence"
    assert history.latest(history.runs(folder)).folder.name == "two"  # a copy without links: the newest good one
    for named, found in (("one", "one"), ("failed-three", "two"), ("gone", "two"), ("../../elsewhere", "two")):
        (folder / "latest").unlink(missing_ok=True)
        os.symlink(named, folder / "latest")
        past = history.runs(folder)
        assert history.latest(past).folder.name == found, named
        assert [run.latest for run in past].count(True) == 1
    assert listed(past)[0] == ("failed-three", "failed", False)


def test_the_run_before_is_the_newest_other_good_one(made_up):
    for run_id, started in (("one", EARLY), ("two", LATER)):
        made_up("silence", run_id, started)
    made_up("silence", "bad", LATEST, status="failed")
    past = history.runs(made_up.reports / "silence")
    assert history.before(past, past[1]).folder.name == "one"
    # when an earlier run was recognised again, the newest one is what was looked at before it
    assert history.before(past, past[2]).folder.name == "two"
    assert history.before(past[2:], past[2]) is None


DAMAGED = {
    "empty": "",
    "half written": '{"format": 1, "run_id": "x", "sta',
    "no JSON": "<html>",
    "a list": "[]",
    "a number": "1",
    "old format": {"format": 0},
    "no format": {"format": None},
    "later format": {"format": 2},
    "no start": {"started": None},
    "start that is no time": {"started": "yesterday"},
    "status of another program": {"status": "success"},
    "parameters that are a list": {"parameters": []},
    "data that are texts": {"data": ["data/attacks.csv"]},
    "inputs that are numbers": {"inputs": {"code": 1}},
    "no notebook": {"notebook": None},
    "error that is a text": {"error": "ValueError"},
    "headline without a name": {"headline": {"sentence": "x"}},
    "effect without a unit": {"headline": {"name": "x", "effect": {"name": "x", "value": 1.0, "low": None}}},
    "effect that is no number": {"headline": {"name": "x", "effect": {"name": "x", "value": "1", "low": None,
        "high": None, "level": 0.95, "unit": "", "interval": "confidence"}}},
    "effect beyond a float": {"headline": {"name": "x", "effect": {"name": "x", "value": 10**400, "low": None,
        "high": None, "level": 0.95, "unit": "", "interval": "confidence"}}},
    "limits the wrong way round": {"headline": {"name": "x", "effect": {"name": "x", "value": 1.0, "low": 2.0,
        "high": 0.0, "level": 0.95, "unit": "", "interval": "confidence"}}},
    "p above 1": {"headline": {"name": "x", "pvalue": 1.5}},
    "not a number": {"seconds": "RAW NaN"},
    "infinite": {"seconds": "RAW 1e999"},
    "half a surrogate pair": {"question": "\ud800"},
    "too deep": "[" * 100_000,
    "not UTF-8": b'{"format": 1, "question": "\xff"}',
}  # fmt: skip


@pytest.mark.parametrize("kind", DAMAGED)
def test_a_damaged_manifest_is_listed_as_unreadable_and_stops_nothing(made_up, kind):
    made_up("silence", "good", EARLY)
    folder = made_up("silence", "damaged", LATER)
    path, damage = folder / manifest.NAME, DAMAGED[kind]
    if isinstance(damage, dict):
        damage = re.sub('"RAW (.*?)"', r"\1", json.dumps(json.loads(path.read_text()) | damage))
    path.write_bytes(damage if isinstance(damage, bytes) else damage.encode())
    past = history.runs(made_up.reports / "silence")
    assert listed(past) == [("good", "ok", True), ("damaged", "unreadable", False)]
    assert past[1].problem.startswith("manifest.json ")
    assert len(past[1].problem) < 500
    assert past[1].manifest is past[1].started is None


def test_what_is_no_file_at_all_is_unreadable_too(made_up):
    made_up("silence", "good")
    folder = made_up.reports / "silence"
    for name in ("none", "a folder", "a pipe", "a loop"):
        (folder / name).mkdir()
    (folder / "a folder" / manifest.NAME).mkdir()
    os.mkfifo(folder / "a pipe" / manifest.NAME)  # opening it would wait for ever
    os.symlink(manifest.NAME, folder / "a loop" / manifest.NAME)
    os.symlink("good", folder / "another link")  # a link is another name of a run, not a run
    (folder / "note.txt").write_text("x")
    (folder / ".ipynb_checkpoints").mkdir()
    statuses = {run.folder.name: run.status for run in history.runs(folder)}
    assert statuses == {"good": "ok"} | dict.fromkeys(("none", "a folder", "a pipe", "a loop"), "unreadable")


def test_a_report_that_is_not_there_has_no_runs(tmp_path):
    assert history.runs(tmp_path / "nothing") == []
    assert list(history.reports(tmp_path / "nothing")) == []


def test_a_manifest_of_before_headlines_and_one_with_fields_of_later_are_read(made_up):
    made_up("silence", "one", EARLY)
    path = made_up("silence", "two", LATER, schedule={"name": "daily"}) / manifest.NAME
    old = {k: v for k, v in json.loads(path.read_text()).items() if k not in ("headline", "platform", "code")}
    path.write_text(json.dumps(old))
    assert listed(history.runs(made_up.reports / "silence")) == [("two", "ok", True), ("one", "ok", False)]


def test_a_folder_not_published_is_unfinished_whatever_its_manifest_says(made_up):
    made_up("silence", "good", EARLY)
    folder = made_up.reports / "silence"
    (folder / ".partial-a-1").mkdir()  # under way: the manifest is written last
    for name, status in ((".partial-b-2", "stopped"), (".partial-c-3", "ok"), (".partial-d-4", "running")):
        made_up("silence", name, LATER, status=status)
    (made_up.reports / "silence" / ".partial-e-5").mkdir()
    (made_up.reports / "silence" / ".partial-e-5" / manifest.NAME).write_text('{"form')
    statuses = {run.folder.name[-3:]: run.status for run in history.runs(folder)}
    unfinished = {"a-1": "running", "b-2": "stopped", "c-3": "running", "d-4": "running", "e-5": "running"}
    assert statuses == {"ood": "ok"} | unfinished
    past = history.runs(folder)
    assert history.latest(past).folder.name == "good"
    # one that has told no time yet is under way now; of two, the order of their names
    assert [run.folder.name[-3:] for run in past] == ["e-5", "a-1", "d-4", "c-3", "b-2", "ood"]


def test_every_folder_with_runs_is_a_report_and_no_other(made_up):
    made_up("early", "a", EARLY)
    made_up("late", "a", LATEST)
    made_up("late", "b", EARLY)
    made_up("between", "a", LATER, status="failed")
    (made_up.reports / "notes").mkdir()
    (made_up.reports / ".hidden" / "x").mkdir(parents=True)
    (made_up.reports / "schedule.yml").write_text("x")
    found = dict(history.reports(made_up.reports))
    assert list(found) == ["between", "early", "late"]
    assert history.ran(found["late"]).isoformat() == LATEST.replace(".000", "")
    assert history.ran([]) == history.EARLIEST


def test_a_run_removed_while_we_look_is_no_run(made_up, monkeypatch):
    made_up("silence", "good")
    gone = made_up("silence", "gone")
    found = history._folders
    monkeypatch.setattr(history, "_folders", lambda folder: [(f, shutil.rmtree(gone, True))[0] for f in found(folder)])
    assert listed(history.runs(made_up.reports / "silence")) == [("good", "ok", True)]


def test_a_real_run_and_a_real_failure_are_read_back(good, notebook, tmp_path):
    (run,) = history.runs(good.folder.parent)
    assert (run.folder, run.status, run.latest) == (good.folder, "ok", True)
    assert run.manifest["headline"]["verdict"] == "consistent"
    path = notebook("bad", "raise ValueError('why')", parameters="n = 1  # n")
    with pytest.raises(RunError):
        execute.run(prepare(str(path), {}, reports=tmp_path / "r"))
    (failed,) = history.runs(tmp_path / "r" / "bad")
    assert (failed.status, failed.latest) == ("failed", False)
    assert failed.manifest["error"] == {"name": "ValueError", "cell": 2, "text": "why"}
    assert failed.manifest["headline"] is None
