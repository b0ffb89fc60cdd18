"""One change of rate at one of several named dates, which of them being open."""

from __future__ import annotations

from collections.abc import Mapping

from analysis.results import Finding
from analysis.stats.interruption.onset import uncertain_onset
from analysis.timeline import EventSeries


def onset_among(
    series: EventSeries,
    dates: Mapping[str, object],
    *,
    level: float = 0.95,
    rng: object = None,
    resamples: int = 499,
) -> Finding:
    """``uncertain_onset`` with the same weight for each of the dates, whose names stand in the ``curve``.

    Parameters
    ----------
    series : the events; counted between the dates
    dates : candidate onsets by name, stated before looking; those outside the window are left out. Inconclusive
        where none is inside
    level, rng, resamples : as in ``uncertain_onset``
    """
    window = series.window
    inside = {name: window.elapsed(date) for name, date in dates.items()}
    inside = {name: t for name, t in inside.items() if 0 < window.clock(t) < window.days}
    if not inside:
        return Finding(
            question=f"Did the rate of {series.label} change at one of the dates named?",
            null="one rate throughout",
            method="change of rate at an uncertain onset, averaged over its prior, simulated null",
            n_events=series.n,
            exposure_days=series.days,
            warnings=("None of the dates named lies inside the window.",),
            settings={"dates": {name: str(date) for name, date in dates.items()}},
            inconclusive=True,
        )
    edges = sorted({0.0, window.span, *inside.values()})
    prior = dict.fromkeys(sorted(set(inside.values())), 1.0)
    counts = series.binned(edges=edges)
    found = uncertain_onset(counts, prior=prior, level=level, rng=rng, resamples=resamples)
    if found.curve is not None:
        names = {t: name for name, t in inside.items()}
        found.curve.insert(0, "name", [names[float(t)] for t in found.curve["onset"]])
    return found
