"""Event series: every convention that decides a number is asked for by name here."""

import pickle
import warnings
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from analysis import EventSeries, ParameterError, TiesWarning, Window

IRREGULAR = [0.4, 1.1, 7.9, 8.0, 23.5]
HOLES = ((2.5, 5.0), (24.0, 26.0))
# Drone strikes of 14 April (which opened the window), 8 May and 11 May 2021, silent until 4 June.
STRIKES = EventSeries.from_numbers([24, 27], start=0, end=51, opened_by_event=True)


def irregular(**settings):
    return EventSeries.from_numbers(IRREGULAR, start=0, end=30, **settings)


# -- birth --------------------------------------------------------------------------------------------


def test_events_are_sorted_with_their_readings():
    series = EventSeries([8, 0.5, 3], Window(0, 10), earliest=[7.5, 0, 3], latest=[8.5, 1, 3])
    assert series.times.tolist() == [0.5, 3, 8]
    assert series.earliest.tolist() == [0, 3, 7.5]
    assert series.width.tolist() == [1, 0, 1]
    assert (series.n, len(series), series.days, series.uncertain) == (3, 3, 10.0, True)


@pytest.mark.parametrize(
    ("times", "where"),
    [
        ([-0.1], "outside"),
        ([30.5], "outside"),
        ([30], "at the open end of"),
        ([2.5], "in a hole of"),
        ([4.9], "hole"),
    ],
)
def test_an_event_that_could_not_have_been_seen_is_refused_with_a_way_out(times, where):
    with pytest.raises(ParameterError, match=rf"{where}.* the window .*widen the window, leave the event out"):
        EventSeries.from_numbers([1, *times], start=0, end=30, holes=HOLES)


def test_the_edges_of_a_window_and_of_its_holes_take_events():
    series = EventSeries.from_numbers([0, 5, 26, np.nextafter(30, 0)], start=0, end=30, holes=HOLES)
    assert series.n == 4


def test_a_refused_date_is_named_as_a_date():
    with pytest.raises(ParameterError, match="the event at 2021-06-04 00:00:00"):
        EventSeries([51.0], Window.between("2021-04-14", "2021-06-04"))


def test_a_window_closed_by_an_event_needs_it_at_its_end():
    closed = irregular().window.cut(0, 23.5)
    closed = replace(closed, closed_by_event=True)
    assert EventSeries(IRREGULAR, closed).n == 5
    for times in ([], IRREGULAR[:-1]):
        with pytest.raises(ParameterError, match=r"must stand at its end 23\.5"):
            EventSeries(times, closed)


@pytest.mark.parametrize(
    ("settings", "complaint"),
    [
        ({"times": [1, np.nan]}, "times must be finite numbers"),
        ({"times": [1, np.inf]}, "times must be finite numbers"),
        ({"earliest": [1]}, "earliest needs one value for each of the 2 events, got 1"),
        ({"earliest": [2, 7]}, "event 0: its time 1 must lie between its earliest reading 2"),
        ({"latest": [1, 6]}, "event 1: its time 7"),
        ({"latest": [1, 8], "width": [0, 2]}, r"one reading \(width 2\) between them"),
        ({"latest": [1, 8], "width": [0, -1]}, "width -1"),
        ({"resolution": "hour"}, "resolution must be one of 'exact', 'day', 'drawn'"),
        ({"opener": (0, 1, 1)}, "the window was not opened by an event"),
    ],
)
def test_an_impossible_series_is_refused_and_never_repaired(settings, complaint):
    with pytest.raises(ParameterError, match=complaint):
        EventSeries(**{"times": [1, 7], "window": Window(0, 10), **settings})


def test_an_event_beside_the_one_that_opened_the_window_is_warned_about():
    with pytest.warns(TiesWarning, match="leave it out if it is the opening event itself"):
        EventSeries.from_numbers([0, 7], start=0, end=10, opened_by_event=True)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        # in whole days a second event on the opening day is nothing strange, nor is one at a chosen date
        EventSeries.from_numbers([0, 7], start=0, end=10, opened_by_event=True, precision=1)
        EventSeries.from_numbers([0, 7], start=0, end=10)


