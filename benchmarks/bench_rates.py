"""Rates beside their peers."""

from __future__ import annotations

from benchmarks.timing import row  # first: it sets one thread

import numpy as np  # isort: skip
from scipy import stats  # isort: skip

from analysis.stats import rates  # isort: skip


def rows() -> list[dict]:
    """Rate-ratio tests of 10^5 tables against scipy's binomtest in a loop."""
    rng = np.random.default_rng(1)
    before, after = rng.poisson(4, 100_000), rng.poisson(3, 100_000)
    share = 24 / 51

    def ours():
        return rates.pvalues(before, 27, after, 24, alternative="less")

    def peer():
        pairs = zip(after.tolist(), (before + after).tolist(), strict=True)
        return np.array([stats.binomtest(a, n, share, alternative="less").pvalue if n else 1.0 for a, n in pairs])

    return [
        row(
            "rate-ratio test",
            "10^5 tables",
            ours,
            "scipy binomtest in a loop",
            peer,
            aim=0.005,
            same=lambda a, b: np.allclose(a, b, rtol=1e-9),
            peer_repeats=1,
        )
    ]
