"""The complete waits of a series in their order."""

from __future__ import annotations

import numpy as np

from analysis.stats.readings import over_readings
from analysis.stats.waiting.past import drawn
from analysis.timeline import EventSeries


def complete(series: EventSeries) -> np.ndarray:
    """Complete waits in their order; the first counts where an event opened the window."""
    points = np.append(0.0, series.times) if series.window.opened_by_event else series.times
    return np.diff(points)


def starts(series: EventSeries) -> float:
    """Elapsed time at which the first complete wait begins."""
    return 0.0 if series.window.opened_by_event or series.n == 0 else float(series.times[0])


def refused(series: EventSeries) -> str | None:
    """Why the order of the waits cannot be tested, or None."""
    if complete(series).size < 2:
        return "Fewer than two complete waits: they have no order to test."
    if np.all(complete(series) == 0) and not drawn(series):
        return "All events share one time: the waits are all 0."
    first, last = starts(series), float(series.times[-1])
    edges = series.window.hole_edges
    if np.any((edges[:, 0] < last) & (edges[:, 1] > first)):
        return (
            "A wait crosses a hole in the window: which waits are complete then depends on where they fall, so "
            "their order is not free; laplace and milhdbk189 use the watched clock instead."
        )
    return None


def left_out(series: EventSeries) -> tuple[str, ...]:
    """What a test of the complete waits does not use, as a sentence."""
    parts = [] if series.window.opened_by_event else ["the stretch before the first event"]
    parts += [] if series.window.closed_by_event else ["the open wait"]
    return (f"Complete waits only: {' and '.join(parts)} left out of their order.",) if parts else ()


def tabled(series: EventSeries, compute, *, rng: object, draws: int) -> np.ndarray:
    """``compute`` of the series as one row, or of each reading of dates that are to be drawn."""
    if drawn(series):
        return over_readings(series, compute, rng=rng, draws=draws)
    return np.asarray(compute(series), dtype=float)[None, :]
