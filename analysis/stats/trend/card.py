"""Sentences and fields that the findings on trend share."""

from __future__ import annotations

import numpy as np

from analysis.errors import ParameterError, check_choice, check_level
from analysis.results import ALTERNATIVES, Assumption, Finding
from analysis.stats.waiting.card import REPORTED, WATCHED, base_settings, seed_text, thin
from analysis.timeline import EventSeries

__all__ = [
    "REPORTED",
    "WATCHED",
    "base_settings",
    "checked",
    "readings",
    "rounding",
    "seed_text",
    "thin",
    "too_thin",
    "whole",
]

POISSON_NULL = (
    "a constant rate: the events fall at uniform instants of the watched time; their number and the window "
    "are kept, trends, bursts and regularity are not"
)
ORDER_NULL = (
    "the complete waits come in any order alike: their lengths, number and the open wait are kept, their order is not"
)
CONSTANT = Assumption("independent events", "unchecked", "bursts reject too often: see lewis_robinson and mann")


def checked(alternative: str, level: float) -> None:
    """Raise unless the two settings that every test has are legal."""
    check_choice("alternative", alternative, ALTERNATIVES)
    check_level(level)


def whole(setting: str, value: object, least: int) -> int:
    """Return ``value`` if it is a whole number of at least ``least``."""
    if not isinstance(value, int) or isinstance(value, bool) or value < least:
        raise ParameterError(f"{setting} must be a whole number of {least} or more, got {value!r}")
    return value


def too_thin(series: EventSeries, reason: str, *, about: dict, settings: dict, own: dict) -> Finding:
    """An inconclusive finding; ``own`` holds the counts, watched times and notes of several series pooled."""
    return Finding(
        **about,
        n_events=own.get("n_events", series.n),
        exposure_days=own.get("exposure_days", series.days),
        warnings=(reason, *own.get("warnings", ()), *series.notes),
        settings=base_settings(series, **settings),
        vintage=series.vintage,
        inconclusive=True,
    )


def rounding(series: EventSeries, is_drawn: bool) -> tuple[Assumption, ...]:
    """That recorded times stand on a lattice while the law used is continuous; none where they are drawn or exact."""
    if series.precision == 0 or is_drawn:
        return ()
    how = f"times are known to {series.precision:g} {series.window.unit}; the law is that of continuous times"
    return (Assumption("rounding does not matter", "unchecked", how),)


def readings(p: np.ndarray) -> dict[str, float]:
    """How far p moves over the readings of uncertain dates."""
    if p.size == 1:
        return {}
    low, high = np.quantile(p, [0.05, 0.95])
    return {"readings": int(p.size), "pvalue_reading_5": float(low), "pvalue_reading_95": float(high)}
