"""The rate of events while a state is on, over the rate while it is off."""

from __future__ import annotations

from typing import Literal

import numpy as np

from analysis.errors import check_choice
from analysis.results import Alternative, Assumption, Estimate, Finding
from analysis.stats.coincidence import card, shift
from analysis.stats.coincidence.episodes import least_episodes
from analysis.stats.coincidence.reading import each_reading, is_drawn, read_state
from analysis.stats.rates import conditional
from analysis.timeline import EventSeries, StateSeries

Method = Literal["exact", "circular_shift"]
EXACT = "one rate with the state on and off; keeps the number of events and both watched times, destroys all timing"
SHIFT = (
    "the state is on without regard to the events: turned round the circle of watched time as a whole; keeps the "
    "clustering of the events and the lengths and order of the spells, destroys their alignment"
)


def rate_while(
    series: EventSeries,
    state: StateSeries,
    *,
    alternative: Alternative = "two-sided",
    method: Method = "exact",
    level: float = 0.95,
    rng: object = None,
    draws: int = 100,
) -> Finding:
    """Rate of events while a state is on (after) over the rate while it is off (before).

    Parameters
    ----------
    series, state : events and the state, over one window
    alternative : "less" for fewer events while the state is on
    method : "exact": the conditional test of two rates with Clopper-Pearson limits, exact where events are
        independent; "circular_shift": p from turning the state round the window, which keeps the clustering of
        both, with the ratios this test does not reject. Each stands in the settings of the other
    rng, draws : readings of dates that are to be drawn; the shift itself needs no randomness

    Returns
    -------
    Finding, counts and watched times (off, on). With one episode it is inconclusive: whatever the number of events,
    one coincidence is one episode, and anything else that happened on those dates explains it as well. The ratio
    with its limits stands; p under independence is in the settings only

    Notes
    -----
    The law of the shifted count is exact: it changes only where an edge of a spell passes an event. Watched time
    only; an event that closed the window was conditioned on and does not count. With dates that are to be drawn p
    is the mean over readings, and the limits invert that mean.
    """
    card.checked(alternative, level)
    check_choice("method", method, ("exact", "circular_shift"))
    card.same_window(series, state)
    card.whole("draws", draws, 1)
    rows = each_reading(_row, series, state, rng=rng, draws=draws, read=read_state)
    tables, turns = rows[:, :4], [_turned(row) for row in rows]
    off, off_days, on, on_days = tables.mean(axis=0)
    episodes = len(shift.watched_spells(state))
    about = {
        "question": f"Is the rate of {series.label} other while {state.label} is on?",
        "null": EXACT if method == "exact" else SHIFT,
        "method": f"rate while a state is on, {'exact conditional test' if method == 'exact' else 'circular shift'}",
        "alternative": alternative,
    }
    settings = {"state": state.label, "episodes": episodes, "days_on": float(on_days), "level": level}
    settings |= {"draws": draws if is_drawn(series) else None, "seed": card.seed_text(rng)}
    reason = _too_thin(series, state, off + on, off_days, on_days)
    if reason:
        return _finding(series, about, settings, tables, warnings=(reason,))
    p, low, high = _conditional(tables, alternative, level)
    shifted = float(np.mean([t.pvalue(alternative) for t in turns]))
    settings |= {"expected_on": float((on + off) * on_days / (on_days + off_days))}
    value = float((on / on_days) / (off / off_days)) if off else None
    effect = Estimate(name="rate ratio, on over off", value=value, low=low, high=high, level=level)
    if episodes == 1:
        settings |= {"pvalue_if_independent": p, "shift_pvalue": shifted}
        return _finding(series, about, settings, tables, effect=effect, warnings=(_one(alternative, level),))
    if method == "exact":
        return _finding(
            series,
            about,
            settings | {"shift_pvalue": shifted},
            tables,
            effect=effect,
            pvalue=p,
            attainable=_smallest(tables, alternative),
            assumptions=(_independent(p, shifted, level),),
        )
    return _finding(
        series,
        about,
        settings | {"pvalue_if_independent": p},
        tables,
        effect=_null_range(turns, tables, value, alternative, level),
        pvalue=shifted,
        attainable=float(np.mean([t.attainable(alternative) for t in turns])),
        assumptions=(Assumption("no trend in the window", "unchecked", "the shift joins its end to its start"),),
    )


def _row(series: EventSeries, state: StateSeries) -> np.ndarray:
    """Counts and watched times off and on, then the law of the shifted count, in one row."""
    spells = shift.watched_spells(state)
    days_on = float(np.diff(spells, axis=1).sum())
    off, on = shift.inside(series, spells)
    table = [off, series.days - days_on, on, days_on]
    turned = shift.turned(series, spells) if off + on else shift.Turned(np.zeros(1), np.ones(1), 0, (0, 0))
    return np.concatenate([table, turned.near, turned.shares])


