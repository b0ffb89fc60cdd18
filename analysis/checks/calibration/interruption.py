"""The interruption tests under a constant rate that nothing interrupts."""

from __future__ import annotations

import numpy as np

from analysis.checks.calibration.case import Case, poisson_counts
from analysis.results import Finding
from analysis.stats import interruption
from analysis.timeline import CountSeries


def halfway(counts: CountSeries) -> float:
    """The edge of a bin in the middle."""
    return float(counts.edges[counts.counts.size // 2])


def plain_counts(n: int, rng: np.random.Generator) -> CountSeries:
    """``poisson_counts`` in a window without holes, for forms that need bins on every side."""
    return poisson_counts(n, rng)


def _interrupted(counts: CountSeries, rng: np.random.Generator, **settings) -> Finding:
    return interruption.interrupted(counts, at=halfway(counts), rng=rng, resamples=199, **settings)


def _onset(counts: CountSeries, rng: np.random.Generator) -> Finding:
    prior = {float(counts.edges[k]): w for k, w in ((10, 1.0), (12, 2.0), (15, 1.0))}
    return interruption.uncertain_onset(counts, prior=prior, rng=rng, resamples=199)


def _missing(counts: CountSeries, rng: np.random.Generator, **settings) -> Finding:
    return interruption.missing(counts, at=float(counts.edges[14]), rng=rng, resamples=199, **settings)


CASES = (
    Case(
        name="interruption.interrupted",
        takes="counts",
        test=lambda counts, rng: interruption.interrupted(counts, at=halfway(counts)),
        null=poisson_counts,
        truth=1.0,
        runs=800,
    ),
    Case(
        name="interruption.interrupted (level and trend)",
        takes="counts",
        test=lambda counts, rng: _interrupted(counts, rng, trend=True),
        null=plain_counts,
        truth=1.0,
        least=10,
        runs=80,
    ),
    Case(
        name="interruption.interrupted (level and slope)",
        takes="counts",
        test=lambda counts, rng: _interrupted(counts, rng, form="level_slope"),
        null=plain_counts,
        truth=1.0,
        least=30,
        runs=80,
    ),
    Case(
        name="interruption.interrupted (slope)",
        takes="counts",
        test=lambda counts, rng: _interrupted(counts, rng, form="slope"),
        null=plain_counts,
        truth=0.0,
        least=10,
        runs=80,
    ),
    Case(
        name="interruption.interrupted (suspend and resume)",
        takes="counts",
        test=lambda counts, rng: _interrupted(
            counts, rng, form="suspend_resume", until=float(counts.edges[18]), harmonics=0
        ),
        null=plain_counts,
        truth=1.0,
        least=10,
        runs=80,
    ),
    *(
        Case(
            name=f"interruption.interrupted (Wald, {errors})",
            takes="counts",
            test=lambda counts, rng, errors=errors: interruption.interrupted(
                counts, at=halfway(counts), method="wald", errors=errors
            ),
            null=plain_counts,
            truth=1.0,
            approximate=True,
            least=30,
        )
        for errors in ("model", "quasi", "hac")
    ),
    Case(
        name="interruption.interrupted (negative binomial)",
        takes="counts",
        test=lambda counts, rng: interruption.interrupted(
            counts, at=halfway(counts), method="wald", family="negative_binomial"
        ),
        null=plain_counts,
        truth=1.0,
        approximate=True,
        least=30,
        runs=100,
    ),
    Case(
        name="interruption.missing",
        takes="counts",
        test=lambda counts, rng: _missing(counts, rng),
        null=plain_counts,
        truth=0.0,
        runs=800,
    ),
    Case(
        name="interruption.missing (trend)",
        takes="counts",
        test=lambda counts, rng: _missing(counts, rng, trend=True),
        null=plain_counts,
        truth=0.0,
        least=100,
    ),
    Case(
        name="interruption.uncertain_onset",
        takes="counts",
        test=_onset,
        null=plain_counts,
        truth=1.0,
        runs=150,
    ),
)
