"""Power as watching goes on and the smallest fall: against the exact power itself, and where there is no rate."""

from __future__ import annotations

import pytest

from analysis.checks import power, power_ahead, smallest_fall
from analysis.errors import ParameterError
from analysis.stats import rates
from analysis.timeline import EventSeries

WORKED = EventSeries.from_numbers([24, 27], start=0, end=51, opened_by_event=True)
MANY = EventSeries.from_numbers([4, 9, 10.5, 20, 31, 32, 45, 47, 60, 71], start=0, end=140, opened_by_event=True)
NONE = EventSeries.from_numbers([], start=0, end=30)


def test_a_full_stop_after_two_strikes_shows_from_the_day_on_which_silence_has_p_005():
    # 93.7 quiet days: the project's worked example (27 (0.05^(-1/2) - 1) = 93.75).
    table = power_ahead(WORKED, ratios=[0], days=[24, 93, 94])
    assert table["power"].tolist() == [0, 0, 1]


@pytest.mark.parametrize("ratio", [0, 0.2, 0.5])
@pytest.mark.parametrize("days", [20.0, 69.0, 200.0])
def test_it_is_the_exact_power_given_the_count_before(ratio, days):
    # The same chance, summed over every outcome by rates.power.
    here = power_ahead(MANY, ratios=[ratio], days=[days]).iloc[0]
    design = {"before_days": 71, "after_days": days, "before": 10, "ratio": ratio}
    assert here["power"] == pytest.approx(rates.power(rate=10 / 71, **design), abs=1e-9)
    assert here["low"] <= here["power"] <= here["high"]


def test_the_band_reaches_the_limits_of_the_rate():
    known = rates.rate_of_count(10, 71.0).effect
    here = power_ahead(MANY, ratios=[0.2], days=[69.0]).iloc[0]
    design = {"before_days": 71, "after_days": 69, "before": 10, "ratio": 0.2}
    for rate in (known.low, known.high):
        assert here["low"] - 1e-9 <= rates.power(rate=rate, **design) <= here["high"] + 1e-9


def test_the_smallest_fall_is_found_with_the_chance_wanted():
    row = smallest_fall({"many": MANY}).loc["many"]
    found = rates.power(rate=10 / 71, before_days=71, after_days=69, before=10, ratio=float(row["smallest fall"]))
    assert found == pytest.approx(0.8, abs=0.01)


def test_where_not_even_a_full_stop_would_be_found_it_says_so():
    row = smallest_fall({"worked": WORKED}).loc["worked"]
    assert (row["smallest p"], row["smallest fall"], row["before"]) == ("0.28", "none", 2)


def test_a_stretch_is_held_against_all_other_days():
    # Days 80 to 140 of 140 without an event, 10 events in the other 80: (80 / 140)^10 = 0.0037.
    row = smallest_fall({"many": MANY}, at=(80, 140)).loc["many"]
    assert (row["days before"], row["days after"], row["smallest p"]) == ("80", "60", "0.0037")
    table = power({"many": MANY}, at=(80, 140), ratios=[0])
    assert table["power"].tolist() == ["1.00"]


def test_without_an_event_before_there_is_no_power():
    assert power_ahead(NONE).empty
    assert power_ahead(MANY, at=2).empty
    assert smallest_fall({"none": NONE}).loc["none", "smallest fall"] == "-"
    assert smallest_fall({"early": MANY}, at=2).loc["early", "smallest p"] == "1"


@pytest.mark.parametrize("days", [[], [0], [float("inf")]])
def test_times_that_are_none_are_named(days):
    with pytest.raises(ParameterError, match="days"):
        power_ahead(WORKED, days=days)
