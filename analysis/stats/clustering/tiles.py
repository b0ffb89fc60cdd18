"""Counting windows side by side in watched time, and how their counts spread."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from analysis.timeline import EventSeries, Window

MOST = 12  # lengths tried unless they are given
SLACK = 1e-9  # of a length
LONG = 20_000  # events from which one compiled pass is quicker than a sorted search
FEWEST = 8  # windows at the longest of them


@dataclass(frozen=True, slots=True, eq=False)
class Tiles:
    """Counting windows of one length, side by side from the start of each watched stretch.

    starts : elapsed start of each, shape (windows,)
    pairs : positions of those whose next one follows at once, shape (pairs,)
    """

    length: float
    starts: np.ndarray
    pairs: np.ndarray

    @classmethod
    def of(cls, window: Window, length: float) -> Tiles:
        starts, pairs, before = [], [], 0
        for a, b in window.watched_stretches:
            n = int(np.floor((b - a) / length * (1 + 1e-12)))
            starts.append(a + length * np.arange(n))
            pairs.append(before + np.arange(max(0, n - 1)))
            before += n
        return cls(float(length), np.concatenate(starts), np.concatenate(pairs).astype(int))

    def enough(self, which: str) -> bool:
        """Whether the factor has two windows (Allan: one pair) to work on."""
        return self.pairs.size > 0 if which == "allan" else self.starts.size > 1

    def counts(self, rows: np.ndarray) -> np.ndarray:
        """Events in each window for each row of sorted times, shape (rows, windows)."""
        m = len(rows)
        # Times on a lattice meet the edges: a time less than a rounding before an edge is on it.
        starts = self.starts - SLACK * self.length
        if rows.shape[1] >= LONG:
            from analysis.stats.clustering.tile_kernels import counted

            counts = np.empty((m, self.starts.size), dtype=np.int64)
            counted(np.ascontiguousarray(rows, dtype=float), starts, self.length, counts)
            return counts
        # Every row on an axis of its own, so that one sorted search does them all.
        span = 2.0 * (max(float(rows.max(initial=0.0)), float(self.starts[-1] + self.length)) + 1.0)
        shift = span * np.arange(m)[:, None]
        flat = (rows + shift).ravel()
        begins = np.searchsorted(flat, (starts[None] + shift).ravel(), side="left")
        ends = np.searchsorted(flat, (starts[None] + self.length + shift).ravel(), side="left")
        return (ends - begins).reshape(m, -1)


def usual_lengths(series: EventSeries) -> np.ndarray:
    """Lengths from the mean wait (half of it for two dozen events and more) to an eighth of watched time."""
    window, n = series.window, max(series.n, 1)
    stretch = float(np.diff(window.watched_stretches, axis=1).max())
    spread = float((series.latest - series.earliest).max(initial=0.0))
    longest = min(series.days / FEWEST, stretch / 2)
    shortest = max(series.days / n / (2 if n >= 24 else 1), series.precision, spread)
    if shortest >= longest:
        return np.array([longest])
    return np.geomspace(shortest, longest, MOST)


def fano_factor(rows: np.ndarray, tiles: Tiles) -> np.ndarray:
    """Variance (n - 1) of the counts over their mean, for each row of times; 1 where no event falls in a window."""
    counts = tiles.counts(rows)
    mean = counts.mean(axis=1)
    return np.where(mean > 0, counts.var(axis=1, ddof=1) / np.where(mean > 0, mean, 1.0), 1.0)


def allan_factor(rows: np.ndarray, tiles: Tiles) -> np.ndarray:
    """Mean squared difference of neighbouring counts over twice their mean; 1 where no event falls in a window."""
    counts = tiles.counts(rows)
    change = counts[:, tiles.pairs + 1] - counts[:, tiles.pairs]
    mean = counts.mean(axis=1)
    return np.where(mean > 0, (change**2).mean(axis=1) / np.where(mean > 0, 2 * mean, 1.0), 1.0)
