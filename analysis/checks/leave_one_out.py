"""Does the answer hang on a single event?"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pandas as pd

from analysis.checks.row import COLUMNS, row
from analysis.results import Finding
from analysis.timeline import EventSeries


def leave_one_out(series: EventSeries, test: Callable[[EventSeries], Finding]) -> pd.DataFrame:
    """``test`` on the whole series and with each event left out in turn.

    The opening event is conditioned on and stays. Columns as ``analysis.checks.row.COLUMNS``, one row
    for the whole series and one per event; a series closed by an event keeps that event.
    """
    rows = [row("all events", test(series))]
    keep = series.n - 1 if series.window.closed_by_event else series.n
    for i in range(keep):
        rows.append(row(f"without {_when(series, i)}", test(without(series, i))))
    return pd.DataFrame(rows, columns=list(COLUMNS))


def without(series: EventSeries, i: int) -> EventSeries:
    """The series without its event number ``i`` (from 0, in order of time)."""
    kept = {a: np.delete(getattr(series, a), i) for a in ("times", "earliest", "latest", "width")}
    return replace(series, **kept)


def _when(series: EventSeries, i: int) -> str:
    moment = series.window.moment(series.times[i])
    return f"{moment:%Y-%m-%d}" if isinstance(moment, pd.Timestamp) else f"{moment:g}"
