"""Kaplan-Meier and Nelson-Aalen for plain arrays, with log-log limits."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy import special

from analysis.errors import ParameterError, check_level

COLUMNS = ("days", "at_risk", "events", "survival", "low", "high", "cumulative_hazard", "std_error")


def kaplan_meier(durations, observed, *, entered=None, level: float = 0.95) -> pd.DataFrame:
    """Survival of waits at each distinct event time.

    Parameters
    ----------
    durations : age of each wait when it ended or was last watched, shape (n,), >= 0
    observed : whether it ended (an event) or was censored, shape (n,)
    entered : age at which watching began (left truncation), shape (n,), below the duration; None for 0
    level : of the pointwise limits

    Returns
    -------
    One row per distinct event time: days, at_risk, events, survival, low, high, cumulative_hazard (Nelson
    1972, Aalen 1978: sum of d / r), std_error (Greenwood 1926). The limits are symmetric on the scale
    ``log(-log survival)`` (Kalbfleisch and Prentice 2002, eq. 1.16), so they stay inside 0 and 1; where
    survival has reached 0 they and the error are not defined (NaN). A wait censored at the time of an event
    is at risk for it; one that enters at that very time is not.
    """
    check_level(level)
    durations, observed, entered = _checked(durations, observed, entered)
    times, at_risk, events = risk_sets(durations, observed, entered)
    survival, hazard, greenwood = _steps(at_risk, events)
    low, high = log_log_limits(survival, greenwood, level)
    with np.errstate(invalid="ignore"):
        error = survival * np.sqrt(greenwood)
    columns = (times, at_risk, events, survival, low, high, hazard, error)
    return pd.DataFrame(dict(zip(COLUMNS, columns, strict=True)), copy=False)


def _checked(durations, observed, entered):
    durations = np.ascontiguousarray(durations, dtype=float).reshape(-1)
    observed = np.asarray(observed).astype(bool).reshape(-1)
    if observed.size != durations.size:
        raise ParameterError(f"{durations.size} durations need as many marks of observed, got {observed.size}")
    if not np.isfinite(durations).all() or (durations < 0).any():
        raise ParameterError("durations must be finite and 0 or more")
    if entered is not None:
        entered = np.asarray(entered, dtype=float).reshape(-1)
        if entered.size != durations.size or not np.all((entered >= 0) & (entered <= durations)):
            raise ParameterError("entered needs one age for each duration, 0 or more and not above it")
        if np.any(observed & (entered == durations) & (durations > 0)):
            raise ParameterError("a wait that ended must have been watched before: entered below its duration")
        if not entered.any():
            entered = None
    return durations, observed, entered


def risk_sets(durations: np.ndarray, observed: np.ndarray, entered: np.ndarray | None = None):
    """Distinct event times, waits at risk at each, events at each.

    Ages of 0 or more sort like the whole numbers their bits stand for, with room for one more bit: one sort of
    age and mark together, without an order to carry along.
    """
    keys = durations.view(np.uint64) << np.uint64(1)
    keys |= ~observed  # an event comes before a censored wait of the same age, which is at risk for it
    keys.sort()
    place = np.flatnonzero((keys & np.uint64(1)) == 0)
    ages = (keys[place] >> np.uint64(1)).view(np.float64)
    first = np.flatnonzero(np.append(True, ages[1:] != ages[:-1])[: ages.size])
    times, over = ages[first], place[first]
    events = np.diff(np.append(first, ages.size))
    if entered is None:
        at_risk = durations.size - over
    else:
        # Entering at t is too late for an end at t, but for age 0, at which every wait begins.
        starts = np.sort(entered)
        at_risk = np.searchsorted(starts, times, side="left") - over
        at_risk[times == 0] = np.searchsorted(starts, 0.0, side="right")
    return times, at_risk.astype(float), events.astype(float)


def _steps(at_risk: np.ndarray, events: np.ndarray):
    """Survival, cumulative hazard and Greenwood's sum after each event time."""
    share = events / at_risk
    with np.errstate(divide="ignore"):
        spread = share / (at_risk - events)
    return np.cumprod(1.0 - share), np.cumsum(share), np.cumsum(spread)


def log_log_limits(survival: np.ndarray, greenwood: np.ndarray, level: float):
    """``S ^ exp(+-z sqrt(G) / log S)``, lower and upper; NaN where S is 0."""
    z = float(special.ndtri(0.5 + level / 2))
    with np.errstate(divide="ignore", invalid="ignore"):
        log_s = np.log(survival)
        factor = np.exp(z * np.sqrt(greenwood) / -log_s)
        return np.exp(log_s * factor), np.exp(log_s / factor)


def crossing(days: np.ndarray, values: np.ndarray, share: float) -> float | None:
    """First time at which a falling step function is at ``share`` or below.

    The middle of a step that equals it; None where it stays above (or is no longer defined).
    """
    reached = np.flatnonzero(values <= share + 1e-12)
    if reached.size == 0:
        return None
    i = int(reached[0])
    if abs(values[i] - share) <= 1e-12 and i + 1 < days.size:
        return float(0.5 * (days[i] + days[i + 1]))
    return float(days[i])
