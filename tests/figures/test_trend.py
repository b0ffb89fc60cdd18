"""The fitted trend against the straight line, and the progress curve on logarithmic axes."""

from __future__ import annotations

import numpy as np
import pytest

from analysis.errors import ParameterError
from analysis.figures import style, trend
from analysis.stats import trend as tested


def test_the_fit_ends_at_the_count_and_the_line_is_straight(cases, seen):
    series = cases["CLOSED"]
    shown = seen(trend.fitted(tested.power_law(series), series))
    (fit,), (even,), (count,) = shown.lines("fit"), shown.lines("constant rate"), shown.lines("count")
    assert fit.get_ydata()[-1] == even.get_ydata()[-1] == count.get_ydata()[-1] == 5
    assert np.allclose(np.diff(even.get_ydata(), n=2), 0, atol=1e-9)
    assert "n = 5, 23.5 years watched" in shown.words()
    assert "power-law shape" in shown.words()


def test_the_fitted_log_linear_rate_is_the_integral_of_its_exponential(cases, seen):
    series = cases["HOURS"]
    found = tested.laplace(series)
    (fit,) = seen(trend.fitted(found, series)).lines("fit")
    theta = found.effect.value
    share = series.window.clock(fit.get_xdata()) / 26
    assert np.asarray(fit.get_ydata()) == pytest.approx(5 * np.expm1(theta * share) / np.expm1(theta))


def test_a_hole_is_hatched_and_named(cases, seen):
    shown = seen(trend.fitted(tested.milhdbk189(cases["HOURS"]), cases["HOURS"]))
    assert len(shown.patches("not watched")) == 1
    assert "hatched: not watched" in shown.words()


def test_the_alternative_text_says_which_way_the_count_bends(cases):
    early = style.alt_text(trend.fitted(tested.laplace(cases["CLOSED"]), cases["CLOSED"]).figure)
    assert "bends above that line" in early
    assert "log-rate change per window" in early


def test_the_progress_curve_shows_every_wait_on_logarithmic_axes(cases, seen):
    shown = seen(trend.progress(tested.progress_curve(cases["CLOSED"])))
    (waits,) = shown.lines("wait")
    assert waits.get_ydata() == pytest.approx([0.7, 6.8, 0.1, 15.5])
    assert (shown.ax.get_xscale(), shown.ax.get_yscale()) == ("log", "log")
    assert "number of the wait, in order (n = 4)" in shown.words()
    assert "R² = " in shown.words()


def test_a_finding_of_another_test_is_refused(cases):
    with pytest.raises(ParameterError, match="another figure"):
        trend.progress(tested.laplace(cases["CLOSED"]))
