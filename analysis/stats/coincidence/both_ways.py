"""The same questions put to two series in both directions, by name."""

from __future__ import annotations

from analysis.errors import check_rng
from analysis.results import Finding
from analysis.stats.coincidence.correlogram import cross_correlogram
from analysis.stats.coincidence.event_coincidence import event_coincidence
from analysis.stats.coincidence.two_way_hawkes import two_way_hawkes
from analysis.timeline import EventSeries


def both_ways(
    series: EventSeries,
    other: EventSeries,
    *,
    window_days: float,
    bin_days: float,
    max_lag: float,
    level: float = 0.95,
    rng: object = None,
    resamples: int = 999,
    hawkes_resamples: int = 199,
) -> dict[str, Finding]:
    """Pairs by lag, near events either way, and the coupling either way: five questions, not one.

    Parameters
    ----------
    series, other : events watched over one stretch
    window_days : the longest delay that counts in ``event_coincidence``
    bin_days, max_lag : of ``cross_correlogram``
    rng, resamples : draws of each null; ``hawkes_resamples`` those of ``two_way_hawkes``

    Returns
    -------
    Findings by question; the p-values belong to one family and are to be adjusted together (``multiplicity.adjust``)
    """
    generator = check_rng(rng, "the nulls are simulated")
    shared = {"level": level, "rng": generator}
    near = shared | {"window_days": window_days, "resamples": resamples}
    coupled = shared | {"resamples": hawkes_resamples, "draws": 1}
    return {
        "pairs by lag": cross_correlogram(
            series, other, bin_days=bin_days, max_lag=max_lag, resamples=resamples, **shared
        ),
        f"{series.label} soon after {other.label}": event_coincidence(series, other, **near),
        f"{other.label} soon after {series.label}": event_coincidence(other, series, **near),
        f"{other.label} moving {series.label}": two_way_hawkes(series, other, **coupled),
        f"{series.label} moving {other.label}": two_way_hawkes(other, series, **coupled),
    }
