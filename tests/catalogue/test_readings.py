from __future__ import annotations

import pandas as pd
import pytest

from analysis.catalogue import readings
from analysis.errors import ParameterError

HEADER = "event_id,date_local,time_local,time_precision,part_of_day,date_earliest,date_latest,weapon,target_class"


def reading(table, row, **settings):
    """Point, earliest and latest as day and hour, and the width in hours."""
    got = readings(table(HEADER, row + ",drone,"), **settings).iloc[0]
    moments = [f"{got[c]:%d %H:%M:%S}" for c in ("point", "earliest", "latest")]
    return [*moments, round(float(got["width"]) * 24, 4), f"{got['night']:%d}"]


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        # hours of the parts of the day: data/codebook/attacks.yml
        ("A,2021-05-08,02:20,minute,night,,", ["08 02:20:30", "08 02:20:00", "08 02:21:00", 0.0167, "07"]),
        ("A,2021-05-08,20:00,hour,evening,,", ["08 20:30:00", "08 20:00:00", "08 21:00:00", 1, "08"]),
        ("A,2021-05-08,,part_of_day,night,,", ["08 03:00:00", "08 00:00:00", "08 06:00:00", 6, "07"]),
        ("A,2021-05-08,,part_of_day,morning,,", ["08 09:00:00", "08 06:00:00", "08 12:00:00", 6, "08"]),
        ("A,2021-05-08,,part_of_day,midday,,", ["08 12:30:00", "08 11:00:00", "08 14:00:00", 3, "08"]),
        ("A,2021-05-08,,part_of_day,afternoon,,", ["08 15:00:00", "08 12:00:00", "08 18:00:00", 6, "08"]),
        ("A,2021-05-08,,part_of_day,evening,,", ["08 21:00:00", "08 18:00:00", "09 00:00:00", 6, "08"]),
        ("A,2021-05-08,,day,,,", ["08 12:00:00", "08 00:00:00", "09 00:00:00", 24, "08"]),
        # two dates: the same part of the day on each, the coder's date as the point
        (
            "A,2021-05-11,,part_of_day,night,2021-05-10,",
            ["11 03:00:00", "10 00:00:00", "11 06:00:00", 6, "10"],
        ),
        ("A,2021-05-11,,day,,2021-05-10,2021-05-12", ["11 12:00:00", "10 00:00:00", "13 00:00:00", 24, "11"]),
        # overnight: one night from 20:00 to 06:00, whichever of its two dates the coder chose
        ("A,2021-05-08,,part_of_day,overnight,,", ["09 01:00:00", "08 20:00:00", "09 06:00:00", 10, "08"]),
        (
            "A,2021-05-08,,part_of_day,overnight,,2021-05-09",
            ["09 01:00:00", "08 20:00:00", "09 06:00:00", 10, "08"],
        ),
        (
            "A,2021-05-09,,part_of_day,overnight,2021-05-08,",
            ["09 01:00:00", "08 20:00:00", "09 06:00:00", 10, "08"],
        ),
        # three dates are two nights
        (
            "A,2021-05-09,,part_of_day,overnight,2021-05-08,2021-05-10",
            ["10 01:00:00", "08 20:00:00", "10 06:00:00", 10, "09"],
        ),
    ],
)
def test_a_reading_is_what_the_sources_allow(table, row, expected):
    assert reading(table, row) == expected


@pytest.mark.parametrize(
    ("dates", "expected"),
    [
        ("earliest", ["10 03:00:00", "10 00:00:00", "10 06:00:00", 6, "09"]),
        ("latest", ["11 03:00:00", "11 00:00:00", "11 06:00:00", 6, "10"]),
        ({"A": "2021-05-10"}, ["10 03:00:00", "10 00:00:00", "10 06:00:00", 6, "09"]),
        ({}, ["11 03:00:00", "10 00:00:00", "11 06:00:00", 6, "10"]),
    ],
)
def test_a_date_taken_as_known_leaves_one_reading(table, dates, expected):
    # The grid over Harir on 10 and on 11 May would be no grid if the other date could still be drawn.
    assert reading(table, "A,2021-05-11,,part_of_day,night,2021-05-10,", dates=dates) == expected


@pytest.mark.parametrize(
    ("dates", "expected"),
    [
        ("earliest", ["08 22:00:00", "08 20:00:00", "09 00:00:00", 4, "08"]),
        ("latest", ["09 03:00:00", "09 00:00:00", "09 06:00:00", 6, "08"]),
    ],
)
def test_one_date_of_an_overnight_attack_is_one_side_of_midnight(table, dates, expected):
    assert reading(table, "A,2021-05-08,,part_of_day,overnight,,2021-05-09", dates=dates) == expected


def test_a_convoy_counts_by_day_whatever_its_hour(table):
    # By noon to noon the morning blast would fall into the night before, away from the other of its day.
    rows = (
        "A,2021-05-23,,part_of_day,morning,,,ied,contractor_convoy",
        "B,2021-05-23,,day,,,,ied,contractor_convoy",
    )
    assert readings(table(HEADER, *rows))["night"].nunique() == 1


def test_every_reading_of_the_packaged_catalogue_holds_its_point(attacks):
    got = readings(attacks)
    half = pd.to_timedelta(got["width"] / 2, unit="D")
    slack = pd.Timedelta("1s")
    assert (got["earliest"] + half <= got["point"] + slack).all()
    assert (got["latest"] - half >= got["point"] - slack).all()
    spread = (got["latest"] - got["earliest"]) / pd.Timedelta(days=1) - got["width"]
    assert (spread.round(6) % 1 == 0).all()  # readings are whole days apart
    assert got.attrs == attacks.attrs


@pytest.mark.parametrize(
    ("dates", "told"),
    [("first", "dates must be"), ({"B": "2021-05-10"}, "no event_id"), ({"A": "tomorrow"}, "must be a date")],
)
def test_an_unknown_date_or_name_is_refused(table, dates, told):
    with pytest.raises(ParameterError, match=told):
        reading(table, "A,2021-05-11,,day,,,", dates=dates)
