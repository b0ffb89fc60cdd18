"""What the record would look like had chance alone arranged part of it; each null says which part.

A null is called as ``null(series, rng)`` and gives a series; ``surrogates`` gives many at once, as an array.
All keep the window, its holes, the number of events, and the events that opened or closed the window;
simulated times are rounded as the data were recorded. They work on the point value of each time: where dates
are uncertain, ``series.draw(rng)`` comes first.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Callable
from dataclasses import dataclass, field, replace

import numpy as np

from analysis.errors import ParameterError, check_choice, check_rng
from analysis.processes.placing import placed
from analysis.timeline import EventSeries, Window

Redraw = Callable[[EventSeries, int, np.random.Generator], np.ndarray]


@dataclass(frozen=True)
class Null:
    """A way to redraw a series, called with a series and ``rng``; its print says what it keeps."""

    name: str
    keeps: str
    destroys: str
    redraw: Redraw = field(compare=False, repr=False)

    def __post_init__(self) -> None:
        what = getattr(self.redraw, "func", self.redraw).__doc__
        object.__setattr__(self, "__doc__", f"{what}\n\n    It {self.sentence}.")

    def __call__(self, series: EventSeries, rng: np.random.Generator | int) -> EventSeries:
        times = surrogates(series, self, size=1, rng=rng)[0]
        resolution = "day" if series.resolution == "day" else "exact"
        exact = {"earliest": None, "latest": None, "width": None, "opener": None, "resolution": resolution}
        return replace(series, times=times, **exact)

    @property
    def sentence(self) -> str:
        """What the null keeps and what it destroys, for reports."""
        return f"keeps {self.keeps}; destroys {self.destroys}"

    def __str__(self) -> str:
        return f"{self.name}: {self.sentence}"


def surrogates(series: EventSeries, null: Null | str, *, size: int, rng: np.random.Generator | int) -> np.ndarray:
    """Redrawn times of the same window, sorted in each row, shape (size, n), units since the window opened.

    Parameters
    ----------
    series : the record; its times, rounding and window are used
    null : a null such as ``shuffled_waits`` or ``local_jitter(7)``, or the name of one without settings
    size : number of rows, 0 or more
    rng : Generator or seed
    """
    rng = check_rng(rng, "surrogates are drawn")
    if not isinstance(size, int | np.integer) or isinstance(size, bool) or size < 0:
        raise ParameterError(f"size must be a whole number of 0 or more; got {size!r}")
    if not isinstance(null, Null):
        if isinstance(null, str) and null == "local_jitter":
            raise ParameterError("local_jitter needs its width: pass local_jitter(7), say, not its name")
        null = _BY_NAME[check_choice("null", null, _BY_NAME)]
    if not series.window.closed_by_event:
        return null.redraw(series, int(size), rng)
    # The closing event was conditioned on: it stays, whatever the null does to the others.
    free = null.redraw(_without_closing_event(series), int(size), rng)
    return np.column_stack([free, np.full(size, series.window.span)])


def _uniform_times(series: EventSeries, size: int, rng: np.random.Generator) -> np.ndarray:
    """Events anywhere in watched time, independent of each other: a steady pace given the count."""
    rows = rng.random((size, series.n))
    rows *= series.days
    rows.sort(axis=1)
    return _rounded(series, placed(series.window, rows), rng)


def _shuffled_waits(series: EventSeries, size: int, rng: np.random.Generator) -> np.ndarray:
    """The waits between events in another order: no trend and no memory, whatever the law of the waits.

    The stretch to the first event (unless an event opened the window, which makes it a wait) and the open
    last wait are cut off by the window, hence of another law, and stay where they are. Waits are measured on
    the watched clock. With fewer than two closed waits there is one order only, the one of the data.
    """
    waits = np.diff(series.window.clock(series.times), prepend=0.0)
    first = 0 if series.window.opened_by_event else 1
    if waits.size - first < 2:
        return np.tile(series.times, (size, 1))
    rows = np.tile(waits, (size, 1))
    rows[:, first:] = rng.permuted(rows[:, first:], axis=1)
    np.cumsum(rows, axis=1, out=rows)
    return _rounded_alike(series, placed(series.window, rows), rng)


def _circular_shift(series: EventSeries, size: int, rng: np.random.Generator) -> np.ndarray:
    """All events later by one random lag; those pushed over the end come in again at the start.

    The circle is watched time, half-open: events that stood apart stay apart, and none lands on the open end.
    An event that opened the window stays. Times on a lattice move by whole steps of it.
    """
    days, step = series.days, series.precision
    if step > 0:
        lags = step * rng.integers(0, max(1, math.ceil(days / step - 1e-9)), (size, 1))
    else:
        lags = days * rng.random((size, 1))
    rows = series.window.clock(series.times) + lags
    # On a lattice the last step before the end may miss it by rounding.
    rows -= days * (rows >= days - 1e-9 * step)
    rows.sort(axis=1)
    return _rounded_alike(series, placed(series.window, np.maximum(rows, 0)), rng)


def _jittered(series: EventSeries, size: int, rng: np.random.Generator, *, width: float) -> np.ndarray:
    """Each event moved at random by up to the width either way, turned back at the edges of its stretch."""
    stretches = series.window.watched_stretches
    start, end = stretches[np.searchsorted(stretches[:, 0], series.times, side="right") - 1].T
    length = end - start
    rows = rng.uniform(-width, width, (size, series.n))
    rows += series.times - start
    if series.n and width > length.min():
        rows %= 2 * length
    np.abs(rows, out=rows)
    rows = length - np.abs(length - rows)
    rows += start
    np.clip(rows, start, np.nextafter(end, -np.inf), out=rows)
    rows.sort(axis=1)
    recorded = _rounded(series, rows, rng)
    if series.precision > 0 and len(stretches) > 1:
        # Rounding must not carry an event over a hole.
        before, after = (np.searchsorted(stretches[:, 0], x, side="right") for x in (rows, recorded))
        recorded = np.sort(np.where(before == after, recorded, rows), axis=1)
    return recorded


uniform_times = Null("uniform_times", "the number of events and the window", "all timing", _uniform_times)

shuffled_waits = Null(
    "shuffled_waits",
    "the watched length of every wait, the first and the last stretch in their places, and the window",
    "the order of the waits",
    _shuffled_waits,
)

circular_shift = Null(
    "circular_shift",
    "the clustering on the watched clock, but for the one wait that is cut where the circle opens",
    "the alignment to the calendar and to other series",
    _circular_shift,
)


def local_jitter(width: float) -> Null:
    """Each event moved at random by up to ``width`` units either way, within its watched stretch.

    Keeps the slow pace and the count of every watched stretch; destroys timing finer than the width.
    Events are turned back at the edges (reflection), which leaves an even pace even up to them. The data are
    not one of the draws (they were not moved), so a p-value from this null is approximate.
    """
    number = isinstance(width, int | float | np.number) and not isinstance(width, bool)
    if not number or not 0 < width < math.inf:
        raise ParameterError(f"the width of a jitter must be a finite number above 0; got {width!r}")
    width = float(width)
    return Null(
        f"local_jitter({width:g})",
        "the slow pace and the count of every watched stretch",
        f"timing finer than {width:g} units",
        functools.partial(_jittered, width=width),
    )


_BY_NAME = {null.name: null for null in (uniform_times, shuffled_waits, circular_shift)}

#: What each null keeps and destroys, for printing; ``local_jitter`` with its width says it more precisely.
NULLS: dict[str, str] = {
    **{name: null.sentence for name, null in _BY_NAME.items()},
    "local_jitter": local_jitter(1).sentence.replace("1 units", "its width"),
}


def _without_closing_event(series: EventSeries) -> EventSeries:
    window = replace(series.window, closed_by_event=False)
    # Others at the very end were seen: in a window that is open there they stand just before it.
    inside = np.nextafter(window.span, 0)
    arrays = {name: np.minimum(getattr(series, name)[:-1], inside) for name in ("times", "earliest", "latest")}
    return replace(series, window=window, width=series.width[:-1], **arrays)


def _rounded(series: EventSeries, rows: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Rows of times rounded as the data were recorded, still inside watched time."""
    if series.precision == 0 or rows.size == 0:
        return rows
    if series.window.opened_by_event:
        # Whole days since the opening event depend on the hour of that event, which each row draws anew.
        rows = np.stack([series.coarsen(row, rng) for row in rows])
    else:
        rows = series.coarsen(rows, rng)
    stray = ~series.window.is_watched(rows)
    if stray.any():
        rows[stray] = _nearest_recorded(series.window, series.precision, rows[stray])
        rows.sort(axis=1)
    return rows


