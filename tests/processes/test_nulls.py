"""Each null keeps exactly what it says it keeps; otherwise its p-values answer another question."""

import itertools
import pickle

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from analysis import EventSeries, ParameterError, Window
from analysis.processes import (
    NULLS,
    circular_shift,
    local_jitter,
    poisson,
    shuffled_waits,
    surrogates,
    uniform_times,
)

IRREGULAR = [0.4, 1.1, 7.9, 8.0, 23.5]
HOLES = ((0.0, 0.25), (2.5, 5.0), (5.0, 7.5), (24.0, 26.0), (28.0, 30.0))
EVERY_NULL = [uniform_times, shuffled_waits, circular_shift, local_jitter(0.3), local_jitter(7)]
SERIES = {
    "plain": EventSeries.from_numbers(IRREGULAR, start=0, end=30),
    "opened": EventSeries.from_numbers(IRREGULAR, start=0, end=30, opened_by_event=True),
    "closed": EventSeries.from_numbers([*IRREGULAR, 30], start=0, end=30, closed_by_event=True),
    "both": EventSeries.from_numbers([*IRREGULAR, 30], start=0, end=30, opened_by_event=True, closed_by_event=True),
    "holed": EventSeries.from_numbers(IRREGULAR, start=0, end=30, holes=HOLES),
    "shifted": EventSeries.from_numbers(np.array(IRREGULAR) - 3, start=-3, end=27, holes=[(0.1, 2.2)]),
    "tied": EventSeries.from_numbers([0.4, 1.1, 1.1, 8.0, 23.5], start=0, end=30),
    "none": EventSeries.from_numbers([], start=0, end=30, holes=HOLES),
    "one": EventSeries.from_numbers([7.9], start=0, end=30, holes=HOLES),
    "days": EventSeries.from_numbers([0.5, 7.5, 8.5, 8.5, 23.5], start=0, end=30, precision=1),
    "days since": EventSeries.from_numbers([0, 7, 8, 23], start=0, end=30, precision=1, opened_by_event=True),
    "off the lattice": EventSeries.from_numbers(
        [0.5, 1.5, 7.5, 10.1], start=0, end=10.3, holes=[(2.2, 6.6)], precision=1
    ),
    "coarse": EventSeries.from_numbers([3.5], start=0, end=4.0, precision=10),
}


def watched_waits(series, times):
    """Spacings on the watched clock from opening to end, first and last stretch included, sorted."""
    clock = series.window.clock(times)
    return np.sort(np.diff(clock, prepend=0, append=series.days), axis=-1)


@pytest.mark.parametrize("series", SERIES.values(), ids=SERIES)
@pytest.mark.parametrize("null", EVERY_NULL, ids=lambda null: null.name)
def test_count_and_window_are_kept_and_no_event_leaves_watched_time(null, series):
    rows = surrogates(series, null, size=200, rng=1)
    assert rows.shape == (200, series.n)
    assert np.all(np.diff(rows, axis=1) >= 0)
    assert series.window.is_watched(rows).all()
    if series.window.closed_by_event:
        assert np.all(rows[:, -1] == series.window.span)
        assert np.all(rows[:, :-1] < series.window.span)
    one = null(series, 1)
    assert one.window is series.window
    assert one.n == series.n


@pytest.mark.parametrize("null", EVERY_NULL, ids=lambda null: null.name)
def test_a_seed_repeats_and_one_series_is_the_first_of_many(null):
    series = SERIES["holed"]
    first = surrogates(series, null, size=1, rng=5)[0]
    assert np.array_equal(first, null(series, 5).times)
    assert np.array_equal(first, null(series, np.random.default_rng(5)).times)
    assert not np.array_equal(first, null(series, 6).times)
    with pytest.raises(ParameterError, match="rng must be"):
        null(series, None)


