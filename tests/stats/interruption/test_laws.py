"""The laws behind the interruption tests: other ways to work them out, p at the limit, size, other clocks, truth."""

from __future__ import annotations

from functools import partial

import numpy as np
import pytest

from analysis import CountSeries
from analysis.stats import interruption, rates
from analysis.stats.interruption import poisson
from analysis.stats.interruption.bootstrap import Bootstrap
from analysis.stats.interruption.design import design
from analysis.stats.interruption.onset import Averaged

UNEVEN = [3, 0, 5, 2, 1, 4, 0, 7, 2, 1, 0, 3, 1, 0, 0, 2, 1, 0, 4, 0]
FORMS = {
    "level": {},
    "slope": {"form": "slope"},
    "level_slope": {"form": "level_slope"},
    "pulse": {"form": "pulse", "until": 15.0, "trend": True},
    "suspend_resume": {"form": "suspend_resume", "until": 15.0},
    "season": {"harmonics": 1, "period": 10.0},
}


def counts_of(counts=UNEVEN, **settings):
    return CountSeries.from_counts(counts, **settings)


def band(share, runs, sds=3.5):
    return share + sds * np.sqrt(share * (1 - share) / runs)


def model_of(counts, at, **settings):
    plain = {"until": None, "form": "level", "trend": False, "harmonics": 0, "period": 365.25, "covariates": None}
    return design(counts, at=at, **plain | settings)


def test_many_fits_at_once_are_those_of_statsmodels_one_by_one():
    import statsmodels.api as sm

    rng = np.random.default_rng(1)
    table = rng.poisson(3, (5, 20)).astype(float)
    columns, offset = np.column_stack([np.ones(20), np.arange(20) / 20, rng.random(20)]), np.log(rng.random(20) + 0.5)
    beta, mu = poisson.fitted(table, columns, offset)
    for row in range(5):
        fit = sm.GLM(table[row], columns, family=sm.families.Poisson(), offset=offset).fit(tol=1e-12)
        assert beta[row] == pytest.approx(fit.params, abs=1e-8)
        assert mu[row] == pytest.approx(fit.mu)


def test_two_rates_and_nothing_else_are_the_exact_ratio():
    # rates.ratio_of_counts is held against published tables.
    counts = CountSeries(np.arange(0.0, 7.0), [3, 1, 0, 0, 2, 0], [1, 0.5, 1, 0, 1, 0.25])
    mine = interruption.interrupted(counts, at=2.0, alternative="less")
    theirs = rates.ratio_of_counts(before=4, before_days=1.5, after=2, after_days=2.25, alternative="less")
    assert mine.pvalue == theirs.pvalue
    assert mine.effect.high == theirs.effect.high
    assert mine.attainable_pvalue == theirs.attainable_pvalue


@pytest.mark.parametrize("alternative", ["two-sided", "less", "greater"])
@pytest.mark.parametrize("settings", [{}, {"method": "wald"}, {"method": "wald", "errors": "hac"}])
def test_p_at_the_limits_of_the_closed_forms_equals_alpha(settings, alternative):
    run = partial(interruption.interrupted, counts_of(), at=10.0, alternative=alternative, **settings)
    found = run().effect
    for end in (found.low, found.high):
        assert not end or run(null_effect=end).pvalue == pytest.approx(0.05, abs=1e-9)


@pytest.mark.parametrize("form", [f for f in FORMS if f != "level"])
def test_p_crosses_alpha_at_the_limits_of_the_bootstrap(form):
    model = model_of(counts_of(), 10.0, **FORMS[form])
    test = Bootstrap(model, resamples=199, rng=np.random.default_rng(2))
    low, high = test.limits(alternative="two-sided", level=0.95)
    assert low < test.estimate < high
    for end, out in ((low, -1), (high, 1)):
        assert test.pvalue(end, "two-sided") > 0.05
        assert test.pvalue(end + out * 0.01 / test.scale, "two-sided") <= 0.05


