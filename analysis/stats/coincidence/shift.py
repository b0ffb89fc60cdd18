"""The exact law of a count of events inside a state that is turned round the circle of watched time."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from analysis.results import Alternative
from analysis.timeline import EventSeries, StateSeries

SLACK = 1e-9


def inside(series: EventSeries, spells: np.ndarray) -> tuple[int, int]:
    """Events with the state off and on; one that closed the window was conditioned on and counts for neither.

    ``spells`` are those of ``watched_spells``.
    """
    times = _clock(series)
    on = int(np.count_nonzero((times[:, None] >= spells[:, 0]) & (times[:, None] < spells[:, 1])))
    return times.size - on, on


def _clock(series: EventSeries) -> np.ndarray:
    """The free events on the watched clock."""
    return np.asarray(series.window.clock(series.times[: series.n - int(series.window.closed_by_event)]), dtype=float)


def watched_spells(state: StateSeries) -> np.ndarray:
    """Spells on the watched clock, shape (spells, 2): those that nobody watched left out, those that meet joined.

    Two spells with no watched time between them are one episode.
    """
    spells = np.asarray(state.window.clock(state.edges), dtype=float).reshape(-1, 2)
    spells = spells[spells[:, 1] > spells[:, 0] + SLACK]
    apart = np.append(True, spells[1:, 0] > spells[:-1, 1] + SLACK)[: len(spells)]
    last = np.append(apart[1:], True)[: len(spells)]
    return np.column_stack([spells[apart, 0], spells[last, 1]])


@dataclass(frozen=True, slots=True, eq=False)
class Turned:
    """Numbers of events inside the state as it is turned round, the share of lags that give each, and the count seen.

    ``near`` are the counts just before and after the lag of the record: where an event stands on an edge of a spell,
    the count seen belongs to no stretch of lags, and the less favourable neighbour stands for it.
    """

    values: np.ndarray
    shares: np.ndarray
    on: int
    near: tuple[int, int]

    def tails(self) -> dict[str, float]:
        """One-sided p-values of the count seen, over all lags alike."""
        less, greater = max(self.on, *self.near), min(self.on, *self.near)
        return {"less": self._at_most(less), "greater": self._at_least(greater)}

    def pvalue(self, alternative: Alternative) -> float:
        """p; two-sided is twice the smaller tail."""
        tails = self.tails()
        return tails.get(alternative, min(1.0, 2 * min(tails.values())))

    def attainable(self, alternative: Alternative) -> float:
        """The smallest p that any lag gives."""
        reached = self.values[self.shares > SLACK]
        ends = {"less": self._at_most(reached.min()), "greater": self._at_least(reached.max())}
        return min(self.pvalue(alternative), ends.get(alternative, min(1.0, 2 * min(ends.values()))))

    def limits(self, alternative: Alternative, level: float) -> tuple[float | None, float | None]:
        """The counts that are not rejected."""
        alpha = (1 - level) / (2 if alternative == "two-sided" else 1)
        below, above = np.cumsum(self.shares), np.cumsum(self.shares[::-1])[::-1]
        low, high = self.values[below > alpha + SLACK].min(), self.values[above > alpha + SLACK].max()
        return (None if alternative == "greater" else float(low)), (None if alternative == "less" else float(high))

    def _at_most(self, count: int) -> float:
        return min(1.0, float(self.shares[self.values <= count].sum()))

    def _at_least(self, count: int) -> float:
        return min(1.0, float(self.shares[self.values >= count].sum()))


def turned(series: EventSeries, spells: np.ndarray) -> Turned:
    """The law of the count inside a state over a uniform lag round the circle of watched time.

    The count changes only where an edge of a spell passes an event, so the law is a sum over finitely many
    stretches of lags: no simulation is needed. ``spells`` are those of ``watched_spells``.
    """
    days, times = series.days, _clock(series)
    # An event at t lies in [a + lag, b + lag) for lags in (t - b, t - a], round the circle.
    enter = np.mod(times[:, None] - spells[:, 1], days).ravel()
    leave = np.mod(times[:, None] - spells[:, 0], days).ravel()
    when = np.concatenate([enter, leave])
    order = np.argsort(when, kind="stable")
    steps = np.concatenate([np.ones(enter.size, int), -np.ones(leave.size, int)])[order]
    counts = int(np.sum(enter > leave)) + np.concatenate([[0], np.cumsum(steps)])
    lengths = np.diff(np.concatenate([[0.0], when[order], [days]]))
    there = np.flatnonzero(lengths > SLACK * days)
    values = np.arange(times.size + 1)
    shares = np.bincount(counts[there], weights=lengths[there], minlength=values.size) / lengths[there].sum()
    return Turned(values, shares, inside(series, spells)[1], (int(counts[there[0]]), int(counts[there[-1]])))
