"""How many events fall into named hours of the local clock? A share with exact limits."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.errors import ParameterError, check_level
from analysis.results import Alternative, Assumption, Estimate, Finding
from analysis.stats.rates.share import binomial_pvalue, clopper_pearson
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
    rng: object = None,
    draws: int = 200,
) -> Finding:
    """Do more events fall between two hours of the local clock than their share of watched time?

    Parameters
    ----------
    series : times known as a part of the day are drawn within it; those known only to the day carry no hour and are
        left out, with their count in the warnings
    hours : from and to, 0 or more and under 24, named before looking; (22, 5) runs across midnight
    alternative : "greater" means more than even hours give
    rng, draws : needed where hours are drawn; p is the mean over readings

    Returns
    -------
    Finding. The effect is the share in those hours, with Clopper and Pearson's limits, of the reading with the fewest
    and that with the most where hours are drawn. The settings hold ``surely_inside``, ``surely_outside`` and
    ``watched_share``, against which p is taken
    """
    card.whole("draws", draws, 1)
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
    settings = {"hours": [start, stop], "watched_share": expected, "seed": card.seed_text(rng), "level": level}
    settings |= {"surely_inside": int(sure[0]), "surely_outside": int(sure[1]), "events_without_hour": found.without}
    reason = card.few(found, 1)
    if reason is None and not 0 < expected < 1:
        reason = "All or none of the watched time lies in these hours."
    if reason:
        return card.thin(series, reason=reason, settings=settings, **about)
    angles = found.drawn(draws, rng)
    counts = np.sum(_inside(angles / TURN * 24, start, length), axis=1)
    values, weight = np.unique(counts, return_counts=True)
    p = [binomial_pvalue(int(k), found.n, expected, alternative) for k in values]
    ends = [clopper_pearson(int(k), found.n, level=level, alternative=alternative) for k in (values[0], values[-1])]
    left = (f"{found.without} known only to the day left out.",) if found.without else ()
    return Finding(
        **about,
        statistic=float(counts.mean()),
        statistic_name="events in these hours",
        pvalue=float(np.average(p, weights=weight)),
        attainable_pvalue=min(binomial_pvalue(k, found.n, expected, alternative) for k in (0, found.n)),
        effect=Estimate(
            name=f"share from {start:g} to {stop:g} h",
            value=float(counts.mean() / found.n),
            low=ends[0][0],
            high=ends[1][1],
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
