"""Rates by period, and the ratio of rates at each of several dates that were named."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace

import numpy as np

from analysis.results import Alternative, Finding
from analysis.stats.rates.rate import rate
from analysis.stats.rates.ratio import ratio
from analysis.timeline import EventSeries


def by_period(
    series: EventSeries, periods: Mapping[str, tuple[object, object]], *, level: float = 0.95
) -> dict[str, Finding]:
    """``rate`` in each period ``(from, to)`` by name, cut to the window; one that nobody watched is left out."""
    found = {}
    for name, (start, end) in periods.items():
        a, b = (min(max(series.window.elapsed(t), 0.0), series.window.span) for t in (start, end))
        if b > a and series.window.watched(a, b) > 0:
            moments = (series.window.moment(a), series.window.moment(b))
            found[name] = rate(series.cut(*moments), level=level)
    return found


def at_dates(
    series: EventSeries,
    dates: Mapping[str, object],
    *,
    attacks: Collection[object] = (),
    alternative: Alternative = "two-sided",
    level: float = 0.95,
) -> dict[str, Finding]:
    """``ratio`` of the rate after each date over the rate before it, by name; a date outside the window is left out.

    Parameters
    ----------
    dates : dates by name, fixed before looking; the p-values are one family (``multiplicity.adjust``)
    attacks : those of the dates that are themselves attacks: what happened in the 24 hours from such a date is
        conditioned on and counts for neither side, since the date was named for it
    """
    given, found = {str(a) for a in attacks}, {}
    for name, date in dates.items():
        if 0 < series.window.elapsed(date) < series.window.span:
            asked = without_day(series, date) if str(date) in given else series
            found[name] = ratio(asked, at=date, alternative=alternative, level=level)
    return found


def without_day(series: EventSeries, date: object) -> EventSeries:
    """The series without the events of the 24 hours from ``date``, which stay watched."""
    at = series.window.elapsed(date)
    kept = (series.times < at) | (series.times >= at + 1)
    parts = {name: getattr(series, name)[kept] for name in ("times", "earliest", "latest", "width")}
    dropped = int(np.sum(~kept))
    note = (
        f"{dropped} event{'' if dropped == 1 else 's'} of {date} conditioned on: the date was named for what happened"
    )
    return replace(series, **parts, notes=(note, *series.notes) if dropped else series.notes)
