"""The longest of uniform spacings: exact, stable up to 10^5 events, and the silence built on it."""

from __future__ import annotations

import math
import time
from decimal import Decimal, getcontext
from fractions import Fraction

import numpy as np
import pytest

from analysis.errors import ParameterError
from analysis.stats import waiting
from analysis.stats.waiting.spacings import longest_spacing_pvalue, longest_spacing_quantile
from analysis.timeline import EventSeries


def in_fractions(gap: float, n: int, m: int) -> float:
    """The inclusion-exclusion sum in whole numbers, without any rounding."""
    x = Fraction(gap)
    return float(sum((-1) ** (j + 1) * math.comb(m, j) * (1 - j * x) ** n for j in range(1, m + 1) if j * x < 1))


def in_decimals(gap: float, n: int, m: int) -> float:
    """The complement of the same sum with 120 digits, for large n; terms beyond the 400th are below 1e-100."""
    getcontext().prec = 120
    x, choose, total = Decimal(gap), Decimal(1), Decimal(0)
    for j in range(400):
        if j * x >= 1:
            break
        total += (-1) ** j * choose * (1 - j * x) ** n
        choose = choose * (m - j) / (j + 1)
    return float(1 - total)


@pytest.mark.parametrize("n", [1, 2, 3, 8, 9, 20, 60, 150])
def test_against_whole_number_arithmetic(n):
    # In doubles the alternating sum alone is wrong in the third digit at n = 60 near the mean spacing.
    for m in {n + 1, n, max(1, n // 2), 1}:
        for x in np.geomspace(0.3 / (n + 1), 0.99, 30):
            exact = in_fractions(float(x), n, m)
            assert longest_spacing_pvalue(float(x), 1.0, n, m) == pytest.approx(exact, rel=1e-9, abs=1e-10)


@pytest.mark.parametrize("n", [1000, 100_000])
@pytest.mark.parametrize("bound", [1e-8, 0.1, 1.0, 5.0, 9.9, 10.1, 20.0])
def test_against_120_digits_at_large_n(n, bound):
    # ``bound`` is m (1 - x)^n: 10 is where the computation passes from the sum to the inversion.
    for m in (n + 1, n):
        x = 1 - math.exp(math.log(bound / m) / n)
        assert longest_spacing_pvalue(x, 1.0, n, m) == pytest.approx(in_decimals(x, n, m), rel=1e-9, abs=1e-11)


# Fisher (1929), Tests of significance in harmonic analysis, Proceedings of the Royal Society A 125:54-59: 5 % points of
# the largest of m exponential shares, which are the stretches between m - 1 uniform instants.
FISHER = {
    5: 0.68377,
    10: 0.44495,
    20: 0.27040,
    25: 0.22805,
    30: 0.19784,
    40: 0.15738,
    50: 0.13135,
}


@pytest.mark.parametrize("m", FISHER)
def test_the_5_per_cent_points_of_fisher(m):
    times = 100 * np.linspace(0, 1, m + 1)[1:-1] ** 1.3
    found = waiting.longest_silence(EventSeries.from_numbers(times, start=0, end=100, opened_by_event=True))
    assert found.settings["stretches"] == m
    assert found.effect.high / 100 == pytest.approx(FISHER[m], abs=6e-6)


@pytest.mark.parametrize(("n", "m"), [(3, 4), (10, 11), (10, 10), (40, 20)])
def test_against_simulation(n, m):
    rng = np.random.default_rng(1)
    parts = rng.standard_exponential((50_000, n + 1))
    longest = (parts / parts.sum(axis=1, keepdims=True))[:, :m].max(axis=1)
    for share in (0.2, 0.5, 0.9):
        gap = float(np.quantile(longest, share))
        error = 3.5 * math.sqrt(share * (1 - share) / 50_000)
        assert longest_spacing_pvalue(gap, 1.0, n, m) == pytest.approx(1 - share, abs=error)


def test_falls_without_a_step_from_one_to_nought():
    # A seam between the two ways of computing would show as a rise or a jump.
    for n, m in [(12, 13), (12, 12), (300, 301), (5000, 5000)]:
        gaps = np.linspace(0, 1.01, 4001) ** 2
        p = np.array([longest_spacing_pvalue(float(g), 1.0, n, m) for g in gaps])
        assert p[0] == 1
        assert p[-1] == 0
        assert (np.diff(p) <= 1e-10).all()


def test_quantile_is_the_inverse():
    for n, m in [(1, 2), (2, 3), (30, 31), (30, 30), (5000, 5001)]:
        for level in (0.5, 0.05, 1e-4):
            gap = longest_spacing_quantile(level, 7.0, n, m)
            assert longest_spacing_pvalue(gap, 7.0, n, m) == pytest.approx(level, rel=1e-6)


@pytest.mark.slow
@pytest.mark.parametrize(("n", "x"), [(2, 24 / 51), (20, 0.2), (1000, 0.008), (100_000, 1e-4)])
def test_a_call_takes_under_50_microseconds(n, x):
    longest_spacing_pvalue(x, 1.0, n)
    best = min(_timed(x, n) for _ in range(20))
    assert best < 50e-6


def _timed(x: float, n: int) -> float:
    begin = time.perf_counter()
    for _ in range(50):
        longest_spacing_pvalue(x, 1.0, n)
    return (time.perf_counter() - begin) / 50


def test_impossible_stretches_raise():
    for wrong in [(-1, 1, 2, None), (0.5, 0, 2, None), (0.5, 1, 2, 4), (0.5, 1, -1, None)]:
        with pytest.raises(ParameterError):
            longest_spacing_pvalue(*wrong)


def test_where_no_event_opened_the_window_its_first_stretch_is_no_silence():
    # Stretches 20 (not a wait), 5, 15 of 40; 2 events: P(max of 2 of 3 >= 15) = 2 (25/40)^2 - (10/40)^2.
    series = EventSeries.from_numbers([20, 25], start=0, end=40)
    finding = waiting.longest_silence(series)
    assert finding.effect.value == 15
    assert finding.pvalue == pytest.approx(2 * (25 / 40) ** 2 - (10 / 40) ** 2, rel=1e-12)
    assert finding.settings["open_is_a_record"] is True


def test_an_event_that_closes_the_window_is_fixed():
    # Events at 3, 20 and at the end 25: two free instants, waits 3, 17, 5: 3 (8/25)^2.
    series = EventSeries.from_numbers([3, 20, 25], start=0, end=25, opened_by_event=True, closed_by_event=True)
    finding = waiting.longest_silence(series)
    assert finding.effect.value == 17
    assert finding.pvalue == pytest.approx(3 * (8 / 25) ** 2, rel=1e-12)
    assert not finding.curve["open"].any()


def test_lengths_are_watched_time():
    # The wait from 10 to 30 loses the hole from 12 to 22: 10, not 20.
    series = EventSeries.from_numbers([10, 30], start=0, end=35, holes=[(12, 22)], opened_by_event=True)
    finding = waiting.longest_silence(series)
    assert finding.effect.value == 10
    assert finding.pvalue == longest_spacing_pvalue(10, 25, 2)
    assert any("hole" in a.name for a in finding.assumptions)


def test_limit_of_the_range_has_p_one_minus_level(worked):
    finding = waiting.longest_silence(worked, level=0.9)
    assert longest_spacing_pvalue(finding.effect.high, 51, 2) == pytest.approx(0.1, rel=1e-6)
    # And the open wait would be a record with p = 0.1 once it lasted so long.
    needed = finding.settings["open_needed"]
    grown = EventSeries.from_numbers([24, 27], start=0, end=27 + needed, opened_by_event=True)
    again = waiting.longest_silence(grown)
    assert again.pvalue == pytest.approx(0.1, rel=1e-6)
    assert again.settings["open_is_a_record"]


@pytest.mark.parametrize("n", [3, 10, 30, 100])
@pytest.mark.parametrize("opened", [True, False])
def test_size(n, opened):
    rng = np.random.default_rng(2)
    p = [
        waiting.longest_silence(EventSeries.from_numbers(t, start=0, end=9, opened_by_event=opened)).pvalue
        for t in rng.uniform(0, 9, (500, n))
    ]
    for alpha in (0.05, 0.3):
        assert np.mean(np.array(p) <= alpha) == pytest.approx(alpha, abs=3.5 * math.sqrt(alpha * 0.95 / 500))
