"""P-values from two tails, and the limits at which they equal one minus the level."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from analysis.results import Alternative


def from_tails(falling: np.ndarray, rising: np.ndarray, alternative: Alternative) -> np.ndarray:
    """P of each reading; ``falling`` and ``rising`` are the tails that speak for a falling and a rising rate.

    Two-sided is central: twice the smaller tail, at most 1.
    """
    if alternative == "less":
        return np.clip(falling, 0.0, 1.0)
    if alternative == "greater":
        return np.clip(rising, 0.0, 1.0)
    return np.clip(2 * np.minimum(falling, rising), 0.0, 1.0)


def inverted(
    pvalue: Callable[[float], float],
    centre: float,
    *,
    alternative: Alternative,
    level: float,
    most: float = 1e6,
    tolerance: float = 1e-10,
) -> tuple[float | None, float | None]:
    """The parameters on both sides of ``centre`` at which ``pvalue`` crosses ``1 - level``.

    None on a side where it never does, or has no value before it does, or which a one-sided test leaves open.
    """
    reach = {"most": most, "tolerance": tolerance}
    low = None if alternative == "less" else _edge(pvalue, centre, -1.0, 1 - level, **reach)
    high = None if alternative == "greater" else _edge(pvalue, centre, 1.0, 1 - level, **reach)
    return low, high


def _edge(pvalue, centre: float, sign: float, alpha: float, *, most: float, tolerance: float) -> float | None:
    from scipy.optimize import brentq

    inner, outer = 0.0, 0.5
    if pvalue(centre) <= alpha:
        return centre
    # So far out that the statistic has no value, nothing is excluded.
    while not (p := pvalue(centre + sign * outer)) <= alpha:
        inner, outer = outer, 2 * outer
        if outer > most or not np.isfinite(p):
            return None
    root = brentq(lambda d: pvalue(centre + sign * d) - alpha, inner, outer, xtol=tolerance, rtol=1e-12)
    return float(centre + sign * root)
