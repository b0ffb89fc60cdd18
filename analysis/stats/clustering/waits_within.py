"""The complete waits of many records at once: within one watched stretch, both ends seen."""

from __future__ import annotations

import numpy as np

from analysis.timeline import EventSeries, Window

CHUNK = 2_000_000  # numbers held at a time


def rows_of_waits(times: np.ndarray, window: Window) -> tuple[np.ndarray, np.ndarray]:
    """Waits of each row of sorted elapsed times, and which of them are complete; both of shape (rows, waits).

    The wait from the opening counts where an event opened the window. One that reaches across a hole is not
    complete: how long it was watched depends on where it fell.
    """
    if window.opened_by_event:
        times = np.concatenate([np.zeros((len(times), 1)), times], axis=1)
    waits = np.diff(times, axis=1)
    if not window.holes:
        return waits, np.ones(waits.shape, dtype=bool)
    stretch = np.searchsorted(window.watched_stretches[:, 0], times, side="right")
    return waits, np.diff(stretch, axis=1) == 0


def complete(series: EventSeries) -> list[np.ndarray]:
    """The complete waits of each watched stretch in their order, stretches with none left out."""
    waits, whole = (row[0] for row in rows_of_waits(series.times[None], series.window))
    if waits.size == 0:
        return []
    cuts = np.flatnonzero(~whole)
    parts = np.split(waits, np.unique(np.concatenate([cuts, cuts + 1])))
    held = np.split(whole, np.unique(np.concatenate([cuts, cuts + 1])))
    return [p for p, h in zip(parts, held, strict=True) if p.size and h.all()]


def variation(waits: np.ndarray, whole: np.ndarray) -> np.ndarray:
    """Coefficient of variation (n - 1) of the complete waits of each row; nan for fewer than two or only zeros."""
    n = whole.sum(axis=1)
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = np.where(whole, waits, 0.0).sum(axis=1) / n
        square = np.where(whole, (waits - mean[:, None]) ** 2, 0.0).sum(axis=1)
        cv = np.sqrt(square / (n - 1)) / mean
    return np.where((n >= 2) & (mean > 0), cv, np.nan)


def steady_rows(series: EventSeries, size: int, rng: np.random.Generator):
    """Records of a constant rate like ``series``, in chunks of shape (some, n); rounded unless dates are drawn."""
    from dataclasses import replace

    from analysis.processes import surrogates, uniform_times

    like = replace(series, precision=0.0) if series.resolution == "drawn" else series
    most = max(1, CHUNK // (series.n + 1))
    for start in range(0, size, most):
        yield surrogates(like, uniform_times, size=min(most, size - start), rng=rng)
