"""Did one kind of event fall more than another at the same date?"""

from __future__ import annotations

import numpy as np
from scipy import stats

from analysis.errors import ParameterError, check_choice, check_level
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
    at: object = None,
    inside: tuple[object, object] | None = None,
    alternative: Alternative = "less",
    level: float = 0.95,
) -> Finding:
    """Rate ratio of ``series`` over the rate ratio of ``other``, both after over before one date.

    Parameters
    ----------
    series, other : two kinds of events in windows with the same edges and holes, so that watched time cancels
    at, inside : a date, or a stretch ``(from, to)`` to set against all other days, as in ``ratio``
    alternative : "less" means that ``series`` fell more than ``other``

    Notes
    -----
    Fisher's exact test on the 2 by 2 table of kind and period, with the exact limits of the conditional
    odds ratio (scipy.stats.contingency). Two-sided p is central: twice the smaller tail, at most 1.
    """
    check_choice("alternative", alternative, ALTERNATIVES)
    check_level(level)
    if (at is None) == (inside is None):
        raise ParameterError("give either at=, a date, or inside=, a stretch (from, to)")
    if isinstance(at, str) and at == "last_event":
        raise ParameterError("at='last_event' is another day for each kind; give the date")
    one, two = (s.split(at) if inside is None else s.inside(*inside) for s in (series, other))
    if not np.allclose([one.before_days, one.after_days], [two.before_days, two.after_days]):
        raise ParameterError(
            f"both kinds must be watched over the same days: {series.window} and {other.window}; "
            "select or cut both to one window"
        )
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
        attainable_pvalue=smallest_pvalue(table, alternative),
        assumptions=(
            Assumption("both kinds watched alike around the date", "unchecked", ""),
            Assumption("events independent of each other", "unchecked", "see dispersion"),
        ),
        warnings=tuple(dict.fromkeys((*series.notes, *other.notes))),
        settings={"at": one.label, "table": table.tolist(), "level": level},
    )


def contrast_power(finding: Finding, *, ratio: float, alpha: float = 0.05) -> float | None:
    """Chance that ``contrast`` would reject at a true ratio of rate ratios, given the margins of its table.

    The table's first cell follows Fisher's noncentral hypergeometric law. None for an inconclusive finding.
    """
    if finding.inconclusive:
        return None
    table = np.array(finding.settings["table"])
    tables = _tables(table)
    p = np.array([fisher_pvalue(t, finding.alternative) for t in tables])
    cells = np.array([t[0, 0] for t in tables])
    if ratio == 0:
        mass = (cells == cells.min()).astype(float)
    else:
        mass = stats.nchypergeom_fisher.pmf(cells, table.sum(), table.sum(axis=0)[0], table.sum(axis=1)[0], ratio)
    return float(mass[p <= alpha * (1 + 1e-12)].sum())


def fisher_pvalue(table: np.ndarray, alternative: Alternative) -> float:
    """Exact p of a 2 by 2 table given its margins; two-sided is central."""
    less, greater = (float(stats.fisher_exact(table, alternative=a).pvalue) for a in ("less", "greater"))
    return {"less": less, "greater": greater, "two-sided": min(1.0, 2 * min(less, greater))}[alternative]


def smallest_pvalue(table: np.ndarray, alternative: Alternative) -> float:
    """Smallest p over every table with these margins."""
    return min(fisher_pvalue(t, alternative) for t in _tables(table))


def _tables(table: np.ndarray) -> list[np.ndarray]:
    (row, _), (column, _) = table.sum(axis=1), table.sum(axis=0)
    total = table.sum()
    cells = range(max(0, row + column - total), min(row, column) + 1)
    return [np.array([[a, row - a], [column - a, total - row - column + a]]) for a in cells]
