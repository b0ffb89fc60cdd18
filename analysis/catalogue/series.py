"""Rows inside a window as an event series: point times, and the readings to draw from."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.catalogue.vintage import ONE_DAY
from analysis.timeline import EventSeries, Window
from analysis.timeline.events import Resolution


@dataclass(slots=True)
class Picked:
    """The rows a series counts, the row that opened its window, and the window with the start asked for."""

    rows: pd.DataFrame
    opener: pd.DataFrame | None
    window: Window
    given_start: pd.Timestamp
    resolution: Resolution
    notes: tuple[str, ...]


def series(picked: Picked, label: str, table: pd.DataFrame) -> EventSeries:
    """The series of the picked rows, in days since their window opened, with the vintage of the table."""
    counted = [picked.rows] if picked.opener is None else [picked.opener, picked.rows]
    by_rule = sum(int(rows["first_reported"].isna().sum()) for rows in counted)
    notes = list(picked.notes)
    if by_rule and table.attrs.get("as_of"):
        notes.append(f"of the attacks selected, {by_rule} have no first report and count as public the day after")
    parts = _whole_days(picked) if picked.resolution == "day" else _moments(picked)
    if picked.resolution == "exact":
        parts = {"times": parts["times"]}
    vintage = {k: table.attrs.get(k) for k in ("sha256", "as_of", "file")}
    shared = {"label": label, "resolution": picked.resolution, "vintage": vintage, "notes": tuple(notes)}
    return EventSeries(window=picked.window, **parts, **shared)


def _whole_days(picked: Picked) -> dict[str, object]:
    """Whole days since the day of the opening attack; mid-days in a window opened by a date."""
    zero = picked.window.start.tz_localize(None)
    noon = 0.0 if picked.window.opened_by_event else 0.5
    low, high = _day_bounds(picked, zero)
    day, first, last = (_days_since(picked.rows[c], zero) for c in ("day", "day_first", "day_last"))
    parts = {
        "times": day + noon,
        "earliest": np.minimum(np.maximum(first, 0.0), day) + noon,
        "latest": np.maximum(np.minimum(last, high), day) + noon,
        "width": np.zeros(day.size),
        "precision": 1.0,
    }
    if picked.opener is not None:
        first, last = (float(_days_since(picked.opener[c], zero)[0]) for c in ("day_first", "day_last"))
        first, last = min(max(first, low), 0.0), max(min(last, high), 0.0)
        parts["opener"] = (first, last, 0.0) if first < last else None
    return parts


def _day_bounds(picked: Picked, zero: pd.Timestamp) -> tuple[float, float]:
    """First and last whole day of the window as it was asked for, before an event opened it."""
    naive = pd.Series([picked.given_start.tz_localize(None), picked.window.end.tz_localize(None) - ONE_DAY])
    low, high = _days_since(naive, zero)
    return float(low), float(high)


def _moments(picked: Picked) -> dict[str, object]:
    """Point times with the readings their sources allow, cut to what was watched."""
    window = picked.window
    cut = [_cut(row, window, 0.0) for row in _elapsed(picked.rows, window)]
    names = ("times", "earliest", "latest", "width")
    parts = dict(zip(names, np.array(cut, dtype=float).reshape(-1, 4).T, strict=True))
    if picked.opener is not None:
        # The opening attack may have come before its point time, back to the start that was asked for.
        low = min(0.0, window.elapsed(picked.given_start))
        parts["opener"] = _cut(_elapsed(picked.opener, window)[0], window, low)[1:]
    return parts


def _elapsed(rows: pd.DataFrame, window: Window) -> np.ndarray:
    """Point time, earliest, latest and width of each row, days since the window opened; shape (n, 4)."""
    since = [localized(rows[c], window.start.tz) - window.start for c in ("point", "earliest", "latest")]
    time, earliest, latest = (gap.to_numpy() / ONE_DAY.to_timedelta64() for gap in since)
    # A day on which the clocks were put forward is shorter than its reading.
    width = np.minimum(rows["width"].to_numpy(dtype=float), latest - earliest)
    return np.column_stack([time, earliest, latest, width])


def _cut(row: np.ndarray, window: Window, low: float) -> tuple[float, float, float, float]:
    """One event's readings inside the watched stretch that holds its point time; the first begins at ``low``.

    Readings that lie wholly inside are kept; where the one that holds the point time does not, it alone is
    kept, and cut.
    """
    slack = 1e-9
    time, earliest, latest, width = map(float, row)
    stretches = window.watched_stretches
    a, b = stretches[np.searchsorted(stretches[:, 0], time, side="right") - 1]
    a = low if a == 0 else a
    begins = earliest + np.arange(max(1, round(latest - earliest - width) + 1))
    if begins.size > 1:
        # Where clocks were changed between two readings, they are taken to lie whole days from the point time.
        off = time - width / 2 - begins
        shift = off[np.argmin(np.abs(off))]
        begins = begins + (shift if abs(shift) > 1e-6 else 0.0)
    whole = begins[(begins >= a - slack) & (begins + width <= b + slack)]
    own = begins[int(np.argmin(np.abs(begins + width / 2 - time)))]
    if own in whole:
        return time, float(whole[0]), float(whole[-1] + width), width
    earliest, latest = max(own, a), min(own + width, b)
    return time, earliest, latest, latest - earliest


def localized(moments: pd.Series, tz: object) -> pd.DatetimeIndex:
    """Naive local times with their zone; of an hour passed twice the second, of one skipped its end."""
    naive = pd.DatetimeIndex(moments)
    return naive.tz_localize(tz, ambiguous=np.zeros(naive.size, dtype=bool), nonexistent="shift_forward")


def _days_since(days: pd.Series, zero: pd.Timestamp) -> np.ndarray:
    return ((days - zero.normalize()) / ONE_DAY).to_numpy(dtype=float)
