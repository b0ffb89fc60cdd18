"""What the record says of itself: precision, blanks, kinds, and totals that others printed."""

import pandas as pd
import pytest

from analysis import CatalogueError, load
from analysis.catalogue import (
    agreement,
    blanks,
    casualty_counts,
    events,
    poorly_each,
    published_counts,
    quality,
    site_counts,
    site_mix,
    thin_stretches,
)

HEART = "IQ-2021-03-03-AAA"


@pytest.fixture(scope="module")
def table():
    return load("data/attacks.csv")


def test_the_numbers_of_rows_are_those_the_coders_state(table):
    # attacks.md, "Checked when the table was packaged": 162 rows, 115 IED, 35 rocket, 12 drone, 31 without
    # first_reported, 27 without any dated source.
    counted = quality(table)
    assert counted["rows"].to_dict() == {"ied": 115, "rocket": 35, "drone": 12, "all": 162}
    assert counted.loc["all", ["no_first_report", "no_dated_source"]].tolist() == [31, 27]
    steps = counted[["minute", "hour", "part_of_day", "day"]].sum(axis=1)
    assert steps.tolist() == counted["rows"].tolist()
    assert counted.loc["drone", "late"] == 1  # Harir, 24 days


def test_blank_cells_are_counted_and_explained(table):
    # attacks.md: source_1_date is blank in 41 rows, first_reported in 31.
    empty = blanks(table)
    assert empty.loc["source_1_date", "blank"] == 41
    assert empty.loc["first_reported", "blank"] == 31
    assert empty["share"].is_monotonic_decreasing
    assert "not established" in empty.loc["first_reported", "means"]
    assert "event_id" not in empty.index


def test_the_rocket_total_of_afp_is_met_and_the_drones_exceed_it(table):
    # attacks.md, Comparison: fired rocket attacks on non-Turkish targets 1 Jan - 6 Jun: 14, as AFP; drones to 5 July 9
    # against 6.
    found = agreement(table, published_counts()).set_index(["to", "weapon"])
    assert found.loc[("2021-06-06", "rocket"), "in the catalogue"] == 14
    assert found.loc[("2021-07-05", "drone"), ["published", "in the catalogue"]].tolist() == [6, 9]
    early = agreement(load("data/attacks.csv", as_of="2021-06-04"), published_counts())
    assert early["to"].max() <= "2021-06-04"
    assert agreement(load("data/example_invented.csv"), published_counts()).empty
    assert published_counts("")["counts"] == []


def test_an_entry_without_its_source_is_refused(tmp_path):
    file = tmp_path / "counts.yml"
    file.write_text("counts:\n  - {since: '2021-01-01', printed: '2021-02-01', count: 3}\n", "utf-8")
    with pytest.raises(CatalogueError, match="source"):
        published_counts(file)


def test_every_definition_of_a_casualty_has_its_count(table):
    # attacks.csv: Americans wounded on 15 February (1) and 7 July (2), one dead of a heart attack on 3 March.
    rows = events(table, weapon=["rocket"], start="2020-10-01", end="2022-01-01", merge="none")
    counts = casualty_counts({"rockets": rows}, disputed=[HEART])
    assert counts["rockets, disputed case counted"][0] == 3
    assert counts["rockets, disputed case not counted"][0] == 2
    told = counts["rockets, disputed case counted, reported only"]
    assert told[0] == 3
    assert told[1] == int(rows["us_wounded"].notna().sum())
    drones = events(table, weapon=["drone"], start="2021-04-01", end="2021-06-04", merge="none")
    assert casualty_counts({"drones": drones}, disputed=[HEART]) == {"drones": (0, 3)}


def test_a_blank_beside_a_casualty_is_a_casualty():
    rows = pd.DataFrame({"event_id": ["a", "b"], "us_killed": [1, pd.NA], "us_wounded": [pd.NA, 0]}, dtype="object")
    rows = rows.astype({"us_killed": "Int64", "us_wounded": "Int64"})
    assert casualty_counts({"x": rows}) == {"x": (1, 2), "x, reported only": (1, 1)}


def test_two_of_the_three_targets_were_the_sites_named(table):
    sites = ["Erbil International Airport / Erbil Air Base", "Harir (Bashur) airfield"]
    rows = events(table, weapon=["drone"], start="2021-04-01", end="2021-06-04", merge="none")
    assert site_counts({"drones": rows}, sites) == {"drones": (2, 3)}
    assert rows["site_sensitive"].eq("yes").sum() == 2  # the coding of the same three rows
    mix = site_mix(rows, sites)
    assert mix["total"].sum() == 3
    assert mix["named"].value_counts().to_dict() == {"yes": 2, "no": 1}


def test_thin_stretches_are_those_stated_for_the_file(table):
    stated = thin_stretches(table)
    assert len(stated) == 7
    assert stated.loc[stated["start"] == "2021-04-09", "days"].tolist() == [18]
    assert poorly_each(table, ["drone"])["drone"] == [("2020-10-01", "2020-10-11"), ("2021-10-01", "2022-01-01")]
    assert thin_stretches(load("data/example_invented.csv")).empty
