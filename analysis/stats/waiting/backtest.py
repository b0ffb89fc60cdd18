"""Every wait of a record forecast from what was before it: were the forecasts right, and not only the last one?"""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.errors import ParameterError, check_level, check_rng
from analysis.results import Estimate, Finding
from analysis.stats.waiting import card
from analysis.stats.waiting.next_event import lomax_crps, lomax_log_density
from analysis.timeline import EventSeries

METHOD = "rolling forecast of every wait, Kolmogorov-Smirnov test of the PIT"
NULL = (
    "events at one constant unknown pace, independent of each other; every chance that a forecast gave to what came is "
    "then uniform and independent of the others"
)


def backtest(
    series: EventSeries, *, least: int = 1, level: float = 0.9, rng: object = None, draws: int = 100
) -> Finding:
    """Forecast each wait at the event that opens it, from the pace up to then, and score it by what came.

    Parameters
    ----------
    series : events and window; times on a lattice (whole days) or uncertain are drawn within what is known of them
    least : events known before the first forecast, 1 or more
    level : of the predictive intervals; 1 - level of the limits of their share is on both sides together
    rng, draws : seed or Generator and number of readings, needed where times are drawn

    Returns
    -------
    Finding. p is that of the Kolmogorov-Smirnov test of the PIT values against the uniform law, the mean over readings
    where times are drawn. Its effect is the share of waits inside their interval with Clopper-Pearson limits.
    ``curve``: event, elapsed, known, wait, pit, log_score, crps, inside, a row for each wait; of drawn times the
    means over the readings, inside the share of readings

    Notes
    -----
    With T_k the watched time up to event k, the forecast of ``forecast`` gives the wait that follows the chance
    ``1 - (T_k / T_{k+1})^k`` (PIT; Dawid 1984, J. R. Stat. Soc. A 147:278). For a Poisson process the ratios of
    successive sums of exponentials are independent, with (T_k / T_{k+1})^k uniform (Renyi 1953), so that the test is
    exact at any number of waits. The open last wait is not scored.
    """
    check_level(level)
    if not isinstance(least, int) or isinstance(least, bool) or least < 1:
        raise ParameterError(f"least must be a whole number of 1 or more, got {least!r}")
    about = {
        "question": f"Were the forecasts of the waits between {series.label} right?",
        "null": NULL,
        "method": METHOD,
    }
    settings = {"least": least, "level": level, "seed": card.seed_text(rng)}
    waits = series.n - least
    if waits < 1:
        reason = f"{series.n} event{'s' if series.n != 1 else ''}: no wait was forecast and then seen to its end."
        return card.thin(series, reason=reason, settings=settings, **about)
    tables = [_scored(reading, least, level) for reading in _readings(series, rng, draws)]
    p = float(np.mean([uniform_pvalue(t[:, 3]) for t in tables]))
    mean = np.mean(tables, axis=0)
    columns = ["elapsed", "known", "wait", "pit", "log_score", "crps", "inside"]
    curve = pd.DataFrame(mean, columns=columns)
    curve.insert(0, "event", np.arange(least + 1, series.n + 1))
    hits = round(float(mean[:, 6].sum()))
    low, high = _clopper_pearson(hits, waits, level)
    statistic = float(np.mean([distance(t[:, 3]) for t in tables]))
    return Finding(
        **about,
        statistic=statistic,
        statistic_name="largest distance from the uniform law",
        pvalue=p,
        attainable_pvalue=0.0,
        effect=Estimate(
            name=f"share of waits inside their {level:.0%} interval",
            value=hits / waits,
            low=low,
            high=high,
            level=level,
        ),
        n_events=series.n,
        exposure_days=series.days,
        assumptions=(card.CONSTANT_PACE, card.WATCHED, card.REPORTED),
        warnings=series.notes,
        settings=card.base_settings(
            series,
            **settings,
            waits=waits,
            readings=len(tables),
            mean_pit=float(mean[:, 3].mean()),
            mean_log_score=float(mean[:, 4].mean()),
            mean_crps=float(mean[:, 5].mean()),
        ),
        vintage=series.vintage,
        curve=curve,
    )


def distance(pit: np.ndarray) -> float:
    """Largest distance between the law of the values and the uniform one."""
    x, n = np.sort(pit), len(pit)
    return float(max((np.arange(1, n + 1) / n - x).max(), (x - np.arange(n) / n).max()))


def uniform_pvalue(pit: np.ndarray) -> float:
    """Exact two-sided p of the Kolmogorov-Smirnov test against the uniform law."""
    from scipy.stats import kstwo

    return float(min(1.0, kstwo.sf(distance(pit), len(pit))))


def _scored(series: EventSeries, least: int, level: float) -> np.ndarray:
    """elapsed, known, wait, pit, log score, crps, inside of each wait forecast; shape (waits, 7)."""
    clock = series.window.clock(series.times)
    rows = []
    for k in range(least, series.n):
        so_far, wait = float(clock[k - 1]), float(clock[k] - clock[k - 1])
        if so_far <= 0:
            # Events known to stand at the opening only: any wait is possible.
            rows.append((series.times[k - 1], k, wait, 0.5, 0.0, 0.0, 1.0))
            continue
        pit = -np.expm1(-k * np.log1p(wait / so_far))
        inside = (1 - level) / 2 <= pit <= (1 + level) / 2
        crps = lomax_crps(wait, k, so_far)
        rows.append((series.times[k - 1], k, wait, pit, lomax_log_density(wait, k, so_far), crps, inside))
    return np.array(rows, dtype=float)


def _readings(series: EventSeries, rng: object, draws: int) -> list[EventSeries]:
    from analysis.stats.clustering.card import readings, redrawn

    if not redrawn(series):
        return [series]
    return readings(series, check_rng(rng, "times on a lattice or uncertain are drawn"), draws)


def _clopper_pearson(found: int, n: int, level: float) -> tuple[float, float]:
    from scipy import special

    tail = (1 - level) / 2
    low = float(special.betaincinv(found, n - found + 1, tail)) if found else 0.0
    high = float(special.betaincinv(found + 1, n - found, 1 - tail)) if found < n else 1.0
    return low, high
