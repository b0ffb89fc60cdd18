"""The exact partial likelihood of tied events: one of all the sets that could have been tied (Cox 1972, sec. 6)."""

from __future__ import annotations

import numpy as np

from analysis.stats.hazard.partial import Rows


def symmetric(weight: np.ndarray, degree: int) -> np.ndarray:
    """Elementary symmetric functions of degree 0 to ``degree`` (Gail, Lubin and Rubinstein 1981, Biometrika 68:703)."""
    e = np.zeros(degree + 1)
    e[0] = 1.0
    for w in weight:
        e[1:] += w * e[:-1].copy()
    return e


def summed(rows: Rows, times: list, beta: np.ndarray) -> tuple[float, np.ndarray]:
    """Exact log partial likelihood and its score at ``beta``."""
    eta = rows.x @ beta
    loglik, score = 0.0, np.zeros(beta.size)
    for _, risk, died in times:
        top, d = eta[risk].max(), died.size
        w = np.exp(eta[risk] - top)
        e = symmetric(w, d)
        # Degree d - 1 without each member in turn: what is left of the sets that hold it.
        without = np.ones_like(w)
        for k in range(1, d):
            without = e[k] - w * without
        chance = w * without / e[d]
        loglik += float(eta[died].sum() - d * top - np.log(e[d]))
        score += rows.x[died].sum(axis=0) - chance @ rows.x[risk]
    return loglik, score


def information(rows: Rows, times: list, beta: np.ndarray, step: float = 1e-5) -> np.ndarray:
    """Minus the derivative of the exact score, by central differences."""
    p = beta.size
    moved = [(summed(rows, times, beta + step * u)[1], summed(rows, times, beta - step * u)[1]) for u in np.eye(p)]
    slope = np.array([(down - up) / (2 * step) for up, down in moved])
    return (slope + slope.T) / 2
