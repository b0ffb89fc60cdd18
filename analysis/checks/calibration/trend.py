"""Trend tests under their nulls."""

from __future__ import annotations

from analysis.checks.calibration.case import Case, pair_of_series, poisson_series
from analysis.stats import trend


def _trend(name: str, truth: float | None = None, *, variant: str = "", approximate=False, runs=400, **settings):
    def test(series, rng):
        return getattr(trend, name)(series, rng=rng, draws=20, **settings)

    return Case(
        name=f"trend.{name}" + (f" ({variant})" if variant else ""),
        takes="series",
        test=test,
        null=poisson_series,
        truth=truth,
        approximate=approximate,
        runs=runs,
    )


def _pooled(kind: str, truth: float) -> Case:
    def test(pair, rng):
        return trend.pooled(list(pair), test=kind, rng=rng, draws=20)

    return Case(
        name=f"trend.pooled ({kind})", takes="pair", test=test, null=pair_of_series, truth=truth, runs=200, least=2
    )


CASES = (
    _trend("laplace", 0.0),
    _trend("laplace", 0.0, variant="normal", approximate=True, method="normal"),
    _trend("milhdbk189", 1.0),
    _trend("lewis_robinson", 0.0, runs=200, resamples=199),
    _trend("lewis_robinson", 0.0, variant="normal", approximate=True, runs=200, method="normal"),
    _trend("mann"),
    _trend("mann", variant="less", alternative="less"),
    _trend("cramer_von_mises", resamples=199),
    _trend("power_law", 1.0),
    _trend("progress_curve", 0.0, runs=2000),
    _trend("progress_curve", 0.0, variant="less", alternative="less", resamples=199),
    _trend("progress_curve", 0.0, variant="greater", alternative="greater", resamples=199),
    _pooled("laplace", 0.0),
    _pooled("milhdbk189", 1.0),
    Case(
        name="trend.share",
        takes="pair",
        test=lambda pair, rng: trend.share(*pair, rng=rng, draws=20),
        null=pair_of_series,
        truth=1.0,
        runs=200,
    ),
)
