from __future__ import annotations

from pathlib import Path

import pytest

from analysis.catalogue import load, project_root, resolve
from analysis.catalogue.files import shown
from analysis.errors import CatalogueError


def test_a_path_means_the_same_file_from_every_working_directory(tmp_path, monkeypatch):
    # A notebook runs beside itself, a scheduled run anywhere.
    here = resolve("data/attacks.csv")
    monkeypatch.chdir(tmp_path)
    assert resolve("data/attacks.csv") == here == project_root() / "data" / "attacks.csv"


def test_the_working_directory_comes_first(tmp_path, monkeypatch, write):
    mine = write("event_id,date_local,weapon", name="attacks.csv")
    (tmp_path / "data").mkdir()
    mine = mine.rename(tmp_path / "data" / "attacks.csv")
    monkeypatch.chdir(tmp_path)
    assert resolve("data/attacks.csv") == mine.resolve()


def test_a_missing_file_is_told_with_both_places(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(CatalogueError) as error:
        load("data/atacks.csv")
    assert str(tmp_path) in str(error.value)
    assert str(project_root()) in str(error.value)
    assert error.value.problems[0]["way_out"]


@pytest.mark.parametrize("path", [".", "a\0b.csv", None, 7])
def test_what_is_no_file_name_is_refused_in_words(path):
    with pytest.raises(CatalogueError):
        resolve(path)


def test_reports_show_no_machine_path(tmp_path):
    # Two machines have to print the same report.
    assert shown(project_root() / "data" / "attacks.csv") == "data/attacks.csv"
    assert shown(Path(tmp_path) / "mine.csv") == "mine.csv"
