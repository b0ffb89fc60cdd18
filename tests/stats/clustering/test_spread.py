"""Burstiness, memory, Fano and Allan factors: numbers known otherwise, size, limits that agree with p."""

from __future__ import annotations

from functools import partial
from itertools import permutations

import numpy as np
import pytest

from analysis import EventSeries, Window
from analysis.processes import simulate
from analysis.stats import clustering
from analysis.stats.clustering.envelope import envelope
from analysis.stats.clustering.tiles import Tiles, allan_factor, fano_factor

IRREGULAR = [0.4, 1.1, 7.9, 8.0, 23.5]


def numbers(times, end=30.0, **settings):
    return EventSeries.from_numbers(times, start=0, end=end, **settings)


def band(share, runs, sds=3.5):
    return share + sds * np.sqrt(share * (1 - share) / runs)


@pytest.fixture
def coal(reference):
    case = reference("01_coal_mining")
    return case, numbers(case.csv("events.csv")["elapsed_days_since_1851_01_01"].to_numpy(float), end=40907.0)


def test_burstiness_and_memory_of_coal_mining(coal):
    case, series = coal
    found = clustering.burstiness(series, rng=1)
    case.check("burstiness_B_sd_n-1", found.settings["burstiness"])
    case.check("burstiness_B_sd_n", found.settings["burstiness_n"])
    assert found.settings["waits"] == 190
    assert found.pvalue == pytest.approx(0.001)
    case.check("memory_M", clustering.memory(series, rng=1, resamples=999).statistic)


def test_the_mean_cv_of_few_waits_is_that_of_uniform_spacings():
    # Two of n + 1 = 4 uniform spacings: |a - b| sqrt(2) / (a + b), and (a - b)/(a + b) is uniform on -1 to 1.
    found = clustering.burstiness(numbers([1.0, 4.0, 9.0]), rng=1, resamples=20_000)
    assert found.settings["null_cv"] == pytest.approx(np.sqrt(2) / 2, abs=0.012)
    # So the chance of waits at least as uneven as 3 and 5 is 1 - 1/4.
    one_sided = clustering.burstiness(numbers([1.0, 4.0, 9.0]), alternative="greater", rng=1, resamples=20_000)
    assert one_sided.pvalue == pytest.approx(0.75, abs=0.012)


@pytest.mark.parametrize("alternative", ["two-sided", "less", "greater"])
@pytest.mark.parametrize("seed", range(6))
def test_the_range_of_the_null_agrees_with_p(alternative, seed):
    rng = np.random.default_rng(seed)
    series = numbers(np.sort(30 * rng.beta(1, 5 * rng.random(), 15)))
    for level in (0.5, 0.95):
        for test in (clustering.burstiness, clustering.fano, clustering.allan, clustering.memory):
            found = test(series, alternative=alternative, level=level, rng=1, resamples=199)
            effect = found.effect
            inside = (effect.low is None or effect.low <= effect.value + 1e-9) and (
                effect.high is None or effect.value <= effect.high + 1e-9
            )
            assert inside == (found.pvalue > 1 - level + 1e-12)


@pytest.mark.parametrize("n", [3, 10, 30, 100])
@pytest.mark.parametrize("name", ["burstiness", "fano", "allan", "memory"])
def test_size_under_a_constant_rate(name, n):
    rng = np.random.default_rng(n)
    test = partial(getattr(clustering, name), rng=rng, resamples=99)
    window = Window(0.0, 30.0, holes=((3.0, 4.5), (17.0, 22.0)), opened_by_event=True)
    p = [test(simulate.poisson(window, n=n, rng=rng).series).pvalue for _ in range(200)]
    p = np.array([v for v in p if v is not None])
    assert p.size > (40 if name != "memory" or n > 3 else 0)
    assert np.mean(p <= 0.05) <= band(0.05, p.size)


def test_size_holds_for_dates_known_to_the_day():
    rng = np.random.default_rng(3)
    window = Window(0.0, 60.0)
    p = {"burstiness": [], "fano": []}
    for _ in range(150):
        day = np.floor(np.sort(rng.uniform(0, 60, 25)))
        whole = numbers(day + 0.5, end=60.0, precision=1.0)
        drawn = EventSeries(day + 0.5, window, earliest=day, latest=day + 1, resolution="drawn")
        for series in (whole, drawn):
            p["burstiness"].append(clustering.burstiness(series, rng=rng, resamples=99, draws=10).pvalue)
            p["fano"].append(clustering.fano(series, rng=rng, resamples=99, draws=10).pvalue)
    for values in p.values():
        assert np.mean(np.array(values) <= 0.05) <= band(0.05, 150)


def test_memory_of_few_waits_counts_every_order():
    waits = [1.0, 2.0, 4.0, 8.0]
    series = numbers(np.cumsum(waits), end=16.0, opened_by_event=True)
    found = clustering.memory(series, alternative="greater")
    orders = [np.corrcoef(o[:-1], o[1:])[0, 1] for o in permutations(waits)]
    assert found.statistic == pytest.approx(np.corrcoef(waits[:-1], waits[1:])[0, 1])
    assert found.pvalue == pytest.approx(np.mean(np.array(orders) >= found.statistic - 1e-12))
    assert found.settings["orders"] == 24
    assert clustering.memory_coefficient(waits) == pytest.approx(found.statistic)
    assert clustering.memory_coefficient([2.0, 2.0, 2.0]) is None


