"""The record of spring 2021: every number of the worked example that is about waits.

The numbers stand in the project's table of the worked example (days 0, 24, 27 of 51, opened by the first strike).
"""

from __future__ import annotations

import pytest

from analysis.stats import waiting


def test_the_silence_is_unremarkable(worked):
    # (27/51)^2: a wrong count of events or window would show here first.
    finding = waiting.silence(worked)
    assert finding.pvalue == pytest.approx((27 / 51) ** 2, rel=1e-12)
    assert round(finding.pvalue, 4) == 0.2803
    assert finding.alternative == "greater"
    assert finding.effect.value == 24


def test_no_outcome_of_this_design_could_be_significant(worked):
    # No event after is the extreme outcome already, so the smallest p is p itself.
    assert waiting.silence(worked).attainable_pvalue == waiting.silence(worked).pvalue


def test_the_open_silence_is_not_even_a_record(worked):
    # 3 (27/51)^2 - 3 (3/51)^2 with uniform spacings, n = 2.
    finding = waiting.longest_silence(worked)
    assert round(finding.pvalue, 4) == 0.8304
    assert finding.pvalue == pytest.approx(3 * (27 / 51) ** 2 - 3 * (3 / 51) ** 2, rel=1e-12)
    assert finding.settings["open_is_a_record"] is False


def test_quiet_days_needed(worked):
    # 27 (0.05^(-1/2) - 1) and 27 (0.01^(-1/2) - 1); with the rate known -ln(0.05) 13.5.
    assert round(waiting.silence_needed(worked, level=0.05).effect.value, 1) == 93.7
    assert waiting.silence_needed(worked, level=0.01).effect.value == pytest.approx(243, rel=1e-12)
    assert round(waiting.silence_needed(worked).settings["needed_rate_known"], 1) == 40.4
    found = waiting.silence(worked).settings
    assert [round(found[f"days_needed_at_0_0{k}"], 1) for k in (5, 1)] == [93.7, 243.0]


def test_the_range_under_the_null_ends_where_p_is_five_percent(worked):
    effect = waiting.silence(worked).effect
    assert (effect.low, round(effect.high, 1), effect.interval) == (0, 93.7, "null range")


def test_the_curve_of_surprise_crosses_five_percent_at_93_7_days(worked):
    curve = waiting.surprise(worked, quiet=[24, 93.6, 93.8]).curve
    assert round(curve["pvalue"][0], 4) == 0.2803
    assert curve["pvalue"][1] > 0.05 > curve["pvalue"][2]
    whole = waiting.surprise(worked).curve
    assert whole["pvalue"].is_monotonic_decreasing
    assert whole["quiet_days"].max() > 93.7


def test_late_disclosure(worked):
    # exp(-2/27 24 c) and (27 / (27 + 24 c))^2 for c = 1, 0.8, 0.5
    table = waiting.late_disclosure(worked).curve.set_index("known").round(2)
    assert table.loc[[0.8, 0.5], "chance_rate_known"].tolist() == [0.24, 0.41]
    assert table.loc[[0.8, 0.5], "chance_rate_unknown"].tolist() == [0.34, 0.48]
    assert table.loc[1.0, "chance_rate_unknown"] == 0.28


def test_solow_gives_the_same_p_as_the_silence(worked):
    # (t_n / T)^n is one formula under two names.
    assert waiting.solow(worked).pvalue == pytest.approx(waiting.silence(worked).pvalue, rel=1e-12)


def test_counting_the_first_strike_instead_moves_the_answer():
    # "with the first strike counted, 28 days before and 24 after: 0.156", (28/52)^3
    from analysis.timeline import EventSeries

    counted = EventSeries.from_numbers([1, 25, 28], start=0, end=52)
    assert round(waiting.silence(counted).pvalue, 3) == 0.156
