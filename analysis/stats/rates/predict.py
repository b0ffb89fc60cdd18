"""How many events will come in a stretch ahead, with exact limits, and how good was the forecast?"""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy import special, stats

from analysis.errors import ParameterError, check_level
from analysis.results import Assumption, Estimate, Finding
from analysis.timeline import EventSeries

METHOD = "predicted count, Poisson process of unknown rate"
NO_TEST = "A forecast, not a test: it has no p-value."
NO_LAW = "No event so far: an upper limit is known, a law of the count is not."


def predict_count(series: EventSeries, *, horizon: float, level: float = 0.9) -> Finding:
    """The number of events in the next ``horizon`` of watched time, with exact predictive limits.

    Parameters
    ----------
    series : events and window; an event that opened it does not count
    horizon : watched time ahead, in the unit of the window, above 0
    level : of the central predictive limits

    Returns
    -------
    Finding without a p-value. Its effect is the median count with the limits, both included. ``curve`` has count,
    chance, chance_at_most (up to a chance of 0.9999), None without an event. ``settings``: expected (rate so far times
    horizon), chance_of_none, events, watched, horizon

    Notes
    -----
    Given x events in T and y in t ahead, x is binomial among x + y with chance T / (T + t), whatever the rate; the
    limits are the y that this test does not reject (Nelson 1970, J. Qual. Technol. 2:207; Hahn and Meeker 1991,
    Statistical Intervals, 7.5), in the form ``P(x or fewer | x + y) = P(NB(x + 1) >= y)``. They hold at least the level
    at any rate. The law (median, chances) is negative binomial with x successes of chance T / (T + t): the predictive
    law under the prior 1 / rate, so that its chance of no event is that of ``waiting.forecast``. Where an event closed
    the window that law is exact and gives both limits.
    """
    check_level(level)
    if isinstance(horizon, bool) or not isinstance(horizon, int | float | np.number) or not 0 < horizon < np.inf:
        raise ParameterError(f"horizon must be a finite time above 0, got {horizon!r}")
    unit, n, days = series.window.unit, series.n, series.days
    share = days / (days + horizon)
    low, high = limits(n, share, level, by_event=series.window.closed_by_event)
    law = stats.nbinom(n, share) if n else None
    return Finding(
        question=f"How many {series.label} will come in the next {horizon:g} {unit}s?",
        null="none: the pace of the window is carried forward, no hypothesis is tested",
        method=METHOD,
        statistic=n / days,
        statistic_name="rate so far",
        effect=Estimate(
            name=f"{series.label} in the next {horizon:g} {unit}s",
            value=0.0 if law is None else float(law.ppf(0.5)),
            low=float(low),
            high=float(high),
            level=level,
            interval="predictive",
        ),
        n_events=n,
        exposure_days=days,
        assumptions=(
            Assumption("the pace of the window goes on, events independent", "unchecked", "a forecast of continuation"),
            Assumption("every event is in the record, then as now", "unchecked", ""),
        ),
        warnings=(NO_TEST, *(() if n else (NO_LAW,)), *series.notes),
        settings={
            "level": level,
            "horizon": float(horizon),
            "unit": unit,
            "window": str(series.window),
            "events": n,
            "watched": days,
            "expected": n / days * horizon,
            "chance_of_none": None if law is None else float(law.pmf(0)),
        },
        vintage=series.vintage,
        curve=None if law is None else _law(law),
    )


def limits(n: int, share: float, level: float, *, by_event: bool = False) -> tuple[int, int]:
    """Smallest and largest count ahead that the exact conditional test does not reject; ``share`` is T / (T + t)."""
    tail = (1 - level) / 2
    low = int(stats.nbinom.ppf(tail, n, share)) if n else 0
    above = n if by_event and n else n + 1
    high = int(stats.nbinom.isf(tail, above, share))
    # A tail of exactly alpha / 2 is rejected by the test and kept by the quantile.
    while high > 0 and special.betainc(high, above, 1 - share) <= tail * (1 + 1e-12):
        high -= 1
    return low, high


def score_count(finding: Finding, observed: int) -> dict[str, float | bool | None]:
    """How a predicted count met what came.

    Returns
    -------
    log_score (log chance, higher is better), crps (ranked probability score, lower is better), pit (mid-p: the chance
    of fewer plus half that of as many), inside (the limits). All but the last are None without an event to forecast
    from (Czado, Gneiting and Held 2009, Biometrics 65:1254).
    """
    if finding.method != METHOD:
        raise ParameterError(f"score_count needs a finding from predict_count, got one from {finding.method!r}")
    if isinstance(observed, bool) or observed != int(observed) or observed < 0:
        raise ParameterError(f"observed must be a whole number of 0 or more, got {observed!r}")
    inside = bool(finding.effect.low <= observed <= finding.effect.high)
    n, days, horizon = (finding.settings[k] for k in ("events", "watched", "horizon"))
    if n == 0:
        return {"log_score": None, "crps": None, "pit": None, "inside": inside}
    law = stats.nbinom(n, days / (days + horizon))
    top = int(max(observed, law.isf(1e-9))) + 1
    at_most = law.cdf(np.arange(top))
    crps = float(np.sum((at_most - (np.arange(top) >= observed)) ** 2))
    pit = float(law.cdf(observed) - 0.5 * law.pmf(observed))
    return {"log_score": float(law.logpmf(observed)), "crps": crps, "pit": pit, "inside": inside}


def _law(law) -> pd.DataFrame:
    counts = np.arange(int(law.ppf(0.9999)) + 1)
    return pd.DataFrame({"count": counts, "chance": law.pmf(counts), "chance_at_most": law.cdf(counts)})


def fan(series: EventSeries, *, days, levels: tuple[float, ...] = (0.5, 0.9)) -> pd.DataFrame:
    """Exact limits of the count over several times ahead, for a figure: columns days, expected, level, low, high.

    ``attrs`` holds events, watched and unit.
    """
    grid = np.asarray(days, dtype=float).reshape(-1)
    if grid.size == 0 or not np.all((grid > 0) & np.isfinite(grid)):
        raise ParameterError(f"days must be finite times above 0, got {days!r}")
    by_event = series.window.closed_by_event
    rows = [
        (t, series.n / series.days * t, check_level(level), *limits(series.n, series.days / (series.days + t), level,
        by_event=by_event))
        for level in levels
        for t in map(float, grid)
    ]  # fmt: skip
    table = pd.DataFrame(rows, columns=["days", "expected", "level", "low", "high"])
    table.attrs = {"events": series.n, "watched": series.days, "unit": series.window.unit, "label": series.label}
    return table
