"""Limits of a coupling: where the p-value of its likelihood ratio reaches one minus the level."""

from __future__ import annotations

import numpy as np

from analysis.results import Alternative
from analysis.stats.coincidence.hawkes_fit import MOST_COUPLING, Fit, fitted
from analysis.stats.coincidence.hawkes_null import Nulls


def limits(
    sequences, fulls: list[Fit], decays: np.ndarray, nulls: Nulls, alternative: Alternative, level: float
) -> tuple[float | None, float | None]:
    """The nearest couplings on either side of the best one at which p falls to 1 - level.

    None where p never falls that far, or where the alternative asks for one side only.
    """
    best = np.array([float(full.theta[0, 2]) for full in fulls])
    top = np.array([float(full.loglik[0]) for full in fulls])

    def gap(coupling: float) -> float:
        """Above or at 0 where the test rejects this coupling."""
        held = np.array([float(fitted(s, 0, decays, coupling=coupling).loglik[0]) for s in sequences])
        roots = np.sign(best - coupling) * np.sqrt(np.maximum(0.0, 2 * (top - held)))
        return 1 - level - nulls.pvalue(roots, alternative) + 1e-12

    middle = float(best.mean())
    low = None if alternative == "less" else _reached(gap, middle, -1)
    high = None if alternative == "greater" else _reached(gap, middle, +1)
    return low, high


def _reached(gap, best: float, side: int) -> float | None:
    """Where ``gap`` (rising away from the best coupling) crosses 0; None up to the bound of couplings."""
    inner, step = best, 0.02
    if gap(best) >= 0:
        # Roots without a coupling are so far on the other side that even the best coupling is rejected.
        side = -side
        while gap(inner) >= 0:
            outer, inner, step = inner, inner + side * step, 2 * step
            if abs(inner) > MOST_COUPLING:
                return None
        return _between(gap, inner, outer)
    while True:
        outer = inner + side * step
        if abs(outer) > MOST_COUPLING:
            return None
        if gap(outer) >= 0:
            return _between(gap, inner, outer)
        inner, step = outer, 2 * step


def _between(gap, inside: float, outside: float) -> float:
    for _ in range(40):
        middle = (inside + outside) / 2
        if gap(middle) >= 0:
            outside = middle
        else:
            inside = middle
        if abs(outside - inside) < 1e-6 * max(1.0, abs(inside)):
            break
    return outside
