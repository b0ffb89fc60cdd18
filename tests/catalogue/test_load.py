from __future__ import annotations

import pandas as pd
import pytest

from analysis.catalogue import check_file, codebook, load, read_table
from analysis.errors import CatalogueError

MINIMAL = ("event_id,date_local,weapon", "A,2021-04-14,drone", "B,2021-05-08,drone")


def test_three_columns_make_a_catalogue(table):
    got = table(*MINIMAL)
    assert list(got.columns) == list(codebook("attacks").columns)
    assert got["date_earliest"].tolist() == got["date_latest"].tolist() == got["date_local"].tolist()
    assert (got["time_precision"] == "day").all()
    assert got["munitions_count"].isna().all()
    assert got["munitions_count"].dtype == "Int64"
    assert got.attrs["coverage"] is None


def test_a_blank_precision_is_what_the_other_cells_allow(table):
    # A row with a clock time must not be spread over its whole day.
    got = table(
        "event_id,date_local,time_local,part_of_day,time_precision,weapon",
        "A,2021-04-14,02:20,night,,drone",
        "B,2021-04-15,,night,,drone",
        "C,2021-04-16,,,,drone",
        "D,2021-04-17,02:20,night,day,drone",
    )
    assert got["time_precision"].tolist() == ["minute", "part_of_day", "day", "day"]


def test_a_blank_is_not_a_zero(table):
    got = table("event_id,date_local,weapon,killed", "A,2021-04-14,drone,", "B,2021-04-15,drone,0")
    assert got["killed"].isna().tolist() == [True, False]


def test_the_packaged_catalogue_keeps_its_order_and_types(attacks):
    assert len(attacks) == 162
    assert attacks["event_id"].iloc[[0, -1]].tolist() == ["IQ-2020-10-05-BIA", "IQ-2021-12-27-ZIL"]
    assert attacks["date_local"].iloc[0] == pd.Timestamp("2020-10-05")
    assert attacks["lat"].dtype == float
    assert attacks["killed"].dtype == "Int64"


def test_the_table_says_where_it_comes_from(attacks):
    attrs = attacks.attrs
    assert attrs["file"] == "data/attacks.csv"
    assert attrs["stem"] == "attacks"
    assert attrs["as_of"] is None
    assert attrs["time_zone"] == "Asia/Baghdad"
    assert (attrs["coverage"]["start"], attrs["coverage"]["end"]) == ("2020-10-01", "2022-01-01")
    assert (attrs["n_rows"], attrs["n_not_yet_public"], attrs["n_public_by_rule"]) == (162, 0, 31)


def test_further_columns_are_kept_and_named(table):
    got = table("event_id,date_local,weapon,Province", "A,2021-04-14,drone,Erbil")
    assert got["Province"].tolist() == ["Erbil"]
    assert got.attrs["extra_columns"] == ["Province"]
    assert any("Province" in note for note in got.attrs["notes"])


def test_a_file_that_was_changed_since_it_was_packaged_is_noted(write, tmp_path):
    path = write(*MINIMAL)
    (tmp_path / "SOURCES.yml").write_text(f"files: {{mine.csv: {{sha256: {'0' * 64}}}}}")
    assert any("checksum" in note for note in load(path).attrs["notes"])


def test_a_header_alone_is_an_empty_record_and_no_mistake(table):
    got = table("event_id,date_local,weapon")
    assert len(got) == 0
    assert "holds no attacks" in got.attrs["notes"][0]


def test_another_table_is_refused_with_the_way_to_read_it():
    with pytest.raises(CatalogueError, match="read_table"):
        load("data/gaza_fire.csv")
    assert len(read_table("data/gaza_fire.csv")) == 249


def test_a_check_gives_a_list_and_never_raises(write, tmp_path):
    assert check_file(write(*MINIMAL)) == []
    assert check_file(tmp_path)[0]["way_out"]
    write("extends: nothing", name="mine.codebook.yml")
    assert "no packaged codebook" in check_file(write(*MINIMAL))[0]["rule"]