def test_a_series_is_a_value_that_nobody_can_change():
    series = irregular(holes=HOLES)
    assert series == irregular(holes=HOLES)
    assert series != irregular()
    assert series != "series"
    assert pickle.loads(pickle.dumps(series)) == series
    for array in (series.times, series.earliest, series.latest, series.width):
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 1
    with pytest.raises(TypeError):
        hash(series)


def test_the_callers_array_stays_theirs():
    times = np.array([1.0, 7.0])
    series = EventSeries(times, Window(0, 10))
    times[0] = 5
    assert series.times[0] == 1


def test_no_events_is_an_ordinary_series():
    none = EventSeries.from_numbers([], start=0, end=30, holes=HOLES)
    assert (none.n, none.last, none.quiet_days, none.uncertain, none.has_ties) == (
        0,
        None,
        None,
        False,
        False,
    )
    assert none.split(10).before == none.split(10).after == 0
    assert none.binned(10).n == 0
    assert none.by_day() == none
    assert none.cut(1, 2).n == 0
    assert none.to_frame().shape == (0, 5)
    assert none.waits()["kind"].tolist() == ["entry"] * 3
    assert str(none) == "events: 0 events in 0 to 30, 25.5 days watched, 2 holes"
    with pytest.raises(ParameterError, match="at='last_event' needs an event"):
        none.split("last_event")
    opened = EventSeries.from_numbers([], start=0, end=30, holes=HOLES, opened_by_event=True)
    assert (opened.last, opened.quiet_days) == (0.0, 25.5)
    assert opened.split("last_event").after_days == 25.5


def test_silence_is_counted_on_watched_time():
    assert irregular(holes=HOLES).quiet_days == 4.5
    assert irregular().quiet_days == 6.5
    assert STRIKES.quiet_days == 24


# -- readings -----------------------------------------------------------------------------------------


def test_a_time_known_to_the_day_is_drawn_anywhere_in_it():
    series = EventSeries([2.5, 7.0], Window(0, 10), earliest=[2, 7], latest=[3, 7], resolution="drawn")
    drawn = np.array([series.draw(seed).times for seed in range(400)])
    assert (drawn[:, 0].min(), drawn[:, 0].max()) == (pytest.approx(2, abs=0.01), pytest.approx(3, abs=0.01))
    assert drawn[:, 0].mean() == pytest.approx(2.5, abs=0.06)
    assert np.all(drawn[:, 1] == 7)
    one = series.draw(3)
    assert (one.resolution, one.uncertain) == ("exact", False)
    assert one == series.draw(np.random.default_rng(3))


def test_a_night_on_one_of_two_days_is_on_either_of_them_equally_often():
    # between 20:00 and 04:00, of the second on the third or of the third on the fourth
    series = EventSeries([2.0], Window(0, 10), earliest=[1 + 20 / 24], latest=[3 + 4 / 24], width=[8 / 24])
    drawn = np.array([series.draw(seed).times[0] for seed in range(600)])
    hours = (drawn * 24) % 24
    assert np.all((hours >= 20) | (hours <= 4))
    assert np.mean(drawn > 2.5) == pytest.approx(0.5, abs=0.07)
    assert series.chance_after(2.5) == pytest.approx([0.5])
    assert series.chance_after(2.0) == pytest.approx([0.75])


def test_the_share_of_readings_after_a_date():
    series = EventSeries([2.5, 7.0, 8.5], Window(0, 10), earliest=[2, 7, 8], latest=[3, 7, 9])
    assert series.chance_after(2.25).tolist() == [0.75, 1, 1]
    # an event at that very instant falls after it
    assert series.chance_after(7.0).tolist() == [0, 1, 1]
    assert series.chance_after(9).tolist() == [0, 0, 0]
    whole_days = EventSeries([24], Window(0, 51), earliest=[24], latest=[25], width=[0])
    assert whole_days.chance_after(25).tolist() == [0.5]


