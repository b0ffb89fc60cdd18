"""The date chosen after looking: size, coverage of the date, units, rounding, holes."""

import numpy as np
import pytest

from analysis import EventSeries, ParameterError, Window
from analysis.processes import step
from analysis.stats import changepoint
from analysis.stats.changepoint.ratio import candidates, gain, largest

IRREGULAR = [0.4, 1.1, 7.9, 8.0, 23.5, 24.1, 31.7]


def error(level, runs):
    return 3 * np.sqrt(level * (1 - level) / runs)


@pytest.mark.parametrize(("n", "opened", "precision"), [(3, False, 0), (10, True, 0), (30, False, 1), (100, True, 1)])
def test_the_search_is_paid_for_and_the_naive_test_is_not(n, opened, precision):
    rng = np.random.default_rng(n)
    window = Window(0, 90.0, opened_by_event=opened)
    blank = EventSeries([], window, precision=precision)
    runs, by_global, by_local = 200, 0, 0
    for _ in range(runs):
        series = EventSeries(blank.coarsen(np.sort(rng.uniform(0, 90, n)), rng), window, precision=precision)
        found = changepoint.scan(series, rng=rng, resamples=99, date_resamples=0)
        by_global += found.pvalue <= 0.05
        by_local += found.settings["local_pvalue"] <= 0.05
    assert by_global / runs <= 0.05 + error(0.05, runs)
    assert by_local / runs > 0.08


@pytest.mark.parametrize("alternative", ["two-sided", "less", "greater"])
def test_the_fast_kernel_is_the_plain_search(alternative):
    rng = np.random.default_rng(6)
    rows = np.sort(np.round(rng.uniform(0, 1, (40, 12)), 2), axis=1)
    for trim in (0.0, 0.07):
        fast = largest(rows, trim, alternative)
        for row, value in zip(rows, fast, strict=True):
            at, k = candidates(row, trim)
            ratio, fall = gain(k, 12, at), k / 12 > at
            ratio = ratio if alternative == "two-sided" else ratio[fall if alternative == "less" else ~fall]
            assert value == pytest.approx(ratio.max(initial=0.0))


@pytest.mark.parametrize("ratio", [0.2, 1.0])
def test_the_limits_cover_the_date_and_the_ratio(ratio):
    rng = np.random.default_rng(9)
    runs, dates, ratios = 40, 0, 0
    for _ in range(runs):
        series = step(Window(0, 100.0), at=60, before=0.4, after=0.4 * ratio, n=25, rng=rng).series
        found = changepoint.scan(series, rng=rng, resamples=19, level=0.9)
        low, high = found.settings["ratio_limits"]
        dates += found.effect.low <= 60 <= found.effect.high
        ratios += (low or 0) <= ratio <= (np.inf if high is None else high)
    assert dates / runs >= 0.9 - error(0.9, runs)
    assert ratios / runs >= 0.9 - error(0.9, runs)


@pytest.mark.parametrize("scale", [1 / 24, 365.25])
def test_another_unit_of_time_gives_the_same_answer(scale):
    first = changepoint.scan(EventSeries.from_numbers(IRREGULAR, start=0, end=40), rng=3, resamples=199)
    scaled = EventSeries.from_numbers(np.array(IRREGULAR) * scale, start=0, end=40 * scale)
    second = changepoint.scan(scaled, rng=3, resamples=199)
    assert second.pvalue == first.pvalue
    assert second.effect.value == pytest.approx(first.effect.value * scale)
    assert second.statistic == pytest.approx(first.statistic)


def test_a_hole_is_not_a_fall():
    # Events at an even pace except while nobody watched: with the hole named, nothing happened.
    times = [*np.arange(1, 30, 2.0), *np.arange(71, 100, 2.0)]
    unnamed = changepoint.suspend_resume(EventSeries.from_numbers(times, start=0, end=100), rng=1, resamples=199)
    holed = EventSeries.from_numbers(times, start=0, end=100, holes=[(30, 70)])
    named = changepoint.suspend_resume(holed, rng=1, resamples=199)
    assert unnamed.pvalue <= 0.01
    assert named.pvalue > 0.5
    assert changepoint.scan(holed, rng=1, resamples=199).pvalue > 0.5


def test_a_date_known_to_the_day_keeps_its_distance_from_the_edges():
    series = EventSeries.from_numbers([0, 1, 24, 27], start=0, end=51, opened_by_event=True, precision=1)
    found = changepoint.scan(series, rng=1, resamples=99, date_resamples=19)
    assert found.settings["min_days"] == 1
    assert found.curve["date"].between(1, 50).all()


def test_no_change_is_said():
    found = changepoint.scan(EventSeries.from_numbers(IRREGULAR, start=0, end=40), rng=3, resamples=199)
    assert found.settings["answer"] == "no change"
    assert found.warnings[0].startswith("No change is shown")


def test_dates_that_are_to_be_drawn_are_drawn():
    window = Window(0, 40.0)
    early = np.floor(IRREGULAR)
    series = EventSeries(early + 0.5, window, earliest=early, latest=early + 1, precision=1, resolution="drawn")
    found = changepoint.scan(series, rng=3, resamples=199, draws=20)
    assert found.settings["draws"] == 20
    assert 0 < found.pvalue <= 1
    assert changepoint.one_change(series).inconclusive
    assert changepoint.suspend_resume(series, rng=1).inconclusive


def test_wrong_settings_are_named():
    series = EventSeries.from_numbers(IRREGULAR, start=0, end=40)
    for call in (changepoint.scan, changepoint.suspend_resume):
        with pytest.raises(ParameterError, match="rng"):
            call(series)
        with pytest.raises(ParameterError, match="min_days"):
            call(series, rng=1, min_days=-1)
        with pytest.raises(ParameterError, match="resamples"):
            call(series, rng=1, resamples=0)
    with pytest.raises(ParameterError, match="alternative"):
        changepoint.scan(series, rng=1, alternative="fewer")
    with pytest.raises(ParameterError, match="prior_shape"):
        changepoint.one_change(series, prior_shape=1)
