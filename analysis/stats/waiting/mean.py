"""The mean wait."""

from __future__ import annotations

from typing import Literal

import numpy as np
from scipy import special

from analysis.errors import ParameterError, check_choice, check_level, check_rng
from analysis.results import Assumption, Estimate, Finding
from analysis.stats.waiting import card
from analysis.timeline import EventSeries

COMPILED_FROM = 2_000_000
FEWEST = 10
NO_TEST = "An estimate, not a test: it has no p-value."


def mean_wait(
    series: EventSeries,
    *,
    method: Literal["exponential", "bootstrap"] = "exponential",
    level: float = 0.95,
    rng: object = None,
    resamples: int = 9999,
) -> Finding:
    """The mean wait with its limits.

    Parameters
    ----------
    method : "exponential": watched time over events, the open wait included, with the exact limits of a
        Poisson count carried over (Garwood 1936; where an event closed the window, of a gamma sum).
        "bootstrap": mean of the complete waits with percentile limits (approximate; 10 waits or more)
    level : of the limits
    rng, resamples : for the bootstrap
    """
    check_choice("method", method, ("exponential", "bootstrap"))
    check_level(level)
    if method == "bootstrap":
        return _bootstrap(series, level=level, rng=rng, resamples=resamples)
    about = _about("exponential law, exact limits")
    n, days = series.n, series.days
    low, high = exponential_limits(n, days, level, closed=series.window.closed_by_event)
    effect = Estimate(
        name="mean wait",
        value=days / n if n else None,
        low=low,
        high=high,
        level=level,
        unit=series.window.unit,
    )
    if n == 0:
        reason = "No event in the window: the mean wait has a lower limit only."
        return card.thin(series, reason=reason, effect=effect, settings={"level": level}, **about)
    return Finding(
        **about,
        statistic=days / n,
        statistic_name="watched time over events",
        effect=effect,
        n_events=n,
        exposure_days=days,
        assumptions=(
            Assumption("exponential waits (constant rate)", "unchecked", "see exponentiality"),
            card.WATCHED,
        ),
        warnings=(NO_TEST, *series.notes),
        settings=card.base_settings(series, level=level, method="exponential"),
        vintage=series.vintage,
    )


def exponential_limits(n: int, days: float, level: float, *, closed: bool = False):
    """Limits of the mean of exponential waits: n events in ``days`` watched.

    Time-censored: ``2 T / chi2(2 n + 2)`` and ``2 T / chi2(2 n)``; closed by an event: n in both. The upper
    one is None at n = 0.
    """
    tail = (1 - level) / 2
    low = days / special.gammaincinv(n if closed else n + 1, 1 - tail)
    return float(low), float(days / special.gammaincinv(n, tail)) if n else None


def _bootstrap(series: EventSeries, *, level: float, rng: object, resamples: int) -> Finding:
    if not isinstance(resamples, int) or resamples < 99:
        raise ParameterError(f"resamples must be a whole number of 99 or more, got {resamples!r}")
    seed = card.seed_text(rng)
    rng = check_rng(rng, "the bootstrap draws waits")
    about = _about("mean of complete waits, percentile bootstrap")
    table = series.waits()
    waits = table.loc[(table["kind"] == "complete") & ~table["censored"], "days"].to_numpy()
    settings = {"level": level, "method": "bootstrap", "resamples": resamples, "seed": seed}
    if waits.size < FEWEST:
        reason = f"{waits.size} complete waits; the bootstrap of a mean needs {FEWEST}."
        return card.thin(series, reason=reason, settings=settings, **about)
    tail = (1 - level) / 2
    means = bootstrap_means(waits, resamples=resamples, rng=rng)
    low, high = np.quantile(means, [tail, 1 - tail])
    notes = []
    if table["censored"].any():
        notes.append("The open wait and waits across a hole are left out, which makes the mean too short.")
    return Finding(
        **about,
        statistic=float(waits.mean()),
        statistic_name="mean of complete waits",
        effect=Estimate(
            name="mean wait",
            value=float(waits.mean()),
            low=float(low),
            high=float(high),
            level=level,
            unit=series.window.unit,
        ),
        n_events=series.n,
        exposure_days=series.days,
        assumptions=(Assumption("approximate", "doubtful" if waits.size < 30 else "holds", covered(waits.size)),),
        warnings=(*notes, NO_TEST, *series.notes),
        settings=card.base_settings(series, **settings),
        vintage=series.vintage,
    )


def bootstrap_means(waits: np.ndarray, *, resamples: int, rng: np.random.Generator) -> np.ndarray:
    """Means of samples drawn with replacement, shape (resamples,)."""
    waits = np.ascontiguousarray(waits, dtype=float)
    if waits.size * resamples < COMPILED_FROM:
        return waits[rng.integers(0, waits.size, (resamples, waits.size))].mean(axis=1)
    from analysis.stats.waiting.kernels import resampled_means

    return resampled_means(waits, resamples, int(rng.integers(0, 2**63)))


# Coverage of nominal 95 % percentile limits for exponential waits, 1500 samples each.
MEASURED = {10: 0.86, 30: 0.92, 100: 0.94}


def covered(n: int) -> str:
    """The measured coverage at the nearest n from below."""
    at = max(k for k in MEASURED if k <= n)
    return f"percentile limits cover {MEASURED[at]:.0%} at nominal 95 % for {at} exponential waits"


def _about(method: str) -> dict[str, str]:
    return {
        "question": "How long is a wait on average?",
        "null": "none: the mean is estimated, no hypothesis is tested",
        "method": f"mean wait, {method}",
    }
