"""What a test of a share could show at a given number of attacks, before seeing them."""

from __future__ import annotations

import numpy as np
from scipy import stats

from analysis.errors import ParameterError, check_choice, check_level
from analysis.results import ALTERNATIVES, Alternative
from analysis.stats.rates.share import binomial_pvalue


def share_power(
    trials: int, *, share: float, against: float, alternative: Alternative = "greater", alpha: float = 0.05
) -> float:
    """Chance that the exact test of a share against ``against`` rejects where the true share is ``share``.

    Summed over every count; the test is that of ``share`` and of ``rhythm.between_hours``.
    """
    check_choice("alternative", alternative, ALTERNATIVES)
    check_level(alpha, "alpha")
    if not (0 <= share <= 1 and 0 < against < 1) or isinstance(trials, bool) or trials != int(trials) or trials < 0:
        raise ParameterError(
            f"trials must be a whole number, share and against shares; got {trials!r}, {share!r}, {against!r}"
        )
    counts = np.arange(int(trials) + 1)
    p = np.array([binomial_pvalue(int(k), int(trials), against, alternative) for k in counts])
    return float(stats.binom.pmf(counts, trials, share)[p <= alpha * (1 + 1e-12)].sum())
