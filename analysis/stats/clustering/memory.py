"""Do short waits follow short ones? The memory coefficient, by permuting waits."""

from __future__ import annotations

from itertools import permutations, product
from math import factorial, prod

import numpy as np

from analysis.errors import check_rng
from analysis.results import Alternative, Assumption, Estimate, Finding
from analysis.stats.clustering import card
from analysis.stats.clustering.waits_within import complete
from analysis.stats.waiting.past import drawn
from analysis.timeline import EventSeries

LISTED = 40_320  # orders up to which all are listed: those of 8 waits
CHUNK = 4_000_000
LONG = 20_000  # waits from which one compiled pass over each order is quicker
ABOUT = {
    "question": "Do short waits follow short ones, and long ones long ones?",
    "null": (
        "the complete waits come in any order alike, within each watched stretch: their lengths, the window and its "
        "holes are kept, their order is not"
    ),
    "method": "memory coefficient",
}


def memory_coefficient(waits) -> float | None:
    """Correlation of neighbouring waits; None where they do not vary.

    Pearson's, with means and standard deviations taken over the first and over the second of each pair (Goh and
    Barabasi 2008, EPL 81:48002, eq. 3). ``waits`` : float array, shape (n,), or a list of stretches of them.
    """
    parts = waits if isinstance(waits, list) and waits and np.ndim(waits[0]) else [np.asarray(waits, dtype=float)]
    value = float(_coefficient([np.asarray(part, dtype=float)[None] for part in parts])[0])
    return value if np.isfinite(value) else None


def memory(
    series: EventSeries,
    *,
    alternative: Alternative = "two-sided",
    level: float = 0.95,
    rng: object = None,
    resamples: int = 9999,
    draws: int = 100,
) -> Finding:
    """Memory coefficient of the complete waits, with p from their orders: all up to 8 waits, random ones beyond.

    Parameters
    ----------
    series : events and window; waits across a hole are left out, and orders are changed within a stretch only
    alternative : "greater" for waits like the one before, "less" for alternating ones
    rng : needed beyond 8 waits and for dates that are to be drawn
    resamples : random orders; p = (k + 1)/(resamples + 1)
    draws : readings of dates that are to be drawn

    Notes
    -----
    The null is a renewal process of any law: bursts of independent waits have no memory. The limits are the range
    of the coefficient over the orders, outside of which p is 1 - level or less: they are not those of a parameter.
    """
    card.checked(alternative, level, resamples=resamples, draws=draws)
    seed, rng = card.seed_text(rng), rng if rng is None else check_rng(rng, "orders are drawn")
    settings = {"level": level, "seed": seed}
    about = {**ABOUT, "alternative": alternative}
    if max((part.size for part in complete(series)), default=0) < 3:
        reason = "Fewer than three complete waits in a row: two pairs of neighbours are needed."
        return card.thin(series, reason=reason, settings=settings, **about)
    if drawn(series):
        generator = check_rng(rng, "uncertain dates are drawn")
        read = [series.draw(generator) for _ in range(draws)]
    else:
        read = [series]
    answers = [_answer(complete(r), rng, resamples if len(read) == 1 else min(resamples, 999)) for r in read]
    answers = [a for a in answers if a is not None]
    if not answers:
        reason = "The waits are all equal, or their neighbours are: the coefficient has no value."
        return card.thin(series, reason=reason, settings=settings, **about)
    p = [_tail(seen, null, exact, alternative) for seen, null, exact in answers]
    seen = float(np.mean([a[0] for a in answers]))
    exact = answers[0][2]
    low, high = _range(answers, alternative, level)
    about["method"] += " (all orders)" if exact else " (random orders)"
    return Finding(
        **about,
        statistic=seen,
        statistic_name="memory coefficient",
        pvalue=float(np.mean(p)),
        attainable_pvalue=float(np.mean([_smallest(null, e, alternative) for _, null, e in answers])),
        effect=Estimate(name="memory coefficient", value=seen, low=low, high=high, level=level, interval="null range"),
        n_events=series.n,
        exposure_days=series.days,
        assumptions=(
            Assumption("one law of waits throughout", "unchecked", "a trend looks like memory: see trend"),
            card.WATCHED,
            card.REPORTED,
        ),
        warnings=series.notes,
        settings=card.base_settings(
            series,
            waits=int(sum(part.size for part in complete(series))),
            orders=int(answers[0][1].size),
            readings=len(answers),
            **settings,
        ),
        vintage=series.vintage,
    )


