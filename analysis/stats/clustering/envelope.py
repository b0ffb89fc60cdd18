"""A curve among simulated ones: one p-value for all of it, and the envelope that goes with it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True, slots=True, eq=False)
class Envelope:
    """Where a curve stands among simulated ones.

    pvalue : global p over all points; (k + 1)/(curves + 1)
    expected, low, high : mean of the simulated curves and the simultaneous envelope at the level
    point_low, point_high : their pointwise range at the level, which some point leaves far more often than that
    worst : the point at which the curve stands farthest out
    """

    pvalue: float
    expected: np.ndarray
    low: np.ndarray
    high: np.ndarray
    point_low: np.ndarray
    point_high: np.ndarray
    worst: int


def envelope(seen: np.ndarray, simulated: np.ndarray, *, alternative: str, level: float) -> Envelope:
    """Global envelope by the largest directional departure from the mean (Myllymaki et al. 2017).

    Parameters
    ----------
    seen : the curve, shape (points,)
    simulated : curves under the null, shape (curves, points), exchangeable with ``seen`` if the null holds
    alternative : departures upward ("greater"), downward ("less") or both count

    Notes
    -----
    At each point a departure is measured in the distance from the mean to the 97.5 % (downward: 2.5 %) quantile
    of all curves, the one seen among them, so that a skewed factor does not weigh on one side only, and a curve's
    largest departure is its rank. Myllymaki et al. (2017) J. R. Statist. Soc. B 79:381, sec. 3.3. The curve leaves
    the envelope somewhere if and only if p is 1 - level or less.
    """
    every = np.vstack([seen, simulated])
    centre = every.mean(axis=0)
    low_q, high_q = np.quantile(every, [0.025, 0.975], axis=0)
    up, down = high_q - centre, centre - low_q
    up, down = (np.where(side > 1e-12 * np.maximum(1.0, np.abs(centre)), side, np.inf) for side in (up, down))
    gap = every - centre
    departure = np.where(gap >= 0, gap / up, -gap / down)
    if alternative != "two-sided":
        departure = np.where((gap >= 0) == (alternative == "greater"), departure, 0.0)
    largest = departure.max(axis=1)
    total = largest.size
    p = float(np.sum(largest >= largest[0] * (1 - 1e-9) - 1e-12) / total)
    k = int(np.floor((1 - level) * total + 1e-9))
    reach = np.sort(largest)[total - 1 - k]
    wide_up, wide_down = (reach * np.where(np.isfinite(side), side, 0.0) for side in (up, down))
    tails = [(1 - level) / 2, (1 + level) / 2]
    point_low, point_high = np.quantile(simulated, tails, axis=0)
    return Envelope(
        pvalue=p,
        expected=centre,
        low=centre - wide_down,
        high=centre + wide_up,
        point_low=point_low,
        point_high=point_high,
        worst=int(departure[0].argmax()),
    )
