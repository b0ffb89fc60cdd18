"""Two groups of waits, and the mean of one."""

from __future__ import annotations

import itertools

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from analysis.errors import ParameterError
from analysis.stats import waiting
from analysis.stats.waiting.arrangements import all_sums, random_sums
from analysis.stats.waiting.mean import bootstrap_means, exponential_limits
from analysis.timeline import EventSeries

A, B = [0.4, 1.1, 7.9, 3.5], [9.2, 2.2, 14.0, 8.1, 30.5]


def difference(x, y, axis=-1):
    return np.mean(x, axis=axis) - np.mean(y, axis=axis)


def test_few_arrangements_are_listed_and_give_scipys_p():
    # 126 arrangements: scipy.stats.permutation_test lists them too (two-sided is twice the smaller tail).
    peer = stats.permutation_test((A, B), difference, n_resamples=np.inf, vectorized=True)
    finding = waiting.compare(A, B)
    assert finding.pvalue == pytest.approx(peer.pvalue, rel=1e-12)
    assert finding.settings["arrangements"] == 126
    assert finding.attainable_pvalue == pytest.approx(2 / 126)
    assert finding.effect.value == pytest.approx(np.mean(B) / np.mean(A))


@pytest.mark.parametrize(("a", "b"), [(4, 5), (5, 4), (2, 7), (3, 3)])
def test_every_arrangement_is_listed_once(a, b):
    rng = np.random.default_rng(1)
    x, y = rng.exponential(1, a), rng.exponential(1, b)
    mine, other = all_sums(x, y)
    z = np.concatenate([x, y])
    by_hand = sorted(z[list(c)].sum() for c in itertools.combinations(range(a + b), a))
    assert sorted(mine + other) == pytest.approx(by_hand)


@pytest.mark.parametrize("resamples", [20_000, 400_000])
def test_random_arrangements_have_the_right_law(resamples):
    # The smaller number takes the numpy way, the larger the compiled loop: both must meet all 792 arrangements.
    rng = np.random.default_rng(2)
    x, y = rng.exponential(1, 5), rng.exponential(2, 7)
    listed, drawn = sum(all_sums(x, y)), sum(random_sums(x, y, resamples=resamples, rng=rng))
    for q in (0.1, 0.5, 0.9):
        at = np.quantile(listed, q) + 1e-9
        share = np.mean(listed <= at)
        assert np.mean(drawn <= at) == pytest.approx(share, abs=4 * np.sqrt(share * (1 - share) / resamples))


@pytest.mark.parametrize("alternative", ["two-sided", "less", "greater"])
def test_limits_agree_with_the_test(alternative):
    # Dividing b by a ratio inside the limits leaves p above 0.1, outside it does not: one seed, one test.
    rng = np.random.default_rng(3)
    x, y = rng.exponential(10, 14), rng.exponential(16, 12)
    settings = {"rng": 1, "resamples": 4999, "alternative": alternative, "level": 0.9}
    effect = waiting.compare(x, y, **settings).effect
    for limit, inward in ((effect.low, 1 + 1e-9), (effect.high, 1 - 1e-9)):
        if limit is None:
            continue
        assert waiting.compare(x, y / (limit * inward), **settings).pvalue > 0.1
        assert waiting.compare(x, y / (limit / inward), **settings).pvalue <= 0.1 + 1e-12
    assert (effect.low is None) == (alternative == "less")
    assert (effect.high is None) == (alternative == "greater")


def test_limits_from_a_list_agree_with_the_test():
    effect = waiting.compare(A, B, level=0.9).effect
    for limit, inward in ((effect.low, 1 + 1e-9), (effect.high, 1 - 1e-9)):
        assert waiting.compare(A, np.array(B) / (limit * inward)).pvalue > 0.1
        assert waiting.compare(A, np.array(B) / (limit / inward)).pvalue <= 0.1


def test_swapping_the_groups_turns_the_ratio_over():
    first, second = waiting.compare(A, B, level=0.9).effect, waiting.compare(B, A, level=0.9).effect
    assert first.value * second.value == pytest.approx(1)
    assert (first.low * second.high, first.high * second.low) == pytest.approx((1, 1))
    assert waiting.compare(A, B).pvalue == pytest.approx(waiting.compare(B, A).pvalue)


@pytest.mark.parametrize("sizes", [(3, 3), (10, 5), (30, 30), (100, 60)])
@pytest.mark.parametrize("statistic", ["mean", "logrank"])
def test_size(sizes, statistic):
    # Exchangeable waits, a third of them censored for the log-rank test: at most the nominal size.
    rng = np.random.default_rng(4)
    runs, rejected = 250, 0
    for seed in range(runs):
        groups = [pd.DataFrame({"days": rng.exponential(1, n), "censored": rng.random(n) < 1 / 3}) for n in sizes]
        if statistic == "mean":
            groups = [g["days"] for g in groups]
        finding = waiting.compare(*groups, statistic=statistic, rng=seed, resamples=199)
        rejected += finding.pvalue is not None and finding.pvalue <= 0.1
    assert rejected / runs <= 0.1 + 3.5 * np.sqrt(0.09 / runs)
    if sizes != (3, 3):
        assert rejected / runs >= 0.1 - 3.5 * np.sqrt(0.09 / runs)


