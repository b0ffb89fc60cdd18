"""Evidence with its threshold, and limits that only tighten."""

from __future__ import annotations

import numpy as np
import pytest

from analysis.figures import sequential
from analysis.stats import sequential as tested


def test_evidence_ends_where_the_finding_says_and_the_threshold_is_one_over_alpha(cases, seen):
    series = cases["HOURS"]
    found = tested.evidence(series, reference=0.5, alternative="less")
    shown = seen(sequential.evidence(found, series))
    (line,) = shown.lines("evidence")
    assert line.get_ydata()[-1] == pytest.approx(found.statistic)
    (threshold,) = shown.lines("threshold")
    assert threshold.get_ydata()[0] == pytest.approx(20)
    assert len(shown.patches("not watched")) == 1


def test_limits_tighten_to_those_of_the_finding(cases, seen):
    series = cases["YEAR"]
    found = tested.confidence_sequence(series, expected=0.1)
    shown = seen(sequential.limits(found, series))
    (rate,) = shown.lines("rate")
    assert rate.get_ydata()[-1] == pytest.approx(series.n / series.days)
    (band,) = shown.collections("limits")
    corners = band.get_paths()[0].vertices[:, 1]
    assert np.isclose(corners, found.effect.high).any()
    assert np.isclose(corners, found.effect.low).any()
