"""Do the counts spread more, or less, than a constant rate would spread them?"""

from __future__ import annotations

from typing import Literal

import numpy as np
from scipy import stats

from analysis.errors import ParameterError, check_choice, check_level, check_rng
from analysis.results import ALTERNATIVES, Alternative, Assumption, Estimate, Finding
from analysis.timeline import CountSeries, EventSeries

NULL = "constant rate; keeps the number of events and the watched time of each bin, destroys which bin each fell in"

FEW = "Fewer than two events or two watched bins: spread cannot be judged."
LEAST_EVENTS, LEAST_BINS = 5, 4  # the chi-square law rejects 22% of 5% at 3 events in 3 bins, 27% at 10 in 2
CHI2_REFUSED = (
    f"{{}} events in {{}} bins: the chi-square law is not offered below {LEAST_EVENTS} events and {LEAST_BINS} bins; "
    "use method='exact'."
)


def chi_square(counts: np.ndarray, watched: np.ndarray) -> np.ndarray:
    """Sum over bins of (count - expected)^2 / expected; ``counts`` has the bins in its last axis."""
    expected = counts.sum(axis=-1, keepdims=True) * watched / watched.sum()
    with np.errstate(invalid="ignore"):
        return np.where(expected > 0, (counts - expected) ** 2 / np.where(expected > 0, expected, 1), 0.0).sum(axis=-1)


def dispersion(
    counts: CountSeries | EventSeries,
    *,
    width: float | None = None,
    alternative: Alternative = "two-sided",
    method: Literal["exact", "chi2"] = "exact",
    level: float = 0.95,
    rng=None,
    resamples: int = 9999,
) -> Finding:
    """Index of dispersion (variance over mean, for bins watched alike) against a constant rate.

    Parameters
    ----------
    counts : a CountSeries, or an EventSeries with the ``width`` of its bins
    alternative : "greater" means clustered (spread out more than Poisson), "less" means regular
    method : "exact" draws the counts from their conditional (multinomial) law, p = (k + 1)/(resamples + 1);
        "chi2" is the textbook approximation, offered by name, from 5 events in 4 bins on
    rng, resamples : seed or Generator and number of draws for "exact"

    Notes
    -----
    The limits of the effect are the range the index has under the null, since a constant rate leaves
    no parameter to put an interval on.
    """
    check_choice("alternative", alternative, ALTERNATIVES)
    check_choice("method", method, ("exact", "chi2"))
    check_level(level)
    if isinstance(counts, EventSeries):
        if width is None:
            raise ParameterError("an EventSeries needs width=, the width of the bins")
        counts = counts.binned(width)
    seen = counts.watched > 0
    observed, watched = counts.counts[seen], counts.watched[seen]
    n, freedom = int(observed.sum()), int(seen.sum()) - 1
    if n < 2 or freedom < 1:
        return _too_few(n, counts, alternative, method)
    if method == "chi2" and (n < LEAST_EVENTS or freedom + 1 < LEAST_BINS):
        return _too_few(n, counts, alternative, method, CHI2_REFUSED.format(n, freedom + 1))
    statistic = float(chi_square(observed, watched))
    if method == "exact":
        draws = check_rng(rng, "the null is simulated").multinomial(n, watched / watched.sum(), size=resamples)
        null = chi_square(draws, watched)
        pvalue = monte_carlo_pvalue(statistic, null, alternative)
        low, high = np.quantile(null, [(1 - level) / 2, (1 + level) / 2]) / freedom
        smallest, assumption = 1 / (resamples + 1), ()
    else:
        tails = {"less": stats.chi2.cdf(statistic, freedom), "greater": stats.chi2.sf(statistic, freedom)}
        pvalue = float(tails.get(alternative, min(1.0, 2 * min(tails.values()))))
        low, high = stats.chi2.ppf([(1 - level) / 2, (1 + level) / 2], freedom) / freedom
        mean = n / (freedom + 1)
        assumption = (Assumption("approximate", "holds" if mean >= 5 else "doubtful", f"{mean:.2g} events per bin"),)
        smallest = 0.0
    return Finding(
        question=f"Are the counts of {counts.label} more spread out than a constant rate allows?",
        null=NULL,
        method=f"index of dispersion, {'simulated' if method == 'exact' else 'chi-square'} null",
        alternative=alternative,
        statistic=statistic,
        statistic_name=f"chi-square on {freedom} degrees of freedom",
        pvalue=pvalue,
        effect=Estimate(
            name="index of dispersion",
            value=statistic / freedom,
            low=float(low),
            high=float(high),
            level=level,
            interval="null range",
        ),
        attainable_pvalue=smallest,
        n_events=n,
        exposure_days=counts.days,
        assumptions=(
            *assumption,
            Assumption("events independent of each other", "unchecked", "this is what is tested"),
        ),
        settings={"bins": freedom + 1, "resamples": resamples if method == "exact" else None},
    )


def monte_carlo_pvalue(observed: float, null: np.ndarray, alternative: Alternative) -> float:
    """(k + 1)/(n + 1), with a tolerance for ties; two-sided is twice the smaller tail, at most 1."""
    slack = 1e-9 * max(1.0, abs(observed))
    size = null.size + 1
    tails = {
        "less": (np.sum(null <= observed + slack) + 1) / size,
        "greater": (np.sum(null >= observed - slack) + 1) / size,
    }
    return float(tails.get(alternative, min(1.0, 2 * min(tails.values()))))


def _too_few(n: int, counts: CountSeries, alternative: Alternative, method: str, reason: str = FEW) -> Finding:
    return Finding(
        question=f"Are the counts of {counts.label} more spread out than a constant rate allows?",
        null=NULL,
        method=f"index of dispersion ({method})",
        alternative=alternative,
        n_events=n,
        exposure_days=counts.days,
        warnings=(reason,),
        inconclusive=True,
    )
