"""The chance of an open wait as a function of its length, for any law, over every reading of the dates."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np

from analysis.errors import ParameterError, check_choice, check_rng
from analysis.stats.waiting import renewal
from analysis.stats.waiting.excited import excited_chances
from analysis.stats.waiting.fitted import fitted_chances
from analysis.stats.waiting.past import Past, drawn, pasts
from analysis.timeline import EventSeries

SilenceLaw = Literal["exponential", "weibull", "gamma", "self-exciting"]
LAWS: tuple[SilenceLaw, ...] = ("exponential", "weibull", "gamma", "self-exciting")
# Fewer waits say next to nothing about a shape: at 4 the middle 90 % of estimates span a factor of 8.
WAITS_FOR_SHAPE = 5
SHAPE_GRID = (0.5, 0.7, 1.0, 2.0)
BRANCHING_GRID = (0.3, 0.6)
DELAY_GRID = (0.25, 1.0)
SIMULATED_READINGS = 20


@dataclass(frozen=True, slots=True)
class LawChoice:
    """A law of waits and what the caller fixed of it; None is estimated or taken from a grid."""

    law: SilenceLaw
    shape: float | None = None
    branching: float | None = None
    decay: float | None = None
    resamples: int = 9999

    def __post_init__(self) -> None:
        check_choice("law", self.law, LAWS)
        if not isinstance(self.resamples, int) or self.resamples < 99:
            raise ParameterError(f"resamples must be a whole number of 99 or more, got {self.resamples!r}")
        if self.shape is not None and (self.law not in ("weibull", "gamma") or not 0 < self.shape < 100):
            raise ParameterError(
                f"shape belongs to law='weibull' or 'gamma' and lies between 0 and 100; "
                f"got shape={self.shape!r} with law={self.law!r}"
            )
        given = (self.branching is not None, self.decay is not None)
        if any(given) and (self.law != "self-exciting" or not all(given)):
            raise ParameterError(
                "branching and decay belong to law='self-exciting' and are given together; "
                f"got branching={self.branching!r}, decay={self.decay!r} with law={self.law!r}"
            )
        if all(given) and not (0 <= self.branching < 1 and self.decay > 0):
            raise ParameterError(
                f"branching must lie in [0, 1) and decay above 0 per unit of time; "
                f"got branching={self.branching!r}, decay={self.decay!r}"
            )

    @property
    def simulated(self) -> bool:
        """Whether p has to be simulated."""
        return self.law == "self-exciting" or (self.law in ("weibull", "gamma") and self.shape is None)

    def lacks(self, p: Past, *, is_drawn: bool = False) -> str | None:
        """Why this law cannot be tested on this record, in a sentence, or None.

        Waits of 0 or all alike are no obstacle at the point values of dates that are drawn.
        """
        if self.law == "exponential":
            return None
        if p.crossed:
            return f"A wait reaches across a hole in the window, and the {self.law} law needs its age there."
        if self.law == "self-exciting":
            if self.branching is None:
                return "Branching and decay were not given and are not estimated here; see the grid of both."
            return None
        n = p.waits.size
        if n == 0 or (p.waits.sum() <= 0 and not is_drawn):
            return f"No complete wait above 0, and the {self.law} law is fitted to complete waits."
        if self.shape is None and n < WAITS_FOR_SHAPE:
            return (
                f"{n} complete waits are too few to estimate a shape from ({WAITS_FOR_SHAPE} are needed): "
                "see the grid of shapes."
            )
        if self.shape is not None or is_drawn:
            return None
        if np.any(p.waits <= 0):
            return "A wait of 0 has no likelihood under this law: give a shape, or draw the dates."
        alike = np.ptp(p.waits) <= 1e-9 * p.waits.max()
        return "All waits are equal: no shape fits." if alike else None


@dataclass(frozen=True, slots=True, eq=False)
class Chances:
    """Chance of an open wait, averaged over the readings.

    both : quiet -> (after an event, on a day), each of shape (readings,)
    quiet : watched time since the last event, shape (readings,)
    found : parameters that were estimated
    """

    both: Callable[[Any], tuple[np.ndarray, np.ndarray]]
    quiet: np.ndarray
    elapsed: np.ndarray
    n: int
    exact: bool
    simulated: bool = False
    found: dict[str, float] = field(default_factory=dict)

    def each(self, quiet) -> np.ndarray:
        """The p of every reading: the larger of the two chances."""
        return np.maximum(*self.both(quiet))

    def pvalue(self, quiet: float) -> float:
        """The mean p over the readings at one length of silence."""
        return float(self.each(quiet).mean())

    def needed(self, level: float) -> float | None:
        """The silence whose p is ``level``; None where too few resamples were drawn to reach it."""
        if self.exact and self.quiet.size == 1:
            return float(renewal.exponential_needed(self.elapsed[0], level, self.n))
        start = float(renewal.exponential_needed(self.elapsed.mean(), level, self.n))
        return renewal.needed(self.pvalue, level, start, rtol=1e-4 if self.simulated else 1e-13)


def records_of(series: EventSeries, *, rng: object, draws: int) -> list[Past]:
    """The record before the silence, once for each reading where dates are drawn."""
    if drawn(series):
        rng = check_rng(rng, "uncertain dates are drawn")
    return pasts(series, rng=rng, draws=draws)


def chances(records: list[Past], choice: LawChoice, *, rng: object = None) -> Chances:
    """The chance of an open wait under the chosen law; the records must allow it (see ``LawChoice.lacks``).

    A law that is simulated is simulated for the first 20 readings only.
    """
    if choice.simulated:
        rng = check_rng(rng, f"p under law={choice.law!r} is simulated")
        records = records[:SIMULATED_READINGS]
    waits = np.array([p.waits for p in records])
    elapsed = np.array([p.elapsed for p in records])
    quiet = np.array([p.quiet for p in records])
    n = records[0].n
    if choice.law == "exponential":

        def both(q):
            p = renewal.exponential_silence(elapsed, q, n)
            return p, p

        return Chances(both, quiet, elapsed, n, exact=True)
    if not choice.simulated:
        after, day = renewal.AFTER_EVENT[choice.law], renewal.ON_A_DAY[choice.law]

        def closed(q):
            return after(q, waits, choice.shape), day(q, waits, choice.shape)

        return Chances(closed, quiet, elapsed, n, exact=False)
    each, found = _simulated(records, choice, rng)

    def simulated(q):
        lengths = np.broadcast_to(np.asarray(q, dtype=float), quiet.shape)
        after, day = np.array([f(float(length)) for f, length in zip(each, lengths, strict=True)]).T
        return after, day

    return Chances(simulated, quiet, elapsed, n, exact=False, simulated=True, found=found)


def _simulated(records: list[Past], choice: LawChoice, rng: np.random.Generator):
    """One simulated chance function per reading, and the mean of what was estimated."""
    resamples = choice.resamples if len(records) == 1 else max(999, choice.resamples // len(records))
    if choice.law == "self-exciting":
        return [
            excited_chances(
                p.elapsed - np.append(0.0, np.cumsum(p.waits[::-1]))[: p.n][::-1],
                p.opened,
                branching=choice.branching,
                decay=choice.decay,
                resamples=resamples,
                rng=rng,
            )
            for p in records
        ], {}
    fits = [fitted_chances(choice.law, np.maximum(p.waits, 1e-9), resamples=resamples, rng=rng) for p in records]
    return [f for _, f in fits], {"estimated_shape": float(np.mean([k for k, _ in fits]))}
