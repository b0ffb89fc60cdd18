"""Does the answer hang on choices that another researcher could have made otherwise?"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pandas as pd

from analysis.catalogue import select
from analysis.checks.row import COLUMNS, row
from analysis.results import Finding
from analysis.timeline import EventSeries


def variations(
    table: pd.DataFrame,
    base: Mapping[str, Any],
    changes: Mapping[str, Mapping[str, Any]],
    test: Callable[[EventSeries], Finding],
) -> pd.DataFrame:
    """``test`` on the series as chosen and on each series with some settings of ``select`` changed.

    Parameters
    ----------
    table : the catalogue, from ``load``
    base : settings of ``select`` for the answer given
    changes : for each variation, by name, the settings that differ

    Returns
    -------
    DataFrame with the columns of ``analysis.checks.row.COLUMNS``; the first row is the answer given
    """
    rows = [row("as given", test(select(table, **base)))]
    rows += [row(name, test(select(table, **{**base, **change}))) for name, change in changes.items()]
    return pd.DataFrame(rows, columns=list(COLUMNS))


def usual_changes() -> dict[str, dict[str, Any]]:
    """Choices of ``select`` that another researcher could have made, by name."""
    return {
        "window opened by the date": {"opened_by_event": False},
        "every date at its earliest": {"dates": "earliest"},
        "every date at its latest": {"dates": "latest"},
        "one night at one place merged": {"merge": "place"},
        "nothing merged": {"merge": "none"},
        "without low confidence": {"confidence": ["high", "medium"]},
        "high confidence only": {"confidence": ["high"]},
        "every target": {"target_class": None},
    }
