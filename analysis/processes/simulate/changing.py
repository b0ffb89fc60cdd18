"""Attacks whose pace changes over time, for known reasons: a step, a suspension, or any curve."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from analysis.errors import ParameterError, check_rng
from analysis.processes.placing import placed
from analysis.processes.simulate.truth import Simulated, count, positive, series_of
from analysis.timeline import Window

MOST_CANDIDATES = 10_000_000


def inhomogeneous(
    window: Window,
    *,
    intensity: Callable[[np.ndarray], np.ndarray],
    bound: float,
    n: int | None = None,
    rng=None,
) -> Simulated:
    """Independent attacks at a pace that follows a curve, by thinning (Lewis and Shedler 1979).

    Parameters
    ----------
    window : where events are seen; one that closed it stands at its end, beside the others
    intensity : pace at elapsed times, array in, array of the same shape out; between 0 and ``bound``
    bound : a pace that is never exceeded; a value above it that is met on the way raises
    n : number of events seen; given the count they are independent, with the intensity as their density
    rng : Generator or seed
    """
    bound = positive(bound, "bound")
    rng = check_rng(rng, "events are simulated")
    if n is None:
        times = _kept(window, intensity, bound, rng.poisson(bound * window.days), rng)
    else:
        n = count(n, window)
        times = _first_kept(window, intensity, bound, n - int(window.closed_by_event), rng)
    truth = {"process": "inhomogeneous", "intensity": intensity, "bound": bound, "n": n}
    return Simulated(series_of(window, times), truth)


def step(window: Window, *, at: object, before: float, after: float, n: int | None = None, rng=None) -> Simulated:
    """One pace before a date and another from it on.

    Parameters
    ----------
    window : where events are seen; one that closed it stands at its end, beside the others
    at : the date, in any form the window takes, inside the window
    before, after : events per unit of time, 0 or more
    n : number of events seen; given the count only the ratio of the two rates matters
    rng : Generator or seed
    """
    t = _inside(window, at, "at")
    rates = [positive(before, "before", or_zero=True), positive(after, "after", or_zero=True)]
    times, expected = _piecewise(window, [0.0, t, window.span], rates, n, rng)
    truth = {
        "process": "step",
        "at": window.moment(t),
        "at_elapsed": t,
        "before": rates[0],
        "after": rates[1],
        "ratio": rates[1] / rates[0] if rates[0] > 0 else None,
        "n": n,
        "expected_events": expected,
    }
    return Simulated(series_of(window, times), truth)


def suspended(
    window: Window, *, start: object, end: object, rate: float, during: float, n: int | None = None, rng=None
) -> Simulated:
    """One pace, another one between two dates, then the first again: a suspension and its end.

    Parameters
    ----------
    window : where events are seen; one that closed it stands at its end, beside the others
    start, end : the two dates, in any form the window takes; the suspension is ``[start, end)``
    rate : events per unit of time outside the suspension, 0 or more
    during : events per unit of time inside it; 0 for a full one
    n : number of events seen; given the count only the ratio of the two rates matters
    rng : Generator or seed
    """
    a, b = _inside(window, start, "start"), _inside(window, end, "end")
    if not a < b:
        raise ParameterError(f"a suspension must end after it starts: {start} .. {end}")
    outside, inside = positive(rate, "rate", or_zero=True), positive(during, "during", or_zero=True)
    times, expected = _piecewise(window, [0.0, a, b, window.span], [outside, inside, outside], n, rng)
    truth = {
        "process": "suspended",
        "start": window.moment(a),
        "end": window.moment(b),
        "start_elapsed": a,
        "end_elapsed": b,
        "rate": outside,
        "during": inside,
        "ratio": inside / outside if outside > 0 else None,
        "n": n,
        "expected_events": expected,
    }
    return Simulated(series_of(window, times), truth)


def _inside(window: Window, when: object, name: str) -> float:
    t = window.elapsed(when)
    if not 0 <= t <= window.span:
        raise ParameterError(f"{name}={when} lies outside the window {window}; choose a date inside it")
    return t


def _piecewise(window: Window, edges: list[float], rates: list[float], n: int | None, rng) -> tuple[np.ndarray, float]:
    """Events at one rate between each two edges, and their mean number; ``n`` of them where it is given."""
    rng = check_rng(rng, "events are simulated")
    closing = int(window.closed_by_event)
    clock = window.clock(np.array(edges))
    expected = np.array(rates) * np.maximum(np.diff(clock), 0)
    total = float(expected.sum())
    if n is None:
        counts = rng.poisson(expected)
    else:
        free = count(n, window) - closing
        if free and total == 0:
            raise ParameterError(f"{n} events cannot be placed where every rate is 0; give a rate above 0 or n=0")
        counts = rng.multinomial(free, expected / total) if free else np.zeros(expected.size, dtype=int)
    low, width = np.repeat(clock[:-1], counts), np.repeat(np.diff(clock), counts)
    times = placed(window, np.sort(low + width * rng.random(counts.sum())))
    return times, float(n) if n is not None else total + closing


def _kept(window: Window, intensity: Callable, bound: float, size: int, rng: np.random.Generator) -> np.ndarray:
    """Of ``size`` uniform candidates those that thinning keeps, sorted."""
    times = placed(window, np.sort(rng.random(size)) * window.days)
    pace = np.asarray(intensity(times), dtype=float)
    if pace.shape != times.shape:
        raise ParameterError(
            f"intensity must give one value for each time: got shape {pace.shape} for {times.shape}; "
            "for a constant write for example lambda t: 0 * t + 0.2, or use poisson"
        )
    wrong = ~((pace >= 0) & (pace <= bound))
    if wrong.any():
        i = int(np.flatnonzero(wrong)[0])
        raise ParameterError(
            f"intensity must lie between 0 and bound={bound:g}, got {pace[i]:g} at {times[i]:g}; "
            "raise the bound or mend the curve"
        )
    return times[rng.random(size) * bound < pace]


def _first_kept(window: Window, intensity: Callable, bound: float, n: int, rng: np.random.Generator) -> np.ndarray:
    """``n`` events with the intensity as their density."""
    kept = np.empty(0)
    size = max(64, 2 * n)
    while kept.size < n:
        if size > MOST_CANDIDATES + 2 * n:
            raise ParameterError(
                f"only {kept.size} of n={n} events were kept out of {size} candidates: the intensity is 0 "
                f"or far below bound={bound:g}; lower the bound"
            )
        # Shuffled, because candidates come sorted and the first n are taken.
        kept = np.append(kept, rng.permutation(_kept(window, intensity, bound, size, rng)))
        size *= 2
    return np.sort(kept[:n])
