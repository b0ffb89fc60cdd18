"""Renewal against Poisson: distances by hand, size in any window, rounding, power."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from analysis.errors import ParameterError
from analysis.stats import waiting
from analysis.stats.waiting.nulls import uniform_spacings
from analysis.stats.waiting.poisson_fit import distances
from analysis.timeline import EventSeries


def test_distances_are_those_of_scipy():
    # The stretches against their own law 1 - (1 - d/T)^n, each statistic as scipy computes it.
    rng = np.random.default_rng(1)
    spacings = np.diff(np.concatenate([[0], np.sort(rng.random(9)), [1]]))
    law = stats.beta(1, 9)
    ours = {k: float(distances(spacings[None, :], 1.0, 9, k, 0.0)[0]) for k in ("ks", "cvm", "ad")}
    assert ours["ks"] == pytest.approx(stats.kstest(spacings, law.cdf).statistic)
    assert ours["cvm"] == pytest.approx(stats.cramervonmises(spacings, law.cdf).statistic)
    u = np.sort(law.cdf(spacings))
    i = np.arange(1, 11)
    by_hand = -10 - np.sum((2 * i - 1) * (np.log(u) + np.log(1 - u[::-1]))) / 10
    assert ours["ad"] == pytest.approx(by_hand)


@pytest.mark.parametrize("n", [3, 10, 30, 100])
@pytest.mark.parametrize("statistic", ["ks", "ad", "cvm"])
def test_size(n, statistic):
    rng = np.random.default_rng(2)
    runs = 150
    p = [
        waiting.exponentiality(
            EventSeries.from_numbers(t, start=0, end=20, opened_by_event=bool(i % 2)),
            statistic=statistic,
            rng=i,
            resamples=199,
        ).pvalue
        for i, t in enumerate(rng.uniform(0, 20, (runs, n)))
    ]
    assert np.mean(np.array(p) <= 0.1) == pytest.approx(0.1, abs=3.5 * np.sqrt(0.09 / runs))


@pytest.mark.parametrize("n", [10, 30])
def test_size_of_a_record_kept_to_the_day(n):
    # 30 events in 40 days share days; held against an unrounded null nearly every record would be rejected.
    rng = np.random.default_rng(3)
    runs, p, naive = 120, [], []
    for i in range(runs):
        t = np.floor(rng.uniform(0, 40, n)) + 0.5
        rounded = EventSeries.from_numbers(t, start=0, end=40, precision=1)
        p.append(waiting.exponentiality(rounded, rng=i, resamples=199).pvalue)
        naive.append(waiting.exponentiality(EventSeries.from_numbers(t, start=0, end=40), rng=i, resamples=99).pvalue)
    assert np.mean(np.array(p) <= 0.1) <= 0.1 + 3.5 * np.sqrt(0.09 / runs)
    assert np.mean(np.array(naive) <= 0.1) > 0.5


def test_holes_and_a_closing_event_are_in_the_null():
    rng = np.random.default_rng(4)
    series = EventSeries.from_numbers([2, 3, 9, 20], start=0, end=20, holes=[(4, 8)], closed_by_event=True)
    spacings = uniform_spacings(series, 500, rng=rng, rounded=False)
    # Three free instants in 16 watched days, the fourth fixed at the end: four stretches, none after it.
    assert spacings.shape == (500, 4)
    np.testing.assert_allclose(spacings.sum(axis=1), 16)
    assert waiting.exponentiality(series, rng=5, resamples=199).settings["stretches"] == 3


def test_rounded_nulls_lie_on_the_lattice():
    series = EventSeries.from_numbers([0.5, 3.5, 3.5], start=0, end=9, precision=1)
    spacings = uniform_spacings(series, 200, rng=np.random.default_rng(6), rounded=True)
    np.testing.assert_allclose((spacings[:, 1:-1] % 1).round(9) % 1, 0)
    np.testing.assert_allclose(spacings.sum(axis=1), 9)


def test_regular_and_bursty_records_are_found():
    regular = EventSeries.from_numbers(np.arange(1, 25) + 0.1 * (np.arange(24) % 3), start=0, end=25)
    bursty = EventSeries.from_numbers([1, 1.1, 1.2, 1.3, 9, 9.1, 9.2, 20, 20.1, 20.2, 20.3], start=0, end=25)
    for series, side in ((regular, -1), (bursty, 1)):
        finding = waiting.exponentiality(series, rng=7, resamples=499)
        assert finding.pvalue <= 0.01
        outside = finding.effect.value < finding.effect.low if side < 0 else finding.effect.value > finding.effect.high
        assert outside


def test_a_seed_is_needed(worked):
    with pytest.raises(ParameterError, match="rng"):
        waiting.exponentiality(worked)
    assert waiting.exponentiality(worked, rng=1, resamples=99).attainable_pvalue == 0.01