@pytest.mark.parametrize("alternative", ["two-sided", "less", "greater"])
@pytest.mark.parametrize("came", [0, 3, 9, 20])
def test_none_missing_is_inside_exactly_when_p_is_above_alpha(came, alternative):
    # And each end is the last count that the exact test of an unchanged rate keeps.
    counts = counts_of([4, 5, 3, came])
    found = interruption.missing(counts, at=3.0, alternative=alternative)
    inside = found.effect.low <= 0 and (found.effect.high is None or found.effect.high >= 0)
    assert inside == (found.pvalue > 0.05)
    for end, out in ((found.effect.low, -1), (found.effect.high, 1)):
        if end is None or end + came <= 0:
            continue
        kept, gone = (int(end + came + k * out) for k in (0, 1))
        again = [interruption.missing(counts_of([4, 5, 3, k]), at=3.0, alternative=alternative) for k in (kept, gone)]
        assert again[0].pvalue > 0.05 >= again[1].pvalue


def test_none_missing_and_p_agree_after_a_trend_too():
    rng = np.random.default_rng(6)
    for _ in range(15):
        counts = counts_of([*rng.poisson(np.exp(np.linspace(1.6, 2.4, 12))), *rng.poisson(4, 4)])
        found = interruption.missing(counts, at=12.0, trend=True, rng=1, resamples=199)
        assert (found.effect.low <= 0 <= found.effect.high) == (found.pvalue > 0.05)


@pytest.mark.parametrize("scale", [1 / 24, 7.0])
def test_another_unit_of_time_changes_nothing(scale):
    runs = {
        "level": lambda c, s: interruption.interrupted(c, at=10 * s),
        "trend": lambda c, s: interruption.interrupted(c, at=10 * s, form="level_slope", rng=1, resamples=99),
        "missing": lambda c, s: interruption.missing(c, at=10 * s),
        "onset": lambda c, s: interruption.uncertain_onset(c, prior={9 * s: 1, 12 * s: 2}, rng=1, resamples=99),
        "hac": lambda c, s: interruption.interrupted(c, at=10 * s, trend=True, method="wald", errors="hac"),
    }
    for name, run in runs.items():
        one, two = run(counts_of(), 1.0), run(counts_of(width=scale), scale)
        assert two.pvalue == pytest.approx(one.pvalue, abs=1e-9), name
        ends = [one.effect.value, one.effect.low, one.effect.high]
        assert [two.effect.value, two.effect.low, two.effect.high] == pytest.approx(ends, rel=1e-6), name
    slopes = [
        interruption.interrupted(c, at=a, form="slope", rng=1, resamples=99).effect.value
        for c, a in ((counts_of(), 10.0), (counts_of(width=scale), 10 * scale))
    ]
    assert slopes[1] == pytest.approx(slopes[0] / scale)


def test_bins_that_nobody_watched_are_left_out():
    full = counts_of()
    watched = np.ones(22)
    watched[[4, 13]] = 0
    holed = CountSeries(np.arange(23.0), np.insert(UNEVEN, [4, 12], 0), watched)
    one, two = interruption.interrupted(full, at=10.0), interruption.interrupted(holed, at=11.0)
    assert (one.pvalue, one.effect.high) == (two.pvalue, two.effect.high)
    assert len(two.curve) == 20


@pytest.mark.parametrize(("form", "n"), [("slope", 12), ("level_slope", 30), ("suspend_resume", 12), ("season", 30)])
def test_size_of_the_bootstrap_under_a_constant_rate(form, n):
    runs, p = 120, []
    for i in range(runs):
        rng = np.random.default_rng([n, i])
        counts = counts_of(rng.multinomial(n, np.full(20, 0.05)))
        p.append(Bootstrap(model_of(counts, 10.0, **FORMS[form]), resamples=99, rng=rng).pvalue(0.0, "two-sided"))
    assert np.mean(np.array(p) <= 0.05) <= band(0.05, runs)


def test_size_of_the_bootstrap_under_a_steep_trend():
    # The course that is adjusted for is no null of its own: a tenfold rise, and a level change tested on top.
    runs, p, rise = 120, [], np.exp(np.linspace(0, 2.3, 20))
    for i in range(runs):
        rng = np.random.default_rng(i)
        counts = counts_of(rng.multinomial(40, rise / rise.sum()))
        test = Bootstrap(model_of(counts, 10.0, trend=True), resamples=99, rng=rng)
        p.append(test.pvalue(0.0, "two-sided"))
    assert np.mean(np.array(p) <= 0.05) <= band(0.05, runs)


