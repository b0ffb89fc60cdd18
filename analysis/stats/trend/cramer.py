"""How far do the event times stray from an even spread, or from a power law? Cramer and von Mises' distance."""

from __future__ import annotations

from typing import Literal

import numpy as np

from analysis.errors import check_choice, check_level, check_rng
from analysis.results import Estimate, Finding
from analysis.stats.trend import card, milhdbk
from analysis.stats.trend.positions import free_count, tabled
from analysis.stats.waiting.past import drawn
from analysis.timeline import EventSeries

Null = Literal["constant", "power_law"]
BATCH = 2_000_000  # simulated times at once
NAMES = {"constant": "constant rate", "power_law": "power law"}
NULLS = {
    "constant": card.POISSON_NULL,
    "power_law": "a power law of any shape: the number of events and the window are kept, other trends are not",
}


def cramer_von_mises(
    series: EventSeries,
    *,
    null: Null = "constant",
    level: float = 0.95,
    rng: object = None,
    resamples: int = 9999,
    draws: int = 200,
) -> Finding:
    """Distance of the event times from a constant rate, or from the power law that fits them best.

    ``1 / (12 m) + sum (F(t_i) - (2 i - 1) / (2 m))^2`` over the m free events; large for any departure, not only
    for one that rises or falls throughout. p is simulated given the count, with the simulated times rounded as
    the record is: (k + 1) / (resamples + 1).

    Parameters
    ----------
    null : "constant" tests for any trend; "power_law" judges the fit of ``power_law`` (MIL-HDBK-189, with the
        shape free of bias, ``(m - 1) / sum log(T / t)``), whose law does not depend on the shape
    rng, resamples : simulated records; draws : readings of uncertain dates

    Notes
    -----
    The time grows with events times resamples: 10^6 events take about 0.1 s each.

    The effect is the largest lead of the share of events over the fitted share (below 0: a lag), with the range
    that the null gives it.
    """
    check_choice("null", null, tuple(NULLS))
    check_level(level)
    card.whole("resamples", resamples, 99)
    seed, rng = card.seed_text(rng), check_rng(rng, "the null law of the distance is simulated")
    about = {
        "question": f"Do the times of {series.label} stray from a {NAMES[null]}?",
        "null": NULLS[null],
        "method": "Cramer-von Mises distance, simulated given the count",
        "alternative": "greater",
    }
    settings = {"null": null, "level": level, "resamples": resamples, "seed": seed}
    m = free_count(series)
    if m < (2 if null == "power_law" else 1):
        return card.thin(series, reason="Too few free events to compare with a curve.", settings=settings, **about)
    shares = tabled(series, rng=rng, draws=draws)
    reason = milhdbk.unfit(shares) if null == "power_law" else None
    if reason:
        return card.thin(series, reason=reason, settings=settings, **about)
    observed = distance(shares, null)
    shape = 1.0 if null == "constant" else float((m - 1) / (milhdbk.statistic(shares).mean() / 2))
    law, leads = _law(series, m, shape, null, size=resamples, rng=rng)
    p = (law.size - np.searchsorted(law, observed * (1 - 1e-12), side="left") + 1.0) / (law.size + 1.0)
    low, high = np.quantile(leads, [(1 - level) / 2, (1 + level) / 2])
    return Finding(
        **about,
        statistic=float(observed.mean()),
        statistic_name="Cramer-von Mises distance",
        pvalue=float(p.mean()),
        attainable_pvalue=1.0 / (resamples + 1),
        effect=Estimate(
            name="largest lead of the share of events",
            value=float(lead(shares, null).mean()),
            low=float(low),
            high=float(high),
            level=level,
            interval="null range",
        ),
        n_events=series.n,
        exposure_days=series.days,
        assumptions=(card.CONSTANT, card.WATCHED, card.REPORTED),
        warnings=series.notes,
        settings=card.base_settings(series, free_events=m, shape=shape, **settings, **card.readings(p)),
        vintage=series.vintage,
        curve=milhdbk.curve(series, shape),
    )


def _shares_of_fit(shares: np.ndarray, null: Null) -> np.ndarray:
    shares = np.sort(shares, axis=1)
    if null == "constant":
        return shares
    logs = -np.log(np.maximum(shares, 1e-300)).sum(axis=1, keepdims=True)
    return shares ** ((shares.shape[1] - 1) / np.maximum(logs, 1e-12))


def distance(shares: np.ndarray, null: Null) -> np.ndarray:
    """The distance of each row of positions from the null's curve."""
    m = shares.shape[1]
    i = np.arange(1, m + 1)
    return 1 / (12 * m) + ((_shares_of_fit(shares, null) - (2 * i - 1) / (2 * m)) ** 2).sum(axis=1)


def lead(shares: np.ndarray, null: Null) -> np.ndarray:
    """The largest difference, with its sign, between the share of events so far and the null's share."""
    m = shares.shape[1]
    fit = _shares_of_fit(shares, null)
    above = (np.arange(1, m + 1) / m - fit).max(axis=1)
    below = (fit - np.arange(m) / m).max(axis=1)
    return np.where(above >= below, above, -below)


def _law(series: EventSeries, m: int, shape: float, null: Null, *, size: int, rng) -> tuple[np.ndarray, np.ndarray]:
    """Sorted distances and the largest leads of simulated records, in batches."""
    step = max(1, BATCH // m)
    parts = []
    for start in range(0, size, step):
        shares = _simulated(series, m, shape, size=min(step, size - start), rng=rng)
        parts.append((distance(shares, null), lead(shares, null)))
    distances, leads = (np.concatenate(column) for column in zip(*parts, strict=True))
    return np.sort(distances), leads


def _simulated(series: EventSeries, m: int, shape: float, *, size: int, rng: np.random.Generator) -> np.ndarray:
    """Positions of records under the null, rounded as the series was recorded, shape (size, m)."""
    shares = np.sort(rng.random((size, m)) ** (1 / shape), axis=1)
    if series.precision == 0 or drawn(series):
        return shares
    window = series.window
    times = window.unclock(shares * window.days)
    floor = min(series.precision / 2, window.days / 2)
    for row in times:
        row[:] = np.sort(series.coarsen(row, rng))
    return np.clip(window.clock(np.maximum(times, 0.0)), floor, window.days) / window.days
