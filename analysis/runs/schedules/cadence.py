"""How often a report is made: words or a cron expression, and the slots that follow from it in a time zone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from analysis.errors import ParameterError, nearest

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
WORDS = re.compile(
    r"(?P<often>hourly|daily|weekly|monthly)(?: on (?P<day>[a-z]+|\d{1,2}))?"
    r"(?: at (?P<hour>\d{1,2}):(?P<minute>\d{2}))?"
)
FORMS = (
    "daily, weekly or monthly, with or without a day and a time ('daily at 06:00', 'weekly on friday at 07:30', "
    "'monthly on 15'), hourly, or five cron fields: minute, hour, day of the month, month, weekday ('0 6 * * 1-5')"
)
CENTURY = datetime(2000, 1, 1)


@dataclass(frozen=True, slots=True)
class Cadence:
    """A rule for slots: ``every`` as it was written, the cron expression behind it, and its time zone.

    Slots that the change of clocks skips come right after the gap, and those it repeats come once, as with cron.
    """

    every: str
    expression: str
    zone: ZoneInfo

    def latest(self, now: datetime) -> datetime | None:
        """The last slot that is not after ``now``, in UTC; None where there has been none for decades."""
        # The search goes back from a minute and does not count it.
        after = now.astimezone(UTC).replace(second=0, microsecond=0) + timedelta(minutes=1)
        return next(self._slots(after, reverse=True), None)

    def following(self, now: datetime) -> datetime:
        """The first slot after ``now``, in UTC."""
        return next(self._slots(now))

    def missed(self, last: datetime, now: datetime, most: int = 1000) -> int:
        """How many slots lie after ``last`` and not after ``now``; counted up to ``most``."""
        count = 0
        for slot in self._slots(last):
            if slot > now or count == most:
                return count
            count += 1
        return count

    def day(self, slot: datetime) -> str:
        """The date of a slot where the report is read, as YYYY-MM-DD."""
        return slot.astimezone(self.zone).date().isoformat()

    def _slots(self, start: datetime, *, reverse: bool = False) -> Iterator[datetime]:
        from cronsim import CronSim

        for slot in CronSim(self.expression, start.astimezone(self.zone), reverse=reverse):
            yield slot.astimezone(UTC)


def cadence(every: str, timezone: str) -> Cadence:
    """The cadence that ``every`` and an IANA time zone name; raises one ParameterError for what is wrong with both."""
    problems, zone, expression = [], None, ""
    try:
        zone = _zone(str(timezone))
    except ParameterError as error:
        problems.append(str(error))
    try:
        expression = _expression(" ".join(str(every).lower().split()))
    except ParameterError as error:
        problems.append(str(error))
    if problems:
        raise ParameterError("\n- ".join(problems))
    return Cadence(str(every), expression, zone)


def _expression(text: str) -> str:
    found = WORDS.fullmatch(text)
    if found is None:
        return _fields(text)
    often, day = found["often"], found["day"]
    hour, minute = int(found["hour"] or 6), int(found["minute"] or 0)
    if often in ("hourly", "daily") and day:
        raise ParameterError(f"every: {text!r} has a day, which only weekly and monthly take")
    if often == "hourly":
        if found["hour"]:
            raise ParameterError(f"every: {text!r} has a time; hourly is at every full hour")
        return "0 * * * *"
    if hour > 23 or minute > 59:
        raise ParameterError(f"every: {text!r} names no time of the day; write 00:00 to 23:59")
    if often == "daily":
        return f"{minute} {hour} * * *"
    if often == "weekly":
        return f"{minute} {hour} * * {_weekday(day or WEEKDAYS[0], text)}"
    return f"{minute} {hour} {_day_of_month(day or '1', text)} * *"


def _fields(text: str) -> str:
    """Five cron fields, as they are; those of days that never come, such as 30 February, are refused too."""
    from cronsim import CronSim, CronSimError

    try:
        CronSim(text, CENTURY)
    except CronSimError as error:
        raise ParameterError(f"every: {text!r} is no rule ({error}); write {FORMS}") from None
    return text


def _weekday(day: str, text: str) -> int:
    if day not in WEEKDAYS:
        raise ParameterError(f"every: {day!r} in {text!r} is no weekday.{nearest(day, WEEKDAYS)}")
    return WEEKDAYS.index(day) + 1


def _day_of_month(day: str, text: str) -> str:
    if day == "last":
        return "L"
    if not day.isdigit() or not 1 <= int(day) <= 28:
        raise ParameterError(f"every: the day in {text!r} must be 1 to 28, or 'last', so that each month has it")
    return str(int(day))


@cache
def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ValueError, OSError, KeyError):  # ZoneInfoNotFoundError is a KeyError
        raise ParameterError(
            f"timezone: {name!r} is no time zone; write an IANA name such as 'UTC' or 'Asia/Baghdad'"
        ) from None
