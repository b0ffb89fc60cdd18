from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from analysis.catalogue import events, load, select
from analysis.errors import ParameterError

ARTICLE = {"weapon": ["drone"], "start": "2021-04-01", "end": "2021-06-04", "opened_by_event": True}
HARIR = "IQ-2021-05-11-HAR"
HEADER = "event_id,date_local,time_local,weapon"


def test_the_worked_example_comes_from_the_catalogue(article):
    # Strikes on 14 April, 8 May, 11 May 2021 seen to 4 June: days 0, 24, 27 of 51, opened by the first.
    series = select(article, **ARTICLE)
    assert series.times.tolist() == [24, 27]
    assert (series.window.span, series.window.days) == (51, 51)
    assert series.window.opened_by_event
    assert f"{series.window.start:%Y-%m-%d %H:%M %Z}" == "2021-04-14 00:00 +03"
    assert series.precision == 1
    assert series.vintage == {
        "sha256": article.attrs["sha256"],
        "as_of": "2021-06-04",
        "file": "data/attacks.csv",
    }
    assert series.label == "drone attacks"


def test_the_end_may_be_left_to_the_day_the_record_is_read(article):
    series = select(article, **{k: v for k, v in ARTICLE.items() if k != "end"})
    assert series.window.span == 51
    assert any("no end was given" in note for note in series.notes)


def test_a_window_is_never_guessed(attacks):
    with pytest.raises(ParameterError, match="start is missing"):
        select(attacks, end="2021-06-04", opened_by_event=True)
    with pytest.raises(ParameterError, match="the record ends on 2022-01-01"):
        select(attacks, start="2021-04-01")


def test_opened_by_a_date_attacks_stand_at_mid_day(article):
    series = select(article, weapon="drone", start="2021-04-01", end="2021-06-04")
    assert series.times.tolist() == [13.5, 37.5, 40.5]
    assert series.precision == 1
    assert not series.window.opened_by_event
    assert series.window.span == 64


def test_harir_has_two_days_once_both_were_public(attacks, article):
    assert not select(article, **ARTICLE).uncertain
    series = select(attacks, **ARTICLE)
    assert (series.times[1], series.earliest[1], series.latest[1], series.width[1]) == (27, 26, 27, 0)
    drawn = {series.draw(seed).times[1] for seed in range(20)}
    assert drawn == {26, 27}


def test_harir_drawn_is_two_nights_with_half_of_it_after_the_first_salvo(attacks, article):
    # 00-06 on 10 and on 11 May; the salvo was on 10 May at 18:02
    series = select(attacks, resolution="drawn", **ARTICLE)
    moments = [f"{series.window.moment(t[1]):%d %H:%M}" for t in (series.times, series.earliest, series.latest)]
    assert moments == ["11 03:00", "10 00:00", "11 06:00"]
    assert series.width[1] == pytest.approx(0.25)
    assert series.chance_after("2021-05-10 18:02").tolist() == [0, 0.5]
    assert select(article, resolution="drawn", **ARTICLE).chance_after("2021-05-10 18:02").tolist() == [0, 1]


@pytest.mark.parametrize(
    ("dates", "expected"),
    [({HARIR: "2021-05-10"}, [24, 26]), ({HARIR: "2021-05-11"}, [24, 27]), ("earliest", [24, 26])],
)
def test_the_grid_over_harir_fixes_its_date(attacks, dates, expected):
    series = select(attacks, dates=dates, **ARTICLE)
    assert series.times.tolist() == expected
    assert not series.uncertain
    assert any(("taken to be on" in n) or ("earliest reading" in n) for n in series.notes)


def test_a_date_against_the_record_is_used_and_told(article):
    # As of 4 June nobody had said 10 May.
    series = select(article, dates={HARIR: "2021-05-10"}, **ARTICLE)
    assert series.times.tolist() == [24, 26]
    assert any("against the record" in note for note in series.notes)


def test_the_opening_event_keeps_its_readings(attacks):
    # Erbil, evening of 14 April: 18 to 24, the middle opens the window
    series = select(attacks, resolution="drawn", **ARTICLE)
    assert series.opener == pytest.approx((-0.125, 0.125, 0.25))
    assert f"{series.window.start:%d %H:%M}" == "14 21:00"
    spans = {round(series.draw(seed).window.span, 6) for seed in range(5)}
    assert len(spans) == 5


def test_exact_takes_the_middles_alone(attacks):
    drawn = select(attacks, resolution="drawn", **ARTICLE)
    exact = select(attacks, resolution="exact", **ARTICLE)
    assert np.array_equal(exact.times, drawn.times)
    assert not exact.uncertain
    assert exact.opener is None
    assert exact.precision == drawn.precision == 0


