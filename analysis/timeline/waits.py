"""The waits between events: complete, open, broken by a hole, or cut off at the opening."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.timeline.window import Window

COLUMNS = ("start", "end", "days", "entered", "censored", "kind")


def waits(times: np.ndarray, window: Window) -> pd.DataFrame:
    """The table of ``EventSeries.waits`` from sorted elapsed ``times``, shape (n,), and their window."""
    ends = times if window.closed_by_event and times.size else np.append(times, window.span)
    begins = np.append(0.0, times)[: ends.size]
    is_last = np.arange(ends.size) == times.size
    kinds = np.where(is_last, "open", "complete").astype(object)
    if not window.opened_by_event:
        kinds[:1] = "entry"
    whole = _unbroken(window, begins, ends)
    begun, ended = begins[whole], ends[whole]
    columns = (begun, ended, ended - begun, np.zeros(begun.size), is_last[whole], kinds[whole])
    table = pd.DataFrame(dict(zip(COLUMNS, columns, strict=True)))
    if whole.all():
        return table
    rows, at = [], []
    for i in np.flatnonzero(~whole):
        pieces = _pieces(window, float(begins[i]), float(ends[i]), kinds[i], censored=bool(is_last[i]))
        rows += pieces
        at += [i] * len(pieces)
    table = pd.concat([table, pd.DataFrame(rows, columns=list(COLUMNS))], ignore_index=True)
    table = table.iloc[np.argsort(np.append(np.flatnonzero(whole), at), kind="stable")].reset_index(drop=True)
    return table.astype({**dict.fromkeys(COLUMNS[:4], float), "censored": bool, "kind": "str"})


def _unbroken(window: Window, begins: np.ndarray, ends: np.ndarray) -> np.ndarray:
    """Waits that begin and end within one watched stretch: nearly all, and they need no loop."""
    stretches = window.watched_stretches
    at = np.maximum(np.searchsorted(stretches[:, 0], begins, side="right") - 1, 0)
    return (stretches[at, 0] <= begins) & (ends <= stretches[at, 1])


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
