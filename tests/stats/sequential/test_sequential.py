"""Evidence under continuous monitoring: closed forms, Ville's bound by simulation, limits that agree with p, edges."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import integrate, stats

from analysis import EventSeries, ParameterError
from analysis.stats import sequential, waiting
from analysis.stats.sequential.mixtures import beta_mixture, gamma_mixture

IRREGULAR = [0.4, 1.1, 7.9, 8.0, 23.5]


def numbers(times, end=30.0, **settings):
    return EventSeries.from_numbers(times, start=0, end=end, **settings)


@pytest.mark.parametrize("alternative", ["two-sided", "less", "greater"])
def test_the_closed_form_is_the_integral_over_rates(alternative):
    reference, expected, shape, n, t = 0.3, 0.2, 0.7, 4, 9.0
    low, high = {"two-sided": (0, np.inf), "less": (0, reference), "greater": (reference, np.inf)}[alternative]
    prior = stats.gamma(shape, scale=expected / shape)
    ratio = lambda r: (r / reference) ** n * np.exp(-(r - reference) * t) * prior.pdf(r)  # noqa: E731
    mass = prior.cdf(high) - prior.cdf(low)
    whole = integrate.quad(ratio, low, high, epsabs=1e-12)[0] / mass
    ours = gamma_mixture(n, t, reference=reference, expected=expected, shape=shape, alternative=alternative)
    assert float(ours) == pytest.approx(np.log(whole), abs=1e-6)


def test_no_event_is_worth_what_robbins_formula_says():
    # By hand, shape 1 and mean 1: integral of exp(-r t) exp(-r) dr over exp(-t) is exp(t) / (1 + t).
    found = sequential.evidence(numbers([], end=6), reference=1.0, shape=1.0)
    assert found.statistic == pytest.approx(np.exp(6) / 7)
    assert found.pvalue == pytest.approx(7 * np.exp(-6))


def test_laplace_rule_of_succession_in_the_beta_mixture():
    # Uniform prior (strength 2 about 1/2): 2 of 2 labels have chance 1/3, against 1/4 under a fair coin.
    assert np.exp(beta_mixture(2, 2, share=0.5, expected=0.5, strength=2, alternative="two-sided")) == pytest.approx(
        4 / 3
    )


def test_robbins_1970_probability_of_ever_crossing_a_mixture_boundary():
    # Ville (1939): P(evidence ever reaches c) <= 1 / c, and near it for a long watch without overshoot: Poisson(0.4).
    rng = np.random.default_rng(1)
    crossed = {"two-sided": 0, "less": 0, "greater": 0}
    runs = 800
    for _ in range(runs):
        times = np.cumsum(rng.exponential(2.5, 200))
        times = times[times < 250]
        n = np.arange(times.size)
        t = np.concatenate([times, times, [250.0]])
        count = np.concatenate([n, n + 1, [times.size]])
        for alternative in crossed:
            log = gamma_mixture(count, t, reference=0.4, expected=0.4, shape=0.5, alternative=alternative)
            crossed[alternative] += log.max() >= np.log(20)
    for hits in crossed.values():
        assert hits / runs <= 0.05 + 2.5 * np.sqrt(0.05 * 0.95 / runs)
    # A bound that nothing ever comes near would hold as well: the evidence does reach it now and then.
    assert crossed["two-sided"] > 5


@pytest.mark.parametrize(("n", "runs"), [(3, 120), (10, 120), (30, 60), (100, 30)])
def test_the_sequence_covers_at_all_looks_together(n, runs):
    rng = np.random.default_rng(n)
    missed = 0
    for _ in range(runs):
        times = np.sort(rng.random(rng.poisson(n)) * 10 * n)
        found = sequential.evidence(numbers(times, end=10 * n), reference=0.1)
        missed += found.pvalue <= 0.05
        low, high = found.effect.low, found.effect.high
        assert (found.pvalue > 0.05) == (low <= 0.1 and (high is None or high >= 0.1))
    assert missed <= 0.05 * runs + 2.5 * np.sqrt(0.05 * 0.95 * runs)


@pytest.mark.parametrize("alternative", ["two-sided", "less", "greater"])
def test_p_at_a_limit_is_alpha(alternative):
    series = numbers(IRREGULAR)
    found = sequential.confidence_sequence(series, expected=0.1, alternative=alternative)
    ends = [x for x in (found.effect.low, found.effect.high) if x]
    assert ends
    for limit in ends:
        again = sequential.evidence(series, reference=limit, expected=0.1, alternative=alternative)
        assert again.pvalue == pytest.approx(0.05, rel=1e-6)
    assert found.curve["low"].iloc[-1] == pytest.approx(found.effect.low)


def test_limits_only_tighten_and_are_wider_than_those_of_one_look():
    from analysis.stats import rates

    rng = np.random.default_rng(4)
    series = numbers(np.sort(rng.random(40) * 400), end=400)
    found = sequential.confidence_sequence(series, expected=0.1)
    high = found.curve["high"].dropna().to_numpy()
    assert np.all(np.diff(high) <= 1e-9)
    assert np.all(np.diff(found.curve["low"]) >= -1e-9)
    garwood = rates.rate(series).effect
    once = sequential.confidence_sequence(series, expected=0.1, looks=[]).effect
    assert once.low < garwood.low
    assert once.high > garwood.high
    assert once.high >= found.effect.high


def test_another_unit_of_time_changes_nothing():
    days = sequential.evidence(numbers(IRREGULAR), reference=0.4, alternative="less")
    hours = sequential.evidence(
        numbers(np.array(IRREGULAR) * 24, end=720, unit="hour"), reference=0.4 / 24, alternative="less"
    )
    assert hours.pvalue == pytest.approx(days.pvalue)
    assert hours.effect.high * 24 == pytest.approx(days.effect.high)


def test_unwatched_time_is_no_silence():
    holed = numbers(IRREGULAR, end=40, holes=[(24, 34)])
    assert sequential.evidence(holed, reference=0.4).pvalue == pytest.approx(
        sequential.evidence(numbers(IRREGULAR), reference=0.4).pvalue
    )


def test_fewer_looks_never_give_a_smaller_p():
    series = numbers([20.0, 22.0, 29.0])
    ever = sequential.evidence(series, reference=0.4, alternative="less").pvalue
    weekly = sequential.evidence(series, reference=0.4, alternative="less", looks=[7, 14, 21, 28]).pvalue
    now = sequential.evidence(series, reference=0.4, alternative="less", looks=[]).pvalue
    assert ever < weekly < now
    with pytest.raises(ParameterError, match="inside the window"):
        sequential.evidence(series, reference=0.4, looks=[31])


def test_the_alarm_rings_when_the_evidence_reaches_its_level_and_later_than_one_look_would():
    series = numbers([24, 27], end=27.5, opened_by_event=True)
    found = sequential.alarm(series, reference=2 / 27)
    needed = found.effect.value
    later = numbers([24, 27], end=27.5 + needed, opened_by_event=True)
    assert sequential.evidence(later, reference=2 / 27, alternative="less").pvalue == pytest.approx(0.05, rel=1e-6)
    assert sequential.alarm(later, reference=2 / 27).effect.value == pytest.approx(0, abs=1e-6)
    # exp(-2 q / 27) = 0.05 at q = 40.4 days with the rate known and one look (the worked example of silence)
    assert needed + 0.5 > 40.4
    assert waiting.silence_needed(numbers([24, 27], end=51, opened_by_event=True)).effect is not None


def test_the_ratio_holds_its_size_at_every_look_and_finds_a_suspension():
    rng = np.random.default_rng(9)
    rejected, runs = 0, 200
    for _ in range(runs):
        series = numbers(np.sort(rng.random(rng.poisson(30)) * 90), end=90)
        rejected += sequential.ratio(series, at=45, until=120).pvalue <= 0.05
    assert rejected <= 0.05 * runs + 2.5 * np.sqrt(0.05 * 0.95 * runs)
    stopped = numbers(np.sort(rng.random(30) * 45), end=90)
    found = sequential.ratio(stopped, at=45, until=90, alternative="less")
    assert found.pvalue < 0.001
    assert found.effect.value == 0
    assert found.n_events == (30, 0)
    again = sequential.ratio(stopped, at=45, until=90, alternative="less", null_ratio=found.effect.high)
    assert again.pvalue == pytest.approx(0.05, rel=1e-5)


def test_at_the_planned_end_the_ratio_uses_every_event():
    found = sequential.ratio(numbers([*IRREGULAR, 26.0]), at=10, until=30)
    assert found.n_events == (4, 2)
    assert found.effect.value == pytest.approx(2 / 4 * 10 / 20)
    half = sequential.ratio(numbers([*IRREGULAR, 26.0]), at=10, until=50)
    assert half.n_events == (2, 2)
    assert half.exposure_days == pytest.approx((5, 20))


@pytest.mark.parametrize("times", [[], [7.9], [7.9, 8.0], [7.9] * 4, [0.0, 1.1], [29.999]])
@pytest.mark.parametrize("alternative", ["two-sided", "less", "greater"])
def test_thin_records_have_finite_answers(times, alternative):
    series = numbers(times)
    for found in (
        sequential.evidence(series, reference=0.1, alternative=alternative),
        sequential.confidence_sequence(series, expected=0.1, alternative=alternative),
        sequential.alarm(series, reference=0.1),
        sequential.ratio(series, at=10, until=60, alternative=alternative),
    ):
        str(found), found.to_frame(), found._repr_html_()
        if found.pvalue is not None:
            assert found.pvalue >= found.attainable_pvalue * (1 - 1e-9)
    day = numbers([0, 24, 27], end=51, opened_by_event=True, precision=1.0)
    assert 0 < sequential.evidence(day, reference=0.2, alternative=alternative).pvalue <= 1
    closed = numbers([*IRREGULAR, 30.0], closed_by_event=True)
    assert sequential.evidence(closed, reference=0.2, alternative=alternative).n_events == 6


def test_what_is_refused_says_what_to_do():
    drawn = EventSeries([3.5], numbers([]).window, earliest=[3.0], latest=[4.0], resolution="drawn")
    with pytest.raises(ParameterError, match="resolution='day'"):
        sequential.evidence(drawn, reference=0.1)
    with pytest.raises(ParameterError, match="above 0"):
        sequential.evidence(numbers([]), reference=0)
    with pytest.raises(ParameterError, match="planned end"):
        sequential.ratio(numbers([]), at=10, until=20)
    with pytest.raises(ParameterError, match="inside the window"):
        sequential.ratio(numbers([]), at=40, until=50)