@given(
    times=st.lists(st.integers(0, 2999), max_size=12),
    opened=st.booleans(),
    seed=st.integers(0, 2**32),
    which=st.sampled_from(EVERY_NULL),
)
@settings(deadline=None, max_examples=60)
@pytest.mark.filterwarnings("ignore::analysis.TiesWarning")  # a wait of 0 may come first
def test_any_series_gives_a_legal_series(times, opened, seed, which):
    window = Window(0.0, 30.0, holes=((3.1, 5.3), (5.3, 6.0), (17.7, 29.9)), opened_by_event=opened)
    times = np.array(times, dtype=float) / 100 + 0.005
    series = EventSeries(times[window.is_watched(times)], window)
    redrawn = which(series, seed)
    assert redrawn.n == series.n
    assert redrawn.window == window


def test_uniform_times_are_uniform_on_watched_time():
    series = SERIES["holed"]
    rows = surrogates(series, uniform_times, size=1000, rng=2)
    assert stats.kstest(series.window.clock(rows).ravel() / series.days, "uniform").pvalue > 0.01


@pytest.mark.parametrize("name", ["plain", "opened", "closed", "both", "holed", "shifted", "tied", "days"])
def test_shuffled_waits_keep_every_wait(name):
    series = SERIES[name]
    rows = surrogates(series, shuffled_waits, size=50, rng=3)
    assert watched_waits(series, rows) == pytest.approx(np.tile(watched_waits(series, series.times), (50, 1)), abs=1e-9)


def test_shuffled_waits_reach_every_order_equally_often():
    # four closed waits, two of them between neighbours 6.8 and 15.5 days apart: 24 orders
    series = SERIES["plain"]
    rows = surrogates(series, shuffled_waits, size=4800, rng=4)
    orders = [tuple(row) for row in np.round(np.diff(rows, axis=1), 6)]
    expected = set(itertools.permutations(np.round(np.diff(series.times), 6)))
    assert set(orders) == expected
    counts = [orders.count(order) for order in expected]
    assert stats.chisquare(counts).pvalue > 0.01


def test_stretches_cut_off_by_the_window_stay_where_they_are():
    rows = surrogates(SERIES["plain"], shuffled_waits, size=20, rng=5)
    assert np.all(rows[:, 0] == 0.4)
    assert rows[:, -1] == pytest.approx(23.5)
    # opened by an event the first stretch is a wait like the others
    assert len(set(surrogates(SERIES["opened"], shuffled_waits, size=200, rng=5)[:, 0].round(6))) == 5


@pytest.mark.parametrize("times", [[], [7.9], [7.9, 8.0]])
def test_with_fewer_than_two_waits_there_is_one_order(times):
    series = EventSeries.from_numbers(times, start=0, end=30)
    rows = surrogates(series, shuffled_waits, size=3, rng=6)
    assert np.array_equal(rows, np.tile(times, (3, 1)).reshape(3, -1))


@pytest.mark.parametrize("name", ["plain", "opened", "holed", "shifted", "tied", "days", "days since"])
def test_a_circular_shift_turns_the_record_round(name):
    series = SERIES[name]
    circle = series.window.clock(series.times)
    spacings = np.diff(np.append(circle, circle[0] + series.days))
    turns = np.array([np.roll(spacings, k) for k in range(series.n)])
    for row in surrogates(series, circular_shift, size=40, rng=7):
        clock = series.window.clock(row)
        found = np.diff(np.append(clock, clock[0] + series.days))
        assert np.abs(turns - found).max(axis=1).min() < 1e-9


def test_a_circular_shift_never_makes_two_times_equal():
    # Over a window guessed as 10 to 90 a shift by 16 would put both 10 and 90 on 26; half-open, it cannot.
    series = EventSeries.from_numbers([10, 20, 89.999], start=10, end=90)
    rows = surrogates(series, circular_shift, size=500, rng=8)
    assert np.diff(rows, axis=1).min() > 0.0009
    tied = surrogates(SERIES["tied"], circular_shift, size=200, rng=8)
    assert np.all(np.count_nonzero(np.diff(tied, axis=1) == 0, axis=1) <= 1)


def test_shifted_days_stay_apart_even_where_the_lattice_does_not_fit():
    series = EventSeries.from_numbers([0.5, 1.5, 2.5, 9.5], start=0, end=10.3, precision=1)
    rows = surrogates(series, circular_shift, size=500, rng=9)
    assert np.diff(rows, axis=1).min() > 0


