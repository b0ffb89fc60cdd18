"""Exports of the UCDP Georeferenced Event Dataset: deadly events, with a date range where the day is not known."""

from __future__ import annotations

import pandas as pd

from analysis.catalogue.readers.text import column, constant, renamed, whole

COLUMNS = (
    frozenset({"id", "type_of_violence", "date_start", "date_end", "date_prec", "dyad_name", "best"}),
    frozenset({"id", "type_of_violence", "date_start", "date_end", "date_prec", "dyad_name", "best_est"}),
)
SAID = (
    "read as an export of UCDP GED, which holds only events with at least one death: silence in it is silence of "
    "deadly events; weapon holds the type of violence and target_class the dyad"
)
VIOLENCE = {"1": "state_based", "2": "non_state", "3": "one_sided"}
# date_prec: 1 the day, 2 two to six days, 3 a week, 4 a month, 5 longer, up to a year (Hoegbladh 2019, Codebook 19.1).
SURE = {"1": "high", "2": "medium", "3": "medium", "4": "low", "5": "low"}
ISO = r"([0-9]{4}-[0-9]{2}-[0-9]{2})"


def translate(frame: pd.DataFrame) -> pd.DataFrame:
    """The text of a GED export in the columns of a catalogue of attacks; its own columns follow, as they were.

    An event with a range of days keeps it as its earliest and latest reading and is placed on its middle day: GED has a
    range where the day is not known, and does not tell it from an event that went on for days. What cannot be read
    stays as it is, so that the check of the table names it.
    """
    frame = frame[~frame["id"].str.startswith("#", na=False)]  # exchange files carry a second line of tags
    start, end = (_day(frame[c]) for c in ("date_start", "date_end"))
    precision = whole(frame["date_prec"])
    own = {
        "event_id": frame["id"],
        "date_local": _middle(start, end),
        "date_earliest": start,
        "date_latest": end,
        "time_precision": constant(frame, "day"),
        "first_reported": _public(column(frame, "source_date"), start),
        "site": column(frame, "where_coordinates"),
        "governorate": column(frame, "adm_1"),
        "lat": column(frame, "latitude"),
        "lon": column(frame, "longitude"),
        "weapon": whole(frame["type_of_violence"]).replace(VIOLENCE),
        "target_class": frame["dyad_name"],
        "outcome": constant(frame, "hit"),
        "killed": whole(column(frame, "best", "best_est")),
        "source_1": column(frame, "source_office", "source_article"),
        "confidence": precision.map(SURE).fillna(precision),
        "note": column(frame, "source_headline"),
    }
    return pd.DataFrame(own | renamed(frame, own, "ged"))


def _day(cell: pd.Series) -> pd.Series:
    """Some releases write dates with a midnight behind them."""
    return cell.str.replace(r"[ T]00:00:00(\.0+)?$", "", regex=True)


def _middle(start: pd.Series, end: pd.Series) -> pd.Series:
    """The middle day of a range, the earlier of two; the first day where one of them cannot be read."""
    a, b = (pd.to_datetime(c, format="%Y-%m-%d", errors="coerce") for c in (start, end))
    middle = (a + (b - a) // 2).dt.normalize().dt.strftime("%Y-%m-%d")
    return middle.where(middle.notna(), start).astype("str")


def _public(cell: pd.Series, start: pd.Series) -> pd.Series:
    """The first dated source from the first day to two years after it; blank where the release names none such.

    Years that were mistyped stand in releases: 2919 and 2109 in that of November 2019 on Syria.
    """
    dated = cell.str.extractall(ISO)[0]
    first = start.reindex(dated.index.get_level_values(0)).set_axis(dated.index)
    years = pd.to_numeric(dated.str[:4]) - pd.to_numeric(first.str[:4], errors="coerce")
    later = dated[(dated >= first) & (years <= 2)]
    return later.groupby(level=0).min().reindex(cell.index).astype("str")
