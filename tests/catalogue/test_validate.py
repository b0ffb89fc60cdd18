from __future__ import annotations

import pytest

from analysis.catalogue import check_file, load, problem_report
from analysis.errors import CatalogueError

# Every item of the bad-input list in one file, with things nobody listed.
HEADER = (
    b"event_id,date_local,time_local,time_precision,date_earliest,date_latest,first_reported,lat,lon,wepon,"
    b"munitions_count,confidence,part_of_day,target_class,outcome\n"
)
BAD = (
    HEADER
    + b"""\
A1,0025-04-14,,day,,,,330,44,drone,1,high,,us_military,hit
A1,2021-05-08,25:61,minute,2021-05-08,2021-05-07,,33,444,drone,-1,hi,,us_militry,hit
A3,2021-05-09,,hour,2021-05-10,2021-05-12,2021-05-01,33,,drone,1.5,low,,,
A4,14/05/2021,,dya,,,,,,drone,"1,5",low,nite,,
A5,2021-05-11,,part_of_day,,,,,,dr\xe9ne,=cmd|' /C calc'!A0,low,,,=1+1
A6,2021-05-12,,day
,2021-05-13,,day,,,,,,drone,1,low,,,
"""
)
EXPECTED = {
    (1, "weapon", "has to be there"),
    (2, "date_local", "1900 and 2100"),
    (2, "lat", "between -90 and 90"),
    (3, "event_id", "twice"),
    (3, "time_local", "00:00 and 23:59"),
    (3, "date_latest", "before date_earliest"),
    (3, "date_local", "after date_latest"),
    (3, "lon", "between -180 and 180"),
    (3, "munitions_count", "whole number"),
    (3, "confidence", "one of high"),
    (3, "target_class", "one of us_military"),
    (4, "date_local", "before date_earliest"),
    (4, "time_local", "needed where time_precision is hour"),
    (4, "first_reported", "before date_earliest"),
    (4, "lon", "needed where lat is given"),
    (4, "munitions_count", "whole number"),
    (5, "date_local", "date of the calendar"),
    (5, "time_precision", "one of minute"),
    (5, "munitions_count", "whole number"),
    (5, "part_of_day", "one of night"),
    (6, "wepon", "UTF-8"),
    (6, "munitions_count", "whole number"),
    (6, "part_of_day", "needed where time_precision is part_of_day"),
    (6, "outcome", "one of hit"),
    (7, None, "4 cells"),
    (8, "event_id", "blank"),
}


def test_every_problem_of_a_bad_file_is_told_at_once(write):
    # A list that stops at the first costs its reader one run per mistake.
    problems = check_file(write(BAD))
    left = [(p["row"], p["column"], p["rule"]) for p in problems]
    for row, column, words in EXPECTED:
        match = [x for x in left if x[:2] == (row, column) and words in x[2]]
        assert len(match) == 1, (row, column, words)
        left.remove(match[0])
    assert left == []
    assert all(set(p) == {"row", "column", "value", "rule", "way_out"} and p["way_out"] for p in problems)


def test_the_error_holds_the_same_problems_and_prints_them(write):
    path = write(BAD)
    with pytest.raises(CatalogueError) as error:
        load(path)
    assert list(error.value.problems) == check_file(path)
    text = str(error.value)
    assert f"{len(EXPECTED)} problems" in text
    assert "rename the column 'wepon'" in text
    assert "Did you mean" in text or "did you mean 'us_military'" in text
    assert "dr\\xe9ne" in text


def test_what_looks_like_a_formula_is_shown_as_text(write):
    # Nothing in a cell is evaluated, in the check or in the message.
    (problem,) = check_file(write("event_id,date_local,weapon", '"=HYPERLINK(""http://x"")",2021-01-01,"=1+1"'))
    assert problem["value"] == "=1+1"
    table = load(write("event_id,date_local,weapon,note", "=1+1,2021-01-01,drone,{7*7} @SUM(A1)"))
    assert table.loc[0, ["event_id", "note"]].tolist() == ["=1+1", "{7*7} @SUM(A1)"]


def test_a_long_list_is_kept_whole_and_shown_in_part(write):
    rows = [f"A{i},2021-13-01,drone" for i in range(75)]
    with pytest.raises(CatalogueError) as error:
        load(write("event_id,date_local,weapon", *rows))
    assert len(error.value.problems) == 75
    assert str(error.value).count("\n  line") == 50
    assert "and 25 more" in str(error.value)


def test_nothing_wrong_is_said_too():
    assert problem_report([], name="mine.csv") == "mine.csv has no problems."


def test_a_problem_of_the_whole_file_has_no_line(tmp_path):
    (problem,) = check_file(tmp_path / "nothing.csv")
    assert problem["row"] is None
    assert problem_report([problem]).splitlines()[1].startswith("  file")


def test_a_new_word_comes_with_the_way_to_allow_it(write):
    (problem,) = check_file(write("event_id,date_local,weapon", "A,2021-01-01,sniper"))
    assert "also_allowed" in problem["way_out"]


def test_a_bad_row_does_not_hide_another_rows_rules(write):
    lines = ("event_id,date_local,date_earliest,date_latest,weapon", "A,xx,2021-01-05,2021-01-01,drone")
    problems = check_file(write(*lines, "B,2021-01-09,2021-01-10,2021-01-11,drone"))
    assert [(p["row"], p["column"]) for p in problems] == [
        (2, "date_local"),
        (2, "date_latest"),
        (3, "date_local"),
    ]
