"""Chance of an open wait when the law's shape is estimated from the complete waits: parametric bootstrap."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from scipy import special

from analysis.stats.waiting.renewal import AFTER_EVENT
from analysis.stats.waiting.shapes import SHAPES

BATCH = 2_000_000


def unbiased_shape(law: str, shape: float, n: int) -> float:
    """The estimated shape with its first-order small-sample bias taken off, for simulating from.

    Weibull: ``(n - 2) / (n - 0.68)`` (Ross 1994, IEEE Trans. DEI 1:248-253); gamma:
    ``(n - 3) k / n + 2 / (3 n)`` (Anderson and Ray 1975, Biometrika 62:523-530).
    """
    if law == "weibull":
        return shape * (n - 2.0) / (n - 0.68)
    return shape * (n - 3.0) / n + 2.0 / (3.0 * n)


def critical_waits(law: str, chance: float, shapes: np.ndarray, totals: np.ndarray, n: int) -> np.ndarray:
    """The open wait whose after-event chance is ``chance``, for each history.

    ``totals`` are the sums of the waits (gamma) or of their k-th powers (Weibull), shape (histories,).
    """
    if law == "weibull":
        return (totals * (chance ** (-1.0 / n) - 1.0)) ** (1.0 / shapes)
    x = special.betainccinv(shapes, n * shapes, chance)
    return totals * x / np.maximum(1.0 - x, 1e-300)


def simulated_histories(law: str, shape: float, n: int, *, resamples: int, rng: np.random.Generator):
    """Estimated shapes, totals and the next wait of histories of n waits with a given shape and scale 1."""
    shapes, totals, following = np.empty((3, resamples))
    step = max(1, BATCH // max(n, 1))
    for start in range(0, resamples, step):
        rows = slice(start, min(start + step, resamples))
        size = (rows.stop - rows.start, n + 1)
        x = rng.weibull(shape, size) if law == "weibull" else rng.gamma(shape, 1.0, size)
        x = np.maximum(x, 1e-290)
        waits, following[rows] = x[:, :n], x[:, n]
        k = SHAPES[law](waits)
        shapes[rows] = k
        totals[rows] = np.sum(waits ** k[:, None], axis=1) if law == "weibull" else waits.sum(axis=1)
    return shapes, totals, following


def both_chances(following: np.ndarray, critical: np.ndarray) -> tuple[float, float]:
    """p after an event, (k + 1) / (n + 1), and p on a day of the calendar, from simulated waits.

    A day of the calendar meets a wait w in proportion to its length, and finds it older than c for
    ``w - c`` of its days: ``sum (w - c)_+ / sum w``.
    """
    after = (np.count_nonzero(following >= critical) + 1.0) / (following.size + 1.0)
    mean = following.mean()
    day = (np.maximum(following - critical, 0.0).sum() + mean) / (following.sum() + mean)
    return float(after), float(min(day, 1.0))


def fitted_chances(
    law: str, waits: np.ndarray, *, resamples: int, rng: np.random.Generator
) -> tuple[float, Callable[[float], tuple[float, float]]]:
    """The estimated shape, and the two chances as a function of the quiet time.

    The statistic is the after-event chance with the estimated shape put in; its law under the fitted shape,
    bias taken off, is simulated (for the Weibull law it does not depend on the shape at all, so the
    after-event p is exact up to simulation).
    """
    n = waits.size
    shape = float(SHAPES[law](waits[None, :])[0])
    source = unbiased_shape(law, shape, n)
    shapes, totals, following = simulated_histories(law, source, n, resamples=resamples, rng=rng)

    # A history's next wait reaches its critical one where its own chance is no more than the one plugged in: only
    # there is the critical wait, slow to invert for the gamma law, worked out.
    own = special.betaincc(shapes, n * shapes, following / (following + totals)) if law == "gamma" else None

    def chances(quiet: float) -> tuple[float, float]:
        plugged = max(float(AFTER_EVENT[law](quiet, waits, shape)), 1e-300)
        if own is None:
            return both_chances(following, critical_waits(law, plugged, shapes, totals, n))
        reached, critical = own <= plugged * (1 + 1e-9), np.full(following.size, np.inf)
        critical[reached] = critical_waits(law, plugged, shapes[reached], totals[reached], n)
        return both_chances(following, critical)

    return shape, chances
