"""The likelihood ratio of two rates over one, for every date at which the rate could have changed.

All times are shares of the watched time. Worsley (1986), Biometrika 73:91-104, for a change in exponential families.
"""

from __future__ import annotations

import numpy as np
from scipy import special

from analysis.results import Alternative


def gain(k: np.ndarray, n: int, share: np.ndarray) -> np.ndarray:
    """Twice the log of the likelihood ratio: ``k`` of ``n`` events fall into ``share`` of the watched time."""
    with np.errstate(divide="ignore", invalid="ignore"):
        inside = special.xlogy(k, k / (n * share))
        outside = special.xlogy(n - k, (n - k) / (n * (1 - share)))
    return 2 * (inside + outside)


def candidates(times: np.ndarray, trim: float) -> tuple[np.ndarray, np.ndarray]:
    """Dates and counts before them at which the likelihood ratio can be largest.

    Parameters
    ----------
    times : sorted, shape (n,), shares of the watched time
    trim : shortest period, as a share of the watched time, below 1/2

    Returns
    -------
    dates and counts, both of shape (m,): both sides of each event, and the two ends of the allowed range.
    Between events the ratio is convex in the date, so nothing larger lies elsewhere.
    """
    distinct = np.unique(times)
    distinct = distinct[(distinct > 0) & (distinct < 1) & (distinct >= trim) & (distinct <= 1 - trim)]
    ends = np.array([trim, 1 - trim]) if trim > 0 else np.empty(0)
    dates = np.concatenate([distinct, distinct, ends])
    left, right = (np.searchsorted(times, distinct, side=s) for s in ("left", "right"))
    counts = np.concatenate([left, right, np.searchsorted(times, ends, side="left")])
    order = np.lexsort((counts, dates))
    return dates[order], counts[order]


def largest(times: np.ndarray, trim: float, alternative: Alternative) -> np.ndarray:
    """The largest likelihood ratio over all dates, for many records at once.

    ``times``: sorted along the last axis, shape (records, n), shares of the watched time; ties are never split.
    Two logarithms per event; returns shape (records,), 0 where no date is allowed.
    """
    size, n = times.shape
    if n == 0:
        return np.zeros(size)
    k = np.arange(n + 1.0)
    own = special.xlogy(k, k / n) + special.xlogy(n - k, (n - k) / n)
    allowed = (times > 0) & (times < 1) & (times >= trim) & (times <= 1 - trim)
    tied = times[:, 1:] == times[:, :-1]
    with np.errstate(divide="ignore", invalid="ignore"):
        early, late = np.log(times), np.log1p(-times)
        base = late * n
        step = early - late
        best = np.zeros(size)
        for side in (0, 1):
            ks = k[side : n + side]
            value = own[side : n + side] - base - ks * step
            value[~allowed] = 0.0
            inner = value[:, 1:] if side == 0 else value[:, :-1]
            inner[tied] = 0.0
            if alternative != "two-sided":
                fall = ks / n > times
                value[~fall if alternative == "less" else fall] = 0.0
            np.maximum(best, value.max(axis=1), out=best)
    if trim > 0:
        for edge in (trim, 1 - trim):
            count = (times < edge).sum(axis=1)
            value = gain(count, n, np.full(size, edge)) / 2
            if alternative != "two-sided":
                fall = count / n > edge
                value = np.where(fall if alternative == "less" else ~fall, value, 0.0)
            np.maximum(best, value, out=best)
    return 2 * best
