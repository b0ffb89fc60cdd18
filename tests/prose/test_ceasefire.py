"""A ceasefire and its end: periods, dates that were named, and a date that is itself an attack."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from analysis import EventSeries, load, select
from analysis.prose import ceasefire
from analysis.stats import changepoint, interruption, rates

ENDS = {"rockets": "2020-11-17", "inauguration": "2021-01-20", "commission": "2021-05-23"}
TARGETS = ["us_military", "coalition", "us_diplomatic", "contractor_convoy", "other"]


@pytest.fixture(scope="module")
def truce():
    then = load("data/attacks.csv", as_of="2021-06-04")
    fired = {"weapon": ["rocket", "drone"], "target_class": TARGETS}
    return select(then, **fired, start="2020-10-10", end="2021-06-04")


@pytest.fixture(scope="module")
def dated(truce):
    return rates.at_dates(truce, ENDS, attacks=["2020-11-17"])


def test_the_counts_are_those_of_the_catalogue(dated):
    # By hand: 10 October to 20 January are 102 days with 2 nights of attacks, to 4 June 135 more with 16; the
    # rockets of 17 November count for neither side of their own date, and do count for the others.
    assert dated["inauguration"].n_events == (2, 16)
    assert dated["inauguration"].exposure_days == (102, 135)
    assert dated["inauguration"].effect.value == pytest.approx((16 / 135) / (2 / 102))
    assert dated["inauguration"].pvalue == pytest.approx(2 * stats.binom.cdf(2, 18, 102 / 237))
    assert dated["rockets"].n_events == (0, 17)
    assert any("conditioned on" in w for w in dated["rockets"].warnings)


def test_what_is_said_of_the_dates(dated, truce):
    scan = changepoint.scan(truce, rng=1, resamples=499, date_resamples=0)
    text = ceasefire.conclusion(None, 0, {"then": dated}, {"then": (scan, truce)})
    assert "the pace is higher from inauguration on than before" in text
    assert "rockets: none before it (0.788 to no upper limit)" in text
    assert "15 February 2021" in text
    assert list(ceasefire.ends(dated).index) == list(ENDS)


def test_two_rows_before_are_called_thin():
    # The catalogue codes two rocket attacks on 5 October 2020 and nothing else before the ceasefire of the 10th.
    now = load("data/attacks.csv")
    fired = select(now, weapon=["rocket", "drone"], target_class=TARGETS, start="2020-10-01", end="2021-06-04")
    found = rates.by_period(fired, {"before": ("2020-10-01", "2020-10-10"), "never": ("2019-01-01", "2019-02-01")})
    assert list(found) == ["before"]
    assert (found["before"].n_events, found["before"].exposure_days) == (2, 9)
    assert "2 attacks on 2 nights in the 9 days before the ceasefire: too thin" in ceasefire.conclusion(
        found["before"], 2, {}, {}
    )
    assert ceasefire.periods(found).loc["before", "note"] == "thin"


def test_a_moved_date_moves_number_and_sentence(truce, dated):
    other = rates.at_dates(truce, ENDS | {"inauguration": "2021-02-14"}, attacks=["2020-11-17"])
    assert other["inauguration"].n_events != dated["inauguration"].n_events
    assert ceasefire.conclusion(None, 0, {"x": other}, {}) != ceasefire.conclusion(None, 0, {"x": dated}, {})


def test_answers_that_differ_between_views_are_fragile(dated):
    thin = rates.at_dates(EventSeries.from_numbers([1.0, 8.0], start=0, end=9), {"inauguration": 5.0})
    assert "**Fragile.**" in ceasefire.conclusion(None, 0, {"a": dated, "b": thin}, {})
    assert "**Fragile.**" not in ceasefire.conclusion(None, 0, {"a": dated}, {})


def test_no_date_inside_the_window_is_an_answer():
    series = EventSeries.from_numbers([1.0, 8.0], start=0, end=9)
    assert rates.at_dates(series, {"late": 20.0}) == {}
    found = interruption.onset_among(series, {"late": 20.0}, rng=1)
    assert found.inconclusive
    assert found.warnings
    assert "cannot be said" in ceasefire.conclusion(None, 0, {"x": {}}, {})


def test_one_of_two_onsets_is_the_likelier_where_the_events_say_so():
    # 2 events in 50 days, 25 in the next 50: of the onsets 50 and 90 the first fits by a factor far over 20.
    times = [10.3, 31.7, *np.linspace(50.5, 99.5, 25)]
    series = EventSeries.from_numbers(times, start=0, end=100)
    found = interruption.onset_among(series, {"right": 50.0, "wrong": 90.0}, rng=1)
    table = found.curve.set_index("name")["posterior"]
    assert table["right"] > 0.95
    assert table.sum() == pytest.approx(1)
    assert found.pvalue < 0.05


def test_a_share_of_a_flat_posterior_is_a_share_of_the_days():
    import pandas as pd

    flat = pd.DataFrame({"date": np.linspace(0, 100, 41), "density": 1 / 100})
    assert ceasefire.share(flat, 13.0, 27.5) == pytest.approx(0.145)
    assert ceasefire.share(flat, -10, 20) == pytest.approx(0.2)
    assert ceasefire.share(flat, -10, 200) == pytest.approx(1)


def test_the_day_that_is_conditioned_on_stays_watched():
    series = EventSeries.from_numbers([1.2, 4.0, 4.9, 5.0, 8.8], start=0, end=10)
    left = rates.without_day(series, 4.0)
    assert left.times.tolist() == [1.2, 5.0, 8.8]
    assert left.days == series.days
    assert rates.without_day(series, 6.5) == series
