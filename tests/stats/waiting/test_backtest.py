"""Every wait forecast from what was before it: values by hand, the uniform law of the PIT, thin records."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from analysis.errors import ParameterError, TiesWarning
from analysis.stats import waiting
from analysis.timeline import EventSeries

IRREGULAR = [0.4, 1.1, 7.9, 8.0, 23.5]


def series(times, end, **settings):
    return EventSeries.from_numbers(times, start=0, end=end, opened_by_event=True, **settings)


def test_the_chances_by_hand():
    # (T_k / T_{k+1})^k for 24, 27 and 53: 1 - 24/27 and 1 - (27/53)^2.
    found = waiting.backtest(series([24, 27, 53], 60))
    assert found.curve["pit"].tolist() == pytest.approx([1 - 24 / 27, 1 - (27 / 53) ** 2])
    assert found.curve["wait"].tolist() == [3, 26]


def test_each_row_is_the_forecast_made_at_that_event_and_its_score():
    found = waiting.backtest(series(IRREGULAR, 30)).curve
    for row in found.itertuples():
        known = series(IRREGULAR[: row.known], IRREGULAR[row.known - 1] + 1e-9)
        scores = waiting.score(waiting.forecast(known), row.wait)
        assert (row.pit, row.log_score, row.crps) == pytest.approx(
            (scores["pit"], scores["log_score"], scores["crps"]), abs=1e-6
        )
        assert bool(row.inside) is scores["inside"]


def test_the_distance_and_its_p_are_those_of_kolmogorov_and_smirnov():
    found = waiting.backtest(series(IRREGULAR, 30))
    expected = stats.kstest(found.curve["pit"], "uniform", method="exact")
    assert found.statistic == pytest.approx(expected.statistic)
    assert found.pvalue == pytest.approx(expected.pvalue)


@pytest.mark.parametrize("n", [3, 30])
def test_of_a_steady_pace_the_forecasts_are_right(n):
    # 600 records at 5 %: 30 expected, standard deviation 5.3.
    rng = np.random.default_rng(n)
    p = [waiting.backtest(series(np.sort(100 * rng.random(n)), 100)).pvalue for _ in range(600)]
    assert 14 <= np.sum(np.array(p) <= 0.05) <= 46


def test_of_a_pace_that_quickens_they_are_not():
    times = 100 * np.linspace(0.05, 1, 40) ** 0.3
    found = waiting.backtest(series(times, 101))
    assert found.pvalue < 0.001
    assert found.settings["mean_pit"] < 0.5


@pytest.mark.parametrize("scale", [1 / 24, 365.25])
def test_the_unit_of_time_does_not_matter(scale):
    one, other = (
        waiting.backtest(series(IRREGULAR, 30)),
        waiting.backtest(series(np.array(IRREGULAR) * scale, 30 * scale)),
    )
    assert one.pvalue == pytest.approx(other.pvalue)


def test_whole_days_are_drawn_and_need_a_seed():
    days = series([2, 2, 5, 9], 12, precision=1.0)
    with pytest.raises(ParameterError, match="rng"):
        waiting.backtest(days)
    found = waiting.backtest(days, rng=1)
    assert found.settings["readings"] == 100
    assert found.pvalue == waiting.backtest(days, rng=1).pvalue
    assert 0 < found.curve["pit"].iloc[0] < 1


@pytest.mark.parametrize("times", [[], [3.0]])
def test_without_a_wait_to_score_there_is_a_reason(times):
    found = waiting.backtest(series(times, 10))
    assert found.inconclusive
    assert "no wait was forecast" in found.warnings[0]


def test_events_at_the_opening_and_ties_have_an_answer():
    with pytest.warns(TiesWarning, match="start"):
        found = waiting.backtest(series([0.0, 3.0, 3.0], 10))
    assert 0 <= found.pvalue <= 1
    assert np.isfinite(found.curve.to_numpy(float)).all()


def test_a_wrong_least_is_named():
    with pytest.raises(ParameterError, match="least"):
        waiting.backtest(series([1, 2], 5), least=0)