def test_the_lag_of_a_shift_is_uniform():
    series = EventSeries.from_numbers([8.0], start=0, end=30, holes=HOLES)
    rows = surrogates(series, circular_shift, size=2000, rng=10)
    assert stats.kstest(series.window.clock(rows).ravel() / series.days, "uniform").pvalue > 0.01


def test_a_jitter_moves_no_event_further_than_its_width_or_into_another_stretch():
    series = SERIES["holed"]
    stretches = series.window.watched_stretches
    for width in (0.05, 0.3):
        rows = surrogates(series, local_jitter(width), size=300, rng=11)
        # 7.9 and 8.0 may change places
        apart = np.minimum(np.abs(rows - series.times), np.abs(rows - series.times[[0, 1, 3, 2, 4]]))
        assert apart.max() <= width + 1e-9
    rows = surrogates(series, local_jitter(100), size=300, rng=11)
    for start, end in stretches:
        kept = np.sum((series.times >= start) & (series.times < end))
        assert np.all(np.sum((rows >= start) & (rows < end), axis=1) == kept)


@pytest.mark.parametrize("width", [0.7, 25.0])
def test_turning_back_at_the_edges_leaves_an_even_pace_even(width):
    window = Window(0.0, 30.0, holes=((4.0, 11.0),))
    series = poisson(window, n=4000, rng=12).series
    moved = local_jitter(width)(series, 13)
    assert stats.kstest(window.clock(moved.times) / window.days, "uniform").pvalue > 0.01
    near_an_edge = np.sum((moved.times < 0.2) | (np.abs(moved.times - 11) < 0.2) | (moved.times > 29.8))
    assert near_an_edge == pytest.approx(4000 * 0.6 / 23, rel=0.3)


@pytest.mark.parametrize("null", EVERY_NULL, ids=lambda null: null.name)
def test_simulated_times_are_rounded_as_the_data_are(null):
    mid_days = surrogates(SERIES["days"], null, size=100, rng=14)
    assert np.all(mid_days % 1 == 0.5)
    whole_days = surrogates(SERIES["days since"], null, size=100, rng=14)
    assert np.all(whole_days % 1 == 0)
    assert whole_days.max() <= 29


@pytest.mark.parametrize("null", EVERY_NULL, ids=lambda null: null.name)
def test_minutes_on_a_lattice_survive_rounding_errors(null):
    minute = 1 / 1440
    times = (np.array([3, 4, 5, 700, 1400, 2000, 2879]) + 0.5) * minute
    series = EventSeries.from_numbers(times, start=0, end=2, precision=minute)
    rows = surrogates(series, null, size=200, rng=15)
    assert rows / minute - 0.5 == pytest.approx(np.rint(rows / minute - 0.5), abs=1e-6)
    if null is circular_shift:
        assert np.all(np.diff(rows, axis=1) > minute / 2)


def test_a_series_that_was_redrawn_has_exact_times_and_keeps_its_notes():
    series = EventSeries(
        [2.5, 9.5],
        Window(0.0, 30.0, opened_by_event=True),
        label="drones",
        earliest=[2, 9],
        latest=[3, 10],
        opener=(0.0, 1.0, 1.0),
        resolution="drawn",
        notes=("two of the dates are known to the day",),
    )
    redrawn = uniform_times(series, 16)
    assert not redrawn.uncertain
    assert redrawn.resolution == "exact"
    assert (redrawn.label, redrawn.notes) == (series.label, series.notes)


def test_every_null_says_what_it_keeps_and_what_it_destroys():
    assert list(NULLS) == ["uniform_times", "shuffled_waits", "circular_shift", "local_jitter"]
    for name, sentence in NULLS.items():
        assert sentence.startswith("keeps "), name
        assert "; destroys " in sentence, name
    assert str(uniform_times) == f"uniform_times: {NULLS['uniform_times']}"
    assert "destroys timing finer than 7 units" in local_jitter(7).__doc__
    assert "keeps the watched length of every wait" in shuffled_waits.__doc__


