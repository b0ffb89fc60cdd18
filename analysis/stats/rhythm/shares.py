"""Do more events fall on certain days than their share of watched time? An exact binomial test and its ratio."""

from __future__ import annotations

import numpy as np

from analysis.results import Alternative, Estimate, Finding
from analysis.stats.rates.conditional import limits, pvalues
from analysis.stats.rhythm import card
from analysis.timeline import EventSeries


def inside_outside(
    series: EventSeries,
    counts: np.ndarray,
    *,
    n: int,
    days: tuple[float, float],
    names: tuple[str, str],
    about: dict,
    alternative: Alternative,
    level: float,
    settings: dict,
    curve=None,
    warnings: tuple[str, ...] = (),
) -> Finding:
    """Rate inside over rate outside, exact given the number of events.

    Parameters
    ----------
    counts : events inside, one number for each reading of the dates
    days : watched time inside and outside
    names : of the days inside, and of the effect
    """
    own = card.base_settings(series, level=level, events_inside=float(np.mean(counts)), watched_inside=days[0])
    own |= settings
    if n == 0 or min(days) <= 0:
        reason = "No event to place." if n == 0 else f"All or none of the watched time lies {names[0]}."
        return card.thin(series, reason=reason, settings=own, **about)
    counts = np.asarray(counts)
    p = pvalues(n - counts, days[1], counts, days[0], alternative=alternative)
    spans = [
        limits(n - int(k), days[1], int(k), days[0], alternative=alternative, level=level) for k in np.unique(counts)
    ]
    inside = float(counts.mean())
    value = inside / (n - inside) * days[1] / days[0] if inside < n else None
    highs = [high for _, high in spans]
    smallest = float(np.min(pvalues(np.array([n, 0]), days[1], np.array([0, n]), days[0], alternative=alternative)))
    return Finding(
        **about,
        alternative=alternative,
        statistic=inside,
        statistic_name=f"events {names[0]}",
        pvalue=float(p.mean()),
        attainable_pvalue=smallest,
        effect=Estimate(
            name=names[1],
            value=value,
            low=min(low for low, _ in spans),
            high=None if None in highs else max(highs),
            level=level,
        ),
        n_events=n,
        exposure_days=series.days,
        assumptions=(card.INDEPENDENT, card.WATCHED),
        warnings=(*warnings, *series.notes),
        settings=own,
        vintage=series.vintage,
        curve=curve,
    )
