"""One series for each weapon or group, what came after a day, and first day and spell of each intervention."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from analysis.catalogue.grid import grid_changes
from analysis.catalogue.interventions import spells
from analysis.catalogue.select import select
from analysis.catalogue.sources import poorly_watched
from analysis.catalogue.vintage import ONE_DAY, end_of_record
from analysis.errors import ParameterError, nearest
from analysis.timeline import EventSeries, StateSeries, Window


def select_each(
    table: pd.DataFrame,
    weapons: Sequence[str] | Mapping[str, Sequence[str]],
    *,
    watched_only: bool = False,
    **settings: Any,
) -> dict[str, EventSeries]:
    """``select`` for each weapon alone, by weapon, or for each group of weapons, by the name of the group.

    Parameters
    ----------
    weapons : weapons, or weapons by group: ``{"drones and rockets": ["drone", "rocket"]}``
    watched_only : take the stretches in which few were watching for that weapon out of its window, as holes
    settings : as in ``select``
    """
    groups = dict(weapons) if isinstance(weapons, Mapping) else {weapon: [weapon] for weapon in weapons}
    holes = {name: poorly_watched(table, group) if watched_only else () for name, group in groups.items()}
    return {name: select(table, weapon=list(group), holes=holes[name], **settings) for name, group in groups.items()}


def poorly_each(table: pd.DataFrame, weapons: Sequence[str]) -> dict[str, list[tuple[str, str]]]:
    """``poorly_watched`` for each weapon alone, by weapon."""
    return {weapon: poorly_watched(table, [weapon]) for weapon in weapons}


def first_days(interventions: pd.DataFrame, ids: Sequence[str]) -> Mapping[str, pd.Timestamp]:
    """The local midnight that begins each intervention, by its label, in the order of time.

    Raises
    ------
    ParameterError : an id that is not in the table
    """
    rows = _rows(interventions, ids)
    zone = interventions.attrs.get("time_zone", "Asia/Baghdad")
    return dict(zip(rows["label"], rows["date_start"].dt.tz_localize(zone), strict=True))


def first_days_inside(interventions: pd.DataFrame, ids: Sequence[str], window: Window) -> dict[str, pd.Timestamp]:
    """``first_days`` of those that begin inside ``window``."""
    return {name: day for name, day in first_days(interventions, ids).items() if window.start < day < window.end}


def spells_each(
    interventions: pd.DataFrame, ids: Sequence[str], window: Window, *, one_day_lasts: float = 1
) -> dict[str, StateSeries]:
    """The spell of each intervention cut to ``window``, by its label, in the order of ``ids``; whole local days.

    Parameters
    ----------
    one_day_lasts : days for which an event of a single day (a departure, a threat) is taken to be on

    Raises
    ------
    ParameterError : an id that is not in the table, or less than a day
    """
    if not one_day_lasts >= 1:
        raise ParameterError(f"one_day_lasts must be a number of days of 1 or more, got {one_day_lasts!r}")
    table = interventions.copy()
    single = table["date_start"].eq(table["date_end"])
    table.loc[single, "date_end"] = table.loc[single, "date_start"] + (one_day_lasts - 1) * ONE_DAY
    table.attrs = dict(interventions.attrs)
    labels = _rows(interventions, ids).set_index("intervention_id")["label"]
    return {labels[i]: spells(table, window, ids=[i]) for i in ids}


def _rows(interventions: pd.DataFrame, ids: Sequence[str]) -> pd.DataFrame:
    """One row for each id, in the order of time."""
    known = interventions["intervention_id"]
    if unknown := [i for i in ids if i not in set(known)]:
        raise ParameterError(f"no intervention {unknown[0]!r} in the table.{nearest(unknown[0], known)}")
    return interventions[known.isin(ids)].drop_duplicates("intervention_id")


def weapon_groups(lead: Sequence[str], compare: Sequence[str]) -> dict[str, list[str] | None]:
    """Names and weapons: the leading ones, each of ``compare`` alone, and all of those together; [] leads with all."""
    groups: dict[str, list[str] | None] = {" and ".join(lead) or "every weapon": list(lead) or None}
    groups |= {name: [name] for name in compare if [name] != list(lead)}
    if len(compare) > 1:
        groups["all together"] = list(compare)
    return groups


def select_groups(
    table: pd.DataFrame, groups: Mapping[str, Sequence[str] | None], **settings: Any
) -> dict[str, EventSeries]:
    """``select`` for each group of weapons, by the name of the group; settings as in ``select``."""
    return {name: select(table, weapon=None if w is None else list(w), **settings) for name, w in groups.items()}


def came_after(
    table: pd.DataFrame, groups: Mapping[str, Sequence[str] | None], *, since: str, **settings: Any
) -> dict[str, EventSeries | None]:
    """What came from a day to the end of the record, for each group; None where the record ends by then.

    Parameters
    ----------
    table : as it is known now. Where it does not state its end, it is taken to end with the day of its last attack
    since : the first day after the forecast
    settings : as in ``select``; the window is opened by the date and times are as exact as they are known
    """
    last = end_of_record(table)
    if last is None and len(table):
        last = f"{table['date_local'].max() + pd.Timedelta(days=1):%Y-%m-%d}"
    if last is None or str(last) <= str(since):
        return dict.fromkeys(groups)
    span = {"start": since, "end": last, "opened_by_event": False, "resolution": "exact"}
    return dict(select_groups(table, groups, **{**settings, **span}))


def came_in_grid(
    table: pd.DataFrame,
    weapon: Sequence[str] | None,
    *,
    since: str,
    doubts: str | os.PathLike = "data/grid.yml",
    **settings: Any,
) -> dict[str, EventSeries | None]:
    """What came after a day, as given and in every cell of the grid of doubts; all else as in ``came_after``."""
    changes = {"as given": {}} | grid_changes(table, doubts)
    return {
        name: came_after(table, {name: weapon}, since=since, **{**settings, **change})[name]
        for name, change in changes.items()
    }
