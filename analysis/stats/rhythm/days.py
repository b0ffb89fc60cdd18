"""Local days of the events, one row for each reading of uncertain dates, and the days that were watched."""

from __future__ import annotations

import numpy as np

from analysis.errors import ParameterError, check_rng
from analysis.stats.rhythm.hours import A_DAY, day_length, local_days
from analysis.timeline import EventSeries, Window
from analysis.timeline.readings import one_each

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def dated(series: EventSeries, what: str) -> Window:
    """The window of a series between dates; one of plain numbers raises."""
    if not series.window.dated:
        raise ParameterError(f"{what} need a window between dates, got {series.window}; use Window.between")
    return series.window


def event_days(series: EventSeries, *, draws: int, rng: object) -> np.ndarray:
    """Local days since 1970-01-01 of the free events, shape (draws or 1, n)."""
    window = series.window
    free = slice(0, series.n - 1) if window.closed_by_event else slice(0, series.n)
    if series.resolution == "day" and window.opened_by_event:
        # Whole days since the opening day: its middle is safe from changes of the clock.
        return local_days(window, series.times[free] + 0.5)[None, :]
    single = (local_days(window, series.earliest[free]) == local_days(window, series.latest[free] - 1e-9)).all()
    if series.resolution != "drawn" or single:
        return local_days(window, series.times[free])[None, :]
    rng = check_rng(rng, "uncertain dates are drawn")
    parts = [np.tile(x[free], draws) for x in (series.earliest, series.latest, series.width)]
    return local_days(window, one_each(*parts, rng)).reshape(draws, -1)


def watched_days(window: Window) -> tuple[np.ndarray, np.ndarray]:
    """Every local day of the window (since 1970-01-01), and the watched time of each in days."""
    import pandas as pd

    first, last = local_days(window, np.array([0.0, window.span * (1 - 1e-12)]))
    day = np.arange(first, last + 1)
    midnights = pd.DatetimeIndex(pd.Timestamp(0) + pd.to_timedelta(np.append(day, last + 1), unit="D"))
    # Of a midnight passed twice the first, of one skipped the moment after.
    local = midnights.tz_localize(
        window.start.tz, ambiguous=np.ones(midnights.size, dtype=bool), nonexistent="shift_forward"
    )
    elapsed = ((local - window.start) / pd.Timedelta(days=1)).to_numpy()
    return day, np.diff(window.clock(np.clip(elapsed, 0.0, window.span)))


def weekday_of(day: np.ndarray) -> np.ndarray:
    """0 for Monday to 6 for Sunday; 1970-01-01 was a Thursday."""
    return (np.asarray(day) + 3) % 7


def to_minute(series: EventSeries) -> np.ndarray:
    """Which events are known to the minute or better."""
    day = day_length(series.window)
    exact = (series.width <= 1.5 * day / 1440) & (series.width < A_DAY * day)
    return exact & (series.precision <= 1.5 * day / 1440)
