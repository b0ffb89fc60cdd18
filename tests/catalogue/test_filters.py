from __future__ import annotations

import pytest

from analysis.catalogue import events, load, select
from analysis.errors import ParameterError

SPAN = {"start": "2030-03-01", "end": "2030-06-01"}


@pytest.fixture(scope="module")
def example():
    return load("data/example_invented.csv")


def ids(table, **settings):
    return events(table, merge="none", **SPAN, **settings)["event_id"].str.removeprefix("EX-").astype(int).tolist()


def test_filters_are_lists_of_values(example):
    assert ids(example, weapon=["ied"]) == [3, 8, 9]
    assert ids(example, weapon=["ied", "rocket"], target_class=["us_military", "us_diplomatic"]) == [5, 6, 11]
    assert ids(example, confidence=["high"], weapon="drone") == [1, 10]
    assert ids(example, weapon="drone") == ids(example, weapon=["drone"])


def test_what_was_found_unfired_is_left_out_unless_asked_for(example):
    # A rocket that never flew has no time of attack.
    assert ids(example, weapon=["rocket"]) == [5, 6, 11]
    assert ids(example, outcome=["found_unfired"]) == [7]
    notes = select(example, **SPAN).notes
    assert any("1 row found unfired left out" in note for note in notes)


def test_an_area_is_a_governorate_or_a_box(example):
    assert ids(example, area="South", weapon=["rocket"]) == [5, 6]
    assert ids(example, area=["West", "South"], weapon=["ied"]) == [3, 8, 9]
    # the airfield (10.500) and not the consulate (10.640); EX-09 has no coordinates
    assert ids(example, area=(20.0, 10.0, 21.0, 10.6)) == [1, 4, 10]
    notes = select(example, area=[20.0, 10.0, 21.0, 10.6], **SPAN).notes
    assert any("1 row without a known place left out" in note for note in notes)


def test_rows_without_a_value_are_counted_when_a_filter_drops_them(table):
    got = table("event_id,date_local,weapon,confidence", "A,2021-04-14,drone,high", "B,2021-04-15,drone,")
    series = select(got, confidence=["high"], start="2021-04-01", end="2021-05-01")
    assert series.n == 1
    assert "1 row without confidence left out" in series.notes


def test_only_rows_inside_the_window_are_spoken_of(example):
    notes = select(example, start="2030-03-01", end="2030-03-20", weapon="rocket").notes
    assert not any("unfired" in note for note in notes)  # EX-07 is of 24 March


def test_an_event_can_be_left_out_by_name(example):
    assert ids(example, weapon="drone", exclude=["EX-12", "EX-01"]) == [2, 4, 10]
    assert any("left out by name: EX-12" in note for note in select(example, exclude="EX-12", **SPAN).notes)


def test_a_name_not_yet_public_may_be_left_out_and_a_misspelt_one_not(attacks):
    # The grid of a report names 14 and 22 June 2021; as of 4 June they are not there to be left out.
    early = load("data/attacks.csv", as_of="2021-06-03")
    settings = {"weapon": "drone", "start": "2021-04-01", "end": "2021-06-03"}
    assert select(early, exclude=["IQ-2021-06-14-BIA"], **settings).n == 2
    with pytest.raises(ParameterError, match="Did you mean 'IQ-2021-06-14-BIA'"):
        select(early, exclude=["IQ-2021-06-14-BIX"], **settings)


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        ({"weapon": ["drnoe"]}, "Did you mean 'drone'"),
        ({"target_class": "us"}, "target_class must be among"),
        ({"outcome": ["hit", "mised"]}, "Did you mean 'missed'"),
        ({"confidence": ["HIGH"]}, "confidence must be among"),
        ({"weapon": []}, "empty list"),
        ({"weapon": 3}, "list of texts"),
        ({"weapon": [None]}, "list of texts"),
        ({"weapon": "drone' or 1=1"}, "weapon must be among"),
        ({"weapon": "__import__('os').getcwd()"}, "weapon must be among"),
        ({"area": "Nroth"}, "Did you mean 'North'"),
        ({"area": (30, 10, 20, 11)}, "box"),
        ({"area": (20, 10, 21)}, "box"),
        ({"area": (20, 10, 21, 100)}, "box"),
        ({"area": (20, 10, 21, float("nan"))}, "box"),
        ({"exclude": 4}, "exclude must be"),
    ],
)
def test_a_value_that_is_not_allowed_is_refused_with_the_nearest(example, settings, told):
    with pytest.raises(ParameterError, match=told):
        select(example, **SPAN, **settings)


def test_a_legal_value_without_rows_is_no_mistake(attacks):
    # mortar is in the codebook; none was coded. A quiet quarter must not kill a scheduled run.
    series = select(attacks, weapon=["mortar"], area="Duhok", start="2021-04-01", end="2021-06-04")
    assert series.n == 0
    assert "no attack was selected in the window" in series.notes
