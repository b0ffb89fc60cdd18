"""Large-sample tests of an interruption, by name only: Wald with four kinds of errors, and negative binomial counts."""

from __future__ import annotations

from typing import Literal

import numpy as np
from scipy import special

from analysis.errors import ParameterError, check_choice
from analysis.stats.interruption import poisson
from analysis.stats.interruption.design import Design
from analysis.stats.interruption.negative_binomial import negative_binomial

Errors = Literal["model", "quasi", "hac"]
ERRORS: tuple[Errors, ...] = ("model", "quasi", "hac")
FEWEST = 10
MEASURED = {
    "model": "rejects a constant rate in 2 and 4 % of records of 10 and 30 events in 24 bins, nominal 5 %",
    "quasi": "rejects a constant rate in 5 and 6 % of records of 10 and 30 events in 24 bins, nominal 5 %",
    "hac": "rejects a constant rate in 9 and 11 % of records of 10 and 30 events in 24 bins, nominal 5 %",
    "negative_binomial": "rejects a constant rate in 1 and 5 % of records of 10 and 30 events in 24 bins, nominal 5 %",
}


def wald(design: Design, *, family: str, errors: Errors, lags: int | None) -> tuple[float, float, dict]:
    """Coefficient of the interruption, its standard error, and what goes into the settings.

    Parameters
    ----------
    errors : "model" (Poisson or negative binomial), "quasi" (times the root of the dispersion), "hac" (Newey and
        West 1987, Bartlett weights, corrected by bins / (bins - coefficients))
    lags : of "hac"; None takes the whole part of ``4 (bins / 100)^(2/9)``
    """
    check_choice("errors", errors, ERRORS)
    full = np.column_stack([design.others, design.tested])
    if family == "negative_binomial":
        if errors != "model":
            raise ParameterError(f"errors={errors!r} goes with family='poisson'; negative binomial has errors='model'")
        fit = negative_binomial(design.counts, full, design.watched)
        told = {"theta": fit.theta, "loglik": fit.loglik}
        return float(fit.coefficients[-1]), float(fit.errors[-1]), told
    beta, mu = (a[0] for a in poisson.fitted(design.counts[None], full, design.offset))
    bread = np.linalg.pinv((full * mu[:, None]).T @ full, rcond=1e-12, hermitian=True)
    bins, p = full.shape
    told: dict = {"deviance": poisson.deviance(design.counts, mu)}
    if errors == "hac":
        lags = int(4 * (bins / 100) ** (2 / 9)) if lags is None else lags
        told["lags"] = lags
        bread = bread @ _long_run(full * (design.counts - mu)[:, None], lags) @ bread * bins / (bins - p)
    elif errors == "quasi":
        bread = bread * ((design.counts - mu) ** 2 / mu).sum() / (bins - p)
    return float(beta[-1]), float(np.sqrt(bread[-1, -1])), told


def pvalue(z: float, alternative: str) -> float:
    """p of a standard normal statistic."""
    tails = {"less": special.ndtr(z), "greater": special.ndtr(-z), "two-sided": 2 * special.ndtr(-abs(z))}
    return float(tails[alternative])


def limits(value: float, error: float, *, alternative: str, level: float) -> tuple[float | None, float | None]:
    """Wald limits of a coefficient."""
    reach = float(special.ndtri((1 + level) / 2 if alternative == "two-sided" else level)) * error
    return None if alternative == "less" else value - reach, None if alternative == "greater" else value + reach


def _long_run(scores: np.ndarray, lags: int) -> np.ndarray:
    """Sum of the autocovariances of the scores with Bartlett's weights."""
    total = scores.T @ scores
    for k in range(1, min(lags, scores.shape[0] - 1) + 1):
        product = scores[k:].T @ scores[:-k]
        total = total + (1 - k / (lags + 1)) * (product + product.T)
    return total
