"""Loops compiled on first use and kept on disk; only large inputs come here (see the callers)."""

from __future__ import annotations

import numpy as np
from numba import njit

# splitmix64 (Steele, Lea and Flood 2014, OOPSLA '14:453-472): one multiply-xorshift chain per number.
GOLDEN = np.uint64(0x9E3779B97F4A7C15)
MIX_1 = np.uint64(0xBF58476D1CE4E5B9)
MIX_2 = np.uint64(0x94D049BB133111EB)


@njit(cache=True, inline="always")
def _mixed(state):
    q = state
    q = (q ^ (q >> np.uint64(30))) * MIX_1
    q = (q ^ (q >> np.uint64(27))) * MIX_2
    return q ^ (q >> np.uint64(31))


@njit(cache=True)
def permuted_sums(first, second, resamples, seed):
    """What the first group adds up to in random arrangements, apart for values of each group.

    Partial Fisher-Yates on the smaller group. ``first`` and ``second``: values, shapes (a,), (b,).
    Returns two arrays of shape (resamples,): the sum of the values of ``first`` and of ``second`` that fall
    into the first group.
    """
    a, b = first.size, second.size
    n, m = a + b, min(a, b)
    values = np.concatenate((first, second))
    own = np.empty(n)
    for i in range(n):
        own[i] = values[i] if i < a else 0.0
    from_first, from_second = np.empty(resamples), np.empty(resamples)
    total_first, total_second = first.sum(), second.sum()
    state = np.uint64(seed)
    for r in range(resamples):
        everything, mine = 0.0, 0.0
        for i in range(m):
            state += GOLDEN
            left = np.uint64(n - i)
            j = i + np.int64(((_mixed(state) >> np.uint64(32)) * left) >> np.uint64(32))
            v, o = values[j], own[j]
            values[j], own[j] = values[i], own[i]
            values[i], own[i] = v, o
            everything += v
            mine += o
        if a <= b:
            from_first[r], from_second[r] = mine, everything - mine
        else:
            from_first[r], from_second[r] = total_first - mine, total_second - (everything - mine)
    return from_first, from_second


@njit(cache=True)
def resampled_means(values, resamples, seed):
    """Means of ``resamples`` samples drawn with replacement from ``values``, shape (n,)."""
    n = values.size
    means = np.empty(resamples)
    state = np.uint64(seed)
    size = np.uint64(n)
    low = np.uint64(0xFFFFFFFF)
    for r in range(resamples):
        total = 0.0
        for _ in range(n // 2):
            state += GOLDEN
            q = _mixed(state)
            # Two indices from one number: its upper and its lower 32 bits.
            total += values[np.int64(((q >> np.uint64(32)) * size) >> np.uint64(32))]
            total += values[np.int64(((q & low) * size) >> np.uint64(32))]
        if n % 2:
            state += GOLDEN
            total += values[np.int64(((_mixed(state) >> np.uint64(32)) * size) >> np.uint64(32))]
        means[r] = total / n
    return means
