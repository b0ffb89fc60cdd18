"""Do events come denser or sparser as a power of time? The test of MIL-HDBK-189 and its shape."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy import special

from analysis.errors import ParameterError
from analysis.results import Alternative, Assumption, Estimate, Finding
from analysis.stats.trend import card
from analysis.stats.trend.limits import from_tails, inverted
from analysis.stats.trend.positions import tabled
from analysis.stats.waiting.past import drawn
from analysis.timeline import EventSeries

QUESTION = "Did the rate of {} grow or decline as a power of time?"


def milhdbk189(
    series: EventSeries,
    *,
    alternative: Alternative = "two-sided",
    null_shape: float = 1.0,
    level: float = 0.95,
    rng: object = None,
    draws: int = 1000,
) -> Finding:
    """The test of MIL-HDBK-189 (Crow 1974): ``2 sum log(T / t)`` is chi-square under a constant rate.

    Exact at any number of events: under a cumulative count ``(t / eta)^shape``, shape times the statistic is
    chi-square with two degrees of freedom per free event (2n, or 2 (n - 1) where an event closed the window),
    which gives p and the limits of the shape alike.

    Parameters
    ----------
    series : events and window; times are on the watched clock, and the opening of the window is time 0
    alternative : "less" for a falling rate (shape below 1), "greater" for a rising one
    null_shape : the shape under the null
    rng, draws : readings of uncertain dates that are to be drawn; p is their mean, the limits invert it
    """
    shares = tabled(series, rng=rng, draws=draws)
    settings = {"null_shape": null_shape, "level": level, "seed": card.seed_text(rng)}
    return finding(series, shares, label=series.label, alternative=alternative, settings=settings)


def finding(
    series: EventSeries, shares: np.ndarray, *, label: str, alternative: Alternative, settings, **own
) -> Finding:
    """The finding for a table of positions, a row for each reading; also used for several series pooled."""
    level, null_shape = settings["level"], settings["null_shape"]
    card.checked(alternative, level)
    if not (np.isfinite(null_shape) and null_shape > 0):
        raise ParameterError(f"null_shape must be above 0, got {null_shape!r}")
    free = shares.shape[1]
    about = {
        "question": QUESTION.format(label),
        "null": card.POISSON_NULL if null_shape == 1 else f"the cumulative count grows as time to the {null_shape:g}",
        "method": "MIL-HDBK-189 (exact chi-square)",
        "alternative": alternative,
    } | own.pop("about", {})
    reason = unfit(shares)
    if reason:
        return card.too_thin(series, reason, about=about, settings=settings, own=own)
    counted = own.pop("counted", series.n)
    chi2 = statistic(shares)
    shape = float(2 * counted / chi2.mean())

    def pvalues(beta: float) -> np.ndarray:
        falling, rising = special.gammaincc(free, beta * chi2 / 2), special.gammainc(free, beta * chi2 / 2)
        return from_tails(falling, rising, alternative)

    low, high = inverted(
        lambda log: float(pvalues(np.exp(log)).mean()), np.log(shape), alternative=alternative, level=level, most=500
    )
    p = pvalues(null_shape)
    return Finding(
        **about,
        statistic=float(null_shape * chi2.mean()),
        statistic_name=f"chi-square on {2 * free} degrees of freedom",
        pvalue=float(p.mean()),
        attainable_pvalue=0.0,
        effect=Estimate(
            name="power-law shape",
            value=shape,
            low=None if low is None else float(np.exp(low)),
            high=None if high is None else float(np.exp(high)),
            level=level,
        ),
        assumptions=(
            Assumption("the opening of the window is time 0", "unchecked", "another opening gives another shape"),
            card.CONSTANT,
            card.WATCHED,
            card.REPORTED,
            *own.pop("rounding", card.rounding(series, drawn(series))),
        ),
        warnings=(*own.pop("warnings", ()), *series.notes),
        settings=card.base_settings(series, free_events=free, **settings, **card.readings(p), **own.pop("more", {})),
        vintage=series.vintage,
        curve=curve(series, shape),
        **({"n_events": series.n, "exposure_days": series.days} | own),
    )


def statistic(shares: np.ndarray) -> np.ndarray:
    """``2 sum log(T / t)`` over the free events of each reading."""
    return -2 * np.log(shares).sum(axis=1)


def unfit(shares: np.ndarray) -> str | None:
    """Why a power law cannot be fitted to these positions, or None."""
    if shares.shape[1] == 0:
        return "No free event: no trend can be seen."
    if np.any(shares <= 0):
        return "An event stands at the very opening of the window, where the logarithm of its time has no value."
    if np.all(shares >= 1 - 1e-12):
        return "All events stand at the end of the window: every rising power fits, and none is estimated."
    return None


def curve(series: EventSeries, shape: float) -> pd.DataFrame:
    """The fitted cumulative count ``n (t / T)^shape`` on the window's own time."""
    window = series.window
    elapsed = np.unique(np.concatenate([np.linspace(0, window.span, 101), window.hole_edges.ravel()]))
    return pd.DataFrame({"elapsed": elapsed, "expected": series.n * (window.clock(elapsed) / window.days) ** shape})
