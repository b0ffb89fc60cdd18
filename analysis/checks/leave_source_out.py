"""Does the answer hang on a single source?"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

import pandas as pd

from analysis.catalogue import events, select
from analysis.checks.row import COLUMNS, row
from analysis.errors import ParameterError
from analysis.results import Finding
from analysis.timeline import EventSeries

SOURCES = ("source_1", "source_2")


def leave_one_source_out(
    table: pd.DataFrame, base: Mapping[str, Any], test: Callable[[EventSeries], Finding]
) -> pd.DataFrame:
    """``test`` as given, and with the attacks left out that rest on one source alone, for each such source.

    Parameters
    ----------
    table : the catalogue, from ``load``
    base : settings of ``select`` for the answer given
    test : called with the series

    Returns
    -------
    Columns as ``analysis.checks.row.COLUMNS``; the note names the attacks left out. Sources whose loss takes no
    attack of the series away are not listed

    Notes
    -----
    "Outlet / agency" is a report that needs both: without either it is gone. An attack goes when all its
    reports do. Words in brackets, as in "Telegram (channel)", are not part of the name.
    """
    if missing := [c for c in SOURCES if c not in table]:
        raise ParameterError(f"the table has no column {missing[0]!r}, so no source can be left out")
    given = select(table, **base)
    rows = [row("as given", test(given))]
    alone = resting_on(_behind(table, base))
    left = tuple(base.get("exclude", ()) if not isinstance(base.get("exclude"), str) else [base["exclude"]])
    for source in sorted(alone, key=lambda name: (-len(alone[name]), name)):
        ids = alone[source]
        again = select(table, **{**base, "exclude": [*left, *ids]})
        opened = again.window.start != given.window.start
        note = f"left out: {', '.join(ids)}" + ("; the window opens at another attack" if opened else "")
        found = row(f"without {source}", test(again))
        rows.append(found | {"note": "; ".join(filter(None, [note, found["note"]]))})
    return pd.DataFrame(rows, columns=list(COLUMNS))


def resting_on(rows: pd.DataFrame) -> dict[str, list[str]]:
    """Event ids by the source without which nobody reports them; sources that are never alone are left out."""
    found: dict[str, list[str]] = {}
    for event, *reports in rows[["event_id", *SOURCES]].itertuples(index=False):
        needed = [names(report) for report in reports if isinstance(report, str) and report.strip()]
        for source in set.intersection(*needed) if needed else set():
            found.setdefault(source, []).append(event)
    return found


def names(report: str) -> set[str]:
    """The outlets and agencies that one report needs: "GV Wire / AP" needs both."""
    bare = re.sub(r"\([^)]*\)", "", report)
    return {part.strip() for part in re.split(r"\s+/\s+", bare) if part.strip()}


def _behind(table: pd.DataFrame, base: Mapping[str, Any]) -> pd.DataFrame:
    """Every row of the catalogue behind the series, those merged into another included."""
    merged = events(table, **base)["merged_ids"].str.split("; ").explode()
    return table[table["event_id"].isin(merged)]
