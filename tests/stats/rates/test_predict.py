"""Predicted counts: coverage summed exactly, a published limit, the law against the forecast of the wait, scores."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import optimize, special, stats

from analysis.errors import ParameterError
from analysis.stats import rates, waiting
from analysis.stats.rates.predict import limits
from analysis.timeline import EventSeries

WORKED = EventSeries.from_numbers([24, 27], start=0, end=51, opened_by_event=True)


@pytest.mark.parametrize("days", [(51, 30), (50, 50), (20, 200)])
@pytest.mark.parametrize("mean", [0.3, 2.0, 11.0, 40.0])
def test_the_limits_hold_their_level_at_any_rate(days, mean):
    # Summed over every pair of counts; never under 90 %.
    before, ahead = days
    rate, share = mean / before, before / (before + ahead)
    total = 0.0
    for x in range(int(stats.poisson.ppf(1 - 1e-9, mean)) + 1):
        low, high = limits(x, share, 0.9)
        law = stats.poisson(rate * ahead)
        total += stats.poisson.pmf(x, mean) * (law.cdf(high) - law.cdf(low - 1))
    assert total >= 0.9 - 1e-6


def test_the_published_limit_is_ours_rounded_outwards():
    # EnvStats 2.8, predIntPois: 36 events in 20 units, one ahead, upper 95 % limit 5. It rounds the real root up; the
    # largest count that the test does not reject is that root rounded down, and holds the level too.
    root = optimize.brentq(lambda y: special.betainc(y, 37, 1 / 21) - 0.05, 1, 20)
    assert np.ceil(root) == 5
    assert limits(36, 20 / 21, 0.9)[1] == np.floor(root) == 4


@pytest.mark.parametrize("count", [0, 1, 2, 7])
def test_the_limits_are_the_counts_that_the_exact_test_of_two_rates_keeps(count):
    # Duality: central p of the ratio of rates above 0.1 inside, at most 0.1 just outside.
    low, high = limits(count, 51 / 81, 0.9)
    p = [rates.ratio_of_counts(before=count, before_days=51, after=y, after_days=30).pvalue for y in range(high + 2)]
    kept = [y for y, each in enumerate(p) if each > 0.1]
    assert (min(kept), max(kept)) == (low, high)


@pytest.mark.parametrize("horizon", [3.0, 30.0])
def test_no_event_ahead_has_the_chance_that_the_forecast_of_the_wait_gives(horizon):
    # By hand: (51 / (51 + h))^2.
    found = rates.predict_count(WORKED, horizon=horizon)
    assert found.settings["chance_of_none"] == pytest.approx((51 / (51 + horizon)) ** 2)
    law = waiting.forecast(WORKED).curve
    by = np.interp(horizon, law["days"], law["chance_by"])
    assert 1 - found.settings["chance_of_none"] == pytest.approx(by, abs=2e-3)


def test_no_event_so_far_has_an_upper_limit_and_no_law():
    none = EventSeries.from_numbers([], start=0, end=30)
    found = rates.predict_count(none, horizon=30)
    # By hand: given y events in two equal halves, all in the second has chance 2^-y: 1/16 above 0.05, 1/32 below.
    assert (found.effect.low, found.effect.high) == (0, 4)
    assert found.curve is None
    assert rates.score_count(found, 2)["log_score"] is None
    assert rates.score_count(found, 5)["inside"] is False


def test_a_window_closed_by_an_event_has_the_exact_law():
    closed = EventSeries.from_numbers([3, 5, 11.0], start=0, end=11, closed_by_event=True)
    law = stats.nbinom(3, 11 / 21)
    found = rates.predict_count(closed, horizon=10)
    assert law.sf(found.effect.high) <= 0.05 < law.sf(found.effect.high - 1)


def test_scores_by_hand():
    # One event in 10 days, 10 ahead: chance of y is 2^-(y+1). For 1: log 1/4; PIT 1/2 + 1/8; CRPS (1/2)^2 + sum of
    # (2^-(y+1))^2 over y >= 1 = 1/4 + 1/12.
    one = rates.predict_count(EventSeries.from_numbers([4], start=0, end=10), horizon=10)
    found = rates.score_count(one, 1)
    assert found["log_score"] == pytest.approx(np.log(0.25))
    assert found["pit"] == pytest.approx(0.625)
    assert found["crps"] == pytest.approx(0.25 + 1 / 12, abs=1e-6)
    assert found["inside"]


def test_the_unit_of_time_does_not_matter():
    hours = EventSeries.from_numbers(np.array([24, 27]) * 24, start=0, end=51 * 24, opened_by_event=True, unit="hour")
    one, other = rates.predict_count(WORKED, horizon=30), rates.predict_count(hours, horizon=720)
    assert (one.effect.value, one.effect.low, one.effect.high) == (
        other.effect.value,
        other.effect.low,
        other.effect.high,
    )


def test_a_fan_is_made_of_the_same_limits():
    table = rates.fan(WORKED, days=[30.0], levels=(0.9,))
    found = rates.predict_count(WORKED, horizon=30).effect
    assert tuple(table[["low", "high"]].iloc[0]) == (found.low, found.high)


@pytest.mark.parametrize("horizon", [0, -1, np.inf, True])
def test_a_horizon_that_is_none_is_named(horizon):
    with pytest.raises(ParameterError, match="horizon"):
        rates.predict_count(WORKED, horizon=horizon)


def test_what_cannot_be_scored_is_named():
    with pytest.raises(ParameterError, match="predict_count"):
        rates.score_count(rates.rate(WORKED), 1)
    with pytest.raises(ParameterError, match="observed"):
        rates.score_count(rates.predict_count(WORKED, horizon=3), -1)
    with pytest.raises(ParameterError, match="days"):
        rates.fan(WORKED, days=[])
