"""Hazard ratios by response length, and the cumulative hazard with and without a response."""

from __future__ import annotations

import numpy as np
import pytest

from analysis.errors import ParameterError
from analysis.figures import hazard, style
from analysis.stats import hazard as tested
from analysis.stats import trend


def test_each_response_length_has_its_row_and_its_counts(cases, seen):
    found = tested.by_window(cases["YEAR"], ["2021-02-25", "2021-06-27"], rng=1, resamples=99)
    shown = seen(hazard.ratios(found))
    assert [label.get_text() for label in shown.ax.get_yticklabels()] == ["30 days", "60 days", "90 days"]
    assert len(shown.lines("limits")) == 3
    off, on = found["60 days"].n_events
    assert any(f"{off} in" in words and f"then {on} in" in words for words in shown.named("numbers"))
    assert "hazard ratio, response over none" in shown.words()


def test_the_steps_are_those_of_nelson_and_aalen(seen):
    # By hand: waits 2 and 3 without, then 4 and an open one under a response from day 5: hazards 1/2, 3/2 and 1/2.
    from analysis import EventSeries

    series = EventSeries.from_numbers([2, 5, 9], start=0, end=20, opened_by_event=True)
    found = tested.series_hazard(series, 5, rng=1, resamples=99)
    shown = seen(hazard.cumulative(found))
    (none,), (response,) = shown.lines("none"), shown.lines("response")
    assert np.unique(none.get_ydata()) == pytest.approx([0, 0.5, 1.5])
    assert np.unique(response.get_ydata()) == pytest.approx([0, 0.5])
    assert shown.named("line name") == ["response at work, n = 1", "no response, n = 2"]


def test_the_alternative_text_tells_both_curves(cases):
    found = tested.series_hazard(cases["YEAR"], ["2021-06-27"], response_days=60, rng=1, resamples=99)
    text = style.alt_text(hazard.cumulative(found).figure)
    assert "no response reaches" in text
    assert "response at work reaches" in text
    assert "hazard ratio" in text


def test_a_finding_of_another_test_is_refused(cases):
    with pytest.raises(ParameterError, match="another figure"):
        hazard.cumulative(trend.laplace(cases["CLOSED"]))
