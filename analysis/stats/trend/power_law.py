"""The power law of the cumulative count, with limits for its shape and its scale."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

import numpy as np
from scipy import stats

from analysis.errors import check_choice
from analysis.results import Alternative, Estimate, Finding
from analysis.stats.trend import card, milhdbk
from analysis.stats.trend.cramer import distance
from analysis.stats.trend.positions import tabled
from analysis.timeline import EventSeries


def power_law(
    series: EventSeries,
    *,
    parameter: Literal["shape", "scale"] = "shape",
    alternative: Alternative = "two-sided",
    level: float = 0.95,
    rng: object = None,
    draws: int = 1000,
) -> Finding:
    """The cumulative count ``(t / scale)^shape`` by maximum likelihood (Crow 1974), with limits.

    ``scale`` is the time by which one event is expected; ``rate`` in the settings is ``scale^-shape``, the count
    expected by time 1. p tests the shape against 1 (a constant rate) and is that of ``milhdbk189``.

    Parameters
    ----------
    parameter : which of the two is the effect. The limits of the shape are exact. Those of the scale hold at
        least their level: they join the exact limits of the shape and of the count, independent of each
        other, each at ``1 - (1 - level) / 2``
    rng, draws : readings of uncertain dates that are to be drawn. The scale is then that of their mean
        statistic, and its limits do not pay for the readings

    Notes
    -----
    The settings hold the shape and scale, the rate at the end of the window (``rate_at_end``), the shape free of
    bias, and the Cramer-von Mises distance of the fit, whose p is that of ``cramer_von_mises(..., null="power_law")``.
    """
    check_choice("parameter", parameter, ("shape", "scale"))
    shares = tabled(series, rng=rng, draws=draws)
    settings = {"null_shape": 1.0, "level": level, "seed": card.seed_text(rng), "parameter": parameter}
    about = {
        "question": f"How does the cumulative count of {series.label} grow with time?",
        "method": "power law, maximum likelihood (limits of the shape exact)",
    }
    found = milhdbk.finding(series, shares, label=series.label, alternative=alternative, settings=settings, about=about)
    if found.inconclusive:
        return found
    shape = found.effect.value
    scale, low, high = scale_limits(series, float(milhdbk.statistic(shares).mean()), level)
    fitted = {
        "shape": shape,
        "scale": scale,
        "scale_low": low,
        "scale_high": high,
        "rate": _finite(scale**-shape),
        "rate_at_end": series.n * shape / series.days,
        "wait_at_end": series.days / (series.n * shape),
    }
    free = shares.shape[1]
    if free >= 2:
        fitted["shape_unbiased"] = shape * (free - 1) / series.n
        fitted["cramer_von_mises"] = float(distance(shares, "power_law").mean())
    effect = found.effect
    if parameter == "scale":
        effect = Estimate(name="power-law scale", value=scale, low=low, high=high, level=level, unit=series.window.unit)
    return replace(found, effect=effect, settings=found.settings | fitted)


def scale_limits(series: EventSeries, chi2: float, level: float) -> tuple[float, float | None, float | None]:
    """The scale ``T n^(-1 / shape)`` with limits that hold at least ``level``.

    The count expected in the window has Garwood's limits (exact gamma ones where an event closed it), the shape
    its chi-square ones, independent of each other; the scale takes its extremes over the rectangle of both.
    """
    n, closed = series.n, series.window.closed_by_event
    tail = (1 - level) / 4
    free = n - int(closed)
    shapes = stats.chi2.ppf([tail, 1 - tail], 2 * free) / chi2
    counts = stats.chi2.ppf(tail, 2 * n) / 2, stats.chi2.isf(tail, 2 * n + (0 if closed else 2)) / 2
    with np.errstate(over="ignore", under="ignore", divide="ignore"):
        corners = [np.log(series.days) - np.log(c) / b for c in counts for b in shapes]
        low, high = (_finite(np.exp(e)) for e in (min(corners), max(corners)))
        scale = float(series.days * n ** (-chi2 / (2 * n)))
    return scale, low, high


def _finite(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None
