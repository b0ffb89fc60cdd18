"""The log-rank comparison of two groups of waits, open ones censored."""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy import special

from analysis.results import Assumption, Estimate, Finding
from analysis.stats.waiting.product_limit import risk_sets

EQUAL_CENSORING = Assumption("open waits are cut off alike in both groups", "unchecked", "censoring is permuted too")
NAME = "rate ratio of ending, b over a (Peto)"


def scores(x, ended_x, y, ended_y) -> list[np.ndarray]:
    """Log-rank scores, ended minus the pooled Nelson-Aalen hazard at each wait, by group.

    Their sum over a group is its observed less its expected events (Peto and Peto 1972, JRSS A 135:185-207).
    """
    days, ended = np.concatenate([x, y]), np.concatenate([ended_x, ended_y])
    times, at_risk, events = risk_sets(days, ended)
    hazard = np.append(0.0, np.cumsum(events / at_risk))
    score = ended - hazard[np.searchsorted(times, days, side="right")]
    return [score[: x.size], score[x.size :]]


def parts(x, ended_x, y, ended_y) -> tuple[float, float]:
    """Observed minus expected events of the first group, and its hypergeometric variance."""
    observed = scores(x, ended_x, y, ended_y)[0].sum()
    days, ended = np.concatenate([x, y]), np.concatenate([ended_x, ended_y])
    times, at_risk, events = risk_sets(days, ended)
    share = (x.size - np.searchsorted(np.sort(x), times, side="left")) / at_risk
    alone = np.maximum(at_risk - 1.0, 1.0)
    return float(observed), float(np.sum(events * share * (1 - share) * (at_risk - events) / alone))


def effect(parts_seen, sums, *, added: int, alternative: str, level: float):
    """Counts of arrangements as extreme on either side, and Peto's ratio with limits from the null law.

    Longer waits in b are events missing in b and surplus in a. A log ratio d (b over a) is inside the limits
    when the seen surplus plus d times its variance lies inside the central part of the permuted surpluses.
    """
    seen, variance = parts_seen
    null = np.sort(sums[0] + sums[1])
    slack = 1e-9 * max(1.0, float(np.abs(null).max()))
    greater = int(null.size - np.searchsorted(null, seen - slack)) + added
    less = int(np.searchsorted(null, seen + slack)) + added
    alpha = (1 - level) / (2 if alternative == "two-sided" else 1)
    k = int(np.floor(alpha * (null.size + added) + 1e-9)) - added + 1
    low = high = None
    if variance > 0 and 1 <= k <= null.size:
        low, high = (float(np.exp((q - seen) / variance)) for q in (null[k - 1], null[-k]))
    # Longer waits in b are a lower rate: "greater" bounds the ratio from above.
    low = None if alternative == "greater" else low
    high = None if alternative == "less" else high
    value = float(np.exp(-seen / variance)) if variance > 0 else None
    return (greater, less), Estimate(name=NAME, value=value, low=low, high=high, level=level)


def classical(x, ended_x, y, ended_y, *, level: float, notes, settings: dict, about: dict[str, Any]) -> Finding:
    """The chi-square log-rank test (statsmodels), approximate."""
    from statsmodels.duration.survfunc import survdiff

    seen, variance = parts(x, ended_x, y, ended_y)
    if variance <= 0:
        reason = "No event time with both groups at risk."
        return Finding(**about, warnings=(reason, *notes), settings=settings, inconclusive=True)
    group = np.repeat([0, 1], [x.size, y.size])
    days, ended = np.concatenate([x, y]), np.concatenate([ended_x, ended_y]).astype(int)
    chi2, p = survdiff(days, ended, group)
    z = float(special.ndtri(0.5 + level / 2))
    low, high = (float(np.exp((side * z * np.sqrt(variance) - seen) / variance)) for side in (-1, 1))
    few = min(int(ended_x.sum()), int(ended_y.sum())) < 10
    status = "doubtful" if few else "holds"
    return Finding(
        **about,
        statistic=float(chi2),
        statistic_name="log-rank chi-square, 1 degree of freedom",
        pvalue=float(p),
        attainable_pvalue=0.0,
        effect=Estimate(name=NAME, value=float(np.exp(-seen / variance)), low=low, high=high, level=level),
        assumptions=(Assumption("approximate", status, MEASURED),),
        warnings=notes,
        settings=settings,
    )


MEASURED = "chi-square; rejects 10, 6 and 5 % at nominal 5 % for two groups of 3, 10 and 30 waits"
