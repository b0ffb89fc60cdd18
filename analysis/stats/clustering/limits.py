"""Limits of the branching ratio: profile likelihood, its critical values simulated for short records."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from analysis.stats.clustering.fit import Record, cells_of, searched

SIMULATED_UP_TO = 300  # events up to which critical values are simulated; chi-square beyond
NODES = np.array([0.06, 0.15, 0.3, 0.45, 0.6, 0.75, 0.9, 1.0])
TURNS = 12
TRIES = 400
NO_BAR = 1e6  # a deviance that nothing reaches


@dataclass(frozen=True, slots=True, eq=False)
class Profile:
    """Deviance of each branching ratio, in the mean over readings, with the fit of the other two there."""

    branching: np.ndarray
    deviance: np.ndarray
    background: np.ndarray
    decay: np.ndarray


def gains(rows: np.ndarray, sizes: np.ndarray, data: Record, *, branching: float = -1.0, closing: bool = False):
    """Twice the log-likelihood gained over a Poisson process by each row, on the clock and window of ``data``."""
    from analysis.stats.clustering.kernels import many

    low, high = data.decays
    last = rows[np.arange(len(rows)), np.maximum(sizes, 1) - 1]
    ends = np.where(closing & (sizes > 0), last, data.end) if closing else np.full(len(rows), data.end)
    hidden = np.clip(ends[:, None] - data.holes[:, 0], 0.0, np.diff(data.holes, axis=1)[:, 0]).sum(axis=1)
    cells = cells_of(low, high)
    return many(
        rows, sizes, ends, ends - hidden, data.holes, data.opened, low, high, cells, float(branching), 1.0, TURNS
    )


def gain(data: Record) -> float:
    """The same for the record itself."""
    return float(gains(data.times[None], np.array([data.times.size]), data)[0])


def profile(records: list[Record], grid: np.ndarray) -> Profile:
    """Deviance over ``grid``: twice the log-likelihood lost by holding the branching ratio there."""
    n = records[0].times.size
    table = np.empty((len(records), grid.size, 3))
    for i, data in enumerate(records):
        decays, top = None, gain(data) / 2 + data.poisson
        if n > SIMULATED_UP_TO * 10:
            best = searched(data, turns=TURNS)
            top = best[0]
            decays = max(data.decays[0], best[3] / 4), min(data.decays[1], best[3] * 4)
        for j, eta in enumerate(grid):
            ll, mu, _, decay = searched(data, eta, decays, TURNS)
            table[i, j] = max(0.0, 2 * (top - ll)), mu / data.scale, decay / data.scale
    middle = np.median(table, axis=0)
    return Profile(grid, table[:, :, 0].mean(axis=0), middle[:, 1], middle[:, 2])


def critical(data: Record, curve: Profile, null: np.ndarray, *, level: float, rng, resamples: int, step: float):
    """Critical deviance at every branching ratio of ``curve``, from records simulated at a few of them.

    Each is drawn with the other two as fitted there, in the same window with about as many events, rounded as the
    data were. At 0 it is that of the test against a Poisson process, so that limits and p-value agree.
    """
    from scipy.stats import chi2

    at_zero = upper(null, level)
    if data.times.size > SIMULATED_UP_TO:
        found = np.full(curve.branching.size, float(chi2.ppf(level, 1)))
        return np.where(curve.branching > 0, found, at_zero)
    nodes, values = [0.0], [at_zero]
    for eta in NODES:
        j = int(np.argmin(np.abs(curve.branching - eta)))
        simulated = deviances(
            data, float(curve.background[j]) * data.scale, eta, float(curve.decay[j]) * data.scale,
            rng=rng, resamples=resamples, step=step,
        )  # fmt: skip
        if simulated.size >= 20:
            nodes.append(float(eta))
            values.append(upper(simulated, level))
    return np.interp(curve.branching, nodes, values)


def deviances(data: Record, background: float, branching: float, decay: float, *, rng, resamples: int, step: float):
    """Deviance of the true branching ratio in records simulated with it."""
    rows, sizes, closing = records_like(data, background, branching, decay, rng=rng, resamples=resamples, step=step)
    free = gains(rows, sizes, data, closing=closing)
    return np.maximum(0.0, free - gains(rows, sizes, data, branching=branching, closing=closing))


def records_like(
    data: Record, background: float, branching: float, decay: float, *, rng, resamples: int, step: float
) -> tuple[np.ndarray, np.ndarray, bool]:
    """Records of the process in the window of ``data`` with about as many events: (rows, sizes, closed by an event).

    About: within a tenth. A record closed by an event is run until it has as many.
    """
    from analysis.stats.clustering.drawing_kernels import rows

    n = data.times.size
    closing = n if data.closed else 0
    slack = 0 if closing else round(0.1 * n)
    about = (background, min(branching, 0.99), decay, data.opened, data.end, data.holes)
    found, sizes = rows(rng, resamples, *about, max(1, n - slack), n + slack, closing, step / data.scale, TRIES)
    kept = sizes > 0
    return found[kept], sizes[kept], bool(closing)


def upper(null: np.ndarray, level: float) -> float:
    """The largest deviance whose p-value among ``null`` is above 1 - level; ``NO_BAR`` where too few were simulated."""
    k = int(np.floor((1 - level) * (null.size + 1) + 1e-9))
    return float(np.sort(null)[null.size - k]) if k else NO_BAR


def crossings(curve: Profile, bar: np.ndarray, value: float, pvalue: float, level: float) -> tuple[float, float]:
    """Ends of the branching ratios whose deviance is not above ``bar``; 0 is among them if p is above 1 - level."""
    eta, over = curve.branching, curve.deviance - bar
    inside = np.flatnonzero(over[1:] <= 0) + 1
    if inside.size == 0:
        inside = np.array([max(1, int(np.argmin(curve.deviance)))])
    first, last = int(inside[0]), int(inside[-1])
    high = _between(eta[last : last + 2], over[last : last + 2]) if last + 1 < eta.size else float(eta[-1])
    low = 0.0 if pvalue > 1 - level else _between(eta[first - 1 : first + 1], over[first - 1 : first + 1])
    if pvalue <= 1 - level:
        low = max(low, 1e-3 * float(eta[1]))
    return min(low, value), max(high, value)


def _between(eta: np.ndarray, over: np.ndarray) -> float:
    """Where the excess over the bar crosses 0 between two branching ratios."""
    if over[0] * over[1] >= 0:
        return float(eta[0] if abs(over[0]) < abs(over[1]) else eta[1])
    return float(eta[0] + (eta[1] - eta[0]) * over[0] / (over[0] - over[1]))
