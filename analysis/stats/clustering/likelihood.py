"""The self-exciting process at given parameters: its log-likelihood, its intensity, its clock."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from analysis.errors import ParameterError
from analysis.stats.clustering.fit import Record, record


def checked_parameters(background: float, branching: float, decay: float) -> tuple[float, float, float]:
    """The three as floats: background and branching of 0 or more, decay above 0."""
    for name, value, least in (("background", background, "0 or more"), ("branching", branching, "0 or more")):
        if not (np.isfinite(value) and value >= 0):
            raise ParameterError(f"{name} must be a finite number of {least}, got {value!r}")
    if not (np.isfinite(decay) and decay > 0):
        raise ParameterError(f"decay must be a finite number above 0 (one over the mean lag), got {decay!r}")
    return float(background), float(branching), float(decay)


def hawkes_loglikelihood(
    times,
    end: float,
    *,
    background: float,
    branching: float,
    decay: float,
    holes: Sequence[tuple[float, float]] = (),
    opened_by_event: bool = False,
) -> float:
    """Log-likelihood of sorted times under ``background + sum branching * decay * exp(-decay * age)``.

    Parameters
    ----------
    times : float array, shape (n,), sorted, since the window opened
    end : length of the window, same unit
    background, branching, decay : events per unit of time, mean number of successors, one over the mean lag
    holes : stretches (from, to) in which nobody watched: no expected events there, and what fell into them is
        taken to excite nothing after
    opened_by_event : an event at 0 excites too and is not one of ``times``

    Notes
    -----
    Sum of log intensities just before each event, less the expected number in watched time (Ozaki 1979, Ann.
    Inst. Statist. Math. 31:145), in one pass. Of events at one instant the later in the row feels the earlier.
    ``-inf`` where an event stands at intensity 0.
    """
    mu, eta, beta = checked_parameters(background, branching, decay)
    data = record(times, end, holes=holes, opened_by_event=opened_by_event)
    a, mass = excitations(data, beta * data.scale)
    if a.size and mu * data.scale + eta * beta * data.scale * a.min() <= 0:
        return -np.inf
    logs = np.log(mu + eta * beta * a).sum() if a.size else 0.0
    return float(logs - mu * data.watched * data.scale - eta * mass)


def excitations(data: Record, decay: float) -> tuple[np.ndarray, float]:
    """Sum of ``exp(-decay age)`` over earlier events at each event, and what all kernels of mass 1 give off."""
    from analysis.stats.clustering.kernels import excitation

    a = np.empty(data.times.size)
    return a, float(excitation(data.times, data.holes, data.end, data.opened, decay, a))


def state_at(points: np.ndarray, when: np.ndarray, decay: float) -> np.ndarray:
    """Sum of ``exp(-decay age)`` over ``points`` before each time of ``when``; both sorted."""
    if points.size == 0:
        return np.zeros(np.size(when))
    state = np.empty(points.size)
    total, last = 0.0, points[0]
    for i, t in enumerate(points):
        total = total * np.exp(-decay * (t - last)) + 1.0
        state[i], last = total, t
    at = np.searchsorted(points, when, side="left") - 1
    ages = np.maximum(when - points[np.maximum(at, 0)], 0.0)
    return np.where(at >= 0, state[np.maximum(at, 0)] * np.exp(-decay * ages), 0.0)


def hawkes_intensity(
    times, at, *, background: float, branching: float, decay: float, opened_by_event: bool = False
) -> np.ndarray:
    """Events per unit of time expected at the times ``at``, given all events before each; shape of ``at``.

    ``times`` and ``at`` are sorted; an event excites only what comes after it.
    """
    mu, eta, beta = checked_parameters(background, branching, decay)
    points = np.asarray(times, dtype=float)
    points = np.append(0.0, points) if opened_by_event else points
    return mu + eta * beta * state_at(points, np.asarray(at, dtype=float), beta)


def rescaled(data: Record, background: float, branching: float, decay: float) -> np.ndarray:
    """Expected events from the opening to each event, shape (n,): a Poisson clock of rate 1 under the model.

    All on the clock of ``data``. The time-rescaling theorem: Brown et al. (2002) Neural Comput. 14:325.
    """
    from analysis.stats.clustering.kernels import given_off

    mass = np.empty(data.times.size)
    given_off(data.times, data.holes, data.opened, decay, mass)
    seen = data.times.copy()
    for a, b in data.holes:
        seen -= np.clip(data.times - a, 0.0, b - a)
    return background * seen + branching * mass
