"""Tests of waits and silences under their nulls."""

from __future__ import annotations

import numpy as np

from analysis.checks.calibration.case import MEAN_WAIT, Case, pair_of_series, poisson_series, random_count_series
from analysis.processes import simulate
from analysis.stats import waiting
from analysis.timeline import EventSeries, Window

SHAPES = {"weibull": 1.0, "gamma": 1.0}
BRANCHING, DECAY = 0.3, 0.5
LOGNORMAL_SIGMA = 0.8


def excited(n: int, rng: np.random.Generator) -> EventSeries:
    """A self-exciting process of known branching and decay, with ``n`` events on average."""
    return simulate.hawkes(
        background=(1 - BRANCHING) / MEAN_WAIT,
        branching=BRANCHING,
        decay=DECAY,
        window=Window(0.0, MEAN_WAIT * n, opened_by_event=False),
        rng=rng,
    ).series


def lognormal(n: int, rng: np.random.Generator) -> EventSeries:
    """Log-normal waits from an event on; the window is closed after ``n`` of their mean waits."""
    waits = rng.lognormal(np.log(MEAN_WAIT) - LOGNORMAL_SIGMA**2 / 2, LOGNORMAL_SIGMA, 6 * n + 20)
    times = np.cumsum(waits)
    end = MEAN_WAIT * n
    return EventSeries(times[times < end], Window(0.0, end, opened_by_event=True))


def with_what_came(n: int, rng: np.random.Generator) -> tuple[EventSeries, float]:
    """A series of ``n`` events up to a date, and the wait from that date to the next event."""
    return poisson_series(n, rng, scheme="opened"), float(rng.exponential(MEAN_WAIT))


def _law(name: str, null, truth, **more) -> Case:
    def test(series, rng):
        return waiting.law(series, name, rng=rng, resamples=199)

    return Case(name=f"waiting.law ({name})", takes="series", test=test, null=null, truth=truth, runs=40, **more)


def _silence(name: str, null=poisson_series, **settings) -> Case:
    more = {key: settings.pop(key) for key in ("approximate", "runs") if key in settings}

    def test(series, rng):
        return waiting.silence(series, rng=rng, resamples=199, draws=50, **settings)

    return Case(name=name, takes="series", test=test, null=null, **more)


CASES = (
    _silence("waiting.silence"),
    _silence("waiting.silence (weibull)", law="weibull", approximate=True, runs=50),
    _silence("waiting.silence (gamma)", law="gamma", approximate=True, runs=50),
    _silence(
        "waiting.silence (self-exciting, its parameters given)",
        excited,
        law="self-exciting",
        branching=BRANCHING,
        decay=DECAY,
        approximate=True,
        runs=100,
    ),
    Case(
        name="waiting.longest_silence",
        takes="series",
        test=lambda series, rng: waiting.longest_silence(series, rng=rng, draws=50),
        null=poisson_series,
        least=1,
    ),
    Case(
        name="waiting.solow",
        takes="series",
        test=lambda series, rng: waiting.solow(series, rng=rng, draws=50),
        null=poisson_series,
        truth=lambda series: series.days,
        least=1,
    ),
    Case(
        name="waiting.solow_declining",
        takes="series",
        test=lambda series, rng: waiting.solow_declining(series, rng=rng, draws=50),
        null=poisson_series,
        truth=lambda series: series.days,
    ),
    Case(
        name="waiting.last_event_ole",
        takes="series",
        test=lambda series, rng: waiting.last_event_ole(series, rng=rng, draws=50),
        null=poisson_series,
        truth=lambda series: series.days,
        approximate=True,
    ),
    Case(
        name="waiting.exponentiality",
        takes="series",
        test=lambda series, rng: waiting.exponentiality(series, rng=rng, resamples=199, draws=20),
        null=poisson_series,
    ),
    Case(
        name="waiting.shape_against_one",
        takes="series",
        test=lambda series, rng: waiting.shape_against_one(series, rng=rng, resamples=199, draws=20),
        null=poisson_series,
        truth=1.0,
        runs=80,
    ),
    _law("exponential", random_count_series, MEAN_WAIT),
    _law("weibull", poisson_series, 1.0),
    _law("gamma", poisson_series, 1.0),
    _law("lognormal", lognormal, LOGNORMAL_SIGMA),
    Case(
        name="waiting.mean_wait",
        takes="series",
        test=lambda series, rng: waiting.mean_wait(series),
        null=random_count_series,
        truth=MEAN_WAIT,
        runs=2000,
    ),
    Case(
        name="waiting.mean_wait (bootstrap)",
        takes="series",
        test=lambda series, rng: waiting.mean_wait(series, method="bootstrap", rng=rng, resamples=199),
        null=random_count_series,
        truth=MEAN_WAIT,
        approximate=True,
    ),
    Case(
        name="waiting.survival",
        takes="series",
        test=lambda series, rng: waiting.survival(series),
        null=random_count_series,
        truth=MEAN_WAIT * np.log(2),
        approximate=True,
    ),
    Case(
        name="waiting.compare",
        takes="pair",
        test=lambda pair, rng: waiting.compare(*pair, rng=rng, resamples=199),
        null=pair_of_series,
        truth=1.0,
        runs=200,
    ),
    Case(
        name="waiting.compare (log-rank)",
        takes="pair",
        test=lambda pair, rng: waiting.compare(*pair, statistic="logrank", rng=rng, resamples=199),
        null=pair_of_series,
        truth=1.0,
        runs=200,
    ),
    Case(
        name="waiting.compare (log-rank, chi2)",
        takes="pair",
        test=lambda pair, rng: waiting.compare(*pair, statistic="logrank", pvalue="chi2"),
        null=pair_of_series,
        truth=1.0,
        approximate=True,
        runs=200,
    ),
    Case(
        name="waiting.forecast",
        takes="series and what came",
        test=lambda data, rng: waiting.forecast(data[0]),
        null=with_what_came,
        truth=lambda data: data[1],
        runs=2000,
        level=0.9,
    ),
)
