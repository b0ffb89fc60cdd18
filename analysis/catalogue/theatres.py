"""What happened elsewhere: fire from Gaza day by day, and a partial list of other theatres."""

from __future__ import annotations

import os

import pandas as pd

from analysis.catalogue.load import read_table
from analysis.errors import CatalogueError

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
