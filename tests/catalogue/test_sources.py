from __future__ import annotations

import pytest

from analysis.catalogue import load, poorly_watched
from analysis.errors import CatalogueError, ParameterError


def test_poorly_watched_stretches_are_those_of_the_coders_table(attacks):
    # data/attacks.md, coverage by month: "9-26 Apr has only one row: a hole"
    assert ("2021-04-09", "2021-04-27") in poorly_watched(attacks, "ied")
    assert poorly_watched(attacks, ["drone", "rocket"])[0] == ("2020-10-01", "2020-10-11")
    assert poorly_watched(attacks)[0] == ("2020-10-01", "2020-11-01")  # the two of October joined


def test_a_file_without_sources_has_none(table):
    assert poorly_watched(table("event_id,date_local,weapon", "A,2021-04-14,drone")) == []


def test_a_weapon_has_to_be_a_name(attacks):
    with pytest.raises(ParameterError, match="weapon"):
        poorly_watched(attacks, 3)


def test_sources_that_cannot_be_read_are_told(write, tmp_path):
    path = write("event_id,date_local,weapon", "A,2021-04-14,drone")
    (tmp_path / "SOURCES.yml").write_text("files: [mine.csv]")
    with pytest.raises(CatalogueError, match=r"SOURCES\.yml"):
        load(path)
