"""Exports of ACLED: events of political violence, dated to the day, to the week or to the month."""

from __future__ import annotations

import pandas as pd

from analysis.catalogue.readers.text import column, constant, renamed, whole

COLUMNS = (frozenset({"event_id_cnty", "event_date", "time_precision", "sub_event_type", "actor1", "fatalities"}),)
SAID = (
    "read as an export of ACLED: weapon holds the type of event (sub_event_type), target_class the two actors; the "
    "day on which an event became public is not in it, so that a view as of a day is none of what was known then"
)
# time_precision: 1 the day, 2 the week (event_date is its middle), 3 the month (ACLED codebook).
SURE = {"1": "high", "2": "medium", "3": "low"}
THREE_DAYS = pd.Timedelta(days=3)


def translate(frame: pd.DataFrame) -> pd.DataFrame:
    """The text of an ACLED export in the columns of a catalogue of attacks; its own columns follow, as they were.

    A week reaches three days to either side of its date, a month is the calendar month of it.
    """
    precision = whole(frame["time_precision"])
    day = _parsed(frame["event_date"])
    first = day.mask(precision.eq("2"), day - THREE_DAYS)
    first = first.mask(precision.eq("3"), day.dt.to_period("M").dt.start_time)
    last = day.mask(precision.eq("2"), day + THREE_DAYS)
    last = last.mask(precision.eq("3"), day.dt.to_period("M").dt.end_time.dt.normalize())
    other = column(frame, "actor2")
    own = {
        "event_id": frame["event_id_cnty"],
        "date_local": _text(day, frame["event_date"]),
        "date_earliest": _text(first, frame["event_date"]),
        "date_latest": _text(last, frame["event_date"]),
        "time_precision": constant(frame, "day"),
        "site": column(frame, "location"),
        "governorate": column(frame, "admin1"),
        "lat": column(frame, "latitude"),
        "lon": column(frame, "longitude"),
        "weapon": frame["sub_event_type"],
        "target_class": frame["actor1"].where(other.isna(), frame["actor1"] + " - " + other),
        "killed": whole(frame["fatalities"]),
        "source_1": column(frame, "source"),
        "confidence": precision.map(SURE).fillna(precision),
        "note": column(frame, "notes"),
    }
    return pd.DataFrame(own | renamed(frame, own, "acled"))


def _parsed(cell: pd.Series) -> pd.Series:
    """Dates as the interface writes them (2021-05-08) and as the website does (08 May 2021)."""
    iso = pd.to_datetime(cell, format="%Y-%m-%d", errors="coerce")
    return iso.fillna(pd.to_datetime(cell, format="%d %B %Y", errors="coerce"))


def _text(day: pd.Series, cell: pd.Series) -> pd.Series:
    """A day as ISO text; what could not be read stays as it is, for the check of the table to name."""
    return day.dt.strftime("%Y-%m-%d").where(day.notna(), cell).astype("str")
