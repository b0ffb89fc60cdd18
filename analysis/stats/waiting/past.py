"""What went before an open wait: the waits so far, the watched time they took, the time since."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from analysis.stats.readings import over_readings
from analysis.timeline import EventSeries


@dataclass(frozen=True, slots=True, eq=False)
class Past:
    """The record up to the last event, on the watched clock.

    n : events in the window; the one that opened it does not count
    elapsed : watched time from the opening to the last event
    quiet : watched time since the last event
    waits : complete waits, shape (n,), or (n - 1,) where no event opened the window
    opened : whether an event opened the window
    crossed : whether a wait reaches across a hole
    """

    n: int
    elapsed: float
    quiet: float
    waits: np.ndarray
    opened: bool
    crossed: bool


def past(series: EventSeries) -> Past | None:
    """The record up to the last event, or None where there is none to wait from."""
    if series.last is None:
        return None
    window = series.window
    points = np.append(0.0, series.times) if window.opened_by_event else series.times
    return Past(
        n=series.n,
        elapsed=float(window.clock(series.last)),
        quiet=float(series.quiet_days),
        waits=np.diff(window.clock(points)),
        opened=window.opened_by_event,
        crossed=crosses_hole(series),
    )


def crosses_hole(series: EventSeries) -> bool:
    """Whether a wait, the open one included, reaches across a hole."""
    edges = series.window.hole_edges
    if edges.size == 0 or series.last is None:
        return False
    first = 0.0 if series.window.opened_by_event else float(series.times[0])
    return bool(np.any(edges[:, 1] > first))


def no_silence(series: EventSeries) -> str | None:
    """Why the open wait cannot be tested, in a sentence, or None where it can."""
    if series.last is None:
        return "No event in the window, and none opened it: there is nothing to wait from."
    if series.window.closed_by_event:
        return "The window was closed by an event, so no wait is open."
    if series.n == 0:
        return "No event after the one that opened the window: the pace is unknown, any silence possible."
    if series.quiet_days <= 0:
        return "Nobody watched after the last event."
    if series.window.clock(series.last) <= 0:
        return "All events stand at the opening of the window, so there is no pace to compare with."
    return None


def moment_after(series: EventSeries, watched: float) -> str:
    """The moment ``watched`` units after the opening, as text; watching goes on after the end."""
    window = series.window
    beyond = watched - window.days
    elapsed = window.span + beyond if beyond >= 0 else float(window.unclock(watched))
    when = window.moment(elapsed)
    return f"{when:.6g}" if isinstance(when, float) else f"{when:%Y-%m-%d %H:%M}"


def pasts(series: EventSeries, *, rng: object, draws: int) -> list[Past]:
    """The record up to the last event, once, or once for each reading of dates that are to be drawn."""
    if not drawn(series):
        return [past(series)]

    def flat(reading: EventSeries) -> np.ndarray:
        p = past(reading)
        return np.concatenate([[p.elapsed, p.quiet], p.waits])

    table = over_readings(series, flat, rng=rng, draws=draws)
    opened, crossed = series.window.opened_by_event, crosses_hole(series)
    return [Past(series.n, row[0], row[1], row[2:], opened, crossed) for row in table]


def drawn(series: EventSeries) -> bool:
    """Whether the dates are uncertain and are to be drawn for p-values."""
    return series.resolution == "drawn" and series.uncertain
