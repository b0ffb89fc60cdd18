"""When will the next event come, and how good was the forecast?"""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.errors import ParameterError, check_level
from analysis.results import Assumption, Estimate, Finding
from analysis.stats.waiting import card
from analysis.stats.waiting.renewal import exponential_needed, exponential_silence
from analysis.timeline import EventSeries

METHOD = "forecast of the next event, exponential law of unknown rate"
NO_TEST = "A forecast, not a test: it has no p-value."


def forecast(series: EventSeries, *, level: float = 0.9, as_of: object = None) -> Finding:
    """Law of the time from the window's end to the next event: ``P(W > w) = (T / (T + w))^n`` (a Lomax law).

    Parameters
    ----------
    level : of the central predictive interval
    as_of : forecast from this time on, with what was seen before it; None is the end of the window

    Notes
    -----
    n events in the watched time T. Read from the last event on it is exact: the chance of ``silence`` at
    ``quiet + w`` over that at ``quiet``. For a window whose end was fixed beforehand the central 90 %
    interval covers at least 90 % at any rate, given that an event was seen; its upper limit alone at least
    95 %, its lower one 93 to 95 %. It is also the Bayesian predictive law under the prior 1/rate. Days are
    watched days after the end; point dates are used where dates are uncertain (only their number enters).
    ``curve``: days, chance_by (that the next event comes by then), density.
    """
    check_level(level)
    about = {
        "question": "When will the next event come?",
        "null": "none: the pace of the window is carried forward, no hypothesis is tested",
        "method": METHOD,
    }
    if as_of is not None:
        series = _seen_by(series, as_of)
    settings = {"level": level, "as_of": None if as_of is None else str(as_of)}
    n, days = series.n, series.days
    if n == 0:
        reason = "No event in the window: the next one may come at any time."
        return card.thin(series, reason=reason, settings=settings, **about)
    tails = np.array([(1 + level) / 2, 0.5, (1 - level) / 2])
    low, median, high = (float(w) for w in exponential_needed(days, tails, n))
    w = np.concatenate([[0.0], exponential_needed(days, np.linspace(0.995, 0.02, 196), n)])
    survival = exponential_silence(days, w, n)
    return Finding(
        **about,
        statistic=n / days,
        statistic_name="rate so far",
        effect=Estimate(
            name="next event after",
            value=median,
            low=low,
            high=high,
            level=level,
            unit=series.window.unit,
            interval="predictive",
        ),
        n_events=n,
        exposure_days=days,
        assumptions=(
            Assumption("the pace of the window goes on", "unchecked", "a forecast of continuation"),
            card.WATCHED,
            card.REPORTED,
        ),
        warnings=(NO_TEST, *series.notes),
        settings=card.base_settings(
            series,
            **settings,
            events=n,
            watched=days,
            expected=days / (n - 1) if n > 1 else None,
        ),
        vintage=series.vintage,
        curve=pd.DataFrame({"days": w, "chance_by": 1 - survival, "density": n * survival / (days + w)}),
    )


def _seen_by(series: EventSeries, as_of: object) -> EventSeries:
    at = series.window.elapsed(as_of)
    if not 0 < at <= series.window.span:
        raise ParameterError(f"as_of must lie inside the window {series.window}; got {as_of!r}")
    return (
        series if at == series.window.span else series.cut(0.0 if series.window.dated else series.window.start, as_of)
    )


def score(finding: Finding, observed_days: float) -> dict[str, float | bool | None]:
    """How a forecast met what came: log score, CRPS, PIT and whether its interval held.

    Parameters
    ----------
    finding : from ``forecast``
    observed_days : watched time from the forecast's window end to the event that came, >= 0

    Returns
    -------
    log_score (log density, higher is better), crps (lower is better, in the unit of time), pit (chance the
    forecast gave to coming by then; uniform if forecasts are right), inside (the interval); all None where
    the forecast was inconclusive. Closed forms of the Lomax law; the CRPS is finite at n = 1 too, where the
    mean is not (Gneiting and Raftery 2007, JASA 102:359-378, eq. 20).
    """
    if not finding.method.startswith(METHOD):
        raise ParameterError(f"score needs a finding from forecast, got one from {finding.method!r}")
    if not isinstance(observed_days, int | float | np.number) or not (
        np.isfinite(observed_days) and observed_days >= 0
    ):
        raise ParameterError(f"observed_days must be a finite time of 0 or more, got {observed_days!r}")
    if finding.inconclusive:
        return dict.fromkeys(("log_score", "crps", "pit", "inside"))
    n, days, y = finding.settings["events"], finding.settings["watched"], float(observed_days)
    return {
        "log_score": lomax_log_density(y, n, days),
        "crps": lomax_crps(y, n, days),
        "pit": float(1 - exponential_silence(days, y, n)),
        "inside": bool(finding.effect.low <= y <= finding.effect.high),
    }


def lomax_log_density(y: float, n: int, days: float) -> float:
    """Log density of ``P(W > w) = (T / (T + w))^n`` at y: ``ln n - ln T - (n + 1) ln(1 + y / T)``."""
    return float(np.log(n / days) - (n + 1) * np.log1p(y / days))


def lomax_crps(y: float, n: int, days: float) -> float:
    """CRPS at y: ``integral_0^y F^2 + integral_y^inf (1 - F)^2 = y - 2 I(y) + T / (2 n - 1)``.

    With ``I(y) = integral_0^y (1 - F)``: ``T / (n - 1) (1 - (1 + y / T)^(1 - n))``, for n = 1
    ``T ln(1 + y / T)``.
    """
    log_growth = np.log1p(y / days)
    inner = days * log_growth if n == 1 else -days * np.expm1((1 - n) * log_growth) / (n - 1)
    return float(y - 2 * inner + days / (2 * n - 1))
