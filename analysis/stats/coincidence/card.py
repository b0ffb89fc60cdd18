"""Checks, sentences and fields that the findings on coincidence share."""

from __future__ import annotations

from typing import Any

import numpy as np

from analysis.errors import ParameterError, check_choice, check_level
from analysis.results import ALTERNATIVES, Assumption, Finding
from analysis.stats.waiting.card import REPORTED, WATCHED, base_settings, seed_text
from analysis.timeline import EventSeries, StateSeries

__all__ = [
    "REPORTED",
    "WATCHED",
    "base_settings",
    "checked",
    "seed_text",
    "thin_pair",
    "whole",
]

ONE_CAUSE = Assumption(
    "nothing else moved both series",
    "unchecked",
    "a common cause matches events as well as a link does: see rivals",
)


def checked(alternative: str, level: float) -> None:
    """Raise unless the two settings that every test has are legal."""
    check_choice("alternative", alternative, ALTERNATIVES)
    check_level(level)


def whole(setting: str, value: object, least: int) -> int:
    """Return ``value`` if it is a whole number of at least ``least``."""
    if not isinstance(value, int | np.integer) or isinstance(value, bool) or value < least:
        raise ParameterError(f"{setting} must be a whole number of {least} or more, got {value!r}")
    return int(value)


def length(setting: str, value: object, *, or_zero: bool = False) -> float:
    """Return ``value`` if it is a finite length of time (or space) above 0, or of 0 and more."""
    number = isinstance(value, int | float | np.number) and not isinstance(value, bool)
    if not number or not np.isfinite(value) or value < 0 or (value == 0 and not or_zero):
        rule = "of 0 or more" if or_zero else "above 0"
        raise ParameterError(f"{setting} must be a finite number {rule}, got {value!r}")
    return float(value)


def same_window(series: EventSeries, other: EventSeries | StateSeries) -> None:
    """Raise unless both were watched over one stretch; what opened or closed it may differ."""
    a, b = series.window, other.window
    if (a.start, a.end, a.holes, a.unit) != (b.start, b.end, b.holes, b.unit):
        raise ParameterError(
            f"{series.label!r} was watched {a}, {other.label!r} {b}; the test needs one stretch watched for both. "
            "Cut both to it (series.cut), and give both the holes of either"
        )


def pair_fields(series: EventSeries, other: EventSeries) -> dict[str, Any]:
    """Counts, watched time and vintage of a finding on two series."""
    return {
        "n_events": (series.n, other.n),
        "exposure_days": (series.days, other.days),
        "vintage": series.vintage,
    }


def notes(series: EventSeries, other: EventSeries | StateSeries | None = None) -> tuple[str, ...]:
    """The sentences that travel with the data of both, each once."""
    return tuple(dict.fromkeys((*series.notes, *getattr(other, "notes", ()))))


def thin_pair(series: EventSeries, other: EventSeries, reason: str, *, about: dict, settings: dict) -> Finding:
    """An inconclusive finding on two series: the question was legal, the data too thin."""
    return Finding(
        **about,
        **pair_fields(series, other),
        warnings=(reason, *notes(series, other)),
        settings=base_settings(series, **settings),
        inconclusive=True,
    )
