"""Retention: old runs go, but never the newest good one, the one shown as latest, or one that is marked."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest

from analysis.errors import ParameterError
from analysis.runs.folder import point
from analysis.runs.schedules import retention
from analysis.runs.schedules.schedule import Keep

NOW = datetime(2026, 11, 28, 12, tzinfo=UTC)


@pytest.fixture
def made(tmp_path):
    """Makes a run of some age in days; good unless told otherwise."""

    def make(name: str, days: float, status: str = "ok"):
        run = tmp_path / name
        run.mkdir()
        started = (NOW - timedelta(days=days)).isoformat()
        (run / "manifest.json").write_text(json.dumps({"status": status, "started": started}))
        return run

    return make


def left(folder) -> set[str]:
    return {path.name for path in folder.iterdir() if path.name != "latest"}


def test_the_newest_runs_stay_by_number(made, tmp_path):
    for day in (3, 1, 4, 2, 5):
        made(f"good-{day}", day)
        made(f"failed-{day}", day + 0.5, "failed")
    gone = retention.prune(tmp_path, Keep(runs=2, failed=3), NOW)
    assert left(tmp_path) == {"good-1", "good-2", "failed-1", "failed-2", "failed-3"}
    assert {run.name for run in gone} == {"good-3", "good-4", "good-5", "failed-4", "failed-5"}


def test_the_newest_good_run_stays_however_old_and_however_many_failed_after_it(made, tmp_path):
    made("good", 900)
    made("older", 901)
    for day in range(3):
        made(f"failed-{day}", day, "failed")
    retention.prune(tmp_path, Keep(runs=1, days=10, failed=0), NOW)
    assert left(tmp_path) == {"good"}


def test_the_run_shown_as_latest_stays_though_newer_ones_are_there(made, tmp_path):
    # A recognised run is old and shown again.
    made("old", 50)
    for day in range(5):
        made(f"good-{day}", day)
    point(tmp_path, "old")
    retention.prune(tmp_path, Keep(runs=2, days=7), NOW)
    assert left(tmp_path) == {"old", "good-0", "good-1"}


def test_a_marked_run_stays_until_the_mark_is_taken_away(made, tmp_path):
    made("good", 1)
    old, bad = made("old", 400), made("bad", 400, "failed")
    retention.mark(old, keep=True)
    retention.mark(bad, keep=True)
    assert retention.prune(tmp_path, Keep(runs=1, days=7, failed=0), NOW) == []
    retention.mark(old, keep=False)
    assert retention.prune(tmp_path, Keep(runs=1, days=7, failed=0), NOW) == [old]
    assert left(tmp_path) == {"good", "bad"}


def test_what_is_no_run_of_ours_is_left_alone(made, tmp_path):
    made("good", 1)
    (tmp_path / "notes").mkdir()
    (tmp_path / "damaged").mkdir()
    (tmp_path / "damaged" / "manifest.json").write_text("{")
    (tmp_path / "list").mkdir()
    (tmp_path / "list" / "manifest.json").write_text("[]")
    made("running", 100, "running")
    assert retention.prune(tmp_path, Keep(runs=1, days=1, failed=0), NOW) == []


def test_only_a_run_can_be_marked(tmp_path):
    with pytest.raises(ParameterError, match="is no run"):
        retention.mark(tmp_path, keep=True)


def test_nothing_to_prune_is_no_error(tmp_path):
    assert retention.prune(tmp_path / "none", Keep(), NOW) == []


def test_the_command_marks_the_run_behind_latest(made, tmp_path, command_line):
    run = made("good", 1)
    point(tmp_path, "good")
    assert command_line("keep", tmp_path / "latest").returncode == 0
    assert (run / retention.MARK).exists()
    assert command_line("keep", tmp_path / "latest", "--undo").returncode == 0
    assert not (run / retention.MARK).exists()
    assert command_line("keep", tmp_path).returncode == 2