def _answer(parts: list[np.ndarray], rng, resamples: int) -> tuple[float, np.ndarray, bool] | None:
    """The coefficient, those of the orders, and whether the orders are all there are; None without a value."""
    parts = [part for part in parts if part.size > 1]
    if not parts:
        return None
    # Ranks of scale do not matter to a correlation; this keeps squares of very short waits from vanishing.
    scale = max(float(part.max()) for part in parts)
    if scale <= 0:
        return None
    parts = [part / scale for part in parts]
    seen = float(_coefficient([part[None] for part in parts])[0])
    if not np.isfinite(seen):
        return None
    if prod(factorial(min(part.size, 12)) for part in parts) <= LISTED:
        null = _coefficient(_listed(parts))
        return seen, np.where(np.isfinite(null), null, 0.0), True
    rng = check_rng(rng, "the waits have too many orders to list: they are shuffled at random")
    chunk = max(1, CHUNK // sum(part.size for part in parts))
    if sum(part.size for part in parts) >= LONG:
        return seen, _shuffled_one_by_one(parts, rng, resamples), False
    found = []
    for start in range(0, resamples, chunk):
        size = min(chunk, resamples - start)
        found.append(_coefficient([rng.permuted(np.broadcast_to(p, (size, p.size)), axis=1) for p in parts]))
    null = np.concatenate(found)
    return seen, np.where(np.isfinite(null), null, 0.0), False


def _listed(parts: list[np.ndarray]) -> list[np.ndarray]:
    """Every order of every stretch with every order of the others."""
    orders = [list(permutations(range(part.size))) for part in parts]
    picks = list(product(*(range(len(o)) for o in orders)))
    return [part[np.array(o)[np.array(picks)[:, i]]] for i, (part, o) in enumerate(zip(parts, orders, strict=True))]


def _coefficient(parts: list[np.ndarray]) -> np.ndarray:
    """Correlation of neighbours in each row, pairs of all stretches together; nan where either side is constant."""
    first = np.concatenate([part[:, :-1] for part in parts], axis=1)
    second = np.concatenate([part[:, 1:] for part in parts], axis=1)
    x = first - first.mean(axis=1, keepdims=True)
    y = second - second.mean(axis=1, keepdims=True)
    xx, yy = (x * x).sum(axis=1), (y * y).sum(axis=1)
    least = 1e-24 * np.maximum(1e-300, (first * first).sum(axis=1))
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where((xx > least) & (yy > least), (x * y).sum(axis=1) / np.sqrt(xx * yy), np.nan)


def _shuffled_one_by_one(parts: list[np.ndarray], rng, resamples: int) -> np.ndarray:
    """Coefficients of random orders, 0 where they have no value: one row in memory, and one pass over it, at a time."""
    from analysis.stats.clustering.wait_kernels import neighbour_sums

    edges = np.cumsum([0, *(part.size for part in parts)])
    row, found = np.empty(edges[-1]), np.zeros(resamples)
    for k in range(resamples):
        for part, a, b in zip(parts, edges[:-1], edges[1:], strict=True):
            row[a:b] = part
            rng.shuffle(row[a:b])
        xx, yy, xy, size = neighbour_sums(row, edges)
        if min(xx, yy) > 1e-20 * size:
            found[k] = xy / np.sqrt(xx * yy)
    return found


def _tail(seen: float, null: np.ndarray, exact: bool, alternative: str) -> float:
    more = 0 if exact else 1
    low = (np.sum(null <= seen + card.SLACK) + more) / (null.size + more)
    high = (np.sum(null >= seen - card.SLACK) + more) / (null.size + more)
    return float({"less": low, "greater": high}.get(alternative, min(1.0, 2 * min(low, high))))


def _smallest(null: np.ndarray, exact: bool, alternative: str) -> float:
    """The smallest p any order of these waits could have."""
    ends = [_tail(float(end), null, exact, alternative) for end in (null.min(), null.max())]
    return min(ends)


def _range(answers, alternative: str, level: float) -> tuple[float | None, float | None]:
    """The coefficients whose p is above 1 - level, in the mean over readings; None where an end has no such p."""
    lows, highs = [], []
    alpha = (1 - level) / (2 if alternative == "two-sided" else 1)
    for _, null, exact in answers:
        null, more = np.sort(null), 0 if exact else 1
        k = int(np.floor(alpha * (null.size + more) + card.SLACK)) - more
        lows.append(null[max(k, 0)])
        highs.append(null[null.size - 1 - max(k, 0)])
    low = None if alternative == "greater" else float(np.mean(lows))
    return low, None if alternative == "less" else float(np.mean(highs))