def _rounded_alike(series: EventSeries, rows: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Rows rounded as the data were; a row whose waits that would change stays as it is.

    The waits of a record on a lattice fit the lattice, so rounding only removes errors of the last digit, unless
    a hole or the end of the window lies off the lattice.
    """
    if series.precision == 0 or rows.size == 0:
        return rows
    recorded = _rounded(series, rows, rng)
    before, after = (np.diff(series.window.clock(x), prepend=0.0, axis=1) for x in (rows, recorded))
    changed = np.abs(after - before).max(axis=1) > 1e-6 * series.precision
    recorded[changed] = rows[changed]
    return recorded


def _nearest_recorded(window: Window, step: float, times: np.ndarray) -> np.ndarray:
    """The nearest time that can be recorded and was watched, where a window's edges lie off the lattice."""
    offset = 0.0 if window.opened_by_event else step / 2
    lattice = offset + step * np.arange(math.ceil(window.span / step) + 1)
    lattice = lattice[window.is_watched(lattice)]
    if lattice.size == 0:
        # No watched time can be written down at this precision: the middle of its stretch stands for it.
        lattice = window.watched_stretches.mean(axis=1)
    at = np.clip(np.searchsorted(lattice, times), 1, max(1, lattice.size - 1))
    low, high = lattice[at - 1], lattice[np.minimum(at, lattice.size - 1)]
    return np.where(times - low <= high - times, low, high)
