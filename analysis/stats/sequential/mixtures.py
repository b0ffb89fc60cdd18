"""Likelihood ratios averaged over alternatives: martingales under the null, in closed form, for counts and shares."""

from __future__ import annotations

import numpy as np
from scipy import special, stats

from analysis.results import Alternative


def gamma_mixture(n, elapsed, *, reference: float, expected: float, shape: float, alternative: Alternative):
    """Log evidence against the rate ``reference`` after ``n`` events in ``elapsed`` watched time.

    The likelihood ratio of a Poisson process of rate r to one of rate ``reference``, averaged over r with a gamma
    law of mean ``expected`` and the shape given (Robbins 1970; Howard et al. 2021, section 4; Lindon and Malek
    2022): a martingale of mean 1 under the reference, so that it ever reaches 1 / alpha with chance alpha at most
    (Ville 1939). One-sided, the gamma law is cut at the reference; then it is a supermartingale under every rate on
    the other side, since each of the ratios averaged is.
    """
    n, t = np.asarray(n, dtype=float), np.asarray(elapsed, dtype=float)
    b = shape / expected
    log = special.gammaln(shape + n) - special.gammaln(shape) + shape * np.log(b) - (shape + n) * np.log(b + t)
    log = log + reference * t - n * np.log(reference)
    if alternative == "two-sided":
        return log
    tail = stats.gamma.logcdf if alternative == "less" else stats.gamma.logsf
    prior = tail(reference, shape, scale=1 / b)
    # So far off that no prior mass lies beyond: no evidence, rather than an undefined one.
    return np.where(
        np.isfinite(prior), log + tail(reference, shape + n, scale=1 / (b + t)) - max(prior, -1e300), -np.inf
    )


def beta_mixture(k, m, *, share: float, expected: float, strength: float, alternative: Alternative):
    """Log evidence against a chance ``share`` after ``k`` of ``m`` labels, averaged over a beta law.

    The beta law has mean ``expected`` and weighs as much as ``strength`` labels. One-sided it is cut at ``share``.
    """
    k, m = np.asarray(k, dtype=float), np.asarray(m, dtype=float)
    a, b = strength * expected, strength * (1 - expected)
    log = special.betaln(a + k, b + m - k) - special.betaln(a, b)
    log = log - special.xlogy(k, share) - special.xlog1py(m - k, -share)
    if alternative == "two-sided":
        return log
    tail = stats.beta.logcdf if alternative == "less" else stats.beta.logsf
    prior = tail(share, a, b)
    return np.where(np.isfinite(prior), log + tail(share, a + k, b + m - k) - max(prior, -1e300), -np.inf)
