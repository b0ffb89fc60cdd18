"""Rates beside their peers."""

from __future__ import annotations

from benchmarks.timing import Line, Sides  # first: it sets one thread

import numpy as np  # isort: skip


def tables() -> Sides:
    """10^5 tables of two counts, one-sided; ours is the default test, vectorised."""
    from scipy import stats

    from analysis.stats import rates

    rng = np.random.default_rng(1)
    before, after = rng.poisson(4, 100_000), rng.poisson(3, 100_000)
    share = 24 / 51

    def peer():
        pairs = zip(after.tolist(), (before + after).tolist(), strict=True)
        return np.array([stats.binomtest(a, n, share, alternative="less").pvalue if n else 1.0 for a, n in pairs])

    return Sides(
        ours=lambda: rates.pvalues(before, 27, after, 24, alternative="less"),
        peer=peer,
        same=lambda a, b: np.allclose(a, b, rtol=1e-9),
        peer_repeats=1,
    )


LINES = (
    Line(computation="rate-ratio test", size="10^5 tables", peer="scipy binomtest in a loop", aim=0.005, sides=tables),
)
