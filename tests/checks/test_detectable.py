"""Power by simulation against the exact power function, and the smallest effect that a test would find."""

from __future__ import annotations

from functools import partial

import numpy as np
import pytest

from analysis import EventSeries, ParameterError, Window
from analysis.checks import (
    continued,
    longer_watch,
    minimum_detectable,
    power_by_simulation,
    rate_change,
    suspension,
)
from analysis.checks.detectable import clopper_pearson
from analysis.stats import rates

# Statistics, not language: left to the main environment.
pytestmark = pytest.mark.slow

WINDOW = Window(0.0, 100.0)
FEWER = partial(rates.ratio, at=50, alternative="less")


def test_simulated_power_is_the_exact_power():
    # rates.power sums over every outcome; 500 records leave it within the Clopper-Pearson limits at 99.9 %.
    effects = [1.0, 0.4, 0.1]
    curve = power_by_simulation(FEWER, rate_change(WINDOW, at=50, rate=0.3), effects=effects, rng=2, runs=500)
    for line in curve.to_dict("records"):
        exact = rates.power(before_days=50, after_days=50, rate=0.3, ratio=line["effect"])
        low, high = clopper_pearson(line["rejected"], 500, level=0.999)
        assert low <= exact <= high, line
        assert line["low"] <= line["power"] <= line["high"]


def test_the_smallest_effect_is_that_of_the_exact_power_function():
    exact = rates.minimum_detectable_ratio(before_days=50, after_days=50, rate=0.3)
    settings = {"between": (1, 0), "runs": 300, "steps": 6, "name": "rate ratio"}
    found = minimum_detectable(FEWER, rate_change(WINDOW, at=50, rate=0.3), rng=5, **settings)
    assert found.effect.low <= exact <= found.effect.high
    assert found.effect.value == pytest.approx(exact, abs=0.06)
    assert not found.inconclusive
    assert found.curve["effect"].is_monotonic_increasing


def test_a_design_that_cannot_find_anything_says_so():
    # Two strikes in 27 days: at best p = (27/51)^2 = 0.28, power zero for total cessation too.
    strikes = EventSeries.from_numbers([24, 27], start=0, end=51, opened_by_event=True)
    test = partial(rates.ratio, at=27.001, alternative="less")
    found = minimum_detectable(test, continued(strikes, at=27.001), between=(1, 0), rng=1, runs=50, steps=2)
    assert found.inconclusive
    assert found.effect.value is None
    assert "power is 0%" in found.warnings[0]
    easy = minimum_detectable(FEWER, rate_change(WINDOW, at=50, rate=9.0), between=(0.3, 0), rng=1, runs=20, steps=2)
    assert easy.inconclusive
    assert "begin lower" in easy.warnings[0]


def test_how_long_it_would_take():
    # Exact: the fewest days after at which a stop of 0.3 events a day is found with chance 0.8, 15 events before.
    scenario = longer_watch(WINDOW, at=50, rate=0.3, ratio=0.0)
    settings = {"between": (1, 60), "runs": 200, "steps": 6, "name": "days after", "unit": "day"}
    found = minimum_detectable(FEWER, scenario, rng=3, **settings)

    def power(days):
        return rates.power(before_days=50, after_days=days, rate=0.3, ratio=0)

    assert power(found.effect.low * 0.95) <= 0.8 <= power(found.effect.high * 1.05)


def test_workers_do_not_change_the_curve():
    settings = {"effects": [1.0, 0.2], "rng": 4, "runs": 60}
    one, two = (power_by_simulation(FEWER, rate_change(WINDOW, at=50, rate=0.3), workers=w, **settings) for w in (1, 2))
    assert one.equals(two)


def test_a_test_that_draws_gets_a_generator_of_its_own():
    drawn = Window.between("2021-01-01", "2021-02-20")
    scenario = rate_change(drawn, at="2021-01-20", rate=0.4, precision=1)
    record = scenario(0.5, np.random.default_rng(3))
    assert record.resolution == "day"
    assert np.allclose(record.times % 1, 0.5)
    test = partial(rates.ratio, at="2021-01-20", alternative="less", rng=None)
    assert power_by_simulation(test, scenario, effects=[0.5], rng=1, runs=5)["runs"].item() == 5


def test_a_suspension_is_empty_inside_and_keeps_its_pace_outside():
    scenario = suspension(Window(0.0, 4000.0, ((100.0, 200.0),)), start=1000, end=2000, rate=0.5)
    record = scenario(0.0, np.random.default_rng(1))
    assert not ((record.times >= 1000) & (record.times < 2000)).any()
    assert record.n == pytest.approx(0.5 * 2900, abs=4 * np.sqrt(1450))


def test_what_went_before_stays_in_a_continued_record():
    series = EventSeries.from_numbers([1.3, 2.2, 7.7, 14.1], start=0, end=40)
    scenario = continued(series, at=10)
    record = scenario(2.0, np.random.default_rng(0))
    assert record.times[:3].tolist() == [1.3, 2.2, 7.7]
    counts = [scenario(2.0, np.random.default_rng(i)).n - 3 for i in range(200)]
    assert np.mean(counts) == pytest.approx(0.3 * 2 * 30, abs=4 * np.sqrt(18 / 200))
    with pytest.raises(ParameterError, match="give rate="):
        continued(series, at=1)


def test_wrong_settings_are_refused():
    scenario = rate_change(WINDOW, at=50, rate=0.3)
    with pytest.raises(ParameterError, match="effects"):
        power_by_simulation(FEWER, scenario, effects=[], rng=1)
    with pytest.raises(ParameterError, match="runs"):
        power_by_simulation(FEWER, scenario, effects=[1], rng=1, runs=0)
    with pytest.raises(ParameterError, match="rng"):
        power_by_simulation(FEWER, scenario, effects=[1], rng=None)
    with pytest.raises(ParameterError, match="rate"):
        rate_change(WINDOW, at=50, rate=0)
    with pytest.raises(ParameterError, match="callable"):
        power_by_simulation("laplace", scenario, effects=[1], rng=1)
