"""Log-linear Poisson fits of many count series at once, by Newton's method."""

from __future__ import annotations

import numpy as np
from scipy import special

# Steps and the largest one; where counts are 0 a coefficient runs away while the likelihood settles.
STEPS, LARGEST, RIDGE, FLOOR = 60, 3.0, 1e-10, -40.0


def fitted(counts: np.ndarray, design: np.ndarray, offset: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Maximum likelihood for each row of counts.

    Parameters
    ----------
    counts : shape (size, bins)
    design : columns of the log-linear model, shape (bins, p), an intercept among them
    offset : log watched time (plus whatever is fixed), shape (bins,)

    Returns
    -------
    Coefficients, shape (size, p), and expected counts, shape (size, bins)
    """
    size, p = counts.shape[0], design.shape[1]
    if p == 0:
        return np.zeros((size, 0)), np.tile(np.exp(offset), (size, 1))
    pairs = (design[:, :, None] * design[:, None, :]).reshape(-1, p * p)
    beta = np.zeros((size, p))
    start = np.log((counts.sum(axis=1) + 0.5) / np.exp(offset).sum())
    beta += start[:, None] * np.linalg.lstsq(design, np.ones(design.shape[0]), rcond=None)[0]
    ridge = RIDGE * np.eye(p) * max(1.0, float(np.abs(pairs).max()))
    for _ in range(STEPS):
        mu = _expected(beta, design, offset)
        score = (counts - mu) @ design
        information = (mu @ pairs).reshape(size, p, p) + ridge
        step = np.linalg.solve(information, score[..., None])[..., 0]
        # The predictor, not the coefficient, is what must not jump.
        jump = np.abs(step @ design.T).max(axis=1, keepdims=True)
        step *= np.minimum(1.0, LARGEST / np.maximum(jump, 1e-300))
        beta += step
        if float(jump.max()) < 1e-9 or float(np.abs(np.sum(score * step, axis=1)).max()) < 1e-10:
            break
    return beta, _expected(beta, design, offset)


def loglik(counts: np.ndarray, mu: np.ndarray) -> np.ndarray:
    """Poisson log-likelihood of each row, without the factorials."""
    return (special.xlogy(counts, mu) - mu).sum(axis=-1)


def deviance(counts: np.ndarray, mu: np.ndarray) -> float:
    """Twice the log-likelihood short of a perfect fit."""
    return float(2 * (special.xlogy(counts, counts / mu) - (counts - mu)).sum())


def _expected(beta: np.ndarray, design: np.ndarray, offset: np.ndarray) -> np.ndarray:
    return np.exp(np.clip(beta @ design.T + offset, FLOOR, 30.0))
