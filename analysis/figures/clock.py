"""The time axis: local dates or plain numbers, with the stretches that nobody watched hatched."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pandas as pd

from analysis.errors import ParameterError
from analysis.figures import style
from analysis.timeline import Window

ABOUT = 1e-9
DASH = "\u2013"
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")  # in any locale


def units(number: float, unit: str) -> str:
    """``1 day``, ``2.5 days``: a number with its unit, one decimal at most above 10."""
    return f"{amount(number)} {plural(unit, number)}"


def amount(number: float) -> str:
    """A length of time for reading: whole numbers plain, one decimal from 10, three digits below."""
    if abs(number - round(number)) < 1e-6:
        return f"{round(number):,}"
    return f"{number:,.1f}" if abs(number) >= 10 else f"{number:.3g}"


def plural(unit: str, number: float = 2) -> str:
    """The unit in the singular for exactly 1, else in the plural."""
    return unit if abs(number - 1) < 1e-6 or unit.endswith("s") else f"{unit}s"


def common(windows: Iterable[Window]) -> Window:
    """The first of several windows, once it is sure that one axis can carry them all."""
    windows = list(windows)
    first = windows[0]
    for other in windows[1:]:
        if other.dated != first.dated or other.unit != first.unit:
            raise ParameterError(f"one axis cannot carry both {first} and {other}; draw them in two figures")
    return first


def place(window: Window, elapsed: np.ndarray | float) -> np.ndarray | float:
    """Axis positions of elapsed times: days of matplotlib's calendar, or the numbers of a numeric window."""
    return np.asarray(elapsed, dtype=float) + origin(window) if np.ndim(elapsed) else elapsed + origin(window)


def origin(window: Window) -> float:
    """Axis position at which the window opens."""
    if not window.dated:
        return float(window.start)
    from matplotlib.dates import date2num

    return float(date2num(window.start.to_pydatetime(warn=False)))


def position(window: Window, when: object) -> float:
    """Axis position of a moment: a Timestamp, an ISO text (local time), or a number on a numeric axis."""
    if isinstance(when, pd.Timestamp) and when.tz is None and window.dated:
        when = when.tz_localize(window.start.tz)
    return float(place(window, window.elapsed(when)))


def extent(windows: Iterable[Window]) -> tuple[float, float]:
    """Axis positions of the earliest opening and the latest end."""
    edges = [(origin(w), origin(w) + w.span) for w in windows]
    return min(a for a, _ in edges), max(b for _, b in edges)


def unwatched(window: Window, low: float, high: float) -> list[tuple[float, float]]:
    """Axis stretches from ``low`` to ``high`` that nobody watched: holes, and time outside the window."""
    first, last = origin(window), origin(window) + window.span
    stretches = [(low, first), *(tuple(place(window, h)) for h in window.hole_edges), (last, high)]
    inside = [(max(a, low), min(b, high)) for a, b in stretches]
    return [(a, b) for a, b in inside if b - a > ABOUT * (high - low)]


def hatch(ax, left: float, right: float, *, bottom: float = 0.0, top: float = 1.0, across: bool = True):
    """Hatch unwatched time; ``bottom`` and ``top`` are shares of the axes, or data if not ``across``."""
    from matplotlib.patches import Rectangle

    look = {"facecolor": "none", "edgecolor": style.FAINT, "hatch": style.UNWATCHED, "linewidth": 0}
    over = ax.get_xaxis_transform() if across else ax.transData
    patch = Rectangle((left, bottom), right - left, top - bottom, transform=over, zorder=0.6, **look)
    patch.set_gid("not watched")
    return ax.add_patch(patch)


def axis(ax, window: Window, low: float, high: float, *, inches: float) -> str:
    """Give ``ax`` its time axis from ``low`` to ``high``; returns the words for its label."""
    margin = 0.012 * (high - low)
    ax.set_xlim(low - margin, high + margin)
    most = max(3, int(inches / 0.62))
    if not window.dated:
        from matplotlib.ticker import MaxNLocator

        ax.xaxis.set_major_locator(MaxNLocator(min(most, 9)))
        return f"time ({plural(window.unit)})"
    from matplotlib.dates import AutoDateLocator

    locator = AutoDateLocator(tz=window.start.tz, minticks=min(4, most), maxticks=min(most, 13))
    ax.xaxis.set_major_locator(locator)
    ax.xaxis.set_major_formatter(_date_formatter(window.start.tz))
    return f"local date ({window.start.tz})"


def _date_formatter(tz):
    """Ticks such as ``15 Apr``; the year stands under the first of them and wherever it changes."""
    from matplotlib.dates import num2date
    from matplotlib.ticker import Formatter

    class LocalDates(Formatter):
        def __call__(self, value, pos=None):
            return date_labels([num2date(value, tz)])[0]

        def format_ticks(self, values):
            low, high = sorted(self.axis.get_view_interval())
            dates = [num2date(v, tz) for v in values]
            seen = [d for d, v in zip(dates, values, strict=True) if low <= v <= high]
            labels = dict(zip(seen, date_labels(seen), strict=True))
            return [labels.get(d, "") for d in dates]

    return LocalDates()


def date_labels(dates: list) -> list[str]:
    """Short labels for the dates of one axis, in order: as much of each as tells it from the one before."""
    hours = any(d.hour or d.minute for d in dates)
    months = len(dates) > 1 and not hours and all(d.day == 1 for d in dates)
    if months and all(d.month == 1 for d in dates):
        return [str(d.year) for d in dates]
    labels = []
    for before, d in zip([None, *dates], dates, strict=False):
        day = MONTHS[d.month - 1] if months else f"{d.day} {MONTHS[d.month - 1]}"
        if hours:
            day = f"{d:%H:%M}" if before is not None and before.date() == d.date() else f"{d:%H:%M}\n{day}"
        labels.append(day if before is not None and before.year == d.year else f"{day}\n{d.year}")
    return labels


def date_text(window: Window, elapsed: float, *, year: bool = False) -> str:
    """An instant in words: ``8 May`` or ``8 May 2021``, or the number on a numeric axis."""
    moment = window.moment(elapsed)
    if not isinstance(moment, pd.Timestamp):
        return amount(moment)
    day = f"{moment.day} {MONTHS[moment.month - 1]}"
    return f"{day} {moment.year}" if year else day


def between_text(window: Window, start: float, end: float) -> str:
    """First and last day of a stretch, with the year of the end where the window knows more than one."""
    years = window.dated and window.start.year != window.moment(window.span).tz_convert(window.start.tz).year
    return f"{date_text(window, start)} {DASH} {date_text(window, end, year=years)}"


def watched_text(window: Window) -> str:
    """``51 days watched``."""
    return f"{units(window.days, window.unit)} watched"


def none_seen(window: Window) -> str:
    """The sentence of an empty picture."""
    return f"No attack in this selection, {watched_text(window)}."
