"""Does the answer hang on choices that another researcher could have made otherwise?"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pandas as pd

from analysis.catalogue import select
from analysis.checks.row import COLUMNS, row
from analysis.results import Finding
from analysis.timeline import EventSeries


def reselected(
    table: pd.DataFrame, base: Mapping[str, Any], changes: Mapping[str, Mapping[str, Any]] | None = None
) -> dict[str, EventSeries]:
    """The series as chosen, and the series that other choices would have given, by name.

    Parameters
    ----------
    table : the catalogue, from ``load``
    base : settings of ``select`` for the answer given, which comes first under the name "as given"
    changes : for each variation, by name, the settings that differ; None for ``usual_changes``
    """
    changes = usual_changes() if changes is None else changes
    chosen = {"as given": select(table, **base)}
    return chosen | {name: select(table, **{**base, **change}) for name, change in changes.items()}


def variations(series: Mapping[str, EventSeries], test: Callable[[EventSeries], Finding]) -> pd.DataFrame:
    """``test`` on each of the ``series``, from ``reselected``: columns as ``analysis.checks.row.COLUMNS``."""
    return pd.DataFrame([row(name, test(each)) for name, each in series.items()], columns=list(COLUMNS))


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
