"""One record, and the same record with its nights redrawn, as every specification selects from it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import pandas as pd

from analysis.catalogue import select
from analysis.catalogue.filters import kept
from analysis.catalogue.merge import merged
from analysis.catalogue.readings import bare, readings
from analysis.checks.axes import Specification
from analysis.errors import ParameterError
from analysis.timeline import EventSeries, Window

NullName = Literal["uniform_nights", "circular_shift"]
NULLS: dict[str, str] = {
    "uniform_nights": "keeps the number of nights, which attacks share one, and all known of each attack but its "
    "date; destroys all timing of the nights",
    "circular_shift": "keeps the order and the distances of all attacks; destroys their tie to the calendar",
}
FILTERS = ("weapon", "target_class", "outcome", "confidence", "area", "exclude")
ONE_DAY = pd.Timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Path:
    """How one specification reads the record: numbers of its rows, its reading of dates, merge rule and window."""

    rows: int
    dates: int
    merge: str
    window: int
    opened: bool


class Record:
    """The rows that any specification selects, as arrays: days since an origin, nights, places.

    Parameters
    ----------
    table : from ``load``
    specifications : from ``crossed``; the resolution must be "day" or "exact", and the same in all
    """

    def __init__(self, table: pd.DataFrame, specifications: Sequence[Specification]) -> None:
        self.day_counted = _resolution(specifications) == "day"
        masks, dates, windows = _Numbered(), _Numbered(), _Numbered()
        self.paths = []
        for s in specifications:
            settings = dict(s.settings)
            filters = {k: settings[k] for k in FILTERS if k in settings}
            span = {k: settings.get(k) for k in ("start", "end", "holes", "tz") if settings.get(k) is not None}
            path = Path(
                masks.of(filters),
                dates.of(settings.get("dates", "point")),
                settings.get("merge", "night"),
                windows.of({**span, "resolution": settings.get("resolution", "day")}),
                bool(settings.get("opened_by_event", False)),
            )
            self.paths.append(path)
        plain = bare(table)
        chosen = [kept(plain, table.attrs, **f)[0].index for f in masks.values]
        anywhere = plain.index[np.isin(plain.index, np.concatenate(chosen))] if chosen else plain.index[:0]
        self.rows = [np.flatnonzero(np.isin(anywhere, index)) for index in chosen]
        self.windows = [select(table.iloc[:0], **w).window for w in windows.values]
        self.origin = min(w.start for w in self.windows).tz_localize(None).normalize()
        self.starts = [float((w.start.tz_localize(None) - self.origin) / ONE_DAY) for w in self.windows]
        self._read(table, anywhere, dates.values)
        self.days = self._watched_days()

    def _read(self, table: pd.DataFrame, index: pd.Index, dates: list[Any]) -> None:
        """Day, point time and night of every row in every reading; its place; and the nights that move together."""
        self.times, nights = [], []
        for each in dates:
            rows = bare(readings(table, dates=each)).loc[index]
            day, point, night = (
                ((rows[c] - self.origin) / ONE_DAY).to_numpy(dtype=float) for c in ("day", "point", "night")
            )
            self.times.append((day, point, night))
            nights.append(night)
        first = bare(readings(table)).loc[index]
        self.place = _places(first)
        self.first_day = np.floor(((first["day"] - self.origin) / ONE_DAY).to_numpy(dtype=float))
        self.block = _connected(nights)

    def _watched_days(self) -> np.ndarray:
        """Days, counted from the origin, that some specification watches."""
        last = max(start + w.span for start, w in zip(self.starts, self.windows, strict=True))
        days = np.arange(np.ceil(last))
        seen = [w.is_watched(days + 0.5 - start) for start, w in zip(self.starts, self.windows, strict=True)]
        return days[np.any(seen, axis=0)]

    def shifts(self, null: NullName, size: int, rng: np.random.Generator) -> np.ndarray:
        """Whole days by which each row is moved, shape (size, rows). Rows outside every window stay."""
        blocks, first_row = np.unique(self.block, return_index=True)
        anchor = self.first_day[first_row]
        at = np.searchsorted(self.days, anchor)
        movable = np.isin(anchor, self.days)
        if null == "uniform_nights":
            to = rng.integers(0, self.days.size, (size, blocks.size))
        else:
            to = (at + rng.integers(0, self.days.size, (size, 1))) % self.days.size
        moved = np.where(movable, self.days[to] - anchor, 0.0)
        return moved[:, np.searchsorted(blocks, self.block)]

    def placed(self, shifts: np.ndarray) -> dict[tuple[int, int, str], np.ndarray]:
        """Times of the merged attacks for every way to filter, read and merge, sorted, ``inf`` where fewer.

        Shape (records, rows of the filter); days since the origin, midnights where days are counted.
        """
        ways = dict.fromkeys((p.rows, p.dates, p.merge) for p in self.paths)
        return {way: self._merged(*way, shifts) for way in ways}

    def _merged(self, rows: int, dates: int, merge: str, shifts: np.ndarray) -> np.ndarray:
        chosen = self.rows[rows]
        moved = shifts[:, chosen]
        day, point, night = (part[chosen] + moved for part in self.times[dates])
        # In order of point time, ties by day and then as in the file; the first of a night (and place) stands for it.
        order = np.lexsort((day, point), axis=-1)
        day, point, night = (np.take_along_axis(part, order, axis=1) for part in (day, point, night))
        times = day if self.day_counted else point
        if merge != "none" and chosen.size:
            key = night * 2
            if merge == "place":
                key = key * (1 + self.place.max()) + np.take_along_axis(
                    self.place[chosen][None, :] + 0 * order, order, 1
                )
            by_key = np.argsort(key, axis=1, kind="stable")
            sorted_key = np.take_along_axis(key, by_key, axis=1)
            again = np.zeros_like(key, dtype=bool)
            np.put_along_axis(again, by_key[:, 1:], np.diff(sorted_key, axis=1) == 0, axis=1)
            times = np.where(again, np.inf, times)
        return np.sort(times, axis=1)

    def counted(self, path: Path, placed: dict) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Times of one specification in its own window, which of them count, and when the window opened.

        Returns (times, counts, opening): shapes (records, k), (records, k) and (records,), elapsed in the window
        before an event opened it. ``opening`` is nan where no event did. Times of days stand at midnight.
        """
        window, start = self.windows[path.window], self.starts[path.window]
        times = placed[path.rows, path.dates, path.merge] - start
        inside = window.is_watched(times + 0.5 if self.day_counted else times)
        opening = np.full(len(times), np.nan)
        if path.opened and times.shape[1]:
            first = np.argmax(inside, axis=1)
            rows = np.flatnonzero(inside.any(axis=1))
            opening[rows] = times[rows, first[rows]]
            inside[rows, first[rows]] = False
        return times, inside, opening

    def series(self, path: Path, times: np.ndarray, inside: np.ndarray, opening: float) -> EventSeries:
        """One record of one specification as the series that ``select`` would give, its dates taken as known."""
        window = self.windows[path.window]
        elapsed = times[inside]
        settings = {"resolution": "day", "precision": 1.0} if self.day_counted else {}
        if np.isnan(opening):
            return EventSeries(elapsed + (0.5 if self.day_counted else 0.0), window, **settings)
        opened = window.moment(opening)
        holes = tuple((a, b) for a, b in window.holes if a >= opened)
        window = Window(opened, window.end, holes, opened_by_event=True)
        return EventSeries(elapsed - opening, window, **settings)


