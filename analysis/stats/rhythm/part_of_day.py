"""How many events fall into named hours of the local clock? A share with exact limits."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy import optimize, stats

from analysis.errors import ParameterError, check_level
from analysis.results import Alternative, Assumption, Estimate, Finding
from analysis.stats.rates.share import binomial_pvalue
from analysis.stats.rhythm import card
from analysis.stats.rhythm.hours import TURN, Hours, clock_angles, hours_of
from analysis.timeline import EventSeries

GRID = 200_000  # instants of watched time that tell the share of watched hours where they are uneven


def between_hours(
    series: EventSeries,
    *,
    hours: tuple[float, float],
    alternative: Alternative = "two-sided",
    level: float = 0.95,
) -> Finding:
    """Do more events fall between two hours of the local clock than their share of watched time?

    Parameters
    ----------
    series : a time known as a part of the day falls inside with the share of it that lies inside; those known only to
        the day carry no hour and are left out, with their count in the warnings
    hours : from and to, 0 or more and under 24, named before looking; (22, 5) runs across midnight
    alternative : "greater" means more than even hours give

    Returns
    -------
    Finding. The effect is the expected share in those hours, with Clopper and Pearson's limits where every hour is
    known. The settings hold ``surely_inside``, ``surely_outside`` and ``watched_share``, against which p is taken

    Notes
    -----
    With parts of the day the number inside is a sum of unequal chances (the Poisson binomial law); both tails are means
    over it, and the limits are the shares at which they fall to the level, so that they agree with p.
    """
    check_level(level)
    start, stop = _checked(hours)
    found = hours_of(series)
    length = (stop - start) % 24
    about = {
        "question": f"Do the {series.label} fall between {start:g} and {stop:g} h of the local clock?",
        "null": card.NULL,
        "method": f"share from {start:g} to {stop:g} h, exact binomial",
        "alternative": alternative,
    }
    expected = length / 24 if found.even else _watched_share(series, start, length)
    sure = _sure(found, start, length)
    settings = {"hours": [start, stop], "watched_share": expected, "level": level}
    settings |= {"surely_inside": int(sure[0]), "surely_outside": int(sure[1]), "events_without_hour": found.without}
    reason = card.few(found, 1)
    if reason is None and not 0 < expected < 1:
        reason = "All or none of the watched time lies in these hours."
    if reason:
        return card.thin(series, reason=reason, settings=settings, **about)
    count = _counted(_chances(found, start, length))
    p = float(_pvalue(expected, found.n, count, alternative))
    mean = float(count @ np.arange(found.n + 1))
    low, high = _limits(found.n, count, mean / found.n, alternative=alternative, level=level)
    left = (f"{found.without} known only to the day left out.",) if found.without else ()
    return Finding(
        **about,
        statistic=mean,
        statistic_name="events in these hours, expected",
        pvalue=p,
        attainable_pvalue=min(binomial_pvalue(k, found.n, expected, alternative) for k in (0, found.n)),
        effect=Estimate(
            name=f"share from {start:g} to {stop:g} h",
            value=mean / found.n,
            low=low,
            high=high,
            level=level,
        ),
        n_events=found.n,
        exposure_days=series.days,
        assumptions=(
            card.INDEPENDENT,
            card.WATCHED,
            Assumption("those without an hour fell as the others did", "unchecked", f"{found.without} left out"),
        ),
        warnings=(*left, *series.notes),
        settings=card.base_settings(series, **settings),
        vintage=series.vintage,
        curve=pd.DataFrame({"hour": found.angles / TURN * 24, "width_hours": found.width * 24}),
    )


def _checked(hours: object) -> tuple[float, float]:
    if not isinstance(hours, tuple | list) or len(hours) != 2:
        raise ParameterError(f"hours must be a pair such as (22, 5), got {hours!r}")
    start, stop = (card.check_hour(h, "hours") for h in hours)
    if start == stop:
        raise ParameterError(f"hours must differ, or they are the whole clock; got {hours!r}")
    return start, stop


def _inside(hour: np.ndarray, start: float, length: float) -> np.ndarray:
    return np.mod(hour - start, 24) < length


def _chances(found: Hours, start: float, length: float) -> np.ndarray:
    """Chance of each event to lie in the hours: the share of its arc that does."""
    width = np.maximum(found.width * 24, 1e-9)
    low = np.mod(found.angles / TURN * 24 - found.width * 12 - start, 24)
    covered = np.clip(np.minimum(low + width, length) - low, 0, None)
    covered += np.clip(np.minimum(low + width, 24 + length) - 24, 0, None)
    return np.where(found.width * 24 < 1e-6, _inside(low, 0, length - 1e-9), np.minimum(covered / width, 1.0))


def _counted(chances: np.ndarray) -> np.ndarray:
    """Law of the number of events inside: 0, 1, ..., n."""
    law = np.ones(1)
    for chance in chances:
        law = np.append(law * (1 - chance), 0.0) + np.append(0.0, law * chance)
    return law


def _tails(chance: float, n: int, count: np.ndarray) -> tuple[float, float]:
    k = np.arange(n + 1)
    return float(count @ stats.binom.cdf(k, n, chance)), float(count @ stats.binom.sf(k - 1, n, chance))


def _pvalue(chance: float, n: int, count: np.ndarray, alternative: Alternative) -> float:
    less, greater = _tails(chance, n, count)
    return min(1.0, {"less": less, "greater": greater, "two-sided": 2 * min(less, greater)}[alternative])


def _limits(n: int, count: np.ndarray, value: float, *, alternative: Alternative, level: float) -> tuple[float, float]:
    """Shares at which the mean tails fall to the level."""
    tail = (1 - level) / (2 if alternative == "two-sided" else 1)
    low, high = 0.0, 1.0
    if alternative != "less" and _tails(0.0, n, count)[1] < tail:
        low = optimize.brentq(lambda x: _tails(x, n, count)[1] - tail, 0.0, 1.0, xtol=1e-12)
    if alternative != "greater" and _tails(1.0, n, count)[0] < tail:
        high = optimize.brentq(lambda x: _tails(x, n, count)[0] - tail, 0.0, 1.0, xtol=1e-12)
    return min(float(low), value), max(float(high), value)


def _sure(found: Hours, start: float, length: float) -> tuple[int, int]:
    """Events whose every admissible hour lies inside, and outside."""
    width = found.width * 24
    low = np.mod(found.angles / TURN * 24 - width / 2 - start, 24)
    inside = (low < length - 1e-9) & (low + width <= length + 1e-9)
    outside = (low >= length - 1e-9) & (low + width <= 24 + 1e-9)
    return int(inside.sum()), int(outside.sum())


def _watched_share(series: EventSeries, start: float, length: float) -> float:
    """Share of watched time in the hours, from instants spread evenly over it."""
    window = series.window
    elapsed = window.unclock((np.arange(GRID) + 0.5) / GRID * window.days)
    return float(np.mean(_inside(clock_angles(window, elapsed) / TURN * 24, start, length)))
