"""The same computation over many readings of uncertain dates."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from analysis.errors import ParameterError, check_rng
from analysis.timeline import EventSeries


def over_readings(
    series: EventSeries, compute: Callable[[EventSeries], np.ndarray | float], *, rng, draws: int = 250
) -> np.ndarray:
    """``compute(reading)`` for ``draws`` readings of the dates, stacked along the first axis.

    Parameters
    ----------
    series : events with uncertain dates
    compute : maps an exact series to a float or an array of fixed shape
    rng : seed or Generator; None raises, since an unseeded report cannot be repeated
    draws : number of readings, 1 or more
    """
    if not isinstance(draws, int) or draws < 1:
        raise ParameterError(f"draws must be a whole number of 1 or more, got {draws!r}")
    rng = check_rng(rng, "uncertain dates are drawn")
    return np.array([compute(series.draw(rng)) for _ in range(draws)], dtype=float)
