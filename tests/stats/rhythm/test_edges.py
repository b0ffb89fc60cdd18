"""What the rhythm tests say to thin, coarse, broken and shifted records; that limits and p agree; that sizes hold."""

from __future__ import annotations

from functools import partial

import numpy as np
import pandas as pd
import pytest

from analysis import EventSeries, ParameterError, Window
from analysis.stats import rhythm
from analysis.stats.rhythm import concentration
from analysis.stats.rhythm.hours import hours_of

SIMULATED = {"rng": 3, "resamples": 199, "draws": 20}
HOURS = {
    "rayleigh": partial(rhythm.rayleigh, **SIMULATED),
    "v_test": partial(rhythm.v_test, hour=2, **SIMULATED),
    "kuiper": partial(rhythm.kuiper, **SIMULATED),
    "watson": partial(rhythm.watson, **SIMULATED),
    "rao": partial(rhythm.rao, **SIMULATED),
    "von_mises": partial(rhythm.von_mises, rng=3, draws=10),
    "von_mises, kappa": partial(rhythm.von_mises, parameter="concentration", rng=3, draws=10),
    "von_mises, length": partial(rhythm.von_mises, parameter="resultant_length", rng=3, draws=10),
    "heaping": rhythm.heaping,
}
DAYS = {
    "weekday": partial(rhythm.weekday, **SIMULATED),
    "friday": partial(rhythm.weekday, day="Friday", **SIMULATED),
    "anniversary": partial(rhythm.anniversary, dates=["05-10", "2020-01-03"], rng=3, draws=20),
}


def dated(times, *, half=0.0, start="2021-04-14", end="2021-06-04", tz="Asia/Baghdad", resolution="drawn", **settings):
    times = np.asarray(times, dtype=float)
    window = Window.between(start, end, tz=tz, **settings)
    early, late = np.maximum(times - half, 0), np.minimum(times + half, window.span)
    return EventSeries(times, window, earliest=early, latest=late, resolution=resolution)


def mixed(**settings):
    """Two known to the minute, two to a part of the day, one to the day."""
    times = np.array([3.1, 9.125, 10.625, 24.9, 27.5])
    half = np.array([0.0005, 0.125, 0.125, 0.0005, 0.5])
    window = Window.between("2021-04-14", "2021-06-04", **settings)
    return EventSeries(times, window, earliest=times - half, latest=times + half, resolution="drawn")


IRREGULAR = [0.4, 1.1, 7.9, 8.0, 23.5]
RECORDS = {
    "none": dated([]),
    "none, opened": dated([], opened_by_event=True),
    "one": dated([7.9]),
    "two": dated([7.9, 8.0]),
    "one hour": dated([1.25, 5.25, 9.25, 30.25]),
    "at the opening": dated([0.0, 1.1, 7.9]),
    "irregular": dated(IRREGULAR),
    "closed": dated([*IRREGULAR, 51.0], closed_by_event=True),
    "a hole": dated(IRREGULAR, holes=[("2021-04-24 06:00", "2021-04-28 18:00")]),
    "mixed": mixed(),
    "mixed, opened": mixed(opened_by_event=True),
    "known to the day": dated([3.5, 9.5, 24.5], half=0.5),
    "many": dated(np.sort(np.random.default_rng(5).uniform(0, 51, 120))),
}


@pytest.mark.parametrize("record", RECORDS)
@pytest.mark.parametrize("name", [*HOURS, *DAYS])
def test_every_legal_record_has_a_finite_answer(name, record):
    found = (HOURS | DAYS)[name](RECORDS[record])
    if found.inconclusive:
        assert found.warnings
        assert found.pvalue is None
    elif found.pvalue is not None:
        assert found.pvalue >= (found.attainable_pvalue or 0) * (1 - 1e-9)
    str(found), found.to_frame(), found._repr_html_()


