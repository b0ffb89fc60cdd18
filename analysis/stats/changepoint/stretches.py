"""Evidence and posterior for a rate that falls at one date and resumes at another, summed over pairs of dates."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import special

NODES, WEIGHTS = np.polynomial.legendre.leggauss(3)
MOST_NODES = 600
PARTS = 60  # a gap between events longer than this share of the watched time is cut


@dataclass(frozen=True, slots=True)
class Stretches:
    """Log evidences of no, one and two changes, and the posterior over pairs of dates.

    Parameters
    ----------
    log_none, log_one, log_two : log evidence, constants common to the three left out
    dates : shape (m,): the dates summed over, on the watched clock, with ``counts`` events before each
    start, end : shape (pairs,): places in ``dates``
    weight : shape (pairs,): posterior of each pair, given two changes
    """

    log_none: float
    log_one: float
    log_two: float
    dates: np.ndarray
    counts: np.ndarray
    start: np.ndarray
    end: np.ndarray
    weight: np.ndarray

    def probabilities(self) -> dict[str, float]:
        """Posterior chances of none, one and two, each as likely beforehand."""
        logs = np.array([self.log_none, self.log_one, self.log_two])
        shares = np.exp(logs - special.logsumexp(logs))
        return dict(zip(("none", "one", "two"), map(float, shares), strict=True))

    def marginal(self, which: str) -> np.ndarray:
        """Posterior of the ``start`` or the ``end`` over ``dates``, shape (m,)."""
        place = self.start if which == "start" else self.end
        return np.bincount(place, self.weight, self.dates.size)

    def quantiles(self, which: str, shares: list[float]) -> np.ndarray:
        """Dates below which these shares of the posterior of one end lie."""
        mass = self.marginal(which)
        return np.interp(shares, np.cumsum(mass) - mass / 2, self.dates)


def stretches(times: np.ndarray, total: float, *, shape: float, days: float, shortest: float = 0.0) -> Stretches:
    """Weigh no change, one fall for good, and a fall that ends, under one prior for every rate.

    Both rates are drawn from Gamma(shape, days) on the condition that the later (or inner) one is the lower; the
    dates are uniform on the watched time, no period shorter than ``shortest``.
    """
    n = times.size
    dates, width = _dates(times, total, shortest)
    counts = np.searchsorted(times, dates, side="left")

    def fallen(k, w):
        return log_fallen(k, w, n, total, shape, days)

    none = special.gammaln(shape + n) - (shape + n) * np.log(days + total) + special.xlogy(shape, days)
    none -= special.gammaln(shape)
    one = special.logsumexp(fallen(n - counts, total - dates), b=width / width.sum())
    i, j = np.triu_indices(dates.size, 1)
    length = dates[j] - dates[i]
    kept = length >= shortest
    i, j, length = i[kept], j[kept], length[kept]
    prior = width[i] * width[j]
    logs = fallen(counts[j] - counts[i], length) + np.log(prior / prior.sum())
    two = special.logsumexp(logs)
    return Stretches(float(none), float(one), float(two), dates, counts, i, j, np.exp(logs - two))


def log_fallen(k, w, n: int, total: float, shape: float, days: float) -> np.ndarray:
    """Log evidence of ``k`` events in ``w`` at a lower rate and the others in the rest, both rates averaged."""
    inside, outside = days + w, days + total - w
    share = inside / (inside + outside)
    with np.errstate(divide="ignore"):
        lower = np.log(2 * special.betainc(shape + k, shape + n - k, share))
    return (
        special.gammaln(shape + k)
        - (shape + k) * np.log(inside)
        + special.gammaln(shape + n - k)
        - (shape + n - k) * np.log(outside)
        + 2 * (special.xlogy(shape, days) - special.gammaln(shape))
        + lower
    )


def _dates(times: np.ndarray, total: float, shortest: float) -> tuple[np.ndarray, np.ndarray]:
    """Nodes inside the gaps between events, with their widths; an even grid where the events are many."""
    low, high = shortest, total - shortest
    inside = np.unique(times[(times > low) & (times < high)])
    edges = np.concatenate([[low], inside, [high]])
    gaps = np.diff(edges)
    parts = np.ceil(gaps / (total / PARTS)).astype(int)
    if parts.sum() * NODES.size > MOST_NODES:
        steps = np.linspace(low, high, MOST_NODES + 1)
        return (steps[1:] + steps[:-1]) / 2, np.diff(steps)
    cuts = np.concatenate([np.linspace(a, b, p + 1)[:-1] for a, b, p in zip(edges, edges[1:], parts, strict=False)])
    cuts = np.append(cuts, high)
    half = np.diff(cuts)[:, None] / 2
    dates = (cuts[1:, None] + cuts[:-1, None]) / 2 + half * NODES
    return dates.ravel(), (half * WEIGHTS).ravel()


def quietest(times: np.ndarray, trim: float, *, closes: bool, opens: bool) -> np.ndarray:
    """The largest likelihood ratio of a lower rate between two events, for many records at once.

    Parameters
    ----------
    times : sorted along the last axis, shape (records, n), shares of the watched time
    trim : shortest stretch, as a share
    opens, closes : whether an event stands at the very start, or end, and may bound a stretch

    Notes
    -----
    For a given number of events inside, the longest stretch has the largest ratio: one maximum per number.
    """
    best, _, _ = _search(times, trim, opens=opens, closes=closes)
    return best


def quietest_stretch(times: np.ndarray, trim: float, *, closes: bool, opens: bool) -> tuple[float, float, int]:
    """Start and end of that stretch in one record, and the number of events inside it."""
    _, length, inside = _search(times[None], trim, opens=opens, closes=closes)
    points = _points(times[None], opens, closes)[0]
    k = int(inside[0])
    spans = points[k + 1 :] - points[: points.size - k - 1]
    i = int(np.argmin(np.abs(spans - length[0])))
    return float(points[i]), float(points[i + k + 1]), k


def _points(times: np.ndarray, opens: bool, closes: bool) -> np.ndarray:
    rows = times.shape[0]
    parts = [np.zeros((rows, 1))] * opens + [times] + [np.ones((rows, 1))] * closes
    return np.concatenate(parts, axis=1)


def _search(times: np.ndarray, trim: float, *, opens: bool, closes: bool):
    rows, n = times.shape
    points = _points(times, opens, closes)
    best, length, inside = np.zeros(rows), np.zeros(rows), np.zeros(rows, dtype=int)
    # A stretch with k inside has k = 0 .. n - 1 events; one that holds them all leaves nothing outside.
    for k in range(min(n, points.shape[1] - 1)):
        widest = (points[:, k + 1 :] - points[:, : points.shape[1] - k - 1]).max(axis=1)
        widest = np.minimum(widest, 1 - 1e-12)
        ratio = _fall_gain(k, n, widest)
        ratio = np.where((widest >= trim) & (widest > k / n), ratio, 0.0)
        better = ratio > best
        best = np.where(better, ratio, best)
        length, inside = np.where(better, widest, length), np.where(better, k, inside)
    return best, length, inside


def _fall_gain(k: int, n: int, share: np.ndarray) -> np.ndarray:
    with np.errstate(divide="ignore"):
        within = special.xlogy(k, k / n) - k * np.log(np.maximum(share, 1e-300))
    return 2 * (within + special.xlogy(n - k, (n - k) / n) - (n - k) * np.log1p(-share))
