"""What share of attacks is of a kind, and is it another share among others? Exact at any number."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from scipy import special, stats

from analysis.errors import ParameterError, check_choice, check_level
from analysis.results import ALTERNATIVES, Alternative, Assumption, Estimate, Finding

NO_TEST = "No p-value: an estimate was asked for, not a test; give against= to test a share."
INDEPENDENT = Assumption("independent attacks", "unchecked", "attacks of one night are one decision: merge them first")
CODED = Assumption(
    "coded for every attack counted", "unchecked", "a blank is neither yes nor no: leave it out or bound it"
)


def clopper_pearson(
    successes: int, trials: int, *, level: float = 0.95, alternative: Alternative = "two-sided"
) -> tuple[float, float]:
    """Exact limits of a share (Clopper and Pearson 1934, Biometrika 26:404).

    One-sided alternatives spend the whole of 1 - level on their side: "less" gives an upper limit alone, with 0
    below; "greater" a lower limit, with 1 above. No trial leaves 0 to 1.
    """
    tail = (1 - level) / (2 if alternative == "two-sided" else 1)
    low = special.betaincinv(successes, trials - successes + 1, tail) if successes else 0.0
    high = special.betaincinv(successes + 1, trials - successes, 1 - tail) if successes < trials else 1.0
    return (0.0 if alternative == "less" else float(low)), (1.0 if alternative == "greater" else float(high))


def share(
    successes: int,
    trials: int,
    *,
    against: float | None = None,
    alternative: Alternative = "two-sided",
    level: float = 0.95,
    label: str = "attacks",
    of_kind: str = "of the kind asked about",
    vintage=None,
    notes: tuple[str, ...] = (),
) -> Finding:
    """Share of attacks of a kind with Clopper and Pearson's limits.

    Parameters
    ----------
    successes, trials : attacks of the kind, and attacks in all; whole numbers
    against : a share to test against, above 0 and under 1; None for an estimate alone
    alternative : "less" means a smaller share, and gives an upper limit alone
    label, of_kind : words for the question

    Returns
    -------
    Finding; inconclusive without a trial. Two-sided p is central (twice the smaller tail, at most 1)

    Raises
    ------
    ParameterError : counts that are no whole numbers, or more successes than trials
    """
    check_level(level)
    check_choice("alternative", alternative, ALTERNATIVES)
    successes, trials = _counts(successes, trials)
    if against is not None and not 0 < against < 1:
        raise ParameterError(f"against must be a share above 0 and under 1, got {against!r}")
    about = {
        "question": f"What share of {label} is {of_kind}?",
        "null": "none" if against is None else f"each is {of_kind} with chance {against:g}, apart from the others",
        "method": "share, Clopper-Pearson limits",
        "alternative": alternative,
        "settings": {"level": level, "against": against},
        "vintage": vintage,
    }
    if trials == 0:
        return Finding(**about, warnings=(f"No {label} to take a share of.", *notes), inconclusive=True)
    low, high = clopper_pearson(successes, trials, level=level, alternative=alternative)
    tested = against is not None
    return Finding(
        **about,
        statistic=float(successes),
        statistic_name=of_kind,
        pvalue=binomial_pvalue(successes, trials, against, alternative) if tested else None,
        attainable_pvalue=min(binomial_pvalue(k, trials, against, alternative) for k in (0, trials))
        if tested
        else None,
        effect=Estimate(name=f"share {of_kind}", value=successes / trials, low=low, high=high, level=level),
        n_events=trials,
        assumptions=(INDEPENDENT, CODED),
        warnings=(*(() if tested else (NO_TEST,)), *notes),
    )


def shares(counts: Mapping[str, tuple[int, int]], **settings) -> dict[str, Finding]:
    """``share`` of each (of the kind, in all), by name; ``settings`` as there."""
    return {name: share(*pair, label=name, **settings) for name, pair in counts.items()}


def binomial_pvalue(successes: int, trials: int, chance: float, alternative: Alternative) -> float:
    """Exact p of a count against a known chance; two-sided is twice the smaller tail, at most 1."""
    less = float(stats.binom.cdf(successes, trials, chance))
    greater = float(stats.binom.sf(successes - 1, trials, chance))
    return {"less": less, "greater": greater, "two-sided": min(1.0, 2 * min(less, greater))}[alternative]


def share_ratio(
    counts: tuple[int, int],
    others: tuple[int, int],
    *,
    alternative: Alternative = "two-sided",
    level: float = 0.95,
    label: str = "attacks",
    other_label: str = "other attacks",
    of_kind: str = "of the kind asked about",
    vintage=None,
    notes: tuple[str, ...] = (),
) -> Finding:
    """Is a kind more frequent among some attacks than among others? Fisher's exact test, odds ratio with exact limits.

    Parameters
    ----------
    counts, others : (of the kind, in all) among the attacks meant, and among the others; no attack in both
    alternative : "greater" means that the kind is more frequent among the attacks meant

    Notes
    -----
    The conditional odds ratio with its exact limits (scipy.stats.contingency); two-sided p is twice the smaller
    tail, at most 1, as the limits are central. Inconclusive where one group is empty, or all or none are of the kind.
    """
    check_level(level)
    check_choice("alternative", alternative, ALTERNATIVES)
    (k, n), (k2, n2) = _counts(*counts), _counts(*others)
    table = np.array([[k, k2], [n - k, n2 - k2]])
    about = {
        "question": f"Are {label} more often {of_kind} than {other_label}?",
        "null": f"the same share {of_kind} in both; keeps how many of all are, destroys which",
        "method": "odds ratio, Fisher's exact test",
        "alternative": alternative,
        "n_events": (n, n2),
        "settings": {"level": level, "counts": [k, n], "others": [k2, n2]},
        "vintage": vintage,
    }
    if 0 in (*table.sum(axis=0), *table.sum(axis=1)):
        reason = "One group is empty, or all or none of the attacks are of the kind: nothing can be compared."
        return Finding(**about, warnings=(reason, *notes), inconclusive=True)
    result = stats.contingency.odds_ratio(table, kind="conditional")
    limits = result.confidence_interval(level, alternative=alternative)
    value, low, high = (float(x) if np.isfinite(x) else None for x in (result.statistic, limits.low, limits.high))
    law = stats.hypergeom(n + n2, k + k2, n)
    ends = max(0, k + k2 - n2), min(n, k + k2)
    p, *reach = (_tail(law, x, alternative) for x in (k, *ends))
    return Finding(
        **about,
        statistic=float(k),
        statistic_name=f"{label} {of_kind}",
        pvalue=p,
        attainable_pvalue=min(reach),
        effect=Estimate(name="odds ratio", value=value, low=low, high=high, level=level),
        assumptions=(INDEPENDENT, CODED),
        warnings=notes,
    )


def _tail(law, k: int, alternative: Alternative) -> float:
    less, greater = float(law.cdf(k)), float(law.sf(k - 1))
    p = {"less": less, "greater": greater, "two-sided": 2 * min(less, greater)}[alternative]
    return float(min(1.0, p))


def _counts(successes: object, trials: object) -> tuple[int, int]:
    whole = all(isinstance(x, int | np.integer) and not isinstance(x, bool) for x in (successes, trials))
    if not whole or not 0 <= successes <= trials:
        raise ParameterError(
            f"successes and trials must be whole numbers, 0 <= successes <= trials; got {successes!r} and {trials!r}"
        )
    return int(successes), int(trials)
