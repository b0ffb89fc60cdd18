"""Kaplan-Meier by hand and beside libraries, with late entry, ties and the open wait."""

from __future__ import annotations

import numpy as np
import pytest

from analysis.errors import ParameterError
from analysis.stats import waiting
from analysis.stats.waiting.product_limit import crossing, kaplan_meier
from analysis.timeline import EventSeries


def test_by_hand_with_a_tie_and_a_censored_wait_at_an_event_time():
    # Waits 2, 3+, 3, 3, 5+: at 3 the censored one is still at risk (4), so S = 4/5 * 2/4.
    steps = kaplan_meier([3, 2, 3, 5, 3], [False, True, True, False, True])
    assert steps["days"].tolist() == [2, 3]
    assert steps["at_risk"].tolist() == [5, 4]
    assert steps["survival"].tolist() == pytest.approx([0.8, 0.4])
    assert steps["cumulative_hazard"].tolist() == pytest.approx([0.2, 0.7])
    # Greenwood by hand: 0.4 sqrt(1/(5*4) + 2/(4*2))
    assert steps["std_error"][1] == pytest.approx(0.4 * np.sqrt(1 / 20 + 2 / 8))


def test_limits_by_hand():
    # S^exp(+-1.959964 * sqrt(G)/log S) with S = 0.4, G = 0.3.
    steps = kaplan_meier([3, 2, 3, 5, 3], [False, True, True, False, True])
    half = 1.959963984540054 * np.sqrt(0.3) / np.log(0.4)
    low, high = sorted([0.4 ** np.exp(half), 0.4 ** np.exp(-half)])
    assert (steps["low"][1], steps["high"][1]) == pytest.approx((low, high))


def test_late_entry_by_hand():
    # A wait first watched at age 4 is at risk at 5 but not at 2 or at 4 (entry at the very time is too late).
    steps = kaplan_meier([2, 5, 4, 6], [True, True, True, False], entered=[0, 4, 0, 0])
    assert steps["at_risk"].tolist() == [3, 2, 2]
    assert steps["survival"].tolist() == pytest.approx([2 / 3, 1 / 3, 1 / 6])


def test_late_entry_beside_the_library():
    # statsmodels SurvfuncRight(entry=...) counts an entry at the event time as too late, as here.
    from statsmodels.duration.survfunc import SurvfuncRight

    rng = np.random.default_rng(1)
    entered = rng.integers(0, 5, 60).astype(float)
    age = entered + rng.integers(1, 9, 60)
    observed = rng.random(60) < 0.7
    peer = SurvfuncRight(age, observed.astype(int), entry=entered)
    ours = kaplan_meier(age, observed, entered=entered)
    np.testing.assert_allclose(ours["survival"], peer.surv_prob, atol=1e-12)
    np.testing.assert_allclose(ours["at_risk"], peer.n_risk)


def test_order_does_not_matter():
    rng = np.random.default_rng(2)
    age, observed = rng.exponential(1, 50), rng.random(50) < 0.6
    shuffled = rng.permutation(50)
    a, b = kaplan_meier(age, observed), kaplan_meier(age[shuffled], observed[shuffled])
    np.testing.assert_array_equal(a.to_numpy(), b.to_numpy())


def test_wrong_arrays_raise():
    for wrong in [
        ([1, 2], [True], None),
        ([1, -2], [True, True], None),
        ([1, np.nan], [True, True], None),
        ([1, 2], [True, True], [0, 3]),
        ([1, 2], [True, True], [0, 2]),
    ]:
        with pytest.raises(ParameterError):
            kaplan_meier(*wrong[:2], entered=wrong[2])


def test_the_open_wait_is_censored(worked):
    # Waits 24, 3 and 24+: S(3) = 2/3, S(24) = 2/3 * 1/2. Counted as ended, S(24) would be 0.
    finding = waiting.survival(worked)
    assert finding.curve["survival"].tolist() == pytest.approx([1, 2 / 3, 1 / 3])
    assert finding.effect.value == 24
    assert (finding.effect.low, finding.effect.high) == (3, None)
    assert finding.settings["open_wait_days"] == 24


def test_the_stretch_before_the_first_event_is_not_a_wait():
    series = EventSeries.from_numbers([30, 31, 33], start=0, end=36)
    assert waiting.survival(series).curve["days"].tolist() == [0, 1, 2, 3]


def test_a_wait_across_a_hole_is_censored_and_enters_again():
    # Wait from 0 to 10 with a hole from 4 to 7: at risk up to 4 and from 7 on; the wait of 5 that follows is
    # at risk for 5 alone.
    series = EventSeries.from_numbers([10, 15], start=0, end=21, holes=[(4, 7)], opened_by_event=True)
    curve = waiting.survival(series).curve.set_index("days")
    assert curve.loc[5.0, "at_risk"] == 2
    assert curve.loc[10.0, "at_risk"] == 1
    assert curve.loc[10.0, "survival"] == 0


def test_the_median_of_a_flat_step_is_its_middle():
    # Four waits 1, 2, 3, 4: half of them last longer than anything between 2 and 3.
    steps = kaplan_meier([1, 2, 3, 4], [True] * 4)
    assert crossing(steps["days"].to_numpy(), steps["survival"].to_numpy(), 0.5) == 2.5


@pytest.mark.parametrize("n", [10, 30, 100])
def test_limits_of_the_median_cover_it(n):
    # Exponential waits in a fixed window of n mean waits: the true median is ln 2.
    rng = np.random.default_rng(3)
    runs, covered = 400, 0
    for _ in range(runs):
        t = np.cumsum(rng.exponential(1, 3 * n + 20))
        t = t[t < n]
        waits = np.diff(np.append(0, t))
        steps = kaplan_meier(np.append(waits, n - t[-1]), np.append(np.ones(waits.size, bool), False))
        days = steps["days"].to_numpy()
        low, high = (crossing(days, steps[side].to_numpy(), 0.5) for side in ("low", "high"))
        covered += (low is None or low <= np.log(2)) and (high is None or np.log(2) <= high)
    assert covered / runs == pytest.approx(0.95, abs=0.035)
