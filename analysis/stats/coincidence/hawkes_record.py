"""Two series as one sequence for the two-way Hawkes likelihood: holes, openers, rounding and ties."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from analysis.stats.coincidence.hawkes_model import laid_out
from analysis.timeline import EventSeries


@dataclass(frozen=True, slots=True, eq=False)
class Record:
    """How the two series were observed."""

    series: EventSeries
    other: EventSeries

    @property
    def end(self) -> float:
        """Elapsed end of the window."""
        return self.series.window.span

    @property
    def n(self) -> int:
        """Events of both."""
        return self.series.n + self.other.n

    @property
    def opened(self) -> tuple[bool, bool]:
        """Which of the two an event opened."""
        return self.series.window.opened_by_event, self.other.window.opened_by_event

    @property
    def rounded(self) -> bool:
        """Whether times stand on a lattice."""
        return self.series.precision > 0 or self.other.precision > 0

    def observed(self, times: np.ndarray, nodes: np.ndarray, rng: np.random.Generator):
        """Simulated records as this one was observed: holes unseen, times rounded and spread again."""
        seen = self.series.window.is_watched(np.minimum(times, np.nextafter(self.end, 0)))
        nodes = np.where(seen, nodes, -1)
        for node, each in enumerate((self.series, self.other)):
            if each.precision > 0:
                mine = nodes == node
                times = np.where(mine, _respread(each, times, rng), times)
        return _laid(self, times, nodes)


def recorded(series: EventSeries, other: EventSeries) -> Record:
    """The record of both."""
    return Record(series, other)


def episodes_of(series: EventSeries, gap: float) -> int:
    """Runs of events with less than ``gap`` of watched time from each to the next."""
    if series.n == 0:
        return 0
    return 1 + int(np.sum(np.diff(series.window.clock(series.times)) > gap))


def spread(series: EventSeries, other: EventSeries, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Times of both; those on a lattice are spread evenly over what each lattice point stands for."""
    return tuple(_spread(each, each.times, rng) if each.precision > 0 else each.times for each in (series, other))


def laid(record: Record, times: np.ndarray, other_times: np.ndarray):
    """One reading of both as a sequence of nodes."""
    return laid_rows(record, times[None, :], other_times)


def laid_rows(record: Record, times: np.ndarray, other_times: np.ndarray):
    """Several records with the same second series, ``times`` of shape (records, n), as sequences of nodes."""
    rows = np.broadcast_to(other_times, (len(times), other_times.size))
    nodes = np.repeat([0, 1], [times.shape[1], other_times.size])
    return _laid(record, np.concatenate([times, rows], axis=1), np.tile(nodes, (len(times), 1)))


def _laid(record: Record, times: np.ndarray, nodes: np.ndarray):
    sequence, who, watched = laid_out(times, nodes, record.series.window.hole_edges, end=record.end)
    for node, opened in enumerate(record.opened):
        if opened:
            # What opened the window excites from the start on; as it was conditioned on, it is no event of the sum.
            sequence = np.insert(sequence, 0, 0.0, axis=1)
            who = np.insert(who, 0, node + 2, axis=1)
            watched = np.insert(watched, 0, True, axis=1)
    return sequence, who, watched


def _respread(series: EventSeries, times: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    return _spread(series, series.coarsen(times, rng), rng)


def _spread(series: EventSeries, times: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Times on a lattice anywhere in the cell each stands for, inside the window."""
    step = series.precision
    # Whole units since the opening event hide its own hour, which is drawn once for all of them.
    offset = rng.uniform(0, step) if series.window.opened_by_event else step / 2
    drawn = times - offset + step * rng.random(times.shape)
    inside = np.clip(drawn, 0.0, np.nextafter(series.window.span, 0))
    return np.where(series.window.is_watched(inside), inside, times)
