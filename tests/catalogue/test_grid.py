"""The grid of doubts: what is taken as known in each cell, and that it follows the record as of a day."""

import pytest

from analysis import CatalogueError, ParameterError, load
from analysis.catalogue import grid_changes

HARIR, WEAK = "IQ-2021-05-11-HAR", ["IQ-2021-06-14-BIA", "IQ-2021-06-22-BIA"]


@pytest.fixture(scope="module")
def table():
    return load("data/attacks.csv")


def test_the_packaged_grid_is_harir_on_two_days_by_the_weak_rows_of_june(table):
    # attacks.md: every timing result on drones with Harir on 10 and on 11 May, with and without these two rows.
    cells = list(grid_changes(table).values())
    assert [c["dates"][HARIR] for c in cells] == ["2021-05-10", "2021-05-10", "2021-05-11", "2021-05-11"]
    assert [c["exclude"] for c in cells] == [[], WEAK, [], WEAK]
    assert "Harir on 10 May 2021, without the weak rows of 14 and 22 June" in grid_changes(table)


def test_a_reading_or_row_that_was_not_public_yet_makes_no_cell():
    # On 4 June only 11 May was in print and June's attacks had not happened; on 30 June both days were in print.
    assert grid_changes(load("data/attacks.csv", as_of="2021-06-04")) == {}
    assert len(grid_changes(load("data/attacks.csv", as_of="2021-06-21"))) == 2
    assert len(grid_changes(load("data/attacks.csv", as_of="2021-06-30"))) == 4


def test_another_catalogue_has_no_grid_and_no_file_means_none(table):
    assert grid_changes(load("data/example_invented.csv")) == {}
    assert grid_changes(table, "") == {}


def test_rows_are_left_out_by_confidence_too(table, tmp_path):
    file = tmp_path / "doubts.yml"
    file.write_text("leave_out:\n  - {name: low confidence, confidence: [low]}\n", encoding="utf-8")
    cells = grid_changes(table, file)
    assert cells["without low confidence"]["exclude"] == table.loc[table["confidence"] == "low", "event_id"].tolist()
    assert cells["with low confidence"]["exclude"] == []


def test_every_breach_of_the_file_is_told_at_once(table, tmp_path):
    file = tmp_path / "doubts.yml"
    file.write_text("dates:\n  - {name: Harir, readings: [soon], event_id: X}\nleave_out:\n  - {nane: weak}\n", "utf-8")
    with pytest.raises(CatalogueError) as caught:
        grid_changes(table, file)
    rules = " ".join(p["rule"] for p in caught.value.problems)
    assert all(part in rules for part in ("no dates", "lacks name", "unknown field nane", "names no rows"))


def test_a_misspelt_row_beside_a_known_one_is_refused(table, tmp_path):
    file = tmp_path / "doubts.yml"
    file.write_text(f"leave_out:\n  - {{name: weak, event_ids: [{WEAK[0]}, IQ-2021-06-22-BLA]}}\n", "utf-8")
    with pytest.raises(ParameterError, match="IQ-2021-06-22-BIA"):
        grid_changes(table, file)