def test_records_without_an_answer_are_inconclusive():
    silent = {r for r in RECORDS if HOURS["rayleigh"](RECORDS[r]).inconclusive}
    assert silent == {"none", "none, opened", "one", "known to the day"}
    assert HOURS["von_mises, kappa"](RECORDS["one hour"]).inconclusive
    assert "3 are needed" in HOURS["von_mises"](RECORDS["two"]).warnings[0]
    # Weekdays need no hour.
    assert not DAYS["weekday"](RECORDS["known to the day"]).inconclusive


def test_events_known_only_to_the_day_are_left_out_and_counted():
    found = HOURS["rayleigh"](RECORDS["mixed"])
    assert (found.n_events, found.settings["events_without_hour"], found.settings["events_as_arcs"]) == (4, 1, 2)
    assert "1 event known only to the day left out" in found.warnings[0]


def test_whole_days_and_years_have_no_hour():
    whole = EventSeries.from_numbers([0, 24, 27], start=0, end=51, opened_by_event=True, precision=1)
    years = EventSeries.from_numbers(IRREGULAR, start=0, end=30, unit="year")
    for name, test in HOURS.items():
        if name != "heaping":
            with pytest.raises(ParameterError, match="resolution='drawn'"):
                test(whole)
        with pytest.raises(ParameterError, match="no time of day"):
            test(years)


def test_randomness_is_asked_for_where_it_is_needed():
    with pytest.raises(ParameterError, match="rng"):
        rhythm.kuiper(RECORDS["irregular"])
    with pytest.raises(ParameterError, match="part of the day"):
        rhythm.rayleigh(RECORDS["mixed"])
    assert rhythm.rayleigh(RECORDS["irregular"]).pvalue > 0  # exact
    with pytest.raises(ParameterError, match="simulated"):
        rhythm.rayleigh(RECORDS["a hole"])
    with pytest.raises(ParameterError, match="hour of the local clock"):
        rhythm.v_test(RECORDS["irregular"], hour=24)
    with pytest.raises(ParameterError, match="Did you mean 'Friday'"):
        rhythm.weekday(RECORDS["irregular"], day="friday")


def test_the_hour_is_that_of_the_local_clock_before_and_after_the_clocks_change():
    # New York, 02:30 local on three days about 14 March 2021, when the clocks went forward an hour.
    moments = [
        pd.Timestamp(d, tz="America/New_York") for d in ("2021-03-12 03:30", "2021-03-14 03:30", "2021-03-20 03:30")
    ]
    window = Window.between("2021-03-10", "2021-03-30", tz="America/New_York")
    series = EventSeries([window.elapsed(m) for m in moments], window)
    found = rhythm.von_mises(series)
    assert found.inconclusive  # all at one hour
    hours = hours_of(series)
    assert hours.angles / (2 * np.pi) * 24 == pytest.approx([3.5, 3.5, 3.5])
    assert not hours.even  # an hour of the clock was missing
    far = EventSeries(series.times, Window.between("2021-03-10", "2021-03-30", tz="UTC"))
    assert hours_of(far).even


def test_a_watch_by_night_alone_is_no_rhythm():
    # Watched from 18:00 to 06:00 only; uniform on watched time. A law that takes every hour as watched rejects always.
    holes = [(d + 0.25, d + 0.75) for d in range(40)]
    window = Window(0, 40, tuple(holes))
    rng = np.random.default_rng(2)
    rejected = naive = 0
    for _ in range(60):
        times = np.sort(window.unclock(rng.random(30) * window.days))
        found = rhythm.rayleigh(EventSeries(times, window), rng=1, resamples=199)
        rejected += found.pvalue <= 0.05
        naive += found.statistic > 0.32
    assert rejected <= 8
    assert naive > 50
    fit = rhythm.von_mises(EventSeries(times, window))
    assert fit.inconclusive
    assert "watched much longer" in fit.warnings[0]


