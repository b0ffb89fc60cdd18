"""A share of attacks with its exact limits, and two shares compared."""

from __future__ import annotations

import numpy as np
from scipy import special, stats

from analysis.errors import ParameterError, check_choice, check_level
from analysis.results import ALTERNATIVES, Alternative, Assumption, Estimate, Finding
from analysis.stats.rates.contrast import fisher_pvalue, smallest_pvalue

NO_TEST = "An estimate, not a test: it has no p-value."


def share_of_counts(
    count: int,
    total: int,
    *,
    alternative: Alternative = "two-sided",
    level: float = 0.95,
    label: str = "events",
    of: str = "such",
) -> Finding:
    """The share ``count / total`` with the exact limits of Clopper and Pearson (1934), Biometrika 26:404-413.

    Parameters
    ----------
    count, total : how many of how many
    alternative : "less" gives an upper limit only, as after none of three; "greater" a lower one
    label, of : what is counted, and of what kind, for the words

    Raises
    ------
    ParameterError : counts that are not whole numbers with 0 <= count <= total
    """
    check_choice("alternative", alternative, ALTERNATIVES)
    check_level(level)
    _check(count, total)
    shared = {
        "question": f"What share of {label} is {of}?",
        "null": "none",
        "method": "share, Clopper-Pearson limits",
        "alternative": alternative,
        "n_events": (int(count), int(total)),
        "settings": {"count": int(count), "total": int(total), "level": level},
    }
    if total == 0:
        return Finding(**shared, warnings=(f"No {label}: there is no share.",), inconclusive=True)
    low, high = clopper_pearson(count, total, alternative=alternative, level=level)
    return Finding(
        **shared,
        statistic=float(count),
        statistic_name=of,
        effect=Estimate(name=f"share {of}", value=count / total, low=low, high=high, level=level),
        assumptions=(Assumption("each of them alike likely, independent of the others", "unchecked", ""),),
        warnings=(NO_TEST,),
    )


def clopper_pearson(count: int, total: int, *, alternative: Alternative, level: float) -> tuple[float, float]:
    """Exact limits of a share; one-sided for an alternative with a side."""
    tail = (1 - level) / (2 if alternative == "two-sided" else 1)
    low = 0.0 if count == 0 or alternative == "less" else float(special.betaincinv(count, total - count + 1, tail))
    full = count == total or alternative == "greater"
    high = 1.0 if full else float(special.betaincinv(count + 1, total - count, 1 - tail))
    return low, high


def shares_of_counts(
    count: int,
    total: int,
    other_count: int,
    other_total: int,
    *,
    alternative: Alternative = "two-sided",
    level: float = 0.95,
    label: str = "events",
    other_label: str = "other events",
    of: str = "such",
) -> Finding:
    """Is the share among the first greater or smaller than among the others: Fisher's exact test.

    The effect is the odds ratio, first over others, by conditional maximum likelihood with its exact limits;
    two-sided p is central. ``alternative`` "greater" means a greater share among the first.
    """
    check_choice("alternative", alternative, ALTERNATIVES)
    check_level(level)
    _check(count, total)
    _check(other_count, other_total)
    table = np.array([[count, other_count], [total - count, other_total - other_count]])
    shared = {
        "question": f"Is the share {of} another among {label} than among {other_label}?",
        "null": f"one share among {label} and {other_label}; both totals and the number {of} are kept",
        "method": "two shares, Fisher's exact test",
        "alternative": alternative,
        "n_events": (int(other_total), int(total)),
        "settings": {"table": table.tolist(), "level": level, "label": label, "other_label": other_label},
    }
    if 0 in (*table.sum(axis=0), *table.sum(axis=1)):
        reason = f"All of them are {of} or none is, or one kind has no attack: nothing can be compared."
        return Finding(**shared, warnings=(reason,), inconclusive=True)
    result = stats.contingency.odds_ratio(table, kind="conditional")
    limits = result.confidence_interval(level, alternative=alternative)
    value, low, high = (float(x) if np.isfinite(x) else None for x in (result.statistic, limits.low, limits.high))
    return Finding(
        **shared,
        statistic=float(count),
        statistic_name=of,
        pvalue=fisher_pvalue(table, alternative),
        attainable_pvalue=smallest_pvalue(table, alternative),
        effect=Estimate(name="odds ratio of the shares", value=value, low=low, high=high, level=level),
        assumptions=(Assumption("each of them alike likely, independent of the others", "unchecked", ""),),
    )


def _check(count: object, total: object) -> None:
    whole = all(isinstance(k, int | np.integer) and not isinstance(k, bool) for k in (count, total))
    if not whole or not 0 <= count <= total:
        raise ParameterError(f"a share needs whole numbers with 0 <= count <= total, got {count!r} of {total!r}")
