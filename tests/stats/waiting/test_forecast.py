"""The forecast of the next event and its scores."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import integrate, stats

from analysis.errors import ParameterError
from analysis.stats import waiting
from analysis.stats.waiting.next_event import lomax_crps, lomax_log_density
from analysis.stats.waiting.renewal import exponential_needed
from analysis.timeline import EventSeries, Window


def test_law_by_hand(worked):
    # P(W > w) = (51 / (51 + w))^2: median 51 (sqrt 2 - 1), 90 % limits 51 (0.95^-0.5 - 1) and 51 (0.05^-0.5 - 1).
    effect = waiting.forecast(worked).effect
    assert (effect.low, effect.value, effect.high) == pytest.approx([51 * (p**-0.5 - 1) for p in (0.95, 0.5, 0.05)])
    assert effect.interval == "predictive"


def test_it_is_the_silence_still_to_come(worked):
    # Chance of 24 + w quiet days over that of 24: the forecast carries the silence on.
    longer = EventSeries.from_numbers([24, 27], start=0, end=51 + 13, opened_by_event=True)
    ratio = waiting.silence(longer).pvalue / waiting.silence(worked).pvalue
    assert ratio == pytest.approx((51 / 64) ** 2, rel=1e-12)
    curve = waiting.forecast(worked).curve
    assert np.interp(13, curve["days"], curve["chance_by"]) == pytest.approx(1 - ratio, abs=1e-4)
    area = integrate.trapezoid(curve["density"], curve["days"])
    assert area == pytest.approx(curve["chance_by"].iloc[-1], abs=0.001)


@pytest.mark.parametrize("n", [1, 2, 7])
@pytest.mark.parametrize("y", [0.0, 2.0, 40.0, 900.0])
def test_scores_by_integration(n, y):
    days = 51.0
    law = stats.lomax(n, scale=days)
    assert lomax_log_density(y, n, days) == pytest.approx(law.logpdf(y), rel=1e-12)
    below, _ = integrate.quad(lambda w: law.cdf(w) ** 2, 0, y, limit=200)
    above, _ = integrate.quad(lambda w: law.sf(w) ** 2, y, np.inf, limit=200)
    # Finite at n = 1 as well, where the mean of the law is not.
    assert lomax_crps(y, n, days) == pytest.approx(below + above, rel=1e-6)


def test_a_score_of_what_came(worked):
    # The strike of 6 June came 2 days after the window: pit 1 - (51/53)^2.
    score = waiting.score(waiting.forecast(worked), 2.0)
    assert score["pit"] == pytest.approx(1 - (51 / 53) ** 2)
    assert score["inside"] is True
    assert waiting.score(waiting.forecast(worked), 0.5)["inside"] is False
    empty = waiting.forecast(EventSeries.from_numbers([], start=0, end=5))
    assert empty.inconclusive
    assert set(waiting.score(empty, 2.0).values()) == {None}
    for wrong in (-1.0, np.nan, "2"):
        with pytest.raises(ParameterError):
            waiting.score(waiting.forecast(worked), wrong)
    with pytest.raises(ParameterError, match="forecast"):
        waiting.score(waiting.silence(worked), 2.0)


@pytest.mark.parametrize("mean", [1.0, 3.0, 10.0, 30.0, 100.0])
def test_the_interval_covers_in_a_fixed_window(mean):
    # Summed over the counts: the central 90 % interval covers at least 90 %, given that an event was seen.
    n = np.arange(1, 700)
    mass = stats.poisson.pmf(n, mean) / -np.expm1(-mean)
    low, high = (exponential_needed(1.0, p, n) * mean for p in (0.95, 0.05))
    missed_above = (mass * np.exp(-high)).sum()
    missed_below = (mass * -np.expm1(-low)).sum()
    assert missed_above <= 0.05
    assert missed_below <= 0.07
    assert missed_above + missed_below <= 0.1


def test_pit_is_uniform_when_the_pace_goes_on():
    # Sampled at an event (the pivot is exact there): the chance given to coming by then has a uniform law.
    rng = np.random.default_rng(1)
    n, runs = 4, 20_000
    days, wait = rng.gamma(n, 1, runs), rng.exponential(1, runs)
    pit = 1 - (days / (days + wait)) ** n
    assert stats.kstest(pit, "uniform").pvalue > 0.001


def test_as_of_forecasts_from_what_was_seen_by_then(worked):
    early = waiting.forecast(worked, as_of=26)
    assert (early.n_events, early.exposure_days) == (1, 26)
    window = Window.between("2021-04-14", "2021-06-04", opened_by_event=True)
    dated = EventSeries(np.array([24.0, 27.0]), window)
    assert waiting.forecast(dated, as_of="2021-05-10").effect == early.effect
    assert waiting.forecast(worked, as_of=51).effect == waiting.forecast(worked).effect
    shifted = EventSeries.from_numbers([124, 127], start=100, end=151, opened_by_event=True)
    assert waiting.forecast(shifted, as_of=126).effect == early.effect
    with pytest.raises(ParameterError, match="as_of"):
        waiting.forecast(worked, as_of=60)
