"""The exact conditional law of two Poisson counts: given their sum, one of them is binomial.

Przyborowski and Wilenski (1940), Biometrika 31:313-323; limits after Clopper and Pearson (1934),
Biometrika 26:404-413, carried to the ratio. Ratios are after over before, always.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

import numpy as np
from scipy import optimize, special

from analysis.results import Alternative

Tails = Literal["central", "minlike"]
# Relative slack when two outcomes are called equally likely (as R's binom.test has it).
SAME_LIKELIHOOD = 1 + 1e-7


def share_after(ratio: np.ndarray | float, before_days: np.ndarray | float, after_days: np.ndarray | float):
    """Chance that an event falls after the date, for a rate ratio after over before."""
    weight = np.asarray(ratio, dtype=float) * after_days
    return weight / (before_days + weight)


def pvalues(before, before_days, after, after_days, *, ratio=1.0, alternative: Alternative = "two-sided", mid=False):
    """Exact conditional p-values of many two-period tables at once.

    Parameters
    ----------
    before, after : int arrays (broadcast): events in each period, 0 or more
    before_days, after_days : watched time of each period, above 0
    ratio : the ratio after over before under the null, above 0
    alternative : "less" means fewer after; "two-sided" is central, twice the smaller tail, at most 1
    mid : count only half of the observed outcome (mid-p): approximate, not exact

    Returns
    -------
    float array of the broadcast shape; 1 where there is no event at all
    """
    k = np.asarray(after)
    n = k + np.asarray(before)
    share = share_after(ratio, before_days, after_days)
    less = special.bdtr(k.astype(float), n, share)
    if alternative == "less" and not mid:
        return np.where(n == 0, 1.0, less)
    greater = np.where(k > 0, special.bdtrc(k - 1.0, n, share), 1.0)
    if mid:
        half = 0.5 * (less + greater - 1.0)
        less, greater = less - half, greater - half
    both = np.minimum(1.0, 2 * np.minimum(less, greater))
    chosen = {"less": less, "greater": greater, "two-sided": both}[alternative]
    return np.where(n == 0, 1.0, chosen)


def minlike_pvalue(after: int, n: int, share: np.ndarray | float, *, mid: bool = False) -> np.ndarray:
    """Two-sided p by minimum likelihood: outcomes no likelier than the one seen (Fay 2010, R Journal 2:53-58)."""
    share = np.atleast_1d(np.asarray(share, dtype=float))[:, None]
    k = np.arange(n + 1)
    log_choose = special.gammaln(n + 1) - special.gammaln(k + 1) - special.gammaln(n - k + 1)
    log_mass = log_choose + special.xlogy(k, share) + special.xlog1py(n - k, -share)
    mass = np.exp(log_mass)
    seen = mass[:, [after]]
    as_rare = mass <= seen * SAME_LIKELIHOOD
    p = np.where(as_rare, mass, 0.0).sum(axis=1)
    if mid:
        equal = as_rare & (mass >= seen / SAME_LIKELIHOOD)
        p -= 0.5 * np.where(equal, mass, 0.0).sum(axis=1)
    return np.minimum(p, 1.0)


def limits(before: int, before_days: float, after: int, after_days: float, *, alternative: Alternative, level: float):
    """Clopper-Pearson limits of the ratio after over before; None where a side is not bounded.

    The p-value at a limit equals 1 - level. Returns (low, high).
    """
    n = before + after
    alpha = (1 - level) / 2 if alternative == "two-sided" else 1 - level
    odds = before_days / after_days
    low, high = 0.0, None
    if alternative != "less" and after > 0:
        share = special.betaincinv(after, before + 1, alpha)
        low = float(share / (1 - share) * odds)
    if alternative != "greater" and before > 0:
        share = special.betaincinv(after + 1, before, 1 - alpha) if n else 1.0
        high = float(share / (1 - share) * odds)
    return low, high


def inverted(pvalue: Callable[[float], float], estimate: float, *, alternative: Alternative, level: float):
    """Limits of a ratio from any p-value function of the null ratio: where p falls to 1 - level.

    ``estimate`` is a ratio at which p is large (the null ratio that fits the data best). None where p
    never falls that low; 0 is the lower bound of every ratio. Returns (low, high).
    """
    alpha = 1 - level

    def gap(log_ratio: float) -> float:
        p = pvalue(float(np.exp(log_ratio)))
        return (0.0 if np.isnan(p) else p) - alpha

    centre = np.log(estimate)
    if gap(centre) <= 0:
        return 0.0, None
    low = None if alternative == "less" else _crossing(gap, centre, -1)
    high = None if alternative == "greater" else _crossing(gap, centre, +1)
    return 0.0 if low is None else float(np.exp(low)), None if high is None else float(np.exp(high))


def _crossing(gap: Callable[[float], float], centre: float, direction: int) -> float | None:
    inner, step = centre, 0.5
    for _ in range(40):
        outer = inner + direction * step
        if gap(outer) <= 0:
            return float(optimize.brentq(gap, *sorted((inner, outer)), xtol=1e-12, rtol=1e-12))
        inner, step = outer, step * 1.3
        if abs(outer - centre) > 60:
            break
    return None


def minlike_limits(before: int, before_days: float, after: int, after_days: float, *, level: float, mid: bool = False):
    """Hull of the ratios that the minimum-likelihood test does not reject: its p jumps, so the ends are searched.

    Returns (low, high); None where a side is not bounded.
    """
    n, alpha = before + after, 1 - level
    wide_low, wide_high = limits(before, before_days, after, after_days, alternative="two-sided", level=1 - alpha / 20)
    floor = np.log(wide_low) if wide_low > 0 else -40.0
    ceiling = np.log(wide_high) if wide_high is not None else 40.0

    def kept(log_ratio: np.ndarray) -> np.ndarray:
        return minlike_pvalue(after, n, share_after(np.exp(log_ratio), before_days, after_days), mid=mid) > alpha

    grid = np.linspace(floor, ceiling, 4001)
    inside = np.flatnonzero(kept(grid))
    if inside.size == 0:
        return wide_low, wide_high
    low, high = inside[0], inside[-1]
    return (
        0.0 if wide_low == 0 else float(np.exp(_edge(kept, grid[max(low - 1, 0)], grid[low]))),
        None if wide_high is None else float(np.exp(_edge(kept, grid[min(high + 1, grid.size - 1)], grid[high]))),
    )


def _edge(kept: Callable[[np.ndarray], np.ndarray], outside: float, inside: float) -> float:
    for _ in range(60):
        middle = 0.5 * (outside + inside)
        if kept(np.array([middle]))[0]:
            inside = middle
        else:
            outside = middle
    return inside
