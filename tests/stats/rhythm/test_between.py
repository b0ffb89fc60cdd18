"""The share between two hours: binomial by hand, arcs, over midnight, edges."""

import numpy as np
import pytest
from scipy import stats

from analysis import EventSeries, ParameterError
from analysis.stats import rhythm
from analysis.timeline import Window


def at_hours(*hours, end=None, resolution="exact", width=0.0):
    times = np.arange(len(hours)) + np.array(hours, dtype=float) / 24
    window = Window(0.0, float(end or len(hours) + 1))
    half = width / 48
    return EventSeries(times, window, earliest=times - half, latest=times + half, resolution=resolution)


def test_it_is_the_binomial_of_the_hours_share_of_the_clock():
    # 4 of 6 between 18 and 6; half the clock: by hand 15 + 6 + 1 of 64 outcomes.
    found = rhythm.between(at_hours(19.3, 23.9, 2.4, 5.99, 9.2, 17.9), hours=(18, 6), alternative="greater")
    assert found.settings["events_inside"] == 4
    assert found.pvalue == pytest.approx(22 / 64)
    assert found.effect.value == pytest.approx(2.0)
    assert found.attainable_pvalue == pytest.approx(1 / 64)


def test_p_at_the_limit_is_alpha():
    found = rhythm.between(at_hours(19.3, 23.9, 2.4, 9.2, 13.1), hours=(20, 4), alternative="greater")
    odds = found.effect.low * (8 / 24) / (16 / 24)
    assert stats.binom.sf(found.settings["events_inside"] - 1, 5, odds / (1 + odds)) == pytest.approx(0.05)


def test_from_is_in_and_to_is_out():
    found = rhythm.between(at_hours(18.0, 6.0), hours=(18, 6))
    assert found.settings["events_inside"] == 1


@pytest.mark.parametrize("shift", [1.0, 7.0])
def test_whole_days_later_changes_nothing(shift):
    series = at_hours(19.3, 23.9, 2.4, 9.2)
    later = EventSeries(series.times + shift, Window(0.0, series.window.span + shift))
    assert rhythm.between(later, hours=(18, 6)).pvalue == pytest.approx(rhythm.between(series, hours=(18, 6)).pvalue)


def test_a_part_of_the_day_inside_the_hours_needs_no_draw_and_one_across_does():
    inside = at_hours(21.0, 3.0, 0.0, resolution="drawn", width=6.0)
    inside = inside.cut(0.5, 4.0) if inside.earliest.min() < 0 else inside
    assert rhythm.between(inside, hours=(18, 6), alternative="greater").pvalue == pytest.approx(0.5**inside.n)
    across = at_hours(17.0, 3.0, resolution="drawn", width=6.0)
    with pytest.raises(ParameterError):
        rhythm.between(across, hours=(18, 6))
    # 17 h within 3 h either way lies inside in a third of its readings: p is the mean over 1/4 and 3/4.
    found = rhythm.between(across, hours=(18, 6), alternative="greater", rng=3, draws=4000)
    assert found.pvalue == pytest.approx(0.25 / 3 + 0.75 * 2 / 3, abs=0.02)


def test_hours_that_few_watched_are_weighed_by_watched_time():
    # Watched from noon to noon for one day and from noon to midnight on the next: 24 of 36 hours are night or evening.
    series = EventSeries(np.array([0.3, 0.9, 1.2]), Window(0.0, 1.5))
    found = rhythm.between(series, hours=(0, 12))
    assert found.settings["share_of_clock"] == pytest.approx(24 / 36, abs=1e-4)


@pytest.mark.parametrize("hours", [(6, 6), (18, 24), (-1, 3), (18,), "night"])
def test_hours_that_are_no_part_of_the_day_are_refused(hours):
    with pytest.raises(ParameterError):
        rhythm.between(at_hours(1.0), hours=hours)


def test_no_event_with_an_hour_is_inconclusive():
    assert rhythm.between(EventSeries(np.array([]), Window(0.0, 5.0)), hours=(18, 6)).inconclusive


def test_power_is_that_of_the_binomial():
    # 12 events, half the clock, ratio 4: the test rejects from 10 on (79 of 4096), and the share is 0.8.
    power = rhythm.between_power(n=12, share=0.5, ratio=4)
    assert power == pytest.approx(stats.binom.sf(9, 12, 0.8))
    assert rhythm.between_power(n=3, share=0.5, ratio=1e6) == 0
