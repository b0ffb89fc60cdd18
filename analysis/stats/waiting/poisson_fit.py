"""Are the waits those of a constant rate? Distance from the exponential law, simulated given the count."""

from __future__ import annotations

from typing import Literal

import numpy as np
import pandas as pd

from analysis.errors import ParameterError, check_choice, check_level, check_rng
from analysis.results import Assumption, Estimate, Finding
from analysis.stats.readings import over_readings
from analysis.stats.waiting import card
from analysis.stats.waiting.longest import stretches
from analysis.stats.waiting.nulls import uniform_spacings
from analysis.stats.waiting.open_wait import reading_settings
from analysis.stats.waiting.past import drawn
from analysis.timeline import EventSeries

Distance = Literal["ks", "ad", "cvm"]
NAMES = {"ks": "Kolmogorov-Smirnov", "ad": "Anderson-Darling", "cvm": "Cramer-von Mises"}
BATCH = 2_000_000


def distances(spacings: np.ndarray, span: float, free: int, statistic: Distance, floor: float) -> np.ndarray:
    """Distance of each sample of stretches from their law under a constant rate, shape (samples,).

    A stretch d of a window T cut at ``free`` uniform instants has ``P(d <= x) = 1 - (1 - x / T)^free``; that
    is what the stretches are held against, shape (samples, m). ``floor``: shortest one of a rounded record.
    """
    u = np.sort(-np.expm1(free * np.log1p(-np.clip(np.maximum(spacings, floor) / span, 0.0, 1 - 1e-15))), axis=1)
    m = u.shape[1]
    i = np.arange(1, m + 1)
    if statistic == "ks":
        return np.maximum(i / m - u, u - (i - 1) / m).max(axis=1)
    if statistic == "cvm":
        return 1 / (12 * m) + ((u - (2 * i - 1) / (2 * m)) ** 2).sum(axis=1)
    u = np.clip(u, 1e-12, 1 - 1e-12)
    return -m - ((2 * i - 1) * (np.log(u) + np.log1p(-u[:, ::-1]))).mean(axis=1)


def exponentiality(
    series: EventSeries,
    *,
    statistic: Distance = "ad",
    level: float = 0.95,
    rng: object = None,
    draws: int = 200,
    resamples: int = 9999,
) -> Finding:
    """Renewal against Poisson: are the waits, the open one included, those of a constant rate?

    The null is exact at any n: given the number of events they fall at uniform instants of the window; each
    simulated window is opened, closed, watched and rounded as the real one (the tables for a fitted rate are
    not used). The open wait is part of it as the last stretch; the stretch before the first event counts only
    where an event opened the window. Small p: bursts, regularity or a trend. The effect is the coefficient of
    variation of the stretches with the range the null gives it.

    Parameters
    ----------
    statistic : "ad" (Anderson-Darling), "ks" (Kolmogorov-Smirnov) or "cvm" (Cramer-von Mises)
    rng, resamples : simulated windows; p = (k + 1) / (resamples + 1); draws : readings of uncertain dates
    """
    check_choice("statistic", statistic, tuple(NAMES))
    check_level(level)
    if not isinstance(resamples, int) or resamples < 99:
        raise ParameterError(f"resamples must be a whole number of 99 or more, got {resamples!r}")
    rng, seed = check_rng(rng, "the null law of the distance is simulated"), card.seed_text(rng)
    about = {
        "question": "Do the waits scatter as those of a constant rate would?",
        "null": (
            "a constant rate: the events fall at uniform instants of the watched time; their number and the "
            "window are kept, bursts, regularity and trends are not"
        ),
        "method": f"{NAMES[statistic]} distance from the exponential law, simulated given the count",
    }
    settings = {"statistic": statistic, "level": level, "resamples": resamples, "seed": seed}
    free = series.n - series.window.closed_by_event
    if free < 2 or stretches(series).size < 2:
        return card.thin(series, reason="Fewer than two free events.", settings=settings, **about)
    floor = 0.0 if drawn(series) else series.precision / 2

    def seen(reading: EventSeries) -> np.ndarray:
        return stretches(reading) / reading.window.days

    found = over_readings(series, seen, rng=rng, draws=draws) if drawn(series) else seen(series)[None, :]
    observed = distances(found, 1.0, free, statistic, floor / series.days)
    null, scatter = _null(series, free, statistic, floor, rng=rng, resamples=resamples)
    above = null.size - np.searchsorted(null, observed * (1 - 1e-12), side="left")
    p = (above + 1.0) / (null.size + 1.0)
    low, high = np.quantile(scatter, [(1 - level) / 2, (1 + level) / 2])
    return Finding(
        **about,
        statistic=float(observed.mean()),
        statistic_name=f"{NAMES[statistic]} distance",
        pvalue=float(p.mean()),
        attainable_pvalue=1.0 / (resamples + 1),
        effect=Estimate(
            name="coefficient of variation of the waits",
            value=float(variation(found).mean()),
            low=float(low),
            high=float(high),
            level=level,
            interval="null range",
        ),
        n_events=series.n,
        exposure_days=series.days,
        assumptions=(
            card.WATCHED,
            card.REPORTED,
            Assumption("rounded as recorded", "holds" if floor or not series.precision else "unchecked", ROUNDING),
        ),
        warnings=series.notes,
        settings=card.base_settings(series, **settings, stretches=found.shape[1], **reading_settings(p)),
        vintage=series.vintage,
        curve=pd.DataFrame({"days": np.sort(stretches(series))}),
    )


ROUNDING = "simulated times are rounded as the record is; drawn readings are not rounded"


def variation(spacings: np.ndarray) -> np.ndarray:
    """Standard deviation (n - 1) over mean of each sample, shape (samples,)."""
    return spacings.std(axis=1, ddof=1) / spacings.mean(axis=1)


def _null(series: EventSeries, free: int, statistic: Distance, floor: float, *, rng, resamples: int):
    """Sorted distances and the coefficients of variation of simulated windows."""
    days = series.days
    step = max(1, BATCH // (free + 1))
    null, scatter = np.empty((2, resamples))
    for start in range(0, resamples, step):
        rows = slice(start, min(start + step, resamples))
        spacings = uniform_spacings(series, rows.stop - start, rng=rng, rounded=not drawn(series))
        spacings = spacings if series.window.opened_by_event else spacings[:, 1:]
        null[rows] = distances(spacings / days, 1.0, free, statistic, floor / days)
        scatter[rows] = variation(spacings)
    return np.sort(null), scatter
