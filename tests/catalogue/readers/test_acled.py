"""ACLED as a catalogue, on invented rows (its own may not be passed on): two ways to write a date, three precisions."""

from __future__ import annotations

import pytest

from analysis import load, select
from analysis.catalogue import check_file

HEADER = (
    "event_id_cnty,event_date,year,time_precision,event_type,sub_event_type,actor1,actor2,admin1,location,latitude,"
    "longitude,source,notes,fatalities"
)
ROWS = (
    "XX1,2030-03-02,2030,1,Explosions/Remote violence,Air/drone strike,Group A,,North,Town,10.5,20.5,Paper,invented,0",
    "XX2,08 May 2030,2030,2,Explosions/Remote violence,Air/drone strike,Group A,Army,North,Road,10.5,20.5,Paper,,2",
    "XX3,2030-02-15,2030,3,Battles,Armed clash,Group A,Army,South,Hill,10.1,20.1,Paper,invented,1",
)


@pytest.fixture
def path(tmp_path):
    file = tmp_path / "acled.csv"
    file.write_text("\n".join((HEADER, *ROWS)) + "\n", encoding="utf-8")
    return file


def test_dates_and_precisions_are_read(path):
    # By hand: the day; the week, three days to either side of its middle; February, which has 28 days in 2030.
    table = load(path)
    assert table["date_local"].dt.strftime("%Y-%m-%d").tolist() == ["2030-03-02", "2030-05-08", "2030-02-15"]
    assert table["date_earliest"].dt.strftime("%Y-%m-%d").tolist() == ["2030-03-02", "2030-05-05", "2030-02-01"]
    assert table["date_latest"].dt.strftime("%Y-%m-%d").tolist() == ["2030-03-02", "2030-05-11", "2030-02-28"]
    assert table["confidence"].tolist() == ["high", "medium", "low"]
    assert table["target_class"].tolist() == ["Group A", "Group A - Army", "Group A - Army"]
    assert table["acled_time_precision"].tolist() == ["1", "2", "3"]
    assert any("ACLED" in note for note in table.attrs["notes"])


def test_a_type_of_event_is_selected_like_a_weapon(path):
    series = select(load(path), weapon="Air/drone strike", start="2030-01-01", end="2030-06-01")
    assert series.n == 2


def test_a_date_that_is_none_is_named(path):
    path.write_text(path.read_text("utf-8").replace("08 May 2030", "08 Mai 2030"), encoding="utf-8")
    assert ("date_local", "08 Mai 2030") in {(p["column"], p["value"]) for p in check_file(path)}
