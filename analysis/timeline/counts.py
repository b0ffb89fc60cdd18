"""Counts in bins, with the time each bin was watched."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.errors import ParameterError


@dataclass(frozen=True, slots=True, eq=False)
class CountSeries:
    """Events per bin.

    Parameters
    ----------
    edges : float array, shape (k + 1,), elapsed units, rising
    counts : int array, shape (k,), 0 or more
    watched : float array, shape (k,): watched units in each bin, between 0 and the bin's width
    label : what was counted
    """

    edges: np.ndarray
    counts: np.ndarray
    watched: np.ndarray
    label: str = "events"

    def __post_init__(self) -> None:
        edges = np.array(self.edges, dtype=float)
        counts = np.array(self.counts)
        watched = np.array(self.watched, dtype=float)
        if edges.ndim != 1 or edges.size < 2 or not np.all(np.diff(edges) > 0):
            raise ParameterError("edges must be rising numbers, at least two of them")
        if counts.shape != (edges.size - 1,) or watched.shape != counts.shape:
            raise ParameterError(
                f"{edges.size - 1} bins need as many counts and watched times; got {counts.size} and {watched.size}"
            )
        if not np.all(np.equal(np.mod(counts, 1), 0)) or np.any(counts < 0):
            raise ParameterError("counts must be whole numbers of 0 or more")
        if not np.all((watched >= 0) & (watched <= np.diff(edges) * (1 + 1e-9))):
            raise ParameterError("watched time must lie between 0 and the width of its bin")
        if np.any((watched == 0) & (counts > 0)):
            raise ParameterError("a bin that nobody watched cannot hold an event")
        counts = counts.astype(np.int64)
        for name, values in (("edges", edges), ("counts", counts), ("watched", watched)):
            values.flags.writeable = False
            object.__setattr__(self, name, values)

    @classmethod
    def from_counts(cls, counts, *, width: float = 1.0, start: float = 0.0, label: str = "events") -> CountSeries:
        """Fully watched bins of one width, such as counts by year."""
        counts = np.asarray(counts)
        edges = start + width * np.arange(counts.size + 1)
        return cls(edges, counts, np.diff(edges), label=label)

    @property
    def n(self) -> int:
        """Number of events in all bins."""
        return int(self.counts.sum())

    @property
    def days(self) -> float:
        """Watched time in all bins."""
        return float(self.watched.sum())

    def to_frame(self) -> pd.DataFrame:
        """One row per bin: start, end, watched, count."""
        columns = {
            "start": self.edges[:-1],
            "end": self.edges[1:],
            "watched": self.watched,
            "count": self.counts,
        }
        return pd.DataFrame(columns)
