"""Exports of the Global Terrorism Database: attacks with year, month and day apart, where 0 is unknown."""

from __future__ import annotations

import pandas as pd

from analysis.catalogue.readers.text import column, constant, renamed, whole

COLUMNS = (frozenset({"eventid", "iyear", "imonth", "iday", "attacktype1", "gname"}),)
SAID = (
    "read as an export of GTD: weapon holds weaptype1_txt, target_class targtype1_txt; attacks of doubtful nature "
    "(doubtterr) are kept, and the year 1993 is not in the database: a hole, not a silence"
)


def translate(frame: pd.DataFrame) -> pd.DataFrame:
    """The text of a GTD export in the columns of a catalogue of attacks; its own columns follow, as they were.

    A day of 0 is somewhere in the month, a month of 0 somewhere in the year; such a row is placed in the middle.
    """
    year, month, day = (whole(frame[c]) for c in ("iyear", "imonth", "iday"))
    no_month, no_day = month.eq("0"), day.eq("0") | month.eq("0")
    first = _date(year, month.mask(no_month, "1"), day.mask(no_day, "1"))
    last = first.mask(no_day, first.dt.to_period("M").dt.end_time.dt.normalize())
    last = last.mask(no_month, first.dt.to_period("Y").dt.end_time.dt.normalize())
    middle = (first + (last - first) // 2).dt.normalize()
    raw = year + "-" + month + "-" + day
    dates = {"date_local": middle, "date_earliest": first, "date_latest": last}
    sure = constant(frame, "high").mask(no_day, "low")
    own = {
        "event_id": frame["eventid"],
        **{name: d.dt.strftime("%Y-%m-%d").where(d.notna(), raw).astype("str") for name, d in dates.items()},
        "time_precision": constant(frame, "day"),
        "site": column(frame, "city"),
        "governorate": column(frame, "provstate"),
        "lat": column(frame, "latitude"),
        "lon": column(frame, "longitude"),
        "weapon": column(frame, "weaptype1_txt", "attacktype1_txt", "attacktype1"),
        "target_class": column(frame, "targtype1_txt", "targtype1"),
        "outcome": whole(column(frame, "success")).map({"1": "hit", "0": "unknown"}).astype("str"),
        "killed": whole(column(frame, "nkill")),
        "wounded": whole(column(frame, "nwound")),
        "us_killed": whole(column(frame, "nkillus")),
        "us_wounded": whole(column(frame, "nwoundus")),
        "claimed_by": frame["gname"].where(whole(column(frame, "claimed")).eq("1").fillna(False).astype(bool)),
        "source_1": column(frame, "scite1"),
        "confidence": sure,
        "note": column(frame, "summary"),
    }
    return pd.DataFrame(own | renamed(frame, own, "gtd"))


def _date(year: pd.Series, month: pd.Series, day: pd.Series) -> pd.Series:
    """Year, month and day as a date; missing where there is no such day."""
    return pd.to_datetime(year + "-" + month + "-" + day, format="%Y-%m-%d", errors="coerce")
