"""What a comparison of two rates could show, before seeing the counts."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy import optimize, stats

from analysis.errors import ParameterError, check_choice, check_level
from analysis.results import ALTERNATIVES, Alternative
from analysis.stats.rates import conditional


def power(
    *,
    before_days: float,
    after_days: float,
    rate: float,
    ratio: float,
    before: int | None = None,
    alternative: Alternative = "less",
    alpha: float = 0.05,
) -> float:
    """Chance that the exact conditional test rejects, summed over every outcome.

    Parameters
    ----------
    before_days, after_days : watched time of both periods
    rate : events per unit before the date
    ratio : the true ratio after over before, 0 or more
    before : the count before the date where it is already known (prospective power); None draws it too
    alpha : level of the test, two-sided for alternative "two-sided"
    """
    _check(before_days, after_days, rate, ratio, alternative, alpha)
    b, b_mass = _outcomes(rate * before_days) if before is None else (np.array([before]), np.array([1.0]))
    a, a_mass = _outcomes(rate * ratio * after_days)
    p = conditional.pvalues(b[:, None], before_days, a[None, :], after_days, alternative=alternative)
    return float((b_mass[:, None] * a_mass[None, :])[p <= alpha * (1 + 1e-12)].sum())


def power_curve(*, ratios, **design) -> pd.DataFrame:
    """Power over several true ratios: columns ratio, power. ``design`` as in ``power``."""
    return pd.DataFrame({"ratio": list(ratios), "power": [power(ratio=r, **design) for r in ratios]})


def minimum_detectable_ratio(
    *,
    before_days: float,
    after_days: float,
    rate: float,
    wanted: float = 0.8,
    before: int | None = None,
    alternative: Alternative = "less",
    alpha: float = 0.05,
) -> float | None:
    """The ratio nearest to 1 that the test would find with chance ``wanted``; None where not even a full stop would do.

    For alternative "greater" the smallest ratio above 1 (None above 10^4); "two-sided" is not defined: ask each side.
    """
    check_level(wanted, "wanted")
    if alternative == "two-sided":
        raise ParameterError("alternative must be 'less' or 'greater' here: each side has its own detectable ratio")
    design = {"before_days": before_days, "after_days": after_days, "rate": rate, "before": before}
    design |= {"alternative": alternative, "alpha": alpha}

    def short(ratio: float) -> float:
        return power(ratio=ratio, **design) - wanted

    if alternative == "less":
        return None if short(0.0) < 0 else float(optimize.brentq(short, 0.0, 1.0, xtol=1e-6))
    top = 2.0
    while short(top) < 0:
        top *= 2
        if top > 1e4:
            return None
    return float(optimize.brentq(short, 1.0, top, xtol=1e-6))


def _outcomes(mean: float) -> tuple[np.ndarray, np.ndarray]:
    counts = np.arange(int(stats.poisson.ppf(1 - 1e-12, mean)) + 2) if mean > 0 else np.array([0])
    return counts, stats.poisson.pmf(counts, mean)


def _check(before_days, after_days, rate, ratio, alternative, alpha) -> None:
    check_choice("alternative", alternative, ALTERNATIVES)
    check_level(alpha, "alpha")
    named = {"before_days": before_days, "after_days": after_days, "rate": rate}
    problems = [f"{k} must be above 0, got {v!r}" for k, v in named.items() if not 0 < v < np.inf]
    if not 0 <= ratio < np.inf:
        problems.append(f"ratio must be 0 or more, got {ratio!r}")
    if problems:
        raise ParameterError("; ".join(problems))
