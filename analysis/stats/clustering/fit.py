"""Fit of the self-exciting process to plain times: background, branching ratio and decay together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from analysis.errors import ParameterError
from analysis.timeline import EventSeries

GRID_UP_TO = 3000  # events up to which the whole range of decays is searched
SHORTEST = 1000.0  # the shortest mean lag is the mean wait over this
CELLS = 2.2  # cells of the grid for each unit of the logarithm of the decay


@dataclass(frozen=True, slots=True, kw_only=True)
class HawkesFit:
    """A fitted self-exciting process: intensity ``background + sum branching * decay * exp(-decay * age)``.

    background : events per unit of time that nothing brought about
    branching : mean number of events each event brings about, 0 to 1
    decay : one over the mean lag from an event to those it brings about
    loglik : log-likelihood at these three
    """

    background: float
    branching: float
    decay: float
    loglik: float


@dataclass(frozen=True, slots=True, eq=False)
class Record:
    """Times in units of the mean wait, with the watched time, as the kernels take them.

    scale : units of time in one mean wait; shift : what the log-likelihood gains on the way back
    closed : the last event closed the window
    """

    times: np.ndarray
    holes: np.ndarray
    end: float
    watched: float
    opened: bool
    scale: float
    closed: bool = False

    @property
    def shift(self) -> float:
        return -self.times.size * float(np.log(self.scale))

    @property
    def poisson(self) -> float:
        """Largest log-likelihood of a Poisson process, on this clock."""
        n = self.times.size
        return n * float(np.log(n / self.watched)) - n if n else 0.0

    @property
    def decays(self) -> tuple[float, float]:
        """The range searched: mean lags from a thousandth of the mean wait to the whole window."""
        return 1.0 / self.end, SHORTEST

    @property
    def about(self) -> tuple:
        return self.times, self.holes, self.end, self.watched, self.opened


def cells_of(low: float, high: float) -> int:
    """Cells of a grid of decays fine enough for golden sections to start from."""
    return max(2, int(np.ceil(CELLS * np.log(high / low))))


def record(times, end: float, *, holes: Sequence[tuple[float, float]] = (), opened_by_event: bool = False) -> Record:
    """Checked times on the clock of the kernels."""
    t = np.ascontiguousarray(times, dtype=float)
    if t.ndim != 1:
        raise ParameterError(f"times must be one row of numbers, got an array of shape {t.shape}")
    if not (np.isfinite(end) and end > 0):
        raise ParameterError(f"end must be a finite time above 0, got {end!r}; times run from the opening at 0")
    if t.size and not (t[0] >= 0 and t[-1] <= end and np.all(t[1:] >= t[:-1])):
        raise ParameterError(f"times must be sorted and lie from 0 to the end {end:g}: sort them, or move the end")
    h = np.ascontiguousarray(holes, dtype=float).reshape(-1, 2)
    edges = h.ravel()
    if edges.size and not (edges[0] >= 0 and edges[-1] <= end and np.all(np.diff(edges) >= 0)):
        raise ParameterError("holes must be pairs (from, to) in order, apart from each other, inside the window")
    watched = float(end - np.diff(h, axis=1).sum())
    if watched <= 0:
        raise ParameterError("the holes leave no watched time")
    scale = watched / max(1, t.size)
    return Record(t / scale, h / scale, float(end) / scale, watched / scale, bool(opened_by_event), scale)


def record_of(series: EventSeries) -> Record:
    """The point times of a series on the clock of the kernels."""
    window = series.window
    data = record(series.times, window.span, holes=window.hole_edges, opened_by_event=window.opened_by_event)
    return replace(data, closed=window.closed_by_event)


def fit_hawkes(
    times, end: float, *, holes: Sequence[tuple[float, float]] = (), opened_by_event: bool = False
) -> HawkesFit:
    """Maximum-likelihood fit of a self-exciting process with an exponential kernel to sorted times.

    Parameters
    ----------
    times : float array, shape (n,), sorted, units of time since the window opened
    end : length of the window, in the same unit
    holes : stretches (from, to) in which nobody watched; what fell into them is taken to excite nothing after
    opened_by_event : an event stood at 0; it excites, and is not one of ``times``

    Returns
    -------
    HawkesFit; at branching 0 the fit is a Poisson process, and the decay means nothing

    Notes
    -----
    Each pass over the times gives the likelihood, its gradient and its Hessian (Ozaki 1979, Ann. Inst. Statist.
    Math. 31:145). Up to 3000 events the whole range of decays is searched: for a given decay the likelihood is
    concave in the other two. Longer rows start from the fit of a part, and are searched whole if that fails. The
    branching ratio is held to at most 1, the mean lag between a thousandth of the mean wait and the window.
    Events at one instant count as following each other at once: draw them within their precision beforehand.
    """
    data = record(times, end, holes=holes, opened_by_event=opened_by_event)
    ll, mu, eta, decay = fitted(data)
    return HawkesFit(background=mu / data.scale, branching=eta, decay=decay / data.scale, loglik=ll + data.shift)


def fitted(data: Record) -> tuple[float, float, float, float]:
    """(loglik, background, branching, decay) on the clock of ``data``."""
    n = data.times.size
    if n == 0:
        return 0.0, 0.0, 0.0, data.decays[0]
    if n > GRID_UP_TO:
        found = climbed(data, _start(data))
        if found is not None:
            return found
    best = searched(data)
    polished = climbed(data, best[1:]) if best[2] > 1e-6 else None
    return polished if polished is not None and polished[0] >= best[0] else best


def searched(data: Record, branching: float = -1.0, decays: tuple[float, float] | None = None, turns: int = 20):
    """Largest likelihood over a range of decays, with the branching ratio free (below 0) or given."""
    from analysis.stats.clustering.kernels import over_decays

    low, high = decays or data.decays
    found = over_decays(*data.about, low, high, cells_of(low, high), float(branching), 1.0, turns)
    return tuple(float(v) for v in found)


def climbed(data: Record, start: tuple[float, float, float]) -> tuple[float, float, float, float] | None:
    """Newton's method on the logarithms of the three; None where it leaves the inside of their range."""
    from analysis.stats.clustering.kernels import curvature

    x = np.log(np.maximum(start, 1e-12))
    ll, gradient, hessian = curvature(*data.about, *np.exp(x))
    for _ in range(40):
        p = np.exp(x)
        slope = gradient * p
        bend = -(hessian * np.outer(p, p) + np.diag(slope))
        smallest = float(np.linalg.eigvalsh(bend)[0])
        if smallest <= 0:
            bend += (1e-3 * np.abs(bend).max() - smallest) * np.eye(3)
        step = np.linalg.solve(bend, slope)
        step *= min(1.0, 1.5 / max(1e-300, float(np.abs(step).max())))
        if smallest > 0 and slope @ step < 1e-6:
            return (ll, *map(float, p)) if _inside(data, p) else None
        for _ in range(12):
            new = curvature(*data.about, *np.exp(x + step))
            if new[0] >= ll:
                break
            step *= 0.4
        else:
            return None
        x = x + step
        ll, gradient, hessian = float(new[0]), new[1], new[2]
        if not _inside(data, np.exp(x), 3.0):
            return None
    return None


def _inside(data: Record, p: np.ndarray, slack: float = 1.0) -> bool:
    low, high = data.decays
    return bool(1e-6 < p[1] <= slack and low / slack <= p[2] <= high * slack and p[0] > 1e-9)


def _start(data: Record) -> tuple[float, float, float]:
    """The fit of parts taken from the middle, each thirty times the one before."""
    n = data.times.size
    size, found = 1000, None
    while 3 * size < n:
        first = (n - size) // 2
        since = data.times[first]
        until = data.times[first + size] - since
        if until <= 0:
            return 0.5, 0.5, 1.0
        holes = np.clip(data.holes - since, 0.0, until)
        holes = holes[holes[:, 1] > holes[:, 0]]
        watched = until - float(np.diff(holes, axis=1).sum())
        part = Record(data.times[first + 1 : first + size] - since, holes, until, watched, True, 1.0)
        found = (climbed(part, found[1:]) if found else None) or searched(part, turns=8)
        size *= 30
    return max(found[1], 1e-3), min(max(found[2], 0.02), 0.98), found[3]