def test_a_ratio_is_recovered_and_covered():
    rng = np.random.default_rng(5)
    covered = 0
    for seed in range(100):
        effect = waiting.compare(
            rng.exponential(5, 20), rng.exponential(15, 25), rng=seed, resamples=499, level=0.9
        ).effect
        covered += effect.low <= 3 <= effect.high
    assert covered / 100 == pytest.approx(0.9, abs=0.1)


def test_the_log_rank_limits_agree_with_its_permutation_p():
    rng = np.random.default_rng(6)
    for factor in (1.0, 1.6, 2.4, 4.0):
        groups = [pd.DataFrame({"days": rng.exponential(m, 15), "censored": rng.random(15) < 0.2}) for m in (1, factor)]
        finding = waiting.compare(*groups, statistic="logrank", rng=7, resamples=999, level=0.9)
        inside = finding.effect.low <= 1 <= finding.effect.high
        assert inside == (finding.pvalue > 0.1)


def test_series_are_compared_by_their_waits(worked, irregular):
    finding = waiting.compare(irregular, worked)
    # 6 waits of the first, 24 and 3 of the second: 28 arrangements of the ended waits.
    assert finding.settings["arrangements"] == 28
    assert finding.n_events == (6, 2)
    assert "2 open waits are left out" in finding.warnings[0]
    # With the open waits 7 and 3: 120.
    assert waiting.compare(irregular, worked, statistic="logrank").settings["arrangements"] == 120


def test_wrong_groups_raise_and_empty_ones_do_not(worked):
    with pytest.raises(ParameterError, match="days and censored"):
        waiting.compare(pd.DataFrame({"wait": [1]}), worked)
    with pytest.raises(ParameterError, match="finite"):
        waiting.compare([1, np.inf], worked)
    with pytest.raises(ParameterError, match="logrank"):
        waiting.compare(A, B, pvalue="chi2")
    with pytest.raises(ParameterError, match="rng"):
        waiting.compare(np.arange(1, 40), np.arange(2, 50))
    assert waiting.compare([], A).inconclusive
    assert waiting.compare([0.0], [0.0, 0.0]).inconclusive


def test_mean_wait_limits_are_those_of_the_count(worked):
    # Garwood: with 2 events in 51 days the rate's limits are chi2(4)/102 and chi2(6)/102.
    effect = waiting.mean_wait(worked).effect
    assert effect.value == 25.5
    assert effect.low == pytest.approx(102 / stats.chi2.ppf(0.975, 6))
    assert effect.high == pytest.approx(102 / stats.chi2.ppf(0.025, 4))
    # Duality: at the limits the count has a tail of 2.5 %.
    assert stats.poisson.sf(1, 51 / effect.high) == pytest.approx(0.025)
    assert stats.poisson.cdf(2, 51 / effect.low) == pytest.approx(0.025)


def test_no_event_sets_a_lower_limit_alone():
    effect = waiting.mean_wait(EventSeries.from_numbers([], start=0, end=30)).effect
    assert (effect.value, effect.high) == (None, None)
    assert effect.low == pytest.approx(30 / -np.log(0.025))


@pytest.mark.parametrize("mean", [3, 10, 30, 100])
def test_mean_wait_limits_cover(mean):
    # Exact limits of a count cover at least their level; no upper limit covers too.
    n = np.random.default_rng(8).poisson(mean, 4000)
    limits = {k: exponential_limits(int(k), float(mean), 0.95) for k in set(n.tolist())}
    covered = np.mean([limits[k][0] <= 1 and (limits[k][1] is None or limits[k][1] >= 1) for k in n.tolist()])
    assert covered >= 0.95 - 3.5 * np.sqrt(0.05 * 0.95 / 4000)


def test_bootstrap_limits_are_those_of_scipy_within_simulation():
    waits = np.random.default_rng(9).exponential(10, 60)
    peer = stats.bootstrap((waits,), np.mean, n_resamples=40_000, method="percentile", rng=1).confidence_interval
    # 40000 x 60 values take the compiled loop, 9999 x 60 the numpy way.
    for resamples in (40_000, 9_999):
        means = bootstrap_means(waits, resamples=resamples, rng=np.random.default_rng(2))
        assert np.quantile(means, [0.025, 0.975]) == pytest.approx([peer.low, peer.high], rel=0.02)
        assert means.mean() == pytest.approx(waits.mean(), rel=0.005)
        assert means.std() == pytest.approx(waits.std() / np.sqrt(60), rel=0.04)


def test_the_bootstrap_says_how_well_it_covers(worked):
    assert waiting.mean_wait(worked, method="bootstrap", rng=1).inconclusive
    t = np.cumsum(np.random.default_rng(10).exponential(1, 20))
    finding = waiting.mean_wait(EventSeries.from_numbers(t, start=0, end=40), method="bootstrap", rng=1)
    assert "86%" in finding.assumptions[0].evidence
    with pytest.raises(ParameterError, match="rng"):
        waiting.mean_wait(worked, method="bootstrap")