@pytest.mark.parametrize("name", ["rayleigh", "v_test", "kuiper", "watson", "rao"])
def test_p_is_under_alpha_just_where_the_effect_leaves_its_null_range(name):
    rng = np.random.default_rng(8)
    seen = set()
    for _ in range(40):
        series = dated(np.sort((np.arange(8) * 5 + rng.vonmises(0, 0.8, 8) / 6.3) % 51))
        found = HOURS[name](series)
        outside = found.effect.value > found.effect.high * (1 + 1e-9)
        assert outside == (found.pvalue < 0.05 - 1e-9) or found.pvalue == pytest.approx(0.05)
        seen.add(bool(outside))
    assert seen == {True, False}


@pytest.mark.parametrize("parameter", ["mean_hour", "concentration", "resultant_length"])
def test_p_at_a_limit_is_alpha(parameter):
    series = dated([0.1, 1.15, 7.9, 8.05, 23.2, 24.12, 30.02])
    found = rhythm.von_mises(series, parameter=parameter)
    for limit in (found.effect.low, found.effect.high):
        again = rhythm.von_mises(series, parameter=parameter, against=limit % 24)
        assert again.pvalue == pytest.approx(0.05, abs=1e-4)
    assert rhythm.von_mises(series, parameter=parameter, against=found.effect.value % 24).pvalue > 0.3


def test_the_mean_hour_may_cross_midnight_and_may_have_no_limits():
    late = rhythm.von_mises(dated([0.95, 1.99, 3.02, 5.97, 9.05, 12.96]))
    assert late.effect.low < 24 < late.effect.high or late.effect.low < 0 < late.effect.high
    even = rhythm.von_mises(dated([0.0, 1.25, 2.5, 3.75, 5.05]))
    assert even.effect.low is None
    assert even.effect.high is None


def test_another_unit_and_another_order_give_the_same():
    days = EventSeries.from_numbers([3.2, 0.1, 8.95, 5.15], start=0, end=30)
    hours = EventSeries.from_numbers(np.array([0.1, 3.2, 5.15, 8.95]) * 24, start=0, end=720, unit="hour")
    for name in ("rayleigh", "v_test", "kuiper", "watson", "rao", "von_mises"):
        a, b = HOURS[name](days), HOURS[name](hours)
        assert a.pvalue == (b.pvalue if b.pvalue is None else pytest.approx(b.pvalue))
        assert a.effect.value == pytest.approx(b.effect.value)
    assert HOURS["rayleigh"](days).pvalue == HOURS["rayleigh"](days).pvalue


def test_turning_the_clock_moves_the_mean_hour_and_nothing_else():
    one, later = ([0.1, 3.2, 5.15, 8.95], [0.35, 3.45, 5.4, 9.2])
    a, b = (EventSeries.from_numbers(t, start=0, end=30) for t in (one, later))
    for name in ("rayleigh", "kuiper", "watson", "rao"):
        assert HOURS[name](a).pvalue == pytest.approx(HOURS[name](b).pvalue)
    turned = HOURS["von_mises"](b).effect.value - HOURS["von_mises"](a).effect.value
    assert turned % 24 == pytest.approx(6)


@pytest.mark.parametrize("n", [3, 10, 30, 100])
def test_limits_of_kappa_and_mean_hour_cover_a_simulated_truth(n):
    rng = np.random.default_rng(n)
    theta = rng.vonmises(1.0, 1.5, (400, n))
    total = np.exp(1j * theta).sum(axis=1)
    at_most, at_least = concentration.length_tails(n, np.abs(total), 1.5)
    assert np.mean(2 * np.minimum(at_most, at_least) < 0.05) < 0.085
    assert np.mean(concentration.direction_pvalue(n, np.abs(total), np.angle(total) - 1.0) < 0.05) < 0.085


