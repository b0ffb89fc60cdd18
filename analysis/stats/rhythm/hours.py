"""The local clock: the hours at which events fell, as exact times or as arcs, and the hours that were watched."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.errors import ParameterError, check_rng
from analysis.timeline import EventSeries, Window
from analysis.timeline.readings import one_each

TURN = 2 * np.pi
A_DAY = 22.9 / 24  # readings as long as the shortest day that clocks allow carry no hour
MINUTE = 1 / 1440
BATCH = 2_000_000


@dataclass(frozen=True, slots=True)
class Hours:
    """The events of a series that carry an hour.

    ``angles`` are the point values (0 is midnight), ``earliest``, ``latest`` and ``width`` elapsed days of their
    readings, ``without`` the number of events known only to the day, ``even`` whether every hour of the clock was
    watched for as long as any other, ``watched_length`` the mean resultant length of watched time itself.
    """

    series: EventSeries
    angles: np.ndarray
    earliest: np.ndarray
    latest: np.ndarray
    width: np.ndarray
    without: int
    even: bool
    watched_length: float

    @property
    def n(self) -> int:
        return int(self.angles.size)

    @property
    def arcs(self) -> bool:
        """Whether some times are known only as a stretch of the clock longer than a minute."""
        return bool(np.any(self.width > 1.5 * MINUTE))

    def drawn(self, draws: int, rng: np.random.Generator | None) -> np.ndarray:
        """Angles of ``draws`` readings, shape (draws, n): one row of point values where no time is an arc."""
        if not self.arcs:
            return self.angles[None, :]
        rng = check_rng(rng, "hours known only as a part of the day are drawn")
        parts = (np.tile(x, draws) for x in (self.earliest, self.latest, self.width))
        return clock_angles(self.series.window, one_each(*parts, rng)).reshape(draws, self.n)

    def null(self, size: int, rng: np.random.Generator) -> np.ndarray:
        """Angles of ``size`` records with the same number of events at uniform instants of watched time."""
        if self.even:
            return rng.random((size, self.n)) * TURN
        window = self.series.window
        times = window.unclock(rng.random(size * self.n) * window.days)
        return clock_angles(window, times).reshape(size, self.n)


def day_length(window: Window) -> float:
    """Length of a day in the window's unit; a unit without days raises."""
    if window.unit not in ("day", "hour"):
        raise ParameterError(
            f"a window measured in {window.unit}s has no time of day; give dates, or numbers with unit='day' or 'hour'"
        )
    return 1.0 if window.unit == "day" else 24.0


def clock_angles(window: Window, elapsed: np.ndarray) -> np.ndarray:
    """Angle of the local clock at elapsed times: 0 is midnight, a turn is 24 h of the clock on the wall."""
    elapsed = np.asarray(elapsed, dtype=float)
    return np.mod(_wall(window, elapsed), 1.0) * TURN


def local_days(window: Window, elapsed: np.ndarray) -> np.ndarray:
    """Whole local days since 1970-01-01 (a Thursday), or since 0 on a numeric axis."""
    return np.floor(_wall(window, np.asarray(elapsed, dtype=float)) + 1e-9).astype(int)


def _wall(window: Window, elapsed: np.ndarray) -> np.ndarray:
    """Local days with their fraction, as the clock on the wall shows them, clock changes included."""
    if not window.dated:
        return (window.start + elapsed) / day_length(window)
    opened = window.start.tz_localize(None)
    begin = (opened - pd.Timestamp(0)) / pd.Timedelta(days=1)
    if not changes_clock(window):
        return begin + elapsed
    moments = window.start + pd.to_timedelta(elapsed, unit="D")
    naive = pd.DatetimeIndex(moments).tz_localize(None)
    return ((naive - pd.Timestamp(0)) / pd.Timedelta(days=1)).to_numpy()


def changes_clock(window: Window) -> bool:
    """Whether the clocks were put forward or back inside the window."""
    if not window.dated:
        return False
    steps = pd.date_range(window.start.tz_convert("UTC"), window.end.tz_convert("UTC"), periods=int(window.span) + 2)
    return len({moment.utcoffset() for moment in steps.tz_convert(window.start.tz)}) > 1


def _watch(window: Window) -> tuple[bool, float]:
    """Whether every hour was watched alike, and the mean resultant length of watched time on the clock."""
    even = not changes_clock(window)
    total = 0j
    for start, end in window.watched_stretches:
        a, b = _wall(window, np.array([start, end]))
        even = even and bool(abs((b - a) - round(b - a)) < 1e-9)
        total += (np.exp(1j * TURN * b) - np.exp(1j * TURN * a)) / (1j * TURN)
    return even, float(min(1.0, abs(total) / (window.days / day_length(window))))


def hours_of(series: EventSeries) -> Hours:
    """The hours of a series; events known only to the day are left out, the event that closed the window too.

    Raises
    ------
    ParameterError : a series in whole days, which has no hours at all; a unit without days
    """
    window = series.window
    day = day_length(window)
    if series.resolution == "day" or (series.precision >= A_DAY * day and series.resolution != "drawn"):
        raise ParameterError(
            "a series counted in whole days has no time of day; select it with resolution='drawn', which keeps "
            "the hours that are known and the stretch each may lie in"
        )
    free = np.ones(series.n, dtype=bool)
    if window.closed_by_event:
        free[-1:] = False
    width = np.array(series.width)
    earliest, latest = np.array(series.earliest), np.array(series.latest)
    if series.precision > 0:
        coarse = width < series.precision
        half = series.precision / 2
        earliest = np.where(coarse, np.maximum(series.times - half, 0.0), earliest)
        latest = np.where(coarse, np.minimum(series.times + half, window.span), latest)
        width = np.where(coarse, latest - earliest, width)
    known = free & (width < A_DAY * day)
    even, length = _watch(window)
    return Hours(
        series=series,
        angles=clock_angles(window, series.times[known]),
        earliest=earliest[known],
        latest=latest[known],
        width=width[known] / day,
        without=int(np.sum(free & ~known)),
        even=even,
        watched_length=length,
    )
