"""Does the answer hang on dates that the sources leave open?"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd

from analysis.checks.row import COLUMNS, row
from analysis.errors import check_rng
from analysis.results import Finding
from analysis.timeline import EventSeries


def date_precision(
    series: EventSeries, test: Callable[[EventSeries], Finding], *, rng, draws: int = 200, level: float = 0.95
) -> pd.DataFrame:
    """``test`` on ``draws`` readings of every uncertain date, summed up.

    Returns rows for the smallest, median and largest p over the readings, and a row with the share of
    readings whose p is under 1 - level (in ``note``). Columns as ``analysis.checks.row.COLUMNS``.
    """
    rng = check_rng(rng, "uncertain dates are drawn")
    findings = [test(series.draw(rng)) for _ in range(draws if series.uncertain else 1)]
    told = [f for f in findings if f.pvalue is not None]
    if not told:
        reason = findings[0].warnings[0] if findings[0].warnings else "no p-value"
        return pd.DataFrame([{"variation": "every reading", "note": reason}], columns=list(COLUMNS))
    p = np.array([f.pvalue for f in told])
    order = np.argsort(p, kind="stable")
    picks = {"smallest p": order[0], "median p": order[(order.size - 1) // 2], "largest p": order[-1]}
    share = f"p is under {1 - level:.2g} in {np.mean(p <= 1 - level):.0%} of {p.size} readings"
    rows = [_summary(f"{name} over the readings", told[i], share) for name, i in picks.items()]
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _summary(name: str, finding: Finding, share: str) -> dict[str, object]:
    return row(name, finding) | {"note": share}
