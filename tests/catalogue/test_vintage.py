from __future__ import annotations

import datetime as dt

import pandas as pd
import pytest

from analysis.catalogue import check_file, end_of_record, load, public_from
from analysis.errors import CatalogueError, ParameterError

HARIR = "IQ-2021-05-11-HAR"


def harir(as_of):
    table = load("data/attacks.csv", as_of=as_of)
    row = table[table["event_id"] == HARIR]
    return None if row.empty else tuple(f"{row[c].iloc[0]:%m-%d}" for c in ("date_earliest", "date_latest"))


@pytest.mark.parametrize(
    ("as_of", "dates"),
    [
        ("2021-06-03", None),  # the New York Times made it public on the 4th
        ("2021-06-04", ("05-11", "05-11")),  # with that one date
        ("2021-06-28", ("05-11", "05-11")),
        ("2021-06-29", ("05-10", "05-11")),  # the President's letter
        (None, ("05-10", "05-11")),
    ],
)
def test_harir_has_the_dates_that_were_public(as_of, dates):
    # Claim C3a turns on this row: see docs/decisions/0001.
    assert harir(as_of) == dates


def test_the_undone_correction_is_named_once_the_row_is_public():
    undone = load("data/attacks.csv", as_of="2021-06-04").attrs["revisions_undone"]
    assert len(undone) == 1
    assert undone[0].startswith(HARIR)
    assert load("data/attacks.csv", as_of="2021-06-03").attrs["revisions_undone"] == []
    assert load("data/attacks.csv", as_of="2021-06-29").attrs["revisions_undone"] == []


def test_rows_become_public_on_their_day_and_blank_ones_a_day_later(table):
    lines = (
        "event_id,date_local,date_latest,first_reported,weapon",
        "A,2021-04-14,,2021-04-16,drone",
        "B,2021-04-14,2021-04-15,,drone",
        "C,2021-04-17,,,drone",
    )
    assert table(*lines, as_of="2021-04-15")["event_id"].tolist() == []
    got = table(*lines, as_of="2021-04-16")
    assert got["event_id"].tolist() == ["A", "B"]
    assert (got.attrs["n_not_yet_public"], got.attrs["not_yet_public"]) == (1, ["C"])
    assert got.attrs["n_public_by_rule"] == 1
    assert any("blank in 1 of 2 rows" in note for note in got.attrs["notes"])
    assert public_from(table(*lines)).dt.day.tolist() == [16, 16, 18]


def test_the_record_of_the_article(article):
    # counted in the file: first_reported up to 4 June, or blank and attacked before that day
    assert len(article) == 88
    assert article.attrs["n_public_by_rule"] == 14
    assert article["date_local"].max() == pd.Timestamp("2021-06-03")
    assert article.attrs["as_of"] == "2021-06-04"


@pytest.mark.parametrize(
    "as_of",
    [
        dt.date(2021, 6, 4),
        dt.datetime(2021, 6, 4, 12),
        pd.Timestamp("2021-06-04 10:00", tz="UTC"),
        "2021-06-04T23:59",
    ],
)
def test_a_day_may_be_given_in_many_ways(as_of):
    assert load("data/attacks.csv", as_of=as_of).attrs["as_of"] == "2021-06-04"


@pytest.mark.parametrize(
    "as_of", ["today", "now", "2021-02-30", "0025-04-14", "04/06/2021", "2021", 20210604, True, pd.NaT]
)
def test_what_is_no_day_is_refused(as_of):
    # pandas would take "today", and a rerun would mean another day.
    with pytest.raises(ParameterError, match="as_of"):
        load("data/attacks.csv", as_of=as_of)


def test_several_corrections_of_one_cell_are_undone_from_the_latest_back(write):
    path = write("event_id,date_local,first_reported,weapon", "A,2021-04-14,2021-04-14,drone")
    header = "event_id,column,value_before,public_from,source"
    rows = ("A,weapon,rocket,2021-05-01,x", "A,weapon,ied,2021-06-01,x")
    write(header, *rows, name="mine_revisions.csv")
    seen = [load(path, as_of=d)["weapon"].iloc[0] for d in ("2021-04-20", "2021-05-20", "2021-06-01")]
    assert seen == ["rocket", "ied", "drone"]


@pytest.mark.parametrize(
    ("row", "told"),
    [
        ("X,weapon,rocket,2021-05-01,x", "no row of the catalogue"),
        ("A,wepon,rocket,2021-05-01,x", "no column of the catalogue"),
        ("A,weapon,rokcet,2021-05-01,x", "must be one of"),
        ("A,weapon,rocket,2021-05-01,", "blank"),
        ("A,date_earliest,2021-04-20,2021-05-01,x", "before date_earliest"),
    ],
)
def test_a_broken_correction_is_refused(write, row, told):
    path = write("event_id,date_local,date_earliest,first_reported,weapon", "A,2021-04-14,2021-04-14,2021-04-14,drone")
    write("event_id,column,value_before,public_from,source", row, name="mine_revisions.csv")
    with pytest.raises(CatalogueError, match=told):
        load(path, as_of="2021-04-20")
    assert len(load(path)) == 1
    # The check before a run has to find what the run would stumble over.
    problems = check_file(path)
    assert any(told in p["rule"] for p in problems)
    assert all(p["column"].startswith("mine_revisions.csv: ") for p in problems)


def test_the_record_ends_where_it_says_or_where_it_is_read(attacks, article, table):
    assert end_of_record(attacks) == "2022-01-01"
    assert end_of_record(article) == "2021-06-04"
    assert end_of_record(table("event_id,date_local,weapon", "A,2021-04-14,drone")) is None
