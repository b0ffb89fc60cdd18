"""One pass over a long row of waits for all their statistics, compiled and kept on disk."""

from __future__ import annotations

import numpy as np
from numba import njit

FAST = {"reassoc", "contract", "arcp", "nsz"}


@njit(cache=True, fastmath=FAST)
def sums(waits, refractory):
    """Sums over waits: about the first one, of squares about it; over neighbours: of the terms of CV2, LV, LvR."""
    n = waits.size
    origin = waits[0]
    total = squares = 0.0
    for i in range(n):
        d = waits[i] - origin
        total += d
        squares += d * d
    cv2 = lv = lvr = 0.0
    for i in range(n - 1):
        both = waits[i] + waits[i + 1]
        inverse = 1.0 / both if both > 0.0 else 0.0
        contrast = (waits[i] - waits[i + 1]) * inverse
        square = contrast * contrast
        cv2 += np.abs(contrast)
        lv += square
        lvr += square * (1.0 + 4.0 * refractory * inverse)
    return total, squares, cv2, lv, lvr


@njit(cache=True, fastmath=FAST)
def neighbour_sums(row, edges):
    """Sums of squares and of products of neighbours about the means of the first, and of the second, of each pair.

    row : waits, stretch after stretch; edges : where each stretch begins, and the end
    """
    pairs, first, second = 0, 0.0, 0.0
    for s in range(edges.size - 1):
        a, b = edges[s], edges[s + 1]
        total = 0.0
        for i in range(a, b):
            total += row[i]
        pairs += b - a - 1
        first += total - row[b - 1]
        second += total - row[a]
    first, second = first / pairs, second / pairs
    xx = yy = xy = size = 0.0
    for s in range(edges.size - 1):
        for i in range(edges[s], edges[s + 1] - 1):
            x, y = row[i] - first, row[i + 1] - second
            xx += x * x
            yy += y * y
            xy += x * y
            size += row[i] * row[i]
    return xx, yy, xy, size
