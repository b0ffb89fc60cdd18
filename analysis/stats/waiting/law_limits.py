"""What a fit of a law rests on and how far its parameters can be moved: data, limits, criterion."""

from __future__ import annotations

import numpy as np
from scipy import special

from analysis.stats.waiting.likelihood import Law, Waits, profile, waits_of
from analysis.timeline import EventSeries

FEWEST = {"exponential": 1, "weibull": 3, "gamma": 3, "lognormal": 3}
FARTHEST = 1e4


def lifted_waits(series: EventSeries) -> tuple[Waits, tuple[str, ...]]:
    """The waits for a likelihood; those of 0 in a rounded record stand as half of its precision."""
    waits = waits_of(series)
    zero = waits.ended & (waits.age <= waits.entered)
    if not zero.any() or series.precision <= 0:
        return waits, ()
    half = series.precision / 2
    age = np.where(zero, waits.entered + half, waits.age)
    text = f"{int(zero.sum())} waits of 0 stand as {half:g} {series.window.unit}, half the precision."
    return Waits(age, waits.entered, waits.ended), (text,)


def too_thin(name: str, waits: Waits) -> str | None:
    """Why the law cannot be fitted, in a sentence, or None."""
    if waits.n < FEWEST[name]:
        return f"{waits.n} ended waits; the {name} law needs {FEWEST[name]} or more."
    if waits.watched <= 0:
        return "All waits are 0."
    if name == "exponential":
        return None
    if np.any(waits.age[waits.ended] <= 0):
        return f"A wait of 0 has no {name} likelihood: give the record's precision, or draw the dates."
    alike = np.ptp(waits.age[waits.ended]) <= 1e-9 * waits.age.max() and np.all(
        waits.age[~waits.ended] <= waits.age[waits.ended][0]
    )
    return "All waits are equal: no law with a spread fits." if alike else None


def limits_of(chosen: Law, waits: Waits, which: int, theta, top: float, level: float):
    """Limits of one parameter; a side without any within a factor of 10^4 is None."""
    if chosen.name == "exponential":
        # With time-censoring the mean's limits are those of a Poisson count (Garwood 1936).
        n, watched = waits.n, waits.watched
        extra = 0 if waits.ended.all() else 1
        low = watched / special.gammaincinv(n + extra, 0.5 + level / 2)
        return float(low), float(watched / special.gammaincinv(n, 0.5 - level / 2))
    from scipy.optimize import brentq

    # The plain chi-square threshold covers 87 to 92 % at 5 waits; this factor, found by simulation for the
    # shapes of the three laws, brings it to 92 to 97 % from 4 waits on (a Bartlett correction by hand).
    drop = 0.5 * float(special.chdtri(1, 1 - level)) * (1 + 1.5 / waits.n)
    best = float(np.log(theta[which]))

    def above(log_value: float) -> float:
        return profile(chosen, waits, which, float(np.exp(log_value)), theta) - (top - drop)

    found = []
    for side in (-1.0, 1.0):
        step = 0.25
        while above(best + side * step) > 0 and step < np.log(FARTHEST):
            step *= 1.6
        if step >= np.log(FARTHEST):
            found.append(None)
            continue
        found.append(float(np.exp(brentq(above, *sorted((best, best + side * step)), xtol=1e-8))))
    return tuple(found)


def aicc(log_likelihood: float, k: int, n: int) -> float | None:
    """Akaike's criterion with the small-sample term (Hurvich and Tsai 1989); None up to k + 1 ended waits."""
    if n <= k + 1:
        return None
    return -2.0 * log_likelihood + 2.0 * k + 2.0 * k * (k + 1) / (n - k - 1)


def finite(value: float) -> float | None:
    return float(value) if np.isfinite(value) and value < 1e300 else None
