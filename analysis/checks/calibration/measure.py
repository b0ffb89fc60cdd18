"""Size and coverage of one test, measured on data whose truth is known."""

from __future__ import annotations

import math
import zlib
from dataclasses import dataclass

import numpy as np

from analysis.checks.calibration.case import Case
from analysis.errors import ParameterError
from analysis.results import Finding

ALPHA = 0.05
SLACK = 1e-9
RARE = 1 / 4000  # chance of an excess this large from a promise that is kept; there are some hundred cells


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """What came out of one case at one n under one way of observing.

    ``rejected`` of ``tested`` findings had p <= 0.05; ``missed`` of ``limited`` intervals missed the truth;
    ``inconclusive`` of ``runs`` gave no answer. ``refused`` is what the test said where it takes no data observed so.
    """

    name: str
    n: int
    scheme: str
    approximate: bool
    level: float
    runs: int
    inconclusive: int
    tested: int
    rejected: int
    limited: int
    missed: int
    refused: str = ""

    @property
    def size(self) -> float | None:
        """Share of rejections among the findings with a p-value."""
        return self.rejected / self.tested if self.tested else None

    @property
    def size_error(self) -> float | None:
        """Monte Carlo standard error of ``size``, at the nominal size where that is larger."""
        return _error(self.size, ALPHA, self.tested)

    @property
    def coverage(self) -> float | None:
        """Share of intervals that hold the truth."""
        return 1 - self.missed / self.limited if self.limited else None

    @property
    def coverage_error(self) -> float | None:
        """Monte Carlo standard error of ``coverage``, at the nominal level where that is larger."""
        return _error(self.coverage, self.level, self.limited)

    @property
    def too_large(self) -> bool:
        """Whether the size exceeds 5 % by more than the simulation can explain."""
        return bool(self.tested) and _chance(self.rejected, self.tested, ALPHA) < RARE

    @property
    def too_small(self) -> bool:
        """Whether the coverage falls short of the level by more than the simulation can explain."""
        return bool(self.limited) and _chance(self.missed, self.limited, 1 - self.level) < RARE

    @property
    def exceeds(self) -> bool:
        """Whether something promised is not kept; approximate methods promise nothing."""
        return not self.approximate and (self.too_large or self.too_small)


def measured(case: Case, n: int, *, scheme: str = "plain", runs: int | None = None, seed: int = 1) -> Measured:
    """Run ``case`` on ``runs`` data sets with ``n`` events observed as ``scheme`` says.

    Every cell has a seed of its own, made of ``seed``, name, n and scheme: the answer does not depend on what
    else is measured, on how many cores, or in which order.
    """
    runs = case.runs if runs is None else runs
    rng = np.random.default_rng([seed, zlib.crc32(case.name.encode()), n, zlib.crc32(scheme.encode())])
    extra = {} if scheme == "plain" else {"scheme": scheme}
    counts = dict.fromkeys(("inconclusive", "tested", "rejected", "limited", "missed"), 0)
    refused = ""
    for _ in range(runs):
        data = case.null(n, rng, **extra)
        try:
            finding = case.test(data, rng)
        except ParameterError as error:
            if scheme == "plain":
                raise
            refused = str(error)
            break
        counts["inconclusive"] += finding.inconclusive
        if case.sized and finding.pvalue is not None:
            counts["tested"] += 1
            counts["rejected"] += finding.pvalue <= ALPHA + SLACK
        truth = case.truth(data) if callable(case.truth) else case.truth
        if truth is not None and has_limits(finding):
            counts["limited"] += 1
            counts["missed"] += misses(finding, truth)
    return Measured(
        name=case.name,
        n=n,
        scheme=scheme,
        approximate=case.approximate,
        level=case.level,
        runs=runs,
        refused=refused,
        **counts,
    )


def has_limits(finding: Finding) -> bool:
    """Whether the finding claims to say where the effect lies; no limit on either side claims nothing."""
    effect = finding.effect
    return effect is not None and not (effect.low is None and effect.high is None and effect.value is None)


def misses(finding: Finding, truth: float) -> bool:
    """Whether ``truth`` lies outside the limits; an end that is None is open."""
    effect, slack = finding.effect, SLACK * max(1.0, abs(truth))
    below = effect.low is not None and truth < effect.low - slack
    above = effect.high is not None and truth > effect.high + slack
    return bool(below or above)


def _chance(count: int, of: int, nominal: float) -> float:
    """Chance of at least ``count`` of ``of`` at the nominal share."""
    from scipy import stats

    return float(stats.binom.sf(count - 1, of, nominal))


def _error(share: float | None, nominal: float, of: int) -> float | None:
    if share is None:
        return None
    return math.sqrt(max(share * (1 - share), nominal * (1 - nominal)) / of)
