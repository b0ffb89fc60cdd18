"""The waits between events: complete, open, broken by a hole, or cut off at the opening."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.timeline.window import Window

COLUMNS = ("start", "end", "days", "entered", "censored", "kind")


def waits(times: np.ndarray, window: Window) -> pd.DataFrame:
    """The table of ``EventSeries.waits`` from sorted elapsed ``times``, shape (n,), and their window."""
    begins = np.append(0.0, times)
    ends = np.append(times, window.span)
    rows = []
    for i, (begin, end) in enumerate(zip(begins, ends, strict=True)):
        last = i == times.size
        if last and window.closed_by_event:
            break
        kind = "entry" if i == 0 and not window.opened_by_event else "open" if last else "complete"
        rows += _pieces(window, begin, end, kind, censored=last)
    table = pd.DataFrame(rows, columns=list(COLUMNS))
    return table.astype({"start": float, "end": float, "days": float, "entered": float, "censored": bool})


def _pieces(window: Window, begin: float, end: float, kind: str, *, censored: bool) -> list[tuple]:
    """The watched pieces of one wait; more than one where it crosses a hole."""
    stretches = window.watched_stretches
    cuts = [(max(a, begin), min(b, end)) for a, b in stretches if a < end and b > begin]
    cuts = cuts or [(begin, end)]
    rows = []
    for j, (a, b) in enumerate(cuts):
        final = j == len(cuts) - 1
        throughout = len(cuts) == 1 and (kind != "complete" or b == end)
        piece = kind if kind == "entry" or throughout or (final and kind == "open") else "broken"
        # A last piece that stops at a hole before the wait is over is censored there.
        stopped = censored if final and (b == end) else True
        rows.append((a, b, b - begin, a - begin, stopped, piece))
    return rows
