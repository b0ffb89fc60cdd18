"""What the figures of clustering draw is what the findings say."""

from __future__ import annotations

import numpy as np
import pytest

from analysis.errors import ParameterError
from analysis.figures import clustering, style
from analysis.stats import clustering as tested

FEW = {"rng": 1, "resamples": 99}


def test_the_factor_curve_shows_every_length_and_marks_the_one_farthest_out(cases, seen):
    found = tested.fano(cases["YEAR"], **FEW)
    shown = seen(clustering.factor_curve(found))
    (curve,), (worst,) = shown.lines("factor"), shown.lines("worst")
    assert curve.get_xdata() == pytest.approx(found.curve["days"])
    assert curve.get_ydata() == pytest.approx(found.curve["factor"])
    assert worst.get_ydata()[0] == pytest.approx(found.effect.value)
    assert shown.ax.get_xscale() == "log"
    assert len(shown.collections("envelope")) == 1
    assert "n = 60" in shown.words()


def test_the_envelope_is_the_simultaneous_one(cases, seen):
    found = tested.allan(cases["YEAR"], **FEW)
    (band,) = seen(clustering.factor_curve(found)).collections("envelope")
    corners = band.get_paths()[0].vertices
    for days, low, high in found.curve[["days", "low", "high"]].to_numpy():
        at = corners[np.isclose(corners[:, 0], days), 1]
        assert at.min() == pytest.approx(low)
        assert at.max() == pytest.approx(high)


def test_the_intensity_jumps_at_events_by_branching_times_decay(cases, seen):
    series = cases["HOURS"]
    found = tested.hawkes(series, limit_resamples=99, **FEW)
    lines = seen(clustering.intensity(found, series)).lines("intensity")
    assert len(lines) == 2  # nothing is drawn in the hole
    x, y = lines[1].get_xdata(), lines[1].get_ydata()
    jump = np.interp(23.5 + 1e-9, x, y) - np.interp(23.5 - 1e-9, x, y)
    assert jump == pytest.approx(found.settings["branching"] * found.settings["decay"], rel=1e-3)
    assert min(line.get_ydata().min() for line in lines) >= found.settings["background"] - 1e-9


def test_a_hole_is_hatched_and_named(cases, seen):
    series = cases["HOURS"]
    shown = seen(clustering.intensity(tested.hawkes(series, limit_resamples=99, **FEW), series))
    assert len(shown.patches("not watched")) == 1
    assert "hatched: not watched" in shown.words()


def test_rescaled_waits_run_from_small_to_large_within_the_unit_square(cases, seen):
    found = tested.hawkes_residuals(cases["YEAR"], **FEW)
    shown = seen(clustering.rescaled_waits(found))
    (waits,) = shown.lines("waits")
    assert np.all(np.diff(waits.get_ydata()) >= 0)
    assert np.abs(waits.get_ydata() - waits.get_xdata()).max() == pytest.approx(found.statistic, abs=1 / 60)
    assert "band of simulated and refitted records" in shown.words()


def test_the_profile_shades_the_limits_of_the_finding(cases, seen):
    found = tested.hawkes(cases["YEAR"], limit_resamples=99, **FEW)
    shown = seen(clustering.branching_profile(found))
    (span,) = shown.patches("limits")
    box = span.get_extents().transformed(shown.ax.transData.inverted())
    assert (box.x0, box.x1) == pytest.approx((found.effect.low, found.effect.high), abs=1e-6)
    (dot,) = shown.lines("estimate")
    assert dot.get_xdata()[0] == pytest.approx(found.effect.value)


def test_the_alternative_text_says_the_limits(cases):
    found = tested.hawkes(cases["YEAR"], limit_resamples=99, **FEW)
    text = style.alt_text(clustering.branching_profile(found).figure)
    assert "branching ratio" in text
    assert "against no excitation" in text


def test_a_finding_of_another_test_is_refused(cases):
    other = tested.burstiness(cases["YEAR"], **FEW)
    with pytest.raises(ParameterError, match="hawkes"):
        clustering.intensity(other, cases["YEAR"])
    with pytest.raises(ParameterError, match="another figure"):
        clustering.factor_curve(tested.hawkes(cases["HOURS"], limit_resamples=99, **FEW))
