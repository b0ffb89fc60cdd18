"""What a simulator gives back: the series, and the truth it was drawn from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from analysis.errors import ParameterError
from analysis.timeline import EventSeries, Window


@dataclass(frozen=True, slots=True, eq=False)
class Simulated:
    """A simulated series (or several that belong together) with its truth.

    ``truth`` holds the name of the process, its parameters under the simulator's own names, and what only
    the simulator can know. ``expected_events`` is the mean count over many such windows, where a formula
    exists; ``unseen`` is how many events fell into holes and were left out.
    """

    series: EventSeries | tuple[EventSeries, ...]
    truth: Mapping[str, Any]


def positive(value: object, name: str, *, or_zero: bool = False) -> float:
    """``value`` as a finite float above 0 (or of 0 and more)."""
    number = isinstance(value, int | float | np.number) and not isinstance(value, bool)
    if not number or not np.isfinite(value) or value < 0 or (value == 0 and not or_zero):
        rule = "of 0 or more" if or_zero else "above 0"
        raise ParameterError(f"{name} must be a finite number {rule}; got {value!r}")
    return float(value)


def count(n: object, window: Window) -> int:
    """``n`` as the number of events that were seen; the one that closed the window is one of them."""
    if not isinstance(n, int | np.integer) or isinstance(n, bool) or n < int(window.closed_by_event):
        least = "1 or more, because an event closed the window" if window.closed_by_event else "0 or more"
        raise ParameterError(f"n must be a whole number of {least}; got {n!r}")
    return int(n)


def series_of(window: Window, times: np.ndarray) -> EventSeries:
    """The free events as a series, with the one that closed the window where there is one."""
    return EventSeries(np.append(times, window.span) if window.closed_by_event else times, window)


def seen(window: Window, times: np.ndarray) -> tuple[np.ndarray, int]:
    """The sorted times that fall into watched stretches, and how many fell into holes."""
    watched = window.is_watched(times)
    return np.sort(times[watched]), int(times.size - watched.sum())


def refuse_closing_event(window: Window, process: str) -> None:
    """Only independent increments can be conditioned on an event at the window's end without further ado."""
    if window.closed_by_event:
        raise ParameterError(
            f"a {process} process is not simulated up to a closing event at a fixed date; "
            "use a window with closed_by_event=False, or cut a longer simulation at its n-th event"
        )
