"""Counts in windows side by side, in one pass over a long row of times, compiled and kept on disk."""

from __future__ import annotations

from numba import njit


@njit(cache=True)
def counted(rows, starts, length, counts):
    """Events of each sorted row from a start up to ``length`` later, filled in: shape (rows, windows)."""
    for m in range(rows.shape[0]):
        i, j, n = 0, 0, rows.shape[1]
        for w in range(starts.size):
            begin, end = starts[w], starts[w] + length
            while i < n and rows[m, i] < begin:
                i += 1
            j = max(i, j)
            while j < n and rows[m, j] < end:
                j += 1
            counts[m, w] = j - i
