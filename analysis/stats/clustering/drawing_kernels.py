"""Records of a self-exciting process drawn one after the other, compiled and kept on disk."""

from __future__ import annotations

import numpy as np
from numba import njit


@njit(cache=True)
def _seen(holes, t):
    seen = True
    for h in range(holes.shape[0]):
        seen = seen and not holes[h, 0] <= t < holes[h, 1]
    return seen


@njit(cache=True)
def drawn(rng, background, branching, decay, state, end, holes, out, closing):
    """Times of one record into ``out``; returns how many were seen, or -1 where they do not fit.

    ``state`` is the sum of ``exp(-decay * age)`` at the opening. ``closing`` above 0 stops at that many events
    whenever they come, else the record stops at ``end``. Thinning: between events the intensity only falls.
    """
    t, n = 0.0, 0
    while True:
        bound = background + branching * decay * state
        if bound <= 1e-12:
            return -1 if closing > 0 else n
        wait = rng.standard_exponential() / bound
        t += wait
        if closing <= 0 and t >= end:
            return n
        state *= np.exp(-decay * wait)
        if rng.random() * bound <= background + branching * decay * state:
            state += 1.0
            if _seen(holes, t):
                if n == out.size:
                    return -1
                out[n] = t
                n += 1
                if n == closing:
                    return n


@njit(cache=True)
def in_cells(rng, times, holes, end, step):
    """Times drawn anew within the cell of the lattice they fall into, in place; one in a hole stays where it was."""
    for i in range(times.size):
        new = min((np.floor(times[i] / step) + rng.random()) * step, end * (1.0 - 1e-12))
        if _seen(holes, new):
            times[i] = new
    times.sort()


@njit(cache=True)
def rows(rng, size, background, branching, decay, opened, end, holes, least, most, closing, step, tries):
    """Records with ``least`` to ``most`` events seen: (times (size, most), how many in each, -1 where none came)."""
    out = np.zeros((size, most))
    sizes = np.full(size, -1)
    for r in range(size):
        for _ in range(tries):
            state = 1.0 if opened else 0.0
            n = drawn(rng, background, branching, decay, state, end, holes, out[r], closing)
            if n >= least:
                sizes[r] = n
                if step > 0.0 and closing <= 0:
                    in_cells(rng, out[r, :n], holes, end, step)
                break
    return out, sizes


@njit(cache=True)
def counts_ahead(rng, background, branching, decay, state, horizon, most):
    """Events in the next ``horizon``, one draw for each set of parameters; stops at ``most``."""
    out = np.zeros(background.size, np.int64)
    room = np.empty(most)
    nowhere = np.empty((0, 2))
    for r in range(background.size):
        n = drawn(rng, background[r], branching[r], decay[r], state[r], horizon, nowhere, room, 0)
        out[r] = most if n < 0 else n
    return out