def test_a_certain_series_needs_no_randomness():
    assert STRIKES.draw(None) is STRIKES
    assert replace(STRIKES, resolution="drawn").draw(None).resolution == "exact"
    with pytest.raises(ParameterError, match="uncertain dates are drawn"):
        EventSeries([2.5], Window(0, 10), earliest=[2], latest=[3]).draw(None)


def test_an_uncertain_opening_event_moves_the_opening():
    window = Window.between("2021-04-14", "2021-06-04", opened_by_event=True)
    series = EventSeries([24.5], window, earliest=[24], latest=[25], opener=(0.0, 1.0, 1.0))
    for seed in range(50):
        drawn = series.draw(seed)
        opened = drawn.window.start
        assert window.start <= opened <= window.moment(1)
        assert drawn.window.end == window.end
        assert drawn.opener is None
        assert window.moment(24) <= drawn.window.moment(drawn.times[0]) <= window.moment(25)


def test_whichever_event_comes_first_opens_the_window():
    window = Window(0, 30, opened_by_event=True)
    series = EventSeries([0.5], window, earliest=[0], latest=[1], opener=(0.0, 1.0, 1.0))
    drawn = [series.draw(seed) for seed in range(200)]
    assert all(d.n == 1 and d.times[0] > 0 for d in drawn)
    # the earlier of two uniform instants of a day: one third in the mean
    assert np.mean([d.window.start for d in drawn]) == pytest.approx(1 / 3, abs=0.06)


def test_simulated_times_are_rounded_as_the_record_is():
    rng = np.random.default_rng(1)
    exact, mid_days = irregular(), replace(irregular(), precision=1.0)
    times = np.array([0.2, 0.9, 29.99])
    assert exact.coarsen(times, rng) is times
    assert mid_days.coarsen(times, rng).tolist() == [0.5, 0.5, 29.5]
    since = replace(STRIKES, precision=1.0)
    rounded = np.array([since.coarsen(np.array([0.0, 0.25, 26.5, 50.99]), rng) for _ in range(400)])
    assert np.all(rounded % 1 == 0)
    assert np.all(rounded[:, 0] == 0)
    # a quarter day after an opening at any hour it is tomorrow one time in four
    assert rounded[:, 1].mean() == pytest.approx(0.25, abs=0.07)
    assert set(rounded[:, 2]) == {26, 27}
    assert np.all(rounded[:, 3] == 50)


# -- splits -------------------------------------------------------------------------------------------


def test_an_event_at_the_very_instant_falls_after_it():
    split = STRIKES.split(27)
    assert (split.before, split.before_days, split.after, split.after_days) == (1, 27, 1, 24)
    split = STRIKES.split(26)
    assert (split.before, split.before_days, split.after, split.after_days) == (1, 26, 1, 25)


def test_the_last_event_closes_the_period_before():
    split = STRIKES.split("last_event")
    assert (split.before, split.before_days, split.after, split.after_days) == (2, 27, 0, 24)
    assert (split.at, split.label) == (27, "the last event (27)")


def test_a_split_counts_watched_time_only():
    split = irregular(holes=HOLES).split(7.9)
    assert (split.before, split.before_days, split.after, split.after_days) == (2, 5.4, 3, 20.1)
    inside = irregular(holes=HOLES).inside(1.1, 8.0)
    assert (inside.before, inside.before_days, inside.after, inside.after_days) == (
        3,
        21.1,
        2,
        pytest.approx(4.4),
    )


def test_a_split_takes_dates_and_names_them():
    series = EventSeries([24.5, 27.5], Window.between("2021-04-14", "2021-06-04"))
    split = series.split("2021-05-10")
    assert (split.before, split.before_days, split.after, split.after_days) == (1, 26, 1, 25)
    assert split.label == "2021-05-10"
    assert series.split("2021-05-10 18:30").label == "2021-05-10 18:30"
    assert series.inside("2021-05-10", "2021-05-12").label == "2021-05-10 to 2021-05-12"


