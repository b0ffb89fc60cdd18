"""That what is linear in the number of events stays so: 10^5 and 10^6 events, memory per event and time."""

from __future__ import annotations

import functools
import time
import tracemalloc

import numpy as np
import pytest

from analysis import CountSeries, EventSeries
from analysis.processes import surrogates
from analysis.stats import changepoint, clustering, rates, trend, waiting

SPAN = 1000.0
FEW, MANY = 10**5, 10**6
SIMULATED = {"rng": 1, "resamples": 19}

# Quick at 10^6, so tried there in every run.
QUICK = {
    "rates.rate": rates.rate,
    "rates.ratio": functools.partial(rates.ratio, at=500),
    "rates.dispersion": functools.partial(rates.dispersion, width=1.0, **SIMULATED),
    "rates.equivalence": functools.partial(rates.equivalence, at=500, margin=1.5),
    "waiting.silence": waiting.silence,
    "waiting.longest_silence": waiting.longest_silence,
    "waiting.silence_needed": waiting.silence_needed,
    "waiting.forecast": waiting.forecast,
    "waiting.solow": waiting.solow,
    "waiting.solow_declining": waiting.solow_declining,
    "waiting.mean_wait": waiting.mean_wait,
    "trend.laplace": trend.laplace,
    "trend.milhdbk189": trend.milhdbk189,
    "trend.power_law": trend.power_law,
    "trend.progress_curve": trend.progress_curve,
    "clustering.wait_statistics": lambda s: clustering.wait_statistics(np.diff(s.times)),
    "clustering.fit_hawkes": lambda s: clustering.fit_hawkes(s.times, s.window.span),
    "binned": lambda s: s.binned(1.0),
    "waits": lambda s: s.waits(),
}
# Linear too, but seconds and more at 10^6.
SLOW = {
    "waiting.survival": waiting.survival,
    "waiting.law": functools.partial(waiting.law, name="exponential"),
    "trend.mann": trend.mann,
    "trend.lewis_robinson": functools.partial(trend.lewis_robinson, rng=1),
    "trend.lewis_robinson, normal": functools.partial(trend.lewis_robinson, method="normal"),
    "trend.cramer_von_mises": functools.partial(trend.cramer_von_mises, rng=1, resamples=99),
    "changepoint.one_change": changepoint.one_change,
    "changepoint.scan": functools.partial(changepoint.scan, rng=1, resamples=9, date_resamples=1),
    "clustering.memory": functools.partial(clustering.memory, rng=1, resamples=99),
    "clustering.fano": functools.partial(clustering.fano, rng=1, resamples=99),
    "nulls.shuffled_waits": lambda s: surrogates(s, "shuffled_waits", size=3, rng=1),
}


@functools.cache
def record(n: int) -> EventSeries:
    times = np.sort(np.random.default_rng(n).uniform(0, SPAN, n))
    return EventSeries.from_numbers(times, start=0, end=SPAN)


def peak_and_seconds(call, series) -> tuple[float, float]:
    """Bytes at the peak and wall seconds of one call, the caches of small inputs warm."""
    begin = time.perf_counter()
    tracemalloc.start()
    try:
        found = call(series)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert not getattr(found, "inconclusive", False)
    return float(peak), time.perf_counter() - begin


def check(call) -> None:
    few, quick = peak_and_seconds(call, record(FEW))
    many, slow = peak_and_seconds(call, record(MANY))
    # Ten times the events: a quadratic array would take a hundred times the memory (and 80 GB).
    assert many <= 13 * few + 2e6
    assert many <= 4000 * MANY
    # Ten times the time, and leeway for a busy machine; a quadratic loop takes a hundred times.
    assert slow <= 40 * quick + 5


@pytest.mark.parametrize("name", QUICK)
def test_a_million_events_take_memory_and_time_in_proportion(name):
    check(QUICK[name])


@pytest.mark.slow
@pytest.mark.parametrize("name", SLOW)
def test_a_million_events_take_memory_and_time_in_proportion_slowly(name):
    check(SLOW[name])


@pytest.mark.slow
@pytest.mark.parametrize("law", ["weibull", "gamma", "lognormal"])
def test_fitted_laws_take_a_hundred_thousand_waits(law):
    few, quick = peak_and_seconds(functools.partial(waiting.law, name=law), record(FEW // 10))
    many, slow = peak_and_seconds(functools.partial(waiting.law, name=law), record(FEW))
    assert many <= 13 * few + 2e6
    assert slow <= 40 * quick + 5


@pytest.mark.slow
def test_a_million_bins_with_changes_are_cut_in_proportion():
    # Pruning keeps PELT linear where the changes grow with the record; without changes it is quadratic, and says so.
    def stepped(bins: int) -> CountSeries:
        rng = np.random.default_rng(bins)
        return CountSeries.from_counts(
            np.concatenate([rng.poisson(4 if i % 2 else 1, 200) for i in range(bins // 200)])
        )

    changepoint.pelt(stepped(2000), penalty=20.0)
    for call in (functools.partial(changepoint.pelt, penalty=20.0), changepoint.one_change_counts):
        few, quick = peak_and_seconds(call, stepped(FEW))
        many, slow = peak_and_seconds(call, stepped(MANY))
        assert many <= 13 * few + 2e6
        assert slow <= 40 * quick + 5


def test_the_measure_tells_a_quadratic_array():
    def quadratic(series):
        return np.zeros((series.n // 100, series.n // 100)).sum()

    few, _ = peak_and_seconds(quadratic, record(FEW))
    many, _ = peak_and_seconds(quadratic, record(MANY))
    assert many > 13 * few + 2e6
