"""When each attack may have happened: its point value and the readings its sources allow."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

import numpy as np
import pandas as pd

from analysis.catalogue.vintage import ONE_DAY, local_moment
from analysis.errors import ParameterError, check_choice, nearest

Dates = Literal["point", "earliest", "latest"]
DATES: tuple[Dates, ...] = ("point", "earliest", "latest")
CONVOY = "contractor_convoy"
ONE_HOUR = pd.Timedelta(hours=1)


def readings(table: pd.DataFrame, *, dates: Dates | Mapping[str, object] = "point") -> pd.DataFrame:
    """The table with the times of its attacks as further columns, all in naive local time.

    Parameters
    ----------
    table : from ``load``
    dates : "point" takes date_local and keeps every reading; "earliest" and "latest" take that date as
        known; a mapping from event_id to a date takes those dates as known and leaves the others alone

    Returns
    -------
    The table with
    day, day_first, day_last : the date that counts, and the first and last admissible one
    point : middle of the reading on ``day``
    earliest, latest : first and last admissible instant
    width : length of one reading, days. A minute is 1/1440, an hour 1/24, a part of the day its hours,
        "overnight" 20:00 to 06:00, a day 1. Where dates differ, the readings are whole days apart
    night : the night the attack belongs to, as the date of its evening; for one in daylight noon of its day

    Notes
    -----
    A night runs from 18:00 to 06:00 and is told from ``point``; attacks known to be in daylight are of their day,
    so that rockets at noon are not one decision with those of the night after. An attack known only to the day
    belongs to the night that begins on its date, since nothing says otherwise. Convoys are coded by
    governorate and day,
    also where a source tells the hour: their day counts as their night, so that a blast in the morning and
    one without an hour on the same day are not parted by how well they were reported.
    """
    out = timed(bare(table), dates, table.attrs)
    out.attrs = dict(table.attrs)
    return out


def bare(table: pd.DataFrame) -> pd.DataFrame:
    """The table without its attrs, which pandas would copy at every step; they are passed beside it."""
    table = table.copy(deep=False)
    table.attrs = {}
    return table


def timed(table: pd.DataFrame, dates: object, attrs: Mapping) -> pd.DataFrame:
    """``readings`` of a bare table."""
    day, first, last, known = _days(table, dates, attrs)
    begin, end = _hours(table, attrs.get("hours", {}))
    overnight = end > 24
    out = table.assign(day=day, day_first=first, day_last=last)
    start_of = _hour_of(begin)
    stop_of = _hour_of(end)
    # An overnight attack belongs to the evening before its last date.
    last_evening = last.where(~overnight | (last <= first), last - ONE_DAY)
    evening = day.clip(first, last_evening)
    split = overnight & known & (table["date_earliest"] < table["date_latest"])
    morning = split & (day > table["date_earliest"]) & (day >= table["date_latest"])
    start_of = start_of.mask(morning, pd.Timedelta(0))
    stop_of = stop_of.mask(morning, _hour_of(end - 24)).mask(split & ~morning, ONE_DAY)
    out["earliest"] = first + start_of
    out["latest"] = last_evening.mask(morning, day) + stop_of
    out["width"] = (stop_of - start_of) / ONE_DAY
    out["point"] = evening.mask(morning, day) + (start_of + stop_of) / 2
    out["night"] = _nights(out)
    return out


def _days(table: pd.DataFrame, dates: object, attrs: Mapping) -> tuple[pd.Series, ...]:
    """The date that counts, the first and last one, and whether it was fixed by the caller."""
    first, last, local = table["date_earliest"], table["date_latest"], table["date_local"]
    nowhere = pd.Series(False, index=table.index)
    if isinstance(dates, Mapping):
        fixed = table["event_id"].map(_fixed(table, dates, attrs))
        known = fixed.notna()
        fixed = fixed.astype("datetime64[us]")
        return local.mask(known, fixed), first.mask(known, fixed), last.mask(known, fixed), known
    check_choice("dates", dates, DATES)
    if dates == "point":
        return local, first, last, nowhere
    day = first if dates == "earliest" else last
    return day, day, day, ~nowhere


def _fixed(table: pd.DataFrame, dates: Mapping, attrs: Mapping) -> dict[str, pd.Timestamp]:
    check_ids(table, list(dates), "dates", attrs)
    return {k: local_moment(v, f"dates[{k!r}]").tz_localize(None).normalize() for k, v in dates.items()}


def check_ids(table: pd.DataFrame, ids: list, setting: str, attrs: Mapping) -> None:
    """Raise a ParameterError for names that are no event of the table, nor one left out by its ``as_of``."""
    known = {*table["event_id"], *attrs.get("not_yet_public", ())}
    for name in ids:
        if name not in known:
            raise ParameterError(
                f"{setting} names {name!r}, which is no event_id of the table.{nearest(str(name), known)}"
            )


def _hours(table: pd.DataFrame, parts: Mapping) -> tuple[pd.Series, pd.Series]:
    """First and last local hour of each reading, counted from midnight of its date."""
    begin = pd.Series(0.0, index=table.index)
    end = pd.Series(24.0, index=table.index)
    hours = {k: tuple(v) for k, v in parts.items()}
    part = table["part_of_day"].where(table["time_precision"] == "part_of_day")
    begin = part.map({k: a for k, (a, _) in hours.items()}).astype(float).fillna(begin)
    end = part.map({k: b for k, (_, b) in hours.items()}).astype(float).fillna(end)
    minutes = pd.to_timedelta(table["time_local"] + ":00") / ONE_HOUR
    to_minute = table["time_precision"].eq("minute") & minutes.notna()
    to_hour = table["time_precision"].eq("hour") & minutes.notna()
    begin = begin.mask(to_minute, minutes).mask(to_hour, np.floor(minutes))
    return begin, end.mask(to_minute, minutes + 1 / 60).mask(to_hour, np.floor(minutes) + 1)


def _hour_of(hours: pd.Series) -> pd.Series:
    return pd.to_timedelta((hours * 3600).round(), unit="s")


def _nights(rows: pd.DataFrame) -> pd.Series:
    by_day = rows["time_precision"].eq("day") | rows["target_class"].eq(CONVOY).fillna(False)
    midnight = rows["point"].dt.normalize()
    daylight = rows["point"].dt.hour.between(6, 17)
    night = (rows["point"] - 12 * ONE_HOUR).dt.normalize().mask(daylight, midnight + 12 * ONE_HOUR)
    return night.mask(by_day, rows["day"])