def test_readings_are_cut_to_the_window_and_its_holes(table):
    got = table(
        "event_id,date_local,part_of_day,date_latest,weapon",
        "A,2021-04-01,,2021-04-03,drone",
        "B,2021-04-10,,,drone",
    )
    # A may be 1, 2 or 3 April; a window from 06:00 on the 1st keeps that day cut, and not the others
    series = select(got, start="2021-04-01 06:00", end="2021-04-10 18:00", resolution="drawn")
    assert series.earliest.tolist() == [0, 8.75]
    assert series.latest.tolist() == [0.75, 9.5]
    # from midnight, with the 3rd unwatched, the 1st and 2nd remain
    series = select(got, start="2021-04-01", end="2021-04-11", holes=[("2021-04-03", "2021-04-05")], resolution="drawn")
    assert (series.earliest[0], series.latest[0], series.width[0]) == (0, 2, 1)
    for seed in range(20):
        series.draw(seed)  # would raise if a reading lay in the hole


@pytest.mark.parametrize("resolution", ["day", "drawn", "exact"])
def test_draws_of_the_whole_catalogue_stay_inside_the_window(attacks, resolution):
    settings = {"start": "2021-04-01", "end": "2021-07-01", "resolution": resolution, "merge": "none"}
    for opened in (True, False):
        series = select(attacks, holes=[("2021-04-09", "2021-04-27")], opened_by_event=opened, **settings)
        for seed in range(5):
            assert series.draw(seed).n == series.n


def test_the_rows_behind_a_series_come_in_its_order(attacks):
    rows = events(attacks, **ARTICLE)
    assert rows["role"].tolist() == ["opening", "event", "event"]
    assert rows["event_id"].tolist() == ["IQ-2021-04-14-ERB", "IQ-2021-05-08-AAA", HARIR]
    assert rows.attrs["sha256"] == attacks.attrs["sha256"]
    for resolution in ("day", "drawn", "exact"):
        settings = {"start": "2021-06-01", "end": "2021-08-01", "resolution": resolution}
        series, rows = select(attacks, **settings), events(attacks, **settings)
        assert len(rows) == series.n
        if resolution != "day":
            assert [f"{m:%d %H:%M}" for m in series.to_frame()["moment"]] == [f"{m:%d %H:%M}" for m in rows["point"]]


def test_rows_take_the_settings_of_a_series_and_no_others(attacks):
    with pytest.raises(ParameterError, match="no setting 'wepon'"):
        events(attacks, start="2021-04-01", end="2021-06-04", wepon="drone")


# merging


def test_two_sites_in_one_night_are_one_decision_by_default(attacks):
    # 6 June 2021: a rocket at the airport (00:15) and drones at Ain al-Asad (00:30)
    settings = {"weapon": ["rocket", "drone"], "start": "2021-06-05", "end": "2021-06-08"}
    assert select(attacks, **settings).n == 1
    assert select(attacks, merge="place", **settings).n == 2
    assert select(attacks, merge="none", **settings).n == 2
    assert any("IQ-2021-06-06-BDSC + IQ-2021-06-06-AAA" in note for note in select(attacks, **settings).notes)


def test_a_night_that_began_before_the_window_is_outside_it(table):
    got = table(HEADER, "A,2021-04-14,23:50,drone", "B,2021-04-15,00:10,drone", "C,2021-04-20,,drone")
    settings = {"start": "2021-04-15", "end": "2021-05-01"}
    assert select(got, **settings).times.tolist() == [5.5]
    assert select(got, merge="none", **settings).times.tolist() == [0.5, 5.5]


# edges


def test_an_empty_selection_is_an_empty_series(attacks):
    series = select(attacks, weapon="drone", start="2021-04-15", end="2021-05-01", opened_by_event=True)
    assert series.n == 0
    assert not series.window.opened_by_event
    assert series.window.days == 16
    assert any("none opens it" in note for note in series.notes)


def test_an_empty_catalogue_is_an_empty_series(table):
    got = table("event_id,date_local,weapon")
    for resolution in ("day", "drawn", "exact"):
        assert select(got, start="2021-04-01", end="2021-05-01", resolution=resolution).n == 0


def test_one_attack_opens_a_window_and_leaves_no_event(attacks):
    series = select(attacks, weapon="drone", start="2021-04-01", end="2021-05-01", opened_by_event=True)
    assert series.n == 0
    assert series.window.opened_by_event
    assert series.window.days == 17