def test_a_split_at_the_edge_leaves_one_side_empty():
    assert STRIKES.split(0).before_days == 0
    assert STRIKES.split(51).after_days == 0
    for at in (-1, 51.1):
        with pytest.raises(ParameterError, match="lies outside the window"):
            STRIKES.split(at)
    for stretch in ((5, 5), (6, 5), (-1, 5), (5, 52)):
        with pytest.raises(ParameterError, match="must lie inside the window"):
            STRIKES.inside(*stretch)


# -- waits --------------------------------------------------------------------------------------------


def kinds(series):
    return [tuple(row) for row in series.waits().itertuples(index=False)]


def test_waits_of_a_window_opened_by_an_event():
    assert kinds(STRIKES) == [
        (0, 24, 24, 0, False, "complete"),
        (24, 27, 3, 0, False, "complete"),
        (27, 51, 24, 0, True, "open"),
    ]


def test_the_stretch_to_the_first_event_is_exposure_and_no_wait():
    table = irregular().waits()
    assert table["kind"].tolist() == ["entry", *["complete"] * 4, "open"]
    assert table["days"].tolist() == pytest.approx([0.4, 0.7, 6.8, 0.1, 15.5, 6.5])
    assert table["censored"].tolist() == [*[False] * 5, True]
    assert list(table.columns) == ["start", "end", "days", "entered", "censored", "kind"]


def test_a_window_closed_by_an_event_has_no_open_wait():
    series = EventSeries.from_numbers([3, 10], start=0, end=10, closed_by_event=True)
    assert [row[-1] for row in kinds(series)] == ["entry", "complete"]


def test_a_wait_that_crosses_a_hole_is_censored_there_and_enters_again_with_its_age():
    series = EventSeries.from_numbers([2, 6, 23], start=0, end=30, holes=HOLES, opened_by_event=True)
    assert kinds(series) == [
        (0, 2, 2, 0, False, "complete"),
        (2, 2.5, 0.5, 0, True, "broken"),
        (5, 6, 4, 3, False, "broken"),
        (6, 23, 17, 0, False, "complete"),
        (23, 24, 1, 0, True, "broken"),
        (26, 30, 7, 3, True, "open"),
    ]


def test_watched_time_is_the_sum_of_what_the_waits_were_watched():
    for series in (irregular(), irregular(holes=HOLES), irregular(holes=HOLES, opened_by_event=True)):
        table = series.waits()
        assert (table["end"] - table["start"]).sum() == pytest.approx(series.days)
        assert (table["days"] - table["entered"]).sum() == pytest.approx(series.days)


def test_an_open_wait_stops_where_watching_does():
    series = EventSeries.from_numbers([3], start=0, end=10, holes=[(8, 10)], opened_by_event=True)
    assert kinds(series)[-1] == (3, 8, 5, 0, True, "open")


def test_tied_events_have_a_wait_of_zero_between_them():
    series = EventSeries.from_numbers([3, 3], start=0, end=10)
    assert series.has_ties
    assert kinds(series)[1] == (3, 3, 0, 0, False, "complete")


# -- other shapes -------------------------------------------------------------------------------------


def test_bins_are_half_open_and_know_how_long_they_were_watched():
    counts = EventSeries.from_numbers([0, 5, 10, 14.9], start=0, end=15, holes=[(6, 9)]).binned(5)
    assert counts.counts.tolist() == [1, 1, 2]
    assert counts.watched.tolist() == [5, 2, 5]
    short = irregular().binned(7)
    assert short.edges.tolist() == [0, 7, 14, 21, 28, 30]
    assert short.counts.tolist() == [2, 2, 0, 1, 0]
    assert short.days == 30


