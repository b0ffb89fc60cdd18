"""The files in data/, their codebooks and SOURCES.yml say the same."""

from __future__ import annotations

import csv
import hashlib
import re

import pandas as pd
import pytest
import yaml

from analysis.catalogue import check_file, codebook, load, project_root

DATA = project_root() / "data"
SOURCES = yaml.safe_load((DATA / "SOURCES.yml").read_text(encoding="utf-8"))
TABLES = [name for name in SOURCES["files"] if name.endswith(".csv")]


def header_and_rows(name):
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        header, *rows = csv.reader(file)
    return header, rows


def test_every_file_in_data_is_listed_and_every_listed_file_is_there():
    # A file without an entry would have no source and no licence.
    there = {p.relative_to(DATA).as_posix() for p in DATA.rglob("*") if p.is_file()}
    listed = {*SOURCES["files"], *SOURCES["documents"], "SOURCES.yml"}
    assert there == listed
    assert not there & set(SOURCES["not_included"])


@pytest.mark.parametrize("name", SOURCES["files"])
def test_a_file_is_the_one_its_checksum_was_taken_of(name):
    # A changed byte would change the vintage printed in every report.
    assert hashlib.sha256((DATA / name).read_bytes()).hexdigest() == SOURCES["files"][name]["sha256"]


@pytest.mark.parametrize("name", TABLES)
def test_the_row_count_is_the_one_stated(name):
    assert len(header_and_rows(name)[1]) == SOURCES["files"][name]["rows"]


@pytest.mark.parametrize("name", SOURCES["files"])
def test_an_entry_says_where_the_file_comes_from(name):
    dated = ["date_packaged", "date_accessed"]
    said = [
        "title",
        "what",
        "producer",
        "source",
        "licence",
        "licence_note",
        "codebook",
        "citation",
        "caveats",
    ]
    assert all(SOURCES["files"][name].get(key) for key in said + dated)


@pytest.mark.parametrize("name", TABLES)
def test_a_table_has_the_columns_of_its_codebook_in_that_order(name):
    book = codebook(DATA / SOURCES["files"][name]["codebook"])
    assert header_and_rows(name)[0] == list(book.columns)


@pytest.mark.parametrize("name", TABLES)
def test_a_table_breaks_no_rule_of_its_codebook(name):
    assert check_file(DATA / name) == []


@pytest.mark.parametrize("book", sorted((DATA / "codebook").glob("*.yml")), ids=lambda p: p.stem)
def test_a_codebook_explains_every_column(book):
    # Without "missing" nobody knows whether a blank is a zero.
    for column in codebook(book.stem).columns.values():
        assert column.meaning, column.name
        assert column.missing, column.name
        assert column.example, column.name
        assert column.unit or column.type not in ("whole", "number", "date", "time", "moment"), column.name


@pytest.mark.parametrize("name", TABLES)
def test_the_examples_of_a_codebook_are_legal(name, tmp_path):
    # An example that the checks refuse would send the reader of an error message in a circle.
    book = codebook(DATA / SOURCES["files"][name]["codebook"])
    for column in book.columns.values():
        path = tmp_path / f"{column.name}.csv"
        with path.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([["other", column.name], ["filled", column.example]])
        found = [p for p in check_file(path, codebook=book) if p["column"] == column.name]
        assert [p for p in found if "is needed" not in p["rule"]] == []


def test_the_counts_are_those_of_the_coders_notes(attacks):
    # data/attacks.md: 115 IED (5 found), 35 rocket (3 found), 12 drone; first_reported blank in 31
    assert attacks["weapon"].value_counts().to_dict() == {"ied": 115, "rocket": 35, "drone": 12}
    found = attacks[attacks["outcome"] == "found_unfired"]["weapon"].value_counts().to_dict()
    assert found == {"ied": 5, "rocket": 3}
    assert attacks["first_reported"].isna().sum() == 31
    assert attacks.attrs["sha256"] == SOURCES["files"]["attacks.csv"]["sha256"]


def test_the_caveats_of_the_coders_are_kept_with_the_second_check():
    for name in ("attacks.md", "gaza_and_interventions.md"):
        assert "## Second coder's check" in (DATA / name).read_text(encoding="utf-8")


def test_the_invented_catalogue_says_so_in_every_row():
    table = load("data/example_invented.csv")
    assert (table["source_1"] == "invented").all()
    assert table["note"].iloc[0].startswith("INVENTED")
    assert table["note"].str.contains("invented", case=False).all()
    assert len(table) == 12


def test_coverage_ends_after_the_last_row(attacks):
    coverage = SOURCES["files"]["attacks.csv"]["coverage"]
    assert pd.Timestamp(coverage["start"]) <= attacks["date_earliest"].min()
    assert attacks["date_latest"].max() < pd.Timestamp(coverage["end"])


def test_no_file_of_data_speaks_of_the_machine_it_was_made_on():
    for path in DATA.rglob("*"):
        if path.is_file() and path.suffix in (".md", ".yml", ".csv"):
            assert not re.search(r"/(home|root|tmp|mnt|Users)/|localhost|file://", path.read_text(encoding="utf-8")), (
                path.name
            )
