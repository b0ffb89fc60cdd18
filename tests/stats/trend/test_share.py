"""The share of a kind over time: every choice of dates counted, limits that agree, dates that are open."""

import sys
from itertools import combinations

import numpy as np
import pytest

from analysis import EventSeries, ParameterError, Window, load, select
from analysis.stats import rates, trend
from analysis.stats.trend.share import choices


def days(values, end=60.0, **settings):
    return EventSeries.from_numbers([v + 0.5 for v in values], start=0, end=end, precision=1.0, **settings)


OWN, REST = [3, 10, 12, 40], [0, 1, 5, 11, 11, 30]


def test_p_is_the_share_of_all_choices_of_dates():
    # Independent of the convolution: every choice of 4 of the 10 dates is listed.
    sums = np.array([sum(c) for c in combinations(OWN + REST, len(OWN))])
    greater, less = np.mean(sums >= sum(OWN)), np.mean(sums <= sum(OWN))
    assert trend.share(days(OWN), days(REST), alternative="greater").pvalue == pytest.approx(greater)
    assert trend.share(days(OWN), days(REST), alternative="less").pvalue == pytest.approx(less)
    both = trend.share(days(OWN), days(REST))
    assert both.pvalue == pytest.approx(min(1, 2 * min(greater, less)))
    assert both.attainable_pvalue == pytest.approx(2 * min(np.mean(sums == sums.min()), np.mean(sums == sums.max())))


def test_on_two_days_it_is_fishers_exact_test():
    # Days 0 and 1 with the counts of Fisher's tea: R's fisher.test gives p 0.2429, odds ratio 6.408309, from 0.3135693.
    own, rest = days([1, 1, 1, 0]), days([1, 0, 0, 0])
    found = trend.share(own, rest, per_days=1, alternative="greater")
    assert found.pvalue == pytest.approx(0.2429, abs=5e-5)
    assert found.effect.value == pytest.approx(6.408309, rel=1e-5)
    assert found.effect.low == pytest.approx(0.3135693, rel=1e-4)
    again = rates.share_ratio((3, 4), (1, 4))
    both = trend.share(own, rest, per_days=1).effect
    assert (both.low, both.high) == pytest.approx((again.effect.low, again.effect.high), rel=1e-4)


def test_the_other_kind_gives_the_inverse():
    # Counting the fewer or the more, there is one answer: what one kind gains the other loses.
    a, b = trend.share(days(OWN), days(REST)), trend.share(days(REST), days(OWN))
    assert a.pvalue == pytest.approx(b.pvalue)
    assert a.effect.value == pytest.approx(1 / b.effect.value, rel=1e-6)
    assert a.effect.low == pytest.approx(1 / b.effect.high, rel=1e-6)


@pytest.mark.parametrize("shift", [0, 13])
def test_neither_the_origin_nor_the_order_of_rows_matters(shift):
    a = trend.share(days(OWN), days(REST))
    b = trend.share(days([v + shift for v in OWN[::-1]], 80.0), days([v + shift for v in REST], 80.0))
    assert b.pvalue == pytest.approx(a.pvalue)
    assert b.effect.value == pytest.approx(a.effect.value, rel=1e-6)


def test_a_takeover_is_found_and_has_no_upper_limit():
    found = trend.share(days([50, 51, 52, 53]), days([1, 2, 3, 4]))
    assert found.pvalue == pytest.approx(2 / 70)  # one choice in 70 of 4 from 8, twice
    assert found.effect.value is None
    assert found.effect.low > 1
    assert found.effect.high is None
    assert trend.share(days([1, 2, 3, 4]), days([50, 51, 52, 53])).effect.value == 0


def test_a_growing_share_is_recovered():
    rng = np.random.default_rng(5)
    at = np.sort(rng.integers(0, 300, 80))
    drone = rng.random(80) < 1 / (1 + np.exp(-np.log(2) / 30 * (at - 150)))  # odds double in 30 days
    found = trend.share(days(at[drone], 300.0), days(at[~drone], 300.0))
    assert found.effect.low < 2 < found.effect.high
    assert found.pvalue < 0.001


def test_days_put_together_keep_the_answer(monkeypatch):
    one = trend.share(days(OWN), days(REST)).effect.value
    monkeypatch.setattr(sys.modules["analysis.stats.trend.share"], "CELLS", 40)
    assert trend.share(days(OWN), days(REST)).effect.value == pytest.approx(one, rel=0.2)


def test_choices_are_pascals_triangle():
    assert choices(np.array([0, 1, 2]), 2).tolist() == [0, 1, 1, 1]
    assert choices(np.ones(6, dtype=int), 3).tolist() == [0, 0, 0, 20]


def test_a_date_open_by_a_day_is_drawn_and_needs_a_generator():
    table = load("data/attacks.csv")
    span = {"start": "2021-04-01", "end": "2021-06-04", "resolution": "drawn"}
    drone, rocket = (select(table, weapon=[w], **span) for w in ("drone", "rocket"))
    with pytest.raises(ParameterError, match="rng"):
        trend.share(drone, rocket)
    drawn = trend.share(drone, rocket, rng=1).pvalue
    fixed = [
        trend.share(select(table, weapon=["drone"], **span, dates={"IQ-2021-05-11-HAR": d}), rocket, rng=1).pvalue
        for d in ("2021-05-10", "2021-05-11")
    ]
    assert min(fixed) - 0.02 <= drawn <= max(fixed) + 0.02


def test_too_little_and_windows_that_differ():
    assert trend.share(days([]), days(REST)).inconclusive
    assert trend.share(days([4, 4]), days([4])).inconclusive
    with pytest.raises(ParameterError, match="same time"):
        trend.share(days(OWN), days(REST, 61.0))
    with pytest.raises(ParameterError, match="per_days"):
        trend.share(days(OWN), days(REST), per_days=0)


def test_the_curve_counts_what_fell_into_each_stretch():
    curve = trend.share(days(OWN), days(REST), bin_days=20).curve
    assert curve["events"].tolist() == [3, 0, 1]
    assert curve["total"].tolist() == [8, 1, 1]
    assert curve["high"].iloc[1] == pytest.approx(1 - 0.025)  # none of one


def test_one_that_closed_the_window_is_of_neither_kind():
    window = Window(0.0, 60.0, closed_by_event=True)
    own = EventSeries([3.5, 10.5, 60.0], window)
    rest = EventSeries([0.5, 5.5, 60.0], window)
    assert trend.share(own, rest).n_events == (2, 2)
