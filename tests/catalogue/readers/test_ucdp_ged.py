"""UCDP GED as a catalogue: its columns, its date ranges, and numbers that R computed from the same files."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from analysis import load, select
from analysis.catalogue import check_file
from analysis.errors import CatalogueError
from analysis.stats import rates

CASE = "16_ucdp_ged"
DYAD = "Government of Iraq - IS"
HEADER = (
    "id,type_of_violence,dyad_name,source_office,source_date,where_coordinates,adm_1,latitude,longitude,event_clarity,"
    "date_prec,date_start,date_end,best,high,low"
)
ROWS = (
    "11,1,Government of A - B,Agency,2030-03-04,Invented town,North,10.5,20.5,1,1,2030-03-02,2030-03-02,3,4,3",
    "12,3,B - Civilians,Two;Papers,2030-03-01;2030-03-22,A road,North,10.6,20.5,2,3,2030-03-10,2030-03-16,1,1,1",
    "13,1,Government of A - B,,,,,,,1,5,2030-01-01,2030-12-31,40,90,10",
)


def written(folder, *rows: str, header: str = HEADER):
    path = folder / "export.csv"
    path.write_text("\n".join((header, *(rows or ROWS))) + "\n", encoding="utf-8")
    return path


def test_an_export_is_recognised_and_keeps_its_ranges(tmp_path):
    # By hand from the rows above: a known day, a week (its fourth day), a year (its middle day).
    table = load(written(tmp_path))
    assert table["event_id"].tolist() == ["11", "12", "13"]
    assert table["date_local"].dt.strftime("%Y-%m-%d").tolist() == ["2030-03-02", "2030-03-13", "2030-07-02"]
    assert (table["date_latest"] - table["date_earliest"]).dt.days.tolist() == [0, 6, 364]
    assert table["confidence"].tolist() == ["high", "medium", "low"]
    assert table["weapon"].tolist() == ["state_based", "one_sided", "state_based"]
    assert table["killed"].tolist() == [3, 1, 40]
    # A source dated before the event is not its first report.
    assert table["first_reported"].dt.strftime("%Y-%m-%d").tolist()[:2] == ["2030-03-04", "2030-03-22"]
    assert pd.isna(table["first_reported"].iloc[2])
    assert any("at least one death" in note for note in table.attrs["notes"])
    assert table["date_prec"].tolist() == ["1", "3", "5"]


def test_ranges_become_readings_of_a_series(tmp_path):
    table = load(written(tmp_path))
    series = select(table, start="2030-03-01", end="2030-04-01", resolution="drawn", target_class=["B - Civilians"])
    assert (series.latest - series.earliest).tolist() == [7]
    assert series.times.tolist() == pytest.approx([12.5])


def test_tags_midnights_and_decimals_of_some_releases_are_read(tmp_path):
    tagged = "#id,#v,#d,,,,,,,,,#date,#date,,,"
    timed = ROWS[0].replace("2030-03-02,2030-03-02", "2030-03-02 00:00:00.000,2030-03-02 00:00:00.000")
    table = load(written(tmp_path, tagged, timed.replace(",3,4,3", ",3.0,4,3")))
    assert len(table) == 1
    assert (table["date_local"].dt.strftime("%Y-%m-%d").item(), table["killed"].item()) == ("2030-03-02", 3)


def test_what_cannot_be_read_is_named_and_not_guessed(tmp_path):
    wrong = ROWS[0].replace("2030-03-02,2030-03-02", "2030-03-32,2030-03-02"), ROWS[1].replace("12,3,", "12,9,", 1)
    path = written(tmp_path, *wrong)
    found = {(p["column"], p["value"]) for p in check_file(path)}
    assert ("date_earliest", "2030-03-32") in found
    assert ("weapon", "9") in found
    with pytest.raises(CatalogueError):
        load(path)


def test_our_own_catalogue_is_none_of_them():
    assert "date_prec" not in load("data/attacks.csv")
    assert check_file("data/attacks.csv") == []


@pytest.fixture(scope="module")
def iraq(reference):
    case = reference(CASE)
    return case, load(case.folder / "ged191_iraq_hdx.csv")


def _loader(case, name: str, table: pd.DataFrame) -> None:
    spans = (table["date_latest"] - table["date_earliest"]).dt.days
    exact = table[table["confidence"] == "high"]
    days = np.sort(exact["date_earliest"].unique())
    case.check(f"{name}_rows", len(table))
    case.check(f"{name}_unique_ids", table["event_id"].nunique())
    case.check(f"{name}_date_prec_1_to_5", [int((table["date_prec"] == str(k)).sum()) for k in range(1, 6)])
    case.check(f"{name}_sum_best", table["killed"].sum())
    case.check(f"{name}_multi_day_events", int((spans > 0).sum()))
    case.check(f"{name}_max_span_days", spans.max())
    case.check(f"{name}_negative_span", int((spans < 0).sum()))
    ends = [f"{table['date_earliest'].min():%Y-%m-%d}", f"{table['date_earliest'].max():%Y-%m-%d}"]
    assert ends == case.value(f"{name}_first_last_date_start")
    case.check(f"{name}_distinct_event_days_prec1", days.size)
    case.check(f"{name}_longest_gap_between_event_days_prec1", int(np.diff(days).max() / np.timedelta64(1, "D")))


def test_the_file_on_iraq_is_read_as_r_reads_it(iraq):
    # Independent implementation in R 4.2.2 (case 16).
    case, table = iraq
    _loader(case, "iraq", table)
    years = table["date_earliest"].dt.year.value_counts().reindex(range(1989, 2019), fill_value=0)
    case.check("iraq_events_by_year_of_date_start_1989_2018", years.to_numpy())


@pytest.mark.parametrize(
    ("name", "file"),
    [
        ("sample1000", "ged231_sample1000_49cols.csv"),
        pytest.param("syria", "ged_syria_652.1601.1911.csv", marks=pytest.mark.slow),
    ],
)
def test_other_releases_have_other_columns_and_are_read_too(reference, name, file):
    case = reference(CASE)
    _loader(case, name, load(case.folder / file))


def test_the_dyad_before_and_after_the_declaration_of_victory(iraq):
    # R's poisson.test on events of a known day, 343 days either side of 10 December 2017; its limits are exact too.
    case, table = iraq
    chosen = {"weapon": "state_based", "target_class": DYAD, "confidence": "high", "merge": "none"}
    case.check("iraq_is_prec1_events", select(table, **chosen, start="1989-01-01", end="2019-01-01").n)
    # R's after period starts at the break and ends with it: [10 December 2017, 18 November 2018).
    series = select(table, **chosen, start="2017-01-01", end="2018-11-18")
    found = rates.ratio(series, at="2017-12-10")
    before, after = found.n_events
    case.check(
        "iraq_is_counts_exposures_before_after_2017_12_10",
        [before, found.exposure_days[0], after, found.exposure_days[1]],
    )
    case.check("iraq_is_rate_ratio_after_before", found.effect.value)
    case.check("iraq_is_rate_ratio_ci95", [found.effect.low, found.effect.high])


def test_months_of_the_dyad_are_those_of_r(iraq):
    case, table = iraq
    own = table[(table["target_class"] == DYAD) & (table["confidence"] == "high")]
    months = own["date_local"].dt.to_period("M").value_counts()
    wanted = pd.period_range("2014-01", "2018-12", freq="M")
    case.check("iraq_is_prec1_monthly_2014_2018", months.reindex(wanted, fill_value=0).to_numpy())
