"""Power of any test by simulation, and the smallest effect it would find."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from analysis.checks.asked import asking, one_generator, rejects
from analysis.checks.simulation import seed_of, simulated
from analysis.errors import ParameterError, check_level
from analysis.results import Estimate, Finding, percent, plain

Simulate = Callable[[float, np.random.Generator], Any]
CLOSE = 0.01  # two powers this close leave a straight line between them
CURVE = ("effect", "power", "low", "high", "rejected", "unanswered", "runs")


def power_by_simulation(
    test: Callable[..., Finding],
    simulate: Simulate,
    *,
    effects: Sequence[float],
    rng: np.random.Generator | int,
    level: float = 0.95,
    runs: int = 1000,
    workers: int | None = None,
    progress: bool | None = None,
) -> pd.DataFrame:
    """Share of simulated records in which ``test`` rejects, for each effect, with its Monte Carlo limits.

    Parameters
    ----------
    test : takes what ``simulate`` makes, and gives a Finding; a setting ``rng`` is filled in
    simulate : ``simulate(effect, rng)`` makes one record, for example ``rate_change(window, at=..., rate=...)``
    effects : any numbers that ``simulate`` understands: ratios, differences, days watched
    level : 1 - level is the p at or under which the test rejects
    runs : records for each effect; the same draws serve every effect, which makes the curve smooth
    rng, workers, progress : as in ``simulated``

    Returns
    -------
    One row per effect: effect, power, low, high (95 % Clopper-Pearson limits of the power), rejected,
    unanswered (records without a p-value, which count as not rejected), runs
    """
    check_level(level)
    effects = _effects(effects)
    power = _Power(test, simulate, 1 - level, runs, seed_of(rng), workers, progress)
    return power.of(effects)


def minimum_detectable(
    test: Callable[..., Finding],
    simulate: Simulate,
    *,
    between: tuple[float, float],
    rng: np.random.Generator | int,
    power: float = 0.8,
    level: float = 0.95,
    runs: int = 1000,
    steps: int = 10,
    name: str = "effect",
    unit: str = "",
    workers: int | None = None,
    progress: bool | None = None,
) -> Finding:
    """The smallest effect that ``test`` would find with chance ``power``, and how far simulation leaves it open.

    Parameters
    ----------
    test, simulate, level, runs, rng, workers, progress : as in ``power_by_simulation``
    between : (effect too small to find, largest effect to consider); power must grow from the first to the
        second. For a ratio of rates and a fall (1, 0). With a simulator whose number is the time watched or the
        pace, the answer is the time or the pace that it would take
    power : the chance wanted
    steps : how often the range is narrowed at most
    name, unit : what the number is, for the report

    Returns
    -------
    Finding without a p-value. Its effect is the number at which the simulated power crosses ``power``; its limits
    are where ``power`` leaves the 95 % limits of the simulated power, None where that is beyond the range. Every
    effect tried stands in ``curve``, as ``power_by_simulation`` gives it. Inconclusive, with the power that is
    reached, where not even the largest effect would do.
    """
    check_level(level)
    check_level(power, "power")
    weak, strong = _effects(between)
    if not isinstance(steps, int) or steps < 1:
        raise ParameterError(f"steps must be a whole number of 1 or more, got {steps!r}")
    tried = _Power(test, simulate, 1 - level, runs, seed_of(rng), workers, progress)
    ends = tried.of([weak, strong]).set_index("effect")
    value, early, late = (_crossing(tried, c, power, weak, strong, steps) for c in ("power", "high", "low"))
    curve = pd.concat(tried.rows.values()).sort_values("effect", ignore_index=True)
    if ends.loc[weak, "power"] >= power:
        reason = f"The test already rejects in {ends.loc[weak, 'power']:.0%} of records at {plain(weak)}: begin lower."
    elif value is None:
        reached = percent(round(float(ends.loc[strong, "power"]), 3))
        reason = f"Not even {plain(strong)} would be found with chance {power:.2g}: its power is {reached}."
    else:
        reason = "Nothing was tested, so there is no p-value."
    low, high = (early, late) if strong > weak else (late, early)
    label = f"smallest {name} found with chance {power:.2g}"
    return Finding(
        question=f"Which {name} would the test find with chance {power:.2g}?",
        null="none is tested; every record is simulated with a known effect",
        method=f"power by simulation, {runs} records for each effect, found by narrowing the range",
        effect=Estimate(name=label, value=value, low=low, high=high, level=0.95, unit=unit),
        warnings=(reason,),
        settings={"power": power, "level": level, "runs": runs, "between": [weak, strong], "seed": one_generator(rng)},
        curve=curve,
        inconclusive=value is None,
    )


@dataclass
class _Power:
    """Power at any effect, each computed once, all from the same draws."""

    test: Callable[..., Finding]
    simulate: Simulate
    alpha: float
    runs: int
    seed: int
    workers: int | None
    progress: bool | None

    def __post_init__(self) -> None:
        if not isinstance(self.runs, int) or isinstance(self.runs, bool) or self.runs < 1:
            raise ParameterError(f"runs must be a whole number of 1 or more, got {self.runs!r}")
        if not callable(self.simulate):
            raise ParameterError(f"simulate must be callable as simulate(effect, rng), got {self.simulate!r}")
        self.rows: dict[float, pd.DataFrame] = {}
        self.task = _Rejections(asking(self.test), self.simulate, self.alpha, [])

    def of(self, effects: Sequence[float]) -> pd.DataFrame:
        """The curve at ``effects``, as a frame with the columns of ``CURVE``."""
        new = [e for e in dict.fromkeys(effects) if e not in self.rows]
        if new:
            task = _Rejections(self.task.ask, self.simulate, self.alpha, new)
            label = f"records ({', '.join(map(plain, new[:3]))}{', ...' if len(new) > 3 else ''})"
            settings = {"workers": self.workers, "progress": self.progress, "label": label}
            found = np.array(simulated(task, self.runs, rng=self.seed, **settings))
            for i, effect in enumerate(new):
                self.rows[effect] = _row(effect, found[:, i])
        return pd.concat([self.rows[e] for e in effects], ignore_index=True)


@dataclass(frozen=True, slots=True)
class _Rejections:
    """One record for each effect, all from the same draws: 1 rejected, 0 not, -1 unanswered."""

    ask: Callable[..., Finding]
    simulate: Simulate
    alpha: float
    effects: list[float]

    def __call__(self, rng: np.random.Generator) -> list[int]:
        words = rng.integers(0, 2**32, size=4, dtype=np.uint64)
        return [self._one(effect, np.random.default_rng(words)) for effect in self.effects]

    def _one(self, effect: float, rng: np.random.Generator) -> int:
        finding = self.ask(self.simulate(effect, rng), rng)
        return -1 if finding.pvalue is None else int(rejects(finding, self.alpha))


def clopper_pearson(found: int, runs: int, *, level: float = 0.95) -> tuple[float, float]:
    """Exact limits of the share behind ``found`` of ``runs`` (Clopper and Pearson 1934, Biometrika 26:404)."""
    from scipy import special

    alpha = (1 - level) / 2
    low = float(special.betaincinv(found, runs - found + 1, alpha)) if found > 0 else 0.0
    high = float(special.betaincinv(found + 1, runs - found, 1 - alpha)) if found < runs else 1.0
    return low, high


def _row(effect: float, answers: np.ndarray) -> pd.DataFrame:
    runs, rejected = answers.size, int((answers == 1).sum())
    low, high = clopper_pearson(rejected, runs)
    values = (effect, rejected / runs, low, high, rejected, int((answers == -1).sum()), runs)
    return pd.DataFrame([values], columns=list(CURVE))


def _crossing(tried: _Power, column: str, wanted: float, weak: float, strong: float, steps: int) -> float | None:
    """Where a column of the curve grows past ``wanted``: the range is narrowed, the last piece interpolated."""
    known = sorted(tried.rows, reverse=strong < weak)
    at = {e: float(tried.rows[e][column].iloc[0]) for e in known}
    if at[weak] >= wanted or at[strong] < wanted:
        return None
    strong = next(e for e in known if at[e] >= wanted)
    weak = known[known.index(strong) - 1]

    def between() -> float:
        return (wanted - at[weak]) / (at[strong] - at[weak])

    for step in range(steps):
        if at[strong] - at[weak] <= CLOSE:
            break
        # By turns halved and cut where a straight line would cross.
        share = 0.5 if step % 2 == 0 else min(max(between(), 0.1), 0.9)
        middle = weak + share * (strong - weak)
        at[middle] = float(tried.of([middle])[column].iloc[0])
        weak, strong = (weak, middle) if at[middle] >= wanted else (middle, strong)
    return float(weak + between() * (strong - weak))


def _effects(effects: Sequence[float]) -> list[float]:
    values = [float(e) for e in effects]
    if not values or not np.all(np.isfinite(values)):
        raise ParameterError(f"effects must be finite numbers, one or more; got {effects!r}")
    return values
