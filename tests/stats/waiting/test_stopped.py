"""Has it stopped: duality, size, and sums that must not lose their digits."""

from __future__ import annotations

from fractions import Fraction
from math import comb

import numpy as np
import pytest
from scipy import integrate

from analysis.errors import ParameterError
from analysis.stats import waiting
from analysis.stats.waiting import declining
from analysis.stats.waiting.declining import declining_pvalue
from analysis.stats.waiting.optimal_linear import linear_weights, ole_pvalue
from analysis.stats.waiting.stopped import going_over_stopped, posterior_going
from analysis.timeline import EventSeries


def grown(series: EventSeries, end: float) -> EventSeries:
    return EventSeries.from_numbers(series.times, start=0, end=end)


@pytest.mark.parametrize("level", [0.8, 0.95])
def test_p_at_the_upper_limit_of_the_end_is_one_minus_the_level(level):
    times = [1, 2, 4, 5, 6.5, 7, 8, 9, 10, 10.5, 11, 11.7]
    steady = EventSeries.from_numbers(times, start=0, end=14)
    for ask in (waiting.solow, waiting.solow_declining, waiting.last_event_ole):
        limit = ask(steady, level=level).effect.high
        assert ask(grown(steady, limit)).pvalue == pytest.approx(1 - level, rel=1e-6)


def test_bayes_factor_by_integration():
    # Solow (1993): rate prior 1/rate, end uniform over (0, T). Marginal of going on: Gamma(n) / T^n; of having
    # stopped: mean over the end of Gamma(n) / end^n from the last event on.
    n, last, span = 4, 37.0, 77.0
    stopped, _ = integrate.quad(lambda end: 1 / end**n / span, last, span)
    assert going_over_stopped(last, span, n) == pytest.approx((1 / span**n) / stopped, rel=1e-9)
    # n = 1 is the limit of the formula, not a division by 0.
    stopped, _ = integrate.quad(lambda end: 1 / end / span, last, span)
    assert going_over_stopped(last, span, 1) == pytest.approx((1 / span) / stopped, rel=1e-9)
    assert going_over_stopped(last, last, 3) is None
    assert posterior_going(0.5, 0.5) == pytest.approx(1 / 3)


def test_a_prior_is_a_chance(worked):
    with pytest.raises(ParameterError, match="prior"):
        waiting.solow(worked, prior=1.0)


def test_declining_sum_in_whole_numbers():
    # Two times 24 and 27 of 51: F(x) = 2 x / s - 1 with s = 51: (54/51 - 1) / 1 by hand.
    assert declining_pvalue([24, 27], 51) == pytest.approx(3 / 51, rel=1e-14)
    times = [1, 4, 9, 11, 12, 30, 31, 50]
    s = sum(times)

    def f(x):
        terms = ((-1) ** i * comb(8, i) * (1 - Fraction(i * x, s)) ** 7 for i in range(9) if i * x < s)
        return sum(terms)

    assert declining_pvalue(times, 60) == pytest.approx(float(f(50) / f(60)), rel=1e-14)


def test_many_events_pass_to_the_inversion_without_a_step(monkeypatch):
    # The exact sum at 300 events against the inverted transform on the same times.
    times = np.sort(np.random.default_rng(1).beta(1, 2.5, 300)) * 100
    exact = declining_pvalue(times, 101.0)
    monkeypatch.setattr(declining, "EXACT_UP_TO", 5)
    assert declining_pvalue(times, 101.0) == pytest.approx(exact, rel=1e-6)


@pytest.mark.parametrize("n", [3, 10, 30, 100])
@pytest.mark.parametrize("fall", [0.0, 2.0])
def test_declining_rate_keeps_its_size(n, fall):
    # Times with density exp(-fall u) on (0, 1): p must be uniform whatever the fall; the constant-rate test
    # rejects far too often once the rate falls.
    rng = np.random.default_rng(2)
    runs = 500
    u = rng.random((runs, n))
    t = u if fall == 0 else -np.log1p(-u * -np.expm1(-fall)) / fall
    p = np.array([declining_pvalue(np.sort(row), 1.0) for row in t])
    for alpha in (0.05, 0.3):
        assert np.mean(p <= alpha) == pytest.approx(alpha, abs=3.5 * np.sqrt(alpha * (1 - alpha) / runs))


def test_no_end_is_excluded_where_p_stays_up():
    # Two events: the limit of p for an ever longer window is F(t_n) = 2 * 27/51 - 1 = 0.0588 > 0.05.
    finding = waiting.solow_declining(EventSeries.from_numbers([24, 27], start=0, end=400))
    assert finding.effect.high is None
    assert finding.pvalue == pytest.approx(3 / 51)


def test_weights_of_the_optimal_estimate():
    # They add up to 1, and for a uniform end (v = 1) put all on the two extremes: ((k + 1) t_1 - t_k) / k.
    for k in (4, 7, 12):
        weights = linear_weights(1.0, k)
        assert weights.sum() == pytest.approx(1)
        assert weights[0] == pytest.approx((k + 1) / k)
        assert weights[-1] == pytest.approx(-1 / k)
        assert np.abs(weights[1:-1]).max() < 1e-8


@pytest.mark.parametrize(("k", "size"), [(5, 0.02), (10, 0.047)])
def test_the_estimate_states_its_size(k, size):
    # The finding says 2 and 5 % for a going record at a constant rate.
    rng = np.random.default_rng(3)
    latest = np.sort(rng.random((3000, k)), axis=1)[:, ::-1]
    rejected = np.mean([ole_pvalue(row, 1.0) <= 0.05 for row in latest])
    assert rejected == pytest.approx(size, abs=0.013)


def test_the_opening_event_is_one_of_the_latest():
    series = EventSeries.from_numbers([4, 5, 9], start=0, end=20, opened_by_event=True)
    finding = waiting.last_event_ole(series)
    assert finding.settings["used"] == 4
    same = EventSeries.from_numbers([1, 5, 6, 10], start=0, end=21)
    assert waiting.last_event_ole(same).pvalue == pytest.approx(finding.pvalue, rel=1e-12)


def test_the_saddlepoint_form_takes_over_where_the_chance_is_too_small(monkeypatch):
    # 500 events: both forms can be worked out; and 20,000, where the chances themselves are under 1e-308.
    times = np.sort(np.random.default_rng(500).uniform(0, 1000, 500))
    inverted = declining_pvalue(times, 1001.0)
    monkeypatch.setattr(declining, "TINY", 1.0)
    assert declining_pvalue(times, 1001.0) == pytest.approx(inverted, rel=1e-5)
    monkeypatch.undo()
    many = np.sort(np.random.default_rng(1).uniform(0, 1000, 20_000))
    p = [declining_pvalue(many, end) for end in (many[-1], many[-1] + 0.05, many[-1] + 0.2)]
    assert p[0] == 1
    # Times nearly uniform: (t_n / T)^n
    assert p[1:] == pytest.approx([(many[-1] / (many[-1] + d)) ** 20_000 for d in (0.05, 0.2)], rel=0.1)
