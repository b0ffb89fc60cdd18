"""Chance of an open wait when each event excites further ones for a while (a Hawkes process)."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from analysis.stats.waiting.fitted import both_chances


def quiet_compensator(quiet, base_rate, excitation, decay):
    """Expected events in the next ``quiet`` units: ``mu q + R (1 - exp(-b q)) / b``.

    Exponential kernel ``branching * b * exp(-b u)``; ``excitation`` R is the intensity above the base rate
    just after the last event. The chance of no event is exp(-this) (Daley and Vere-Jones 2003, sec. 7.2).
    """
    q = np.asarray(quiet, dtype=float)
    return base_rate * q - excitation * np.expm1(-decay * q) / decay


def excitation_at_last(times: np.ndarray, opened: bool, branching: float, decay: float) -> float:
    """Intensity above the base rate just after the last event, ``times`` on the watched clock.

    An opening event excites as any other; where none opened the window the past before it is replaced by
    its mean, ``branching`` times the mean rate.
    """
    last = times[-1] if times.size else 0.0
    before = np.append(0.0, times) if opened else times
    r = branching * decay * float(np.exp(-decay * (last - before)).sum())
    if not opened and times.size:
        r += branching * times.size / last * float(np.exp(-decay * last))
    return r


def simulated_histories(n: int, opened: bool, branching: float, decay: float, *, resamples: int, rng):
    """Histories of n events at mean rate 1: their end, the excitation there, and the wait that follows.

    Exact waits as the smaller of a base wait and an excited one (Dassios and Zhao 2013, Electronic
    Communications in Probability 18:62).
    """
    base = 1.0 - branching
    r = np.full(resamples, branching * decay if opened else branching)
    clock = np.zeros(resamples)
    for i in range(n + 1):
        left = 1.0 + decay * np.log(1.0 - rng.random(resamples)) / np.maximum(r, 1e-300)
        with np.errstate(divide="ignore", invalid="ignore"):
            excited = np.where(left > 0, -np.log(left) / decay, np.inf)
        wait = np.minimum(excited, rng.exponential(1.0 / base, resamples))
        if i == n:
            return clock, r, wait
        clock += wait
        r = r * np.exp(-decay * wait) + branching * decay
    raise AssertionError("unreachable")


def critical_waits(expected: float, base_rate: np.ndarray, excitation: np.ndarray, decay: float) -> np.ndarray:
    """The quiet time in which ``expected`` events were due, by bisection (the compensator rises)."""
    low, high = np.zeros(base_rate.size), expected / base_rate
    for _ in range(60):
        middle = 0.5 * (low + high)
        short = quiet_compensator(middle, base_rate, excitation, decay) < expected
        low, high = np.where(short, middle, low), np.where(short, high, middle)
    return high


def excited_chances(
    times: np.ndarray, opened: bool, *, branching: float, decay: float, resamples: int, rng
) -> Callable[[float], tuple[float, float]]:
    """The two chances (after an event, on a day) as a function of the quiet time.

    The base rate is set so that the mean rate matches: ``(1 - branching) * n / elapsed``, in the data and in
    every simulated history, so that the chance allows for its being estimated. At branching 0 this is the
    exponential law.
    """
    n, elapsed = times.size, float(times[-1])
    rate = n / elapsed
    r_seen = excitation_at_last(times, opened, branching, decay)
    clock, r, wait = simulated_histories(n, opened, branching, decay / rate, resamples=resamples, rng=rng)
    base = (1.0 - branching) * n / clock

    def chances(quiet: float) -> tuple[float, float]:
        due = float(quiet_compensator(quiet, (1.0 - branching) * rate, r_seen, decay))
        return both_chances(wait, critical_waits(due, base, r, decay / rate))

    return chances
