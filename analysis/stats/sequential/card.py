"""Fields that sequential findings share, and limits from an evidence that may be looked at any time."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from analysis.errors import ParameterError, check_choice, check_level
from analysis.results import ALTERNATIVES, Alternative, Assumption, Estimate
from analysis.stats.rates.conditional import inverted
from analysis.stats.waiting.card import REPORTED, WATCHED, base_settings, thin
from analysis.timeline import EventSeries

__all__ = ["ASSUMED", "above_zero", "base_settings", "checked", "left_over", "limits", "pvalue", "refuse_drawn", "thin"]

REACH = 10.0  # how far from the estimate limits are looked for, in units of its logarithm
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
    logs_of: Callable[[float], np.ndarray], estimate: float, *, alternative: Alternative, level: float
) -> tuple[float | None, float | None]:
    """Values that no look so far has ruled out: where p falls to 1 - level; (0, None) where all are in.

    (None, None) where none is left: some look has ruled out each of them, so that none can have held throughout.
    ``logs_of`` gives the log evidence against a value at every look. Its maximum is convex in a rate, so that the
    value with the least evidence against it is found by descent.
    """
    from scipy.optimize import minimize_scalar

    def against(log_value: float) -> float:
        return max(0.0, float(np.max(logs_of(float(np.exp(log_value))))))

    grid = np.log(estimate) + np.linspace(-REACH, REACH, 61)
    best = grid[np.argmin([against(x) - 1e-9 * (abs(x - grid[30]) < 1e-9) for x in grid])]
    if against(best) > 0:
        best = minimize_scalar(against, bounds=(best - REACH / 30, best + REACH / 30), method="bounded").x
    if np.exp(-against(best)) <= 1 - level:
        return None, None
    return inverted(lambda x: pvalue(logs_of(x)), float(np.exp(best)), alternative=alternative, level=level)


def left_over(effect: Estimate, what: str) -> tuple[str, ...]:
    """A sentence where the looks together leave no value, or not the one that the whole record gives."""
    if effect.value is None:
        return ()
    if effect.low is None and effect.high is None:
        return (f"No constant {what} is left: each has been ruled out at some look, so that none held throughout.",)
    below = effect.low is not None and effect.value < effect.low
    if below or (effect.high is not None and effect.value > effect.high):
        return (f"The {what} of the whole record was ruled out at an earlier look: it cannot have been constant.",)
    return ()
