"""Cross-correlogram: pairs of events of two series by the lag between them, with envelopes under a named null."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.errors import ParameterError, check_rng
from analysis.processes import Null, surrogates
from analysis.results import Alternative, Estimate, Finding
from analysis.stats.coincidence import card, matching, simulated
from analysis.stats.coincidence.reading import each_reading, is_drawn
from analysis.timeline import EventSeries

MOST_BINS = 2001


def cross_correlogram(
    series: EventSeries,
    other: EventSeries,
    *,
    bin_days: float,
    max_lag: float,
    null: Null | str = "circular_shift",
    alternative: Alternative = "two-sided",
    level: float = 0.95,
    rng: object = None,
    resamples: int = 1999,
    draws: int = 100,
) -> Finding:
    """Pairs of events by lag (``series`` minus ``other``), and whether any lag has more or fewer than chance allows.

    Parameters
    ----------
    series, other : events watched over one stretch; at a positive lag ``series`` comes later
    bin_days : width of a bin of lags; one bin is centred at lag 0
    max_lag : the centres of the outermost bins lie at or inside this
    null : how ``series`` is redrawn: "circular_shift", "shuffled_waits", "uniform_times" or ``local_jitter(width)``
    alternative : "less" looks for lags with fewer pairs only, "greater" for more
    rng, resamples : draws of the null; draws : readings of dates that are to be drawn

    Returns
    -------
    Finding whose p is global: that of the largest deviation, in standard deviations under the null, over all lags.
    ``curve`` has lag, pairs, expected, low and high (one lag looked at by itself), low_all and high_all (all lags
    at once: the record leaves these bounds somewhere exactly where p is at most 1 - level)

    Notes
    -----
    Mean and standard deviation of each lag are taken over the record and its redrawn copies together, so that the
    record is one of resamples + 1 alike under the null, and p = (k + 1) / (resamples + 1) is exact. Unseen events
    in holes lower the counts of the record and of its copies alike. Perkel, Gerstein and Moore (1967),
    Biophysical Journal 7:419; the maximum over lags after Davison and Hinkley (1997), Bootstrap Methods, sec. 4.2.4.
    """
    card.checked(alternative, level)
    card.same_window(series, other)
    edges = _edges(card.length("bin_days", bin_days), card.length("max_lag", max_lag, or_zero=True))
    card.whole("resamples", resamples, 99)
    card.whole("draws", draws, 1)
    null, seed = simulated.null_named(null), card.seed_text(rng)
    settings = {"bin_days": float(bin_days), "max_lag": float(max_lag), "null": null.name, "level": level}
    settings |= {"seed": seed, "bins": edges.size - 1}
    about = {
        "question": f"Do {series.label} keep some distance in time to {other.label} more or less often than by chance?",
        "null": simulated.sentence(null, series, other.label),
        "method": f"cross-correlogram, {null.name}",
        "alternative": alternative,
    }
    reason = None
    if series.n == 0 or other.n == 0:
        reason = f"No event of {series.label if series.n == 0 else other.label}: there are no pairs."
    reason = reason or simulated.one_arrangement(series, null)
    if reason:
        return card.thin_pair(series, other, reason, about=about, settings=settings)
    rng = check_rng(rng, "the null is simulated")
    readings = draws if is_drawn(series, other) else 1
    each = simulated.per_reading(resamples, readings)

    def table(a: EventSeries, b: EventSeries) -> np.ndarray:
        rows = np.vstack([a.times, surrogates(a, null, size=each, rng=rng)])
        return matching.pairs_within(rows, b.times, edges)

    tables = each_reading(table, series, other, rng=rng, draws=draws)
    seen, copies = tables[:, 0].mean(axis=0), tables[:, 1:].reshape(-1, edges.size - 1)
    found, curve, at = _judged(tables, edges, alternative, level)
    if found is None:
        reason = "The counts at every lag are the same in every redrawn record: no lag can stand out."
        return card.thin_pair(series, other, reason, about=about, settings=settings)
    expected = float(curve["expected"].iloc[at])
    bounds = [curve[name].iloc[at] for name in ("low_all", "high_all")]
    low, high = (None if not np.isfinite(b) or not expected else float(b) / expected for b in bounds)
    lag = float(curve["lag"].iloc[at])
    return Finding(
        **about,
        statistic=found.value,
        statistic_name="largest deviation of a lag, in standard deviations",
        pvalue=found.pvalue("greater"),
        attainable_pvalue=found.attainable("greater"),
        effect=Estimate(
            name=f"pairs at lag {lag:g}, observed over expected",
            value=float(seen[at]) / expected if expected else None,
            low=low,
            high=high,
            level=level,
            interval="null range",
        ),
        **card.pair_fields(series, other),
        assumptions=(*simulated.assumed(null), card.ONE_CAUSE, card.WATCHED, card.REPORTED),
        warnings=card.notes(series, other),
        settings=card.base_settings(series, resamples=copies.shape[0], readings=readings, lag=lag, **settings),
        curve=curve,
    )


def _judged(tables: np.ndarray, edges: np.ndarray, alternative: str, level: float):
    """The largest deviation among its copies, the curve with both envelopes, and the lag where it stands."""
    readings, bins = tables.shape[0], edges.size - 1
    rows = tables.reshape(-1, bins)
    mean, spread = rows.mean(axis=0), rows.std(axis=0)
    usable = spread > 1e-12
    if not usable.any():
        return None, None, 0
    z = np.zeros_like(tables)
    z[..., usable] = (tables[..., usable] - mean[usable]) / spread[usable]
    signed = {"less": -z, "greater": z}.get(alternative, np.abs(z))
    largest = signed.max(axis=2)
    found = simulated.Among(largest[:, 0], largest[:, 1:])
    at = int(np.argmax(signed[:, 0].mean(axis=0)))
    reach = found.limits("greater", level)[1]
    copies = tables[:, 1:].reshape(-1, bins)
    pointwise = [simulated.Among(np.zeros(readings), copy).limits("two-sided", level) for copy in copies.T]
    curve = pd.DataFrame(
        {
            "lag": (edges[:-1] + edges[1:]) / 2,
            "pairs": tables[:, 0].mean(axis=0),
            "expected": mean,
            "low": [low for low, _ in pointwise],
            "high": [high for _, high in pointwise],
            "low_all": np.nan if alternative == "greater" else np.maximum(0.0, mean - reach * spread),
            "high_all": np.nan if alternative == "less" else mean + reach * spread,
        }
    )
    return found, curve, at


def _edges(width: float, reach: float) -> np.ndarray:
    """Edges of bins of ``width`` about lag 0, whose centres lie within ``reach``."""
    side = int(np.floor(reach / width + 1e-9))
    if 2 * side + 1 > MOST_BINS:
        raise ParameterError(f"{2 * side + 1} bins of {width:g} up to {reach:g}: take wider bins, {MOST_BINS} at most")
    return width * (np.arange(-side, side + 2) - 0.5)
