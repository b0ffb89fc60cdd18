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
