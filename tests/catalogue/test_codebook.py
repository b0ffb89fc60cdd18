from __future__ import annotations

import pytest

from analysis.catalogue import codebook, load
from analysis.errors import CatalogueError

MINIMAL = ("event_id,date_local,weapon", "A,2021-04-14,sniper")


def test_a_file_needs_three_columns():
    assert codebook("attacks").required == ("event_id", "date_local", "weapon")


def test_a_codebook_beside_the_file_adds_a_weapon(write):
    # data/README.md promises this to people with other weapons.
    path = write(*MINIMAL)
    with pytest.raises(CatalogueError, match="sniper"):
        load(path)
    write(
        "extends: attacks",
        "coverage: {start: 2021-01-01, end: 2022-01-01}",
        "columns:",
        "  weapon:",
        "    also_allowed:",
        "      sniper: rifle fire",
        name="mine.codebook.yml",
    )
    table = load(path)
    assert table["weapon"].tolist() == ["sniper"]
    assert "rocket" in table.attrs["vocabulary"]["weapon"]
    assert table.attrs["coverage"]["end"] == "2022-01-01"


def test_a_codebook_can_be_given_by_path(write):
    book = write("extends: attacks", "columns: {weapon: {allowed: [sniper]}}", name="other.yml")
    table = load(write(*MINIMAL), codebook=book)
    assert table.attrs["vocabulary"]["weapon"] == ["sniper"]


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("extends: atacks", "no packaged codebook"),
        ("extends: attacks\ncolumns: {weapon: {allowd: [x]}}", "Did you mean 'allowed'"),
        ("extends: attacks\ncolumns: {size: {type: int}}", "type of size"),
        ("extends: attacks\ncolumns: {weapon: {also_allowed: [yes]}}", "quotes"),
        (
            "extends: attacks\nrules: [{column: date_lokal, not_before: [date_latest]}]",
            "Did you mean 'date_local'",
        ),
        ("extends: attacks\nrules: [{column: date_local}]", "a rule needs"),
        ("extends: attacks\ntime_zone: Baghdad", "time zone"),
        ("extends: attacks\ncoverage: {start: 2022-01-01, end: 2021-01-01}", "coverage"),
        ("columns: {event_id: {type: text}}", "extends: attacks"),
        ("- a list", "not a codebook"),
        ("columns: [", "YAML"),
    ],
)
def test_a_broken_codebook_is_told_in_words(write, content, told):
    write(content, name="mine.codebook.yml")
    with pytest.raises(CatalogueError, match=told):
        load(write("event_id,date_local,weapon", "A,2021-04-14,drone"))


def test_the_file_itself_is_never_run(write):
    # yaml's full loader would call os.getcwd here.
    write("extends: attacks", "title: !!python/object/apply:os.getcwd []", name="mine.codebook.yml")
    with pytest.raises(CatalogueError, match="YAML"):
        load(write(*MINIMAL))
