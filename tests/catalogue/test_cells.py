from __future__ import annotations

import pytest

from analysis.catalogue.cells import cells

HEADER = "event_id,date_local,weapon"


def found(path):
    return cells(path).problems


def test_lines_are_counted_as_an_editor_counts_them(write):
    # A text over two lines and a blank line must not shift the numbers below them.
    path = write(HEADER + ",note", 'A,2021-01-01,drone,"two\nlines"', "", "B,2021-01-02,drone,x")
    assert cells(path).frame.index.tolist() == [2, 5]


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
def test_every_kind_of_line_ending_is_read(write, ending):
    path = write(ending.join([HEADER, "A,2021-01-01,drone", "B,2021-01-02,ied", ""]).encode())
    assert cells(path).frame["weapon"].tolist() == ["drone", "ied"]
    assert cells(path).frame.index.tolist() == [2, 3]


def test_a_byte_order_mark_is_no_part_of_the_first_name(write):
    path = write(b"\xef\xbb\xbf" + HEADER.encode() + b"\nA,2021-01-01,drone\n")
    assert list(cells(path).frame.columns) == HEADER.split(",")


def test_a_byte_that_is_not_utf8_is_found_in_its_cell(write):
    path = write(HEADER.encode() + b"\nA,2021-01-01,drone\nB,2021-01-02,dr\xf6ne\n")
    (problem,) = found(path)
    assert (problem["row"], problem["column"], problem["value"]) == (3, "weapon", "dr\\xf6ne")
    assert "UTF-8" in problem["rule"]
    assert "UTF-8" in problem["way_out"]


@pytest.mark.parametrize(
    ("content", "row", "told"),
    [
        (b"", 1, "empty"),
        (b" \n\n", 1, "empty"),
        ("a,b\n1,2\n".encode("utf-16"), 1, "UTF-8"),
        (b"PK\x03\x04rest", 1, "CSV"),
        (b"a,b\n1,\x002\n", 2, "binary"),
        (b"a;b;c\n1;2;3\n", 1, "semicolons"),
        (b"a\tb\n1\t2\n", 1, "tabs"),
        (b'a,b\n1,2\n3,"4\n5,6\n', 3, "CSV"),
        (b"a,b,a\n1,2,3\n", 1, "once"),
        (b"a,,c\n1,2,3\n", 1, "name"),
        (b"a,b\n1,2\n3\n", 3, "1 cells where the header has 2"),
        (b"a,b\n1,2,3\n", 2, "3 cells where the header has 2"),
    ],
)
def test_what_is_no_table_of_commas_is_told(write, content, row, told):
    problems = found(write(content))
    assert [p["row"] for p in problems if told in p["rule"]] == [row]


def test_rows_before_an_open_quotation_mark_are_still_read(write):
    got = cells(write(b'a,b\n1,2\n3,"4\n5,6\n'))
    assert got.frame["a"].tolist() == ["1"]


def test_trailing_commas_of_a_spreadsheet_do_no_harm(write):
    got = cells(write(HEADER + ",,", "A,2021-01-01,drone,,", ",,,,"))
    assert got.problems == []
    assert len(got.frame) == 1
    assert "1 blank line" in got.notes[0]
