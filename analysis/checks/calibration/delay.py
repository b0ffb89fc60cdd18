"""The law of delay and the nowcast: coverage where the delays, and what is still to come, are known."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from analysis.checks.calibration.case import Case
from analysis.results import Finding
from analysis.stats import delay
from analysis.timeline import EventSeries

CHANCE, WITHIN = 0.15, 4  # of a report on each day; delay asked for


@dataclass(frozen=True, slots=True)
class Reports:
    """Attacks of 2 n + 10 days, a Poisson number of them, with geometric delays; the record as of the last day."""

    occurred: np.ndarray
    wait: np.ndarray
    end: int

    @property
    def pair(self):
        return self.occurred, self.occurred + self.wait

    @property
    def known(self) -> np.ndarray:
        return self.occurred + self.wait < self.end

    @property
    def horizon(self) -> int:
        return int(self.end - 1 - self.occurred[self.known].min()) if self.known.any() else 0


def reports(n: int, rng: np.random.Generator) -> Reports:
    end = 2 * n + 10
    size = rng.poisson(1.2 * n)
    return Reports(rng.integers(0, end, size), rng.geometric(CHANCE, size) - 1, end)


def _law(data: Reports, rng: np.random.Generator) -> Finding:
    return delay.law(data.pair, as_of=data.end - 1, within=WITHIN)


def _nowcast(data: Reports, rng: np.random.Generator) -> Finding:
    series = EventSeries.from_numbers(np.sort(data.occurred[data.known]), start=0, end=data.end)
    return delay.still_to_come(series, _law(data, rng), as_of=data.end - 1)


def _share(data: Reports) -> float:
    return (1 - (1 - CHANCE) ** (WITHIN + 1)) / (1 - (1 - CHANCE) ** (data.horizon + 1))


def _coming(data: Reports) -> float:
    return float(np.sum(~data.known & (data.wait <= data.horizon)))


CASES = (
    Case(name="delay.law", takes="reports", test=_law, null=reports, truth=_share, least=10, runs=200),
    Case(name="delay.still_to_come", takes="reports", test=_nowcast, null=reports, truth=_coming, least=10, runs=100),
)
