"""Do the waits lengthen or shorten? Mann's test of reverse arrangements, exact with and without ties."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from scipy import stats

from analysis.results import Alternative, Assumption, Estimate, Finding
from analysis.stats.trend import card, waits
from analysis.stats.trend.limits import from_tails
from analysis.timeline import EventSeries

MOST, MOST_TIED = 150, 60  # waits up to which the law is counted out


def mann(
    series: EventSeries,
    *,
    alternative: Alternative = "two-sided",
    level: float = 0.95,
    rng: object = None,
    draws: int = 1000,
) -> Finding:
    """Mann's test (1945): the number of pairs of complete waits of which the later is the longer.

    The law of the count over all orders of the waits is worked out exactly, up to 150 waits (60 where waits
    are tied; tied pairs count for neither side); beyond, it is normal with a correction for continuity.

    Parameters
    ----------
    series : events and window. A wait that crosses a hole makes the finding inconclusive
    alternative : "less" for a falling rate (waits lengthen), "greater" for a rising one (waits shorten)
    rng, draws : readings of uncertain dates that are to be drawn; p is their mean

    Notes
    -----
    The effect is the share of lengthening pairs, half of it for a tied pair, with the range that chance orders
    give it. ``z`` in the settings is the textbook's, without corrections.
    """
    card.checked(alternative, level)
    settings = {"level": level, "seed": card.seed_text(rng)}
    about = {
        "question": f"Do the waits between {series.label} lengthen or shorten?",
        "null": card.ORDER_NULL,
        "method": "Mann's reverse arrangements",
        "alternative": alternative,
    }
    reason = waits.refused(series)
    if reason:
        return card.thin(series, reason=reason, settings=settings, **about)
    table = waits.tabled(series, waits.complete, rng=rng, draws=draws)
    n = table.shape[1]
    pairs = n * (n - 1) / 2
    counted = np.array([lengthening(row) for row in table])
    more, tied = counted[:, 0], counted[:, 1]
    laws = [_law(*_ties(row)) for row in table]
    p = np.array([_pvalue(c, law, alternative) for c, law in zip(more, laws, strict=True)])
    low, high = _range(laws[0], level)
    is_exact = laws[0][0] == "exact"
    spread = np.sqrt(n * (n - 1) * (2 * n + 5) / 72)
    words = ()
    if tied[0]:
        words = (f"{int(tied[0])} of {int(pairs)} pairs of waits are tied; they count for neither side.",)
    return Finding(
        **about | {"method": f"{about['method']} ({'exact' if is_exact else 'normal'})"},
        statistic=float(more.mean()),
        statistic_name="pairs of waits that lengthen",
        pvalue=float(p.mean()),
        attainable_pvalue=_smallest(laws[0], alternative),
        effect=Estimate(
            name="share of lengthening pairs",
            value=float((more + tied / 2).mean() / pairs),
            low=(low + tied[0] / 2) / pairs,
            high=(high + tied[0] / 2) / pairs,
            level=level,
            interval="null range",
        ),
        n_events=series.n,
        exposure_days=series.days,
        assumptions=(
            Assumption("waits independent of each other", "unchecked", "alike in law, whatever that law is"),
            card.WATCHED,
            card.REPORTED,
        ),
        warnings=(*words, *waits.left_out(series), *series.notes),
        settings=card.base_settings(
            series, waits=n, z=float((more.mean() - pairs / 2) / spread), **settings, **card.readings(p)
        ),
        vintage=series.vintage,
    )


def lengthening(lengths: np.ndarray) -> tuple[int, int]:
    """Pairs of which the later wait is the longer, and tied pairs; memory grows with the number of waits only."""
    order = np.argsort(lengths, kind="stable")
    ordered = np.asarray(lengths, dtype=float)[order]
    group = np.cumsum(np.append(False, ~np.isclose(ordered[1:], ordered[:-1], rtol=1e-9, atol=0)))
    ranks = np.empty(ordered.size, dtype=np.int64)
    ranks[order] = group
    sizes = np.bincount(group)
    return _rising(ranks)[0], int((sizes * (sizes - 1) // 2).sum())


def _rising(ranks: np.ndarray) -> tuple[int, np.ndarray]:
    """Pairs in rising order, counted half by half, and the ranks sorted."""
    if ranks.size <= 32:
        return int(np.triu(ranks[:, None] < ranks[None, :], 1).sum()), np.sort(ranks)
    half = ranks.size // 2
    (first, left), (second, right) = _rising(ranks[:half]), _rising(ranks[half:])
    across = int(np.searchsorted(left, right, side="left").sum())
    return first + second + across, np.sort(np.concatenate([left, right]), kind="stable")


def _ties(lengths: np.ndarray) -> tuple[int, tuple[int, ...]]:
    """Number of waits, and the sizes of the groups of equal ones."""
    ordered = np.sort(lengths)
    starts = np.flatnonzero(np.append(True, ~np.isclose(ordered[1:], ordered[:-1], rtol=1e-9, atol=0)))
    sizes = np.diff(np.append(starts, ordered.size))
    return int(ordered.size), tuple(sorted(int(s) for s in sizes if s > 1))


@lru_cache(maxsize=256)
def _law(n: int, ties: tuple[int, ...]):
    """("exact", chances of 0, 1, ... lengthening pairs), or ("normal", mean, standard deviation)."""
    if n > (MOST_TIED if ties else MOST):
        free = (n * (n - 1) - sum(t * (t - 1) for t in ties)) / 2
        spread = (n * (n - 1) * (2 * n + 5) - sum(t * (t - 1) * (2 * t + 5) for t in ties)) / 72
        return "normal", free / 2, float(np.sqrt(spread))
    return "exact", tied_counts(n, ties) if ties else counts(n)


def counts(n: int) -> np.ndarray:
    """Chances of k lengthening pairs among n waits without ties: inversions of a random order (Kendall 1938)."""
    chance = np.ones(1)
    for j in range(2, n + 1):
        chance = np.convolve(chance, np.full(j, 1.0 / j))
    return chance


def tied_counts(n: int, ties: tuple[int, ...]) -> np.ndarray:
    """The same with groups of equal waits: coefficients of the q-multinomial, in whole numbers (MacMahon 1915)."""
    size = n * (n - 1) // 2 + 1
    ways = [1] + [0] * (size - 1)
    for a in range(2, n + 1):
        _times(ways, a)
    for t in ties:
        for b in range(2, t + 1):
            _over(ways, b)
    kept = (n * (n - 1) - sum(t * (t - 1) for t in ties)) // 2 + 1
    total = sum(ways[:kept])
    return np.array([w / total for w in ways[:kept]])


def _times(ways: list[int], a: int) -> None:
    """Multiply by ``1 + q + ... + q^(a - 1)``, in place."""
    for k in range(len(ways) - 1, a - 1, -1):
        ways[k] -= ways[k - a]
    for k in range(1, len(ways)):
        ways[k] += ways[k - 1]


def _over(ways: list[int], b: int) -> None:
    """Divide by ``1 + q + ... + q^(b - 1)``, in place."""
    for k in range(len(ways) - 1, 0, -1):
        ways[k] -= ways[k - 1]
    for k in range(b, len(ways)):
        ways[k] += ways[k - b]


def _pvalue(count: float, law, alternative: Alternative) -> float:
    if law[0] == "exact":
        chance, c = law[1], round(count)
        shortening, lengthening_ = chance[: c + 1].sum(), chance[c:].sum()
    else:
        _, mean, spread = law
        shortening = stats.norm.cdf((count + 0.5 - mean) / spread)
        lengthening_ = stats.norm.sf((count - 0.5 - mean) / spread)
    return float(from_tails(np.array(lengthening_), np.array(shortening), alternative))


def _range(law, level: float) -> tuple[float, float]:
    """The central range of the count under the null."""
    tail = (1 - level) / 2
    if law[0] == "normal":
        return tuple(np.clip(stats.norm.ppf([tail, 1 - tail], law[1], law[2]), 0, 2 * law[1]))
    below = np.cumsum(law[1])
    return tuple(float(k) for k in np.searchsorted(below, [tail - 1e-12, 1 - tail - 1e-12]))


def _smallest(law, alternative: Alternative) -> float:
    if law[0] == "normal":
        return _pvalue(0.0, law, alternative if alternative != "less" else "greater")
    return float(min(1.0, law[1][0] * (2 if alternative == "two-sided" else 1)))
