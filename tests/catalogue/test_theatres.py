from __future__ import annotations

import pytest

from analysis.catalogue import gaza_anchors, gaza_fire, other_theatres
from analysis.errors import CatalogueError


def test_every_day_of_gaza_fire_has_one_row():
    # data/gaza_and_interventions.md: 243 day rows, 194 of them 0 and 27 empty; six rows on drones
    fire = gaza_fire()
    assert len(fire) == 243
    assert fire.index.is_unique
    assert (fire.index[1:] - fire.index[:-1]).days.tolist() == [1] * 242
    assert (fire["launches"] == 0).sum() == 194
    assert (~fire["known"]).sum() == 27
    assert len(gaza_fire(drones=True)) == 6


def test_an_unknown_day_is_not_a_quiet_day():
    fire = gaza_fire()
    assert not fire.loc["2021-05-08", "known"]
    assert fire.loc["2021-05-08", "launches_low"] == 0
    assert fire["launches"].isna().sum() == 27


def test_the_war_days_sum_to_the_coders_total():
    # data/gaza_and_interventions.md: "Our points sum to 4,353"
    assert gaza_fire().loc["2021-05-10":"2021-05-21", "launches"].sum() == 4353


def test_totals_are_kept_as_printed():
    anchors = gaza_anchors()
    assert len(anchors) == 25
    assert anchors["cumulative_launches"].iloc[0] == "150+"
    assert f"{anchors['as_of_local'].iloc[0]:%d %H:%M}" == "10 23:50"


def test_other_theatres_are_marked_as_a_sample():
    table = other_theatres()
    assert table["theatre"].value_counts().to_dict() == {
        "houthi_saudi": 29,
        "israel_north_east": 5,
        "syria_us_forces": 5,
    }


def test_another_table_is_refused():
    with pytest.raises(CatalogueError, match="launches"):
        gaza_fire("data/interventions.csv")
