"""Fit one receiver of a two-way Hawkes process: many records and decays at once, by Newton steps."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from analysis.stats.coincidence.hawkes_model import Stretches, laid_out, stretches

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


def climb(at: Stretches, coupling: float | None) -> tuple[np.ndarray, np.ndarray]:
    """Newton's method with halved steps for every problem; parameters (P, 3) and log-likelihood (P,)."""
    from analysis.stats.coincidence.kernels import climbed

    theta = _start(at, coupling or 0.0)
    parts = (getattr(at, name) for name in at.__dataclass_fields__)
    value = climbed(*map(np.ascontiguousarray, parts), theta, 3 if coupling is None else 2, MOST_COUPLING)
    return theta, value


def _start(at: Stretches, coupling: float) -> np.ndarray:
    """A background high enough that no event meets an intensity of 0."""
    rate = np.maximum(at.event.sum(axis=1), 0.5) / np.maximum(at.length.sum(axis=1), 1e-12)
    pressed = np.where(at.event, -coupling * at.cross, 0.0).max(axis=1)
    return np.column_stack(
        [0.8 * rate + 1.1 * np.maximum(pressed, 0.0), np.full(rate.size, 0.1), [coupling] * rate.size]
    )


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
