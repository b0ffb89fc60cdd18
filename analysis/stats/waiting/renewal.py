"""Chance of an open wait under laws of waits whose scale is unknown: closed forms.

Every form rests on a pivot: the open wait over what the complete waits add up to does not depend on the
scale. Each comes twice. *After an event*: the wait that a given event opens lasts at least this long. *On a
day*: a day fixed by the calendar meets a wait that has lasted at least this long; such a day falls into long
waits more often than into short ones (the inspection paradox; Cox 1962, Renewal Theory, ch. 5), so for a
bursty law (shape below 1) the second is the larger. For the exponential law the two are one.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from scipy import special

Chance = Callable[[np.ndarray], np.ndarray]


def exponential_silence(elapsed, quiet, n):
    """Chance of an open wait of at least ``quiet``, exponential law of unknown mean (vectorised).

    ``(elapsed / (elapsed + quiet)) ** n`` with n the events in the watched time ``elapsed`` (an opening
    event is not counted). The same form holds where no event opened the window: it is the law of the last
    of n uniform instants, ``(t_n / T)^n`` (Solow 1993, Ecology 74:962-964, eq. 2).
    """
    elapsed = np.asarray(elapsed, dtype=float)
    return (elapsed / (elapsed + np.asarray(quiet, dtype=float))) ** n


def exponential_needed(elapsed, level, n):
    """The quiet time whose chance is ``level``: ``elapsed * (level^(-1/n) - 1)``."""
    return np.asarray(elapsed, dtype=float) * (np.asarray(level, dtype=float) ** (-1.0 / n) - 1.0)


def known_rate_silence(elapsed, quiet, n):
    """The same chance were the rate known to be n / elapsed exactly: ``exp(-n quiet / elapsed)``."""
    return np.exp(-n * np.asarray(quiet, dtype=float) / elapsed)


def known_rate_needed(elapsed, level, n):
    """The quiet time needed were the rate known exactly: ``-ln(level) * elapsed / n``."""
    return -np.log(level) * elapsed / n


def _log_power_ratio(quiet, waits, shape):
    """``ln(quiet^k / sum of waits^k)``, through logarithms so that a steep law does not overflow."""
    with np.errstate(divide="ignore"):
        total = special.logsumexp(shape * np.log(np.asarray(waits, dtype=float)), axis=-1)
        return shape * np.log(np.asarray(quiet, dtype=float)) - total


def weibull_after_event(quiet, waits, shape):
    """Weibull law of known shape k: ``(S / (S + quiet^k))^n``, S the sum of the k-th powers of the n waits.

    k-th powers of the waits are exponential, so this is the exponential form on their clock.
    """
    return np.exp(-np.shape(waits)[-1] * np.logaddexp(0.0, _log_power_ratio(quiet, waits, shape)))


def weibull_on_a_day(quiet, waits, shape):
    """The same on a day of the calendar; the k-th power of a stationary age is Gamma(1/k).

    ``P(Beta(1/k, n) > r / (1 + r))`` with ``r = quiet^k / S``.
    """
    share = special.expit(_log_power_ratio(quiet, waits, shape))
    return special.betaincc(1.0 / shape, np.shape(waits)[-1], share)


def gamma_after_event(quiet, waits, shape):
    """Gamma law of known shape k: ``quiet / (quiet + S) ~ Beta(k, n k)`` with S the sum of the n waits."""
    total = np.sum(waits, axis=-1)
    q = np.asarray(quiet, dtype=float)
    return special.betaincc(shape, np.shape(waits)[-1] * shape, q / (q + total))


def gamma_on_a_day(quiet, waits, shape):
    """The same on a day of the calendar.

    A stationary age a has ``P(a > c) = Q(k + 1, c) - (c / k) Q(k, c)``; averaged over S it is
    ``P(Beta(k + 1, n k) > x) - n r P(Beta(k, n k + 1) > x)`` with ``r = quiet / S`` and ``x = r / (1 + r)``.
    """
    n = np.shape(waits)[-1]
    total = np.sum(waits, axis=-1)
    q = np.asarray(quiet, dtype=float)
    x = q / (q + total)
    first = special.betaincc(shape + 1, n * shape, x)
    second = n * (q / total) * special.betaincc(shape, n * shape + 1, x)
    return np.clip(first - second, 0.0, 1.0)


AFTER_EVENT = {"weibull": weibull_after_event, "gamma": gamma_after_event}
ON_A_DAY = {"weibull": weibull_on_a_day, "gamma": gamma_on_a_day}


def needed(chance: Callable[[float], float], level: float, start: float, *, rtol: float = 1e-13) -> float | None:
    """The quiet time at which a falling ``chance`` reaches ``level``, searched outward from ``start``.

    None where it never does: a simulated chance stops at 1 / (resamples + 1).
    """
    from scipy.optimize import brentq

    high = start
    while chance(high) > level:
        high *= 2.0
        if high > 1e12 * start:
            return None
    low = high / 2.0
    while low > 1e-12 * start and chance(low) <= level:
        low /= 2.0
    return float(brentq(lambda q: chance(q) - level, low, high, xtol=rtol * high, rtol=rtol))
