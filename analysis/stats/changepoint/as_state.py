"""A date of change and its limits on the calendar, to be marked and shaded like a war."""

from __future__ import annotations

import pandas as pd

from analysis.results import Finding
from analysis.timeline import EventSeries, StateSeries


def date_limits(series: EventSeries, finding: Finding, *, label: str = "date of the change") -> StateSeries:
    """The stretch between the limits of a date, from ``scan`` or ``one_change`` on ``series``.

    A side without a limit reaches to the edge of the window; a finding without a date gives no stretch.
    """
    window, effect = series.window, finding.effect
    if effect is None or effect.value is None:
        return StateSeries((), window, label)
    low = 0.0 if effect.low is None else effect.low
    high = window.span if effect.high is None else min(effect.high, window.span)
    if not high > low:
        return StateSeries((), window, label)
    return StateSeries(((window.moment(low), window.moment(high)),), window, label)


def best_date(series: EventSeries, finding: Finding, *, label: str = "best date") -> dict[str, pd.Timestamp | float]:
    """The date of change by ``label``, to be marked on the calendar; none for a finding without one."""
    effect = finding.effect
    return {} if effect is None or effect.value is None else {label: series.window.moment(effect.value)}
