"""Where the order of the waits stands among orders that are alike under the null: counted, not drawn, up to 19."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from itertools import permutations
from math import factorial

import numpy as np

from analysis.errors import check_rng

LISTED = 8  # waits up to which every order is listed: 8! = 40,320
HALVED = 12  # waits up to which every order is counted, half by half: 12! = 479,001,600
MATHIEU = 12  # places that Mathieu's group moves: 95,040 orders
AFFINE = 16  # places that the affine group over four bits moves: 322,560 orders
COUNTED = 19  # waits up to which no randomness is needed
MOST = 50_000_000  # waits in all random orders together
SLACK = 1e-9


@dataclass(frozen=True, slots=True, eq=False)
class Orders:
    """The sum of weight times wait among its values over a set of orders of the waits.

    weights : (n,) of the places
    moved : places whose waits change places; the others keep theirs
    listed : (orders, moved) weights in every order of the set; None for "halves", which are counted without a list
    kind : "all", "halves", "mathieu", "affine" or "random"
    size : orders in the set; the random ones do not hold the order seen, which is added to them
    """

    weights: np.ndarray
    moved: np.ndarray
    listed: np.ndarray | None
    kind: str
    size: int

    @property
    def words(self) -> str:
        """Which orders, for the name of the method."""
        if self.kind == "random":
            return "random orders"
        if self.kind in ("all", "halves"):
            return "all orders"
        group = "Mathieu's group" if self.kind == "mathieu" else "the affine group"
        return f"{self.size:,} orders, {group} on {self.moved.size} of {self.weights.size} waits"

    def tails(self, values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Share of orders with a sum at most, and at least, that of the order seen; ``values`` (readings, n)."""
        more = 1 if self.kind == "random" else 0
        counts = self._counts(values, values[:, self.moved] @ self.weights[self.moved])
        return tuple((np.asarray(c) + more) / (self.size + more) for c in counts)

    def ends(self, values: np.ndarray) -> tuple[float, float]:
        """Share of orders that reach the least, and the largest, sum of the set; ``values`` (n,)."""
        if self.kind == "random":
            return 1 / (self.size + 1), 1 / (self.size + 1)
        if self.listed is not None:
            among = self.listed @ values[self.moved]
            return float(np.mean(among <= among.min() + SLACK)), float(np.mean(among >= among.max() - SLACK))
        rising, weights = np.sort(values), np.sort(self.weights)
        sums = rising[::-1] @ weights, rising @ weights
        return tuple(float(self._counts(values[None], np.array([s]))[i][0] / self.size) for i, s in enumerate(sums))

    def _counts(self, values: np.ndarray, seen: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        free, weights = values[:, self.moved], self.weights[self.moved]
        if self.listed is not None:
            among = self.listed @ free.T
            return (among <= seen + SLACK).sum(axis=0), (among >= seen - SLACK).sum(axis=0)
        found = [_by_halves(row, weights, s) for row, s in zip(free, seen, strict=True)]
        return tuple(np.array(c, dtype=float) for c in zip(*found, strict=True))


def orders_of(weights: np.ndarray, *, readings: int, rng: object, resamples: int) -> Orders | None:
    """The orders to compare with, a group of orders where that many can be counted.

    Up to ``LISTED`` waits every order; up to ``HALVED`` the same, by meeting in the middle; up to ``COUNTED`` a fixed
    group, which makes a test exact in size with no randomness: Mathieu's on 12 of 13 to 15 places, the affine one on 16
    of 16 to 19. The places left out are those whose weight is nearest to the mean: they say least. Beyond, and where
    several ``readings`` of dates are drawn in any case, ``resamples`` random orders; None where those would hold more
    than ``MOST`` waits together.
    """
    weights = np.asarray(weights, dtype=float)
    n = weights.size
    everything = np.arange(n)
    if n <= LISTED:
        rows = np.array(list(permutations(weights)))
        return Orders(weights, everything, rows, "all", len(rows))
    if n <= COUNTED and readings == 1:
        if n <= HALVED:
            return Orders(weights, everything, None, "halves", factorial(n))
        size, kind = (MATHIEU, "mathieu") if n < AFFINE else (AFFINE, "affine")
        # Rounded, so that two places as far from the mean on either side are not told apart by the last digit.
        far = np.round(np.abs(weights - weights.mean()), 12)
        moved = np.sort(np.argsort(-far, kind="stable")[:size])
        listed = weights[moved][GROUPS[kind]()]
        return Orders(weights, moved, listed, kind, len(listed))
    if n * resamples > MOST:
        return None
    rng = check_rng(
        rng,
        f"{n} waits are shuffled at random (beyond {COUNTED} waits, {LISTED} with drawn dates, orders are not counted)",
    )
    rows = rng.permuted(np.broadcast_to(weights, (resamples, n)), axis=1)
    return Orders(weights, everything, rows, "random", resamples)


def _by_halves(values: np.ndarray, weights: np.ndarray, seen: float) -> tuple[int, int]:
    """Orders with a sum at most, and at least, ``seen``.

    For each set of waits in the first half of the places the sums of both halves are sorted, and their pairs counted.
    """
    from analysis.stats.trend.order_kernels import counted_pairs

    n = values.size
    half = n // 2
    sets = _sets(n, half)
    sums = _sums(values, weights[:half])
    apart = weights[half:] - weights[:half] if n == 2 * half else np.array([0.0, 1.0])
    if np.ptp(apart) < 1e-12:
        # Weights evenly spaced: the second half's sums are those of the same sets in the first half, moved.
        inside = (sets[:, None] >> np.arange(n)) & 1
        other, shift = sums, apart[0] * ((1 - inside) @ values)
    else:
        other, shift = _sums(values, weights[half:]), np.zeros(sets.size)
    rest = _rank(n, n - half)[(1 << n) - 1 - sets]
    return counted_pairs(sums, other[rest], shift, seen - SLACK, seen + SLACK)


def _sums(values: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Sorted sums of all arrangements on these places of every set of as many waits, shape (sets, arrangements)."""
    from analysis.stats.trend.order_kernels import sorted_sums

    n, below = values.size, np.zeros((1, 1))
    for k, weight in enumerate(weights, start=1):
        sets = _sets(n, k)
        out = np.empty((sets.size, factorial(k)))
        sorted_sums(sets, _rank(n, k - 1), float(weight), values, below, out)
        below = out
    return below


@functools.cache
def _sets(n: int, k: int) -> np.ndarray:
    """Every set of k of n waits, as bit patterns in rising order."""
    patterns = np.arange(1 << n)
    return patterns[((patterns[:, None] >> np.arange(n)) & 1).sum(axis=1) == k]


@functools.cache
def _rank(n: int, k: int) -> np.ndarray:
    """Where each bit pattern stands among the sets of k of n waits; -1 for others."""
    rank = np.full(1 << n, -1)
    rank[_sets(n, k)] = np.arange(_sets(n, k).size)
    return rank


@functools.cache
def mathieu_orders() -> np.ndarray:
    """Mathieu's group on 12 places, as orders of them: int8, shape (95040, 12), the identity among them.

    Made by turning the order round and by the Mongean shuffle (Conway and Sloane 1999, Sphere Packings, Lattices and
    Groups, ch. 11). It takes any five places to any other five: the first five moments of a weighted sum over it are
    those over all orders.
    """
    place = np.arange(12)
    moves = (11 - place, np.minimum(2 * place, 23 - 2 * place))
    found, edge = place[None], place[None]
    digits = 12 ** np.arange(12)
    while len(edge):
        made = np.concatenate([edge[:, move] for move in moves])
        made = made[np.unique(made @ digits, return_index=True)[1]]
        edge = made[~np.isin(made @ digits, found @ digits)]
        found = np.concatenate([found, edge])
    return np.ascontiguousarray(found, dtype=np.int8)


@functools.cache
def affine_orders() -> np.ndarray:
    """The affine group over four bits, as orders of 16 places: int8, shape (322560, 16), the identity among them.

    Place x goes to ``A x + b``, x read as a vector of bits, A any invertible matrix. The group takes any three places
    to any other three: the first three moments of a weighted sum over it are those over all orders.
    """
    bits = 1 << np.arange(4)
    x = np.arange(16)
    has = (x[:, None] & bits) > 0
    columns = np.array(list(permutations(range(1, 16), 4)))
    linear = np.zeros((len(columns), 16), dtype=np.int8)
    for k in range(4):
        linear ^= np.where(has[:, k], columns[:, k : k + 1], 0).astype(np.int8)
    linear = linear[(np.sort(linear, axis=1) == x).all(axis=1)]
    return np.ascontiguousarray((linear[:, None, :] ^ x[None, :, None].astype(np.int8)).reshape(-1, 16))


GROUPS = {"mathieu": mathieu_orders, "affine": affine_orders}
