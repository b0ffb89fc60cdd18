"""Fit one receiver of a two-way Hawkes process: many records and decays at once, by Newton steps."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from analysis.stats.coincidence.hawkes_model import Stretches, laid_out, loglik, positive_part, stretches

MOST_COUPLING = 50.0
CELLS = 3e6  # nodes of all problems worked on at once


@dataclass(frozen=True, slots=True, eq=False)
class Fit:
    """The best of several decays for each record: parameters (records, 3), decay and log-likelihood (records,)."""

    theta: np.ndarray
    decay: np.ndarray
    loglik: np.ndarray


def fitted(sequence, receiver: int, decays: np.ndarray, *, coupling: float | None = None) -> Fit:
    """Maximum likelihood over background, own branching and (unless fixed) coupling, and over the given decays.

    ``sequence`` is what ``laid_out`` gives. Given the decay the log-likelihood is concave: the compensator is an
    integral of positive parts of linear functions, and log of a linear function is concave.
    """
    records, m = sequence[0].shape
    step = max(1, int(CELLS // (m * decays.size)))
    parts = []
    for i in range(0, records, step):
        at = stretches(*(a[i : i + step] for a in sequence), receiver, decays)
        theta, value = climb(at, coupling)
        shape = (-1, decays.size)
        best = value.reshape(shape).argmax(axis=1)
        rows = np.arange(best.size)
        parts.append((theta.reshape(*shape, 3)[rows, best], decays[best], value.reshape(shape)[rows, best]))
    return Fit(*(np.concatenate(p) for p in zip(*parts, strict=True)))


def climb(at: Stretches, coupling: float | None, *, most: int = 60) -> tuple[np.ndarray, np.ndarray]:
    """Newton's method with halved steps for every problem; parameters (P, 3) and log-likelihood (P,)."""
    free = np.array([0, 1] if coupling is not None else [0, 1, 2])
    theta = _start(at, coupling or 0.0)
    value = loglik(at, theta)
    open_ = np.arange(theta.shape[0])
    for _ in range(most):
        if open_.size == 0:
            break
        part = at.taken(open_)
        slope, bend = _derivatives(part, theta[open_])
        slope, bend = slope[:, free], bend[:, free[:, None], free]
        ridge = 1e-9 * np.trace(bend, axis1=1, axis2=2)[:, None, None] + 1e-12
        move = np.linalg.solve(bend + ridge * np.eye(free.size), slope[..., None])[..., 0]
        moved, better = _walked(part, theta[open_], value[open_], move, free)
        gain = better - value[open_]
        theta[open_], value[open_] = moved, better
        open_ = open_[gain > 1e-9]
    return theta, value


def _start(at: Stretches, coupling: float) -> np.ndarray:
    """A background high enough that no event meets an intensity of 0."""
    rate = np.maximum(at.event.sum(axis=1), 0.5) / np.maximum(at.length.sum(axis=1), 1e-12)
    pressed = np.where(at.event, -coupling * at.cross, 0.0).max(axis=1)
    return np.column_stack([0.8 * rate + 1.1 * np.maximum(pressed, 0.0), np.full(rate.size, 0.1), [coupling] * rate.size])


def _derivatives(at: Stretches, theta: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Slope (P, 3) and negative bend (P, 3, 3) of the log-likelihood."""
    mu, own, cross = (theta[:, k, None] for k in range(3))
    intensity = mu + own * at.own + cross * at.cross
    inverse = np.where(at.event, 1.0 / np.where(at.event, intensity, 1.0), 0.0)
    ones = np.ones_like(at.own)
    seen = np.stack([ones, at.own, at.cross])
    quiet, faded = positive_part(at, theta)
    # Where the intensity comes back inside a stretch, that moment moves with the parameters.
    turning = (quiet > 0) & (quiet < at.length)
    fade = np.where(turning, np.exp(-at.decay * (at.length - quiet)), 0.0)
    edge = np.stack([turning * ones, at.own_after * fade, at.cross_after * fade])
    weight = np.where(turning, 1.0 / (at.decay * np.maximum(mu, 1e-300)), 0.0)
    slope = np.einsum("kpm,pm->pk", seen, inverse)
    slope -= np.stack([quiet.sum(axis=1), (at.own_after * faded).sum(axis=1), (at.cross_after * faded).sum(axis=1)], 1)
    weighted = seen * inverse
    bend = np.einsum("kpm,lpm->pkl", weighted, weighted) + np.einsum("kpm,lpm,pm->pkl", edge, edge, weight)
    return slope, bend


def _walked(at: Stretches, theta: np.ndarray, value: np.ndarray, move: np.ndarray, free: np.ndarray):
    """The step, halved until it climbs; the background stays above 0, the coupling within its bounds."""
    share = np.ones(theta.shape[0])
    falling = move[:, 0] < 0
    share[falling] = np.minimum(1.0, -0.9 * theta[falling, 0] / move[falling, 0])
    best, best_value = theta.copy(), value.copy()
    left = np.arange(theta.shape[0])
    for _ in range(30):
        if left.size == 0:
            break
        tried = theta[left].copy()
        tried[:, free] += share[left, None] * move[left]
        tried[:, 1:] = np.clip(tried[:, 1:], -MOST_COUPLING, MOST_COUPLING)
        now = loglik(at.taken(left), tried)
        up = now > value[left]
        best[left[up]], best_value[left[up]] = tried[up], now[up]
        left = left[~up]
        share[left] /= 2
    return best, best_value


def decay_grid(span: float, n: int, size: int = 8) -> np.ndarray:
    """Decays from one over a sixth of the window to one over a quarter of the mean wait, geometric."""
    longest = span / 6
    return 1.0 / np.geomspace(longest, min(longest / 2, span / (4 * max(1, n))), size)


def hawkes_fit(times, nodes, *, end: float, rounds: int = 6) -> dict[str, np.ndarray | float]:
    """Maximum likelihood of both series with one decay common to all four kernels.

    Parameters
    ----------
    times, nodes, end : as in ``hawkes_loglik``
    rounds : how often the grid of decays is narrowed about the best one

    Returns
    -------
    background (2,), branching (2, 2) with row = receiving series, decay, loglik
    """
    times, nodes = np.asarray(times, dtype=float).reshape(1, -1), np.asarray(nodes, dtype=int).reshape(1, -1)
    sequence = laid_out(times, nodes, np.empty((0, 2)), end=float(end))
    decays = decay_grid(float(end), times.size)
    for _ in range(rounds):
        climbed = [climb(stretches(*sequence, receiver, decays), None) for receiver in (0, 1)]
        total = climbed[0][1] + climbed[1][1]
        best = int(total.argmax())
        low, high = decays[max(best - 1, 0)], decays[min(best + 1, decays.size - 1)]
        found = [theta[best] for theta, _ in climbed]
        answer = float(decays[best]), float(total[best])
        decays = np.geomspace(low, high, 7)
    first, second = found
    return {
        "background": np.array([first[0], second[0]]),
        "branching": np.array([[first[1], first[2]], [second[2], second[1]]]),
        "decay": answer[0],
        "loglik": answer[1],
    }
