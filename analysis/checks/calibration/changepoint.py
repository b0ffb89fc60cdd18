"""Change points where there is none, and posteriors under their own prior."""

from __future__ import annotations

import numpy as np

from analysis.checks.calibration.case import MEAN_WAIT, Case, poisson_series
from analysis.stats import changepoint
from analysis.timeline import CountSeries, EventSeries, Window

SHAPE = 0.5
BINS = 24


def one_date(n: int, rng: np.random.Generator) -> tuple[EventSeries, float]:
    """Two rates and a date from the prior of ``one_change``; ``n`` events on average, and the date itself."""
    end = MEAN_WAIT * n
    at = rng.uniform(0, end)
    rates = rng.gamma(SHAPE, 1 / (SHAPE * MEAN_WAIT), 2)
    before, after = rng.poisson(rates * [at, end - at])
    times = np.concatenate([rng.uniform(0, at, before), rng.uniform(at, end, after)])
    return EventSeries(np.sort(times), Window(0.0, end)), float(at)


def one_edge(n: int, rng: np.random.Generator) -> tuple[CountSeries, float]:
    """Counts of 24 bins with two rates and an edge from the prior of ``one_change_counts``, and the edge."""
    width = MEAN_WAIT * n / BINS
    edge = int(rng.integers(1, BINS))
    rates = rng.gamma(1.0, 1 / MEAN_WAIT, 2)
    counts = rng.poisson(width * np.where(np.arange(BINS) < edge, rates[0], rates[1]))
    edges = width * np.arange(BINS + 1)
    return CountSeries(edges, counts, np.full(BINS, width), label="events"), float(edges[edge])


def fivefold_fall(n: int, rng: np.random.Generator) -> tuple[EventSeries, float]:
    """A rate that falls to a fifth somewhere in the middle half, ``n`` events on average, and the date."""
    end = MEAN_WAIT * n
    at = rng.uniform(end / 4, 3 * end / 4)
    rate = n / (at + (end - at) / 5)
    before, after = rng.poisson(rate * at), rng.poisson(rate * (end - at) / 5)
    times = np.concatenate([rng.uniform(0, at, before), rng.uniform(at, end, after)])
    return EventSeries(np.sort(times), Window(0.0, end)), float(at)


CASES = (
    Case(
        name="changepoint.scan",
        takes="series",
        test=lambda series, rng: changepoint.scan(series, rng=rng, resamples=199, date_resamples=39, draws=20),
        null=poisson_series,
        runs=200,
    ),
    Case(
        name="changepoint.scan (less)",
        takes="series",
        test=lambda series, rng: changepoint.scan(
            series, rng=rng, resamples=199, date_resamples=39, draws=20, alternative="less"
        ),
        null=poisson_series,
        runs=200,
    ),
    Case(
        name="changepoint.scan (limits of the date of a fivefold fall)",
        takes="series and its date",
        test=lambda data, rng: changepoint.scan(data[0], rng=rng, resamples=39, date_resamples=99),
        null=fivefold_fall,
        truth=lambda data: data[1],
        sized=False,
        runs=100,
    ),
    Case(
        name="changepoint.suspend_resume",
        takes="series",
        test=lambda series, rng: changepoint.suspend_resume(series, rng=rng, resamples=199),
        null=poisson_series,
        runs=100,
    ),
    Case(
        name="changepoint.blocks",
        takes="series",
        test=lambda series, rng: changepoint.blocks(series, false_alarm=0.05, rng=rng, resamples=199),
        null=poisson_series,
        runs=80,
    ),
    Case(
        name="changepoint.pelt",
        takes="series",
        test=lambda series, rng: changepoint.pelt(
            series, width=series.window.span / BINS, false_alarm=0.05, rng=rng, resamples=199
        ),
        null=poisson_series,
        runs=80,
    ),
    Case(
        name="changepoint.one_change",
        takes="series and its date",
        test=lambda data, rng: changepoint.one_change(data[0], prior_shape=SHAPE, prior_mean_wait=MEAN_WAIT),
        null=one_date,
        truth=lambda data: data[1],
        runs=100,
    ),
    Case(
        name="changepoint.one_change_counts",
        takes="counts and their edge",
        test=lambda data, rng: changepoint.one_change_counts(data[0], prior_mean_wait=MEAN_WAIT),
        null=one_edge,
        truth=lambda data: data[1],
        runs=400,
    ),
)
