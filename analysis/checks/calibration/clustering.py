"""The tests of clustering under a constant rate."""

from __future__ import annotations

from analysis.checks.calibration.case import Case, poisson_series
from analysis.stats import clustering

FEW = {"resamples": 199, "draws": 10}


def _case(name: str, test, **more) -> Case:
    return Case(name=f"clustering.{name}", takes="series", test=test, null=poisson_series, **more)


CASES: tuple[Case, ...] = (
    _case("burstiness", lambda data, rng: clustering.burstiness(data, rng=rng, **FEW)),
    _case("memory", lambda data, rng: clustering.memory(data, rng=rng, **FEW), least=10),
    _case("fano", lambda data, rng: clustering.fano(data, rng=rng, **FEW)),
    _case(
        "fano (shuffled waits)",
        lambda data, rng: clustering.fano(data, null="shuffled_waits", rng=rng, **FEW),
        least=10,
    ),
    _case("allan", lambda data, rng: clustering.allan(data, rng=rng, **FEW)),
    _case(
        "hawkes",
        lambda data, rng: clustering.hawkes(data, rng=rng, limit_resamples=99, **FEW),
        truth=0.0,
        runs=100,
    ),
    _case(
        "hawkes_residuals",
        lambda data, rng: clustering.hawkes_residuals(data, rng=rng, **FEW),
        runs=100,
    ),
)
