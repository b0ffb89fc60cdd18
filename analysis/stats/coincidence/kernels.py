"""Loops of the two-way Hawkes fit, compiled once and kept on disk."""

from __future__ import annotations

import math

import numpy as np
from numba import njit


@njit(cache=True)
def followed_states(times, own_source, cross_source, decay, before, after):
    """Excitation just before and after every node, filled in: shapes (2, records, D, M)."""
    records, m = times.shape
    for i in range(records):
        for d in range(decay.shape[1]):
            b = decay[i, d]
            own = cross = own_pending = cross_pending = 0.0
            for k in range(m):
                gap = times[i, k] - times[i, k - 1] if k > 0 else 0.0
                # Events at one instant do not excite each other: what they add waits until time moves on.
                if gap > 0.0:
                    fade = math.exp(-b * gap)
                    own, cross = (own + own_pending) * fade, (cross + cross_pending) * fade
                    own_pending = cross_pending = 0.0
                if own_source[i, k]:
                    own_pending += b
                elif cross_source[i, k]:
                    cross_pending += b
                before[0, i, d, k], before[1, i, d, k] = own, cross
                after[0, i, d, k], after[1, i, d, k] = own + own_pending, cross + cross_pending


@njit(cache=True, error_model="numpy")
def value_at(event, own, cross, own_after, cross_after, length, faded, b, mu, a, c):
    """Log-likelihood of one problem; minus infinity where an event met an intensity of 0."""
    total = 0.0
    for k in range(event.size):
        if event[k]:
            x = mu + a * own[k] + c * cross[k]
            if x <= 0.0:
                return -np.inf
            total += math.log(x)
        u = length[k]
        if u > 0.0:
            r = a * own_after[k] + c * cross_after[k]
            if r >= -mu:
                total -= mu * u + r * (1.0 - faded[k]) / b
            elif mu > 0.0:
                start = math.log(-r / mu) / b
                if start < u:
                    total -= mu * (u - start) + r * (-mu / r - faded[k]) / b
    return total


@njit(cache=True, error_model="numpy")
def slopes_at(event, own, cross, own_after, cross_after, length, faded, b, mu, a, c, slope, bend):
    """Slope (3,) and negative bend (3, 3, lower half) of the log-likelihood of one problem, filled in."""
    slope[:] = 0.0
    bend[:] = 0.0
    x = np.empty(3)
    for k in range(event.size):
        if event[k]:
            inverse = 1.0 / (mu + a * own[k] + c * cross[k])
            x[0], x[1], x[2] = inverse, own[k] * inverse, cross[k] * inverse
            for i in range(3):
                slope[i] += x[i]
                for j in range(i + 1):
                    bend[i, j] += x[i] * x[j]
        u = length[k]
        if u > 0.0:
            r = a * own_after[k] + c * cross_after[k]
            quiet, fade = u, (1.0 - faded[k]) / b
            if r < -mu:
                start = math.log(-r / mu) / b
                if start >= u:
                    continue
                # Where the intensity comes back inside a stretch, that moment moves with the parameters.
                back = -mu / r
                quiet, fade = u - start, (back - faded[k]) / b
                x[0], x[1], x[2] = 1.0, own_after[k] * back, cross_after[k] * back
                for i in range(3):
                    for j in range(i + 1):
                        bend[i, j] += x[i] * x[j] / (b * mu)
            slope[0] -= quiet
            slope[1] -= own_after[k] * fade
            slope[2] -= cross_after[k] * fade


@njit(cache=True, error_model="numpy")
def step_of(slope, bend, free, move):
    """Newton's step in the first ``free`` parameters, by Cholesky, each diagonal raised by a billionth."""
    low = np.zeros((3, 3))
    for i in range(free):
        for j in range(i + 1):
            s = bend[i, j] * (1.0 + 1e-9 if i == j else 1.0)
            for k in range(j):
                s -= low[i, k] * low[j, k]
            low[i, j] = math.sqrt(max(s, 1e-12 * bend[i, i] + 1e-300)) if i == j else s / low[j, j]
    for i in range(free):
        s = slope[i]
        for k in range(i):
            s -= low[i, k] * move[k]
        move[i] = s / low[i, i]
    for i in range(free - 1, -1, -1):
        s = move[i]
        for k in range(i + 1, free):
            s -= low[k, i] * move[k]
        move[i] = s / low[i, i]


@njit(cache=True, error_model="numpy")
def climbed(event, own, cross, own_after, cross_after, length, decay, theta, free, bound):
    """Newton's method with halved steps for every problem; ``theta`` (P, 3) is moved, the values (P,) come back."""
    problems = theta.shape[0]
    value = np.empty(problems)
    slope, bend, move = np.empty(3), np.empty((3, 3)), np.zeros(3)
    for p in range(problems):
        b = decay[p, 0]
        faded = np.exp(-b * length[p])
        parts = (event[p], own[p], cross[p], own_after[p], cross_after[p], length[p], faded, b)
        mu, a, c = theta[p]
        now = value_at(*parts, mu, a, c)
        for _ in range(100):
            slopes_at(*parts, mu, a, c, slope, bend)
            move[:] = 0.0
            step_of(slope, bend, free, move)
            share = 1.0
            if move[0] < 0.0:
                share = min(1.0, -0.9 * mu / move[0])
            gain = 0.0
            for _ in range(30):
                tried_a = min(max(a + share * move[1], -bound), bound)
                tried_c = min(max(c + share * move[2], -bound), bound) if free == 3 else c
                tried = value_at(*parts, mu + share * move[0], tried_a, tried_c)
                if tried > now:
                    gain = tried - now
                    mu, a, c, now = mu + share * move[0], tried_a, tried_c, tried
                    break
                share *= 0.5
            if gain <= 1e-9:
                break
        theta[p, 0], theta[p, 1], theta[p, 2] = mu, a, c
        value[p] = now
    return value
