"""Waits beside their peers."""

from __future__ import annotations

from benchmarks.timing import Line, Sides  # first: it sets one thread

import numpy as np  # isort: skip


def permutation() -> Sides:
    """Two groups of 30 and 25 waits, 10^5 arrangements; ours gives the interval too."""
    from scipy import stats

    from analysis.stats import waiting

    rng = np.random.default_rng(1)
    x, y = rng.exponential(10, 30), rng.exponential(14, 25)

    def difference(a, b, axis=-1):
        return a.mean(axis=axis) - b.mean(axis=axis)

    def peer():
        settings = {"n_resamples": 100_000, "vectorized": True, "rng": np.random.default_rng(1)}
        return stats.permutation_test((x, y), difference, **settings).pvalue

    # Two simulated p of 10^5 arrangements each: four standard errors of their difference.
    return Sides(
        ours=lambda: waiting.compare(x, y, rng=1, resamples=100_000).pvalue,
        peer=peer,
        same=lambda a, b: abs(a - b) < 4 * 2 * np.sqrt(2 * (b / 2) * (1 - b / 2) / 100_000),
        repeats=7,
        peer_repeats=3,
    )


def longest_wait() -> Sides:
    """Longest of 21 stretches in closed form, whatever the peer needs."""
    from scipy import stats

    from analysis.stats import waiting

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

    return Sides(
        ours=lambda: waiting.longest_spacing_pvalue(gap, 200.0, 20),
        peer=peer,
        same=lambda a, b: abs(a - b) < 4 * np.sqrt(a * (1 - a) / 10_000),
        inner=1000,
    )


def lives() -> tuple[np.ndarray, np.ndarray]:
    """10^6 waits and whether they ended; a good third of them are censored."""
    rng = np.random.default_rng(5)
    wait, cut = rng.exponential(10, 10**6), rng.exponential(15, 10**6)
    return np.minimum(wait, cut), wait <= cut


def survival() -> Sides:
    """Product-limit estimate with its errors; ours gives the limits and Nelson-Aalen too."""
    from statsmodels.duration.survfunc import SurvfuncRight

    from analysis.stats import waiting

    age, ended = lives()
    status = ended.astype(np.int64)

    def same(ours, peer):
        close = np.allclose(ours["survival"], peer.surv_prob, rtol=1e-9, atol=1e-12)
        return close and np.allclose(ours["std_error"][:-1], peer.surv_prob_se[:-1], rtol=1e-6, atol=1e-12)

    return Sides(
        ours=lambda: waiting.kaplan_meier(age, ended), peer=lambda: SurvfuncRight(age, status), same=same, repeats=7
    )


def survival_of_lifelines() -> Sides:
    """The same beside the library most people know; it is not the fastest."""
    from lifelines import KaplanMeierFitter

    from analysis.stats import waiting

    age, ended = lives()

    def same(ours, peer):
        at = np.quantile(age, np.linspace(0.01, 0.99, 99))
        steps = np.searchsorted(ours["days"], at, side="right") - 1
        return np.allclose(ours["survival"][steps], peer.predict(at), rtol=1e-6)

    return Sides(
        ours=lambda: waiting.kaplan_meier(age, ended),
        peer=lambda: KaplanMeierFitter().fit(age, ended),
        same=same,
        peer_repeats=3,
    )


def bootstrap() -> Sides:
    """Percentile limits of the mean of 1000 waits from 10^4 resamples."""
    from scipy import stats

    from analysis.stats.waiting.mean import bootstrap_means

    waits = np.random.default_rng(6).exponential(10, 1000)
    rng = np.random.default_rng(7)

    def ours():
        return np.quantile(bootstrap_means(waits, resamples=10_000, rng=rng), [0.025, 0.975])

    def peer():
        settings = {"n_resamples": 10_000, "method": "percentile", "rng": np.random.default_rng(8)}
        return stats.bootstrap((waits,), np.mean, **settings).confidence_interval

    # A simulated 2.5 % point has a standard error of 0.027 sd of the mean at 10^4 resamples.
    step = 4 * np.sqrt(2) * 0.027 * waits.std() / np.sqrt(1000)
    return Sides(
        ours=ours,
        peer=peer,
        same=lambda a, b: np.allclose(a, [b.low, b.high], rtol=0, atol=step),
        peer_repeats=3,
    )


LINES = (
    Line(
        computation="permutation of two groups",
        size="n=55, 10^5",
        peer="scipy permutation_test",
        aim=0.03,
        sides=permutation,
    ),
    Line(
        computation="longest wait, p-value",
        size="n=20",
        peer="scipy monte_carlo_test, 10^4",
        seconds=50e-6,
        sides=longest_wait,
    ),
    Line(
        computation="Kaplan-Meier with limits",
        size="10^6",
        peer="statsmodels SurvfuncRight",
        aim=0.8,
        sides=survival,
    ),
    Line(
        computation="Kaplan-Meier with limits",
        size="10^6",
        peer="lifelines KaplanMeierFitter",
        aim=0.8,
        sides=survival_of_lifelines,
    ),
    Line(
        computation="bootstrap of a mean",
        size="n=1000, 10^4",
        peer="scipy bootstrap, percentile",
        aim=0.2,
        sides=bootstrap,
    ),
)
