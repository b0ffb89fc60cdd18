"""Do more events fall between two hours of the clock, such as the hours of the night, than even hours give?"""

from __future__ import annotations

import numpy as np
from scipy import stats

from analysis.errors import ParameterError, check_choice, check_level
from analysis.results import ALTERNATIVES, Alternative, Finding
from analysis.stats.rates.conditional import pvalues
from analysis.stats.rhythm import card
from analysis.stats.rhythm.hours import clock_angles, hours_of
from analysis.stats.rhythm.shares import inside_outside
from analysis.timeline import EventSeries

GRID = 100_000  # instants of watched time on which uneven hours are measured


def between(
    series: EventSeries,
    *,
    hours: tuple[float, float],
    alternative: Alternative = "two-sided",
    level: float = 0.95,
    rng: object = None,
    draws: int = 200,
) -> Finding:
    """Rate between two hours of the local clock, named before looking, over the rate at all other hours.

    Parameters
    ----------
    series : events and window. Times known only to the day carry no hour and are left out
    hours : from and to, over midnight where the second is smaller: ``(18, 6)`` is the night
    alternative : "greater" for more events between the hours
    rng, draws : needed only where the arc of a time reaches over one of the two hours: p is the mean over readings

    Notes
    -----
    Exact given the number of events: under even hours the count between the hours is binomial with their share of
    watched time. Limits after Clopper and Pearson (1934), Biometrika 26:404-413, carried to the ratio of rates.
    ``settings`` holds ``events_inside`` and ``share_of_clock``, the share of watched time between the hours.
    """
    check_choice("alternative", alternative, ALTERNATIVES)
    check_level(level)
    card.whole("draws", draws, 1)
    low, high = _checked(hours)
    clock = hours_of(series)
    words = f"between {low:g} and {high:g} h"
    about = {
        "question": f"Do the {series.label} prefer or avoid the hours {words}?",
        "null": card.NULL,
        "method": "share between two hours, exact binomial",
        "alternative": alternative,
    }
    share = (high - low) % 24 / 24 if clock.even else _watched_share(series, low, high)
    settings = {"hours": [low, high], "share_of_clock": share, "seed": card.seed_text(rng)}
    reason = card.few(clock, 1)
    if reason:
        return card.thin(series, reason=reason, settings={"level": level, **settings}, **about)
    rows = clock.angles[None, :] if _certain(clock, low, high) else clock.drawn(draws, rng)
    return inside_outside(
        series,
        _inside(rows, low, high).sum(axis=1),
        n=clock.n,
        days=(share * series.days, (1 - share) * series.days),
        names=(words, f"rate ratio, {words} over other hours"),
        about={k: v for k, v in about.items() if k != "alternative"},
        alternative=alternative,
        level=level,
        settings=settings,
        warnings=card.warnings_of(clock)[:1] if clock.without else (),
    )


def between_power(*, n: int, share: float, ratio: float, alternative: Alternative = "greater", alpha: float = 0.05):
    """Chance that ``between`` rejects at a true ratio of rates, with n events and the hours' share of the clock."""
    if not 0 < share < 1 or not ratio > 0 or n < 0:
        raise ParameterError(f"share must lie between 0 and 1, ratio above 0, n 0 or more; got {share}, {ratio}, {n}")
    k = np.arange(n + 1)
    p = pvalues(n - k, 1 - share, k, share, alternative=alternative)
    mass = stats.binom.pmf(k, n, ratio * share / (ratio * share + 1 - share))
    return float(mass[p <= alpha * (1 + 1e-12)].sum())


def _checked(hours: tuple[float, float]) -> tuple[float, float]:
    if isinstance(hours, str) or len(hours) != 2:
        raise ParameterError(f"hours must be a pair (from, to), for example (18, 6); got {hours!r}")
    low, high = (card.check_hour(h, "hours") for h in hours)
    if low == high:
        raise ParameterError(f"hours from {low:g} to {high:g} are none or all of the day; name a part of it")
    return low, high


def _inside(angles: np.ndarray, low: float, high: float) -> np.ndarray:
    # Half a microsecond of slack: 06:00 as an angle is 6 h but for rounding.
    hour = np.mod(angles / (2 * np.pi) * 24 - low + 1e-10, 24)
    return hour < (high - low) % 24


def _certain(clock, low: float, high: float) -> bool:
    """Whether every reading of every event lies on one side of the two hours."""
    if not clock.arcs:
        return True
    width = clock.width * 24
    start = np.mod(clock.angles / (2 * np.pi) * 24 - width / 2 - low + 1e-10, 24)
    span = (high - low) % 24
    inside = start + width <= span + 1e-9
    outside = (start >= span - 1e-9) & (start + width <= 24 + 1e-9)
    return bool(np.all(inside | outside))


def _watched_share(series: EventSeries, low: float, high: float) -> float:
    instants = series.window.unclock((np.arange(GRID) + 0.5) / GRID * series.days)
    return float(_inside(clock_angles(series.window, instants), low, high).mean())
