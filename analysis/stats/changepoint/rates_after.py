"""Rates before and after a change whose date is uncertain: gamma laws mixed over the date."""

from __future__ import annotations

import numpy as np
from scipy import optimize, special

from analysis.results import Estimate


def rate_estimate(
    name: str, count: np.ndarray, days: np.ndarray, weight: np.ndarray, *, shape: float, level: float, unit: str
) -> Estimate:
    """A rate whose law is Gamma(shape + count, days) with chance ``weight``: median and equal-tailed limits."""

    def below(log_rate: float) -> float:
        return float(weight @ special.gammainc(shape + count, np.exp(log_rate) * days))

    guess = float(np.log(weight @ ((shape + count) / days)))
    low, middle, high = _quantiles(below, level, guess)
    return Estimate(name=name, value=middle, low=low, high=high, level=level, unit=f"per {unit}", interval="credible")


def ratio_estimate(
    name: str,
    before: tuple[np.ndarray, np.ndarray],
    after: tuple[np.ndarray, np.ndarray],
    weight: np.ndarray,
    *,
    shape: float,
    level: float,
    falls: bool = False,
) -> Estimate:
    """The ratio after over before of two such rates; each is given as (counts, days with those of the prior).

    ``falls``: the rate after is the lower by supposition, so that the ratio is at most 1.
    """
    (k, early), (m, late) = before, after

    def below(log_ratio: float) -> float:
        odds = np.exp(min(log_ratio, 0.0) if falls else log_ratio) * late / early
        return float(weight @ (special.betainc(shape + m, shape + k, odds / (1 + odds)) / whole))

    odds_of_one = late / early
    whole = special.betainc(shape + m, shape + k, odds_of_one / (1 + odds_of_one)) if falls else np.ones(weight.size)
    guess = float(np.log((weight @ ((shape + m) / late)) / (weight @ ((shape + k) / early))))
    low, middle, high = _quantiles(below, level, guess)
    return Estimate(name=name, value=middle, low=low, high=high, level=level, interval="credible")


def as_settings(name: str, estimate: Estimate) -> dict[str, object]:
    """An estimate as two entries of a finding's settings."""
    return {name: estimate.value, f"{name}_limits": [estimate.low, estimate.high]}


def _quantiles(below, level: float, guess: float) -> list[float]:
    found = []
    for p in ((1 - level) / 2, 0.5, (1 + level) / 2):
        low, high, step = guess, guess, 1.0
        while below(low) > p and low > -600:
            low, step = low - step, 2 * step
        step = 1.0
        while below(high) < p and high < 600:
            high, step = high + step, 2 * step
        found.append(float(np.exp(optimize.brentq(lambda x, p=p: below(x) - p, low, high, xtol=1e-10))))
    return found
