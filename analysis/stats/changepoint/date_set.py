"""Which dates of the change do the data not rule out: an exact confidence set, by simulation.

Worsley (1986), Biometrika 73:91-104. Given the number of events before and after a date, and that the rate changed
there, the events are uniform on both sides whatever the two rates are. A date belongs to the set unless its
likelihood falls further below the best date's than that law allows.
"""

from __future__ import annotations

import numpy as np

from analysis.stats.changepoint.ratio import candidates, gain, largest
from analysis.stats.changepoint.simulated import as_recorded, uniform_order
from analysis.timeline import EventSeries

POINTS = 61
FAR = 30.0  # twice the log-likelihood below the best date at which a date is out without simulating


def date_pvalues(
    series: EventSeries, times: np.ndarray, trim: float, *, rng: np.random.Generator, resamples: int, rounded: bool
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Dates and their p-values, none of them ruled out by less than the simulated law.

    Parameters
    ----------
    times : sorted shares of the watched time, shape (n,)
    trim : shortest period, as a share

    Returns
    -------
    dates, shape (m,), rising, as shares; the likelihood ratio at each; the chance that the best date is better
    than the true one by at least as much as seen
    """
    n = times.size
    at, counts = candidates(times, trim)
    ratio = gain(counts, n, at)
    best = float(ratio.max())
    dates = _grid(at, ratio, best, trim)
    before = np.searchsorted(times, dates, side="left")
    here = gain(before, n, dates)
    drop = best - here
    p = np.zeros(dates.size)
    for i in np.flatnonzero(drop < FAR):
        k, s = int(before[i]), float(dates[i])
        early, late = uniform_order(rng, resamples, k), uniform_order(rng, resamples, n - k)
        rows = as_recorded(series, np.concatenate([early * s, s + late * (1 - s)], axis=1), rng, rounded)
        count = (rows < s).sum(axis=1)
        null = np.maximum(largest(rows, trim, "two-sided"), 0.0) - gain(count, n, np.full(resamples, s))
        p[i] = (np.sum(null >= drop[i] - 1e-9) + 1) / (resamples + 1)
    return dates, here, p


def hull(dates: np.ndarray, p: np.ndarray, alpha: float, trim: float, best: float) -> tuple[float, float]:
    """Ends of the set of dates with p above alpha, moved out to the next date that is ruled out."""
    kept = np.flatnonzero(p > alpha)
    if kept.size == 0:
        return best, best
    low = dates[kept[0] - 1] if kept[0] > 0 else trim
    high = dates[kept[-1] + 1] if kept[-1] + 1 < dates.size else 1 - trim
    return min(float(low), best), max(float(high), best)


def _grid(at: np.ndarray, ratio: np.ndarray, best: float, trim: float) -> np.ndarray:
    """Dates to be judged: evenly spread over the stretch in which the likelihood is not hopelessly low."""
    low, high = max(trim, 1e-9), 1 - max(trim, 1e-9)
    near = np.flatnonzero(best - ratio < FAR)
    left = at[near[0] - 1] if near[0] > 0 else low
    right = at[near[-1] + 1] if near[-1] + 1 < at.size else high
    inner = np.linspace(left, right, POINTS)
    # The middle of each step: at an event's very instant the count before it would be a matter of rounding.
    return np.unique(np.clip((inner[1:] + inner[:-1]) / 2, low, high))
