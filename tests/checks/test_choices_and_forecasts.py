"""Multiverses summed up by choice, and forecasts held against what came, on cases small enough for the hand."""

from __future__ import annotations

import pandas as pd
import pytest

from analysis.checks import by_choice, most_moving, score_counts, score_waits
from analysis.prose import depends, forecast_table
from analysis.results import Finding
from analysis.stats import rates, waiting
from analysis.timeline import EventSeries

WORKED = EventSeries.from_numbers([24, 27], start=0, end=51, opened_by_event=True)


def universe() -> Finding:
    curve = pd.DataFrame(
        {
            "variation": ["a", "b", "c", "d"],
            "effect": [0.5, 0.9, 2.0, None],
            "pvalue": [0.01, 0.20, 0.90, None],
            "merged": ["as given", "none", "as given", "none"],
            "weapon": ["as given", "as given", "every", "every"],
            "question": ["the same", "the same", "other weapons", "other weapons"],
        }
    )
    settings = {
        "axes": {"merged": ["as given", "none"], "weapon": ["as given", "every"]},
        "level": 0.95,
        "specifications": 4,
        "distinct": 4,
        "median_p": 0.55,
        "share_under": 0.25,
        "agreement": 0.0,
        "agreement_same_question": 0.0,
    }
    return Finding(question="q", null="n", method="m", warnings=("no p",), settings=settings, curve=curve)


def test_each_choice_is_summed_up_over_the_specifications_that_made_it():
    table = by_choice(universe())
    assert table.loc[("merged", "as given"), "specifications"] == 2
    assert table.loc[("merged", "as given"), "share at the level"] == 0.5
    # A specification without an answer counts as p = 1.
    assert table.loc[("merged", "none"), "highest p"] == 1
    assert table.loc[("weapon", "every"), "question"] == "other weapons"
    assert table.loc[("merged", "none"), "question"] == "the same"


def test_the_choice_that_moves_most_is_taken_among_those_that_ask_the_same():
    # With the other weapons the median p would move by 0.85; among the same attacks merging moves it 0.01 to 0.20.
    assert most_moving(universe()) == ("merged", 0.01, 0.20)


def test_an_answer_that_the_same_question_does_not_bear_out_is_called_fragile():
    text = depends({"q": universe()}, {"q": most_moving(universe())}, {})
    assert "**fragile**" in text
    assert "2 of the ways count other attacks" in text
    assert "0.01 to 0.20" in text


def test_forecasts_are_held_against_the_first_event_and_the_count():
    came = {"x": EventSeries.from_numbers([2.0, 6, 40], start=0, end=60)}
    waits = score_waits({"x": waiting.forecast(WORKED, level=0.9)}, came)
    assert waits.loc["x", "pit"] == pytest.approx(1 - (51 / 53) ** 2)
    counts = score_counts({"30": {"x": rates.predict_count(WORKED, horizon=30)}}, came)
    assert counts.loc[("30", "x"), ["came", "inside"]].tolist() == [2, True]


def test_what_is_not_over_is_not_scored():
    came = {"x": EventSeries.from_numbers([2.0], start=0, end=10), "y": None}
    found = rates.predict_count(WORKED, horizon=30)
    counts = score_counts({"30": {"x": found, "y": found}}, came)
    assert counts["came"].isna().all()
    assert counts["note"].str.contains("past the end").all()
    waits = score_waits({"y": waiting.forecast(WORKED)}, came)
    assert waits.loc["y", "note"].startswith("none has come")
    assert "nan" not in forecast_table(waits).to_string()
