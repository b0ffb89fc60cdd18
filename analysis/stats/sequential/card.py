"""Fields that sequential findings share, and limits from an evidence that may be looked at any time."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from analysis.errors import ParameterError, check_choice, check_level
from analysis.results import ALTERNATIVES, Alternative, Assumption
from analysis.stats.rates.conditional import inverted
from analysis.stats.waiting.card import REPORTED, WATCHED, base_settings, thin
from analysis.timeline import EventSeries

__all__ = ["ASSUMED", "above_zero", "base_settings", "checked", "limits", "pvalue", "refuse_drawn", "thin"]

ASSUMED = (
    Assumption("Poisson process under the null", "unchecked", "bursts make large evidence more frequent than told"),
    Assumption("reference and prior fixed before looking", "unchecked", "the guarantee is lost if data chose them"),
    WATCHED,
    REPORTED,
)


def checked(alternative: str, level: float) -> None:
    check_choice("alternative", alternative, ALTERNATIVES)
    check_level(level)


def above_zero(value: object, setting: str) -> float:
    """Return ``value`` if it is a finite number above 0."""
    number = isinstance(value, int | float | np.number) and not isinstance(value, bool)
    if not number or not np.isfinite(value) or value <= 0:
        raise ParameterError(f"{setting} must be a finite number above 0, got {value!r}")
    return float(value)


def refuse_drawn(series: EventSeries) -> None:
    """Evidence has to be the same at every look: dates drawn anew would change what was seen before."""
    if series.resolution == "drawn" and series.uncertain:
        raise ParameterError(
            "evidence over time needs one date for each event, and resolution='drawn' gives it many; select the "
            "series with resolution='day', or take one reading with series.draw(rng)"
        )


def pvalue(logs: np.ndarray) -> float:
    """The p-value that holds at any look: one over the largest evidence so far, at most 1."""
    return float(np.exp(-max(0.0, float(np.max(logs)))))


def limits(
    p_of: Callable[[float], float], estimate: float, *, alternative: Alternative, level: float
) -> tuple[float, float | None]:
    """Values that no look so far has ruled out: where p falls to 1 - level; (0, None) where all are in or none is."""
    grid = estimate * np.geomspace(1e-2, 1e2, 41)
    p = np.array([p_of(x) for x in grid])
    centre = float(grid[np.argmin(np.abs(np.log(grid / estimate)) - 1e6 * (p >= p.max() - 1e-12))])
    return inverted(p_of, centre, alternative=alternative, level=level)
