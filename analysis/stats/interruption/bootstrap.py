"""The signed root of the likelihood ratio of one coefficient, with p by simulating the fitted null."""

from __future__ import annotations

import numpy as np

from analysis.results import Alternative
from analysis.stats.interruption import poisson
from analysis.stats.interruption.design import Design

SLACK = 1e-7
RUNAWAY = 12.0
# Beyond so many single events whole counts are drawn.
MOST_THROWS = 2_000_000


class Bootstrap:
    """One coefficient after another tested on the same random numbers, given the number of events.

    Under coefficient ``b`` the columns adjusted for are fitted; the events are thrown again into the bins with the
    fitted chances, and both models are fitted to every throw (Davison and Hinkley 1997, Bootstrap Methods, sec. 4.4).
    """

    def __init__(self, design: Design, *, resamples: int, rng: np.random.Generator) -> None:
        self.design = design
        self.scale = float(np.ptp(design.tested))
        self.full = np.column_stack([design.others, design.tested / self.scale])
        self.resamples, self.n = resamples, int(design.counts.sum())
        self.seed = int(rng.integers(2**63))
        few = resamples * self.n <= MOST_THROWS
        self.throws = rng.random((resamples, self.n)) if few else None
        beta, self.mu = poisson.fitted(design.counts[None], self.full, design.offset)
        self.estimate = float(beta[0, -1]) / self.scale

    def null(self, b: float, counts: np.ndarray) -> np.ndarray:
        """Expected counts where the coefficient is ``b``."""
        return poisson.fitted(counts, self.design.others, self.design.offset + b * self.design.tested)[1]

    def roots(self, b: float, counts: np.ndarray) -> np.ndarray:
        """Signed root of the likelihood ratio against ``b`` for each row of counts."""
        beta, mu = poisson.fitted(counts, self.full, self.design.offset)
        gain = poisson.loglik(counts, mu) - poisson.loglik(counts, self.null(b, counts))
        return np.sign(beta[:, -1] / self.scale - b) * np.sqrt(np.maximum(2 * gain, 0.0))

    def tails(self, b: float) -> tuple[float, float]:
        """Chance of a root as low, and as high, as the one seen: (k + 1) / (resamples + 1)."""
        seen = self.roots(b, self.design.counts[None])[0]
        null = self.roots(b, self.thrown(self.null(b, self.design.counts[None])[0]))
        low, high = (
            (1 + int(k)) / (null.size + 1) for k in ((null <= seen + SLACK).sum(), (null >= seen - SLACK).sum())
        )
        return low, high

    def thrown(self, mu: np.ndarray) -> np.ndarray:
        """The events thrown into bins with chances in proportion to ``mu``, shape (resamples, bins)."""
        bins, size = mu.size, self.resamples
        if self.throws is None:
            return np.random.default_rng(self.seed).multinomial(self.n, mu / mu.sum(), size=size).astype(float)
        at = np.searchsorted(np.cumsum(mu)[:-1] / mu.sum(), self.throws, side="right")
        flat = at + bins * np.arange(size)[:, None]
        return np.bincount(flat.ravel(), minlength=size * bins).reshape(size, bins).astype(float)

    def pvalue(self, b: float, alternative: Alternative) -> float:
        """p of coefficient ``b``; two-sided is central."""
        low, high = self.tails(b)
        return {"less": low, "greater": high, "two-sided": min(1.0, 2 * min(low, high))}[alternative]

    def limits(self, *, alternative: Alternative, level: float) -> tuple[float | None, float | None]:
        """The coefficients on both sides of the estimate where p crosses 1 - level; None where it never does."""
        reach = RUNAWAY / self.scale
        centre = float(np.clip(self.estimate, -reach, reach))
        low = None if alternative == "less" else self._edge(centre, -1, reach, alternative, 1 - level)
        high = None if alternative == "greater" else self._edge(centre, 1, reach, alternative, 1 - level)
        return low, high

    def _edge(self, centre: float, side: int, reach: float, alternative: Alternative, alpha: float) -> float | None:
        inside, step = centre, 0.5 / self.scale
        outside = centre + side * step
        while self.pvalue(outside, alternative) > alpha:
            inside, step = outside, 1.5 * step
            outside = inside + side * step
            if side * inside > reach:
                return None
        for _ in range(12):
            middle = (inside + outside) / 2
            inside, outside = (middle, outside) if self.pvalue(middle, alternative) > alpha else (inside, middle)
        return inside
