"""Waits and a covariate in time as rows at risk, and the score of the covariate for many series at once."""

from __future__ import annotations

from itertools import pairwise
from typing import Literal, NamedTuple

import numpy as np

from analysis.stats.hazard.partial import Rows
from analysis.stats.hazard.responses import Response
from analysis.timeline import EventSeries

Frozen = Literal["split", "start"]
COVARIATES: tuple[Frozen, ...] = ("split", "start")
TINY = 1e-12


def rows_of(series: EventSeries, responses: list[Response], covariates: Frozen) -> Rows:
    """Start-stop rows of the waits on their own clock, one column for each response.

    A wait that crosses a hole is censored there and enters late after it; the stretch before the first event is no
    wait. With "split" a wait is cut where a covariate changes; with "start" it keeps what held when it began. An
    event at the very instant of a change falls after it, so edges stand a hair before their time.
    """
    table = series.waits()
    table = table[table["kind"] != "entry"]
    cuts = np.unique(np.concatenate([r.edges[1:-1] for r in responses])) - _hair(series)
    parts: list[tuple[float, float, bool, list[float]]] = []
    for wait in table.itertuples():
        begin = wait.end - wait.days
        if covariates == "start":
            # Time 0 on the wait's clock is inside the first row, so that waits of no length count.
            entry = -1.0 if wait.entered == 0 else wait.entered
            parts.append((entry, wait.days, not wait.censored, [float(r.at(begin)) for r in responses]))
            continue
        edges = [wait.start, *cuts[(cuts > wait.start) & (cuts < wait.end)], wait.end]
        for a, b in pairwise(edges):
            entry = -1.0 if a == begin else a - begin
            if b - begin <= entry:
                continue
            values = [float(r.at((a + b) / 2)) for r in responses]
            parts.append((entry, b - begin, bool(b == wait.end and not wait.censored), values))
    start, stop, event, x = ([p[i] for p in parts] for i in range(4))
    return Rows(
        np.array(start, dtype=float),
        np.array(stop, dtype=float),
        np.array(event, dtype=bool),
        np.array(x, dtype=float).reshape(-1, len(responses)),
        np.zeros(len(parts), dtype=int),
    )


class Sums(NamedTuple):
    """At every event of many series: its age, its covariate, and the sums over the waits at risk; all (size, events).

    ``total``, ``first``, ``second`` are the sums of ``w``, ``w x`` and ``w x x`` with ``w = exp(beta x)``, up to one
    factor per row.
    """

    age: np.ndarray
    own: np.ndarray
    total: np.ndarray
    first: np.ndarray | None = None
    second: np.ndarray | None = None

    @property
    def mean(self) -> np.ndarray:
        """Weighted mean of the covariate at risk; that of the event where nobody is."""
        return np.where(self.total > TINY, self.first / np.maximum(self.total, TINY), self.own)

    @property
    def variance(self) -> np.ndarray:
        """Weighted variance of the covariate at risk."""
        square = np.where(self.total > TINY, self.second / np.maximum(self.total, TINY), self.own**2)
        return np.maximum(square - self.mean**2, 0.0)


def sums(
    times: np.ndarray,
    series: EventSeries,
    covariate: Response,
    beta: np.ndarray | float,
    covariates: Frozen,
    *,
    powers: int = 3,
) -> Sums:
    """The sums of Cox's score (Breslow ties) for rows of sorted ``times``, shape (size, n), and one ``beta`` each.

    The waits are those of each row of times in the window of ``series``, by the rules of ``rows_of``. ``powers=2``
    leaves ``second`` out.
    """
    begin, end, events = _waits(times, series)
    size = times.shape[0]
    if events < 1:
        return Sums(*(np.zeros((size, 0)) for _ in range(2 + powers)))
    age = end - begin
    changes = covariate.edges[1:-1] - _hair(series)
    starts, stops = np.append(-np.inf, changes), np.append(changes, np.inf)
    low = np.maximum(starts - begin[..., None], -1.0)
    high = np.minimum(stops - begin[..., None], age[..., None])
    if covariates == "split":
        own = covariate.at(end[:, :events])
        value = np.broadcast_to(covariate.values, low.shape)
    else:
        value = np.broadcast_to(covariate.at(begin)[..., None], low.shape)
        own = value[:, :events, 0]
    keep = (high > low) & (high >= 0) & covariate.watched
    # One long line of keys, the rows far apart, is searched at once; a wait adds its weight and takes it off.
    apart = np.arange(size) * (4 * series.window.span + 4)
    row = np.broadcast_to(np.arange(size)[:, None, None], low.shape)[keep]
    beta = np.broadcast_to(np.asarray(beta, dtype=float), (size,))
    x = value[keep]
    weight = np.exp(beta[row] * x - np.maximum(beta, 0.0)[row])
    keys = np.concatenate([low[keep] + apart[row], high[keep] + apart[row]])
    order = np.argsort(keys)
    at = np.searchsorted(keys[order], age[:, :events] + apart[:, None], side="left")
    found = (_running(weight * x**k, order, at) for k in range(powers))
    return Sums(age[:, :events], own, *found)


def scores(times: np.ndarray, series: EventSeries, covariate: Response, beta: float, covariates: Frozen) -> np.ndarray:
    """Cox's score of one covariate at ``beta``, Breslow ties, for rows of times, shape (size, n) -> (size,)."""
    found = sums(times, series, covariate, beta, covariates, powers=2)
    return (found.own - found.mean).sum(axis=1)


def _waits(times: np.ndarray, series: EventSeries) -> tuple[np.ndarray, np.ndarray, int]:
    """Begin and end of every wait of each row of times, and how many of them end in an event."""
    window, edge = series.window, np.zeros((times.shape[0], 1))
    begin = np.hstack([edge, times]) if window.opened_by_event else times
    end = times if window.opened_by_event else times[:, 1:]
    events = end.shape[1]
    if window.closed_by_event:
        return begin[:, :events], end, events
    return begin, np.hstack([end, edge + window.span])[:, : begin.shape[1]], min(events, begin.shape[1])


def _running(weight: np.ndarray, order: np.ndarray, at: np.ndarray) -> np.ndarray:
    """Sum of the weights that have come in and not yet gone at each place of the line."""
    return np.append(0.0, np.cumsum(np.concatenate([weight, -weight])[order]))[at]


def _hair(series: EventSeries) -> float:
    return 1e-9 * series.window.span
