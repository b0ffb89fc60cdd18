"""One coincidence is one episode: what is said of the war, its rivals and the days of fire."""

from __future__ import annotations

import pytest

from analysis import load, select
from analysis.catalogue import elsewhere, fire_days, gaza_fire, interventions, other_theatres, spells_each, unknown_days
from analysis.errors import ParameterError
from analysis.prose import theatres
from analysis.stats import coincidence

IDS = ["GAZA_WAR_START_2021", "VIENNA_R4", "BALAD_EXIT_2021_05", "EID_IRAQ_2021"]


def asked(series, one_day_lasts=12):
    states = spells_each(interventions(), IDS, series.window, one_day_lasts=one_day_lasts)
    placebo = {"Houthi": elsewhere(other_theatres(), series.window, "houthi_saudi")}
    return coincidence.rivals(series, states, placebos=placebo, alternative="less")


@pytest.fixture(scope="module")
def drones():
    then = load("data/attacks.csv", as_of="2021-06-04")
    return select(then, weapon=["drone"], start="2021-04-01", end="2021-06-04", opened_by_event=True)


def test_one_of_two_strikes_fell_into_the_war_and_nothing_follows(drones):
    # By hand: 8 May outside, 11 May inside the 12 days from 10 to 21 May of the 51 watched; 2 ** -5 < 0.05 < 2 ** -4.
    found = asked(drones)
    row = found.table.iloc[0]
    assert (row.events_on, row.days_on, row.events_off, row.days_off) == (1, 12, 1, 39)
    assert row.ratio == pytest.approx((1 / 12) / (1 / 39))
    text = theatres.conclusion({"then": found}, {}, {})
    assert "cannot be told from these data: one coincidence is one episode" in text
    assert "1 of 2 attacks fell into the 12 days" in text
    assert "5 episodes that all go one way" in text
    assert "because" not in text


def test_rivals_are_named_by_the_days_they_share(drones):
    # Vienna round 4 ran from 7 to 19 May: 10 of the war's 12 days; Eid from 13 to 16 May: 4; Balad from 10 May on.
    found = asked(drones)
    overlap = found.table.set_index("explanation")["overlap"]
    assert overlap.iloc[1:4].tolist() == pytest.approx([10 / 12, 1.0, 4 / 12])
    text = theatres.conclusion({"then": found}, {}, {})
    assert "F-16 contractors leave Balad Air Base (100% of its days), Vienna round 4 (83% of its days)" in text
    assert asked(drones, one_day_lasts=1).table["days_on"].iloc[2] == 1


def test_a_row_less_in_the_catalogue_moves_counts_and_sentence():
    # Without Harir none of the strikes after the first is left inside the war.
    then = load("data/attacks.csv", as_of="2021-06-29")
    base = {"weapon": ["drone"], "start": "2021-04-01", "end": "2021-06-04", "opened_by_event": True}
    inside = asked(select(then, **base, exclude=["IQ-2021-05-11-HAR"]))
    assert inside.table.iloc[0].events_on == 0
    assert "0 of 1 attacks fell" in theatres.conclusion({"then": inside}, {}, {})


def test_days_of_fire_keep_what_is_known_of_them():
    # data/gaza_and_interventions.md: no statement for 27 April to 8 May and from 17 August on; 22 days with launches,
    # 12 of them in the war, one of them (10 May) a day with 18:02.
    fire = gaza_fire()
    assert unknown_days(fire) == [("2021-04-27", "2021-05-09"), ("2021-08-17", "2021-09-01")]
    now = load("data/attacks.csv")
    series = select(now, weapon=["drone"], start="2021-01-01", end="2021-08-17", holes=unknown_days(fire))
    days = fire_days(fire, series.window)
    assert days.n == int((fire["launches"] > 0).sum()) == 22
    assert days.cut("2021-05-10", "2021-05-22").n == 12
    assert (
        series.n == select(now, weapon=["drone"], start="2021-01-01", end="2021-08-17").n - 1
    )  # 8 May lies in the hole
    found = coincidence.both_ways(
        series, days, window_days=3, bin_days=7, max_lag=14, rng=1, resamples=99, hawkes_resamples=99
    )
    assert len(found) == 5
    table = theatres.day_by_day({"x": found})
    assert len(table) == 5
    assert "there is no evidence that the two theatres took turns" in theatres.conclusion(
        {"x": asked(series)}, {}, {"x": found}
    )


def test_elsewhere_and_fire_days_refuse_what_they_cannot_place(drones):
    with pytest.raises(ParameterError, match="houthi_saudi"):
        elsewhere(other_theatres(), drones.window, "houthi")
    with pytest.raises(ParameterError, match="one_day_lasts"):
        spells_each(interventions(), IDS, drones.window, one_day_lasts=0)
    with pytest.raises(ParameterError, match="GAZA_WAR"):
        spells_each(interventions(), ["GAZA_WAR"], drones.window)
    from analysis import EventSeries

    with pytest.raises(ParameterError, match="midnight"):
        fire_days(gaza_fire(), EventSeries.from_numbers([1.0], start=0, end=9).window)
