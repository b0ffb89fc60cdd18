"""What Laplace's test could show at a given number of events, before seeing them."""

from __future__ import annotations

import numpy as np
from scipy import optimize

from analysis.errors import ParameterError, check_level
from analysis.results import Alternative
from analysis.stats.trend import card, tilted


def laplace_power(n: int, *, change: float, alternative: Alternative = "greater", alpha: float = 0.05) -> float:
    """Chance that ``laplace`` rejects a constant rate, with n free events and a true log-rate change per window.

    The law of the sum is exact up to 100 events and a saddlepoint form beyond, as in the test itself.
    """
    check_level(alpha, "alpha")
    card.checked(alternative, 1 - alpha)
    if isinstance(n, bool) or n != int(n) or n < 0 or not np.isfinite(change):
        raise ParameterError(f"n must be a whole number of 0 or more and change finite; got {n!r} and {change!r}")
    if n == 0:
        return 0.0
    law = tilted.ExactSum if n <= 100 else tilted.SaddleSum
    tail = alpha / 2 if alternative == "two-sided" else alpha
    # By symmetry the lower critical sum lies as far below n / 2 as the upper one lies above it.
    gap = optimize.brentq(lambda g: law(np.array([n / 2 + g]), n).tails(0.0)[1][0] - tail, 1e-9, n / 2 * (1 - 1e-9))
    below = float(law(np.array([n / 2 - gap]), n).tails(change)[0][0])
    above = float(law(np.array([n / 2 + gap]), n).tails(change)[1][0])
    return {"less": below, "greater": above, "two-sided": below + above}[alternative]
