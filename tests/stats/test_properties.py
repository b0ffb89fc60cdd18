"""What must not change a finding: the calendar, the unit, the order of the rows, a window told in two parts."""

from __future__ import annotations

import warnings
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from analysis import EventSeries, ParameterError, Window
from analysis.stats import (
    changepoint,
    clustering,
    coincidence,
    hazard,
    interruption,
    rates,
    sequential,
    trend,
    waiting,
)
from analysis.timeline import StateSeries

# Statistics, not language: left to the main environment.
pytestmark = pytest.mark.slow

# The same examples in every run, and few of them for each test.
SAME = settings(
    derandomize=True, max_examples=12, deadline=None, database=None, suppress_health_check=list(HealthCheck)
)
END = 50.0
DRAWN = {"rng": 1, "resamples": 99}

# name: (test of a series, how its effect moves with the unit of time: as time, as 1 / time, or not)
# Another family is another few lines here.
TESTS = {
    "rates.rate": (lambda s, unit: rates.rate(s), -1),
    "rates.ratio": (lambda s, unit: rates.ratio(s, at=s.window.start + 20 * unit), 0),
    "rates.equivalence": (lambda s, unit: rates.equivalence(s, at=s.window.start + 20 * unit, margin=2.0), 0),
    "rates.dispersion": (lambda s, unit: rates.dispersion(s, width=5 * unit, **DRAWN), 0),
    "waiting.silence": (lambda s, unit: waiting.silence(s), 1),
    "waiting.longest_silence": (lambda s, unit: waiting.longest_silence(s), 1),
    "waiting.silence_needed": (lambda s, unit: waiting.silence_needed(s), 1),
    "waiting.survival": (lambda s, unit: waiting.survival(s), 1),
    "waiting.law, exponential": (lambda s, unit: waiting.law(s, "exponential"), 1),
    "waiting.solow": (lambda s, unit: waiting.solow(s), 1),
    "waiting.forecast": (lambda s, unit: waiting.forecast(s), 1),
    "trend.laplace": (lambda s, unit: trend.laplace(s), 0),
    "trend.milhdbk189": (lambda s, unit: trend.milhdbk189(s), 0),
    "trend.lewis_robinson": (lambda s, unit: trend.lewis_robinson(s, **DRAWN), 0),
    "trend.mann": (lambda s, unit: trend.mann(s), 0),
    "trend.cramer_von_mises": (lambda s, unit: trend.cramer_von_mises(s, **DRAWN), 0),
    "trend.power_law": (lambda s, unit: trend.power_law(s), 0),
    "trend.progress_curve": (lambda s, unit: trend.progress_curve(s), 0),
    "changepoint.one_change": (lambda s, unit: changepoint.one_change(s), 1),
    "changepoint.scan": (lambda s, unit: changepoint.scan(s, **DRAWN, date_resamples=19), 1),
    "changepoint.blocks": (lambda s, unit: changepoint.blocks(s, p0=0.05), 0),
    "changepoint.pelt": (lambda s, unit: changepoint.pelt(s, width=5 * unit, penalty=4.0), 0),
    "clustering.burstiness": (lambda s, unit: clustering.burstiness(s, **DRAWN), 0),
    "clustering.memory": (lambda s, unit: clustering.memory(s, **DRAWN), 0),
    "coincidence.rate_while": (lambda s, unit: coincidence.rate_while(s, spells(s, unit)), 0),
    "coincidence.event_coincidence": (
        lambda s, unit: coincidence.event_coincidence(s, beside(s), window_days=4 * unit, **DRAWN),
        0,
    ),
    "hazard.piecewise_exponential": (lambda s, unit: hazard.piecewise_exponential(s, spells(s, unit)), 0),
    "hazard.series_hazard": (lambda s, unit: hazard.series_hazard(s, spells(s, unit), **DRAWN), 0),
    "interruption.interrupted": (
        lambda s, unit: interruption.interrupted(s.binned(5 * unit), at=20 * unit),
        0,
    ),
    "sequential.evidence": (lambda s, unit: sequential.evidence(s, reference=0.1 / unit), -1),
}


def spells(series, unit: float) -> StateSeries:
    """A state that is on twice, at the same places of the window whatever its axis."""
    start = series.window.start
    return StateSeries(tuple((start + a * unit, start + b * unit) for a, b in ((6, 14), (31, 38))), series.window)


def beside(series) -> EventSeries:
    """Another series in the same window: five events, spread over its watched time."""
    window = series.window
    return EventSeries(window.unclock(window.days * np.array([0.11, 0.31, 0.34, 0.62, 0.93])), window)


EVERY = pytest.mark.parametrize("name", TESTS)


@st.composite
def records(draw):
    """Events on eighths (exact in binary) off the edges, in a window that may have holes."""
    edges = draw(st.lists(st.integers(1, 49), unique=True, max_size=4).map(sorted))
    holes = tuple((float(a), float(b)) for a, b in zip(edges[::2], edges[1::2], strict=False))
    window = Window(0.0, END, holes=holes, opened_by_event=draw(st.booleans()))
    times = np.array(draw(st.lists(st.integers(0, 399), unique=True, max_size=12)), dtype=float) / 8 + 1 / 16
    return EventSeries(times[window.is_watched(times)], window)


