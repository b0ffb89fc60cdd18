"""What happened elsewhere: fire from Gaza day by day, and a partial list of other theatres."""

from __future__ import annotations

import os

import numpy as np
import pandas as pd

from analysis.catalogue.load import read_table
from analysis.catalogue.sources import joined
from analysis.catalogue.vintage import ONE_DAY
from analysis.errors import CatalogueError, ParameterError, check_choice
from analysis.timeline import EventSeries, Window

DRONE = "drone"


def gaza_fire(path: str | os.PathLike = "data/gaza_fire.csv", *, drones: bool = False) -> pd.DataFrame:
    """Launches from Gaza by local day (Asia/Jerusalem).

    Parameters
    ----------
    path : CSV file
    drones : the separate rows on drones instead; they are not to be summed

    Returns
    -------
    One row per day, date_local as index: launches, launches_low, launches_high (Int64; missing where there is
    neither a count nor a written zero), known (whether there is one), weapon, basis, confidence,
    source, source_url, source_date, note
    """
    table = read_table(path)
    if "launches" not in table:
        raise CatalogueError(f"{table.attrs['file']} is no table of launches: it has no column launches")
    attrs = dict(table.attrs)
    table = table[table["weapon"].eq(DRONE) == drones].set_index("date_local").sort_index(kind="stable")
    table.insert(3, "known", table["launches"].notna())
    table.attrs = attrs
    return table


def gaza_anchors(path: str | os.PathLike = "data/gaza_cumulative_anchors.csv") -> pd.DataFrame:
    """Running totals of launches during the war of May 2021, as printed; as_of_local is naive local time."""
    return read_table(path)


def other_theatres(path: str | os.PathLike = "data/other_theatres.csv") -> pd.DataFrame:
    """Attacks by Iran-linked groups elsewhere: a sample. A missing row is not a missing attack."""
    return read_table(path)


def unknown_days(fire: pd.DataFrame) -> list[tuple[str, str]]:
    """Stretches without a count or a written zero, to be given as ``holes`` of a window: (start, end) dates.

    ``fire`` is from ``gaza_fire``. A day that the table lacks between its first and its last is unknown too.
    """
    days = pd.date_range(fire.index.min(), fire.index.max(), freq="D")
    known = fire["known"].reindex(days, fill_value=False)
    spans = joined([(day, day + ONE_DAY) for day in days[~known.to_numpy(bool)]])
    return [(f"{a:%Y-%m-%d}", f"{b:%Y-%m-%d}") for a, b in spans]


def fire_days(fire: pd.DataFrame, window: Window, *, least: int = 1, label: str = "days of fire") -> EventSeries:
    """The days with at least ``least`` launches as events at mid-day, in a window of whole days.

    Parameters
    ----------
    fire : from ``gaza_fire``; days without a count are no events, so they belong in the holes of ``window``
    window : a dated window whose edges are midnights, and which no event opened
    """
    return _on_days(fire.index[fire["launches"].fillna(0).ge(least)], window, label, fire)


def elsewhere(table: pd.DataFrame, window: Window, theatre: str) -> EventSeries:
    """The days with an attack in another theatre as events at mid-day; ``table`` is from ``other_theatres``.

    Raises
    ------
    ParameterError : a theatre that the table does not have
    """
    check_choice("theatre", theatre, sorted(table["theatre"].unique()))
    days = table.loc[table["theatre"].eq(theatre), "date_local"].drop_duplicates().sort_values()
    return _on_days(pd.DatetimeIndex(days), window, theatre.replace("_", " "), table)


def _on_days(days: pd.DatetimeIndex, window: Window, label: str, table: pd.DataFrame) -> EventSeries:
    """Days as events at noon on the calendar of the window: the day counts, in whatever place it is local."""
    if not window.dated or window.start != window.start.normalize():
        raise ParameterError(f"days are laid into a window of dates that starts at a midnight, not into {window}")
    zero = window.start.tz_localize(None)
    noon = (days - zero).to_numpy() / ONE_DAY.to_timedelta64() + 0.5
    noon = noon[(noon >= 0) & (noon < window.span)]
    seen = noon[window.is_watched(noon)]
    hidden = int(noon.size - seen.size)
    notes = (f"{hidden} {label} inside holes of the window left out",) if hidden else ()
    shared = {"precision": 1.0, "resolution": "day", "width": np.zeros(seen.size)}
    vintage = {k: table.attrs.get(k) for k in ("sha256", "as_of", "file")}
    return EventSeries(times=seen, window=window, label=label, notes=notes, vintage=vintage, **shared)
