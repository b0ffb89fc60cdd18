"""Approximate tests of a rate ratio, offered by name and carrying the size they really have at this n."""

from __future__ import annotations

import warnings as python_warnings

import numpy as np
import pandas as pd
from scipy import stats

from analysis.errors import check_choice, check_level
from analysis.results import Assumption, Estimate, Finding
from analysis.stats.rates import conditional
from analysis.timeline import Split

APPROXIMATE = ("midp", "score", "wald", "wald-log", "score-log", "sqrt", "etest")
WORDS = {"less": "smaller", "greater": "larger", "two-sided": "two-sided"}
# Above this many expected events per period the size is close to nominal and is not measured.
MEASURED_UP_TO = 60.0


def approximate_pvalues(before, before_days, after, after_days, *, method, ratio=1.0, alternative="two-sided"):
    """p-values of one approximate method (statsmodels; Gu et al. 2008, Biometrical Journal 50:283-298).

    Arrays broadcast; NaN where the method is not defined for a table (such as a log of 0).
    """
    if method == "midp":
        return conditional.pvalues(
            before, before_days, after, after_days, ratio=ratio, alternative=alternative, mid=True
        )
    from statsmodels.stats.rates import test_poisson_2indep as two_samples

    def one(b, a):
        return two_samples(
            a, after_days, b, before_days, value=ratio, method=method, alternative=WORDS[alternative]
        ).pvalue

    before, after = np.broadcast_arrays(np.asarray(before), np.asarray(after))
    with np.errstate(all="ignore"), python_warnings.catch_warnings():
        python_warnings.simplefilter("ignore")
        if method == "etest":
            p = np.array([one(b, a) for b, a in zip(before.ravel(), after.ravel(), strict=True)])
            p = p.reshape(before.shape)
        else:
            p = np.asarray(one(before.astype(float), after.astype(float)), dtype=float)
    # With no event at all the statistics are 0/0; the log methods divide by an empty side.
    undefined = before + after == 0
    if method in ("wald-log", "score-log"):
        undefined = undefined | (before == 0) | (after == 0)
    # The E-test sums masses: rounding carries its p past 1.
    return np.where(undefined, np.nan, np.minimum(p, 1.0))


def measured_size(before_days: float, after_days: float, mean: float, *, method: str, alternative: str, alpha: float):
    """How often the method rejects under the null at ``mean`` expected events in all, by summing over outcomes."""
    split = np.array([before_days, after_days]) * mean / (before_days + after_days)
    b, a = (np.arange(int(stats.poisson.ppf(1 - 1e-7, m)) + 1) for m in split)
    mass = stats.poisson.pmf(b, split[0])[:, None] * stats.poisson.pmf(a, split[1])[None, :]
    grid_b, grid_a = np.meshgrid(b, a, indexing="ij")
    p = np.ones(mass.shape)
    weighty = mass > 1e-6
    p[weighty] = approximate_pvalues(
        grid_b[weighty], before_days, grid_a[weighty], after_days, method=method, alternative=alternative
    )
    return float(mass[np.nan_to_num(p, nan=1.0) <= alpha].sum())


def approximate_parts(split: Split, method: str, *, tails, alternative, null_ratio, level):
    """p, limits (inverting the same p), the assumption with the measured size, and reasons if undefined."""
    counts = (split.before, split.before_days, split.after, split.after_days)
    n = split.before + split.after
    if method == "midp" and tails == "minlike":
        share = conditional.share_after(null_ratio, split.before_days, split.after_days)
        p = float(conditional.minlike_pvalue(split.after, n, share, mid=True)[0])
        low, high = conditional.minlike_limits(*counts, level=level, mid=True)
        return p, low, high, (_assumption(split, method, alternative, level),), ()

    def pvalue(theta: float) -> float:
        return float(approximate_pvalues(*counts, method=method, ratio=theta, alternative=alternative))

    p = pvalue(null_ratio)
    assumption = (_assumption(split, method, alternative, level),)
    if np.isnan(p):
        return None, None, None, assumption, (f"The {method} method is not defined for these counts.",)
    if method == "score-log":
        # Its p rises again far from the estimate, so turning it into limits would give a wrong interval.
        return (
            p,
            None,
            None,
            assumption,
            ("No limits: the p-value of this method does not fall with distance.",),
        )
    centre = (split.after + 0.5) / split.after_days / ((split.before + 0.5) / split.before_days)
    low, high = conditional.inverted(pvalue, centre, alternative=alternative, level=level)
    return p, low, high, assumption, ()


def _assumption(split: Split, method: str, alternative: str, level: float) -> Assumption:
    mean = max(split.before + split.after, 1)
    if mean > MEASURED_UP_TO:
        return Assumption("approximate", "holds", f"more than {MEASURED_UP_TO:g} events; size not measured")
    size = measured_size(
        split.before_days, split.after_days, mean, method=method, alternative=alternative, alpha=1 - level
    )
    status = "doubtful" if size > (1 - level) * 1.1 else "holds"
    return Assumption(
        "approximate", status, f"rejects {size:.1%} at nominal {1 - level:.0%} with {mean} events expected"
    )


def difference_of_counts(
    *, before: int, before_days: float, after: int, after_days: float, level: float = 0.95, unit: str = "day"
) -> Finding:
    """Difference of two rates, after minus before, by the score method (approximate; statsmodels)."""
    check_level(level)
    from statsmodels.stats.rates import confint_poisson_2indep, test_poisson_2indep

    if before + after == 0:
        p, low, high = None, None, None
    else:
        counts = (after, after_days, before, before_days)
        p = float(test_poisson_2indep(*counts, compare="diff", method="score").pvalue)
        low, high = map(float, confint_poisson_2indep(*counts, compare="diff", method="score", alpha=1 - level))
    split = Split(before, before_days, after, after_days, before_days, "the date")
    return Finding(
        question="By how much do the two rates differ?",
        null="one rate on both sides",
        method="score test of a difference (approximate)",
        statistic=after / after_days - before / before_days,
        statistic_name="rate after minus rate before",
        pvalue=p,
        effect=Estimate(
            name="rate difference, after minus before",
            value=after / after_days - before / before_days,
            low=low,
            high=high,
            level=level,
            unit=f"per {unit}",
        ),
        n_events=(before, after),
        exposure_days=(before_days, after_days),
        assumptions=(_assumption(split, "score", "two-sided", level),),
        warnings=() if p is not None else ("No event in either period.",),
        settings={"level": level},
        inconclusive=p is None,
    )


def by_method(*, before: int, before_days: float, after: int, after_days: float, alternative="less") -> pd.DataFrame:
    """The p-value of every method side by side: what the approximations would have said.

    Columns: method, pvalue (None where undefined), exact.
    """
    counts = (before, before_days, after, after_days)
    rows = [("exact", float(conditional.pvalues(*counts, alternative=alternative)), True)]
    for method in APPROXIMATE:
        p = float(
            approximate_pvalues(*counts, method=check_choice("method", method, APPROXIMATE), alternative=alternative)
        )
        rows.append((method, None if np.isnan(p) else p, False))
    return pd.DataFrame(rows, columns=["method", "pvalue", "exact"])
