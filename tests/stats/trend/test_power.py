"""What Laplace's test could show: against simulation and by symmetry."""

import numpy as np
import pytest

from analysis import EventSeries, ParameterError
from analysis.stats import trend


@pytest.mark.parametrize("n", [1, 3, 19, 35])
@pytest.mark.parametrize("alternative", ["less", "greater", "two-sided"])
def test_without_a_change_the_power_is_the_level(n, alternative):
    assert trend.laplace_power(n, change=0, alternative=alternative) == pytest.approx(0.05)


def test_it_is_the_share_of_simulated_records_that_the_test_rejects():
    rng, n, change = np.random.default_rng(4), 8, 2.5
    u = np.log1p(rng.random((600, n)) * np.expm1(change)) / change
    rejected = np.mean(
        [
            trend.laplace(EventSeries.from_numbers(row, start=0, end=1), alternative="greater").pvalue <= 0.05
            for row in u
        ]
    )
    # 600 records: three standard errors.
    assert trend.laplace_power(n, change=change) == pytest.approx(rejected, abs=0.06)


def test_a_rise_and_a_fall_mirror_each_other():
    up, down = trend.laplace_power(7, change=1.3), trend.laplace_power(7, change=-1.3, alternative="less")
    assert up == pytest.approx(down)
    assert trend.laplace_power(7, change=-1.3) < 0.05


def test_the_law_beyond_a_hundred_events_joins_the_exact_one():
    assert trend.laplace_power(101, change=0.8) == pytest.approx(trend.laplace_power(100, change=0.8), abs=0.006)


def test_no_event_has_no_power_and_nonsense_is_refused():
    assert trend.laplace_power(0, change=3) == 0
    for n, change in ((-1, 1.0), (2.5, 1.0), (3, np.inf)):
        with pytest.raises(ParameterError):
            trend.laplace_power(n, change=change)
