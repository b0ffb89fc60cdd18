"""Where the free events stand in their window, as shares of the watched time."""

from __future__ import annotations

import numpy as np

from analysis.stats.readings import over_readings
from analysis.stats.waiting.past import drawn
from analysis.timeline import EventSeries


def free_count(series: EventSeries) -> int:
    """Events that are not fixed by the design: the one that closed the window is conditioned on."""
    return series.n - int(series.window.closed_by_event)


def positions(series: EventSeries) -> np.ndarray:
    """Shares of the watched time at which the free events stand, shape (free,), holes cut out.

    A time recorded on a lattice as the opening itself stands half a step after it: there it was rounded to.
    """
    window = series.window
    seen = window.clock(series.times[: free_count(series)])
    floor = min(series.precision / 2, window.days / 2)
    return np.maximum(seen, floor) / window.days


def tabled(series: EventSeries, *, rng: object, draws: int) -> np.ndarray:
    """Positions as one row, or a row for each reading of dates that are to be drawn."""
    if drawn(series):
        return over_readings(series, positions, rng=rng, draws=draws)
    return positions(series)[None, :]
