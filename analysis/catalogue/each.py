"""One series for each weapon, and the first day of each intervention, by name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from analysis.catalogue.select import select
from analysis.catalogue.sources import poorly_watched
from analysis.errors import ParameterError, nearest
from analysis.timeline import EventSeries


def select_each(
    table: pd.DataFrame, weapons: Sequence[str], *, watched_only: bool = False, **settings: Any
) -> dict[str, EventSeries]:
    """``select`` for each weapon alone, by weapon.

    Parameters
    ----------
    watched_only : take the stretches in which few were watching for that weapon out of its window, as holes
    settings : as in ``select``
    """
    holes = {weapon: poorly_watched(table, weapon) if watched_only else () for weapon in weapons}
    return {weapon: select(table, weapon=[weapon], holes=holes[weapon], **settings) for weapon in weapons}


def poorly_each(table: pd.DataFrame, weapons: Sequence[str]) -> dict[str, list[tuple[str, str]]]:
    """``poorly_watched`` for each weapon alone, by weapon."""
    return {weapon: poorly_watched(table, [weapon]) for weapon in weapons}


def first_days(interventions: pd.DataFrame, ids: Sequence[str]) -> Mapping[str, pd.Timestamp]:
    """The local midnight that begins each intervention, by its label, in the order of time.

    Raises
    ------
    ParameterError : an id that is not in the table
    """
    known = interventions["intervention_id"]
    if unknown := [i for i in ids if i not in set(known)]:
        raise ParameterError(f"no intervention {unknown[0]!r} in the table.{nearest(unknown[0], known)}")
    rows = interventions[known.isin(ids)].drop_duplicates("intervention_id")
    zone = interventions.attrs.get("time_zone", "Asia/Baghdad")
    return dict(zip(rows["label"], rows["date_start"].dt.tz_localize(zone), strict=True))
