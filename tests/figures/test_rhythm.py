"""Hours and weekdays as bars, with the fitted law and what even days would give."""

from __future__ import annotations

import numpy as np
import pytest

from analysis.errors import ParameterError
from analysis.figures import rhythm, style
from analysis.stats import rhythm as tested


def test_bars_hold_every_event_once_and_the_even_line_is_their_mean(cases, seen):
    series = cases["DENSE"]
    found = tested.rayleigh(series)
    shown = seen(rhythm.hours(found))
    heights = [bar.get_height() for bar in shown.ax.patches]
    assert sum(heights) == pytest.approx(found.n_events)
    (even,) = shown.lines("even")
    assert even.get_ydata()[0] == pytest.approx(np.mean(heights))
    assert f"n = {series.n}" in shown.words()


def test_the_fit_holds_as_many_events_and_its_mean_hour_is_marked(cases, seen):
    series = cases["GATHERED"]
    fit = tested.von_mises(series)
    shown = seen(rhythm.hours(tested.rayleigh(series), fit=fit))
    (curve,) = shown.lines("fit")
    assert np.mean(curve.get_ydata()[:-1]) * 12 == pytest.approx(series.n, rel=1e-6)
    (mean,) = shown.lines("mean hour")
    assert mean.get_xdata()[0] == pytest.approx(fit.effect.value)
    drawn = sum(np.ptp(line.get_xdata()) for line in shown.lines("mean hour limits"))
    assert drawn == pytest.approx(fit.effect.high - fit.effect.low)


def test_an_arc_across_midnight_counts_on_both_sides(cases):
    spread = rhythm._spread(np.array([0.0]), np.array([4.0]), np.arange(0, 25, 2.0))
    assert spread[[0, -1]].tolist() == pytest.approx([0.5, 0.5])
    assert spread.sum() == pytest.approx(1)


def test_weekdays_show_what_watched_time_would_give(cases, seen):
    found = tested.weekday(cases["TIES"])
    shown = seen(rhythm.weekdays(found))
    assert sum(bar.get_height() for bar in shown.ax.patches) == pytest.approx(5)
    (expected,) = shown.collections("expected")
    assert np.mean([s[0][1] for s in expected.get_segments()]) == pytest.approx(5 / 7)
    assert "weekday" in style.alt_text(shown.fig)
    with pytest.raises(ParameterError, match="weekday"):
        rhythm.weekdays(tested.rayleigh(cases["DENSE"]))
