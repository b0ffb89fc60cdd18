"""Sentences on the change of pace say what the search found, what it cost, and when it is fragile."""

from __future__ import annotations

from functools import partial

import pytest
from scipy import stats

from analysis import EventSeries, ask, load, select
from analysis.catalogue import poorly_watched
from analysis.prose import pace
from analysis.stats import changepoint

SCAN = partial(changepoint.scan, rng=1, resamples=499, date_resamples=99)


@pytest.fixture(scope="module")
def views() -> dict[str, EventSeries]:
    now, then = load("data/attacks.csv"), load("data/attacks.csv", as_of="2021-06-04")
    drones = {"weapon": ["drone"], "start": "2021-04-01", "opened_by_event": True}
    return {
        "as of 2021-06-04": select(then, **drones, end="2021-06-04"),
        "whole record": select(now, **drones, end="2022-01-01"),
        "where watched": select(now, **drones, end="2022-01-01", holes=poorly_watched(now, ["drone"])),
    }


@pytest.fixture(scope="module")
def found(views):
    return ask(views, {"scan": SCAN, "one change": changepoint.one_change})


def test_drones_fell_in_july_and_not_in_may(views, found):
    # By hand from the catalogue: 10 nights in the 100 days from 14 April to 23 July, 1 in the 162 after; the p as if
    # that date had been named is the exact binomial one, doubled.
    scan = found["scan"]["whole record"]
    assert (scan.settings["n_before"], scan.settings["n_after"]) == (10, 1)
    assert scan.settings["ratio"] == pytest.approx((1 / 162) / (10 / 100))
    by_hand = 2 * stats.binom.sf(9, 11, 100 / 262)
    assert scan.settings["local_pvalue"] == pytest.approx(by_hand)
    assert by_hand < scan.pvalue < 0.05
    text = pace.conclusion(views, found["scan"], named="2021-05-10", watched="where watched")
    assert "a change of pace is shown: the date that fits best is 23 July 2021" in text
    assert "The date named (2021-05-10) lies outside these limits" in text
    assert "**Fragile.** Without the stretches that few watched" in text


def test_two_strikes_after_the_first_show_no_change(views, found):
    # Two free events cannot show anything; a named date is then neither confirmed nor ruled out.
    view = "as of 2021-06-04"
    text = pace.sentence(found["scan"][view], views[view])
    assert "no change of pace is shown" in text
    assert "neither confirmed nor ruled out" in pace.against_named(found["scan"][view], views[view], "2021-05-10")


def test_the_table_has_both_ps_and_a_family_only_where_series_differ(views, found):
    table = pace.changes(views, found, family=False)
    assert "p adjusted" not in table
    assert {"p over all dates", "p as if named before", "one change"} <= set(table.columns)
    assert "p adjusted" in pace.changes(views, found)


def test_a_date_moved_in_the_catalogue_moves_number_and_sentence(views):
    # The strike of 23 July moved to 23 November: the last but one attack, and with it the best date, is another.
    now = load("data/attacks.csv")
    later = {"IQ-2021-07-23-HAR"}
    moved = select(now, weapon=["drone"], start="2021-04-01", end="2022-01-01", opened_by_event=True, exclude=later)
    before, after = SCAN(views["whole record"]), SCAN(moved)
    assert (before.effect.value, before.n_events) != (after.effect.value, after.n_events)
    assert pace.sentence(before, views["whole record"]) != pace.sentence(after, moved)


@pytest.mark.parametrize("times", [[], [5.0]])
def test_thin_data_give_a_sentence_and_no_number(times):
    series = {"thin": EventSeries.from_numbers(times, start=0, end=9)}
    answers = ask(series, {"scan": SCAN})
    text = pace.conclusion(series, answers["scan"], named="")
    assert text.startswith("**To be quoted.** Thin: ")
    assert "nan" not in text
    assert "None" not in text
    assert pace.changes(series, answers).shape[0] == 1


def test_a_date_outside_the_window_is_said_to_be_outside(views, found):
    view = "whole record"
    assert "outside the window" in pace.against_named(found["scan"][view], views[view], "2030-01-01")
