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