def test_two_attacks_of_one_day_are_a_tie_of_zero_days(table):
    got = table(HEADER, "A,2021-04-14,08:00,drone", "B,2021-04-14,20:00,drone", "C,2021-04-20,,drone")
    series = select(got, start="2021-04-01", end="2021-05-01", opened_by_event=True)
    assert series.times.tolist() == [0, 6]
    # three rows without an hour: one night, one decision, unless every row counts
    got = table(HEADER, "A,2021-04-14,,drone", "B,2021-04-14,,drone", "C,2021-04-14,,drone")
    assert select(got, start="2021-04-01", end="2021-05-01").n == 1
    series = select(got, start="2021-04-01", end="2021-05-01", merge="none")
    assert series.times.tolist() == [13.5, 13.5, 13.5]
    assert series.has_ties


def test_the_window_is_half_open(table):
    got = table(HEADER, "A,2021-04-01,,drone", "B,2021-05-01,,drone")
    assert select(got, start="2021-04-01", end="2021-05-01").times.tolist() == [0.5]
    assert select(got, start="2021-04-02", end="2021-05-02").times.tolist() == [29.5]
    got = table(HEADER, "A,2021-04-01,10:00,drone", "B,2021-04-02,10:00,drone")
    # the minute's middle, 10:00:30, lies after an opening at 10:00 and before an end at 10:01
    settings = {"start": "2021-04-01 10:00", "resolution": "exact"}
    assert select(got, end="2021-04-02 10:00", **settings).n == 1
    assert select(got, end="2021-04-02 10:01", **settings).n == 2


def test_an_attack_in_a_hole_is_left_out_and_told(attacks):
    # 24 May falls into it, the one rocket between 4 May and 6 June
    series = select(
        attacks, weapon="rocket", start="2021-05-01", end="2021-06-01", holes=[("2021-05-20", "2021-05-25")]
    )
    assert series.n == 3
    assert series.window.days == 26
    assert any("IQ-2021-05-24-AAA" in note for note in series.notes)


def test_a_hole_is_cut_to_the_window(attacks):
    settings = {"weapon": "drone", "start": "2021-04-01", "end": "2021-06-04", "opened_by_event": True}
    holes = [("2021-03-01", "2021-04-05"), ("2021-06-01", "2021-07-01"), ("2022-01-01", "2022-02-01")]
    series = select(attacks, holes=holes, **settings)
    assert series.times.tolist() == [24, 27]
    assert series.window.days == 48


def test_an_attack_that_may_lie_across_the_edge_is_named(attacks):
    # Harir, 10 or 11 May
    for start, end in (("2021-05-11", "2021-06-01"), ("2021-05-01", "2021-05-11")):
        notes = select(attacks, weapon="drone", start=start, end=end).notes
        assert any(f"edge for {HARIR}" in note for note in notes)
    assert not any("edge" in note for note in select(attacks, **ARTICLE).notes)


def test_silence_that_nobody_watched_is_told(attacks, article):
    settings = {"weapon": "drone", "start": "2020-09-01", "end": "2022-03-01"}
    notes = " ".join(select(attacks, **settings).notes)
    assert "opens before the record does (2020-10-01)" in notes
    assert "goes on after the record ends (2022-01-01)" in notes
    assert "as_of, 2021-06-04" in " ".join(select(article, **settings).notes)
    assert not any("silence" in note for note in select(article, **ARTICLE).notes)


@pytest.mark.parametrize(
    ("start", "end"), [("2030-01-01", "2030-06-01"), ("2022-01-01", "2022-02-01"), ("2019-01-01", "2020-10-01")]
)
def test_a_window_wholly_outside_the_record_is_refused(attacks, start, end):
    # Coded from 1 October 2020 to 1 January 2022: "no attack" there would read as a silence that nobody kept.
    with pytest.raises(ParameterError, match=rf"{start} to {end} lies wholly outside.*2020-10-01 to 2022-01-01"):
        select(attacks, start=start, end=end)
    with pytest.raises(ParameterError, match="give a start and an end that overlap"):
        events(attacks, start=start, end=end)


def test_a_window_of_which_nothing_was_public_yet_is_refused(article):
    with pytest.raises(ParameterError, match=r"opens after the as_of, 2021-06-04.*later as_of"):
        select(article, weapon="drone", start="2021-06-05", end="2021-07-01")
    # An attack of the day itself may have been reported on it.
    assert select(article, weapon="drone", start="2021-06-04", end="2021-07-01").n == 0


def test_poorly_watched_stretches_are_told_unless_they_are_holes(attacks):
    settings = {"weapon": "ied", "start": "2021-04-01", "end": "2021-06-04"}
    assert any("2021-04-09 to 2021-04-27" in note for note in select(attacks, **settings).notes)
    holes = [("2021-04-09", "2021-04-27")]
    assert not any("poorly" in note for note in select(attacks, holes=holes, **settings).notes)
    assert not any("poorly" in note for note in select(attacks, **ARTICLE).notes)


