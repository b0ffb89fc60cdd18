"""Event times, together with the window in which they could have been seen."""

from __future__ import annotations

import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

import numpy as np
import pandas as pd

from analysis.errors import ParameterError, TiesWarning, check_choice, check_rng
from analysis.timeline.counts import CountSeries
from analysis.timeline.readings import one_each, share_from
from analysis.timeline.waits import waits
from analysis.timeline.window import Moment, Window

Resolution = Literal["exact", "day", "drawn"]
RESOLUTIONS: tuple[Resolution, ...] = ("exact", "day", "drawn")


@dataclass(frozen=True, slots=True)
class Split:
    """Counts and watched time on both sides of a date (or outside and inside a stretch)."""

    before: int
    before_days: float
    after: int
    after_days: float
    at: float
    label: str


def _readonly(values: object, name: str, n: int | None = None) -> np.ndarray:
    array = np.array(values, dtype=float).reshape(-1)
    if not np.all(np.isfinite(array)):
        raise ParameterError(f"{name} must be finite numbers, got {array[~np.isfinite(array)][:3].tolist()}")
    if n is not None and array.size != n:
        raise ParameterError(f"{name} needs one value for each of the {n} events, got {array.size}")
    array.flags.writeable = False
    return array


@dataclass(frozen=True, slots=True, eq=False)
class EventSeries:
    """Sorted event times inside a window, each with the readings its sources allow.

    Parameters
    ----------
    times : float array, shape (n,), units (days) since the window opened; the point value of each event
    window : the watched stretch; an event outside it, in a hole, or at its open end raises
    label : what the events are, for captions
    earliest, latest : float arrays, shape (n,): first and last instant the sources allow
    width : float array, shape (n,): length of one reading. Where it is shorter than ``latest - earliest``
        the readings are whole days apart (a night on one day or on the next), each as likely as the other
    opener : earliest, latest and width of the event that opened the window, relative to the start
    resolution : "exact" takes times as they are; "day" counts whole days, as a newspaper does (or mid-days
        where the window was opened by a date); "drawn" draws each time within its readings for p-values
    precision : lattice on which the times were recorded, 0 for continuous ones
    vintage : sha256 and ``as_of`` of the catalogue the series was taken from
    notes : sentences about the data that have to travel with every finding
    """

    times: np.ndarray
    window: Window
    label: str = "events"
    earliest: np.ndarray | None = None
    latest: np.ndarray | None = None
    width: np.ndarray | None = None
    opener: tuple[float, float, float] | None = None
    resolution: Resolution = "exact"
    precision: float = 0.0
    vintage: Mapping[str, str | None] | None = field(default=None, hash=False)
    notes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        check_choice("resolution", self.resolution, RESOLUTIONS)
        times = _readonly(self.times, "times")
        n = times.size
        order = np.argsort(times, kind="stable")
        earliest = times if self.earliest is None else _readonly(self.earliest, "earliest", n)
        latest = times if self.latest is None else _readonly(self.latest, "latest", n)
        width = latest - earliest if self.width is None else _readonly(self.width, "width", n)
        for name, values in (("times", times), ("earliest", earliest), ("latest", latest), ("width", width)):
            object.__setattr__(self, name, _readonly(values[order], name))
        if not (0 <= self.precision < np.inf):
            raise ParameterError(
                f"precision must be 0 (continuous) or the width of the lattice, got {self.precision!r}"
            )
        self._check_inside()
        self._check_readings()

    def _check_readings(self) -> None:
        slack = 1e-9
        wrong = (self.earliest > self.times + slack) | (self.latest < self.times - slack) | (self.width < 0)
        wrong |= self.width > self.latest - self.earliest + slack
        if wrong.any():
            i = int(np.flatnonzero(wrong)[0])
            raise ParameterError(
                f"event {i}: its time {self.times[i]:g} must lie between its earliest reading {self.earliest[i]:g} "
                f"and its latest {self.latest[i]:g}, and one reading (width {self.width[i]:g}) between them"
            )
        between = self.latest - self.earliest - self.width
        uneven = np.abs(between - np.rint(between)) > 1e-6
        beyond = (self.earliest < -slack) | (self.latest > self.window.span + slack)
        # The event that closed the window stands at its end, whatever its readings.
        beyond[-1:] &= not self.window.closed_by_event
        for bad, rule in ((uneven, "must be whole days apart"), (beyond, "must lie inside the window; clip them")):
            if bad.any():
                i = int(np.flatnonzero(bad)[0])
                raise ParameterError(
                    f"event {i}: its readings from {self.earliest[i]:g} to {self.latest[i]:g}, each {self.width[i]:g} "
                    f"long, {rule}"
                )
        if self.opener is not None and not self.window.opened_by_event:
            raise ParameterError("an opener was given, but the window was not opened by an event")

    def _check_inside(self) -> None:
        w = self.window
        outside = ~w.is_watched(self.times)
        if outside.any():
            t = float(self.times[outside][0])
            at_end = "at the open end of" if t == w.span else "outside" if not 0 <= t < w.span else "in a hole of"
            raise ParameterError(
                f"the event at {w.moment(t)} lies {at_end} the window {w}; widen the window, leave the event out, "
                "or set closed_by_event=True if it closed the window"
            )
        if w.closed_by_event and (self.n == 0 or self.times[-1] != w.span):
            raise ParameterError(f"the window was closed by an event, so the last event must stand at its end {w.end}")
        if w.opened_by_event and self.n and self.times[0] == 0 and self.precision == 0:
            warnings.warn(
                "an event stands at the very start of a window that was opened by an event and is counted as a "
                "further one; leave it out if it is the opening event itself",
                TiesWarning,
                stacklevel=4,
            )

    @classmethod
    def from_numbers(
        cls,
        times: Sequence[float],
        *,
        start: float,
        end: float,
        holes: Sequence[tuple[float, float]] = (),
        opened_by_event: bool = False,
        closed_by_event: bool = False,
        unit: str = "day",
        label: str = "events",
        precision: float = 0.0,
    ) -> EventSeries:
        """A series from plain numbers in any unit, such as hours or years.

        ``times`` lie on the same axis as ``start`` and ``end``. An event that opened the window is not
        listed; one that closed it is, at ``end``. ``precision`` is the lattice the times were rounded to.
        """
        window = Window(start, end, tuple(holes), opened_by_event, closed_by_event, unit)
        elapsed = np.asarray(times, dtype=float).reshape(-1) - window.start
        return cls(elapsed, window, label=label, precision=precision)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, EventSeries):
            return NotImplemented
        arrays = ("times", "earliest", "latest", "width")
        plain = ("window", "label", "opener", "resolution", "precision", "notes")
        return all(np.array_equal(getattr(self, a), getattr(other, a)) for a in arrays) and all(
            getattr(self, p) == getattr(other, p) for p in plain
        )

    __hash__ = None

    def __len__(self) -> int:
        return self.n

    def __str__(self) -> str:
        return f"{self.label}: {self.n} events in {self.window}"

    @property
    def n(self) -> int:
        """Number of events; the one that opened the window does not count."""
        return int(self.times.size)

    @property
    def days(self) -> float:
        """Watched time of the window, in its unit."""
        return self.window.days

    @property
    def last(self) -> float | None:
        """Elapsed time of the last event; the opening event where there is no other, else None."""
        if self.n:
            return float(self.times[-1])
        return 0.0 if self.window.opened_by_event else None

    @property
    def quiet_days(self) -> float | None:
        """Watched time since the last event; None where no event is known."""
        return None if self.last is None else self.window.watched(self.last)

    @property
    def uncertain(self) -> bool:
        """Whether any event, the opening one included, has more than one reading."""
        spread = bool(np.any(self.latest > self.earliest))
        return spread or (self.opener is not None and self.opener[1] > self.opener[0])

    @property
    def has_ties(self) -> bool:
        """Whether two events share one time."""
        return bool(np.any(np.diff(self.times) == 0))

    def draw(self, rng: np.random.Generator | int) -> EventSeries:
        """One reading of every uncertain time, as an exact series.

        Where the opening event is uncertain too, whichever event comes first opens the window.
        """
        if not self.uncertain:
            return self if self.resolution != "drawn" else replace(self, resolution="exact")
        rng = check_rng(rng, "uncertain dates are drawn")
        resolution = "day" if self.resolution == "day" else "exact"
        times = self._seen_reading(rng)
        start = 0.0
        if self.opener is not None:
            first = float(one_each(*(np.array([v]) for v in self.opener), rng)[0])
            everything = np.sort(np.append(times, first))
            start, times = everything[0], everything[1:] - everything[0]
        window = self.window if start == 0.0 else _reopened(self.window, start)
        return self._with_exact(np.sort(times), window, resolution)

    def _with_exact(self, times: np.ndarray, window: Window, resolution: Resolution) -> EventSeries:
        """This series at exact ``times`` that are known to be sorted and seen: a draw is checked by how it is made."""
        times.flags.writeable = False
        width = np.zeros(times.size)
        width.flags.writeable = False
        drawn = object.__new__(EventSeries)
        own = {"times": times, "earliest": times, "latest": times, "width": width, "window": window, "opener": None}
        for name in EventSeries.__dataclass_fields__:
            value = resolution if name == "resolution" else own[name] if name in own else getattr(self, name)
            object.__setattr__(drawn, name, value)
        return drawn

    def _seen_reading(self, rng: np.random.Generator) -> np.ndarray:
        """Readings at which somebody was watching: one in a hole is drawn again, since it would not have been seen."""
        times = one_each(self.earliest, self.latest, self.width, rng)
        closing = slice(-1, None) if self.window.closed_by_event else slice(0, 0)
        times[closing] = self.times[closing]
        if not self.window.holes:
            return np.where(times < self.window.span, times, self.times)
        for _ in range(1000):
            hidden = ~self.window.is_watched(times)
            if not hidden.any():
                return times
            times[hidden] = one_each(self.earliest[hidden], self.latest[hidden], self.width[hidden], rng)
        return np.where(self.window.is_watched(times), times, self.times)

    def chance_after(self, when: object) -> np.ndarray:
        """Share of each event's admissible readings that lie at ``when`` or later, shape (n,)."""
        t = self.window.elapsed(when)
        rows = zip(self.earliest, self.latest, self.width, strict=True)
        return np.array([share_from(t, *row) for row in rows], dtype=float)

    def coarsen(self, times: np.ndarray, rng: np.random.Generator) -> np.ndarray:
        """Simulated times rounded the way this series was recorded, so that the null is rounded as the data are."""
        if self.precision == 0:
            return times
        step = self.precision
        if self.window.opened_by_event:
            phase = rng.uniform(0, step)
            return np.minimum(np.floor((times + phase) / step) * step, np.ceil(self.window.span / step - 1) * step)
        begins = np.floor(times / step) * step
        return (begins + np.minimum(begins + step, self.window.span)) / 2

    def split(self, at: object, *, named: bool = True) -> Split:
        """Counts before and after a date; events at that very instant fall after it.

        ``at="last_event"`` lets the last event close the before period. ``named=False`` leaves the label empty,
        for thousands of readings.
        """
        w = self.window
        if isinstance(at, str) and at == "last_event":
            if self.last is None:
                raise ParameterError("at='last_event' needs an event, and the series has none")
            t = self.last
            return Split(
                self.n, w.watched(0, t), 0, w.watched(t), t, f"the last event ({_named(w, t)})" if named else ""
            )
        t = w.elapsed(at)
        if not 0 <= t <= w.span:
            raise ParameterError(f"the date {at} lies outside the window {w}; choose one inside it")
        after = int(np.sum(self.times >= t))
        return Split(self.n - after, w.watched(0, t), after, w.watched(t), t, _named(w, t) if named else "")

    def inside(self, start: object, end: object) -> Split:
        """Counts outside (as before) and inside (as after) the stretch ``[start, end)``."""
        w = self.window
        a, b = w.elapsed(start), w.elapsed(end)
        if not 0 <= a < b <= w.span:
            raise ParameterError(f"the stretch {start} .. {end} must lie inside the window {w}")
        before_end = self.times <= b if w.closed_by_event and b == w.span else self.times < b
        within = int(np.sum((self.times >= a) & before_end))
        days = w.watched(a, b)
        return Split(self.n - within, w.days - days, within, days, a, f"{_named(w, a)} to {_named(w, b)}")

    def cut(self, start: object, end: object) -> EventSeries:
        """The events and the window between two times."""
        a, b = self.window.elapsed(start), self.window.elapsed(end)
        window = self.window.cut(a, b)
        kept = (self.times >= a) & ((self.times <= b) if window.closed_by_event else (self.times < b))
        earliest, latest = (np.clip(x[kept] - a, 0, b - a) for x in (self.earliest, self.latest))
        # A night cut in two no longer stands whole days from the next: its readings become one stretch.
        whole = np.isclose(latest - earliest, self.latest[kept] - self.earliest[kept])
        return replace(
            self,
            times=_on_edges(window, self.times[kept] - a),
            window=window,
            earliest=_on_edges(window, earliest),
            latest=_on_edges(window, latest),
            width=np.where(whole, self.width[kept], latest - earliest),
            opener=self.opener if window.opened_by_event else None,
        )

    def superposed(self, other: EventSeries) -> EventSeries:
        """The events of both series, which must share one window."""
        if other.window != self.window:
            raise ParameterError(f"only series with one window can be laid over each other: {self} and {other}")
        joined = {a: np.append(getattr(self, a), getattr(other, a)) for a in ("times", "earliest", "latest", "width")}
        notes = tuple(dict.fromkeys((*self.notes, *other.notes)))
        return replace(self, **joined, label=f"{self.label} and {other.label}", notes=notes)

    def by_day(self) -> EventSeries:
        """One event a day: the first of each local day stands for all (clusters counted once).

        An event that closed the window stands for its day.
        """
        w = self.window
        hour = float((w.start - w.start.normalize()) / pd.Timedelta(days=1)) if w.dated else 0.0
        starts_day = np.append(True, np.diff(np.floor(self.times + hour)) > 0)[: self.n]
        if w.closed_by_event and not starts_day[-1]:
            starts_day[np.flatnonzero(starts_day)[-1]] = False
            starts_day[-1] = True
        kept = {a: getattr(self, a)[starts_day] for a in ("times", "earliest", "latest", "width")}
        return replace(self, **kept)

    def counting_opener(self) -> EventSeries:
        """The same whole days with the opening event counted: every event at mid-day, the end's day included.

        For series counted in whole days from the event that opened the window; shows how much the choice of
        window moves an answer.
        """
        w = self.window
        if not w.opened_by_event or self.resolution != "day":
            raise ParameterError("only a series in whole days, opened by an event, has an opener to count")
        window = replace(w, end=w.moment(w.span + 1), opened_by_event=False)
        times = np.append(0.0, self.times) + 0.5
        first, last, width = self.opener or (0.0, 0.0, 0.0)
        return replace(
            self,
            times=times,
            window=window,
            earliest=np.append(max(first, 0.0), self.earliest) + 0.5,
            latest=np.append(max(last, 0.0), self.latest) + 0.5,
            width=np.append(width, self.width),
            opener=None,
        )

    def waits(self) -> pd.DataFrame:
        """The waits between events as a table, the open last one included.

        Columns: ``start``, ``end`` (elapsed), ``days`` (age of the wait at ``end``), ``entered`` (its age when
        watching began: above 0 is left truncation), ``censored``, ``kind``:

        - complete: from one event to the next, watched throughout;
        - open: from the last event to the end of the window;
        - broken: a piece of a wait that crosses a hole, censored there and re-entered after it;
        - entry: from the opening of the window to the first event, where no event opened it: exposure, not a wait.
        """
        return waits(self.times, self.window)

    def binned(self, width: float | None = None, *, edges: Sequence[float] | None = None) -> CountSeries:
        """Counts in bins of ``width`` units, or between the given elapsed ``edges``, with the watched time of each."""
        if (width is None) == (edges is None):
            raise ParameterError("give either the width of the bins or their edges")
        if edges is None:
            if not width > 0:
                raise ParameterError(f"the width of a bin must be above 0, got {width!r}")
            edges = np.append(np.arange(0, self.window.span - 1e-9 * width, width), self.window.span)
        edges = np.asarray(edges, dtype=float)
        closing = self.window.closed_by_event and edges[-1] == self.window.span
        before_end = self.times <= edges[-1] if closing else self.times < edges[-1]
        inside = self.times[(self.times >= edges[0]) & before_end]
        at = np.clip(np.searchsorted(edges, inside, side="right") - 1, 0, edges.size - 2)
        counts = np.bincount(at, minlength=edges.size - 1)
        watched = np.diff(self.window.clock(edges))
        return CountSeries(edges, counts, watched, label=self.label)

    def to_frame(self) -> pd.DataFrame:
        """One row per event: time, its readings, and the moment on the calendar."""
        moments = [self.window.moment(t) for t in self.times]
        frame = pd.DataFrame({a: getattr(self, a) for a in ("times", "earliest", "latest", "width")})
        return frame.rename(columns={"times": "time"}).assign(moment=moments)


def _on_edges(window: Window, times: np.ndarray) -> np.ndarray:
    """Times that rounding moved off an edge they stood on, put back: the opening, and the ends of holes."""
    times = np.maximum(times, 0.0)
    for end in window.hole_edges[:, 1]:
        times = np.where(np.abs(times - end) <= 1e-9 * max(1.0, end), end, times)
    return times


def _reopened(window: Window, start: float) -> Window:
    """The window opened ``start`` units earlier or later by the event that opens it."""
    return replace(window, start=window.moment(start))


def _named(window: Window, elapsed: float) -> str:
    moment: Moment = window.moment(elapsed)
    if isinstance(moment, float):
        return f"{moment:g}"
    midnight = moment == moment.normalize()
    return f"{moment:%Y-%m-%d}" if midnight else f"{moment:%Y-%m-%d %H:%M}"