def test_nulls_are_known_by_name_and_a_wrong_name_is_told_the_nearest():
    series = SERIES["plain"]
    by_name = surrogates(series, "circular_shift", size=4, rng=17)
    assert np.array_equal(by_name, surrogates(series, circular_shift, size=4, rng=17))
    with pytest.raises(ParameterError, match="Did you mean 'shuffled_waits'"):
        surrogates(series, "shuffled_wait", size=4, rng=17)
    with pytest.raises(ParameterError, match=r"pass local_jitter\(7\)"):
        surrogates(series, "local_jitter", size=4, rng=17)
    for size in (-1, 2.5, True):
        with pytest.raises(ParameterError, match="size must be a whole number"):
            surrogates(series, "uniform_times", size=size, rng=17)
    for width in (0, -1, float("inf"), "7"):
        with pytest.raises(ParameterError, match="width of a jitter"):
            local_jitter(width)
    assert surrogates(series, "uniform_times", size=0, rng=17).shape == (0, 5)


@pytest.mark.parametrize("null", EVERY_NULL, ids=lambda null: null.name)
def test_a_null_can_be_sent_to_another_process(null):
    sent = pickle.loads(pickle.dumps(null))
    assert sent == null
    assert np.array_equal(sent(SERIES["plain"], 18).times, null(SERIES["plain"], 18).times)


@given(
    data=st.data(),
    precision=st.sampled_from([0.0, 1 / 24, 0.5, 1.0]),
    end=st.sampled_from([30.0, 17.3, 8.0]),
    opened=st.booleans(),
    closed=st.booleans(),
    seed=st.integers(0, 2**32),
)
@settings(deadline=None, max_examples=150)
@pytest.mark.filterwarnings("ignore::analysis.TiesWarning")
def test_what_a_null_keeps_it_keeps_on_any_window_and_lattice(data, precision, end, opened, closed, seed):
    # Holes and ends off the lattice, tied days, an opening and a closing event: rounding a redrawn record again used
    # to change its waits by up to one step there, and to carry a jittered event over a hole.
    edges = sorted(data.draw(st.lists(st.floats(0.1, end - 0.1), min_size=0, max_size=4, unique=True)))
    holes = tuple(zip(edges[::2], edges[1::2], strict=False))
    window = Window(0.0, end, holes=holes, opened_by_event=opened, closed_by_event=closed)
    drawn = np.array(data.draw(st.lists(st.floats(0, end - 1e-6), max_size=8)), dtype=float)
    if precision:
        drawn = np.floor(drawn / precision) * precision + (0.0 if opened else precision / 2)
    drawn = np.sort(drawn[window.is_watched(drawn) & (drawn < end)])
    series = EventSeries(np.append(drawn, end) if closed else drawn, window, precision=precision)
    free = drawn.size
    first = 0 if opened else 1

    rows = surrogates(series, shuffled_waits, size=20, rng=seed)[:, :free]
    waits, kept = (np.diff(window.clock(x), prepend=0.0, axis=-1) for x in (rows, drawn))
    assert np.sort(waits[:, first:], axis=1) == pytest.approx(np.tile(np.sort(kept[first:]), (20, 1)), abs=1e-6)
    if free and not opened:
        assert rows[:, 0] == pytest.approx(drawn[0], abs=1e-6)

    if free:
        circle = np.diff(np.append(window.clock(drawn), window.clock(drawn)[0] + window.days))
        turns = np.array([np.roll(circle, k) for k in range(free)])
        for row in window.clock(surrogates(series, circular_shift, size=20, rng=seed)[:, :free]):
            found = np.diff(np.append(row, row[0] + window.days))
            assert np.abs(turns - found).max(axis=1).min() < 1e-6

    rows = surrogates(series, local_jitter(0.7), size=20, rng=seed)
    for start, stop in window.watched_stretches:
        counts = np.sum((rows >= start) & (rows < stop), axis=1)
        assert np.all(counts == np.sum((series.times >= start) & (series.times < stop)))
