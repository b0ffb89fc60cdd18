"""The null of a constant rate: uniform instants given their number and the window."""

from __future__ import annotations

import numpy as np

from analysis.timeline import EventSeries


def uniform_spacings(series: EventSeries, size: int, *, rng: np.random.Generator, rounded: bool) -> np.ndarray:
    """Stretches between simulated events on the watched clock, shape (size, stretches).

    As many uniform instants as the series has events (one fewer where an event closed the window, which
    stands fixed at its end), with the stretch from the opening first and the one to the end last (none after
    a closing event). ``rounded``: the instants are rounded as the series was recorded.
    """
    window = series.window
    free = series.n - window.closed_by_event
    parts = rng.standard_exponential((size, free + 1))
    spacings = parts * (window.days / parts.sum(axis=1, keepdims=True))
    if not rounded or series.precision == 0 or free == 0:
        return spacings
    times = window.unclock(np.cumsum(spacings[:, :-1], axis=1))
    for row in times:
        row[:] = np.sort(series.coarsen(row, rng))
    ends = np.zeros((size, 1)), np.full((size, 1), window.days)
    return np.diff(np.concatenate([ends[0], np.minimum(window.clock(times), window.days), ends[1]], axis=1))
