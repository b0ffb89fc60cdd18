"""Sentences, fields and the watched clock that the findings on changes share."""

from __future__ import annotations

import numpy as np

from analysis.errors import ParameterError
from analysis.results import Assumption, plain
from analysis.stats.waiting.card import base_settings, seed_text, thin
from analysis.timeline import EventSeries

__all__ = [
    "ASSUMED",
    "NO_DRAWING",
    "base_settings",
    "check_count",
    "coarsest",
    "elapsed_limits",
    "seed_text",
    "shortest",
    "thin",
    "watched_times",
    "when",
]

WATCHED = Assumption("watched throughout outside the holes", "unchecked", "the window says where")
REPORTED = Assumption("complete reporting", "unchecked", "events made public late look like a fall at the end")
INDEPENDENT = Assumption(
    "independent events at a constant rate between the changes",
    "unchecked",
    "events that come in bursts look like changes: see dispersion",
)
ASSUMED = (INDEPENDENT, WATCHED, REPORTED)
NO_DRAWING = (
    "Dates that are to be drawn are refused by this method: take resolution 'day' or 'exact', or draw readings "
    "of the series and compare the answers."
)


def watched_times(series: EventSeries) -> np.ndarray:
    """Free event times on the watched clock, shape (n,): an event that closed the window is conditioned on."""
    free = series.n - int(series.window.closed_by_event)
    return np.asarray(series.window.clock(series.times[:free]), dtype=float)


def coarsest(series: EventSeries) -> float:
    """The coarsest precision of the dates, in the window's unit: nothing shorter can be a period of its own."""
    spread = float((series.latest - series.earliest).max(initial=0.0))
    return max(float(series.precision), spread)


def shortest(series: EventSeries, min_days: float | None) -> float:
    """The shortest period allowed: what was asked for, and never less than the coarsest date precision."""
    if min_days is None:
        return coarsest(series)
    if isinstance(min_days, bool) or not isinstance(min_days, int | float) or not 0 <= min_days < np.inf:
        raise ParameterError(f"min_days must be a time of 0 or more, got {min_days!r}")
    return max(float(min_days), coarsest(series))


def check_count(name: str, value: object) -> int:
    """Return ``value`` if it is a whole number of 1 or more."""
    if isinstance(value, bool) or not isinstance(value, int) or value < 1:
        raise ParameterError(f"{name} must be a whole number of 1 or more, got {value!r}")
    return value


def elapsed_limits(series: EventSeries, watched: np.ndarray) -> list[float]:
    """Watched times as elapsed ones."""
    return [float(t) for t in np.atleast_1d(series.window.unclock(np.asarray(watched, dtype=float)))]


def when(series: EventSeries, elapsed: float) -> str:
    """An elapsed time as text: the date, or the number on the axis of the window."""
    moment = series.window.moment(elapsed)
    return plain(moment, 6) if isinstance(moment, float) else f"{moment:%Y-%m-%d %H:%M}"
