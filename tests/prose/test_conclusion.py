"""The closing paragraphs of the notebook on silence, and the tables and notes around them."""

from __future__ import annotations

import pytest

from analysis import EventSeries, ask, checks, load, prose, select
from analysis.catalogue import select_each
from analysis.prose.text import capital, together
from analysis.stats import multiplicity, rates, waiting

DRONES = {"weapon": ["drone"], "start": "2021-04-01", "end": "2021-06-04", "opened_by_event": True}


def closing(views, at=None):
    quiet = ask(views, {"silence": waiting.silence, "longest": waiting.longest_silence})
    dated = {name: rates.ratio(each, at=at) for name, each in views.items()} if at else None
    found = {"silence": quiet["silence"], "longest": quiet["longest"], "dated": dated, "date": str(at)}
    return prose.conclusion({"then": {}}, headline="C3b", **found)


@pytest.fixture(scope="module")
def now():
    return load("data/attacks.csv")


def test_a_sentence_that_holds_for_several_views_is_said_once():
    # Days 0, 24, 27 of 51 twice over, and once with a week more.
    article = EventSeries.from_numbers([24, 27], start=0, end=51, opened_by_event=True)
    longer = EventSeries.from_numbers([24, 27], start=0, end=58, opened_by_event=True)
    text = closing({"as of a day": article, "same days": article, "a week on": longer})
    assert text.count("24 quiet days after 2 attacks in the 27 days before") == 1
    assert text.startswith("**To be quoted.** As of a day and same days.")
    assert "**A week on.** 31 quiet days after 2 attacks" in text


def test_the_date_that_was_named_is_answered():
    # By hand: 9 in the first 40 days, 2 in the 60 after.
    times = [1.5, 5.1, 9.7, 13.3, 19.9, 24.2, 29.6, 33.1, 38.4, 61.0, 77.7]
    series = EventSeries.from_numbers(times, start=0, end=100)
    text = closing({"all": series}, at=40.0)
    assert f"The rate from 40.0 on was {(2 / 60) / (9 / 40):.3f} times the rate otherwise" in text
    assert "2 attacks in 60 days against 9 in 40" in text
    late = EventSeries.from_numbers([61.0], start=0, end=100)
    assert "has no ratio to the rate otherwise, with 1 in 60 days against 0 in 40 days" in closing(
        {"all": late}, at=40.0
    )


def test_one_day_and_one_attack_are_no_plural():
    series = EventSeries.from_numbers([8.0], start=0, end=9, opened_by_event=True)
    assert "1 quiet day after 1 attack in the 8 days before is" in closing({"all": series})


def test_without_a_register_there_is_still_what_would_change_it():
    text = closing({"all": EventSeries.from_numbers([8.0], start=0, end=9, opened_by_event=True)})
    assert "**What would change this.** More attacks on record before the silence" in text
    assert "The other claims" not in text


def test_views_are_put_together_in_the_order_in_which_they_came_and_names_keep_their_capitals():
    assert together({"b": "x", "a": "y", "c": "x"}) == {"b and c": "x", "a": "y"}
    assert capital("ied in Iraq") == "Ied in Iraq"


def test_uneven_coverage_stands_beside_the_result_of_the_weapon_and_no_other(now):
    each = select_each(now, ["drone", "ied"], watched_only=True, **{k: v for k, v in DRONES.items() if k != "weapon"})
    answers = ask(each, {"silence": waiting.silence})
    table = prose.by_weapon(answers, multiplicity.adjust(answers["silence"]))
    assert "thinly and unevenly covered" in table.loc["ied", "caveats"]
    assert table.loc["drone", "caveats"] == "-"
    assert any("unevenly" in note for note in select(now, **DRONES | {"weapon": None}).notes)


def test_what_was_done_to_the_record_is_listed_once_with_its_views(now):
    then = load("data/attacks.csv", as_of="2021-06-04")
    text = prose.notes({"then": select(then, **DRONES), "again": select(then, **DRONES), "now": select(now, **DRONES)})
    assert text.count("88 of 162 attacks were public") == 1
    assert "the correction of 2021-06-29 undone" in text
    assert "(then and again)" in text
    assert prose.notes({"numbers": EventSeries.from_numbers([1.0], start=0, end=2)}) == ""


def test_tables_are_headed_in_words(now):
    table = prose.checked(checks.leave_one_out(select(now, **DRONES), waiting.silence))
    assert list(table.columns) == ["n", "effect", "lower limit", "upper limit", "p", "smallest p"]
    methods = prose.spoken(checks.methods(select(now, **DRONES)))
    assert methods.loc["exact", ["p", "exact"]].tolist() == ["0.280", "yes"]


def test_a_grid_from_findings_says_which_cell_changes_the_answer():
    few, many = (EventSeries.from_numbers([24, 27], start=0, end=end, opened_by_event=True) for end in (51, 151))
    table = checks.gridded({"as given": waiting.silence(few), "with the row": waiting.silence(many)})
    # 124 quiet days are beyond the 93.7 that p = 0.05 takes.
    assert table["changes"].tolist() == ["", "level"]
    assert "**fragile**" in prose.grid_sentence({"the silence": table})
    assert "no grid" in prose.grid_sentence({"the silence": table.iloc[:1]})
