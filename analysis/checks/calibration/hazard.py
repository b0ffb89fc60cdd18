"""The hazard tests under a constant rate that no intervention moves."""

from __future__ import annotations

import numpy as np

from analysis.checks.calibration.case import Case, state_and_series
from analysis.stats import hazard
from analysis.timeline import EventSeries, StateSeries


def exact_times(n: int, rng: np.random.Generator) -> tuple[EventSeries, StateSeries]:
    """``state_and_series`` with exact times: for tests that refuse dates to be drawn, by name."""
    return state_and_series(n, rng)


CASES = (
    Case(
        name="hazard.series_hazard",
        takes="state",
        test=lambda data, rng: hazard.series_hazard(*data, rng=rng, resamples=199, draws=3),
        null=state_and_series,
        truth=1.0,
        runs=100,
    ),
    Case(
        name="hazard.series_hazard (shuffled waits)",
        takes="state",
        test=lambda data, rng: hazard.series_hazard(*data, method="shuffled_waits", rng=rng, resamples=199),
        null=exact_times,
        truth=1.0,
        runs=80,
    ),
    Case(
        name="hazard.series_hazard (Cox's score)",
        takes="state",
        test=lambda data, rng: hazard.series_hazard(*data, statistic="cox", rng=rng, resamples=99),
        null=exact_times,
        truth=1.0,
        least=10,
        runs=80,
    ),
    Case(
        name="hazard.series_hazard (likelihood ratio)",
        takes="state",
        test=lambda data, rng: hazard.series_hazard(*data, method="likelihood_ratio"),
        null=exact_times,
        truth=1.0,
        approximate=True,
        least=30,
        runs=80,
    ),
    Case(
        name="hazard.series_hazard (Wald, robust)",
        takes="state",
        test=lambda data, rng: hazard.series_hazard(*data, method="wald", errors="robust"),
        null=exact_times,
        truth=1.0,
        approximate=True,
        least=30,
        runs=100,
    ),
    Case(
        name="hazard.piecewise_exponential",
        takes="state",
        test=lambda data, rng: hazard.piecewise_exponential(*data, rng=rng, draws=50),
        null=state_and_series,
        truth=1.0,
    ),
    Case(
        name="hazard.proportionality",
        takes="state",
        test=lambda data, rng: hazard.proportionality(*data, rng=rng, resamples=199),
        null=exact_times,
        least=30,
        runs=100,
    ),
)
