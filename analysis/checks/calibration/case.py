"""What is needed to calibrate a test: data under its null, the call, and the value its interval should cover."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from analysis.results import Finding
from analysis.timeline import CountSeries, EventSeries, StateSeries, Window

MEAN_WAIT = 10.0
SIZES = (3, 10, 30, 100)
SCHEMES = {
    "plain": "a window opened by a date, exact times",
    "holes": "a third of the window unwatched, in two holes",
    "day": "dates known to the day, placed at mid-day",
    "drawn": "dates known to the day, drawn within the day",
    "opened": "a window opened by an event",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One test under one null.

    Parameters
    ----------
    name : family and function, "trend.laplace", and the variant in brackets where it is not the default
    takes : what ``test`` is given: "series", "pair" (two series of one window), "state" (a series and a
        StateSeries), "counts", or another word where the null makes something of its own
    test : (data, rng) to a Finding, with few resamples
    null : (n, rng) to data with n events, or n on average, under the null; those below also take ``scheme``
    truth : the value of the effect under the null, or a function of the data that gives it; None where the
        interval is not one for a parameter
    approximate : offered by name only: an excess is shown and is no fault
    least : smallest n at which a conclusive answer is expected
    runs : data sets in a full calibration
    level : level of the effect's interval; p is compared with 0.05 whatever it is
    sized : False where the data are not from the null, and coverage alone is measured
    sizes : the n at which it is measured
    """

    name: str
    takes: str
    test: Callable[[Any, np.random.Generator], Finding]
    null: Callable[..., Any]
    truth: float | Callable[[Any], float | None] | None = None
    approximate: bool = False
    least: int = 3
    runs: int = 400
    level: float = 0.95
    sized: bool = True
    sizes: tuple[int, ...] = SIZES

    @property
    def family(self) -> str:
        """The room in ``stats`` that the test stands in."""
        return self.name.partition(".")[0]

    @property
    def schemes(self) -> tuple[str, ...]:
        """Ways of observing that its null can make."""
        return tuple(SCHEMES) if self.null in SCHEMED else ("plain",)


def poisson_series(n: int, rng: np.random.Generator, *, scheme: str = "plain") -> EventSeries:
    """``n`` events at uniform instants of the watched time: a constant rate given the count."""
    return _observed(_window(n, scheme), n, rng, scheme)


def random_count_series(n: int, rng: np.random.Generator, *, scheme: str = "plain") -> EventSeries:
    """A Poisson process with ``n`` events on average, at one event in ``MEAN_WAIT`` watched days."""
    return _observed(_window(n, scheme), int(rng.poisson(n)), rng, scheme)


def pair_of_series(n: int, rng: np.random.Generator, *, scheme: str = "plain") -> tuple[EventSeries, EventSeries]:
    """Two independent series of ``n`` events each in one window."""
    window = _window(n, scheme)
    return _observed(window, n, rng, scheme), _observed(window, n, rng, scheme)


def state_and_series(
    n: int, rng: np.random.Generator, *, scheme: str = "plain", episodes: int = 4
) -> tuple[EventSeries, StateSeries]:
    """``n`` events at a constant rate and a state that is on, blind to them, in ``episodes`` spells of unequal length.

    The state is on for 40 % of the window and its spells are whole days from each other; ``episodes`` may be 1.
    """
    window = _window(n, scheme)
    on, off = rng.dirichlet(np.full(episodes, 5.0)), rng.dirichlet(np.full(episodes + 1, 5.0))
    steps = np.empty(2 * episodes + 1)
    steps[0::2], steps[1::2] = 0.6 * off, 0.4 * on
    edges = np.rint(window.span * np.cumsum(steps)[:-1] * 4) / 4
    spells = [(window.start + a, window.start + b) for a, b in edges.reshape(-1, 2) if b > a]
    return _observed(window, n, rng, scheme), StateSeries(tuple(spells), window)


def poisson_counts(n: int, rng: np.random.Generator, *, scheme: str = "plain") -> CountSeries:
    """Counts of 24 equal bins with ``n`` events in all at a constant rate."""
    series = poisson_series(n, rng, scheme=scheme)
    return series.binned(series.window.span / 24)


SCHEMED = (poisson_series, random_count_series, pair_of_series, state_and_series, poisson_counts)


def _window(n: int, scheme: str) -> Window:
    watched = max(MEAN_WAIT * n, 12.0)
    opened = scheme == "opened"
    if scheme != "holes":
        return Window(0.0, watched, opened_by_event=opened)
    hole = watched / 4
    return Window(0.0, watched + 2 * hole, ((watched / 4, watched / 4 + hole), (watched, watched + hole)))


def _observed(window: Window, n: int, rng: np.random.Generator, scheme: str) -> EventSeries:
    times = window.unclock(np.sort(rng.uniform(0, window.days, n)))
    if scheme not in ("day", "drawn"):
        return EventSeries(times, window)
    # The last day of the window may be a part of one: its events stand at the middle of that part.
    low = np.floor(times)
    high = np.minimum(low + 1, window.span)
    return EventSeries(
        (low + high) / 2,
        window,
        earliest=low,
        latest=high,
        resolution=scheme,
        precision=1.0,
    )
