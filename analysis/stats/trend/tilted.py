"""The law of the sum of positions under a log-linear rate: exact for few events, saddlepoint for many.

Given n, the positions of a Poisson process with rate proportional to ``exp(theta u)`` are independent with
density ``exp(theta u) theta / (exp(theta) - 1)`` on the watched clock, 0 to 1. Their sum S tilts the law of a sum
of uniforms (Irwin and Hall 1927): ``f(s; theta) = exp(theta s) f(s; 0) / c(theta)^n``.
"""

from __future__ import annotations

import numpy as np
from scipy import special

NODES = 32
STEEP = 25.0  # beyond this the density is an exponential one cut where nothing is left


def cumulant(theta):
    """``log((exp(theta) - 1) / theta)``, stable everywhere."""
    theta = np.asarray(theta, dtype=float)
    half = np.abs(theta) / 2
    safe = np.maximum(half, 1e-3)
    far = safe + np.log1p(-np.exp(-2 * safe)) - np.log(2 * safe)
    return theta / 2 + np.where(half < 1e-3, half**2 / 6, far)


def mean(theta):
    """Mean position under ``theta``: 1/2 at 0, towards 1 for a rising rate."""
    theta = np.asarray(theta, dtype=float)
    safe = np.where(np.abs(theta) < 1e-3, 1.0, theta)
    with np.errstate(over="ignore"):
        far = -1 / np.expm1(-safe) - 1 / safe
    return np.where(np.abs(theta) < 1e-3, 0.5 + theta / 12, np.where(safe > 0, far, _falling_mean(safe)))


def _falling_mean(theta):
    with np.errstate(over="ignore"):
        rate = np.abs(theta)
        return 1 / rate - 1 / np.expm1(rate)


def variance(theta):
    """Variance of one position under ``theta``: 1/12 at 0."""
    theta = np.abs(np.asarray(theta, dtype=float))
    safe = np.where(theta < 1e-2, 1.0, theta)
    with np.errstate(over="ignore"):
        far = 1 / safe**2 - np.exp(-safe) / np.expm1(-safe) ** 2
    return np.where(theta < 1e-2, 1 / 12 - theta**2 / 240, far)


def fitted(share):
    """The ``theta`` whose mean position is ``share``, 0 < share < 1 (maximum likelihood; vectorised)."""
    share = np.asarray(share, dtype=float)
    low = np.where(share < 0.5, -1 / share, 0.0)
    high = np.where(share < 0.5, 0.0, 1 / (1 - share))
    for _ in range(70):
        middle = (low + high) / 2
        below = mean(middle) < share
        low, high = np.where(below, middle, low), np.where(below, high, middle)
    middle = (low + high) / 2
    return np.where(np.abs(middle) < 1e-12, 0.0, middle)


def uniform_sum_density(fraction: np.ndarray, n: int) -> np.ndarray:
    """Density of a sum of n uniforms at ``k + fraction``, k = 0 .. n - 1, shape (size, n).

    The recursion ``f_j(x) = (x f_{j-1}(x) + (j - x) f_{j-1}(x - 1)) / (j - 1)`` adds positive terms only,
    where the textbook's alternating sum cancels.
    """
    x = np.asarray(fraction, dtype=float)[:, None] + np.arange(n)
    f = np.zeros_like(x)
    f[:, 0] = 1.0
    for j in range(2, n + 1):
        before = np.concatenate([np.zeros((f.shape[0], 1)), f[:, :-1]], axis=1)
        f = np.maximum(x * f + (j - x) * before, 0.0) / (j - 1)
    return f


class ExactSum:
    """Tails of the sum of n positions at each of ``sums``, numerically exact."""

    def __init__(self, sums: np.ndarray, n: int) -> None:
        self.sums, self.n = np.asarray(sums, dtype=float), n
        node, weight = np.polynomial.legendre.leggauss(NODES)
        node, self.weight = (node + 1) / 2, weight / 2
        self.pieces = node[:, None] + np.arange(n)
        self.density = uniform_sum_density(node, n)
        self.whole = np.clip(np.floor(self.sums).astype(int), 0, n - 1)
        self.part = self.sums - self.whole
        inside = (self.part[:, None] * node).ravel()
        rows = np.arange(self.sums.size).repeat(NODES)
        below = uniform_sum_density(inside, n)[np.arange(rows.size), self.whole[rows]]
        self.inside, self.inside_density = (a.reshape(-1, NODES) for a in (inside, below))

    def tails(self, theta: float) -> tuple[np.ndarray, np.ndarray]:
        """``P(S <= s)`` and ``P(S >= s)`` for each s."""
        if abs(theta) > STEEP:
            return self._steep(theta)
        shift = max(theta, 0.0) * self.n
        mass = self.weight @ (self.density * np.exp(theta * self.pieces - shift))
        before = np.concatenate([[0.0], np.cumsum(mass)])
        after = np.concatenate([np.cumsum(mass[::-1])[::-1], [0.0]])
        at = self.whole[:, None] + self.inside
        partial = self.part * ((self.inside_density * np.exp(theta * at - shift)) @ self.weight)
        low = before[self.whole] + partial
        high = np.maximum(mass[self.whole] - partial, 0.0) + after[self.whole + 1]
        total = low + high
        return low / total, high / total

    def _steep(self, theta: float) -> tuple[np.ndarray, np.ndarray]:
        rate = abs(theta)
        s = self.sums if theta < 0 else self.n - self.sums
        k = np.arange(self.n + 1)
        signs = (-1.0) ** k * special.comb(self.n, k) * np.exp(-rate * k)
        terms = signs * special.gammainc(self.n, rate * np.maximum(s[:, None] - k, 0.0))
        low = np.clip(terms.sum(axis=1), 0.0, 1.0)
        high = np.clip(special.gammaincc(self.n, rate * s) - terms[:, 1:].sum(axis=1), 0.0, 1.0)
        return (low, high) if theta < 0 else (high, low)


class SaddleSum:
    """Tails of the sum of n positions by the saddlepoint form of Barndorff-Nielsen (1986)."""

    def __init__(self, sums: np.ndarray, n: int) -> None:
        self.share, self.n = np.asarray(sums, dtype=float) / n, n
        self.best = fitted(self.share)
        self.scale = np.sqrt(n * variance(self.best))

    def _root(self, offset):
        theta = self.best - offset
        gap = offset * self.share - cumulant(self.best) + cumulant(theta)
        r = np.sign(offset) * np.sqrt(np.maximum(2 * self.n * gap, 1e-300))
        u = offset * self.scale
        return r + np.log(u / r) / r

    def tails(self, theta: float) -> tuple[np.ndarray, np.ndarray]:
        """``P(S <= s)`` and ``P(S >= s)`` for each s."""
        offset = self.best - theta
        small = 0.05 / self.scale
        near = np.abs(offset) < small
        root = self._root(np.where(near, small, offset))
        between = (self._root(-small) + root) / 2 + (root - self._root(-small)) / 2 * offset / small
        root = np.where(near, between, root)
        return special.ndtr(root), special.ndtr(-root)


class NormalSum:
    """Tails of the sum of n positions by the normal law: the textbook form."""

    def __init__(self, sums: np.ndarray, n: int) -> None:
        self.sums, self.n = np.asarray(sums, dtype=float), n

    def tails(self, theta: float) -> tuple[np.ndarray, np.ndarray]:
        """``P(S <= s)`` and ``P(S >= s)`` for each s."""
        z = (self.sums - self.n * mean(theta)) / np.sqrt(self.n * variance(theta))
        return special.ndtr(z), special.ndtr(-z)
