"""A stretch of time in which an attack would have been seen."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from analysis.errors import ParameterError

Moment = pd.Timestamp | float
ONE_DAY = pd.Timedelta(days=1)


def _moment(value: object, name: str) -> Moment:
    """A bound as a zoned Timestamp or a finite float; anything else raises."""
    if isinstance(value, pd.Timestamp):
        if value.tz is None:
            raise ParameterError(
                f"{name} needs a time zone, got {value}; use Window.between for local dates, "
                "or pd.Timestamp(..., tz='Asia/Baghdad')"
            )
        return value
    if isinstance(value, int | float | np.number) and not isinstance(value, bool) and np.isfinite(value):
        return float(value)
    raise ParameterError(f"{name} must be a Timestamp with a time zone or a finite number, got {value!r}")


def _local(text: str, tz: str) -> pd.Timestamp:
    """A local date or time as a Timestamp; a bare date is its midnight."""
    try:
        return pd.Timestamp(text, tz=tz)
    except (ValueError, KeyError) as error:
        raise ParameterError(
            f"{text!r} in {tz!r} is not a time ({error}); write it as 2021-05-10 or 2021-05-10 18:02, "
            "with a time zone such as Asia/Baghdad"
        ) from None


@dataclass(frozen=True, slots=True)
class Window:
    """A stretch in which an attack would have been seen: half-open ``[start, end)``, with holes.

    Parameters
    ----------
    start, end : Timestamps with a time zone, or plain numbers for textbook data in any unit
    holes : pairs ``(from, to)`` in which nobody was watching, inside the window, apart from each other
    opened_by_event : the window opens at an event (or another renewal point), which is conditioned
        on and does not count
    closed_by_event : the window was closed by an event (event truncation); the end is then included
    unit : the unit of elapsed time; always "day" for Timestamps

    Inside the window time is a float: units since it opened. The window is always given, never
    guessed from the events: a guess would raise the rate.
    """

    start: Moment
    end: Moment
    holes: tuple[tuple[Moment, Moment], ...] = ()
    opened_by_event: bool = False
    closed_by_event: bool = False
    unit: str = "day"
    # Elapsed times that every call needs, worked out once.
    _span: float = field(init=False, repr=False, compare=False, default=0.0)
    _hole_edges: np.ndarray = field(init=False, repr=False, compare=False, default=None)
    _stretches: np.ndarray = field(init=False, repr=False, compare=False, default=None)
    _seen: np.ndarray = field(init=False, repr=False, compare=False, default=None)

    def __post_init__(self) -> None:
        start, end = _moment(self.start, "window start"), _moment(self.end, "window end")
        if isinstance(start, float) != isinstance(end, float):
            raise ParameterError(f"window bounds must both be times or both be numbers: {start} .. {end}")
        if not end > start:
            raise ParameterError(f"window must end after it starts: {start} .. {end}")
        if not isinstance(start, float) and self.unit != "day":
            raise ParameterError(f"a window between dates is measured in days, got unit={self.unit!r}")
        object.__setattr__(self, "start", start)
        object.__setattr__(self, "end", end)
        object.__setattr__(self, "holes", self._checked_holes() if self.holes else ())
        self._measure()
        if self.days <= 0:
            raise ParameterError(f"the holes leave no watched time in {start} .. {end}")

    def _measure(self) -> None:
        span = self._since_start(self.end)
        holes = np.array([(self._since_start(a), self._since_start(b)) for a, b in self.holes], dtype=float)
        holes = holes.reshape(-1, 2)
        stretches = np.concatenate([[0.0], holes.ravel(), [span]]).reshape(-1, 2)
        stretches = stretches[stretches[:, 1] > stretches[:, 0]]
        seen = np.concatenate([[0.0], np.cumsum(stretches[:, 1] - stretches[:, 0])])
        for name, values in (("_hole_edges", holes), ("_stretches", stretches), ("_seen", seen)):
            values.flags.writeable = False
            object.__setattr__(self, name, values)
        object.__setattr__(self, "_span", span)

    def _checked_holes(self) -> tuple[tuple[Moment, Moment], ...]:
        holes = [(_moment(a, "hole start"), _moment(b, "hole end")) for a, b in self.holes]
        for a, b in holes:
            if any(isinstance(edge, float) != isinstance(self.start, float) for edge in (a, b)):
                raise ParameterError(f"hole {a} .. {b} must be given in the same kind of time as the window")
        holes = tuple(sorted(holes))
        previous_end = self.start
        for a, b in holes:
            if not b > a:
                raise ParameterError(f"a hole must end after it starts: {a} .. {b}")
            if a < self.start or b > self.end:
                raise ParameterError(f"hole {a} .. {b} reaches outside the window {self.start} .. {self.end}")
            if a < previous_end:
                raise ParameterError(f"holes overlap at {a}: join them before building the window")
            previous_end = b
        return holes

    @classmethod
    def between(cls, start: str, end: str, *, tz: str = "Asia/Baghdad", holes=(), **settings) -> Window:
        """A window between local dates or times; a bare date is its local midnight."""
        edges = [_local(x, tz) for x in (start, end)]
        return cls(*edges, holes=tuple((_local(a, tz), _local(b, tz)) for a, b in holes), **settings)

    @property
    def dated(self) -> bool:
        """Whether the bounds are dates rather than plain numbers."""
        return isinstance(self.start, pd.Timestamp)

    @property
    def span(self) -> float:
        """Units from start to end, holes included."""
        return self._span

    @property
    def days(self) -> float:
        """Watched units: the span without the holes (the exposure)."""
        return float(self._seen[-1])

    @property
    def hole_edges(self) -> np.ndarray:
        """Elapsed start and end of each hole, shape (n_holes, 2)."""
        return self._hole_edges

    @property
    def watched_stretches(self) -> np.ndarray:
        """Elapsed start and end of each watched stretch, shape (n_holes + 1 or fewer, 2)."""
        return self._stretches

    def _since_start(self, moment: Moment) -> float:
        gap = moment - self.start
        return float(gap / ONE_DAY) if self.dated else float(gap)

    def elapsed(self, when: object) -> float:
        """Units since the window opened, for a Timestamp, an ISO text (local time) or a number.

        Numbers are taken on the axis of a numeric window, and as elapsed days in a dated one.
        """
        if isinstance(when, str):
            if not self.dated:
                raise ParameterError(f"the window is numeric, so {when!r} cannot be placed in it; give a number")
            try:
                when = pd.Timestamp(when)
            except ValueError:
                raise ParameterError(f"{when!r} is not a date; write it as 2021-05-10 or 2021-05-10 18:02") from None
            when = when.tz_localize(self.start.tz) if when.tz is None else when
        if isinstance(when, pd.Timestamp):
            if not self.dated:
                raise ParameterError(f"the window is numeric, so {when} cannot be placed in it; give a number")
            return self._since_start(_moment(when, "time"))
        number = _moment(when, "time")
        return number if self.dated else number - self.start

    def moment(self, elapsed: float) -> Moment:
        """The Timestamp (or number) that lies ``elapsed`` units after the window opened."""
        if not self.dated:
            return self.start + float(elapsed)
        return (self.start + pd.Timedelta(days=float(elapsed))).round("us")

    def clock(self, elapsed: np.ndarray | float) -> np.ndarray | float:
        """Watched units between the opening and ``elapsed`` (vectorised): time with the holes cut out."""
        if not self.holes and np.ndim(elapsed) == 0:
            return float(min(max(elapsed, 0.0), self._span))
        t = np.asarray(elapsed, dtype=float)
        starts = self._stretches[:, 0]
        i = np.clip(np.searchsorted(starts, t, side="right") - 1, 0, len(starts) - 1)
        seen = self._seen[i] + np.clip(t - starts[i], 0.0, np.diff(self._seen)[i])
        return float(seen) if np.ndim(elapsed) == 0 else seen

    def unclock(self, watched: np.ndarray | float) -> np.ndarray | float:
        """Elapsed time at which ``watched`` units have been watched: the inverse of ``clock``.

        At the edge of a hole the answer is the hole's end, where watching goes on; never a time in a hole.
        """
        u = np.asarray(watched, dtype=float)
        stretches = self._stretches
        i = np.minimum(np.searchsorted(self._seen[1:], u, side="right"), len(stretches) - 1)
        ends = np.append(np.nextafter(stretches[:-1, 1], -np.inf), stretches[-1, 1])
        t = np.clip(stretches[i, 0] + (u - self._seen[i]), stretches[i, 0], ends[i])
        return float(t) if np.ndim(watched) == 0 else t

    def watched(self, start: float = 0.0, end: float | None = None) -> float:
        """Watched units between two elapsed times (default: the whole window)."""
        return self.clock(self.span if end is None else end) - self.clock(start)

    def is_watched(self, elapsed: np.ndarray | float) -> np.ndarray:
        """Whether an event at these elapsed times would have been seen."""
        t = np.asarray(elapsed, dtype=float)
        inside = (t >= 0) & ((t <= self.span) if self.closed_by_event else (t < self.span))
        if not self.holes:
            return inside
        edges = self.hole_edges
        return inside & ~((t[..., None] >= edges[:, 0]) & (t[..., None] < edges[:, 1])).any(axis=-1)

    def cut(self, start: float, end: float) -> Window:
        """The part between two elapsed times, with its share of the holes.

        Only a part that keeps an edge keeps the word on what opened or closed it.
        """
        if not 0 <= start < end <= self.span:
            raise ParameterError(f"a part must lie inside the window of {self.span:g} {self.unit}s: {start} .. {end}")
        opens = self.moment(start) if start > 0 else self.start
        closes = self.moment(end) if end < self.span else self.end
        return Window(
            opens,
            closes,
            holes=tuple((max(a, opens), min(b, closes)) for a, b in self.holes if a < closes and b > opens),
            opened_by_event=self.opened_by_event and start == 0,
            closed_by_event=self.closed_by_event and end == self.span,
            unit=self.unit,
        )

    def joined(self, later: Window) -> Window:
        """This window followed at once by ``later``: the inverse of a cut in two."""
        if later.start != self.end or later.unit != self.unit:
            raise ParameterError(f"only windows that meet can be joined: {self.end} and {later.start}")
        if later.opened_by_event or self.closed_by_event:
            raise ParameterError(
                f"an event stands between the windows at {self.end}, so they are two, not one cut in two"
            )
        holes = [*self.holes, *later.holes]
        for i in range(len(holes) - 1, 0, -1):
            if holes[i - 1][1] == holes[i][0]:
                holes[i - 1 : i + 1] = [(holes[i - 1][0], holes[i][1])]
        return Window(self.start, later.end, tuple(holes), self.opened_by_event, later.closed_by_event, self.unit)

    def __str__(self) -> str:
        opened = " (opened by an event)" if self.opened_by_event else ""
        holes = f", {len(self.holes)} hole{'s' if len(self.holes) > 1 else ''}" if self.holes else ""
        if self.dated:
            return (
                f"{self.start:%Y-%m-%d %H:%M} to {self.end:%Y-%m-%d %H:%M}{opened}, {self.days:g} days watched{holes}"
            )
        return f"{self.start:g} to {self.end:g}{opened}, {self.days:g} {self.unit}s watched{holes}"
