"""Changes of pace: what the pictures show is what the findings say."""

from __future__ import annotations

import numpy as np
import pytest

from analysis import EventSeries
from analysis.errors import ParameterError
from analysis.figures import changepoint, style
from analysis.stats import changepoint as stats

TIMES = [0.4, 1.1, 3.0, 4.2, 6.1, 7.9, 8.0, 10.3, 23.5, 31.7]


@pytest.fixture(scope="module")
def series():
    return EventSeries.from_numbers(TIMES, start=0, end=40, holes=[(12, 14)], label="drone")


def test_the_posterior_shows_events_interval_and_median(series, seen):
    finding = stats.one_change(series)
    shown = seen(changepoint.date_posterior(finding, series))
    assert shown.lines("median")[0].get_xdata()[0] == pytest.approx(finding.effect.value)
    np.testing.assert_allclose(shown.lines("events")[0].get_xdata(), TIMES)
    assert shown.collections("interval")
    assert "n = 10" in shown.words()
    assert "not watched" in shown.words()
    assert style.alt_text(shown.fig).startswith("Posterior of the date")


def test_the_steps_are_the_two_rates(series, seen):
    finding = stats.one_change(series)
    shown = seen(changepoint.rate_steps(finding, series))
    before, after = (line.get_ydata()[0] for line in shown.lines("rate"))
    assert (before, after) == (finding.settings["rate_before"], finding.settings["rate_after"])


def test_the_search_shows_its_threshold_and_both_p_values(series, seen):
    finding = stats.scan(series, rng=1, resamples=199)
    shown = seen(changepoint.scanned(finding, series))
    assert shown.lines("threshold")[0].get_ydata()[0] == finding.settings["threshold"]
    assert shown.lines("best")[0].get_xdata()[0] == pytest.approx(finding.effect.value)
    assert "p over all dates" in shown.words()
    assert "as if named before" in shown.words()


def test_nothing_to_show_is_said_in_words(seen):
    empty = EventSeries.from_numbers([], start=0, end=40)
    for draw, finding in (
        (changepoint.date_posterior, stats.one_change(empty)),
        (changepoint.rate_steps, stats.one_change(empty)),
        (changepoint.scanned, stats.scan(empty, rng=1)),
    ):
        sentence = seen(draw(finding, empty)).named("sentence")[0]
        assert sentence.startswith("No ")


def test_a_finding_of_another_family_is_refused(series):
    with pytest.raises(ParameterError, match="density"):
        changepoint.date_posterior(stats.scan(series, rng=1, resamples=99), series)
