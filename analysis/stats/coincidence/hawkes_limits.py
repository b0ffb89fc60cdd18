"""Limits of a coupling: where its likelihood ratio reaches the critical value of the bootstrap."""

from __future__ import annotations

import numpy as np

from analysis.results import Alternative
from analysis.stats.coincidence.hawkes_fit import MOST_COUPLING, Fit, fitted


def limits(
    sequence, full: Fit, decays: np.ndarray, critical: float, alternative: Alternative
) -> tuple[float | None, float | None]:
    """The nearest couplings on either side of the best one whose signed root falls to the critical value.

    None where the likelihood never falls that far, or where the alternative asks for one side only.
    """
    best = float(full.theta[0, 2])
    top = float(full.loglik[0])

    def root(coupling: float) -> float:
        """Signed root of the likelihood ratio against this coupling: above 0 where the best lies above it."""
        ratio = max(0.0, 2 * (top - float(fitted(sequence, 0, decays, coupling=coupling).loglik[0])))
        return float(np.sign(best - coupling) * np.sqrt(ratio))

    low = high = None
    if alternative != "less":
        low = _reached(lambda c: root(c) - critical, best, -1)
    if alternative != "greater":
        high = _reached(lambda c: -root(c) - critical, best, +1)
    return low, high


def _reached(gap, best: float, side: int) -> float | None:
    """Where ``gap`` (rising away from the best coupling) crosses 0; None up to the bound of couplings."""
    inner, step = best, 0.02
    if gap(best) >= 0:
        # A critical value below 0: even the best coupling is outside on this side.
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
