"""Records under a constant rate, or under one change at a known date, rounded as the data were."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from analysis.timeline import EventSeries

CHUNK = 1_000_000  # numbers held at a time, so that memory does not grow with the number of resamples


def uniform_order(rng: np.random.Generator, size: int, n: int) -> np.ndarray:
    """Sorted uniform numbers, shape (size, n), from exponential spacings: no sorting needed."""
    if n == 0:
        return np.empty((size, 0))
    parts = rng.standard_exponential((size, n + 1))
    np.cumsum(parts, axis=1, out=parts)
    return parts[:, :-1] / parts[:, -1:]


def as_recorded(series: EventSeries, shares: np.ndarray, rng: np.random.Generator, rounded: bool) -> np.ndarray:
    """Sorted shares of the watched time after the rounding the series went through."""
    if not rounded or series.precision == 0 or shares.size == 0:
        return shares
    window = series.window
    times = window.unclock(shares * window.days)
    if window.opened_by_event:
        times = np.array([series.coarsen(row, rng) for row in times])
    else:
        times = series.coarsen(times, rng)
    return np.clip(np.sort(window.clock(times), axis=1) / window.days, 0.0, 1.0)


def constant_rate(
    series: EventSeries, n: int, resamples: int, rng: np.random.Generator, *, rounded: bool
) -> Iterator[np.ndarray]:
    """``resamples`` records of ``n`` uniform instants in chunks of shape (some, n), as shares of the watched time."""
    most = max(1, CHUNK // (n + 1))
    for start in range(0, resamples, most):
        size = min(most, resamples - start)
        yield as_recorded(series, uniform_order(rng, size, n), rng, rounded)
