"""What must not change when the clock, the calendar or the order of the rows does."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from analysis import EventSeries, Window

# Eighths are exact in binary: what these tests find is logic, not rounding.
EIGHTHS = st.integers(0, 400).map(lambda k: k / 8)


@st.composite
def series(draw, *, max_size=9):
    edges = draw(st.lists(st.integers(1, 399), unique=True, max_size=6).map(sorted))
    pairs = list(zip(edges[::2], edges[1::2], strict=False))
    holes = tuple((a / 8, b / 8) for a, b in pairs)
    window = Window(0.0, 50.0, holes=holes, opened_by_event=draw(st.booleans()))
    # 1/16 off the edges, so that no event stands on the opening one
    times = np.array(draw(st.lists(st.integers(0, 399), max_size=max_size)), dtype=float) / 8 + 1 / 16
    return EventSeries(times[window.is_watched(times)], window)


def moved(one, scale, shift):
    w = one.window
    holes = tuple((a * scale + shift, b * scale + shift) for a, b in w.holes)
    window = Window(w.start * scale + shift, w.end * scale + shift, holes, w.opened_by_event)
    return EventSeries(one.times * scale, window)


@given(one=series(), scale=st.sampled_from([0.125, 24.0, 7.0, 365.25, 86400.0]), at=EIGHTHS)
@settings(deadline=None)
def test_changing_the_unit_changes_days_and_nothing_else(one, scale, at):
    other = moved(one, scale, 0.0)
    assert other.days == pytest.approx(one.days * scale)
    split, same = one.split(at), other.split(at * scale)
    assert (split.before, split.after) == (same.before, same.after)
    assert same.before_days == pytest.approx(split.before_days * scale)
    waits, others = one.waits(), other.waits()
    assert waits["kind"].tolist() == others["kind"].tolist()
    assert waits["censored"].tolist() == others["censored"].tolist()
    assert others["days"].to_numpy() == pytest.approx(waits["days"].to_numpy() * scale)


@given(one=series(), shift=st.integers(-10_000, 10_000).map(float), at=EIGHTHS)
@settings(deadline=None)
def test_moving_the_calendar_changes_nothing(one, shift, at):
    other = moved(one, 1.0, shift)
    split, same = one.split(at), other.split(at + shift)
    assert (split.before, split.before_days, split.after) == (same.before, same.before_days, same.after)
    assert one.waits().equals(other.waits())
    assert np.array_equal(one.binned(7).counts, other.binned(7).counts)


@given(one=series(), order=st.randoms(use_true_random=False))
@settings(deadline=None)
def test_the_order_of_the_rows_does_not_matter(one, order):
    shuffled = list(one.times)
    order.shuffle(shuffled)
    assert EventSeries(shuffled, one.window) == one


@given(one=series(), at=EIGHTHS.filter(lambda t: 0 < t < 50))
@settings(deadline=None)
def test_what_is_cut_in_two_adds_up_to_the_whole(one, at):
    assume(0 < one.window.watched(0, at) < one.days)
    before, after = one.cut(0, at), one.cut(at, 50)
    assert before.n + after.n == one.n
    assert before.days + after.days == pytest.approx(one.days)
    assert np.append(before.times, after.times + at).tolist() == one.times.tolist()
    split = one.split(at)
    assert (split.before, split.before_days) == (before.n, before.days)
    assert (split.after, split.after_days) == (after.n, pytest.approx(after.days))
    # holes that touch are one hole after joining
    joined = before.window.joined(after.window)
    assert joined.watched_stretches.tolist() == one.window.watched_stretches.tolist()
    assert joined.opened_by_event == one.window.opened_by_event


@given(one=series(), cuts=st.lists(EIGHTHS, max_size=5))
def test_watched_time_is_additive(one, cuts):
    edges = np.unique([0.0, *cuts, 50.0])
    watched = [one.window.watched(a, b) for a, b in pairwise(edges)]
    assert sum(watched) == pytest.approx(one.days)
    assert min(watched) >= 0
    counts = one.binned(edges=edges)
    assert counts.n == one.n
    assert counts.days == pytest.approx(one.days)


@given(one=series())
@settings(deadline=None)
def test_every_event_ends_one_wait_and_every_watched_hour_belongs_to_one(one):
    table = one.waits()
    assert (~table["censored"]).sum() == one.n
    assert (table["end"] - table["start"]).sum() == pytest.approx(one.days)
    assert np.all(table["days"] >= table["entered"])
    assert table["censored"].iloc[-1] == np.True_


@given(one=series(), times=st.lists(EIGHTHS.map(lambda t: t + 1 / 16).filter(lambda t: t < 50), max_size=6))
@settings(deadline=None)
def test_counts_of_two_theatres_add_up(one, times):
    times = np.array(times, dtype=float)
    other = EventSeries(times[one.window.is_watched(times)], one.window)
    both = one.superposed(other)
    assert both.n == one.n + other.n
    assert np.array_equal(both.binned(7).counts, one.binned(7).counts + other.binned(7).counts)
    assert np.array_equal(both.times, other.superposed(one).times)


@given(one=series(), times=st.lists(EIGHTHS, min_size=1, max_size=9))
def test_the_watched_clock_and_its_inverse(one, times):
    window = one.window
    times = np.sort(times)
    clock = window.clock(times)
    assert np.all(np.diff(clock) >= 0)
    seen = window.is_watched(times)
    assert window.unclock(clock)[seen] == pytest.approx(times[seen])
    assert window.clock(window.unclock(clock)) == pytest.approx(clock)


@given(
    one=series(max_size=5),
    spread=st.lists(st.integers(1, 16), min_size=5, max_size=5),
    seed=st.integers(0, 2**32),
)
@settings(deadline=None)
def test_a_draw_lies_within_the_readings(one, spread, seed):
    stretches = one.window.watched_stretches
    at = np.searchsorted(stretches[:, 0], one.times, side="right") - 1
    reach = np.array(spread[: one.n], dtype=float) / 8
    earliest = np.maximum(one.times - reach, stretches[at, 0])
    latest = np.minimum(one.times + reach, stretches[at, 1])
    uncertain = EventSeries(one.times, one.window, earliest=earliest, latest=latest)
    drawn = uncertain.draw(seed)
    assert drawn.n == one.n
    assert not drawn.uncertain
    assert np.all(np.sort(earliest) <= drawn.times)
    assert np.all(drawn.times <= np.sort(latest))
