"""How long after a response the next attack came, against how long after any other day."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.stats.hazard.responses import dates
from analysis.timeline import EventSeries


def next_after(series: EventSeries, interventions: object) -> pd.DataFrame:
    """Watched time from each intervention to the next event, and its place among that from every other whole day.

    A wait in which an intervention fell is longer than others because it had more room for it; the time from the
    intervention on is not, and is compared with the time from days on which nothing was done.

    Returns
    -------
    One row per intervention inside the window: date (moment), days to the next event (or to the end, where
    ``open``), as_short and as_long (shares of all days, this one included, with a time at most, at least, as long;
    open times are taken as longer than every closed one that is not longer), and n_days compared
    """
    window, found = series.window, []
    grid = np.arange(0.0, window.span)
    grid = grid[window.is_watched(grid)]
    every, still = _forward(series, grid)
    for date in dates(interventions):
        at = window.elapsed(date)
        if not 0 <= at < window.span:
            continue
        days, is_open = (x[0] for x in _forward(series, np.array([at])))
        longer = (every >= days - 1e-9) | still
        shorter = (every <= days + 1e-9) & ~still if not is_open else (every <= days + 1e-9)
        found.append(
            {
                "date": window.moment(at),
                "days": float(days),
                "open": bool(is_open),
                "as_short": float((shorter.sum() + 1) / (grid.size + 1)),
                "as_long": float((longer.sum() + 1) / (grid.size + 1)),
                "n_days": int(grid.size),
            }
        )
    columns = ["date", "days", "open", "as_short", "as_long", "n_days"]
    return pd.DataFrame(found, columns=columns)


def _forward(series: EventSeries, at: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Watched time from each elapsed time to the next event, and whether none came before the end."""
    window = series.window
    after = np.searchsorted(series.times, at, side="right")
    still = after >= series.n
    ends = np.append(series.times, window.span)[np.minimum(after, series.n)]
    return np.asarray(window.clock(ends)) - np.asarray(window.clock(at)), still
