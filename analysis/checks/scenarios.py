"""Records as they would be if a claim were true, by size of its effect: what power is computed from."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial

import numpy as np

from analysis.errors import ParameterError, check_choice
from analysis.processes import simulate
from analysis.processes.placing import placed
from analysis.timeline import EventSeries, Window

Scenario = Callable[[float, np.random.Generator], EventSeries]


def rate_change(window: Window, *, at: object, rate: float, precision: float = 0.0) -> Scenario:
    """``f(ratio, rng)``: a Poisson record at ``rate`` before a date and ``ratio`` times that from it on.

    Parameters
    ----------
    window : where events are seen; holes and what opened it are kept
    at : the date, inside the window
    rate : events per day before it, above 0
    precision : lattice to which times are known; 1 for whole days, which gives ``resolution="day"``
    """
    _positive(rate, "rate")
    return partial(_changed, window, at, rate, _lattice(precision))


def suspension(window: Window, *, start: object, end: object, rate: float, precision: float = 0.0) -> Scenario:
    """``f(ratio, rng)``: ``rate`` outside ``[start, end)``, ``ratio`` times that inside; 0 is a full stop."""
    _positive(rate, "rate")
    return partial(_suspended, window, start, end, rate, _lattice(precision))


def continued(series: EventSeries, *, at: object, rate: float | None = None) -> Scenario:
    """``f(ratio, rng)``: the events before a date as they were, those after it drawn anew at ``ratio`` times the rate.

    The power of a test given what had happened when the date came. ``rate`` is that before the date by default.
    Times are drawn as precisely as the series has them.
    """
    split = series.split(at)
    if rate is None:
        if split.before == 0:
            raise ParameterError(f"no event before {at}, so its rate is not known; give rate=, events per day")
        rate = split.before / split.before_days
    _positive(rate, "rate")
    if series.window.closed_by_event:
        raise ParameterError("a window closed by an event ends where that event falls; cut the series before it")
    return partial(_continued, series, split.at, rate)


def longer_watch(window: Window, *, at: object, rate: float, ratio: float, precision: float = 0.0) -> Scenario:
    """``f(days, rng)``: a rate change of fixed size, watched for ``days`` after the date; what would it take?

    Everything of ``window`` before the date is kept, its end is not.
    """
    _positive(rate, "rate")
    if not 0 <= ratio < np.inf:
        raise ParameterError(f"ratio must be a finite number of 0 or more, got {ratio!r}")
    return partial(_watched, window, at, rate, ratio, _lattice(precision))


def _changed(window, at, rate, precision, ratio, rng) -> EventSeries:
    drawn = simulate.step(window, at=at, before=rate, after=rate * ratio, rng=rng)
    return _recorded(drawn.series, precision, rng)


def _suspended(window, start, end, rate, precision, ratio, rng) -> EventSeries:
    drawn = simulate.suspended(window, start=start, end=end, rate=rate, during=rate * ratio, rng=rng)
    return _recorded(drawn.series, precision, rng)


def _continued(series, at, rate, ratio, rng) -> EventSeries:
    window = series.window
    seen, days = window.watched(0, at), window.watched(at)
    after = placed(window, np.sort(seen + days * rng.random(rng.poisson(rate * ratio * days))))
    plain = {"earliest": None, "latest": None, "width": None, "opener": None}
    resolution = check_choice("resolution", series.resolution, ("exact", "day", "drawn"))
    plain["resolution"] = "exact" if resolution == "drawn" else resolution
    new = _recorded(replace(series, times=after, **plain), series.precision, rng).times
    times = np.append(series.times[series.times < at], np.maximum(new, at))
    return replace(series, times=times, **plain)


def _watched(window, at, rate, ratio, precision, days, rng) -> EventSeries:
    if not days > 0:
        raise ParameterError(f"days must be above 0, got {days!r}")
    t = window.elapsed(at)
    if not 0 < t <= window.span:
        raise ParameterError(f"the date {at} lies outside the window {window}; choose one inside it")
    holes = tuple((a, b) for a, b in window.holes if window.elapsed(b) <= t)
    longer = Window(window.start, window.moment(t + days), holes, window.opened_by_event, unit=window.unit)
    return _changed(longer, t if window.dated else window.start + t, rate, precision, ratio, rng)


def _recorded(series: EventSeries, precision: float, rng: np.random.Generator) -> EventSeries:
    """The series as it would be written down; a time that rounding put where nobody watched stays as it was."""
    if precision == 0:
        return series
    coarse = replace(series, precision=precision)
    rounded = coarse.coarsen(series.times, rng)
    seen = series.window.is_watched(rounded)
    times = np.where(seen, rounded, series.times)
    resolution = "day" if precision == 1 else "exact"
    return replace(coarse, times=times, earliest=None, latest=None, width=None, resolution=resolution)


def _positive(value: object, name: str) -> None:
    if not isinstance(value, int | float | np.number) or isinstance(value, bool) or not 0 < value < np.inf:
        raise ParameterError(f"{name} must be a finite number above 0, got {value!r}")


def _lattice(precision: object) -> float:
    if not isinstance(precision, int | float) or isinstance(precision, bool) or not 0 <= precision < np.inf:
        raise ParameterError(f"precision must be 0 (continuous) or the width of the lattice, got {precision!r}")
    return float(precision)
