"""What must not move an answer: where the clock starts, its unit, the order in which events are typed."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.stats import waiting
from analysis.timeline import EventSeries

TESTS = {
    "silence": waiting.silence,
    "gamma": lambda s: waiting.silence(s, law="gamma", shape=0.6),
    "weibull": lambda s: waiting.silence(s, law="weibull", shape=2.0),
    "longest": waiting.longest_silence,
    "solow": waiting.solow,
    "declining": waiting.solow_declining,
    "last event": waiting.last_event_ole,
    "needed": waiting.silence_needed,
    "forecast": waiting.forecast,
    "median": waiting.survival,
    "mean": waiting.mean_wait,
    "shape": lambda s: waiting.shape_against_one(s, rng=1, resamples=99),
    "distance": lambda s: waiting.exponentiality(s, rng=1, resamples=99),
}
# Irregular times a good deal apart, as shares of the window.
shares = st.lists(st.integers(1, 997), min_size=2, max_size=9, unique=True)


@pytest.mark.parametrize("name", list(TESTS))
@settings(max_examples=15, deadline=None, derandomize=True)
@given(times=shares, opened=st.booleans(), shift=st.floats(-1e4, 1e4), scale=st.floats(0.01, 400))
def test_shift_scale_and_order(name, times, opened, shift, scale):
    # Days or hours, from 1970 or from the first strike, typed in any order: one p, the effect in the new unit.
    plain = EventSeries.from_numbers(sorted(times), start=0, end=1000, opened_by_event=opened)
    moved = EventSeries.from_numbers(
        shift + scale * np.array(times), start=shift, end=shift + scale * 1000, opened_by_event=opened
    )
    a, b = TESTS[name](plain), TESTS[name](moved)
    assert a.inconclusive == b.inconclusive
    if a.pvalue is not None:
        assert b.pvalue == pytest.approx(a.pvalue, rel=1e-5, abs=0.021 if name in ("shape", "distance") else 1e-9)
    if a.effect is not None and a.effect.value is not None:
        unit = scale if a.effect.unit else 1.0
        assert b.effect.value == pytest.approx(a.effect.value * unit, rel=1e-5)


@settings(max_examples=50, deadline=None, derandomize=True)
@given(times=shares, opened=st.booleans(), more=st.floats(0.1, 5000))
def test_a_longer_silence_is_never_less_surprising(times, opened, more):
    now = EventSeries.from_numbers(times, start=0, end=1000, opened_by_event=opened)
    later = EventSeries.from_numbers(times, start=0, end=1000 + more, opened_by_event=opened)
    for ask in (waiting.silence, TESTS["gamma"], TESTS["weibull"], waiting.solow_declining):
        assert ask(later).pvalue <= ask(now).pvalue * (1 + 1e-9)


@settings(max_examples=50, deadline=None, derandomize=True)
@given(times=shares, opened=st.booleans())
def test_the_open_silence_is_never_more_surprising_as_the_longest_of_all(times, opened):
    # Searching all stretches for the longest cannot make it rarer than looking at the one that was named.
    series = EventSeries.from_numbers(times, start=0, end=1000, opened_by_event=opened)
    longest = waiting.longest_silence(series)
    if longest.settings["open_is_a_record"]:
        assert longest.pvalue >= waiting.silence(series).pvalue - 1e-12


@settings(max_examples=50, deadline=None, derandomize=True)
@given(times=shares, cut=st.integers(1, 999))
def test_a_hole_counts_as_no_time_for_the_exponential_law(times, cut):
    # Cutting 250 days out of the middle of nowhere is the same as never having lived them.
    whole = EventSeries.from_numbers(times, start=0, end=1000)
    moved = [t if t < cut else t + 250 for t in times]
    holed = EventSeries.from_numbers(moved, start=0, end=1250, holes=[(cut, cut + 250)])
    for ask in (waiting.silence, waiting.longest_silence, waiting.mean_wait, waiting.solow):
        assert ask(holed).effect.value == pytest.approx(ask(whole).effect.value)
        assert ask(holed).pvalue == pytest.approx(ask(whole).pvalue) if ask(whole).pvalue else True
