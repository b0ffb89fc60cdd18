"""Calibration cases of the tests of coincidence."""

from __future__ import annotations

import numpy as np

from analysis.checks.calibration.case import Case, pair_of_series, poisson_series, state_and_series
from analysis.processes import local_jitter
from analysis.stats import coincidence
from analysis.timeline import EventSeries

FEW = {"resamples": 199}


def placed_series(n: int, rng: np.random.Generator, *, scheme: str = "plain") -> tuple[EventSeries, np.ndarray]:
    """``n`` events at a constant rate, and places within some 100 km that know nothing of the times."""
    return poisson_series(n, rng, scheme=scheme), np.array([33.0, 44.0]) + rng.normal(0, 0.5, (n, 2))


def _matched(**how):
    return lambda data, rng: coincidence.event_coincidence(*data, window_days=5.0, rng=rng, draws=5, **FEW, **how)


def _lags(**how):
    return lambda data, rng: coincidence.cross_correlogram(
        *data, bin_days=5.0, max_lag=20.0, rng=rng, draws=5, **FEW, **how
    )


def _state(**how):
    return lambda data, rng: coincidence.rate_while(*data, rng=rng, draws=20, **how)


def _close(data, rng):
    return coincidence.knox(data[0], places=data[1], days=30.0, km=50.0, rng=rng, draws=5, **FEW)


CASES: tuple[Case, ...] = (
    Case(name="coincidence.event_coincidence", takes="pair", test=_matched(), null=pair_of_series),
    Case(
        name="coincidence.event_coincidence (trigger)", takes="pair", test=_matched(rate="trigger"), null=pair_of_series
    ),
    Case(
        name="coincidence.event_coincidence (shuffled_waits)",
        takes="pair",
        test=_matched(null="shuffled_waits"),
        null=pair_of_series,
    ),
    Case(
        name="coincidence.event_coincidence (uniform_times)",
        takes="pair",
        test=_matched(null="uniform_times"),
        null=pair_of_series,
    ),
    Case(
        name="coincidence.event_coincidence (local_jitter)",
        takes="pair",
        test=_matched(null=local_jitter(20.0)),
        null=pair_of_series,
        approximate=True,
    ),
    Case(
        name="coincidence.event_coincidence (poisson)",
        takes="pair",
        test=_matched(method="poisson"),
        null=pair_of_series,
        approximate=True,
        least=10,
    ),
    Case(name="coincidence.cross_correlogram", takes="pair", test=_lags(), null=pair_of_series),
    Case(
        name="coincidence.cross_correlogram (shuffled_waits)",
        takes="pair",
        test=_lags(null="shuffled_waits"),
        null=pair_of_series,
        least=10,
    ),
    Case(name="coincidence.rate_while", takes="state", test=_state(), null=state_and_series, truth=1.0),
    Case(
        name="coincidence.rate_while (circular_shift)",
        takes="state",
        test=_state(method="circular_shift"),
        null=state_and_series,
    ),
    Case(
        name="coincidence.knox (two series)",
        takes="pair",
        test=lambda data, rng: coincidence.knox(*data, days=5.0, rng=rng, draws=5, **FEW),
        null=pair_of_series,
    ),
    Case(name="coincidence.knox (places)", takes="places", test=_close, null=placed_series, least=4),
    Case(
        name="coincidence.two_way_hawkes",
        takes="pair",
        test=lambda data, rng: coincidence.two_way_hawkes(*data, rng=rng, resamples=99, draws=2),
        null=pair_of_series,
        truth=0.0,
        least=10,
        runs=200,
    ),
    Case(
        name="coincidence.two_way_hawkes (less)",
        takes="pair",
        test=lambda data, rng: coincidence.two_way_hawkes(*data, alternative="less", rng=rng, resamples=99, draws=2),
        null=pair_of_series,
        truth=0.0,
        least=10,
        runs=200,
    ),
)
