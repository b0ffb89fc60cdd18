"""Sums of the first group over all, or many random, arrangements of two groups."""

from __future__ import annotations

import itertools
import math

import numpy as np

COMPILED_FROM = 2_000_000


def n_arrangements(a: int, b: int) -> int:
    """Ways to choose which ``a`` of ``a + b`` values form the first group."""
    return math.comb(a + b, a)


def all_sums(first: np.ndarray, second: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """What group one adds up to in every arrangement, apart for values of ``first`` and of ``second``."""
    a, b = first.size, second.size
    # Enumerate the smaller group; the other sums are the totals less these.
    m = min(a, b)
    flat = itertools.chain.from_iterable(itertools.combinations(range(a + b), m))
    chosen = np.fromiter(flat, dtype=np.int32, count=m * n_arrangements(a, b)).reshape(-1, m)
    if a <= b:
        mine = np.concatenate([first, np.zeros(b)])[chosen].sum(axis=1)
        other = np.concatenate([np.zeros(a), second])[chosen].sum(axis=1)
        return mine, other
    chosen = chosen[::-1]
    mine = first.sum() - np.concatenate([first, np.zeros(b)])[chosen].sum(axis=1)
    other = second.sum() - np.concatenate([np.zeros(a), second])[chosen].sum(axis=1)
    return mine, other


def random_sums(
    first: np.ndarray, second: np.ndarray, *, resamples: int, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray]:
    """The same over ``resamples`` random arrangements, each shape (resamples,)."""
    seed = int(rng.integers(0, 2**63))
    if resamples * (first.size + second.size) >= COMPILED_FROM:
        from analysis.stats.waiting.kernels import permuted_sums

        return permuted_sums(np.ascontiguousarray(first), np.ascontiguousarray(second), resamples, seed)
    a, n = first.size, first.size + second.size
    order = np.argsort(np.random.default_rng(seed).random((resamples, n)), axis=1)[:, :a]
    mine = np.concatenate([first, np.zeros(second.size)])[order].sum(axis=1)
    other = np.concatenate([np.zeros(a), second])[order].sum(axis=1)
    return mine, other
