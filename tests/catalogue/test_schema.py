from __future__ import annotations

import pandas as pd
import pandera.pandas as pa
import pytest

from analysis.catalogue import codebook, schema
from analysis.catalogue.codebook import Column
from analysis.catalogue.schema import checks, dates, numbers


def passes(value, **keys):
    column = Column("x", **keys)
    text = pd.Series([value], dtype="str")
    return {name: bool(test(text).iloc[0]) for name, test in checks(column).items()}


@pytest.mark.parametrize(
    ("value", "date", "year"),
    [
        ("2021-02-28", True, True),
        ("2021-02-29", False, True),
        ("0025-04-14", True, False),
        ("2101-01-01", True, False),
        ("14/04/2021", False, True),
        ("2021-4-14", False, True),
        ("2021-04-14 ", False, True),
        ("٢٠٢١-٠٤-١٤", False, True),
    ],
)
def test_a_date_and_its_year_are_told_apart(value, date, year):
    # The year 0025 is a date of the calendar; the reader has to be told that the year is meant.
    assert passes(value, type="date") == {"date": date, "year": year}


@pytest.mark.parametrize(
    ("value", "good"), [("00:00", True), ("23:59", True), ("24:00", False), ("25:61", False), ("7:20", False)]
)
def test_times_are_those_of_a_clock(value, good):
    assert passes(value, type="time") == {"time": good}


@pytest.mark.parametrize(
    ("value", "whole", "in_range"),
    [("0", True, True), ("12", True, True), ("-1", False, True), ("1.0", False, True)],
)
def test_a_wrong_count_is_told_once(value, whole, in_range):
    assert passes(value, type="whole", minimum=0) == {"whole": whole, "range": in_range}


@pytest.mark.parametrize("value", ["nan", "inf", "1e999", "33,26", "0x10", "1_000", "N/A"])
def test_only_plain_finite_numbers_are_numbers(value):
    # float() would take five of these.
    assert numbers(pd.Series([value], dtype="str")).isna().all()


def test_latitude_330_is_outside_the_globe():
    lat = codebook("attacks").columns["lat"]
    assert not checks(lat)["range"](pd.Series(["330"], dtype="str")).iloc[0]
    assert checks(lat)["range"](pd.Series(["-90"], dtype="str")).iloc[0]


def test_an_address_that_is_none_is_refused():
    # It becomes a link in a report.
    assert passes("javascript:alert(1)", type="url") == {"url": False}
    assert passes("https://example.org/a", type="url") == {"url": True}


def test_a_partial_date_is_legal_only_where_the_codebook_says_so():
    assert passes("2021-04", type="date_or_month") == {"date_or_month": True, "year": True}
    assert passes("2021-13", type="date_or_month") == {"date_or_month": False, "year": True}
    assert passes("2021-04", type="date") == {"date": False, "year": True}


def test_the_schema_is_a_pandera_schema_with_the_columns_of_the_codebook():
    book = codebook("attacks")
    built = schema(book)
    assert isinstance(built, pa.DataFrameSchema)
    assert list(built.columns) == list(book.columns)
    assert {n for n, c in built.columns.items() if c.required} == set(book.required)


def test_dates_outside_the_years_are_not_used_further():
    assert dates(pd.Series(["0025-04-14", "2021-04-14"], dtype="str")).isna().tolist() == [True, False]