class _Numbered:
    """Values by number, equal ones under one number."""

    def __init__(self) -> None:
        self.values: list[Any] = []
        self._known: dict[str, int] = {}

    def of(self, value: Any) -> int:
        key = repr(value)
        if key not in self._known:
            self._known[key] = len(self.values)
            self.values.append(value)
        return self._known[key]


def _resolution(specifications: Sequence[Specification]) -> str:
    found = {s.settings.get("resolution", "day") for s in specifications}
    if found not in ({"day"}, {"exact"}):
        raise ParameterError(
            f"a multiverse takes resolution='day' or 'exact', one for all; got {', '.join(map(repr, sorted(found)))}. "
            "Readings of the dates are an axis: {'earliest': {'dates': 'earliest'}}"
        )
    return found.pop()


def _places(rows: pd.DataFrame) -> np.ndarray:
    """A number for each place, the same for rows that ``merge='place'`` would put together on one night."""
    number = pd.Series(0, index=rows["event_id"])
    together = merged(rows.assign(night=rows["night"].min()), by="place")["merged_ids"].str.split("; ")
    for i, ids in enumerate(together):
        number[ids] = i
    return number.to_numpy()


def _connected(nights: list[np.ndarray]) -> np.ndarray:
    """A number for each set of rows that share a night in some reading, directly or through others."""
    block = np.arange(nights[0].size if nights else 0)
    while True:
        before = block.copy()
        for night in nights:
            _, inverse = np.unique(night, return_inverse=True)
            least = np.full(inverse.max(initial=-1) + 1, block.size)
            np.minimum.at(least, inverse, block)
            block = least[inverse]
        if np.array_equal(block, before):
            return block
