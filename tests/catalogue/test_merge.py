from __future__ import annotations

import pytest

from analysis.catalogue import load, merge_nights
from analysis.errors import ParameterError

HEADER = "event_id,date_local,time_local,part_of_day,site,lat,lon,weapon,munitions_count,target_class"
# A and B: the airport's two camps, 1 km apart, one night. C: that night, far away. D: the noon after.
ROWS = (
    "A,2021-06-09,23:50,,BDSC,33.262,44.235,drone,2,us_diplomatic",
    "B,2021-06-10,00:40,,Victory,33.270,44.240,drone,1,us_military",
    "C,2021-06-10,01:00,,Asad,33.786,42.441,drone,3,us_military",
    "D,2021-06-10,12:30,,Victory,33.262,44.235,drone,1,us_military",
)


def groups(table, *rows, **settings):
    return merge_nights(table(HEADER, *rows), **settings)["merged_ids"].tolist()


def test_one_place_is_told_by_distance_and_not_by_class(table):
    # data/attacks.md: airport rows are better merged across us_military and us_diplomatic
    assert groups(table, *ROWS) == ["A; B", "C", "D"]


def test_one_night_is_from_dusk_to_dawn(table):
    assert groups(table, *ROWS, by="night") == ["A; B; C", "D"]


def test_rockets_at_noon_are_not_one_decision_with_those_of_the_night_after(table):
    # 7 July 2021, 12:30 at Ain al-Asad and 8 July, 02:00 in Baghdad: fourteen hours apart.
    rows = (
        "A,2021-07-07,12:30,,Asad,33.786,42.441,rocket,14,us_military",
        "B,2021-07-08,02:00,,Green Zone,33.299,44.397,rocket,3,us_diplomatic",
    )
    assert groups(table, *rows, by="night") == ["A", "B"]


def test_nothing_is_merged_when_nothing_is_asked_for(table):
    assert groups(table, *ROWS, by="none") == ["A", "B", "C", "D"]


def test_a_merged_row_is_its_first_attack_with_the_sums_of_all(table):
    got = merge_nights(table(HEADER, *ROWS), by="night").iloc[0]
    assert (got["event_id"], got["site"], got["n_merged"], got["munitions_count"]) == ("A", "BDSC", 3, 6)
    assert f"{got['latest']:%d %H:%M}" == "09 23:51"  # the readings of the first, not of all


def test_a_sum_with_an_unknown_part_is_unknown(table):
    rows = (ROWS[0], ROWS[1].replace("drone,1", "drone,"))
    assert merge_nights(table(HEADER, *rows))["munitions_count"].isna().tolist() == [True]


@pytest.mark.parametrize(("km", "n"), [(0, 4), (0.5, 4), (2, 3), (200, 2)])
def test_how_near_is_one_place_can_be_set(table, km, n):
    # A to B: 0.89 km north, 0.46 km east; the base is 175 km away
    assert len(groups(table, *ROWS, km=km)) == n


def test_places_chain(table):
    # 1.5 km steps: the ends are 3 km apart and still one attack
    rows = [f"{i},2021-06-09,2{i}:00,,P{i},{33 + 0.0135 * i:.4f},44.0,rocket,1,us_military" for i in range(3)]
    assert groups(table, *rows) == ["0; 1; 2"]


def test_without_coordinates_the_name_of_the_site_decides(table):
    rows = (
        "A,2021-06-09,20:00,,Green Zone,,,rocket,1,us_diplomatic",
        "B,2021-06-09,22:00,,green zone,33.3,44.4,rocket,1,us_diplomatic",
        "C,2021-06-09,22:30,,,,,rocket,1,us_diplomatic",
        "D,2021-06-09,22:40,,,,,rocket,1,us_diplomatic",
    )
    assert groups(table, *rows) == ["A; B", "C", "D"]


def test_an_attack_known_to_the_day_belongs_to_the_night_of_its_date(table):
    rows = (
        "A,2021-06-09,03:00,,Asad,33.786,42.441,rocket,1,us_military",
        "B,2021-06-09,,,Asad,33.786,42.441,rocket,1,us_military",
        "C,2021-06-10,02:00,,Asad,33.786,42.441,rocket,1,us_military",
    )
    # B may have been in either night; it is put into the one that begins on its date
    assert groups(table, *rows) == ["A", "B; C"]


def test_convoys_of_one_day_are_one_decision_by_night_and_not_by_place(table):
    rows = (
        "A,2021-05-23,,morning,Samawah highway,31.31,45.28,ied,1,contractor_convoy",
        "B,2021-05-23,,,Basra highway,30.51,47.78,ied,1,contractor_convoy",
        "C,2021-05-24,,,Basra highway,30.51,47.78,ied,1,contractor_convoy",
    )
    assert groups(table, *rows, by="night") == ["A; B", "C"]
    assert groups(table, *rows, by="place") == ["A", "B", "C"]


def test_the_nights_of_the_packaged_catalogue_with_two_sites():
    # by hand from the rows of rockets and drones on other than Turkish targets, April to July 2021
    table = load("data/attacks.csv")
    aimed = table[table["weapon"].isin(["rocket", "drone"]) & (table["target_class"] != "turkish")]
    merged = merge_nights(aimed[aimed["outcome"] != "found_unfired"], by="night")
    assert merged.loc[merged["n_merged"] > 1, "merged_ids"].tolist() == [
        "IQ-2021-06-06-BDSC; IQ-2021-06-06-AAA",
        "IQ-2021-06-09-BAL; IQ-2021-06-09-BDSC",
    ]
    assert len(merge_nights(aimed.iloc[:0], by="night")) == 0


def test_merging_twice_changes_nothing(attacks):
    once = merge_nights(attacks, by="place")
    assert len(merge_nights(once, by="place")) == len(once)


@pytest.mark.parametrize("settings", [{"by": "day"}, {"km": -1}, {"km": "2"}])
def test_unknown_settings_are_refused(attacks, settings):
    with pytest.raises(ParameterError):
        merge_nights(attacks, **settings)
