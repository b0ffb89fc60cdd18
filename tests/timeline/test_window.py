"""Windows: what was watched, half-open, with holes; a slip here moves every exposure and every rate."""

import pickle
from dataclasses import FrozenInstanceError

import numpy as np
import pandas as pd
import pytest

from analysis import ParameterError, Window

BAGHDAD = "Asia/Baghdad"
HOLED = Window(0.0, 30.0, holes=((2.5, 5.0), (24.0, 26.0)))
DATED = Window.between("2021-04-14", "2021-06-04", holes=(("2021-05-01 06:00", "2021-05-03"),))


def at(text):
    return pd.Timestamp(text, tz=BAGHDAD)


def test_watched_time_is_the_span_without_the_holes():
    assert (HOLED.span, HOLED.days) == (30.0, 25.5)
    assert (DATED.span, DATED.days) == (51.0, 49.25)
    assert HOLED.watched(1, 4) == 1.5
    assert HOLED.watched(25) == 4.0
    assert HOLED.watched() == HOLED.days


def test_watched_stretches_leave_out_holes_at_either_end_and_between_neighbours():
    window = Window(0.0, 10.0, holes=((0, 1), (3, 4), (4, 5), (9, 10)))
    assert window.watched_stretches.tolist() == [[1, 3], [5, 9]]
    assert Window(0.0, 10.0).watched_stretches.tolist() == [[0, 10]]
    assert Window(0.0, 10.0).hole_edges.shape == (0, 2)


def test_a_window_is_half_open_unless_an_event_closed_it():
    times = [-0.1, 0.0, 2.4, 2.5, 4.9, 5.0, 29.9, 30.0, 30.1]
    open_end = [False, True, True, False, False, True, True, False, False]
    assert HOLED.is_watched(times).tolist() == open_end
    closed = Window(0.0, 30.0, holes=HOLED.holes, closed_by_event=True)
    assert closed.is_watched(times).tolist() == [*open_end[:7], True, False]
    assert HOLED.is_watched(3.0) == np.False_


def test_the_clock_stands_still_in_a_hole():
    assert HOLED.clock([0, 2.5, 3, 5, 5.5, 30, 31, -1]).tolist() == [0, 2.5, 2.5, 2.5, 3, 25.5, 25.5, 0]
    assert isinstance(HOLED.clock(3), float)
    # at the edge of a hole the clock goes on where watching does
    assert HOLED.unclock([0, 2.4, 2.5, 3, 21.5]).tolist() == [0, 2.4, 5, 5.5, 26]
    watched = np.array([0.0, 0.3, 2.4, 5.0, 7.9, 23.9, 26.0, 29.99])
    assert HOLED.unclock(HOLED.clock(watched)) == pytest.approx(watched, abs=1e-12)


def test_dates_are_local_midnights_and_numbers_are_elapsed_days():
    assert DATED.start == at("2021-04-14 00:00")
    assert DATED.elapsed("2021-05-10") == DATED.elapsed(at("2021-05-10")) == DATED.elapsed(26) == 26.0
    assert DATED.elapsed("2021-05-10 18:00") == 26.75
    assert DATED.elapsed("2021-05-09T21:00Z") == 26.0
    assert DATED.moment(26.75) == at("2021-05-10 18:00")
    numeric = Window(1851.0, 1962.0, unit="year")
    assert numeric.elapsed(1890) == 39
    assert numeric.moment(39) == 1890


def test_the_clock_change_is_watched_time_like_any_other():
    # in Jerusalem the clocks went forward on 26 March 2021: the day has 23 hours
    assert Window.between("2021-03-26", "2021-03-27", tz="Asia/Jerusalem").days == pytest.approx(23 / 24)


@pytest.mark.parametrize(
    ("when", "complaint"),
    [
        ("the tenth of May", "is not a date; write it as 2021-05-10"),
        (pd.Timestamp("2021-05-10"), "needs a time zone"),
        (None, "time must be a Timestamp"),
        (float("nan"), "finite number"),
        (True, "finite number"),
    ],
)
def test_a_time_that_is_none_is_refused(when, complaint):
    with pytest.raises(ParameterError, match=complaint):
        DATED.elapsed(when)


def test_a_numeric_window_takes_no_dates():
    for when in ("2021-05-10", at("2021-05-10")):
        with pytest.raises(ParameterError, match="the window is numeric"):
            HOLED.elapsed(when)


