"""What the design could have shown, what other methods would have said, and what the prior does."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pandas as pd

from analysis.checks.row import COLUMNS, row
from analysis.results import Finding, p_text, plain
from analysis.stats import rates
from analysis.timeline import EventSeries, Split

POWER_COLUMNS = [
    "series",
    "true ratio",
    "before",
    "days before",
    "days after",
    "smallest p",
    "power",
    "at its lower limit",
    "at its upper limit",
]


def power(
    series: Mapping[str, EventSeries],
    *,
    at: object = "last_event",
    ratios: Sequence[float] = (0, 0.2, 0.5),
    level: float = 0.95,
) -> pd.DataFrame:
    """Chance that the exact one-sided test shows a fall, given the count before the date.

    ``at`` is "last_event", a date, or a pair (start, end): the stretch claimed, against all other days. One row per
    series and true ratio. The rate is that before (or outside); "at its lower limit" and "at its upper limit" take
    the limits of that rate.
    """
    rows = [row for name, each in series.items() for row in _power(name, each, at, ratios, level)]
    return pd.DataFrame(rows, columns=POWER_COLUMNS).set_index(["series", "true ratio"])


def methods(series: EventSeries, *, at: object = "last_event") -> pd.DataFrame:
    """One-sided p (fewer after) by every method, those of the textbooks included; "-" where undefined."""
    split = usable(series, at)
    if split is None:
        return pd.DataFrame(columns=["pvalue", "exact"]).rename_axis("method")
    counts = {"before": split.before, "before_days": split.before_days}
    table = rates.by_method(**counts, after=split.after, after_days=split.after_days).set_index("method")
    return table.assign(pvalue=[_three(p) for p in table["pvalue"].astype(float)])


def _three(p: float) -> str:
    return "-" if p != p else "under 0.001" if p < 0.0005 else f"{p:.3f}"


def priors(series: EventSeries, mean_waits: Sequence[float], *, at: object = "last_event") -> pd.DataFrame:
    """Bayes factors over one rate throughout, by prior shape and mean wait; the observed mean wait comes first."""
    split = usable(series, at)
    if split is None or split.before == 0:
        return pd.DataFrame(columns=["suspension", "independent"])
    observed = split.before_days / split.before
    table = rates.prior_sensitivity(split, mean_waits=[observed, *mean_waits])
    return table.round(2).set_index(["mean_wait", "shape"]).sort_index().rename_axis(index={"mean_wait": "mean wait"})


def prior_sensitivity(
    series: EventSeries, test: Callable[..., Finding], priors: Mapping[str, Mapping[str, Any]]
) -> pd.DataFrame:
    """``test`` under each of several priors: one row each, as ``analysis.checks.row.COLUMNS`` with the statistic.

    Parameters
    ----------
    test : called as ``test(series, **prior)``
    priors : for each prior, by name, the settings of ``test`` that state it, for example
        ``{"mean wait 30 d": {"prior_mean_wait": 30.0}}``
    """
    rows = []
    for name, prior in priors.items():
        finding = test(series, **prior)
        rows.append(row(name, finding) | {"statistic": finding.statistic})
    return pd.DataFrame(rows, columns=[*COLUMNS, "statistic"])


def usable(series: EventSeries, at: object) -> Split | None:
    """The split at a date or by a stretch, None without an event to split at or watched time on one side."""
    if isinstance(at, str) and at == "last_event" and series.last is None:
        return None
    split = series.inside(*at) if isinstance(at, tuple | list) else series.split(at)
    return split if min(split.before_days, split.after_days) > 0 else None


def _power(name: str, series: EventSeries, at: object, ratios: Sequence[float], level: float) -> list[tuple]:
    split = usable(series, at)
    if split is None or split.before == 0:
        return []
    design = {"before_days": split.before_days, "after_days": split.after_days, "before": split.before}
    known = rates.rate_of_count(split.before, split.before_days, level=level).effect
    smallest = (split.before_days / (split.before_days + split.after_days)) ** split.before
    fixed = (split.before, plain(split.before_days), plain(split.after_days), p_text(smallest))
    rows = []
    for ratio in ratios:
        chances = (
            rates.power(rate=r, ratio=ratio, alpha=1 - level, **design) for r in (known.value, known.low, known.high)
        )
        rows.append((name, ratio, *fixed, *(f"{c:.2f}" for c in chances)))
    return rows
