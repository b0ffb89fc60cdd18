"""Did one kind of event fall more than another at the same date?"""

from __future__ import annotations

import numpy as np
from scipy import stats

from analysis.errors import check_choice, check_level
from analysis.results import ALTERNATIVES, Alternative, Assumption, Estimate, Finding
from analysis.timeline import EventSeries

NULL = (
    "both kinds changed by the same factor; keeps the count of each kind and of each period, "
    "destroys which events fell after the date"
)


def contrast(
    series: EventSeries,
    other: EventSeries,
    *,
    at: object,
    alternative: Alternative = "less",
    level: float = 0.95,
) -> Finding:
    """Rate ratio of ``series`` over the rate ratio of ``other``, both after over before one date.

    Parameters
    ----------
    series, other : two kinds of events; watched time cancels where both were watched alike
    at : a date both windows hold (a calendar date where the windows open on different days)
    alternative : "less" means that ``series`` fell more than ``other``

    Notes
    -----
    Fisher's exact test on the 2 by 2 table of kind and period, with the exact limits of the conditional
    odds ratio (scipy.stats.contingency). Two-sided p is central: twice the smaller tail, at most 1.
    """
    check_choice("alternative", alternative, ALTERNATIVES)
    check_level(level)
    one, two = series.split(at), other.split(at)
    table = np.array([[one.after, two.after], [one.before, two.before]])
    shared = {
        "question": f"Did {series.label} fall more than {other.label} at {one.label}?",
        "null": NULL,
        "method": "contrast of two rate ratios, Fisher's exact test",
        "alternative": alternative,
        "n_events": (series.n, other.n),
        "exposure_days": (series.days, other.days),
        "vintage": series.vintage,
    }
    if 0 in (*table.sum(axis=0), *table.sum(axis=1)):
        reason = "One kind, or one period, holds no event: nothing can be compared."
        return Finding(**shared, warnings=(reason, *series.notes), inconclusive=True)
    result = stats.contingency.odds_ratio(table, kind="conditional")
    limits = result.confidence_interval(level, alternative=alternative)
    value, low, high = (float(x) if np.isfinite(x) else None for x in (result.statistic, limits.low, limits.high))
    return Finding(
        **shared,
        statistic=float(one.after),
        statistic_name=f"{series.label} after",
        pvalue=fisher_pvalue(table, alternative),
        effect=Estimate(name="ratio of rate ratios", value=value, low=low, high=high, level=level),
        attainable_pvalue=_smallest(table, alternative),
        assumptions=(
            Assumption("both kinds watched alike around the date", "unchecked", ""),
            Assumption("events independent of each other", "unchecked", "see dispersion"),
        ),
        warnings=tuple(dict.fromkeys((*series.notes, *other.notes))),
        settings={"at": one.label, "table": table.tolist(), "level": level},
    )


def fisher_pvalue(table: np.ndarray, alternative: Alternative) -> float:
    """Exact p of a 2 by 2 table given its margins; two-sided is central."""
    less, greater = (float(stats.fisher_exact(table, alternative=a).pvalue) for a in ("less", "greater"))
    return {"less": less, "greater": greater, "two-sided": min(1.0, 2 * min(less, greater))}[alternative]


def _smallest(table: np.ndarray, alternative: Alternative) -> float:
    """Smallest p over every table with these margins."""
    (row, _), (column, _) = table.sum(axis=1), table.sum(axis=0)
    total = table.sum()
    cells = range(max(0, row + column - total), min(row, column) + 1)
    tables = (np.array([[a, row - a], [column - a, total - row - column + a]]) for a in cells)
    return min(fisher_pvalue(t, alternative) for t in tables)
