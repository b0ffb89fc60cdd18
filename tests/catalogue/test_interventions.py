from __future__ import annotations

import pandas as pd
import pytest

from analysis import Window
from analysis.catalogue import interventions, moments, spells
from analysis.errors import CatalogueError, ParameterError


@pytest.fixture(scope="module")
def listed():
    return interventions()


@pytest.fixture(scope="module")
def window():
    return Window.between("2021-04-14", "2021-06-04")


def bounds(states):
    return [tuple(f"{m:%m-%d %H:%M}" for m in spell) for spell in states.spells]


def test_the_interventions_are_those_of_the_file(listed):
    assert len(listed) == 70
    assert listed["date_start"].is_monotonic_increasing
    assert listed["intervention_id"].nunique() == 69  # VIENNA_R6 has two sets of sources
    assert listed.attrs["file"] == "data/interventions.csv"


def test_the_last_day_of_a_spell_is_part_of_it(listed, window):
    # 10 to 21 May in the file
    assert bounds(spells(listed, window, ids="GAZA_WAR_START_2021")) == [("05-10 00:00", "05-22 00:00")]
    assert spells(listed, window, ids="GAZA_WAR_START_2021").days_on == 12


def test_the_war_has_its_clock_times_where_they_are_asked_for(listed, window):
    # first salvo 10 May 18:02, ceasefire 21 May 02:00: data/moments.yml
    war = spells(listed, window, kind="war", edges="moments")
    assert bounds(war) == [("05-10 18:02", "05-21 02:00")]
    assert not war.is_on(window.elapsed("2021-05-10 12:00"))


def test_rows_that_touch_or_repeat_are_one_spell(listed):
    june = Window.between("2021-06-01", "2021-07-01")
    assert bounds(spells(listed, june, ids="VIENNA_R6")) == [("06-12 00:00", "06-21 00:00")]


def test_spells_are_cut_to_the_window(listed):
    week = Window.between("2021-05-15", "2021-05-18")
    assert spells(listed, week, ids=["GAZA_WAR_START_2021"]).days_on == 3
    assert spells(listed, Window.between("2021-09-01", "2021-09-05"), kind="war").episodes == 0


def test_a_spell_is_named_after_its_rows(listed, window):
    assert spells(listed, window, ids="VIENNA_R4").label == "Vienna round 4"
    assert spells(listed, window, kind="war", label="the war").label == "the war"


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        ({"ids": "GAZA_WAR"}, "Did you mean"),
        ({"kind": "wars"}, "Did you mean 'war'"),
        ({"ids": []}, "empty list"),
        ({}, "either ids or kind"),
        ({"ids": "VIENNA_R4", "kind": "war"}, "either ids or kind"),
        ({"kind": "war", "edges": "hours"}, "edges must be"),
    ],
)
def test_unknown_interventions_are_refused(listed, window, settings, told):
    with pytest.raises(ParameterError, match=told):
        spells(listed, window, **settings)


def test_a_window_of_plain_numbers_has_no_dates(listed):
    with pytest.raises(ParameterError, match="dates"):
        spells(listed, Window(0, 51), kind="war")


def test_moments_are_data_with_a_source(listed):
    known = moments()
    assert known.loc["first_gaza_salvo", "when"] == pd.Timestamp("2021-05-10 18:02", tz="Asia/Baghdad")
    assert known.loc["gaza_ceasefire", "when"] == pd.Timestamp("2021-05-20 23:00", tz="UTC")
    assert known["source_url"].str.startswith("https://").all()
    named = {name for names in [*known["opens"], *known["closes"]] for name in names}
    assert named <= set(listed["intervention_id"])


@pytest.mark.parametrize(
    "content",
    [
        "moments: []",
        "other: 1",
        "moments: {a: {local: '2021-05-10T18:02'}}",
        "moments: {a: {local: x, time_zone: UTC}}",
    ],
)
def test_broken_moments_are_told(write, content):
    with pytest.raises(CatalogueError, match=r"mine\.yml"):
        moments(write(content, name="mine.yml"))


def test_an_end_before_its_start_is_told(write):
    line = "X,2021-05-21,2021-05-10,war,Gaza war"
    path = write("intervention_id,date_start,date_end,kind,label", line, name="mine.csv")
    write("extends: interventions", name="mine.codebook.yml")
    with pytest.raises(CatalogueError, match="before date_start"):
        interventions(path)


def test_another_table_is_no_table_of_interventions():
    with pytest.raises(CatalogueError, match="intervention_id"):
        interventions("data/gaza_fire.csv")
