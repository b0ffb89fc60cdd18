"""Many records of a two-way Hawkes process at once, by thinning."""

from __future__ import annotations

import numpy as np


def simulated_pairs(
    size: int,
    *,
    end: float,
    background: np.ndarray,
    branching: np.ndarray,
    decay: np.ndarray,
    opened: tuple[bool, bool] = (False, False),
    most: int = 20_000,
    rng: np.random.Generator,
) -> tuple[np.ndarray, np.ndarray]:
    """Times and nodes of ``size`` records, shape (size, N), padded with ``end`` and -1.

    Parameters
    ----------
    background, decay : (2,); branching : (2, 2), row = receiving series, negative where it inhibits
    opened : whether an event of each series stands at the opening
    most : a record stops at this many events (an explosive fit would go on for ever)

    Notes
    -----
    Ogata (1981), IEEE Transactions on Information Theory 27:23: between events each intensity moves from where it is
    towards its background, so the larger of the two bounds it.
    """
    background, decay = np.asarray(background, dtype=float), np.asarray(decay, dtype=float)
    jump = np.asarray(branching, dtype=float) * decay[:, None]
    excited = np.tile((jump * np.asarray(opened, dtype=float)).sum(axis=1), (size, 1))
    clock, alive = np.zeros(size), np.arange(size)
    times, nodes = [], []
    counts = np.zeros(size, dtype=int)
    while alive.size:
        bound = np.maximum(background, background + excited[alive])
        total = bound.sum(axis=1)
        with np.errstate(divide="ignore"):
            wait = rng.standard_exponential(alive.size) / total
        clock[alive] += wait
        alive, wait, bound = (a[clock[alive] < end] for a in (alive, wait, bound))
        excited[alive] *= np.exp(-decay * wait[:, None])
        intensity = np.maximum(background + excited[alive], 0.0)
        mark = rng.random(alive.size) * bound.sum(axis=1)
        node = np.where(mark < intensity[:, 0], 0, np.where(mark < intensity.sum(axis=1), 1, -1))
        hit = node >= 0
        struck, by = alive[hit], node[hit]
        excited[struck] += jump[:, by].T
        counts[struck] += 1
        row_times, row_nodes = np.full(size, end), np.full(size, -1)
        row_times[struck], row_nodes[struck] = clock[struck], by
        if hit.any():
            times.append(row_times)
            nodes.append(row_nodes)
        alive = alive[counts[alive] < most]
    if not times:
        return np.full((size, 0), end), np.full((size, 0), -1)
    return _packed(np.array(times).T, np.array(nodes).T, end)


def _packed(times: np.ndarray, nodes: np.ndarray, end: float) -> tuple[np.ndarray, np.ndarray]:
    """Events moved to the front of each row, rows as short as the longest record."""
    order = np.argsort(nodes < 0, axis=1, kind="stable")
    width = int((nodes >= 0).sum(axis=1).max(initial=0))
    times, nodes = (np.take_along_axis(a, order, 1)[:, :width] for a in (times, nodes))
    return np.where(nodes < 0, end, times), nodes
