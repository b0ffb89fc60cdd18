"""Two series read together: one reading of every uncertain date, on one clock."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from analysis.errors import check_rng
from analysis.stats.waiting.past import drawn
from analysis.timeline import EventSeries, StateSeries, Window


def is_drawn(*series: EventSeries) -> bool:
    """Whether any of the series has dates that are to be drawn."""
    return any(drawn(each) for each in series)


def read_pair(series: EventSeries, other: EventSeries, rng) -> tuple[EventSeries, EventSeries]:
    """One reading of both, on the window of the first.

    Where the event that opened the first is uncertain too, a reading moves the opening: the second follows, and
    its events from before the opening are left out.
    """
    first, second = (_read(each, rng) for each in (series, other))
    moved = _moved(first.window, second.window)
    if moved == 0:
        return first, second
    times = second.times - moved
    window = replace(
        first.window,
        opened_by_event=second.window.opened_by_event and moved == 0,
        closed_by_event=second.window.closed_by_event,
    )
    kept = times[window.is_watched(times)]
    return first, EventSeries(kept, window, label=second.label, precision=second.precision, notes=second.notes)


def _read(series: EventSeries, rng) -> EventSeries:
    """One reading; it lies anywhere within its date, so that its copies must not be rounded to a lattice again."""
    return replace(series.draw(rng), precision=0.0) if drawn(series) else series


def read_state(series: EventSeries, state: StateSeries, rng) -> tuple[EventSeries, StateSeries]:
    """One reading of the dates, and the state on its window."""
    if not drawn(series):
        return series, state
    reading = _read(series, rng)
    if reading.window.start == state.window.start:
        return reading, state
    return reading, StateSeries.clipped(state.spells, reading.window, state.label)


def each_reading(compute: Callable, series, other, *, rng, draws: int, read=read_pair) -> np.ndarray:
    """``compute(series, other)`` once, or for ``draws`` readings of their dates; stacked along the first axis."""
    if not is_drawn(*(each for each in (series, other) if isinstance(each, EventSeries))):
        return np.array([compute(series, other)], dtype=float)
    rng = check_rng(rng, "uncertain dates are drawn")
    return np.array([compute(*read(series, other, rng)) for _ in range(draws)], dtype=float)


def _moved(first: Window, second: Window) -> float:
    """How much later the first window opens than the second, in elapsed units."""
    return 0.0 if first.start == second.start else second.elapsed(first.start)
