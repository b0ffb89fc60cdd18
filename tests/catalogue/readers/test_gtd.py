"""GTD as a catalogue, on invented rows (its own may not be passed on): a day or a month of 0 is unknown."""

from __future__ import annotations

import pytest

from analysis import load
from analysis.catalogue import check_file

HEADER = (
    "eventid,iyear,imonth,iday,approxdate,extended,country_txt,provstate,city,latitude,longitude,summary,doubtterr,success,"
    "attacktype1,attacktype1_txt,targtype1,targtype1_txt,gname,claimed,weaptype1_txt,nkill,nkillus,nwound,nwoundus"
)
ROWS = (
    "203003020001,2030,3,2,,0,X,North,Town,10.5,20.5,invented,0,1,3,Bombing,4,Military,A,1,Explosives,1,0,2.0,0",
    "203004000001,2030,4,0,,0,X,North,Road,10.5,20.5,invented,1,0,3,Bombing,4,Military,Group B,0,Explosives,,,,",
    "203100000001,2031,0,0,,0,X,South,Hill,,,invented,0,1,2,Assault,2,Police,Unknown,,Firearms,4,0,0,0",
)


@pytest.fixture
def path(tmp_path):
    file = tmp_path / "gtd.csv"
    file.write_text("\n".join((HEADER, *ROWS)) + "\n", encoding="utf-8")
    return file


def test_unknown_days_and_months_become_ranges(path):
    # By hand: 2 March; April and its 15th; the year 2031 and its 183rd day, 2 July.
    table = load(path)
    assert table["date_earliest"].dt.strftime("%Y-%m-%d").tolist() == ["2030-03-02", "2030-04-01", "2031-01-01"]
    assert table["date_latest"].dt.strftime("%Y-%m-%d").tolist() == ["2030-03-02", "2030-04-30", "2031-12-31"]
    assert table["date_local"].dt.strftime("%Y-%m-%d").tolist() == ["2030-03-02", "2030-04-15", "2031-07-02"]
    assert table["confidence"].tolist() == ["high", "low", "low"]
    assert table["wounded"].iloc[0] == 2
    assert table["killed"].isna().tolist() == [False, True, False]
    assert table["claimed_by"].isna().tolist() == [False, True, True]
    assert any("1993" in note for note in table.attrs["notes"])


def test_a_day_that_the_month_does_not_have_is_named(path):
    path.write_text(path.read_text("utf-8").replace("2030,3,2,", "2030,2,30,"), encoding="utf-8")
    assert ("date_local", "2030-2-30") in {(p["column"], p["value"]) for p in check_file(path)}


def test_another_encoding_is_told_and_not_read_wrongly(path):
    path.write_bytes(path.read_text("utf-8").replace("Town", "Stadt-Süd").encode("latin-1"))
    assert any("UTF-8" in p["rule"] for p in check_file(path))
