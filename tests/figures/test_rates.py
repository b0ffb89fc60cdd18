"""Counts against the band of a constant rate, ratios and rates with their limits."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from scipy.stats import binom

from analysis.errors import ParameterError
from analysis.figures import rates, style
from analysis.figures.cumulative import binomial_band
from analysis.results import Estimate


@pytest.mark.parametrize("n", [0, 1, 2, 17, 400])
@pytest.mark.parametrize("level", [0.5, 0.9, 0.95, 0.99])
def test_the_band_is_the_exact_binomial_one(n, level):
    share = np.array([0.0, 0.003, 0.11, 0.4711, 0.5, 0.77, 0.9991, 1.0])
    low, high = binomial_band(n, share, level)
    np.testing.assert_array_equal(low, np.maximum(binom.ppf((1 - level) / 2, n, share), 0))
    np.testing.assert_array_equal(high, np.maximum(binom.ppf((1 + level) / 2, n, share), 0))


def test_the_band_of_the_worked_example(cases):
    band = rates.constant_rate_band(cases["WORKED"])
    at = band.set_index("elapsed")
    # by hand: none of two before the time with share s has chance (1 - s)^2, which is 0.025 at s = 0.842
    # (day 42.9) and 0.975 at s = 0.0126 (day 0.64)
    assert at.index[at["low"].gt(0)][0] == pytest.approx(42.9, abs=0.2)
    assert at.index[at["high"].gt(0)][0] == pytest.approx(0.64, abs=0.2)
    assert at["expected"].iloc[-1] == 2
    assert at["expected"][25.5] == pytest.approx(1.0)


def test_the_band_waits_while_nobody_watches(cases):
    band = rates.constant_rate_band(cases["HOURS"])
    inside = band[band["elapsed"].between(10, 14)]
    assert len(inside) > 5
    assert (inside[["expected", "low", "high"]].nunique() == 1).all()
    assert inside["expected"].iloc[0] == pytest.approx(5 * 10 / 26)


def test_an_event_that_closed_the_window_is_certain_and_last(cases):
    band = rates.constant_rate_band(cases["CLOSED"])
    assert (band["high"].iloc[:-1] <= 4).all()
    assert band[["expected", "low", "high"]].iloc[-1].tolist() == [5, 5, 5]


def test_what_is_drawn_is_the_count_and_the_band(cases, seen):
    shown = seen(rates.cumulative(cases["HOURS"]))
    (count,) = shown.lines("count")
    assert count.get_xdata().tolist() == [0, 0.4, 0.4, 1.1, 1.1, 7.9, 7.9, 8.0, 8.0, 23.5, 23.5, 30]
    assert count.get_ydata().tolist() == [0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5]
    (band,) = shown.collections("band")
    corners = band.get_paths()[0].vertices
    at_hole = corners[np.isclose(corners[:, 0], 12.0)]
    share = 10 / 26
    expected = {binom.ppf(0.025, 5, share), binom.ppf(0.975, 5, share)}
    assert set(at_hole[:, 1]) == expected
    (hole,) = shown.patches("not watched")
    assert (hole.get_x(), hole.get_width()) == (10.0, 4.0)
    assert hole.get_hatch()


def test_the_band_is_named_with_its_level_and_sample(cases, seen):
    words = seen(rates.cumulative(cases["WORKED"], level=0.975)).words()
    assert "shaded: where 97.5% of constant-rate records would lie at any one time, given n = 2" in words
    assert "n = 2, 51 days watched" in words
    assert "local date (Asia/Baghdad)" in words


def test_moments_are_marked_and_one_outside_is_said(cases, seen):
    shown = seen(rates.cumulative(cases["WORKED"], mark={"war": "2021-05-10 18:02", "truce": "2021-05-21"}))
    assert sorted(shown.named("flag")) == ["truce", "war"]
    shown = seen(rates.cumulative(cases["WORKED"], mark=("2022-01-01", "later")))
    assert shown.lines("mark") == []
    assert "outside the window: later" in shown.words()
    with pytest.raises(ParameterError, match="level"):
        rates.cumulative(cases["WORKED"], level=95)


def test_without_attacks_there_is_a_sentence_and_no_band(cases, seen):
    shown = seen(rates.cumulative(cases["NONE_WITH_HOLE"]))
    assert shown.named("sentence") == ["No attack in this selection, 43 days watched."]
    assert shown.collections("band") == []
    assert len(shown.patches("not watched")) == 1


def test_the_alternative_text_says_whether_the_count_leaves_the_band(cases):
    inside = style.alt_text(rates.cumulative(cases["WORKED"]).figure)
    assert inside.endswith("it stays inside that band throughout.")
    outside = style.alt_text(rates.cumulative(cases["CLOSED"]).figure)
    assert "it leaves that band first on 1.1" in outside


# -- ratios -------------------------------------------------------------------------------------------


def test_a_ratio_of_0_is_a_triangle_at_the_edge(cases, seen):
    shown = seen(rates.ratios({"drone": cases["RATIOS"]["drone, Harir on 11 May"]}, claimed=(0, 0.2)))
    assert shown.ax.get_xscale() == "log"
    (mark,) = shown.lines("ratio")
    assert mark.get_marker() == "<"
    assert mark.get_xdata()[0] == shown.ax.get_xlim()[0]
    (upper,) = shown.lines("upper")
    assert upper.get_xdata()[0] == 5.99
    assert shown.named("numbers") == ["0 (0 to 5.99)\n2 in 27, then 0 in 24 days"]
    assert "triangle at the left edge: 0" in shown.words()


def test_the_claimed_region_is_shaded_and_named(cases, seen):
    shown = seen(rates.ratios(cases["RATIOS"], claimed=(0, 0.2)))
    (region,) = shown.patches("claimed")
    left = shown.ax.get_xlim()[0]
    assert region.get_x() == left
    assert region.get_x() + region.get_width() == pytest.approx(0.2)
    assert set(shown.named("flag")) == {"no change", "claimed: 0 to 0.2"}
    with pytest.raises(ParameterError, match="claimed"):
        rates.ratios(cases["RATIOS"], claimed=(0.2, 0.1))


def test_a_side_without_a_limit_ends_in_an_arrow_and_no_estimate_is_said(cases, seen):
    shown = seen(rates.ratios(cases["RATIOS"]))
    assert [line.get_ydata()[0] for line in shown.lines("no upper limit")] == [2]
    assert [line.get_xdata()[0] for line in shown.lines("lower")] == [0.013, 0.3]
    assert shown.named("sentence") == ["no estimate from these data"] * 2
    assert "arrow: no limit" in shown.words()


def test_a_narrow_forest_keeps_the_counts(cases, seen):
    _, ax = style.new(width=style.ONE_COLUMN, height=2.0)
    shown = seen(rates.ratios({"drone": cases["RATIOS"]["drone, Harir on 11 May"]}, ax=ax))
    assert shown.named("numbers") == ["n = 2, 0"]
    assert "n: attacks before, after" in shown.words()


# -- rates --------------------------------------------------------------------------------------------


def test_rates_stand_with_their_limits_and_counts(cases, seen):
    shown = seen(rates.rate_bars(cases["RATES"], level=0.9))
    assert [line.get_xdata()[0] for line in shown.lines("rate")] == [0.074, 0.0]
    assert list(shown.lines("limits")[0].get_xdata()) == [0.009, 0.268]
    assert len(shown.lines("no limit")) == 1
    assert shown.named("sentence") == ["not watched"]
    assert shown.named("numbers")[0] == "n = 2 in 27 days"
    assert "attacks per day (n = 2)" in shown.words()
    assert "lines: 90% limits" in shown.words()


def test_a_missing_column_is_named_with_the_nearest_one(cases):
    table = cases["RATES"].rename(columns={"rate": "rates"})
    with pytest.raises(ParameterError, match=r"no column 'rate'\. Did you mean 'rates'\?"):
        rates.rate_bars(table)


def test_the_table_of_rates_is_made_from_findings(cases):
    effect = Estimate(name="rate", value=0.039, low=0.005, high=0.142)
    finding = replace(cases["THIN"], effect=effect, n_events=2, exposure_days=51.0, inconclusive=False)
    table = rates.rate_table({"drone": finding, "thin": cases["THIN"]})
    assert table["label"].tolist() == ["drone", "thin"]
    assert table.loc[0, ["rate", "low", "high", "n_events", "exposure_days"]].tolist() == [
        0.039,
        0.005,
        0.142,
        2,
        51.0,
    ]
    assert pd.isna(table.loc[1, "rate"])


def test_what_the_tests_of_rates_give_can_be_drawn(cases, seen):
    from analysis.stats import rates as tests

    findings = {"drone": tests.ratio(cases["WORKED"], at="last_event")}
    shown = seen(rates.ratios(findings, claimed=(0, 0.2)))
    assert shown.named("numbers")[0].startswith("0 (0 to 5.99)")
