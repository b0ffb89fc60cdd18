"""Is the longest silence of the record longer than chance makes it?"""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.errors import check_level
from analysis.results import Assumption, Estimate, Finding
from analysis.stats.readings import over_readings
from analysis.stats.waiting import card
from analysis.stats.waiting.open_wait import reading_settings
from analysis.stats.waiting.past import drawn
from analysis.stats.waiting.renewal import needed as solved
from analysis.stats.waiting.spacings import longest_spacing_pvalue, longest_spacing_quantile
from analysis.timeline import EventSeries

ABOUT = {
    "question": "Is the longest silence of the record longer than chance would make it?",
    "null": (
        "a constant rate: the events fall at uniform instants of the watched time; their number and the "
        "window are kept, their order and clustering are not"
    ),
    "method": "longest of uniform spacings (exact)",
    "alternative": "greater",
}


def stretches(series: EventSeries) -> np.ndarray:
    """Silences on the watched clock, the open one last (unless an event closed the window).

    Where no event opened the window the stretch before the first one is exposure, not a wait, and left out.
    """
    window = series.window
    points = [series.times] if not window.opened_by_event else [[0.0], series.times]
    points += [] if window.closed_by_event else [[window.span]]
    return np.diff(window.clock(np.concatenate(points)))


def longest_silence(series: EventSeries, *, level: float = 0.95, rng: object = None, draws: int = 250) -> Finding:
    """Chance that the longest of all silences, the open one included, is at least as long as the one seen.

    Parameters
    ----------
    series : events and window; lengths are on the watched clock
    level : of the null's range of the longest silence, from 0 to the length with p = 1 - level
    rng, draws : for uncertain dates that are to be drawn

    Notes
    -----
    The closed form of ``longest_spacing_pvalue``: n uniform instants leave n + 1 stretches, of which all
    count where an event opened the window and all but the first where none did. An event that closes the
    window is fixed, which leaves n - 1 instants. The settings say where the longest stretch starts,
    whether the open wait is a record, and the length it would need to be one with p = 1 - level.
    """
    check_level(level)
    settings = {"level": level}
    window = series.window
    free = series.n - window.closed_by_event
    found = stretches(series)
    if free < 1 or found.size < 1:
        reason = "Fewer than two stretches to compare: the longest silence says nothing."
        return card.thin(series, reason=reason, settings=settings, **ABOUT)
    seed = card.seed_text(rng) if drawn(series) else None

    def longest(reading: EventSeries) -> list[float]:
        s = stretches(reading)
        return [s.max(), reading.window.days, s[-1]]

    if drawn(series):
        table = over_readings(series, longest, rng=rng, draws=draws)
    else:
        table = np.array([longest(series)])
    m = found.size
    p = np.array([longest_spacing_pvalue(g, t, free, m) for g, t, _ in table])
    span = float(table[:, 1].mean())
    is_open = not window.closed_by_event
    more = {
        "stretches": m,
        "open_is_a_record": bool(is_open and found[-1] > found[:-1].max(initial=0.0)),
        "starts": _start(series, found),
        **({"open_needed": _record_needed(series, found, free, 1 - level)} if is_open else {}),
        **reading_settings(p),
        "seed": seed,
    }
    return Finding(
        **ABOUT,
        statistic=float(np.mean(table[:, 0] / table[:, 1])),
        statistic_name="longest silence as a share of the watched time",
        pvalue=float(p.mean()),
        attainable_pvalue=0.0,
        effect=Estimate(
            name="longest silence",
            value=float(table[:, 0].mean()),
            low=0.0,
            high=longest_spacing_quantile(1 - level, span, free, m),
            level=level,
            unit=window.unit,
            interval="null range",
        ),
        n_events=series.n,
        exposure_days=series.days,
        assumptions=(
            card.CONSTANT_PACE,
            card.WATCHED,
            card.REPORTED,
            *_across_holes(series),
        ),
        warnings=series.notes,
        settings=card.base_settings(series, **settings, **more),
        vintage=series.vintage,
        curve=pd.DataFrame({"stretch": np.arange(1, m + 1), "days": found, "open": _open_mask(m, is_open)}),
    )


def _open_mask(m: int, is_open: bool) -> np.ndarray:
    mask = np.zeros(m, dtype=bool)
    mask[-1] = is_open
    return mask


def _start(series: EventSeries, found: np.ndarray) -> str:
    """The moment at which the longest stretch begins, as text."""
    begins = np.append(0.0, series.times) if series.window.opened_by_event else series.times
    when = series.window.moment(float(begins[int(found.argmax())]))
    return f"{when:g}" if isinstance(when, float) else f"{when:%Y-%m-%d %H:%M}"


def _record_needed(series: EventSeries, found: np.ndarray, free: int, level: float) -> float | None:
    """Length of the open wait that would be the longest with p = level, the record before it as it is."""
    before = float(series.window.days - found[-1])
    if before <= 0:
        return None

    def chance(quiet: float) -> float:
        longest = max(quiet, float(found[:-1].max(initial=0.0)))
        return longest_spacing_pvalue(longest, before + quiet, free, found.size)

    floor = float(found[:-1].max(initial=0.0))
    if floor > 0 and chance(floor) <= level:
        return floor
    return solved(lambda q: chance(max(q, floor)), level, max(before, floor))


def _across_holes(series: EventSeries) -> tuple[Assumption, ...]:
    if not series.window.holes:
        return ()
    how = "lengths are watched time with the holes cut out, which is right for a constant rate only"
    return (Assumption("a silence may be counted across a hole", "unchecked", how),)
