"""Negative binomial counts (NB2): variance ``mu + mu^2 / theta``, theta by maximum likelihood."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import optimize, special

# A theta beyond this many times the largest expected count is a Poisson law for all purposes.
POISSON = 1e7


@dataclass(frozen=True, slots=True, eq=False)
class NegativeBinomialFit:
    """A fitted model: coefficients, their errors with theta held, theta (None at the Poisson boundary), mu, loglik."""

    coefficients: np.ndarray
    errors: np.ndarray
    theta: float | None
    mu: np.ndarray
    loglik: float


def negative_binomial(
    counts: np.ndarray, design: np.ndarray, exposure: np.ndarray | None = None
) -> NegativeBinomialFit:
    """Fit a log-linear model with negative binomial counts (Venables and Ripley 2002, sec. 7.4).

    Parameters
    ----------
    counts : shape (bins,)
    design : shape (bins, p), an intercept among the columns; columns that repeat others are allowed
    exposure : watched time of each bin, above 0; all 1 where None
    """
    y, x = np.asarray(counts, dtype=float), np.asarray(design, dtype=float)
    offset = np.zeros(y.size) if exposure is None else np.log(np.asarray(exposure, dtype=float))
    most = np.log(POISSON * max(1.0, float(y.max())))

    def worse(log_theta: float) -> float:
        theta = float(np.exp(log_theta))
        return -loglik(y, _given(y, x, offset, theta)[1], theta)

    found = optimize.minimize_scalar(worse, bounds=(-8.0, most), method="bounded", options={"xatol": 1e-9})
    theta = float(np.exp(found.x))
    beta, mu = _given(y, x, offset, theta)
    weight = mu / (1 + mu / theta)
    covariance = np.linalg.pinv((x * weight[:, None]).T @ x, rcond=1e-12, hermitian=True)
    # The likelihood is flat where theta runs away: it then gains nothing on the Poisson law.
    boundary = theta > 1e4 * max(1.0, float(mu.max()))
    gained = -found.fun
    return NegativeBinomialFit(beta, np.sqrt(np.diag(covariance)), None if boundary else theta, mu, float(gained))


def loglik(y: np.ndarray, mu: np.ndarray, theta: float) -> float:
    """Log-likelihood, factorials included."""
    rising = special.gammaln(theta + y) - special.gammaln(theta) if theta < 1e8 else y * np.log(theta)
    parts = (
        rising - special.gammaln(y + 1) + special.xlogy(y, mu) - y * np.log(theta) - (theta + y) * np.log1p(mu / theta)
    )
    return float(parts.sum())


def _given(y, x, offset, theta: float) -> tuple[np.ndarray, np.ndarray]:
    """Coefficients and expected counts for one theta, by scoring."""
    beta = np.linalg.lstsq(x, np.log(y + 0.5) - offset, rcond=None)[0]
    for _ in range(100):
        mu = np.exp(np.clip(x @ beta + offset, -40, 30))
        weight = mu / (1 + mu / theta)
        score = x.T @ ((y - mu) / (1 + mu / theta))
        step = np.linalg.pinv((x * weight[:, None]).T @ x, rcond=1e-12, hermitian=True) @ score
        step *= min(1.0, 3.0 / max(float(np.abs(x @ step).max()), 1e-300))
        beta = beta + step
        if np.abs(x @ step).max() < 1e-11:
            break
    return beta, np.exp(np.clip(x @ beta + offset, -40, 30))
