"""Statistics of angles on the circle, in radians: mean direction, resultant length, and distances from evenness."""

from __future__ import annotations

import numpy as np

TURN = 2 * np.pi


def resultant(angles: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Mean direction in [0, 2 pi) and mean resultant length along the last axis, n of 1 or more.

    The direction of a resultant of length 0 is 0 by convention; it means nothing.
    """
    total = np.exp(1j * np.asarray(angles, dtype=float)).mean(axis=-1)
    return np.mod(np.angle(total), TURN), np.abs(total)


def kuiper_statistic(angles: np.ndarray) -> np.ndarray:
    """Kuiper's modified V*: the largest lead plus the largest lag of the sample over a uniform law.

    ``(D+ + D-) (sqrt(n) + 0.155 + 0.24 / sqrt(n))`` (Stephens 1970); any origin gives the same.
    """
    u, n = _turns(angles)
    i = np.arange(1, n + 1)
    spread = (i / n - u).max(axis=-1) + (u - (i - 1) / n).max(axis=-1)
    return spread * (np.sqrt(n) + 0.155 + 0.24 / np.sqrt(n))


def watson_statistic(angles: np.ndarray) -> np.ndarray:
    """Watson's modified U2*: mean square distance from a uniform law, free of the origin.

    ``(U2 - 0.1 / n + 0.1 / n^2) (1 + 0.8 / n)`` (Stephens 1970).
    """
    u, n = _turns(angles)
    i = np.arange(1, n + 1)
    u2 = ((u - (2 * i - 1) / (2 * n)) ** 2).sum(axis=-1) - n * (u.mean(axis=-1) - 0.5) ** 2 + 1 / (12 * n)
    return (u2 - 0.1 / n + 0.1 / n**2) * (1 + 0.8 / n)


def rao_statistic(angles: np.ndarray) -> np.ndarray:
    """Rao's spacing statistic in degrees: half the sum of how far the n gaps stray from 360 / n."""
    u, n = _turns(angles)
    gaps = np.diff(u, axis=-1, append=u[..., :1] + 1.0)
    return 180.0 * np.abs(gaps - 1 / n).sum(axis=-1)


def _turns(angles: np.ndarray) -> tuple[np.ndarray, int]:
    """Sorted shares of a turn, and their number."""
    u = np.sort(np.mod(np.asarray(angles, dtype=float) / TURN, 1.0), axis=-1)
    return u, u.shape[-1]


def chi_square(counts: np.ndarray) -> float:
    """Pearson's distance of counts from even ones; one less degree of freedom than there are counts."""
    counts = np.asarray(counts, dtype=float)
    return float(((counts - counts.mean()) ** 2 / counts.mean()).sum())