@pytest.mark.parametrize(
    ("build", "complaint"),
    [
        (lambda: Window(3, 3), "must end after it starts: 3.0 .. 3.0"),
        (lambda: Window(4, 3), "must end after it starts"),
        (lambda: Window(0, float("inf")), "window end must be"),
        (lambda: Window(0, "30"), "window end must be"),
        (lambda: Window(False, 30), "window start must be"),
        (lambda: Window(pd.Timestamp("2021-04-14"), at("2021-06-04")), "needs a time zone"),
        (lambda: Window(at("2021-04-14"), 51), "both be times or both be numbers"),
        (lambda: Window(at("2021-04-14"), at("2021-06-04"), unit="hour"), "measured in days"),
        (lambda: Window(0, 30, holes=((2, 2),)), "a hole must end after it starts"),
        (lambda: Window(0, 30, holes=((-1, 2),)), "reaches outside the window"),
        (lambda: Window(0, 30, holes=((29, 31),)), "reaches outside the window"),
        (lambda: Window(0, 30, holes=((5, 9), (2, 6))), "holes overlap at 5.0: join them"),
        (lambda: Window(0, 30, holes=((0, 10), (10, 30))), "leave no watched time"),
        (lambda: Window(0, 30, holes=((at("2021-04-14"), at("2021-04-15")),)), "same kind of time"),
    ],
)
def test_an_impossible_window_is_refused_and_never_repaired(build, complaint):
    with pytest.raises(ParameterError, match=complaint):
        build()


def test_holes_are_put_in_order():
    assert Window(0, 30, holes=((24, 26), (2.5, 5))) == HOLED


@pytest.mark.parametrize("cut", [0.5, 2.5, 3.25, 5.0, 17.0, 24.0, 25.5])
@pytest.mark.parametrize("opened", [False, True])
@pytest.mark.parametrize("closed", [False, True])
def test_a_window_cut_in_two_and_joined_is_the_same_window(cut, opened, closed):
    whole = Window(0.0, 30.0, HOLED.holes, opened, closed)
    before, after = whole.cut(0, cut), whole.cut(cut, 30)
    assert before.joined(after) == whole
    assert before.days + after.days == pytest.approx(whole.days)
    assert (before.opened_by_event, before.closed_by_event) == (opened, False)
    assert (after.opened_by_event, after.closed_by_event) == (False, closed)


@pytest.mark.parametrize("cut", [1 / 3, 17.123456789, 17.3, 50.99])
def test_a_dated_window_cut_in_two_and_joined_is_the_same_window(cut):
    assert DATED.cut(0, cut).joined(DATED.cut(cut, 51)) == DATED


def test_a_part_must_lie_inside_and_hold_watched_time():
    for start, end in [(-1, 3), (3, 31), (4, 4), (5, 4)]:
        with pytest.raises(ParameterError, match="a part must lie inside the window of 30 days"):
            HOLED.cut(start, end)
    with pytest.raises(ParameterError, match="leave no watched time"):
        HOLED.cut(3, 4)


@pytest.mark.parametrize(
    "later",
    [
        Window(6.0, 9.0),
        Window(5.0, 9.0, unit="hour"),
        Window(5.0, 9.0, opened_by_event=True),
    ],
)
def test_windows_that_do_not_continue_each_other_are_not_joined(later):
    with pytest.raises(ParameterError, match=r"can be joined|an event stands between"):
        Window(0.0, 5.0).joined(later)


def test_a_window_says_what_it_is():
    assert str(Window(0, 51, opened_by_event=True)) == "0 to 51 (opened by an event), 51 days watched"
    assert str(Window(0, 51, unit="hour")) == "0 to 51, 51 hours watched"
    assert "2021-04-14 00:00 to 2021-06-04 00:00, 49.25 days watched" in str(DATED)


def test_a_window_is_a_value():
    again = Window.between("2021-04-14", "2021-06-04", holes=(("2021-05-01 06:00", "2021-05-03"),))
    assert again == DATED
    assert len({DATED, again}) == 1
    assert pickle.loads(pickle.dumps(DATED)) == DATED
    with pytest.raises(FrozenInstanceError):
        DATED.unit = "hour"


@pytest.mark.parametrize(
    "holes",
    [((1.0, 2.0), (at("2021-04-14"), at("2021-04-15"))), ((1.0, at("2021-04-14")),)],
)
def test_holes_of_mixed_kinds_are_refused_in_words(holes):
    with pytest.raises(ParameterError, match="same kind of time"):
        Window(0, 30, holes=holes)


def test_a_bound_that_is_no_date_is_refused_in_words():
    with pytest.raises(ParameterError, match="2021-13-01"):
        Window.between("2021-13-01", "2021-12-01")


def test_a_hole_that_reaches_to_the_end_survives_a_cut():
    part = Window(2.9, 7.7, holes=((5.0, 7.7),)).cut(0.5, Window(2.9, 7.7).span)
    assert part.days == pytest.approx(1.6)


def test_the_clock_never_runs_backwards():
    times = np.append(np.arange(0, 15, 0.8), 15)
    assert np.diff(Window(0, 15, holes=((0.4, 8.2),)).clock(times)).min() >= 0


@pytest.mark.parametrize(
    ("holes", "watched_units"),
    [
        (((0.6, 4.1), (4.4, 5.1)), 0.9000000000000004),  # the clock at 5.1, the end of the second hole
        (((2.7, 11.1), (11.4, 12.1)), 3.0000000000000013),  # just before the second hole
    ],
)
def test_unclock_never_lands_in_a_hole(holes, watched_units):
    window = Window(0, 20, holes=holes)
    assert window.is_watched(window.unclock(watched_units))
