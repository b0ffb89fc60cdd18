"""Counts with their fit and the course without the change, and the posterior of an uncertain onset."""

from __future__ import annotations

import numpy as np
import pytest

from analysis import CountSeries
from analysis.errors import ParameterError
from analysis.figures import interruption, style
from analysis.stats import interruption as tested
from analysis.stats import trend

COUNTS = CountSeries(np.arange(10.0), [4, 5, 3, 4, 0, 1, 0, 2, 1], [1, 1, 1, 1, 0, 1, 1, 1, 1])


def test_the_lines_are_the_fit_and_what_would_have_come(seen):
    # By hand: 16 in 4 before, 4 in 4 after.
    shown = seen(interruption.counterfactual(tested.interrupted(COUNTS, at=5.0), COUNTS))
    before, after = (line.get_ydata() for line in shown.lines("fit"))
    assert before == pytest.approx(np.full(8, 4.0))
    assert after == pytest.approx(np.full(8, 1.0))
    (without,) = shown.lines("without")
    assert without.get_ydata() == pytest.approx(np.full(8, 4.0))
    assert len(shown.collections("missing")) == len(shown.collections("band")) == 1
    assert "n = 20" in shown.words()


def test_a_bin_that_nobody_watched_is_hatched_and_breaks_the_lines(seen):
    shown = seen(interruption.counterfactual(tested.interrupted(COUNTS, at=5.0), COUNTS))
    assert len(shown.patches("not watched")) == 1
    assert "hatched: not watched" in shown.words()
    assert len(shown.patches("count")) == 8


def test_the_alternative_text_says_what_came_and_what_would_have(seen):
    text = style.alt_text(interruption.counterfactual(tested.missing(COUNTS, at=5.0), COUNTS).figure)
    assert "4 came and 16 would have come" in text
    assert "attacks missing 12" in text


def test_prior_and_posterior_stand_side_by_side(seen):
    found = tested.uncertain_onset(COUNTS, prior={3.0: 1, 5.0: 3}, rng=1, resamples=99)
    shown = seen(interruption.onset(found))
    assert [bar.get_height() for bar in shown.patches("prior")] == pytest.approx([0.25, 0.75])
    assert sum(bar.get_height() for bar in shown.patches("posterior")) == pytest.approx(1)


def test_a_finding_of_another_test_is_refused(cases):
    with pytest.raises(ParameterError, match="another figure"):
        interruption.onset(trend.laplace(cases["CLOSED"]))
