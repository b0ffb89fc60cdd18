"""Tests of rates under their nulls."""

from __future__ import annotations

import numpy as np

from analysis.checks.calibration.case import MEAN_WAIT, Case, pair_of_series, poisson_series, random_count_series
from analysis.stats import rates
from analysis.timeline import EventSeries, Window

RATE = 1 / MEAN_WAIT
MARGIN = 2.0
SHARE = 0.3
APPROXIMATE = ("midp", "score", "score-log", "sqrt", "wald", "wald-log", "etest")


def middle(series: EventSeries) -> float:
    """The middle of the window, as a time on its axis."""
    return series.window.start + series.window.span / 2


def at_the_margin(n: int, rng: np.random.Generator) -> EventSeries:
    """A rate that doubles half way: on the edge of what "no change by a factor of 2" excludes."""
    half = MEAN_WAIT * n / 2
    before, after = rng.poisson(n / 3), rng.poisson(2 * n / 3)
    times = np.concatenate([rng.uniform(0, half, before), rng.uniform(half, 2 * half, after)])
    return EventSeries(times, Window(0.0, 2 * half))


def of_a_kind(n: int, rng: np.random.Generator) -> tuple[tuple[int, int], tuple[int, int]]:
    """(of the kind, in all) in two groups of n and 2 n attacks, each of the kind with chance SHARE."""
    return (int(rng.binomial(n, SHARE)), n), (int(rng.binomial(2 * n, SHARE)), 2 * n)


def _ratio(name: str, **settings) -> Case:
    def test(series, rng):
        return rates.ratio(series, at=middle(series), rng=rng, draws=50, **settings)

    method = settings.get("method", "exact")
    runs = 60 if method == "etest" else 800 if method == "exact" and "tails" not in settings else 200
    return Case(
        name=name,
        takes="series",
        test=test,
        null=random_count_series,
        truth=1.0,
        approximate=method != "exact",
        runs=runs,
    )


CASES = (
    Case(
        name="rates.rate",
        takes="series",
        test=lambda series, rng: rates.rate(series, against=RATE),
        null=random_count_series,
        truth=RATE,
        runs=2000,
        least=0,
    ),
    _ratio("rates.ratio"),
    _ratio("rates.ratio (less)", alternative="less"),
    _ratio("rates.ratio (minimum likelihood)", tails="minlike"),
    *(_ratio(f"rates.ratio ({method})", method=method) for method in APPROXIMATE),
    Case(
        name="rates.ratio (at the last event)",
        takes="series",
        test=lambda series, rng: rates.ratio(series, at="last_event", alternative="less", rng=rng, draws=50),
        null=poisson_series,
        truth=1.0,
    ),
    Case(
        name="rates.contrast",
        takes="pair",
        test=lambda pair, rng: rates.contrast(*pair, at=middle(pair[0])),
        null=pair_of_series,
        truth=1.0,
        runs=200,
    ),
    Case(
        name="rates.dispersion",
        takes="series",
        test=lambda series, rng: rates.dispersion(series, width=MEAN_WAIT, rng=rng, resamples=199),
        null=poisson_series,
    ),
    Case(
        name="rates.dispersion (chi2)",
        takes="series",
        test=lambda series, rng: rates.dispersion(series, width=MEAN_WAIT, method="chi2"),
        null=poisson_series,
        approximate=True,
    ),
    Case(
        name="rates.equivalence",
        takes="series",
        test=lambda series, rng: rates.equivalence(series, at=middle(series), margin=MARGIN),
        null=at_the_margin,
        truth=MARGIN,
        level=0.9,
    ),
    Case(
        name="rates.negative_binomial_ratio",
        takes="series",
        test=lambda series, rng: rates.negative_binomial_ratio(
            series, at=middle(series), width=MEAN_WAIT / 2, rng=rng, resamples=99
        ),
        null=random_count_series,
        truth=1.0,
        approximate=True,
        least=30,
        runs=30,
    ),
    Case(
        name="rates.share",
        takes="two groups",
        test=lambda groups, rng: rates.share(*groups[0], against=SHARE),
        null=of_a_kind,
        truth=SHARE,
        runs=4000,
    ),
    Case(
        name="rates.share_ratio",
        takes="two groups",
        test=lambda groups, rng: rates.share_ratio(*groups),
        null=of_a_kind,
        truth=1.0,
        least=10,
    ),
)
