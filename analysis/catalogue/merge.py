"""Attacks of one night counted as one decision."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

import numpy as np
import pandas as pd

from analysis.catalogue.readings import Dates, bare, timed
from analysis.errors import ParameterError, check_choice

Merge = Literal["night", "place", "none"]
MERGES: tuple[Merge, ...] = ("night", "place", "none")
COUNTS = ("munitions_count", "killed", "wounded", "us_killed", "us_wounded")
EARTH_KM = 6371.0


def merge_nights(
    table: pd.DataFrame,
    *,
    by: Merge = "place",
    km: float = 2.0,
    dates: Dates | Mapping[str, object] = "point",
) -> pd.DataFrame:
    """One row per decision: attacks of one night are put together.

    Parameters
    ----------
    table : from ``load``, already filtered: only its rows are merged with each other
    by : "place" puts together attacks of one night at one place, "night" all attacks of one night wherever
        they were, "none" nothing
    km : places closer than this are one. Chains count: A near B and B near C are one place. Rows without
        coordinates are at one place where their site is the same text
    dates : which reading tells the night, see ``readings``

    Returns
    -------
    The first attack of each night (and place) by point time, with the columns of ``readings``, merged_ids
    (all event ids, parted by "; ") and n_merged. Times, site and class are those of the first; munitions and
    casualties are summed, and missing where one of them is.

    Notes
    -----
    What a night is, and why convoys count by day, stands in ``readings``. Bases are told apart by coordinates
    and not by class, so that the airport's two camps (us_military and us_diplomatic) are one place.
    """
    check_choice("by", by, MERGES)
    if not isinstance(km, int | float) or not km >= 0:
        raise ParameterError(f"km must be a number of 0 or more, got {km!r}")
    rows = merged(timed(bare(table), dates, table.attrs), by=by, km=km)
    rows.attrs = dict(table.attrs)
    return rows


def merged(rows: pd.DataFrame, *, by: Merge, km: float = 2.0) -> pd.DataFrame:
    """Bare ``rows`` with their readings, merged; by day and point time, ties in the order of the file."""
    rows = rows.sort_values(["point", "day"], kind="stable").reset_index(drop=True)
    group = np.arange(len(rows))
    if by == "night":
        group = rows["night"].factorize()[0]
    if by == "place":
        group = _places(rows, km)
    first = np.unique(group, return_index=True)[1]
    grouped = rows.groupby(group)
    out = rows.iloc[first].reset_index(drop=True)
    out["merged_ids"] = grouped["event_id"].agg("; ".join).to_numpy()
    out["n_merged"] = grouped.size().to_numpy()
    for name in COUNTS:
        total = grouped[name].sum().astype("Int64")
        out[name] = total.mask(grouped[name].count() < grouped.size()).to_numpy()
    out = out.astype({"merged_ids": "str", **dict.fromkeys(COUNTS, "Int64")})
    return out.sort_values(["day", "point"], kind="stable").reset_index(drop=True)


def _places(rows: pd.DataFrame, km: float) -> np.ndarray:
    """A number for each night and place; rows of one number are one decision."""
    group = np.arange(len(rows))
    site = rows["site"].str.strip().str.casefold()
    for index in rows.groupby("night").indices.values():
        if len(index) == 1:
            continue
        near = _near(rows.iloc[index], site.iloc[index], km)
        for i, j in np.argwhere(np.triu(near, 1)):
            old, new = group[index[j]], group[index[i]]
            group[group == old] = new
    return group


def _near(rows: pd.DataFrame, site: pd.Series, km: float) -> np.ndarray:
    lat, lon = np.radians(rows["lat"].to_numpy()), np.radians(rows["lon"].to_numpy())
    north, east = lat[:, None] - lat, lon[:, None] - lon
    chord = np.sin(north / 2) ** 2 + np.cos(lat[:, None]) * np.cos(lat) * np.sin(east / 2) ** 2
    apart = 2 * EARTH_KM * np.arcsin(np.sqrt(np.clip(chord, 0, 1)))
    names = site.to_numpy(dtype=object)
    known = site.notna().to_numpy()
    same = (names[:, None] == names) & known[:, None] & known
    return np.where(np.isnan(apart), same, apart <= km)
