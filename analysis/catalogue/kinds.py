"""How many attacks are of a kind: those with casualties, and those at named sites."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

Counts = dict[str, tuple[int, int]]


def casualty_counts(
    groups: Mapping[str, pd.DataFrame],
    *,
    disputed: Sequence[str] = (),
    columns: Sequence[str] = ("us_killed", "us_wounded"),
) -> Counts:
    """For each group of attacks: (with casualties, in all), by definition where definitions differ.

    Parameters
    ----------
    groups : rows by name, for example from ``events(..., merge="none")``
    disputed : event ids whose casualties count under one definition only
    columns : the counts that make a casualty; a blank is "not reported"

    Returns
    -------
    By name of the group. Where a group holds a disputed attack there are two, ", disputed case counted" and ",
    disputed case not counted"; where casualties are not reported for some, one more over ", reported only": a share
    of the attacks about which some source says how many.
    """
    counts: Counts = {}
    for name, rows in groups.items():
        numbers = rows[list(columns)]
        some = numbers.gt(0).fillna(False).any(axis=1)
        told = some | numbers.notna().all(axis=1)
        doubtful = some & rows["event_id"].isin(list(disputed))
        variants = {"": some}
        if doubtful.any():
            variants = {", disputed case counted": some, ", disputed case not counted": some & ~doubtful}
        for words, mark in variants.items():
            counts[name + words] = (int(mark.sum()), len(rows))
            if not told.all():
                counts[f"{name}{words}, reported only"] = (int(mark.sum()), int(told.sum()))
    return counts


def site_counts(groups: Mapping[str, pd.DataFrame], sites: Sequence[str]) -> Counts:
    """For each group of attacks: (at one of the sites, in all with a site named)."""
    return {
        name: (int(rows["site"].isin(list(sites)).sum()), int(rows["site"].notna().sum()))
        for name, rows in groups.items()
    }


def site_mix(rows: pd.DataFrame, sites: Sequence[str]) -> pd.DataFrame:
    """Attacks by site, the most frequent first: columns weapon by weapon, total, named in ``sites``."""
    counts = pd.crosstab(rows["site"], rows["weapon"])
    counts["total"] = counts.sum(axis=1)
    counts = counts.sort_values(["total"], ascending=False, kind="stable")
    return counts.assign(named=["yes" if name in set(sites) else "no" for name in counts.index]).rename_axis(
        columns=None
    )
