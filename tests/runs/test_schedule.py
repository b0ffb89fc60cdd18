"""The schedule file: what it says, that one wrong entry stops no other, and that every problem is told at once."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from analysis.errors import CatalogueError, ParameterError
from analysis.runs import places
from analysis.runs.schedules import schedule

PARAMETERS = 'as_of = "2021-06-04"  # a day\nlevel = 0.95  # a level\nweapon = ["drone"]  # weapons\n'


@pytest.fixture
def read(tmp_path, notebook):
    """Reads a schedule written as text; ``{book}`` is the path of a notebook with the parameters above."""
    book = notebook("book", "1", parameters=PARAMETERS)

    def read(text: str) -> schedule.Schedule:
        path = tmp_path / "schedule.yml"
        path.write_text(text.replace("{book}", str(book)), encoding="utf-8")
        return schedule.read(path)

    return read


def slot(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def test_an_entry_has_defaults_and_takes_the_zone_of_the_file(read):
    found = read("timezone: Asia/Baghdad\nreports:\n  a: {notebook: '{book}', every: daily}\n").reports["a"]
    assert found.cadence.zone.key == "Asia/Baghdad"
    assert found.timeout == 3600
    assert found.keep == schedule.Keep(runs=30, days=None, failed=5)
    own = read("reports:\n  a: {notebook: '{book}', every: daily, timezone: America/New_York, timeout: 90}\n")
    assert own.reports["a"].cadence.zone.key == "America/New_York"
    assert own.reports["a"].timeout == 90


def test_the_day_of_the_slot_stands_where_it_is_asked_for_and_is_the_local_one(read, tmp_path):
    found = read(
        "timezone: Asia/Baghdad\nreports:\n"
        "  a: {notebook: '{book}', every: daily at 01:00,\n"
        "      parameters: {as_of: '{slot}', weapon: ['x {slot - 30 days}']}}\n"
    ).reports["a"]
    request = found.request(slot("2026-11-27T22:00"), tmp_path)  # 01:00 of the 28th in Baghdad
    assert request.settings["as_of"] == "2026-11-28"
    assert request.settings["weapon"] == ["x 2026-10-29"]
    assert request.reports == tmp_path / "a"
    assert request.run_id.startswith("20261128-")
    assert found.request(slot("2026-11-27T22:00"), tmp_path).run_id == request.run_id
    assert found.request(slot("2026-11-28T22:00"), tmp_path).run_id != request.run_id


@pytest.mark.parametrize(
    ("text", "day"), [("{slot + 1 week}", "2026-12-05"), ("{slot-1day}", "2026-11-27"), ("{slot}", "2026-11-28")]
)
def test_days_are_counted_from_the_slot(read, tmp_path, text, day):
    found = read(f"reports:\n  a: {{notebook: '{{book}}', every: daily, parameters: {{as_of: '{text}'}}}}\n")
    assert found.reports["a"].request(slot("2026-11-28T06:00"), tmp_path).settings["as_of"] == day


def test_a_date_without_quotes_is_the_text_of_that_date(read, tmp_path):
    found = read("reports:\n  a: {notebook: '{book}', every: daily, parameters: {as_of: 2021-06-30}}\n").reports["a"]
    assert found.request(slot("2026-11-28T06:00"), tmp_path).settings["as_of"] == "2021-06-30"


def test_values_are_typed_by_what_the_notebook_declares(read, tmp_path):
    found = read("reports:\n  a: {notebook: '{book}', every: daily, parameters: {level: banana, levl: 0.9}}\n")
    with pytest.raises(ParameterError) as refused:
        found.reports["a"].request(slot("2026-11-28T06:00"), tmp_path)
    assert "a number between 0 and 1" in str(refused.value)
    assert "Did you mean 'level'?" in str(refused.value)


def test_every_problem_of_an_entry_is_told_and_the_others_can_be_run(read):
    found = read(
        "reports:\n"
        "  good: {notebook: '{book}', every: daily}\n"
        "  'Bad Name': {notebook: '', every: 5, timeout: -1, keep: {runs: 0, years: 2}, colour: red}\n"
        "  zone: {notebook: '{book}', every: sometimes, timezone: Mars, data: x.csv,\n"
        "         parameters: {catalogue: y, as_of: '{slot minus}'}}\n"
        "  empty:\n"
    )
    assert list(found.reports) == ["good"]
    told = str(found.broken["Bad Name"])
    for part in ("becomes a folder", "notebook", "every", "timeout", "keep.runs", "keep.years is unknown", "colour"):
        assert part in told, part
    told = str(found.broken["zone"])
    for part in ("sometimes", "name the same thing", "{slot minus}"):
        assert part in told, part
    assert "empty" in found.broken


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "names no reports"),
        ("reports: []", "names no reports"),
        ("reports: {}", "names no reports"),
        ("report:\n  a: {}\n", "names no reports"),
        ("reports:\n  a: {}\nzone: UTC\n", "'zone' is unknown"),
        ("reports:\n  a: {every: daily}\n  a: {every: weekly}\n", "a stands twice"),
        ("reports: {a: [", "is not YAML"),
        ("reports: !!python/object/apply:os.getcwd []", "is not YAML"),
    ],
)
def test_a_file_that_is_no_schedule_is_refused(read, text, told):
    with pytest.raises(ParameterError, match=told):
        read(text)


def test_a_time_zone_that_is_no_text_is_told_like_any_other(read):
    found = read("timezone: 5\nreports:\n  a: {notebook: '{book}', every: daily}\n")
    assert "'5' is no time zone" in str(found.broken["a"])


def test_a_schedule_that_is_not_there_is_told(tmp_path):
    with pytest.raises(ParameterError, match="there is no schedule"):
        schedule.read(tmp_path / "none.yml")


def test_the_schedule_that_is_shipped_can_be_run(tmp_path):
    found = schedule.read(places.root() / "reports" / "schedule.yml")
    assert not found.broken
    assert found.reports
    for report in found.reports.values():
        now = datetime(2026, 11, 28, 12, tzinfo=UTC)
        assert report.request(report.cadence.latest(now), tmp_path).notebook.name == report.notebook


def test_data_is_short_for_the_catalogue(read, tmp_path, notebook):
    book = notebook("own", "1", parameters='catalogue = "data/attacks.csv"  # the attacks\n')
    found = read(f"reports:\n  a: {{notebook: '{book}', every: daily, data: nowhere.csv}}\n").reports["a"]
    with pytest.raises(CatalogueError, match=r"nowhere\.csv"):
        found.request(slot("2026-11-28T06:00"), tmp_path)
