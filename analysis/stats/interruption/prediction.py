"""The count to come, predicted from the counts of the time before."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy import stats

from analysis.results import Alternative
from analysis.stats.interruption import poisson
from analysis.stats.interruption.design import Design
from analysis.stats.rates import conditional


class Prediction:
    """The time before, fitted, and the time after, predicted."""

    def __init__(self, model: Design, before: np.ndarray) -> None:
        self.model, self.before, self.after = model, before, model.after
        self.counts, self.watched = model.counts[before], model.watched[before]
        self.came = float(model.counts[model.after].sum())
        self.columns, self.offset = model.others[before], np.log(self.watched)
        self.ahead, self.ahead_offset = model.others[model.after], np.log(model.watched[model.after])
        self.beta, self.mu = poisson.fitted(self.counts[None], self.columns, self.offset)
        self.expected = self._predicted(self.beta)[0]
        self.past, self.days, self.ahead_days = (
            int(self.counts.sum()),
            float(self.watched.sum()),
            float(model.watched[model.after].sum()),
        )

    def _predicted(self, beta: np.ndarray) -> np.ndarray:
        return np.exp(np.clip(beta @ self.ahead.T + self.ahead_offset, -60, 20))

    def exact(self, alternative: Alternative, level: float) -> tuple[float, tuple[float, float | None], None]:
        """p, and the first and last count that the exact test of an unchanged rate does not reject."""
        share = (1 - level) / (2 if alternative == "two-sided" else 1)
        low = 0.0 if alternative == "greater" else self._first(share)
        high = None if alternative == "less" else self._last(share)
        return float(self._pvalue(self.came, alternative)), (low, high), None

    def _pvalue(self, y: float, alternative: Alternative) -> float:
        return conditional.pvalues(self.past, self.days, int(y), self.ahead_days, alternative=alternative)

    def _first(self, share: float) -> float:
        """Smallest count whose chance of so few is above ``share``: that chance grows with the count."""
        low, high = -1, 1
        while self._pvalue(high, "less") <= share:
            low, high = high, 2 * high
        while high - low > 1:
            middle = (low + high) // 2
            low, high = (low, middle) if self._pvalue(middle, "less") > share else (middle, high)
        return float(high)

    def _last(self, share: float) -> float:
        """Largest count whose chance of so many is above ``share``."""
        low, high = 0, 1
        while self._pvalue(high, "greater") > share:
            low, high = high, 2 * high
        while high - low > 1:
            middle = (low + high) // 2
            low, high = (middle, high) if self._pvalue(middle, "greater") > share else (low, middle)
        return float(low)

    def calibrated(self, alternative: Alternative, level: float, rng: np.random.Generator, resamples: int):
        """The same where the time before has a course, by simulating the error of the prediction."""
        past = rng.poisson(self.mu, size=(resamples, self.counts.size)).astype(float)
        again = self._predicted(poisson.fitted(past, self.columns, self.offset)[0]).sum(axis=1)
        to_come = rng.poisson(self.expected.sum(), size=resamples)
        error = _root(to_come) - _root(again)
        centre = float(_root(self.expected.sum()))
        seen = float(_root(self.came)) - centre
        slack = 1e-9 * max(1.0, abs(seen))
        beyond = (error <= seen + slack).sum(), (error >= seen - slack).sum()
        low, high = ((1 + int(k)) / (resamples + 1) for k in beyond)
        p = {"less": low, "greater": high, "two-sided": min(1.0, 2 * min(low, high))}[alternative]
        share = (1 - level) / (2 if alternative == "two-sided" else 1)
        k = int(np.floor(share * (resamples + 1) + 1e-9))
        ordered = np.sort(error)
        # A count is kept while more than the share of the errors lie beyond it.
        lower, upper = 0.0, None
        if alternative != "greater" and k >= 1:
            lower = float(np.ceil(_unroot(centre + ordered[k - 1]) - 1e-6))
        if alternative != "less" and k >= 1:
            upper = float(np.floor(_unroot(centre + ordered[-k]) + 1e-6))
        return p, (lower, upper), past

    def smallest(self, resamples: int | None) -> float:
        """Smallest p for fewer: that of nothing to come after."""
        return float(self._pvalue(0, "less")) if resamples is None else 1 / (resamples + 1)

    def curve(self, level: float) -> pd.DataFrame:
        """Count, fit and prediction of each bin; low and high are predictive limits of its own count."""
        model = self.model
        fit = np.full(model.counts.size, np.nan)
        fit[self.before], fit[self.after] = self.mu[0], self.expected
        low, high = np.full_like(fit, np.nan), np.full_like(fit, np.nan)
        tail = (1 - level) / 2
        # A rate seen by its past count is gamma; a count to come is then negative binomial.
        shape, mean = self.past + 0.5, np.maximum(self.expected, 1e-12)
        chance = shape / (shape + mean)
        low[self.after], high[self.after] = (stats.nbinom.ppf(q, shape, chance) for q in (tail, 1 - tail))
        return pd.DataFrame(
            {
                "middle": model.middle,
                "watched": model.watched,
                "count": model.counts,
                "after": model.after,
                "fitted": np.where(self.before, fit, np.nan),
                "counterfactual": fit,
                "low": low,
                "high": high,
            }
        )


def _root(count: np.ndarray | float) -> np.ndarray | float:
    """Anscombe's transform (1948, Biometrika 35:246), which makes a Poisson count's spread nearly 1."""
    return 2 * np.sqrt(np.asarray(count) + 3 / 8)


def _unroot(value: float) -> float:
    return max(0.0, (max(value, 0.0) / 2) ** 2 - 3 / 8)
