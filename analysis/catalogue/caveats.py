"""Sentences that have to travel with a selection: what was moved, merged or never watched."""

from __future__ import annotations

import pandas as pd

from analysis.catalogue.sources import poorly_watched
from analysis.catalogue.vintage import ONE_DAY


def on_dates(rows: pd.DataFrame, dates: object) -> list[str]:
    """Which dates were taken as known, and whether the record allows them."""
    if isinstance(dates, str):
        return [] if dates == "point" else [f"each attack is dated by its {dates} reading"]
    notes = []
    for row in rows[rows["event_id"].isin(list(dates))].itertuples():
        allowed = row.date_earliest <= row.day <= row.date_latest
        span = f"{row.date_earliest:%Y-%m-%d} to {row.date_latest:%Y-%m-%d}"
        against = "" if allowed else f", against the record, which has {span}"
        notes.append(f"{row.event_id} is taken to be on {row.day:%Y-%m-%d}{against}")
    return notes


def on_merging(rows: pd.DataFrame) -> list[str]:
    """How many rows were merged, and the first few of them by name."""
    several = rows.loc[rows["n_merged"] > 1, "merged_ids"].str.replace("; ", " + ")
    if not len(several):
        return []
    shown = "; ".join(several.iloc[:5]) + (" ..." if len(several) > 5 else "")
    n = int(rows["n_merged"].sum() - len(rows))
    return [f"{n} row{'s' if n > 1 else ''} merged into the first attack of their night ({shown})"]


def on_coverage(table: pd.DataFrame, start, end, weapon: object, spans: list) -> list[str]:
    """Where the window reaches beyond what the coders looked at."""
    notes = []
    first, last = (f"{m:%Y-%m-%d}" for m in (start, end))
    coverage, as_of = table.attrs.get("coverage"), table.attrs.get("as_of")
    if coverage and first < coverage["start"]:
        notes.append(f"the window opens before the record does ({coverage['start']}): silence before it says nothing")
    if coverage and last > coverage["end"]:
        notes.append(f"the window goes on after the record ends ({coverage['end']}): silence after it says nothing")
    if as_of and end.tz_localize(None) > pd.Timestamp(as_of) + ONE_DAY:
        notes.append(f"the window goes on after the as_of, {as_of}: silence after it says nothing")
    thin = [(a, b) for a, b in poorly_watched(table, weapon) if a < last and b > first]
    thin = [(a, b) for a, b in thin if not _covered(a, b, start, end, spans)]
    if thin:
        listed = ", ".join(f"{a} to {b}" for a, b in thin)
        notes.append(f"poorly watched by the coders' own account, and not taken out: {listed}")
    for name, why in ((coverage or {}).get("uneven") or {}).items():
        if weapon is None or name in ([weapon] if isinstance(weapon, str) else list(weapon)):
            notes.append(f"{name} attacks are thinly and unevenly covered throughout, {why}: their count gives no rate")
    return notes


def _covered(first: str, last: str, start: pd.Timestamp, end: pd.Timestamp, spans: list) -> bool:
    a, b = max(pd.Timestamp(first, tz=start.tz), start), min(pd.Timestamp(last, tz=start.tz), end)
    return any(s[0] <= a and s[1] >= b for s in spans)