def _turned(row: np.ndarray) -> shift.Turned:
    shares = row[6:]
    return shift.Turned(np.arange(shares.size), shares, int(row[2]), (int(row[4]), int(row[5])))


def _conditional(tables: np.ndarray, alternative: Alternative, level: float):
    """p and limits of the ratio; with several readings the mean p, and the ratios at which it is 1 - level."""
    usable = tables[(tables[:, 1] > 0) & (tables[:, 3] > 0)]
    rows, weights = np.unique(usable, axis=0, return_counts=True)
    before, before_days, after, after_days = rows.T
    before, after = before.astype(int), after.astype(int)

    def pvalue(ratio: float) -> float:
        p = conditional.pvalues(before, before_days, after, after_days, ratio=ratio, alternative=alternative)
        return float(np.average(p, weights=weights))

    if len(rows) == 1:
        counts = (int(before[0]), before_days[0], int(after[0]), after_days[0])
        return pvalue(1.0), *conditional.limits(*counts, alternative=alternative, level=level)
    centre = (np.average(after, weights=weights) + 0.5) / np.average(after_days, weights=weights)
    centre /= (np.average(before, weights=weights) + 0.5) / np.average(before_days, weights=weights)
    return pvalue(1.0), *conditional.inverted(pvalue, float(centre), alternative=alternative, level=level)


def _smallest(tables: np.ndarray, alternative: Alternative) -> float:
    """The smallest p over every count with the state on, given that with it off; 0 where more has no bound."""
    if alternative != "less":
        return 0.0
    before, before_days, _, after_days = tables.T
    return float(np.mean(conditional.pvalues(before.astype(int), before_days, 0, after_days, alternative="less")))


def _null_range(turns, tables, value, alternative: Alternative, level: float) -> Estimate:
    """The ratio, with the ratios that the shift does not reject."""
    n = tables[:, 0] + tables[:, 2]

    def ratio(count: float | None, row: int) -> float | None:
        if count is None or n[row] - count <= 0:
            return None
        return float(count / tables[row, 3] / ((n[row] - count) / tables[row, 1]))

    ends = [tuple(ratio(c, i) for c in t.limits(alternative, level)) for i, t in enumerate(turns)]
    low, high = (None if any(e is None for e in side) else float(np.mean(side)) for side in zip(*ends, strict=True))
    return Estimate(name="rate ratio, on over off", value=value, low=low, high=high, level=level, interval="null range")


def _independent(p: float, shifted: float, level: float) -> Assumption:
    """How far the p that keeps the clustering stands from the one that takes events for independent."""
    apart = (p <= 1 - level) != (shifted <= 1 - level) or max(p, shifted) > 3 * min(p, shifted)
    words = f"the shift that keeps the clustering of both gives p = {shifted:.2g}"
    return Assumption("events independent of each other", "doubtful" if apart else "unchecked", words)


def _one(alternative: Alternative, level: float) -> str:
    needed = least_episodes(alternative=alternative, level=level)
    return (
        "One episode: one coincidence is one episode, whatever the number of events in it, and whatever else happened "
        f"on those dates explains it as well. {needed} episodes that all go one way would be the fewest to reach "
        f"p = {1 - level:.3g}; see episodes_needed for the power."
    )


def _too_thin(series, state, n: float, off_days: float, on_days: float) -> str | None:
    if len(shift.watched_spells(state)) == 0 or on_days <= 0:
        return f"{state.label} was never on while anybody watched: there is nothing to compare."
    if off_days <= shift.SLACK * series.days:
        return f"{state.label} was on all the time: there is nothing to compare with."
    if n == 0:
        return f"No event of {series.label}, with the state on or off: every ratio fits."
    return None


def _finding(
    series, about, settings, tables, *, effect=None, pvalue=None, attainable=None, assumptions=(), warnings=()
):
    off, off_days, on, on_days = tables.mean(axis=0)
    return Finding(
        **about,
        statistic=float(on),
        statistic_name="events with the state on",
        pvalue=pvalue,
        attainable_pvalue=attainable,
        effect=effect,
        n_events=(round(float(off)), round(float(on))),
        exposure_days=(float(max(off_days, 0.0)), float(on_days)),
        assumptions=(*assumptions, card.ONE_CAUSE, card.WATCHED, card.REPORTED),
        warnings=(*warnings, *card.notes(series)),
        settings=card.base_settings(series, **settings),
        vintage=series.vintage,
        inconclusive=pvalue is None,
    )
