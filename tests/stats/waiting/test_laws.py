"""Laws of waits: beside scipy, recovery of a simulated truth, limits, the shape against 1."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import integrate, stats
from scipy.special import gamma

from analysis.errors import ParameterError
from analysis.stats import waiting
from analysis.stats.waiting.likelihood import LAWS, Waits, maximum_likelihood, profile
from analysis.stats.waiting.shape_test import central_pvalues, root_at, signed_root
from analysis.stats.waiting.shapes import gamma_shapes, weibull_profile, weibull_shapes
from analysis.timeline import EventSeries

FROZEN = {
    "exponential": lambda t: stats.expon(scale=t[0]),
    "weibull": lambda t: stats.weibull_min(t[0], scale=t[1]),
    "gamma": lambda t: stats.gamma(t[0], scale=t[1]),
    "lognormal": lambda t: stats.lognorm(t[1], scale=t[0]),
}
THETA = {"exponential": (3.0,), "weibull": (0.7, 4.0), "gamma": (1.8, 2.0), "lognormal": (2.5, 0.9)}


def closed_series(waits) -> EventSeries:
    times = np.cumsum(waits)
    window = {"start": 0, "end": times[-1], "opened_by_event": True, "closed_by_event": True}
    return EventSeries.from_numbers(times, **window)


@pytest.mark.parametrize("name", list(LAWS))
def test_density_and_survival_are_those_of_scipy(name):
    x = np.array([0.01, 0.4, 3.0, 17.0])
    law, peer = LAWS[name], FROZEN[name](THETA[name])
    np.testing.assert_allclose(law.log_density(x, *THETA[name]), peer.logpdf(x), rtol=1e-10)
    np.testing.assert_allclose(law.log_survival(x, *THETA[name]), peer.logsf(x), rtol=1e-9)
    assert law.mean(*THETA[name]) == pytest.approx(peer.mean(), rel=1e-10)


def test_gamma_survival_far_out_does_not_vanish():
    # gammaincc underflows beyond about 700 scales. By hand: Q(k, z) = z^(k-1) e^-z / Gamma(k) times the integral
    # of (1 + u/z)^(k-1) e^-u, with Gamma(1.8) = 0.93138377098.
    far = float(LAWS["gamma"].log_survival(1000.0, 1.8, 1.0))
    tail, _ = integrate.quad(lambda u: (1 + u / 1000) ** 0.8 * np.exp(-u), 0, 60)
    assert far == pytest.approx(-1000 + 0.8 * np.log(1000) - np.log(0.93138377098) + np.log(tail), abs=1e-5)


@pytest.mark.parametrize("name", ["weibull", "gamma", "lognormal"])
def test_complete_waits_are_fitted_as_by_scipy(name):
    waits = FROZEN[name](THETA[name]).rvs(60, random_state=np.random.default_rng(1))
    found = waiting.law(closed_series(waits), name).settings
    peer = {"weibull": stats.weibull_min, "gamma": stats.gamma, "lognormal": stats.lognorm}[name].fit(waits, floc=0)
    values = {"weibull": ("shape", "scale"), "gamma": ("shape", "scale"), "lognormal": ("sigma", "median")}[name]
    assert [found[v] for v in values] == pytest.approx([peer[0], peer[2]], rel=1e-3)


@pytest.mark.parametrize("name", ["weibull", "gamma", "lognormal"])
def test_censored_waits_are_fitted_as_by_scipy(name):
    # One likelihood maximised by two programs: scipy's CensoredData against ours.
    rng = np.random.default_rng(2)
    x, c = FROZEN[name](THETA[name]).rvs(80, random_state=rng), rng.exponential(6, 80)
    age, ended = np.minimum(x, c), x <= c
    theta, top = maximum_likelihood(LAWS[name], Waits(age, np.zeros(80), ended))
    law = {"weibull": stats.weibull_min, "gamma": stats.gamma, "lognormal": stats.lognorm}[name]
    shape, _, scale = law.fit(stats.CensoredData.right_censored(age, ~ended), floc=0)
    peer = law(shape, scale=scale)
    assert top >= peer.logpdf(age[ended]).sum() + peer.logsf(age[~ended]).sum() - 1e-6
    assert (theta if name != "lognormal" else theta[::-1]) == pytest.approx([shape, scale], rel=1e-2)


@pytest.mark.parametrize("name", ["weibull", "gamma", "lognormal"])
def test_truth_is_recovered_from_censored_and_late_entered_waits(name):
    # 3000 waits watched from a random age on: without the truncation term short waits would go missing.
    rng = np.random.default_rng(3)
    x = FROZEN[name](THETA[name]).rvs(6000, random_state=rng)
    entered, c = rng.exponential(1, 6000), rng.exponential(12, 6000)
    seen = x > entered
    age = np.minimum(x, entered + c)[seen]
    theta, _ = maximum_likelihood(LAWS[name], Waits(age, entered[seen], (x <= entered + c)[seen]))
    assert theta == pytest.approx(THETA[name], rel=0.1)


def test_vectorised_shapes_solve_the_same_equations():
    rng = np.random.default_rng(4)
    x, last = rng.weibull(0.8, (5, 9)) * 7, rng.exponential(5, 5)
    together = weibull_shapes(x, last), gamma_shapes(x)
    for i in range(5):
        open_too = Waits(np.append(x[i], last[i]), np.zeros(10), np.append(np.ones(9, bool), False))
        assert together[0][i] == pytest.approx(maximum_likelihood(LAWS["weibull"], open_too)[0][0], rel=1e-5)
        closed = Waits(x[i], np.zeros(9), np.ones(9, bool))
        assert together[1][i] == pytest.approx(maximum_likelihood(LAWS["gamma"], closed)[0][0], rel=1e-5)
        # The profile drops the same constant everywhere.
        gain = np.diff([profile(LAWS["weibull"], open_too, 0, k, np.array([1.0, 5.0])) for k in (1.0, 0.6)])
        ours = np.diff([weibull_profile(np.array([k]), x[[i]], last[[i]])[0] for k in (1.0, 0.6)])
        assert ours == pytest.approx(gain, abs=1e-7)


def test_exponential_limits_are_exact_for_a_count(irregular):
    # Given the first event at 0.4, six more in the 39.6 days after it: Garwood's limits of a count of 6.
    effect = waiting.law(irregular, "exponential").effect
    assert effect.value == pytest.approx(39.6 / 6)
    assert stats.poisson.sf(5, 39.6 / effect.high) == pytest.approx(0.025)
    assert stats.poisson.cdf(6, 39.6 / effect.low) == pytest.approx(0.025)


def test_the_likelihood_at_a_limit_is_down_by_the_threshold(irregular):
    # Half the chi-square quantile 3.841 with its factor 1 + 1.5 / n, n = 6 ended waits.
    finding = waiting.law(irregular, "lognormal")
    waits = Waits(np.append(np.diff(irregular.times), 40 - 31.7), np.zeros(7), np.append(np.ones(6, bool), False))
    drop = 0.5 * stats.chi2.ppf(0.95, 1) * (1 + 1.5 / 6)
    for limit in (finding.effect.low, finding.effect.high):
        at = profile(LAWS["lognormal"], waits, 1, limit, np.array([2.0, 1.0]))
        assert at == pytest.approx(finding.settings["log_likelihood"] - drop, abs=1e-5)


def test_the_table_of_laws_finds_the_right_one():
    # Regular waits (gamma of shape 9): the exponential law must come last by far.
    rng = np.random.default_rng(5)
    table = waiting.laws(closed_series(rng.gamma(9, 1, 80)))
    assert table["law"].iloc[-1] == "exponential"
    assert table["difference"].iloc[-1] > 20
    assert table["weight"].sum() == pytest.approx(1)
    # AICc by hand for the exponential: -2 ll + 2 + 4 / (n - 2).
    row = table.iloc[-1]
    assert row["aicc"] == pytest.approx(-2 * row["log_likelihood"] + 2 + 4 / 78)


def test_too_few_waits_are_an_answer(worked):
    assert waiting.law(worked, "weibull").inconclusive
    assert waiting.laws(worked)["note"].str.contains("3 or more").sum() == 3
    with pytest.raises(ParameterError, match="weibull"):
        waiting.law(worked, "weibul")


def test_a_wait_of_nought_in_a_rounded_record_stands_as_half_a_day():
    times = [3, 9, 9, 20, 41]
    rounded = EventSeries.from_numbers(times, start=0, end=50, precision=1)
    finding = waiting.law(rounded, "gamma")
    assert "stand as 0.5" in finding.warnings[0]
    assert waiting.law(EventSeries.from_numbers(times, start=0, end=50), "gamma").inconclusive


@pytest.mark.parametrize("n", [3, 10, 30, 100])
@pytest.mark.parametrize("shape", [0.5, 1.0, 2.0])
def test_the_shape_is_tested_at_its_size_and_covered_by_its_limits(n, shape):
    # The statistic at the true shape against the null of shape 1, in windows of fixed length: at shape 1 this
    # is the size of the test, elsewhere the coverage of its limits.
    rng = np.random.default_rng(6)
    runs, missed, nulls = 250, 0, {}
    for _ in range(runs):
        t, k = window_of(shape, n, rng)
        x, last = np.diff(np.append(0, t[:k]))[None, :], np.array([n - t[k - 1]])
        if k not in nulls:
            e = rng.standard_exponential((999, k + 1))
            nulls[k] = np.sort(signed_root(e[:, :-1], e[:, -1]))
        p = central_pvalues(nulls[k], root_at(shape, weibull_shapes(x, last), x, last))
        missed += p[0] <= 0.05
    assert missed / runs == pytest.approx(0.05, abs=0.05)


def window_of(shape: float, n: int, rng: np.random.Generator) -> tuple[np.ndarray, int]:
    """Times and their number in a window of n mean waits: n uniform ones at shape 1, otherwise 3 or more."""
    if shape == 1:
        return np.sort(rng.uniform(0, n, n)), n
    while True:
        t = np.cumsum(rng.weibull(shape, 4 * n + 80)) / gamma(1 + 1 / shape)
        k = int(np.searchsorted(t, n))
        if k >= 3:
            return t, k


def test_p_at_a_limit_of_the_shape_is_one_minus_the_level():
    # Raising every stretch to the power k0 divides the shape by k0: at the limit p must be 0.1.
    rng = np.random.default_rng(7)
    spacings = rng.weibull(1.4, 13)
    series = EventSeries.from_numbers(np.cumsum(spacings)[:-1], start=0, end=spacings.sum(), opened_by_event=True)
    finding = waiting.shape_against_one(series, level=0.9, rng=8, resamples=999)
    for limit in (finding.effect.low, finding.effect.high):
        bent = spacings**limit
        moved = EventSeries.from_numbers(np.cumsum(bent)[:-1], start=0, end=bent.sum(), opened_by_event=True)
        p = waiting.shape_against_one(moved, rng=8, resamples=999).pvalue
        assert p == pytest.approx(0.1, abs=0.003)
    # The law carries the same p and limits when it is given a seed.
    law = waiting.law(series, "weibull", level=0.9, rng=8, resamples=999)
    assert (law.pvalue, law.effect.low) == (finding.pvalue, finding.effect.low)


def test_bursts_and_regularity_are_told_apart():
    rng = np.random.default_rng(9)
    for shape in (0.4, 3.0):
        waits = rng.weibull(shape, 40)
        series = EventSeries.from_numbers(np.cumsum(waits), start=0, end=waits.sum() * 1.001, opened_by_event=True)
        finding = waiting.shape_against_one(series, rng=1, resamples=499)
        assert finding.pvalue <= 0.01
        assert (finding.effect.value < 1) == (shape < 1)
        assert finding.effect.low < shape < finding.effect.high


@pytest.mark.slow
@pytest.mark.parametrize("name", ["weibull", "gamma", "lognormal"])
def test_profile_limits_cover_as_they_say(name):
    # 92 to 97 % at nominal 95 %: shape (or sigma) in windows of n mean waits.
    rng = np.random.default_rng(10)
    truth = {"weibull": (1.2, 1.0), "gamma": (1.2, 1.0), "lognormal": (1.0, 0.8)}[name]
    which = 1 if name == "lognormal" else 0
    frozen = FROZEN[name](truth)
    n, runs, covered = 7, 150, 0
    while runs:
        t = np.cumsum(frozen.rvs(4 * n + 30, random_state=rng)) / frozen.mean()
        k = np.searchsorted(t, n)
        if k < 4:
            continue
        runs -= 1
        age = np.append(np.diff(np.append(0, t[:k])), n - t[k - 1]) * frozen.mean()
        waits = Waits(age, np.zeros(k + 1), np.append(np.ones(k, bool), False))
        theta, top = maximum_likelihood(LAWS[name], waits)
        drop = 0.5 * 3.841 * (1 + 1.5 / k)
        covered += profile(LAWS[name], waits, which, truth[which], theta) >= top - drop
    assert covered / 150 >= 0.89
