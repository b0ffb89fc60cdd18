"""Waits beside their peers."""

from __future__ import annotations

from benchmarks.timing import row  # first: it sets one thread

import numpy as np  # isort: skip
from scipy import stats  # isort: skip

from analysis.stats import waiting  # isort: skip
from analysis.stats.waiting.mean import bootstrap_means  # isort: skip

CALL_SECONDS = 50e-6


def rows() -> list[dict]:
    """Permutation of two groups, longest wait, Kaplan-Meier with limits, bootstrap of a mean."""
    return [permutation(), longest_wait(), kaplan_meier(), bootstrap()]


def permutation() -> dict:
    """Two groups of 30 and 25 waits, 10^5 arrangements; ours gives the interval too."""
    rng = np.random.default_rng(1)
    x, y = rng.exponential(10, 30), rng.exponential(14, 25)

    def difference(a, b, axis=-1):
        return a.mean(axis=axis) - b.mean(axis=axis)

    def peer():
        settings = {"n_resamples": 100_000, "vectorized": True, "rng": np.random.default_rng(1)}
        return stats.permutation_test((x, y), difference, **settings).pvalue

    # Two simulated p of 10^5 arrangements each: four standard errors of their difference.
    return row(
        "permutation of two groups",
        "n=55, 10^5",
        lambda: waiting.compare(x, y, rng=1, resamples=100_000).pvalue,
        "scipy permutation_test",
        peer,
        aim=0.03,
        same=lambda a, b: abs(a - b) < 4 * 2 * np.sqrt(2 * (b / 2) * (1 - b / 2) / 100_000),
        repeats=7,
        peer_repeats=3,
    )


def longest_wait() -> dict:
    """Longest of 21 stretches; the aim is 50 microseconds a call, whatever the peer needs."""
    rng = np.random.default_rng(2)
    events = np.sort(rng.uniform(0, 200, 20))

    def longest(t, axis=-1):
        t = np.moveaxis(np.sort(t, axis=axis), axis, -1)
        ends = np.zeros((*t.shape[:-1], 1)), np.full((*t.shape[:-1], 1), 200.0)
        return np.diff(np.concatenate([ends[0], t, ends[1]], axis=-1), axis=-1).max(axis=-1)

    gap = float(longest(events))

    def peer():
        draw = np.random.default_rng(3)
        settings = {"n_resamples": 10_000, "vectorized": True, "alternative": "greater"}
        return stats.monte_carlo_test(events, lambda size: draw.uniform(0, 200, size), longest, **settings).pvalue

    line = row(
        "longest wait, p-value",
        "n=20",
        lambda: waiting.longest_spacing_pvalue(gap, 200.0, 20),
        "scipy monte_carlo_test, 10^4",
        peer,
        aim=0.0,
        same=lambda a, b: abs(a - b) < 4 * np.sqrt(a * (1 - a) / 10_000),
        inner=1000,
    )
    return line | {"aim": CALL_SECONDS / line["peer_s"]}


def kaplan_meier() -> dict:
    """10^6 waits, a good third of them censored; ours gives the limits and Nelson-Aalen too."""
    from statsmodels.duration.survfunc import SurvfuncRight

    rng = np.random.default_rng(5)
    wait, cut = rng.exponential(10, 10**6), rng.exponential(15, 10**6)
    age, ended = np.minimum(wait, cut), wait <= cut
    status = ended.astype(np.int64)

    def same(ours, peer):
        close = np.allclose(ours["survival"], peer.surv_prob, rtol=1e-9, atol=1e-12)
        return close and np.allclose(ours["std_error"][:-1], peer.surv_prob_se[:-1], rtol=1e-6, atol=1e-12)

    return row(
        "Kaplan-Meier with limits",
        "10^6",
        lambda: waiting.kaplan_meier(age, ended),
        "statsmodels SurvfuncRight",
        lambda: SurvfuncRight(age, status),
        aim=0.8,
        same=same,
        repeats=7,
    )


def bootstrap() -> dict:
    """Percentile limits of the mean of 1000 waits from 10^4 resamples."""
    waits = np.random.default_rng(6).exponential(10, 1000)
    rng = np.random.default_rng(7)

    def ours():
        return np.quantile(bootstrap_means(waits, resamples=10_000, rng=rng), [0.025, 0.975])

    def peer():
        settings = {"n_resamples": 10_000, "method": "percentile", "rng": np.random.default_rng(8)}
        return stats.bootstrap((waits,), np.mean, **settings).confidence_interval

    # A simulated 2.5 % point has a standard error of 0.027 sd of the mean at 10^4 resamples.
    step = 4 * np.sqrt(2) * 0.027 * waits.std() / np.sqrt(1000)
    return row(
        "bootstrap of a mean",
        "n=1000, 10^4",
        ours,
        "scipy bootstrap, percentile",
        peer,
        aim=0.2,
        same=lambda a, b: np.allclose(a, [b.low, b.high], rtol=0, atol=step),
        peer_repeats=3,
    )