def test_blank_first_reports_among_the_selected_are_counted(article):
    rows = events(article, weapon="ied", start="2021-05-01", end="2021-06-04", merge="none")
    blank = int(rows["first_reported"].isna().sum())
    assert blank > 0
    notes = select(article, weapon="ied", start="2021-05-01", end="2021-06-04", merge="none").notes
    assert any(f"of the attacks selected, {blank} have no first report" in note for note in notes)


# times and zones


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        ({"start": "2021-06-05"}, "end after it starts"),
        ({"start": "2021-04-01 18:02"}, "must be a midnight"),
        ({"holes": [("2021-04-02 10:00", "2021-04-05")]}, "must be a midnight"),
        ({"holes": [("2021-04-05", "2021-04-02")]}, "hole must end after"),
        ({"holes": ["2021-04-05"]}, "pair"),
        ({"holes": [("2021-04-01", "2021-06-04")]}, "no watched time"),
        ({"end": "today"}, "end must be a date"),
        ({"start": "0021-04-01"}, "between the years"),
        ({"tz": "Asia/Bagdad"}, "time zone"),
        ({"resolution": "hour"}, "resolution must be"),
        ({"merge": "site"}, "merge must be"),
    ],
)
def test_a_window_that_makes_no_sense_is_refused(attacks, settings, told):
    with pytest.raises(ParameterError, match=told):
        select(attacks, **({"start": "2021-04-01", "end": "2021-06-04"} | settings))


def test_only_a_loaded_table_is_taken():
    with pytest.raises(ParameterError, match="load"):
        select(pd.DataFrame({"a": [1]}), start="2021-04-01", end="2021-06-04")


def test_a_table_that_lost_its_attrs_still_works_and_says_so(attacks):
    lost = attacks.copy()
    lost.attrs = {}
    series = select(lost, **ARTICLE)
    assert series.times.tolist() == [24, 27]
    assert series.vintage["sha256"] is None
    assert any("no provenance" in note for note in series.notes)


def test_bounds_in_another_zone_are_the_same_moment(attacks):
    utc = {
        "start": pd.Timestamp("2021-03-31 21:00", tz="UTC"),
        "end": pd.Timestamp("2021-06-03 21:00", tz="UTC"),
    }
    here = {"start": "2021-04-01", "end": "2021-06-04"}
    assert np.array_equal(select(attacks, weapon="drone", **utc).times, select(attacks, weapon="drone", **here).times)


def test_a_zone_that_changes_its_clocks_is_no_trap(table):
    # Kyiv put its clocks forward on 28 March 2021 at 03:00: that day has 23 hours.
    got = table(HEADER, "A,2021-03-28,,drone", "B,2021-03-28,03:30,drone", "C,2021-03-30,12:00,drone")
    settings = {"start": "2021-03-27", "end": "2021-04-01", "tz": "Europe/Kyiv", "merge": "none"}
    series = select(got, resolution="drawn", **settings)
    assert series.width.max() == pytest.approx(23 / 24)
    assert series.times[-1] == pytest.approx(3.5 + 0.5 / 1440 - 1 / 24)
    assert select(got, **settings).n == 3


def test_two_dates_across_a_change_of_clocks_are_a_day_apart(table):
    got = table("event_id,date_local,part_of_day,date_earliest,weapon", "A,2021-03-29,night,2021-03-28,drone")
    series = select(got, start="2021-03-20", end="2021-04-01", tz="Europe/Kyiv", resolution="drawn")
    assert series.times[0] == pytest.approx(9 + 2 / 24)  # 03:00 on the 29th, an hour of the 28th was skipped
    assert series.latest[0] - series.earliest[0] == pytest.approx(1 + series.width[0])


def test_a_reading_before_the_opening_attack_is_cut_at_it(table):
    # B is known to the day only, and its point time lies after the opening at 10:00.
    got = table(HEADER, "A,2021-04-14,10:00,drone", "B,2021-04-14,,drone")
    series = select(got, start="2021-04-01", end="2021-05-01", opened_by_event=True, merge="none", resolution="drawn")
    assert series.earliest.tolist() == [0]
    assert series.times[0] == pytest.approx(2 / 24 - 0.5 / 1440)


def test_a_label_can_be_given(attacks):
    assert select(attacks, label="armed drones", **ARTICLE).label == "armed drones"
    assert select(attacks, weapon=["ied"], start="2021-04-01", end="2021-06-04").label == "roadside bomb attacks"
    assert select(attacks, start="2021-04-01", end="2021-06-04").label == "attacks"


def test_the_invented_catalogue_runs_through():
    table = load("data/example_invented.csv", as_of="2030-05-01")
    series = select(table, weapon="drone", start="2030-03-01", opened_by_event=True)
    assert series.times.tolist() == [9, 41]  # 2 March (two sites, one night), 11 March, 12 April