def test_the_event_that_closed_the_window_is_in_the_last_bin():
    series = EventSeries.from_numbers([3, 10], start=0, end=10, closed_by_event=True)
    assert series.binned(5).counts.tolist() == [1, 1]
    assert series.binned(edges=[0, 2, 10]).counts.tolist() == [0, 2]


@pytest.mark.parametrize(
    "settings", [{}, {"width": 5, "edges": [0, 5]}, {"width": 0}, {"edges": [5]}, {"edges": [5, 1]}]
)
def test_bins_are_given_by_width_or_by_edges(settings):
    with pytest.raises(ParameterError):
        irregular().binned(**settings)


def test_a_day_is_counted_once():
    assert irregular().by_day().times.tolist() == [0.4, 1.1, 7.9, 8.0, 23.5]
    series = EventSeries(
        [0.4, 0.9, 1.0, 7.9, 7.95], Window(0, 30), earliest=[0, 0.9, 1, 7.9, 7], latest=[1, 1, 1, 8, 8]
    )
    assert series.by_day().times.tolist() == [0.4, 1.0, 7.9]
    assert series.by_day().earliest.tolist() == [0, 1, 7.9]


def test_a_part_keeps_its_events_and_readings():
    series = EventSeries([0.5, 7.5, 8.0, 23.5], Window(0, 30, HOLES), earliest=[0, 7, 8, 23], latest=[1, 8, 8, 24])
    part = series.cut(7.25, 23.75)
    assert part.times.tolist() == [0.25, 0.75, 16.25]
    assert (part.earliest[0], part.latest[0], part.width[0]) == (0, 0.75, 0.75)
    assert (part.earliest[2], part.latest[2], part.width[2]) == (15.75, 16.5, 0.75)
    assert part.days == 16.5
    assert series.cut(0, 8).n == 2  # half-open: the event at 8 falls after
    assert series.cut(0, 30) == series


def test_two_theatres_lie_over_each_other():
    here = EventSeries.from_numbers([1, 8], start=0, end=10, label="Iraq")
    there = EventSeries.from_numbers([0.5, 8, 9], start=0, end=10, label="Syria")
    both = here.superposed(there)
    assert both.times.tolist() == [0.5, 1, 8, 8, 9]
    assert both.label == "Iraq and Syria"
    with pytest.raises(ParameterError, match="only series with one window"):
        here.superposed(EventSeries.from_numbers([1], start=0, end=11))


def test_a_series_as_a_table_has_its_moments_on_the_calendar():
    series = EventSeries([24.5], Window.between("2021-04-14", "2021-06-04"), earliest=[24], latest=[25])
    frame = series.to_frame()
    assert list(frame.columns) == ["time", "earliest", "latest", "width", "moment"]
    assert frame["moment"][0] == pd.Timestamp("2021-05-08 12:00", tz="Asia/Baghdad")


def test_the_opening_event_can_be_counted_with_the_days_at_both_ends():
    # 14 April to 4 June, both days included: 52 whole days, three strikes at mid-day
    counted = replace(STRIKES, resolution="day", precision=1.0).counting_opener()
    assert counted.times.tolist() == [0.5, 24.5, 27.5]
    assert (counted.window, counted.days, counted.uncertain) == (Window(0, 52), 52, False)
    split = counted.split(28)
    assert (split.before, split.before_days, split.after, split.after_days) == (3, 28, 0, 24)
    for series in (STRIKES, replace(irregular(), resolution="day")):
        with pytest.raises(ParameterError, match="only a series in whole days, opened by an event"):
            series.counting_opener()


# -- once faults ----------------------------------------------------------------------------------------


def test_the_last_bin_is_half_open_too():
    series = EventSeries.from_numbers([3.0], start=0, end=10)
    assert series.binned(edges=[0, 3]).n + series.binned(edges=[3, 10]).n == 1


def test_any_width_of_bin_goes_with_any_hole():
    counts = EventSeries.from_numbers([], start=0, end=15, holes=[(0.4, 8.2)]).binned(0.8)
    assert counts.days == pytest.approx(7.2)


