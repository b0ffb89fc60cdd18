"""The law of the reporting delay and what is still to come: by hand, against Kaplan-Meier, against the truth."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from analysis import EventSeries, ParameterError, Window
from analysis.stats import delay, waiting
from analysis.stats.delay.nowcast import predicted
from analysis.stats.delay.pairs import Delays
from analysis.stats.delay.reverse import product_limit

# Attacks on days 0, 1, 3, 6, 7, 8 reported by day 9 after 2, 5, 2, 0, 1, 0 days; one of day 8 is not yet known.
OCCURRED = np.array([0, 1, 3, 6, 7, 8, 8])
REPORTED = np.array([2, 6, 5, 6, 8, 8, 13])


def test_reverse_product_limit_by_hand():
    # Reach 9, 8, 6, 3, 2, 1. At 5: those that could show 5 are the first three, one does: 2/3. At 2: those with a
    # delay of 2 or less and a reach of 2 or more are 4, two show 2: 1/2. At 1: three, one.
    curve = delay.law((OCCURRED, REPORTED), as_of=9, within=2).curve
    assert curve["share"].tolist() == pytest.approx([2 / 9, 1 / 3, 2 / 3, 2 / 3, 2 / 3, 1, 1, 1, 1, 1])
    assert curve["at_risk"].tolist()[:6] == [2, 3, 4, 3, 2, 3]


def test_the_plain_share_is_too_high_and_the_corrected_one_is_not():
    rng = np.random.default_rng(1)
    occurred = rng.integers(0, 30, 1500)
    wait = rng.geometric(0.12, 1500) - 1
    found = delay.law((occurred, occurred + wait), as_of=29, within=3)
    horizon = found.settings["horizon"]
    truth = (1 - 0.88**4) / (1 - 0.88 ** (horizon + 1))
    assert found.effect.low < truth < found.effect.high
    assert found.settings["share_without_correction"] > truth + 0.05


def test_without_truncation_it_is_the_plain_share_with_clopper_pearson_limits():
    # Every delay is under what could have been seen by far. Garwood-like limits of Clopper and Pearson (1934).
    occurred = np.zeros(20, dtype=int)
    wait = np.repeat([0, 1, 2, 9], [5, 8, 4, 3])
    found = delay.law((occurred, wait), as_of=1000, within=2)
    exact = stats.binomtest(17, 20).proportion_ci(0.95, method="exact")
    assert found.effect.value == pytest.approx(17 / 20)
    assert (found.effect.low, found.effect.high) == pytest.approx((exact.low, exact.high), rel=1e-6)


def test_clopper_pearson_numbers_of_the_literature():
    # Newcombe (1998) Statistics in Medicine 17:857, table I, Clopper-Pearson: 81 of 263 is 0.2527 to 0.3676.
    wait = np.repeat([0, 5], [81, 182])
    found = delay.law((np.zeros(263, dtype=int), wait), as_of=50, within=3)
    assert (found.effect.low, found.effect.high) == pytest.approx((0.2527, 0.3676), abs=1e-4)


def test_turned_round_it_is_kaplan_meier_with_late_entry():
    # Lagakos, Barraj and De Gruttola (1988): right truncation is left truncation on the clock that runs backwards.
    from statsmodels.duration.survfunc import SurvfuncRight

    rng = np.random.default_rng(7)
    occurred = rng.integers(0, 40, 150)
    wait = rng.geometric(0.15, 150) - 1
    kept = occurred + wait <= 39
    occurred, wait = occurred[kept], wait[kept]
    curve = product_limit(Delays(wait, 39 - occurred, 39))
    turned = 100 - wait
    entry = 100 - (39 - occurred) - 0.5
    survival = SurvfuncRight(turned.astype(float), np.ones(wait.size), entry=entry)
    for d in range(12):
        at = np.searchsorted(survival.surv_times, 100 - d, side="left") - 1
        assert curve["share"].iloc[d] == pytest.approx(1.0 if at < 0 else survival.surv_prob[at])


def test_moving_the_calendar_and_the_rows_changes_nothing():
    order = np.random.default_rng(3).permutation(OCCURRED.size)
    plain = delay.law((OCCURRED, REPORTED), as_of=9, within=2)
    moved = delay.law((OCCURRED[order] + 50, REPORTED[order] + 50), as_of=59, within=2)
    assert plain.effect == moved.effect
    days = [pd.Timestamp("2021-05-01") + pd.to_timedelta(x, unit="D") for x in (OCCURRED, REPORTED)]
    table = pd.DataFrame({"date_local": days[0], "first_reported": days[1]})
    table.loc[len(table)] = [pd.Timestamp("2021-05-02"), pd.NaT]
    dated = delay.law(table, as_of="2021-05-10", within=2)
    assert dated.effect == plain.effect
    assert dated.settings["without_report"] == 1
    assert "left out" in dated.warnings[1]


@pytest.mark.parametrize("n", [3, 10, 30, 100])
def test_limits_cover_and_predictions_hold(n):
    rng = np.random.default_rng(n)
    missed, outside, runs = 0, 0, 0
    for _ in range(50):
        end = 2 * n + 10
        occurred = rng.integers(0, end, rng.poisson(1.2 * n))
        wait = rng.geometric(0.15, occurred.size) - 1
        found = delay.law((occurred, occurred + wait), as_of=end - 1, within=4)
        if found.inconclusive:
            continue
        runs += 1
        horizon = found.settings["horizon"]
        truth = (1 - 0.85**5) / (1 - 0.85 ** (horizon + 1))
        missed += not found.effect.low <= truth <= found.effect.high
        known = occurred + wait < end
        series = EventSeries.from_numbers(np.sort(occurred[known]), start=0, end=end)
        coming = delay.still_to_come(series, found, as_of=end - 1)
        late = int(np.sum(~known & (wait <= horizon)))
        high = coming.effect.high
        outside += not (coming.effect.low <= late and (high is None or late <= high))
    assert runs >= 5
    assert missed <= 0.05 * runs + 2.5 * np.sqrt(0.05 * 0.95 * runs)
    assert outside <= 0.05 * runs + 2.5 * np.sqrt(0.05 * 0.95 * runs)


def test_prediction_limits_by_hand():
    # None seen of those seen with chance 1/2: m unseen are kept while (1/2)^m >= 0.025, up to 5.
    assert predicted(0, 0.5, 0.025) == (0, 5)
    for n, share in ((4, 0.7), (12, 0.3)):
        low, high = predicted(n, share, 0.025)
        assert stats.binom.cdf(n, n + high, share) >= 0.025 > stats.binom.cdf(n, n + high + 1, share)
        assert low == 0 or stats.binom.sf(n - 1, n + low - 1, share) < 0.025
    assert predicted(5, 1.0, 0.025) == (0, 0)


def test_an_older_window_has_less_to_come_and_the_estimate_is_lawless_sum():
    rng = np.random.default_rng(5)
    occurred = rng.integers(0, 200, 400)
    found = delay.law((occurred, occurred + rng.geometric(0.2, 400) - 1), as_of=199)
    recent = EventSeries.from_numbers([190.5, 193.5], start=188, end=200)
    older = EventSeries.from_numbers([150.5, 153.5], start=148, end=160)
    now, then = (delay.still_to_come(s, found, as_of=199).effect for s in (recent, older))
    assert now.value > 0.5 > then.value
    share = delay.known_share(found, recent.window, as_of=199)
    assert now.value == pytest.approx(2 * (1 - share) / share)
    silence = EventSeries.from_numbers([150, 188], start=120, end=200, opened_by_event=True)
    assert not waiting.late_disclosure(silence, known=(1.0, share)).inconclusive


def test_thin_records_are_inconclusive_and_wrong_ones_raise():
    for pair in (([], []), ([1], [2]), ([1, 2], [2, 2])):
        found = delay.law(pair, as_of=9)
        assert found.inconclusive
        assert found.effect is None
    found = delay.law((OCCURRED, REPORTED), as_of=9, within=30)
    assert "longest delay" in found.warnings[0]
    series = EventSeries.from_numbers([1.5], start=0, end=9)
    assert delay.still_to_come(series, found, as_of=9).inconclusive
    good = delay.law((OCCURRED, REPORTED), as_of=9, within=2)
    with pytest.raises(ParameterError, match="goes on after as_of"):
        delay.still_to_come(EventSeries.from_numbers([1.5], start=0, end=20), good, as_of=9)
    with pytest.raises(ParameterError, match="finding of"):
        delay.still_to_come(series, 0.8, as_of=9)
    with pytest.raises(ParameterError, match="whole number of days"):
        delay.law((OCCURRED, REPORTED), as_of=9, within=-1)
    with pytest.raises(ParameterError, match="columns"):
        delay.law(pd.DataFrame({"date_local": []}), as_of=9)
    with pytest.raises(ParameterError, match="must be a day"):
        delay.law((OCCURRED, REPORTED), as_of="some day")
    with pytest.raises(ParameterError, match="counted in days"):
        delay.known_share(good, Window(0, 9, unit="hour"), as_of=9)
    none = delay.still_to_come(EventSeries.from_numbers([], start=0, end=9), good, as_of=9)
    assert none.effect.value == 0
    assert none.effect.high > 0
