"""Laws of the resultant of von Mises angles: the density under even hours, tilted, and what it says of kappa and mu."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from scipy import special

NODES = 600
STEPWISE = 12  # vectors up to which the law of their sum is built one by one
# Share of alpha spent on ruling out the direction opposite to the mean, which the conditional test cannot do.
OPPOSITE = 0.1


def length_of(kappa: np.ndarray | float) -> np.ndarray | float:
    """Mean resultant length A(kappa) = I1 / I0 of a von Mises law."""
    return special.i1e(kappa) / special.i0e(kappa)


@lru_cache(maxsize=1)
def _table() -> tuple[np.ndarray, np.ndarray]:
    kappa = np.concatenate([[0.0], np.geomspace(1e-5, 1e8, 12000)])
    return length_of(kappa), kappa


def kappa_of(length: np.ndarray | float) -> np.ndarray | float:
    """The concentration whose mean resultant length is ``length``: the inverse of A, by two steps of Newton."""
    known, kappa = _table()
    rho = np.asarray(length, dtype=float)
    k = np.interp(rho, known, kappa)
    for _ in range(2):
        a = length_of(k)
        slope = np.where(k > 1e-6, 1 - a / np.maximum(k, 1e-12) - a**2, 0.5)
        k = np.where(k < 1e4, np.maximum(k - (a - rho) / np.maximum(slope, 1e-12), 0.0), k)
    return float(k) if np.ndim(length) == 0 else k


def kappa_by_fisher(length: float) -> float:
    """Fisher's (1993, p. 88) approximation of ``kappa_of``, which R's CircStats and circular print as the estimate."""
    r = float(length)
    if r < 0.53:
        return 2 * r + r**3 + 5 * r**5 / 6
    return -0.4 + 1.39 * r + 0.43 / (1 - r) if r < 0.85 else 1 / (r**3 - 4 * r**2 + 3 * r)


def log_plane(n: int, r: np.ndarray) -> np.ndarray:
    """Log density, up to a constant, of the sum of n uniform unit vectors at distance ``r`` from the origin; n >= 3."""
    nodes, logs = _plane(n)
    return np.interp(r, nodes, logs)


@lru_cache(maxsize=128)
def _plane(n: int) -> tuple[np.ndarray, np.ndarray]:
    """Distances and log densities: in closed form for n = 3, by adding one vector at a time up to ``STEPWISE``.

    Beyond, Daniels' saddlepoint form in two dimensions, whose cumulant function is ``n log I0(kappa)``.
    """
    gaps = np.concatenate([np.geomspace(1e-9, 0.05, 700), np.linspace(0.05, 1.0, 1801)[1:]])
    nodes = n * (1 - gaps[::-1])
    if n == 3:
        return nodes, _three(nodes)
    if n > STEPWISE:
        return nodes, _saddlepoint(n, nodes)
    # The sum lies at x if the last vector, at angle theta, started from |x - e(theta)|, which n - 1 vectors reach.
    x = np.maximum(nodes, 1e-9)
    widest = np.arccos(np.clip((x**2 + 1 - (n - 1) ** 2) / (2 * x), -1.0, 1.0))
    theta = widest[:, None] * (np.arange(800) + 0.5) / 800
    log = log_plane(n - 1, np.sqrt(np.maximum(x[:, None] ** 2 + 1 - 2 * x[:, None] * np.cos(theta), 0.0)))
    top = log.max(axis=1)
    return nodes, top + np.log(np.exp(log - top[:, None]).mean(axis=1) * np.maximum(widest, 1e-300))


def _three(r: np.ndarray) -> np.ndarray:
    """Borwein, Straub, Wan and Zudilin (2012): the density of three steps, over the circumference."""
    x = np.clip(r**2 * (9 - r**2) ** 2 / (3 + r**2) ** 3, 0.0, 1 - 1e-12)
    return np.log(special.hyp2f1(1 / 3, 2 / 3, 1.0, x) / (3 + r**2))


def _saddlepoint(n: int, r: np.ndarray) -> np.ndarray:
    rho = r / n
    k = np.maximum(kappa_of(rho), 1e-9)
    across = np.where(k < 1e-4, 0.5, rho / k)
    along = np.where(k < 1e3, 1 - across - rho**2, 0.5 / k**2)
    along = np.where(k < 1e-4, 0.5, np.maximum(along, 1e-300))
    return n * (np.log(special.i0e(k)) + k * (1 - rho)) - 0.5 * np.log(along * across)


@lru_cache(maxsize=64)
def _lengths(n: int) -> tuple[np.ndarray, np.ndarray]:
    """Middles of steps of the length of the sum, and the log density of the length under even hours."""
    # Steps shrink toward n, where concentrated angles put it.
    edges = n * (1 - np.linspace(1, 0, 4 * NODES + 1) ** 3)
    r = (edges[1:] + edges[:-1]) / 2
    return r, log_plane(n, r) + np.log(r) + np.log(np.diff(edges))


def length_tails(n: int, sums: np.ndarray, kappa: float) -> tuple[np.ndarray, np.ndarray]:
    """Chances of a length of the sum of at most, and of at least, each of ``sums`` under concentration ``kappa``.

    The density of the length is that under even hours times ``I0(kappa r)`` (Mardia and Jupp 2000, eq. 4.5.6).
    """
    r, base = _lengths(n)
    log = base + np.log(special.i0e(kappa * r)) + kappa * r
    weight = np.exp(log - log.max())
    below = np.concatenate([[0.0], np.cumsum(weight)]) / weight.sum()
    edges = n * (1 - np.linspace(1, 0, 4 * NODES + 1) ** 3)
    at_most = np.interp(sums, edges, below)
    return at_most, 1 - at_most


def direction_pvalue(n: int, sums: np.ndarray, off: np.ndarray | float) -> np.ndarray:
    """P of a mean direction ``off`` radians away from that of sums of length ``sums``, kappa unknown.

    Given the sum of cosines toward the direction named, the sum of sines has a law free of kappa (Stephens 1962;
    Mardia and Jupp 2000, section 7.2.1): its tail. That test cannot tell a direction from its opposite, so a tenth
    of the level goes to one-sided Rayleigh against it: P(C <= c) is largest under even hours.
    """
    from analysis.stats.rhythm.resultant import component_pvalue

    sums, off = np.broadcast_arrays(np.asarray(sums, dtype=float), np.asarray(off, dtype=float))
    c, s = sums * np.cos(off), np.abs(sums * np.sin(off))
    most = np.sqrt(np.maximum(n**2 - c**2, 1e-18))
    steps = (np.arange(NODES) + 0.5) / NODES
    # Two stretches, below and beyond the sine seen, so that neither tail is lost between steps.
    inner, outer = s[..., None] * steps, s[..., None] + (most - s)[..., None] * steps**2
    logs = [log_plane(n, np.hypot(c[..., None], x)) for x in (inner, outer)]
    top = np.maximum(logs[0].max(axis=-1), logs[1].max(axis=-1))[..., None]
    below = np.exp(logs[0] - top).mean(axis=-1) * s
    beyond = (np.exp(logs[1] - top) * 2 * steps).mean(axis=-1) * (most - s)
    p = beyond / (below + beyond) / (1 - OPPOSITE)
    against = np.array([component_pvalue(n, -x / n) for x in c.ravel()]).reshape(c.shape) / OPPOSITE
    return np.minimum(1.0, np.minimum(p, np.where(c < 0, against, 1.0)))
