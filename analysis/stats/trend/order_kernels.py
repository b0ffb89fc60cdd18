"""Loops over the orders of waits, compiled once and kept on disk."""

from __future__ import annotations

import numpy as np
from numba import njit


@njit(cache=True, error_model="numpy")
def sorted_sums(sets, rank, weight, values, below, out):
    """Sorted sums of every arrangement of sets of k waits on k places, from those of k - 1 waits on the first places.

    The last place is held by each wait of the set in turn: k sorted rows of ``below``, moved, are merged into one.

    sets : (sets,) bit patterns; rank : (2 ** n,) row of each pattern in ``below``; weight : of the last place
    below : (sets before, (k - 1)!); out : (sets, k!), filled in
    """
    merged = np.empty(out.shape[1])
    for s in range(sets.size):
        row, filled = out[s], 0
        for wait in range(values.size):
            if not sets[s] >> wait & 1:
                continue
            part, moved = below[rank[sets[s] ^ (1 << wait)]], weight * values[wait]
            i, j = 0, 0
            for k in range(filled + part.size):
                if j == part.size or (i < filled and row[i] <= part[j] + moved):
                    merged[k] = row[i]
                    i += 1
                else:
                    merged[k] = part[j] + moved
                    j += 1
            filled += part.size
            row[:filled] = merged[:filled]


@njit(cache=True, error_model="numpy")
def counted_pairs(first, second, shift, low, high):
    """Pairs (one of a row of ``first``, one of the same row of ``second``) with a sum up to ``high``, from ``low`` on.

    first : (sets, a) and second : (sets, b), rows sorted; shift : (sets,) added to every sum of the row
    """
    below, above = 0, 0
    for s in range(first.shape[0]):
        a, b = first[s], second[s]
        j, k = b.size, b.size
        for i in range(a.size):
            here = a[i] + shift[s]
            while j > 0 and here + b[j - 1] > high:
                j -= 1
            while k > 0 and here + b[k - 1] >= low:
                k -= 1
            below += j
            above += b.size - k
    return below, above
