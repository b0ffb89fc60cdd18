"""One response is one episode: the next attack after it, and what may be said of two."""

from __future__ import annotations

import pytest

from analysis import EventSeries, load, select
from analysis.prose import responses
from analysis.stats import coincidence, hazard

DATES = ["2021-02-26", "2021-06-28"]


@pytest.fixture(scope="module")
def fired():
    now = load("data/attacks.csv")
    targets = ["us_military", "coalition", "us_diplomatic", "contractor_convoy", "other"]
    weapons = ["rocket", "drone"]
    return select(now, weapon=weapons, target_class=targets, start="2020-10-01", end="2022-01-01", opened_by_event=True)


def test_the_next_attack_after_each_response(fired):
    # From the catalogue: rockets at Ain al-Asad on 3 March, 5 days after 26 February; 5 July, 7 days after 28 June.
    found = hazard.next_after(fired, DATES)
    assert found["days"].tolist() == [5, 7]
    assert not found["open"].any()
    assert ((found["as_short"] + found["as_long"]) >= 1).all()
    assert len(responses.waits({"all": found})) == 2


def test_the_place_among_all_days_is_counted_by_hand():
    # Events on days 4 and 6 of 10: to the next from days 0..9 are 4 3 2 1 2(at 4: next is 6) 1 then 4 3 2 1 open.
    series = EventSeries.from_numbers([4.0, 6.0], start=0, end=10)
    found = hazard.next_after(series, [1.0, 8.0, 30.0])
    assert found["days"].tolist() == [3, 2]
    assert found["open"].tolist() == [False, True]
    # as short as 3, closed: days 1 2 3 4 5; as long: days 0 and 1 closed, and the four open ones
    assert found["as_short"].iloc[0] == pytest.approx((5 + 1) / 11)
    assert found["as_long"].iloc[0] == pytest.approx((6 + 1) / 11)


def test_responses_that_touch_are_one_stretch():
    window = EventSeries.from_numbers([4.0], start=0, end=100).window
    state = hazard.at_work([10.0, 25.0, 70.0, 300.0], window, response_days=20)
    assert state.edges.tolist() == [[10, 45], [70, 90]]
    assert hazard.at_work([95.0], window, response_days=20).edges.tolist() == [[95, 100]]


def test_two_responses_cannot_tell_and_it_is_said(fired):
    model = {"all": hazard.by_window(fired, DATES, days=(30, 60), rng=1, resamples=99)}
    needed = coincidence.episodes_needed(
        fired, hazard.at_work(DATES, fired.window, response_days=60), ratio=0.5, alternative="two-sided"
    )
    least = coincidence.least_episodes()
    text = responses.conclusion({"all": 2, "none": 0}, model, {"all": needed}, least=least)
    assert "cannot be told from 2 responses" in text
    assert "at least 6 that all go one way" in text  # 2 * 2 ** -6 < 0.05 < 2 * 2 ** -5
    assert "8 attacks with, 27 without) over 30 days" in text
    assert "nothing can be told" in text
    exact = {"all": {"30 days": hazard.piecewise_exponential(fired, DATES, response_days=30)}}
    assert responses.hazards(model, exact).shape[0] == 2


def test_a_date_moved_moves_number_and_sentence(fired):
    texts = [
        responses.conclusion(
            {"x": 1}, {"x": hazard.by_window(fired, [day], days=(30,), rng=1, resamples=99)}, {}, least=6
        )
        for day in ("2021-02-26", "2021-06-28")
    ]
    assert texts[0] != texts[1]


def test_nothing_to_tell_is_said_without_numbers():
    text = responses.conclusion({"x": 0}, {}, {}, least=6)
    assert "nothing can be told" in text
    assert responses.hazards({}, {}).empty
    assert responses.waits({}).empty
