"""The law of delay as steps, and the share of each day that is known."""

from __future__ import annotations

import numpy as np
import pytest

from analysis.figures import delay


def test_the_law_is_drawn_as_it_was_found_with_its_limits(cases, seen):
    found = cases["DELAYS"]
    shown = seen(delay.law(found, longest=12))
    (steps,) = shown.lines("law")
    assert steps.get_ydata()[:13] == pytest.approx(found.curve["share"].to_numpy()[:13])
    assert len(shown.collections("limits")) == 1
    assert f"n = {found.n_events}" in shown.words()


def test_the_last_days_are_the_least_known(cases, seen):
    shown = seen(delay.known(cases["COMING"], cases["RECENT"]))
    (patch,) = shown.patches("known")
    heights = patch.get_data().values
    assert heights.size == 25
    assert np.all(np.diff(heights) <= 0)
    assert "still to come" in shown.words()
