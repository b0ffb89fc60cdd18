"""Attacks that bring further attacks: each raises the pace for a while."""

from __future__ import annotations

import numpy as np

from analysis.errors import ParameterError, check_rng
from analysis.processes.simulate.truth import Simulated, positive, refuse_closing_event, series_of
from analysis.timeline import Window


def hawkes(window: Window, *, background: float, branching: float, decay: float, rng=None) -> Simulated:
    """A self-exciting process: each event adds branching * decay * exp(-decay * age) to the pace.

    Parameters
    ----------
    window : where events are seen; in its holes the process goes on, and unseen events excite too
    background : events per unit of time that nothing brought about, 0 or more
    branching : mean number of events each event brings about, 0 to below 1
    decay : one over the mean lag from an event to those it brings about, per unit of time
    rng : Generator or seed

    Notes
    -----
    Exact, without any time step, by the cluster representation (Hawkes and Oakes 1974): background events are
    Poisson, each has a Poisson number of direct successors at exponential lags, and so on until no successor
    falls before the end. The law is that of Ogata's thinning; the family tree comes for free.

    Nothing excites before the window opens, except the event that opened it, where one did: the first days
    are quieter (or busier) than later ones. ``truth["expected_events"]`` takes this into account: the mean
    pace is m + (p - m) exp(-decay (1 - branching) t), with m = background / (1 - branching) in the long run
    and p the pace at the opening. ``truth["generation"]`` is 0 for a background event, 1 for its successors.
    """
    background = positive(background, "background", or_zero=True)
    branching = positive(branching, "branching", or_zero=True)
    decay = positive(decay, "decay")
    if branching >= 1:
        raise ParameterError(
            f"branching must be below 1, got {branching:g}: otherwise each event brings about one or more "
            "further ones on average, and the pace grows without end; choose for example 0.5"
        )
    refuse_closing_event(window, "Hawkes")
    rng = check_rng(rng, "events are simulated")

    span = window.span
    parents = span * rng.random(rng.poisson(background * span))
    times, generations = [parents], [np.zeros(parents.size, dtype=int)]
    if window.opened_by_event:
        parents = np.append(parents, 0.0)
    while parents.size:
        successors = rng.poisson(branching, parents.size)
        parents = np.repeat(parents, successors) + rng.exponential(1 / decay, successors.sum())
        parents = parents[parents < span]
        times.append(parents)
        generations.append(np.full(parents.size, len(generations)))
    times, generations = np.concatenate(times), np.concatenate(generations)
    order = np.argsort(times, kind="stable")
    times, generations = times[order], generations[order]
    watched = window.is_watched(times)
    truth = {
        "process": "hawkes",
        "background": background,
        "branching": branching,
        "decay": decay,
        "expected_events": _expected_events(window, background, branching, decay),
        "generation": generations[watched],
        "unseen": int(times.size - watched.sum()),
    }
    return Simulated(series_of(window, times[watched]), truth)


def _expected_events(window: Window, background: float, branching: float, decay: float) -> float:
    """Mean number of events in the watched stretches: the integral of the mean pace."""
    long_run = background / (1 - branching)
    at_opening = background + (branching * decay if window.opened_by_event else 0.0)
    fading = decay * (1 - branching)
    start, end = window.watched_stretches.T
    faded = (np.exp(-fading * start) - np.exp(-fading * end)) / fading
    return float(np.sum(long_run * (end - start) + (at_opening - long_run) * faded))
