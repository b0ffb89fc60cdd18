"""Sentences, fields and readings of the dates that the findings on clustering share."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from analysis.errors import ParameterError, check_choice, check_level
from analysis.results import ALTERNATIVES, Assumption
from analysis.stats.waiting.card import REPORTED, WATCHED, base_settings, seed_text, thin
from analysis.timeline import EventSeries

__all__ = [
    "POISSON_NULL",
    "REPORTED",
    "STEADY",
    "WATCHED",
    "base_settings",
    "checked",
    "pvalue",
    "readings",
    "redrawn",
    "seed_text",
    "spread",
    "thin",
    "whole",
]

POISSON_NULL = (
    "a constant rate: the events fall at uniform instants of the watched time; their number, the window, its holes "
    "and the rounding of dates are kept, bursts, trends and regularity are not"
)
STEADY = Assumption("constant rate apart from bursts", "unchecked", "a trend looks like clustering: see trend")
SLACK = 1e-9


def checked(alternative: str, level: float, **counts: object) -> None:
    """Raise unless alternative and level are legal, and every other setting a whole number of 1 or more."""
    check_choice("alternative", alternative, ALTERNATIVES)
    check_level(level)
    for setting, value in counts.items():
        whole(setting, value, 99 if setting.endswith("resamples") else 1)


def whole(setting: str, value: object, least: int) -> int:
    """Return ``value`` if it is a whole number of at least ``least``."""
    if not isinstance(value, int) or isinstance(value, bool) or value < least:
        raise ParameterError(f"{setting} must be a whole number of {least} or more, got {value!r}")
    return value


def pvalue(observed: np.ndarray | float, null: np.ndarray, alternative: str) -> float:
    """(k + 1)/(resamples + 1), central where two-sided, in the mean over readings of the dates."""
    null = np.sort(null)
    seen = np.atleast_1d(np.asarray(observed, dtype=float))
    slack = SLACK * np.maximum(1.0, np.abs(seen))
    less = (np.searchsorted(null, seen + slack, side="right") + 1) / (null.size + 1)
    greater = (null.size - np.searchsorted(null, seen - slack, side="left") + 1) / (null.size + 1)
    tails = {"less": less, "greater": greater, "two-sided": np.minimum(1.0, 2 * np.minimum(less, greater))}
    return float(tails[alternative].mean())


def spread(null: np.ndarray, alternative: str, level: float) -> tuple[float | None, float | None]:
    """The values whose p, among these simulated ones, is above 1 - level: ends included."""
    null = np.sort(null)
    alpha = (1 - level) / (2 if alternative == "two-sided" else 1)
    k = int(np.floor(alpha * (null.size + 1) + SLACK))
    low = None if alternative == "greater" or k == 0 else float(null[k - 1])
    high = None if alternative == "less" or k == 0 else float(null[null.size - k])
    return low, high


def redrawn(series: EventSeries) -> bool:
    """Whether times are to be drawn within what is known of them: uncertain dates, or times on a lattice."""
    return series.precision > 0 or (series.resolution != "exact" and series.uncertain)


def readings(series: EventSeries, rng: np.random.Generator, draws: int) -> list[EventSeries]:
    """The series itself, or ``draws`` of it with every time drawn within its readings and its lattice cell."""
    if not redrawn(series):
        return [series]
    return [_reading(series, rng) for _ in range(draws)]


def _reading(series: EventSeries, rng: np.random.Generator) -> EventSeries:
    drawn = series.draw(rng) if series.resolution != "exact" and series.uncertain else series
    # Readings that are stretches are drawn already; those that are whole days (width 0) still stand on the lattice.
    step = 0.0 if series.width.any() else drawn.precision
    if step == 0 or drawn.n == 0:
        return drawn
    window, n = drawn.window, drawn.n
    # Whole days since an opening event count from its day: its own hour is drawn too.
    lag = rng.random() * step if window.opened_by_event else step / 2
    times = drawn.times - lag + step * rng.random(n)
    times = np.where(times < 0, max(step - lag, 0.0) * rng.random(n), times)
    times = np.minimum(times, np.nextafter(window.span, 0))
    # A time drawn into a hole would not have been seen: it stays where it was.
    times = np.where(window.is_watched(times), times, drawn.times)
    if window.closed_by_event:
        times[-1] = window.span
    return replace(
        drawn, times=np.sort(times), earliest=None, latest=None, width=None, resolution="exact", precision=0.0
    )
