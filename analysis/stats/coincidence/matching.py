"""Which events of one series lie near one of another: counts for one record, or for many redrawn ones at once."""

from __future__ import annotations

import numpy as np

SLACK = 1e-9


def preceded(times: np.ndarray, other: np.ndarray, *, window: float, lag: float, symmetric: bool) -> np.ndarray:
    """Number of ``times`` (last axis) with an event of ``other`` between ``lag`` and ``lag + window`` before them.

    Donges et al. (2016), eq. 5: some j with 0 <= (t_i - lag) - other_j <= window; symmetric: at most ``window``
    either way. ``other`` is sorted.
    """
    ends = times - lag
    late = ends + (window if symmetric else 0.0)
    first = np.searchsorted(other, ends - window - SLACK, side="left")
    return np.count_nonzero(np.searchsorted(other, late + SLACK, side="right") > first, axis=-1)


def followed(times: np.ndarray, other: np.ndarray, *, window: float, lag: float, symmetric: bool) -> np.ndarray:
    """Number of ``other`` with one of ``times`` (sorted in its last axis) between ``lag`` and ``lag + window`` after.

    Donges et al. (2016), eq. 7.
    """
    rows = np.atleast_2d(times)
    early = other + lag - (window if symmetric else 0.0) - SLACK
    late = other + lag + window + SLACK
    found = np.count_nonzero(counted(rows, late, "right") > counted(rows, early, "left"), axis=-1)
    return found if np.ndim(times) > 1 else found[0]


def counted(rows: np.ndarray, at: np.ndarray, side: str) -> np.ndarray:
    """How many of each sorted row lie before (or at) each of ``at``, shape (rows, at)."""
    if rows.shape[1] == 0 or at.size == 0:
        return np.zeros((rows.shape[0], at.size), dtype=int)
    low = min(rows.min(), at.min())
    step = max(rows.max(), at.max()) - low + 1.0
    # One search in all rows laid end to end, each moved beyond the one before.
    if rows.shape[0] * step < 2**30:
        base = step * np.arange(rows.shape[0])[:, None]
        found = np.searchsorted((rows - low + base).ravel(), (at - low + base).ravel(), side=side)
        return found.reshape(rows.shape[0], at.size) - rows.shape[1] * np.arange(rows.shape[0])[:, None]
    return np.stack([np.searchsorted(row, at, side=side) for row in rows])


def pairs_within(rows: np.ndarray, other: np.ndarray, edges: np.ndarray) -> np.ndarray:
    """Pairs by the lag from an event of ``other`` to one of ``rows``, in bins between ``edges``, shape (rows, bins).

    Bins are half-open ``[edge, next)``.
    """
    out = np.empty((rows.shape[0], edges.size - 1))
    at = (other[:, None] + edges - SLACK).ravel()
    step = max(1, int(2e6 // max(1, at.size)))
    for i in range(0, rows.shape[0], step):
        below = counted(rows[i : i + step], at, "left").reshape(-1, other.size, edges.size).sum(axis=1)
        out[i : i + step] = np.diff(below, axis=1)
    return out
