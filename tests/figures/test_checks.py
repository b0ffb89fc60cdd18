"""Figures of the checks: the specification curve, the placebo dates, the power."""

from __future__ import annotations

import numpy as np
import pytest

from analysis.errors import ParameterError
from analysis.figures import multiverse, placebo, power, style


def test_every_specification_with_an_effect_has_its_place_and_its_marks(cases, seen):
    ax = multiverse.specification_curve(cases["MULTIVERSE"])
    words = seen(ax).words()
    assert "n = 3, 4 different series" in words
    assert "joint p of the median p = 0.12" in words
    assert "1 without an effect are not drawn" in words
    assert "1 count other attacks" in words
    upper, lower = ax.child_axes
    drawn = sum(len(line.get_xdata()) for line in upper.lines if line.get_marker() in "ov^")
    assert drawn == 3
    assert ax.get_yticklabels()[0].get_text() == "weapon: as given"
    marks = sum(len(c.get_segments()) for c in lower.collections if hasattr(c, "get_segments"))
    assert marks == 3 * 2  # one mark per specification and axis


def test_the_zero_ratio_stands_first_and_the_unbounded_last(cases):
    upper = multiverse.specification_curve(cases["MULTIVERSE"]).child_axes[0]
    at = {m: [x for line in upper.lines if line.get_marker() == m for x in line.get_xdata()] for m in "vo^"}
    assert at == {"v": [0], "o": [1], "^": [2]}
    (diamond,) = (line for line in upper.lines if line.get_marker() == "D")
    assert list(diamond.get_xdata()) == [1]


def test_the_date_asked_about_stands_out_among_the_others(cases, gallery, seen):
    shown = seen(gallery["placebo dates"]())
    (actual,), (others,) = shown.lines("actual"), shown.lines("placebo")
    assert len(actual.get_xdata()) == 1
    assert f"{len(others.get_xdata()) + 1} dates" in shown.words()
    (line,) = shown.lines("p at the date")
    assert line.get_ydata()[0] == actual.get_ydata()[0]
    assert len(shown.lines("event")[0].get_xdata()) == cases["YEAR"].n
    assert "rank p = " in style.alt_text(shown.fig)


def test_the_power_is_drawn_with_what_the_simulation_leaves_open(cases, seen):
    shown = seen(power.curve(cases["SMALLEST"]))
    (line,) = shown.lines("power")
    assert line.get_ydata() == pytest.approx([1.0, 0.96, 0.41, 0.04])
    (band,) = shown.collections("limits")
    assert np.allclose(band.get_paths()[0].get_extents().y1, 1.0)
    (mark,) = shown.lines("smallest effect")
    assert mark.get_xdata()[0] == 0.22
    assert "0.17 to 0.27" in shown.words()


def test_another_table_is_refused(cases):
    with pytest.raises(ParameterError, match="column"):
        power.curve(cases["RATES"])
    with pytest.raises(ParameterError, match="another figure"):
        placebo.dates(cases["SILENCE"], cases["WORKED"])
