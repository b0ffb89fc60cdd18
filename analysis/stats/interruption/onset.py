"""The change has no sure date: one ratio of rates, averaged over a stated prior of the onset."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from analysis.errors import ParameterError, check_rng
from analysis.results import Alternative, Assumption, Estimate, Finding
from analysis.stats.interruption import card
from analysis.stats.interruption.design import edge
from analysis.timeline import CountSeries

# Log ratios at which the averaged likelihood is worked out.
REACH, GRID, SLACK, HALVINGS = 8.0, 161, 1e-9, 10
LEAST_EVENTS = 1


def uncertain_onset(
    counts: CountSeries,
    *,
    prior: Mapping[float, float],
    null_ratio: float = 1.0,
    alternative: Alternative = "two-sided",
    level: float = 0.95,
    rng: object = None,
    resamples: int = 499,
) -> Finding:
    """The rate after an onset over the rate before it, the onset known only by a prior.

    Parameters
    ----------
    counts : events per bin and the watched time of each
    prior : weight of each candidate onset, ``{edge: weight}``; edges of bins with watched time on both sides. It must
        be stated before looking
    null_ratio : the ratio under the null
    alternative : "less" means fewer after
    rng, resamples : p = (k + 1) / (resamples + 1) on each side

    Notes
    -----
    The likelihood of a ratio is that of the counts given their sum, averaged over the prior. Its signed root is
    compared with its law under the null, simulated with an onset drawn from the prior: exact but for the number of
    resamples. The limits are the ratios that are not rejected. The curve holds the prior of the onset and its
    posterior, averaged over the likelihood of the ratio.
    """
    card.checked(alternative, level)
    card.whole("resamples", resamples, 99)
    if not 0 < null_ratio < np.inf:
        raise ParameterError(f"null_ratio must be a number above 0, got {null_ratio!r}")
    onsets, weights = _prior(counts, prior)
    generator = check_rng(rng, "the null is simulated")
    about = {
        "question": f"Did the rate of {counts.label} change at an onset known only by its prior?",
        "null": "one rate throughout; keeps the number of events and the watched times, destroys which bin each fell in"
        if null_ratio == 1
        else f"the rate after the onset is {null_ratio:g} times that before, the onset drawn from the prior",
        "method": "change of rate at an uncertain onset, averaged over its prior, simulated null",
        "alternative": alternative,
    }
    settings = {"onsets": onsets.tolist(), "weights": weights.tolist(), "null_ratio": null_ratio, "level": level}
    settings |= {"resamples": resamples, "seed": card.seed_text(rng)}
    if counts.n < LEAST_EVENTS:
        reason = "No event in any bin: every ratio fits."
        about |= {"n_events": counts.n, "exposure_days": counts.days}
        return Finding(**about, warnings=(reason,), settings=settings, inconclusive=True)
    test = Averaged(counts, onsets, weights, resamples=resamples, rng=generator)
    p = test.pvalue(float(np.log(null_ratio)), alternative)
    low, high = test.limits(alternative=alternative, level=level)
    peak = test.peak
    value = 0.0 if peak <= -REACH else None if peak >= REACH else float(np.exp(peak))
    mean = float(weights @ onsets)
    on = counts.edges[:-1] >= mean
    return Finding(
        **about,
        n_events=(int(counts.counts[~on].sum()), int(counts.counts[on].sum())),
        exposure_days=(float(counts.watched[~on].sum()), float(counts.watched[on].sum())),
        statistic=float(test.roots(float(np.log(null_ratio)), test.seen[None])[0]),
        statistic_name="signed root of the averaged likelihood ratio",
        pvalue=p,
        attainable_pvalue=(2 if alternative == "two-sided" else 1) / (resamples + 1),
        effect=Estimate(name="rate ratio, after over before", value=value, low=low, high=high, level=level),
        assumptions=(
            Assumption("the prior of the onset was stated before looking", "unchecked", "else see changepoint.scan"),
            Assumption("one rate before, one after, independent events", "unchecked", "see rates.dispersion"),
            card.WATCHED_ALIKE,
        ),
        warnings=("Counts on both sides are those at the mean onset of the prior.",),
        settings=settings | {"mean_onset": mean},
        curve=pd.DataFrame({"onset": onsets, "prior": weights, "posterior": test.posterior()}),
    )


class Averaged:
    """The averaged likelihood of a ratio, for the record and for many simulated ones."""

    def __init__(self, counts: CountSeries, onsets, weights, *, resamples: int, rng: np.random.Generator) -> None:
        self.n, self.weights = counts.n, weights
        starts = counts.edges[:-1]
        self.sides = starts[None, :] >= onsets[:, None] - SLACK * float(np.ptp(counts.edges))
        self.watched = counts.watched
        self.after = (self.watched * self.sides).sum(axis=1)
        self.before = self.watched.sum() - self.after
        self.grid = np.linspace(-REACH, REACH, GRID)
        self.base = np.logaddexp(np.log(self.before)[:, None], np.log(self.after)[:, None] + self.grid)
        self.which = rng.choice(weights.size, size=resamples, p=weights)
        self.throws = rng.random((resamples, self.n))
        self.seen = self.sides @ counts.counts
        logs = self.loglik(self.seen[None])[0]
        self.peak = float(self.grid[np.argmax(logs)])
        if abs(self.peak) < REACH:
            self.peak = self._refined(logs)

    def loglik(self, after: np.ndarray, at: np.ndarray | None = None) -> np.ndarray:
        """Averaged log-likelihood on the grid (or at ``at``) for rows of counts after each onset."""
        grid, base = (self.grid, self.base) if at is None else (at, self._base(at))
        logs = after[:, :, None] * grid - self.n * base + np.log(self.weights)[:, None]
        top = logs.max(axis=1, keepdims=True)
        return np.log(np.exp(logs - top).sum(axis=1)) + top[:, 0]

    def roots(self, b: float, after: np.ndarray) -> np.ndarray:
        """Signed root of the likelihood ratio against log ratio ``b``."""
        found = np.empty(after.shape[0])
        here = self.loglik(after, np.array([b]))[:, 0]
        for rows in np.array_split(np.arange(after.shape[0]), max(1, after.size * GRID // 2_000_000)):
            logs = self.loglik(after[rows])
            best = logs.argmax(axis=1)
            gain = np.maximum(logs[np.arange(rows.size), best] - here[rows], 0.0)
            found[rows] = np.sign(self.grid[best] - b) * np.sqrt(2 * gain)
        return found

    def thrown(self, b: float) -> np.ndarray:
        """Counts after each onset, of events thrown into the bins under log ratio ``b`` and a drawn onset."""
        found = np.empty((self.which.size, self.weights.size))
        for i in np.unique(self.which):
            rows = np.flatnonzero(self.which == i)
            chance = np.cumsum(self.watched * np.exp(b * self.sides[i] - max(b, 0.0)))
            at = np.searchsorted(chance[:-1] / chance[-1], self.throws[rows], side="right")
            found[rows] = self.sides.T.astype(float)[at].sum(axis=1)
        return found

    def pvalue(self, b: float, alternative: Alternative) -> float:
        """p of log ratio ``b``; two-sided is central."""
        seen, null = self.roots(b, self.seen[None])[0], self.roots(b, self.thrown(b))
        low, high = (
            (1 + int(k)) / (null.size + 1) for k in ((null <= seen + SLACK).sum(), (null >= seen - SLACK).sum())
        )
        return {"less": low, "greater": high, "two-sided": min(1.0, 2 * min(low, high))}[alternative]

    def limits(self, *, alternative: Alternative, level: float) -> tuple[float, float | None]:
        """The ratios on both sides of the estimate at which p crosses 1 - level; 0 and None where it never does."""

        def edge_at(side: int) -> float | None:
            inside, step = self.peak, 0.5
            outside = inside + side * step
            while self.pvalue(outside, alternative) > 1 - level:
                inside, step = outside, 1.5 * step
                outside = inside + side * step
                if side * inside > REACH:
                    return None
            for _ in range(HALVINGS):
                middle = (inside + outside) / 2
                kept = self.pvalue(middle, alternative) > 1 - level
                inside, outside = (middle, outside) if kept else (inside, middle)
            return float(np.exp(inside))

        low = None if alternative == "less" else edge_at(-1)
        high = None if alternative == "greater" else edge_at(1)
        return 0.0 if low is None else low, high

    def posterior(self) -> np.ndarray:
        """Posterior of the onset, the ratio averaged out with a flat prior of its logarithm on the grid."""
        logs = (self.seen[:, None] * self.grid - self.n * self.base) + np.log(self.weights)[:, None]
        share = np.exp(logs - logs.max()).sum(axis=1)
        return share / share.sum()

    def _base(self, at: np.ndarray) -> np.ndarray:
        return np.logaddexp(np.log(self.before)[:, None], np.log(self.after)[:, None] + at)

    def _refined(self, logs: np.ndarray) -> float:
        """The top of a parabola through the best point of the grid and its neighbours."""
        k = int(np.argmax(logs))
        a, b, c = logs[k - 1], logs[k], logs[k + 1]
        bend = a - 2 * b + c
        return float(self.grid[k] + (0.0 if bend == 0 else 0.5 * (a - c) / bend) * (self.grid[1] - self.grid[0]))


def _prior(counts: CountSeries, prior: Mapping[float, float]) -> tuple[np.ndarray, np.ndarray]:
    """Candidate onsets and their weights, which sum to 1."""
    if not isinstance(counts, CountSeries):
        raise ParameterError(f"counts must be a CountSeries, such as series.binned(7); got {type(counts).__name__}")
    if not isinstance(prior, Mapping) or not prior:
        raise ParameterError(f"prior must map edges of bins to weights, such as {{30: 0.5, 37: 0.5}}; got {prior!r}")
    onsets = np.array([edge(counts, when, "an onset of the prior") for when in prior])
    weights = np.array([float(w) for w in prior.values()])
    if not np.isfinite(weights).all() or (weights <= 0).any():
        raise ParameterError(f"the weights of the prior must be numbers above 0, got {list(prior.values())}")
    seen = np.append(0.0, np.cumsum(counts.watched))
    at = np.searchsorted(counts.edges, onsets - 1e-9 * np.ptp(counts.edges))
    for when, s in zip(onsets, seen[at], strict=True):
        if s <= 0 or s >= seen[-1]:
            raise ParameterError(f"the onset {when:g} has no watched time on one side; leave it out of the prior")
    order = np.argsort(onsets)
    return onsets[order], (weights / weights.sum())[order]