@pytest.mark.parametrize("n", [3, 10, 30])
@pytest.mark.parametrize("ratio", [1.0, 0.2])
def test_size_of_an_uncertain_onset_and_coverage_of_its_limits(n, ratio):
    # The onset is drawn from the prior; p of the true ratio is at most alpha in at most alpha of the records.
    onsets, weights, runs, p = np.array([8.0, 10.0, 14.0]), np.array([0.25, 0.5, 0.25]), 300, []
    for i in range(runs):
        rng = np.random.default_rng([n, i])
        pace = np.where(np.arange(20) >= rng.choice(onsets, p=weights), ratio, 1.0)
        counts = counts_of(rng.multinomial(n, pace / pace.sum()))
        p.append(Averaged(counts, onsets, weights, resamples=99, rng=rng).pvalue(np.log(ratio), "two-sided"))
    assert np.mean(np.array(p) <= 0.05) <= band(0.05, runs)


@pytest.mark.parametrize("trend", [False, True])
def test_coverage_of_the_attacks_missing(trend):
    runs, out = 150, 0
    for i in range(runs):
        rng = np.random.default_rng(i)
        course = np.exp(np.linspace(1.3, 2.3 if trend else 1.3, 20))
        found = interruption.missing(counts_of(rng.poisson(course)), at=14.0, trend=trend, rng=rng, resamples=99)
        out += found.pvalue <= 0.05
    assert out / runs <= band(0.05, runs)


def test_an_onset_known_for_sure_is_nearly_the_exact_test():
    found = interruption.uncertain_onset(counts_of(), prior={10.0: 1}, rng=1, resamples=1999)
    exact = interruption.interrupted(counts_of(), at=10.0)
    assert found.effect.value == pytest.approx(exact.effect.value, rel=1e-3)
    assert found.pvalue == pytest.approx(exact.pvalue, abs=0.03)
    assert found.curve["posterior"].tolist() == [1.0]


def test_the_posterior_of_the_onset_finds_the_truth():
    counts = counts_of([6, 5, 7, 6, 5, 6, 0, 1, 0, 0, 1, 0])
    found = interruption.uncertain_onset(counts, prior={4.0: 1, 6.0: 1, 8.0: 1}, rng=1, resamples=99)
    assert found.curve.set_index("onset")["posterior"].idxmax() == 6.0
    assert found.effect.high < 0.3


def test_a_simulated_truth_comes_back():
    # A third of the pace from bin 60 on, under a trend and a season: the estimate within four errors of log(1/3).
    t = np.arange(120) + 0.5
    pace = 20 * np.exp(0.005 * t + 0.4 * np.cos(2 * np.pi * t / 12)) * np.where(t > 60, 1 / 3, 1.0)
    counts = counts_of(np.random.default_rng(3).poisson(pace))
    settings = {"at": 60.0, "trend": True, "harmonics": 1, "period": 12.0}
    found = interruption.interrupted(counts, method="wald", **settings)
    assert abs(found.settings["coefficient"] + np.log(3)) < 4 * found.settings["error"]
    assert found.settings["error"] < 0.15
    assert found.settings["dispersion_pvalue"] > 0.01
    gone = interruption.missing(counts, rng=1, resamples=199, **settings)
    assert gone.effect.low < pace[60:].sum() * 2 < gone.effect.high
    # What would have come without the change stands in the curve, three times the fit after it.
    curve = found.curve
    ratio = (curve["counterfactual"] / curve["fitted"])[curve["after"]]
    assert ratio.to_numpy() == pytest.approx(1 / found.effect.value)
    assert (curve["low"] <= curve["counterfactual"] + 1e-9).all()
    assert (curve["counterfactual"] <= curve["high"] + 1e-9).all()


def test_clustered_counts_are_told():
    counts = counts_of([0, 9, 0, 0, 8, 0, 0, 7, 0, 0, 9, 0, 0, 0, 6, 0])
    for rng in (None, 1):
        found = interruption.interrupted(counts, at=8.0, rng=rng)
        spread = next(a for a in found.assumptions if "Poisson" in a.name)
        assert spread.status == "fails"
        assert any("negative_binomial" in w for w in found.warnings)
    wide = interruption.interrupted(counts, at=8.0, method="wald", errors="quasi")
    plain = interruption.interrupted(counts, at=8.0, method="wald")
    assert wide.settings["error"] == pytest.approx(plain.settings["error"] * np.sqrt(plain.settings["dispersion"]))