def moved(one: EventSeries, *, unit: float = 1.0, shift: float = 0.0) -> EventSeries:
    """The same record on another axis."""
    w = one.window
    holes = tuple((a * unit + shift, b * unit + shift) for a, b in w.holes)
    return EventSeries(one.times * unit, Window(shift, END * unit + shift, holes, w.opened_by_event))


def asked(name: str, series: EventSeries, unit: float = 1.0):
    """The finding, or the words of a refusal (which must then be that of the other record too)."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return TESTS[name][0](series, unit)
        except ParameterError as refusal:
            return type(refusal).__name__


def agree(found, other, *, factor: float = 1.0) -> None:
    """Both findings say the same, the effect multiplied by ``factor``."""
    if isinstance(found, str) or isinstance(other, str):
        assert found == other
        return
    assert other.inconclusive == found.inconclusive
    assert other.n_events == found.n_events
    for part in ("pvalue", "attainable_pvalue"):
        assert getattr(other, part) == nearly(getattr(found, part))
    if found.effect is None:
        assert other.effect is None
        return
    for part in ("value", "low", "high"):
        own = getattr(found.effect, part)
        assert getattr(other.effect, part) == nearly(None if own is None else own * factor)


def nearly(value: float | None):
    return None if value is None else pytest.approx(value, rel=1e-5, abs=1e-7)


@EVERY
@given(one=records(), unit=st.sampled_from([0.125, 8.0, 64.0]))
@SAME
def test_another_unit_of_time_changes_the_unit_of_the_answer(name, one, unit):
    agree(asked(name, one), asked(name, moved(one, unit=unit), unit), factor=unit ** TESTS[name][1])


@EVERY
@given(one=records(), shift=st.integers(-1000, 1000).map(float))
@SAME
def test_another_calendar_changes_nothing(name, one, shift):
    agree(asked(name, one), asked(name, moved(one, shift=shift)))


@EVERY
@given(one=records(), order=st.randoms(use_true_random=False))
@SAME
def test_the_order_of_the_rows_changes_nothing(name, one, order):
    rows = list(one.times)
    order.shuffle(rows)
    agree(asked(name, one), asked(name, EventSeries(rows, one.window)))


@EVERY
@given(one=records(), at=st.integers(1, 49).map(float))
@SAME
def test_a_window_told_in_two_parts_that_meet_is_one_window(name, one, at):
    assume(0 < one.window.watched(0, at) < one.days)
    halves = one.cut(0, at), one.cut(at, END)
    window = halves[0].window.joined(halves[1].window)
    times = np.append(halves[0].times, halves[1].times + at)
    agree(asked(name, one), asked(name, EventSeries(times, window)))


@given(one=records(), rows=st.lists(st.integers(0, 399), max_size=8))
@SAME
def test_rates_of_two_series_laid_over_each_other_add_up(one, rows):
    times = np.array(rows, dtype=float) / 8 + 1 / 16
    other = EventSeries(times[one.window.is_watched(times)], one.window)
    both = one.superposed(other)
    parts = [rates.rate(s) for s in (one, other, both)]
    assert parts[2].n_events == parts[0].n_events + parts[1].n_events
    assert parts[2].effect.value == pytest.approx(parts[0].effect.value + parts[1].effect.value)
    width = 7.0
    assert np.array_equal(both.binned(width).counts, one.binned(width).counts + other.binned(width).counts)


def test_a_hole_of_no_length_is_refused():
    # Nothing is gained by allowing it: a window without it is the same window.
    with pytest.raises(ParameterError, match="end after it starts"):
        Window(0.0, END, holes=((7.0, 7.0),))


def test_two_holes_that_meet_are_one_hole():
    times = np.array([2.0625, 9.5, 30.25, 31.125])
    one = EventSeries(times, Window(0.0, END, holes=((11.0, 17.0),)))
    two = EventSeries(times, replace(one.window, holes=((11.0, 14.0), (14.0, 17.0))))
    for name in TESTS:
        agree(asked(name, one), asked(name, two))


@EVERY
def test_these_tests_do_give_answers(name):
    # Refusals and thin records agree with anything.
    times = [0.4, 1.1, 7.9, 8.2, 9.0, 11.3, 12.6, 13.1, 23.5, 31.9, 33.3, 44.7]
    found = asked(name, EventSeries(times, Window(0.0, END)))
    assert not found.inconclusive
    assert found.effect is not None


def test_a_difference_is_told():
    one = EventSeries([2.0625, 9.5, 30.25], Window(0.0, END))
    for name in ("rates.rate", "trend.laplace", "changepoint.one_change"):
        with pytest.raises(AssertionError):
            agree(asked(name, one), asked(name, EventSeries([2.0625, 9.5, 31.0, 32.0], one.window)))
