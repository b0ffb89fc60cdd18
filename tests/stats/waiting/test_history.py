"""The number of earlier waits that a silence would need: the closed form, its limit, and thin records."""

from __future__ import annotations

import numpy as np
import pytest

from analysis.errors import ParameterError
from analysis.stats import waiting
from analysis.timeline import EventSeries


def series(times, end, *, opened=True):
    return EventSeries.from_numbers(times, start=0, end=end, opened_by_event=opened)


def test_no_number_of_waits_makes_24_days_surprising_at_a_mean_wait_of_13_and_a_half():
    # By hand: with the pace known exactly p = exp(-24 / 13.5) = 0.169, above 0.05.
    found = waiting.history_needed(series([24, 27], 51))
    assert found.effect.value is None
    assert not found.inconclusive
    assert found.settings["pvalue_rate_known"] == pytest.approx(np.exp(-24 / 13.5))
    assert "pace known exactly" in found.warnings[1]


def test_the_number_is_the_fewest_at_which_silence_itself_has_that_p():
    # Mean wait 10, silence 40: (n 10 / (n 10 + 40))^n is 0.0504 at n = 7... so the next one is asked of silence().
    found = waiting.history_needed(series([10], 50))
    n = int(found.effect.value)
    p = [waiting.silence(series(10.0 * np.arange(1, k + 1), 10 * k + 40)).pvalue for k in (n - 1, n)]
    assert p[0] > 0.05 >= p[1]


def test_the_waits_there_are_give_the_p_of_silence():
    record = series([3, 5, 11], 30)
    assert waiting.history_needed(record).statistic == pytest.approx(waiting.silence(record).pvalue)


@pytest.mark.parametrize("scale", [1 / 24, 365.25])
def test_the_unit_of_time_does_not_matter(scale):
    plain = waiting.history_needed(series([3, 5, 11], 60))
    other = waiting.history_needed(series(np.array([3, 5, 11]) * scale, 60 * scale))
    assert other.effect.value == plain.effect.value


@pytest.mark.parametrize("thin", [series([], 10), series([], 10, opened=False), series([0.0], 10, opened=False)])
def test_without_a_pace_there_is_a_reason(thin):
    found = waiting.history_needed(thin)
    assert found.inconclusive
    assert found.warnings[0]


def test_a_wrong_level_is_named():
    with pytest.raises(ParameterError, match="level"):
        waiting.history_needed(series([1, 2], 5), level=2)
