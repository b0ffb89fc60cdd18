"""From the watched clock back to the window: never into a hole, never at the open end."""

from __future__ import annotations

import numpy as np

from analysis.timeline import Window


def placed(window: Window, watched: np.ndarray) -> np.ndarray:
    """Elapsed times at which ``watched`` units (0 to ``window.days``) have been watched.

    As ``Window.unclock``, but a time that rounding would put on a forbidden edge stays just inside it:
    simulated events come in millions, so what is unlikely happens.
    """
    stretches = window.watched_stretches
    starts, ends = stretches[:, 0], stretches[:, 1]
    if len(stretches) == 1:
        return np.clip(watched + starts[0], starts[0], np.nextafter(ends[0], -np.inf))
    seen_by_end = np.cumsum(ends - starts)
    seen_by_start = seen_by_end - (ends - starts)
    i = np.minimum(np.searchsorted(seen_by_end, watched, side="right"), len(stretches) - 1)
    times = starts[i] + (watched - seen_by_start[i])
    return np.clip(times, starts[i], np.nextafter(ends, -np.inf)[i])
