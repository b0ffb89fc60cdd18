"""Evidence at any look, under continuous monitoring of a steady pace: p is the smallest over the whole watch."""

from __future__ import annotations

from analysis.checks.calibration.case import MEAN_WAIT, Case, random_count_series
from analysis.stats import sequential


def _evidence(alternative: str) -> Case:
    def test(series, rng):
        return sequential.evidence(series, reference=1 / MEAN_WAIT, alternative=alternative)

    name = "sequential.evidence" + ("" if alternative == "two-sided" else f" ({alternative})")
    return Case(name=name, takes="series", test=test, null=random_count_series, truth=1 / MEAN_WAIT, runs=100)


def _ratio(series, rng):
    half = series.window.unclock(series.days / 2)
    return sequential.ratio(series, at=series.window.moment(half), until=series.window.moment(series.window.span))


CASES = (
    _evidence("two-sided"),
    _evidence("less"),
    _evidence("greater"),
    Case(name="sequential.ratio", takes="series", test=_ratio, null=random_count_series, truth=1.0, runs=200),
)
