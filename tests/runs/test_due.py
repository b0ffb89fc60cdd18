"""What is due: once for any number of missed slots, by one process at a time, and one that fails stops no other."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import UTC, datetime

import pytest

from analysis.errors import ParameterError
from analysis.runs.exits import DATA, ENVIRONMENT, FAILED, FINE, TIME_LIMIT, USAGE
from analysis.runs.schedules import due, ledger, schedule

HOW = "timezone: UTC\nreports:\n"


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def entry(name: str, book, every: str = "daily at 06:00", more: str = "") -> str:
    return f"  {name}: {{notebook: '{book}', every: '{every}'{', ' + more if more else ''}}}\n"


@pytest.fixture
def planned(tmp_path):
    """Writes a schedule of these entries and reads it."""

    def write(*entries: str) -> schedule.Schedule:
        path = tmp_path / "schedule.yml"
        path.write_text(HOW + "".join(entries), encoding="utf-8")
        return schedule.read(path)

    return write


@pytest.fixture
def daily(planned, small):
    """A schedule of one report, made daily at six."""
    return planned(entry("daily", small("book")))


def remember(reports, slot: str, code: int = FINE, run_id: str = "", tries: int = 1) -> None:
    when = at(slot).isoformat()
    ledger.write(reports, "daily", ledger.Entry(when, when, code, run_id, "", tries))


def why(daily, reports, now: str) -> str | None:
    found = due.due(daily, reports, at(now))
    return found[0].why if found else None


def test_a_report_is_due_at_first_and_then_when_a_slot_has_come(daily, tmp_path):
    assert why(daily, tmp_path, "2026-11-28T05:00") == "never run"
    remember(tmp_path, "2026-11-27T06:00")
    assert why(daily, tmp_path, "2026-11-28T05:59") is None
    assert why(daily, tmp_path, "2026-11-28T06:00") == "due since 2026-11-28 06:00 UTC"
    remember(tmp_path, "2026-11-28T06:00")
    assert why(daily, tmp_path, "2026-11-29T05:59") is None


def test_missed_slots_are_caught_up_once_for_the_last_of_them(daily, tmp_path):
    remember(tmp_path, "2026-11-20T06:00")
    found = due.due(daily, tmp_path, at("2026-11-28T09:00"))
    assert [each.slot for each in found] == [at("2026-11-28T06:00")]
    assert found[0].why == "due since 2026-11-28 06:00 UTC, and 7 slots before it missed"


def test_a_failed_report_waits_for_its_next_slot_unless_its_inputs_change(daily, tmp_path):
    request = daily.reports["daily"].request(at("2026-11-28T06:00"), tmp_path)
    for code in (FAILED, USAGE, DATA, TIME_LIMIT):
        remember(tmp_path, "2026-11-28T06:00", code, request.run_id)
        assert why(daily, tmp_path, "2026-11-28T09:00") is None
    remember(tmp_path, "2026-11-28T06:00", FAILED, "another run")
    assert why(daily, tmp_path, "2026-11-28T09:00") == "failed, and its inputs have changed since"
    remember(tmp_path, "2026-11-28T06:00", FAILED, request.run_id)
    assert why(daily, tmp_path, "2026-11-29T09:00").startswith("due since 2026-11-29")


def test_a_lost_kernel_is_tried_again_and_not_for_ever(daily, tmp_path):
    request = daily.reports["daily"].request(at("2026-11-28T06:00"), tmp_path)
    remember(tmp_path, "2026-11-28T06:00", ENVIRONMENT, request.run_id, tries=2)
    found = due.due(daily, tmp_path, at("2026-11-28T09:00"))
    assert (found[0].tries, found[0].why) == (3, "its kernel was lost, try 3 of 3")
    remember(tmp_path, "2026-11-28T06:00", ENVIRONMENT, request.run_id, tries=3)
    assert why(daily, tmp_path, "2026-11-28T09:00") is None


@pytest.mark.parametrize("text", ["", "{", "[]", '{"slot": "yesterday"}', '{"slot": "2026-11-28T06:00"}', "\0"])
def test_a_damaged_ledger_makes_a_report_due_and_breaks_nothing(daily, tmp_path, text):
    remember(tmp_path, "2026-11-28T06:00")
    (tmp_path / ledger.FOLDER / "daily.json").write_text(text)
    assert why(daily, tmp_path, "2026-11-28T09:00") == "never run"


def test_what_is_due_is_run_and_written_down_and_then_no_more(daily, tmp_path):
    reports = tmp_path / "reports"
    first = due.run(daily, reports, at("2026-11-28T09:00"))
    assert [(one.name, one.code) for one in first] == [("daily", FINE)]
    assert (reports / "daily" / "latest").resolve() == first[0].folder
    assert due.run(daily, reports, at("2026-11-28T09:05")) == []
    # The next day nothing has changed: the run is recognised, and the slot taken care of.
    later = due.run(daily, reports, at("2026-11-29T09:00"))
    assert [(one.code, one.recognised) for one in later] == [(FINE, True)]
    assert ledger.read(reports, "daily").at == at("2026-11-29T06:00")
    assert len([path for path in (reports / "daily").iterdir() if not path.is_symlink()]) == 1


def test_one_of_every_kind_of_failure_stops_no_other_and_is_kept(planned, small, notebook, tmp_path, command_line):
    reports = tmp_path / "reports"
    hangs = small("hangs", "import time\n\ntime.sleep(600)")
    planned(
        entry("good", small("good")),
        entry("raises", small("raises", "1 / 0")),
        entry("hangs", hangs, more="timeout: 4"),
        entry("dies", small("dies", "import os, signal\n\nos.kill(os.getpid(), signal.SIGKILL)")),
        entry("misspelt", small("misspelt"), more="parameters: {m: 3}"),
        entry("rule", small("rule"), every="sometimes"),
        entry("no-parameters", notebook("none", "1", parameters=None)),
        entry("also-good", small("also_good")),
    )
    done = command_line("run-due", "--schedule", tmp_path / "schedule.yml", "--reports", reports)
    assert done.returncode == TIME_LIMIT, done.stderr
    assert {name for name in ("good", "also-good") if (reports / name / "latest" / "report.html").is_file()} == {
        "good",
        "also-good",
    }
    failed = {
        "raises": ("ZeroDivisionError", FAILED),
        "hangs": ("TimeLimit", TIME_LIMIT),
        "dies": ("KernelDied", ENVIRONMENT),
        "misspelt": ("ParameterError", USAGE),
        "rule": ("ParameterError", USAGE),
        "no-parameters": ("ParameterError", USAGE),
    }
    for name, (error, code) in failed.items():
        kept = [path for path in (reports / name).iterdir() if path.name.startswith("failed-")]
        assert len(kept) == 1, name
        manifest = json.loads((kept[0] / "manifest.json").read_text())
        assert manifest["status"] == "failed"
        assert manifest["error"]["name"] == error
        if name in ("raises", "hangs", "dies"):
            assert (kept[0] / "report.html").is_file()
            assert (kept[0] / "report.ipynb").is_file()
        if name != "rule":
            assert ledger.read(reports, name).code == code
        assert not (reports / name / "latest").exists()
        assert f"{name} " in done.stderr


def test_a_refusal_that_cannot_be_kept_stops_no_other(planned, small, tmp_path):
    # A file stands where the folder of the wrong report would be.
    reports = tmp_path / "reports"
    reports.mkdir()
    (reports / "misspelt").write_text("")
    both = planned(entry("misspelt", small("misspelt"), more="parameters: {m: 3}"), entry("good", small("good")))
    ended = {one.name: one for one in due.run(both, reports, at("2026-11-28T09:00"))}
    assert ended["good"].code == FINE
    assert ended["misspelt"].code == ENVIRONMENT
    assert "m is unknown" in ended["misspelt"].said


def test_two_at_once_run_each_report_once(planned, small, tmp_path):
    mark = tmp_path / "runs.txt"
    cell = f"import time\n\ntime.sleep(2)\nopen({str(mark)!r}, 'a').write('x')"
    planned(entry("one", small("one", cell)), entry("two", small("two", cell)))
    command = [sys.executable, "-m", "analysis", "run-due"]
    command += ["--schedule", str(tmp_path / "schedule.yml"), "--reports", str(tmp_path / "reports")]
    both = [subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) for _ in range(2)]
    said = [process.communicate(timeout=120) for process in both]
    assert [process.returncode for process in both] == [0, 0], said
    assert mark.read_text() == "xx"
    assert sum("Another run-due is at work" in err for _, err in said) <= 1


def test_a_dry_run_says_what_would_be_run_and_writes_nothing(planned, small, tmp_path, command_line):
    planned(entry("good", small("good")), entry("misspelt", small("misspelt"), more="parameters: {m: 3}"))
    where = ("--schedule", tmp_path / "schedule.yml", "--reports", tmp_path / "reports")
    said = command_line("run-due", "--dry-run", *where)
    assert said.returncode == 0
    assert "good      never run; would be run as undated-" in said.stdout
    assert "misspelt  never run; would fail" in said.stdout
    assert not (tmp_path / "reports").exists()
    assert command_line("run-due", "good", "--quiet", *where).stdout == ""
    assert command_line("run-due", "good", "--dry-run", *where).stdout == "Nothing is due.\n"
    again = command_line("run-due", "good", "--dry-run", "--at", "2126-01-01T07:00", *where)
    assert "has been run with the same inputs" in again.stdout


def test_next_says_when_each_report_comes_and_how_it_went(planned, small, tmp_path, command_line):
    planned(entry("b-daily", small("book")), entry("a-weekly", small("other"), every="weekly on sunday"))
    ledger.write(tmp_path, "b-daily", ledger.Entry("2026-11-28T06:00:00+00:00", "", FINE))
    ledger.write(tmp_path, "a-weekly", ledger.Entry("2026-11-22T06:00:00+00:00", "", FAILED, "x"))
    where = ("--schedule", tmp_path / "schedule.yml", "--reports", tmp_path)
    said = command_line("next", "--at", "2026-11-28T12:00", *where).stdout.splitlines()
    assert said[0].startswith("a-weekly  2026-11-29 06:00 UTC  weekly on sunday; due now (failed, and its inputs")
    assert said[1] == "b-daily   2026-11-29 06:00 UTC  daily at 06:00; last for 2026-11-28 06:00 UTC, good"


def test_a_report_that_is_not_in_the_schedule_is_told_with_the_nearest(daily):
    with pytest.raises(ParameterError, match="Did you mean 'daily'"):
        due.chosen(daily, ["dayly"])
    assert list(due.chosen(daily, ["daily"]).reports) == ["daily"]


def test_what_a_killed_run_left_is_cleared_away_though_nothing_is_due(daily, tmp_path):
    remember(tmp_path, "2026-11-28T06:00")
    left = tmp_path / "daily" / ".partial-undated-0123456789-999999999"
    left.mkdir(parents=True)
    torn = tmp_path / ledger.FOLDER / ".daily.json-999999999"
    torn.write_text("{")
    assert due.run(daily, tmp_path, at("2026-11-28T09:00")) == []
    assert not left.exists()
    assert not torn.exists()
