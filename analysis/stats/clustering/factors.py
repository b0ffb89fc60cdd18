"""Do counts spread more than a constant rate spreads them, and at which time scale? Fano and Allan factors."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from analysis.errors import ParameterError, check_rng
from analysis.processes import NULLS, surrogates
from analysis.processes.nulls import Null
from analysis.results import Alternative, Assumption, Estimate, Finding
from analysis.stats.clustering import card
from analysis.stats.clustering.envelope import Envelope, envelope
from analysis.stats.clustering.tiles import Tiles, allan_factor, fano_factor, usual_lengths
from analysis.stats.waiting.past import drawn
from analysis.timeline import EventSeries

CHUNK = 1_000_000
NAMES = {"fano": "Fano factor", "allan": "Allan factor"}
FORMULA = {"fano": fano_factor, "allan": allan_factor}


def fano(
    series: EventSeries,
    *,
    lengths: Sequence[float] | None = None,
    null: str | Null = "uniform_times",
    alternative: Alternative = "two-sided",
    level: float = 0.95,
    rng: object = None,
    resamples: int = 999,
    draws: int = 50,
) -> Finding:
    """Fano factor (variance over mean of the counts) over counting windows of many lengths, with one p for all.

    Parameters
    ----------
    series : events and window; counting windows lie side by side in each watched stretch, none reaches into a hole
    lengths : their lengths, in the unit of the window; None takes up to twelve, evenly spaced on a logarithmic
        scale, from the mean wait (or the precision of the dates) to what fits in eight times
    null : "uniform_times" (constant rate), "shuffled_waits" (any law of waits, no memory or trend), or a Null
    alternative : "greater" for clustering, "less" for regularity
    rng : seed or Generator; None raises
    resamples : simulated curves; p = (k + 1)/(resamples + 1)
    draws : readings of dates that are to be drawn; their mean curve is tested

    Returns
    -------
    Finding; effect: the factor at the length where it stands farthest out, with the simultaneous envelope there (it
    lies outside if and only if p is 1 - level or less). ``curve``: days, factor, expected, low, high (simultaneous),
    point_low, point_high (pointwise), windows.

    Notes
    -----
    Under a constant rate given the number of events the factor is a little below 1 at long windows, which the
    simulation allows for. A trend raises it at long windows. Fano (1947) Phys. Rev. 72:26; Lowen and Teich (2005)
    Fractal-Based Point Processes, sec. 3.2.4.
    """
    return _factor("fano", series, lengths, null, alternative, level, rng, resamples, draws)


def allan(
    series: EventSeries,
    *,
    lengths: Sequence[float] | None = None,
    null: str | Null = "uniform_times",
    alternative: Alternative = "two-sided",
    level: float = 0.95,
    rng: object = None,
    resamples: int = 999,
    draws: int = 50,
) -> Finding:
    """Allan factor over counting windows of many lengths: mean squared change of the count, over twice its mean.

    As ``fano``, but from neighbouring windows of one stretch only, so that a slow trend hardly enters. Allan (1966)
    Proc. IEEE 54:221; Lowen and Teich (2005), sec. 3.2.5.
    """
    return _factor("allan", series, lengths, null, alternative, level, rng, resamples, draws)


def _factor(which, series, lengths, null, alternative, level, rng, resamples, draws) -> Finding:
    card.checked(alternative, level, resamples=resamples, draws=draws)
    generator = check_rng(rng, "the null is simulated")
    null = _named(null)
    grid = usual_lengths(series) if lengths is None else _given(lengths, series)
    settings = {"level": level, "resamples": resamples, "seed": card.seed_text(rng), "null": str(null)}
    about = {
        "question": f"Do counts spread as the null has it, at every time scale ({NAMES[which]})?",
        "null": f"{null.name.replace('_', ' ')}: {null.sentence}",
        "method": f"{NAMES[which]} over counting windows, simulated envelope",
        "alternative": alternative,
    }
    tiles = [Tiles.of(series.window, length) for length in grid]
    tiles = [tile for tile in tiles if tile.enough(which)]
    if series.n < 2 or not tiles:
        reason = "Fewer than two events, or no length of which two windows fit side by side: counts cannot be compared."
        return card.thin(series, reason=reason, settings=settings, **about)
    like = replace(series, precision=0.0) if drawn(series) else series
    read = [series.draw(generator).times for _ in range(draws)] if drawn(series) else [series.times]
    compute = FORMULA[which]
    seen = np.column_stack([compute(np.array(read), tile) for tile in tiles]).mean(axis=0)
    chunk = max(1, CHUNK // max(series.n, 1))
    simulated = []
    for start in range(0, resamples, chunk):
        rows = surrogates(like, null, size=min(chunk, resamples - start), rng=generator)
        simulated.append(np.column_stack([compute(rows, tile) for tile in tiles]))
    simulated = np.concatenate(simulated)
    if not np.ptp(simulated, axis=0).any():
        reason = "Under this null every record of these events has the same curve: nothing to compare."
        return card.thin(series, reason=reason, settings=settings, **about)
    found = envelope(seen, simulated, alternative=alternative, level=level)
    return Finding(
        **about,
        **_answer(which, seen, tiles, found, alternative, level, series),
        attainable_pvalue=1 / (resamples + 1),
        n_events=series.n,
        exposure_days=series.days,
        assumptions=(card.WATCHED, card.REPORTED, *_searched(series, tiles, grid)),
        warnings=series.notes,
        settings=card.base_settings(series, readings=len(read), **settings),
        vintage=series.vintage,
    )


def _answer(which, seen, tiles: list[Tiles], found: Envelope, alternative: str, level: float, series) -> dict:
    days = np.array([tile.length for tile in tiles])
    w = found.worst
    unit = series.window.unit
    return {
        "statistic": float(seen[w]),
        "statistic_name": f"{NAMES[which]} in windows of {days[w]:.4g} {unit}s",
        "pvalue": found.pvalue,
        "effect": Estimate(
            name=f"{NAMES[which]} in windows of {days[w]:.3g} {unit}s",
            value=float(seen[w]),
            low=None if alternative == "greater" else float(found.low[w]),
            high=None if alternative == "less" else float(found.high[w]),
            level=level,
            interval="null range",
        ),
        "curve": pd.DataFrame(
            {
                "days": days,
                "factor": seen,
                "expected": found.expected,
                "low": found.low,
                "high": found.high,
                "point_low": found.point_low,
                "point_high": found.point_high,
                "windows": [tile.starts.size for tile in tiles],
            }
        ),
    }


def _named(null: str | Null) -> Null:
    from analysis.processes import shuffled_waits, uniform_times

    if isinstance(null, Null):
        return null
    named = {"uniform_times": uniform_times, "shuffled_waits": shuffled_waits}
    if null not in named:
        raise ParameterError(
            f"null must be 'uniform_times', 'shuffled_waits' or a Null of analysis.processes "
            f"({', '.join(NULLS)}), got {null!r}"
        )
    return named[null]


def _given(lengths: Sequence[float], series: EventSeries) -> np.ndarray:
    grid = np.unique(np.asarray(lengths, dtype=float).reshape(-1))
    if grid.size == 0 or not (np.isfinite(grid).all() and grid[0] > 0):
        raise ParameterError(f"lengths must be times above 0, got {lengths!r}")
    stretches = np.diff(series.window.watched_stretches, axis=1)
    if grid[-1] > stretches.max() / 2:
        raise ParameterError(
            f"two windows of {grid[-1]:g} do not fit into the longest watched stretch of {stretches.max():g} "
            f"{series.window.unit}s: choose shorter lengths"
        )
    if grid.size > 200:
        raise ParameterError(f"at most 200 lengths can be tried, got {grid.size}")
    return grid


def _searched(series: EventSeries, tiles: list[Tiles], grid: np.ndarray) -> tuple[Assumption, ...]:
    told = [Assumption("lengths searched", "holds", f"{len(tiles)} lengths, allowed for in the one p-value")]
    if len(tiles) < len(grid):
        told.append(Assumption("lengths left out", "holds", f"{len(grid) - len(tiles)} of which too few windows fit"))
    if series.window.holes:
        told.append(Assumption("windows across holes left out", "holds", "in the simulated records too"))
    return tuple(told)