def test_waits_change_places_within_a_stretch_only():
    # Two stretches with four and two waits: 4! times 2! orders, not 6!.
    series = numbers([1, 2, 4, 7, 8.5, 21, 23, 26], end=30.0, holes=[(10, 20)])
    assert clustering.memory(series).settings["orders"] == 48
    assert clustering.memory(series).settings["waits"] == 6


def test_a_chain_of_slow_and_fast_spells_has_memory_and_shuffling_takes_it_away():
    rng = np.random.default_rng(5)
    waits = np.concatenate([rng.exponential(s, 10) for s in (0.2, 5.0) * 5])
    spells = numbers(np.cumsum(waits), end=waits.sum() + 1, opened_by_event=True)
    shuffled = numbers(np.cumsum(rng.permutation(waits)), end=waits.sum() + 1, opened_by_event=True)
    assert clustering.memory(spells, rng=1, resamples=999).pvalue < 0.01
    assert clustering.memory(shuffled, rng=1, resamples=999).pvalue > 0.05
    # Bursts of independent waits and bursts in spells alike break a constant rate; only spells break shuffling.
    assert clustering.fano(spells, null="shuffled_waits", rng=1, resamples=199).pvalue < 0.05
    assert clustering.burstiness(shuffled, rng=1, resamples=199).pvalue < 0.05


def test_the_factors_by_hand():
    # Counts in windows of 5 up to 30: 2, 2, 0, 0, 1, 0; Fano 0.9667 / 0.8333; squared changes 0, 4, 0, 1, 1.
    tiles = Tiles.of(Window(0.0, 30.0), 5.0)
    rows = np.array([IRREGULAR])
    assert fano_factor(rows, tiles)[0] == pytest.approx(np.var([2, 2, 0, 0, 1, 0], ddof=1) / (5 / 6))
    assert allan_factor(rows, tiles)[0] == pytest.approx((6 / 5) / (2 * 5 / 6))


def test_no_window_reaches_into_a_hole():
    tiles = Tiles.of(Window(0.0, 30.0, holes=((7.0, 12.0),)), 3.0)
    assert tiles.starts.tolist() == [0.0, 3.0, 12.0, 15.0, 18.0, 21.0, 24.0, 27.0]
    assert tiles.pairs.tolist() == [0, 2, 3, 4, 5, 6]


def test_the_window_begins_with_its_start_and_ends_before_its_end():
    tiles = Tiles.of(Window(0.0, 4.0), 1.0)
    assert tiles.counts(np.array([[0.0, 1.0, 1.5, 3.0]])).tolist() == [[1, 2, 0, 1]]


def test_clustered_and_even_times_leave_the_envelope_on_the_side_they_should():
    bursts = simulate.hawkes(Window(0.0, 300.0), background=0.2, branching=0.7, decay=2.0, rng=1).series
    found = clustering.fano(bursts, rng=1, resamples=199)
    assert found.pvalue == 1 / 200
    assert found.effect.value > found.effect.high
    even = numbers(np.arange(0.5, 60.0), end=60.0)
    found = clustering.allan(even, rng=1, resamples=199)
    assert found.pvalue == 1 / 200
    assert found.effect.value < found.effect.low


def test_a_slow_trend_enters_the_fano_factor_more_than_the_allan_factor():
    times = 300 * np.sqrt(np.sort(np.random.default_rng(3).random(300)))
    series = numbers(times, end=300.0)
    fano, allan = (f(series, rng=1, resamples=99).curve["factor"].iloc[-1] for f in (clustering.fano, clustering.allan))
    assert fano > 2 * allan


def test_the_curve_leaves_the_global_envelope_if_and_only_if_p_says_so():
    rng = np.random.default_rng(8)
    told = []
    for _ in range(300):
        curves = rng.gamma(1.5, size=(100, 6)).cumsum(axis=1)
        found = envelope(curves[0], curves[1:], alternative="two-sided", level=0.9)
        outside = np.any((curves[0] > found.high + 1e-9) | (curves[0] < found.low - 1e-9))
        assert outside == (found.pvalue <= 0.1)
        told.append(found.pvalue)
    # Exchangeable curves: exact, though each of six points is looked at.
    assert np.mean(np.array(told) <= 0.1) == pytest.approx(0.1, abs=band(0.1, 300) - 0.1)


@pytest.mark.parametrize("scale", [1 / 24, 365.25])
@pytest.mark.parametrize("name", ["burstiness", "memory", "fano", "allan"])
def test_the_unit_of_time_does_not_matter(name, scale):
    test = partial(getattr(clustering, name), rng=5, resamples=199)
    one = test(numbers(IRREGULAR, holes=[(10, 14)], opened_by_event=True))
    times = np.array(IRREGULAR) * scale
    other = test(numbers(times, end=30 * scale, holes=[(10 * scale, 14 * scale)], opened_by_event=True))
    assert other.pvalue == pytest.approx(one.pvalue)
    assert other.effect.value == pytest.approx(one.effect.value)
