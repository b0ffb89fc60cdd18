"""Maximum likelihood shapes of many small samples of waits at once."""

from __future__ import annotations

import numpy as np
from scipy import special

LOWEST, HIGHEST = 1e-3, 1e3


def weibull_shapes(waits: np.ndarray, last: np.ndarray | None = None) -> np.ndarray:
    """Weibull shapes of samples of complete waits, with one open wait each where ``last`` is given.

    Parameters
    ----------
    waits : complete waits above 0, shape (samples, n), n >= 2
    last : open (censored) waits, shape (samples,)

    Returns
    -------
    shapes, shape (samples,): the root of the profile score
    ``sum x^k ln x / sum x^k - 1/k = mean ln x`` (sums over all waits, mean over the complete ones), by
    Newton steps in k kept inside a bracket (Lawless 2003, Statistical Models and Methods, sec. 5.2)
    """
    log_x = np.log(waits)
    mean_log = log_x.mean(axis=1)
    if last is not None:
        with np.errstate(divide="ignore"):
            log_x = np.column_stack([log_x, np.log(last)])
    top = log_x.max(axis=1)
    # An open wait of 0 weighs nothing: exp(-inf) is 0 and 0 * -inf is avoided by a large finite log.
    log_x = np.maximum(log_x - top[:, None], -700.0)
    target = mean_log - top
    k = np.clip(1.28 / np.maximum(np.std(log_x, axis=1), 1e-3), 0.05, 50.0)
    low, high = np.full(k.size, LOWEST), np.full(k.size, HIGHEST)
    for _ in range(60):
        power = np.exp(k[:, None] * log_x)
        s0 = power.sum(axis=1)
        power *= log_x
        m1 = power.sum(axis=1) / s0
        power *= log_x
        m2 = power.sum(axis=1) / s0
        score = m1 - 1.0 / k - target
        low, high = np.where(score < 0, k, low), np.where(score < 0, high, k)
        following = k - score / (m2 - m1**2 + 1.0 / k**2)
        outside = ~((following > low) & (following < high))
        following = np.where(outside, np.sqrt(low * high), following)
        done = np.all(np.abs(following - k) <= 1e-9 * k)
        k = following
        if done:
            break
    return k


def weibull_profile(shape: np.ndarray, waits: np.ndarray, last: np.ndarray | None = None) -> np.ndarray:
    """Profile log-likelihood of Weibull shapes, up to a constant, shape (samples,)."""
    log_x = np.log(waits)
    d = waits.shape[1]
    everything = log_x
    if last is not None:
        with np.errstate(divide="ignore"):
            everything = np.column_stack([log_x, np.maximum(np.log(last), -700.0)])
    k = np.asarray(shape, dtype=float)
    scale = special.logsumexp(k[..., None] * everything, axis=1)
    return d * np.log(k) + (k - 1.0) * log_x.sum(axis=1) - d * scale


def gamma_shapes(waits: np.ndarray) -> np.ndarray:
    """Gamma shapes of samples of complete waits above 0, shape (samples, n) -> (samples,).

    Newton steps for ``ln k - digamma(k) = ln mean - mean ln`` from Minka's (2002) start.
    """
    gap = np.log(waits.mean(axis=1)) - np.log(waits).mean(axis=1)
    gap = np.maximum(gap, 1e-9)
    k = (3.0 - gap + np.sqrt((gap - 3.0) ** 2 + 24.0 * gap)) / (12.0 * gap)
    for _ in range(12):
        inverse = 1.0 / k + (np.log(k) - special.digamma(k) - gap) / (k - k * k * special.polygamma(1, k))
        k = 1.0 / np.maximum(inverse, 1.0 / HIGHEST**2)
    return k


SHAPES = {"weibull": weibull_shapes, "gamma": gamma_shapes}
