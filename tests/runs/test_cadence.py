"""Slots: what the words mean, that the change of clocks neither loses nor doubles one, and what is refused."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from analysis.errors import ParameterError
from analysis.runs.schedules.cadence import cadence


def at(text: str) -> datetime:
    found = datetime.fromisoformat(text)
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def local(rule, slot: datetime) -> str:
    return f"{slot.astimezone(rule.zone):%Y-%m-%d %H:%M}"


# 2026-11-28 is a Saturday; Baghdad is three hours ahead of UTC all year.
@pytest.mark.parametrize(
    ("every", "latest", "following"),
    [
        ("hourly", "2026-11-28 13:00", "2026-11-28 14:00"),
        ("daily", "2026-11-28 06:00", "2026-11-29 06:00"),
        ("daily at 13:15", "2026-11-27 13:15", "2026-11-28 13:15"),
        ("weekly", "2026-11-23 06:00", "2026-11-30 06:00"),
        ("Weekly on  Friday at 7:30", "2026-11-27 07:30", "2026-12-04 07:30"),
        ("weekly on sunday", "2026-11-22 06:00", "2026-11-29 06:00"),
        ("monthly", "2026-11-01 06:00", "2026-12-01 06:00"),
        ("monthly on 15 at 00:00", "2026-11-15 00:00", "2026-12-15 00:00"),
        ("monthly on last", "2026-10-31 06:00", "2026-11-30 06:00"),
        ("*/20 * * * *", "2026-11-28 13:00", "2026-11-28 13:20"),
        ("0 6 * * 1-5", "2026-11-27 06:00", "2026-11-30 06:00"),
    ],
)
def test_words_and_cron_fields_mean_local_time(every, latest, following):
    rule = cadence(every, "Asia/Baghdad")
    now = at("2026-11-28T10:14:59")  # 13:14:59 in Baghdad
    assert local(rule, rule.latest(now)) == latest
    assert local(rule, rule.following(now)) == following


def test_a_slot_has_come_at_its_very_minute_and_not_a_moment_before():
    rule = cadence("daily at 06:00", "UTC")
    assert rule.latest(at("2026-11-28T06:00:00")) == at("2026-11-28T06:00")
    assert rule.latest(at("2026-11-28T06:00:30")) == at("2026-11-28T06:00")
    assert rule.latest(at("2026-11-28T05:59:59.9")) == at("2026-11-27T06:00")


# Clocks in Berlin go from 02:00 to 03:00 on 29 March 2026 and from 03:00 to 02:00 on 25 October.
@pytest.mark.parametrize(
    ("every", "day", "slots"),
    [
        ("daily at 02:30", "2026-03-29", ["2026-03-29T03:00+02:00"]),
        ("daily at 02:30", "2026-10-25", ["2026-10-25T02:30+02:00"]),
        ("daily at 06:00", "2026-03-29", ["2026-03-29T06:00+02:00"]),
        ("daily at 06:00", "2026-10-25", ["2026-10-25T06:00+01:00"]),
    ],
)
def test_a_changed_clock_loses_no_day_and_doubles_none(every, day, slots):
    rule = cadence(every, "Europe/Berlin")
    start = at(f"{day}T00:00+01:00") - timedelta(hours=2)
    found, slot = [], rule.following(start)
    while slot.astimezone(rule.zone).date().isoformat() <= day:
        found.append(slot)
        slot = rule.following(slot)
    assert [s for s in found if rule.day(s) == day] == [at(s) for s in slots]
    # Looking back finds the same slots as looking ahead.
    assert rule.latest(at(slots[-1])) == at(slots[-1])
    assert rule.latest(at(slots[-1]) - timedelta(minutes=1)) < at(slots[-1]) - timedelta(hours=20)


def test_a_year_of_days_is_a_year_of_slots_across_both_changes():
    rule = cadence("daily at 02:30", "America/New_York")
    slot, days = rule.latest(at("2026-01-01T12:00")), []
    while len(days) < 365:
        slot = rule.following(slot)
        days.append(rule.day(slot))
    assert len(set(days)) == 365


def test_an_hourly_report_is_made_24_times_a_day_and_25_when_the_clock_goes_back():
    rule = cadence("hourly", "Europe/Berlin")
    assert rule.missed(at("2026-10-24T22:00Z"), at("2026-10-25T23:00Z")) == 25
    assert rule.missed(at("2026-03-28T23:00Z"), at("2026-03-29T22:00Z")) == 23


def test_missed_slots_are_counted_up_to_a_limit():
    rule = cadence("daily at 06:00", "UTC")
    assert rule.missed(at("2026-11-20T06:00"), at("2026-11-28T06:00")) == 8
    assert rule.missed(at("2026-11-20T06:00"), at("2026-11-20T06:00")) == 0
    assert rule.missed(at("2020-01-01T06:00"), at("2026-11-28T06:00"), most=100) == 100


@pytest.mark.parametrize(
    ("every", "told"),
    [
        ("fortnightly", "five cron fields"),
        ("daily on monday", "only weekly and monthly take"),
        ("hourly at 06:00", "every full hour"),
        ("daily at 24:00", "no time of the day"),
        ("weekly on mondy", "Did you mean 'monday'?"),
        ("monthly on 31", "1 to 28, or 'last'"),
        ("61 * * * *", "no rule"),
        ("0 6 30 2 *", "Bad day-of-month"),
        ("", "five cron fields"),
    ],
)
def test_what_is_no_rule_is_refused_with_what_to_write(every, told):
    with pytest.raises(ParameterError, match=told):
        cadence(every, "UTC")


@pytest.mark.parametrize("zone", ["Bagdad", "", "../etc/passwd", "Europe"])
def test_what_is_no_time_zone_is_refused(zone):
    with pytest.raises(ParameterError, match="IANA"):
        cadence("daily", zone)