def test_arcs_keep_the_size_and_the_fit_finds_the_truth():
    rng = np.random.default_rng(4)
    rejected = 0
    for _ in range(150):
        times = np.sort(rng.random(12) * 50)
        quarter = np.floor(times * 4) / 4
        coarse = rng.random(12) < 0.6
        early, late = np.where(coarse, quarter, times), np.where(coarse, quarter + 0.25, times)
        mid = (early + late) / 2
        order = np.argsort(mid)
        series = EventSeries(mid[order], Window(0, 51), earliest=early[order], latest=late[order], resolution="drawn")
        rejected += rhythm.rayleigh(series, rng=rng, draws=25).pvalue <= 0.05
    assert rejected <= 14  # 0.05 of 150 and two and a half standard errors
    times = np.arange(400) + (22 + rng.vonmises(0, 1.2, 400) / (2 * np.pi) * 24) % 24 / 24
    early = np.floor(times * 4) / 4
    series = EventSeries(early + 0.125, Window(0, 401), earliest=early, latest=early + 0.25, resolution="drawn")
    found = rhythm.von_mises(series, parameter="concentration", rng=1, draws=5)
    assert found.settings["mean_hour"] == pytest.approx(22, abs=0.8)
    assert found.effect.value == pytest.approx(1.2, abs=0.25)


def test_weekdays_by_hand():
    # Two events on the only watched Friday of a fortnight of which the other was in a hole: p = (1/13)^2.
    series = dated([2.3, 2.9], start="2021-06-02", end="2021-06-16", holes=[("2021-06-11", "2021-06-12")])
    found = rhythm.weekday(series, day="Friday", alternative="greater")
    assert found.pvalue == pytest.approx(1 / 13**2)
    assert found.attainable_pvalue == pytest.approx(1 / 13**2)
    again = rhythm.weekday(series)
    # Both on one weekday: six days watched twice, Friday once, in 13; both on Friday is the rarest, chi-square largest.
    assert again.pvalue == pytest.approx(1 / 13**2)
    assert again.curve.set_index("weekday")["watched"].tolist() == [2, 2, 2, 2, 1, 2, 2]


def test_listed_and_simulated_weekdays_agree():
    twelve = dated(np.array([0.5, 2.5, 3.5, 9.5, 9.6, 16.5, 16.6, 23.5, 30.5, 30.6, 37.5, 44.5]))
    listed = rhythm.weekday(twelve)
    from analysis.stats.rhythm import calendar_tests

    most, calendar_tests.MOST_COUNTED = calendar_tests.MOST_COUNTED, 5
    try:
        simulated = rhythm.weekday(twelve, rng=1)
    finally:
        calendar_tests.MOST_COUNTED = most
    assert simulated.pvalue == pytest.approx(listed.pvalue, abs=0.01)
    assert simulated.effect.high == pytest.approx(listed.effect.high, rel=0.1)


def test_anniversaries_by_hand():
    # Near 3 January 2021 and 2022: 2 x 7 of 730 days; the date itself, in 2020, is no anniversary.
    series = dated([4.5, 367.5, 500.5], start="2021-01-01", end="2023-01-01")
    found = rhythm.anniversary(series, dates=["2020-01-03"], within=3)
    # The first window day is 1 January, so the first anniversary has 2 + 1 + 3 days in the window.
    share = (6 + 7 + 1) / 730  # 31 December 2022 lies within three days of 3 January 2023
    assert found.settings["watched_inside"] == pytest.approx(14)
    assert found.pvalue == pytest.approx(3 * share**2 * (1 - share) + share**3)
    none = rhythm.anniversary(series, dates=["2023-05-01"])
    assert none.inconclusive


def test_heaping_by_hand():
    # Three times, one on the full hour: 1 - (59/60)^3.
    series = EventSeries.from_numbers(np.array([61, 120, 191]) / 1440, start=0, end=1)
    found = rhythm.heaping(series)
    assert found.pvalue == pytest.approx(1 - (59 / 60) ** 3)
    low = found.effect.low
    assert 1 - (1 - low) ** 3 == pytest.approx(0.05)