def test_a_bin_inside_a_hole_was_not_watched_at_all():
    counts = EventSeries.from_numbers([], start=0, end=15, holes=[(0.7, 5.2)]).binned(0.5)
    assert np.all(counts.watched[2:10] == 0)


def test_a_wait_that_ends_with_an_event_at_the_end_of_a_hole_is_broken():
    series = EventSeries.from_numbers([1, 5], start=0, end=10, holes=[(3, 5)], opened_by_event=True)
    complete = series.waits().query("kind == 'complete'")
    assert not complete["censored"].any()


@pytest.mark.parametrize(
    ("window", "hole_end", "cut"),
    [
        (Window(1.2, 11.2, holes=((3.0, 4.3),)), 4.3, (1.6, 11.2)),
        (
            Window.between("2021-01-01", "2021-02-01", holes=(("2021-01-11", "2021-01-17 05:00"),)),
            "2021-01-17 05:00",
            ("2021-01-04 06:00", "2021-02-01"),
        ),
    ],
)
def test_an_event_at_the_end_of_a_hole_survives_a_cut(window, hole_end, cut):
    assert EventSeries([window.elapsed(hole_end)], window).cut(*cut).n == 1


@pytest.mark.parametrize(
    ("time", "earliest", "latest", "holes"),
    [(0.3, -0.5, 0.9, ()), (9.8, 9.5, 10.5, ()), (2.3, 2.0, 3.0, ((2.5, 5.0),))],
)
def test_readings_outside_watched_time_are_refused_at_birth_or_never(time, earliest, latest, holes):
    try:
        series = EventSeries([time], Window(0, 10, holes), earliest=[earliest], latest=[latest])
    except ParameterError:
        return
    for seed in range(20):
        assert series.draw(seed).n == 1


def test_a_cut_through_a_night_on_one_of_two_days_keeps_the_later_reading():
    series = EventSeries([5.2], Window(0, 10), earliest=[4.75], latest=[6.25], width=[0.5])
    part = series.cut(5, 10)
    drawn = np.array([part.draw(seed).times[0] for seed in range(100)])
    assert np.all(drawn <= part.latest[0])


def test_rounding_stays_inside_a_window_that_ends_within_a_day():
    series = EventSeries.from_numbers([0.5], start=0, end=10.3, precision=1)
    rounded = series.coarsen(np.array([10.1]), np.random.default_rng(1))
    assert series.window.is_watched(rounded).all()


def test_days_of_a_window_closed_by_an_event_can_be_counted_once():
    series = EventSeries.from_numbers([1, 9.5, 9.8], start=0, end=9.8, closed_by_event=True)
    assert series.by_day().n == 2


def test_a_stretch_up_to_the_closing_event_holds_it():
    series = EventSeries.from_numbers([1, 9.5, 9.8], start=0, end=9.8, closed_by_event=True)
    assert series.inside(5, 9.8).after == 2


def test_an_uncertain_closing_event_can_be_drawn():
    window = Window(0, 9.5, closed_by_event=True)
    assert EventSeries([1, 9.5], window, earliest=[1, 9], latest=[1, 10]).draw(1).n == 2


def test_notes_of_both_series_travel_with_what_is_laid_over_each_other():
    window = Window(0, 10)
    both = EventSeries([1], window, notes=("one",)).superposed(EventSeries([2], window, notes=("two",)))
    assert both.notes == ("one", "two")


@pytest.mark.parametrize("precision", [-1, float("nan"), float("inf")])
def test_an_impossible_precision_is_refused(precision):
    with pytest.raises(ParameterError, match="precision"):
        irregular(precision=precision)


def test_an_uncertain_opening_event_can_be_counted():
    series = replace(STRIKES, resolution="day", precision=1.0, opener=(0.0, 1.0, 0.0))
    assert series.counting_opener().n == 3
