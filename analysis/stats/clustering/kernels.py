"""Passes over sorted times for the self-exciting process with an exponential kernel, compiled and kept on disk.

Times are in units of the mean wait, so that intensities are about 1. ``A`` at an event is the sum of
``exp(-decay * age)`` over earlier events (an event that opened the window is one of them). Over watched time the
kernels of all events integrate to ``n - A(end) - sum over holes of (A(start) - A(end))``, since A falls by what the
kernels give off: no sum over events is needed for it.
"""

from __future__ import annotations

import numpy as np
from numba import njit

FAST = {"reassoc", "contract", "arcp", "nsz"}
BATCH = 8  # intensities multiplied before a logarithm is taken


@njit(cache=True, fastmath=FAST)
def excitation(t, holes, end, opened, decay, out):
    """Fill ``out`` with A at each event; return what the kernels (each of mass 1) give off in watched time."""
    n, h, gone = t.size, 0, 0.0
    state = 1.0 if opened else 0.0
    mass = state + n
    last = 0.0
    for i in range(n):
        while h < holes.shape[0] and holes[h, 0] <= t[i]:
            at_start = state * np.exp(-decay * (holes[h, 0] - last))
            gone -= at_start * np.expm1(-decay * (holes[h, 1] - holes[h, 0]))
            h += 1
        state *= np.exp(-decay * (t[i] - last))
        out[i] = state
        state += 1.0
        last = t[i]
    while h < holes.shape[0] and holes[h, 0] < end:
        at_start = state * np.exp(-decay * (holes[h, 0] - last))
        gone -= at_start * np.expm1(-decay * (holes[h, 1] - holes[h, 0]))
        h += 1
    return mass - state * np.exp(-decay * (end - last)) - gone


@njit(cache=True, fastmath=FAST)
def _log_sum(level, slope, a):
    """Sum of ``log(level + slope * a)``."""
    total, product, held = 0.0, 1.0, 0
    for i in range(a.size):
        product *= level + slope * a[i]
        held += 1
        if held == BATCH:
            total += np.log(product)
            product, held = 1.0, 0
    return total + np.log(product)


@njit(cache=True, fastmath=FAST)
def _best_background(a, slope, watched):
    """The background at which ``sum 1 / (background + slope a) = watched``; 0 where it would be negative."""
    n, empty = a.size, 0
    total = 0.0
    for i in range(n):
        if slope * a[i] <= 0.0:
            empty += 1
        else:
            total += 1.0 / (slope * a[i])
    if empty == 0 and total <= watched:
        return 0.0
    # From the left Newton's steps rise to the root of this convex falling function and never pass it.
    mu = empty / watched
    for _ in range(100):
        value, fall = -watched, 0.0
        for i in range(n):
            r = 1.0 / (mu + slope * a[i])
            value += r
            fall += r * r
        step = value / fall
        mu += step
        if step <= 1e-10 * mu:
            break
    return mu


@njit(cache=True, fastmath=FAST)
def _best_share(a, scale, start):
    """Share w of excited events at which ``sum log(1 - w + w scale a)`` is largest, 0 to 1."""
    n = a.size
    rising = 0.0
    for i in range(n):
        rising += scale * a[i]
    if rising <= n:
        return 0.0
    low, high, w = 0.0, 1.0, start
    if not 0.0 < w < 1.0:
        w = 0.3
    for _ in range(60):
        slope, bend = 0.0, 0.0
        for i in range(n):
            d = scale * a[i] - 1.0
            r = d / (1.0 + w * d)
            slope += r
            bend += r * r
        if slope > 0:
            low = w
        else:
            high = w
        step = slope / bend
        new = w + step
        if new <= low or new >= high:
            new = 0.5 * (low + high)
        if abs(new - w) < 1e-9:
            w = new
            break
        w = new
    return w


@njit(cache=True, fastmath=FAST)
def at_decay(t, holes, end, watched, opened, decay, branching, most, start, a):
    """Largest log-likelihood at one decay: (loglik, background, branching, share).

    ``branching`` below 0 is free up to ``most``. ``a`` is room for n numbers.
    """
    n = t.size
    mass = excitation(t, holes, end, opened, decay, a)
    share = start
    if branching < 0.0:
        share = _best_share(a, decay * watched / mass, start) if mass > 0 else 0.0
        eta = share * n / mass if mass > 0 else 0.0
        if eta <= most:
            mu = (1.0 - share) * n / watched
            return _log_sum(mu, eta * decay, a) - n, mu, eta, share
        branching = most
    mu = _best_background(a, branching * decay, watched)
    ll = _log_sum(mu, branching * decay, a) - mu * watched - branching * mass
    return ll, mu, branching, share


@njit(cache=True)
def over_decays(t, holes, end, watched, opened, low, high, cells, branching, most, turns):
    """Largest log-likelihood over decays ``low`` to ``high``: (loglik, background, branching, decay).

    A grid of ``cells`` logarithmic steps, then ``turns`` golden sections about its best point.
    """
    a = np.empty(t.size)
    best = (-np.inf, 0.0, 0.0, low)
    at, start = 0, 0.3
    step = np.log(high / low) / max(cells, 1)
    for k in range(cells + 1):
        b = low * np.exp(k * step)
        ll, mu, eta, start = at_decay(t, holes, end, watched, opened, b, branching, most, start, a)
        if ll > best[0]:
            best, at = (ll, mu, eta, b), k
    if best[2] == 0.0 or turns == 0:
        return best
    ratio = 0.6180339887498949
    left = np.log(low) + max(at - 1, 0) * step
    right = np.log(low) + min(at + 1, cells) * step
    x1, x2 = right - ratio * (right - left), left + ratio * (right - left)
    f1 = at_decay(t, holes, end, watched, opened, np.exp(x1), branching, most, start, a)
    f2 = at_decay(t, holes, end, watched, opened, np.exp(x2), branching, most, start, a)
    for _ in range(turns):
        if f1[0] >= f2[0]:
            right, x2, f2 = x2, x1, f1
            x1 = right - ratio * (right - left)
            f1 = at_decay(t, holes, end, watched, opened, np.exp(x1), branching, most, start, a)
        else:
            left, x1, f1 = x1, x2, f2
            x2 = left + ratio * (right - left)
            f2 = at_decay(t, holes, end, watched, opened, np.exp(x2), branching, most, start, a)
    if f1[0] > best[0]:
        best = (f1[0], f1[1], f1[2], np.exp(x1))
    if f2[0] > best[0]:
        best = (f2[0], f2[1], f2[2], np.exp(x2))
    return best


@njit(cache=True)
def many(rows, sizes, ends, watched, holes, opened, low, high, cells, branching, most, turns):
    """Twice the log-likelihood gained over a Poisson process, for each row of times, shape (rows,).

    Row r holds ``sizes[r]`` times up to ``ends[r]``, of which ``watched[r]`` was watched. ``branching`` below 0 is
    free; at 0 the gain is 0.
    """
    out = np.zeros(rows.shape[0])
    for r in range(rows.shape[0]):
        n = sizes[r]
        if n > 0:
            found = over_decays(
                rows[r, :n], holes, ends[r], watched[r], opened, low, high, cells, branching, most, turns
            )
            out[r] = max(0.0, 2.0 * (found[0] - (n * np.log(n / watched[r]) - n)))
    return out


@njit(cache=True)
def given_off(t, holes, opened, decay, out):
    """What the kernels (each of mass 1) gave off in watched time before each event, into ``out``."""
    state = 1.0 if opened else 0.0
    gone, h, last = 0.0, 0, 0.0
    for i in range(t.size):
        while h < holes.shape[0] and holes[h, 0] <= t[i]:
            at_start = state * np.exp(-decay * (holes[h, 0] - last))
            gone -= at_start * np.expm1(-decay * (holes[h, 1] - holes[h, 0]))
            h += 1
        new = state * np.exp(-decay * (t[i] - last))
        out[i] = i + (1.0 if opened else 0.0) - new - gone
        state = new + 1.0
        last = t[i]


@njit(cache=True, fastmath=FAST)
def curvature(t, holes, end, watched, opened, mu, eta, decay):
    """Log-likelihood with gradient (3,) and Hessian (3, 3) in (background, branching, decay), one pass."""
    n, h = t.size, 0
    a, a1, a2 = (1.0 if opened else 0.0), 0.0, 0.0
    last, product, held, logs = 0.0, 1.0, 0, 0.0
    m0, m1, m2 = n + a, 0.0, 0.0
    g0 = g1 = g2 = 0.0
    h00 = h01 = h02 = h11 = h12 = h22 = 0.0
    for i in range(n + 1):
        until = t[i] if i < n else end
        while h < holes.shape[0] and holes[h, 0] <= until and holes[h, 0] < end:
            for edge in range(2):
                sign = -1.0 if edge == 0 else 1.0
                d = holes[h, edge] - last
                e = np.exp(-decay * d)
                m0 += sign * e * a
                m1 += sign * e * (a1 - d * a)
                m2 += sign * e * (a2 - 2.0 * d * a1 + d * d * a)
            h += 1
        d = until - last
        e = np.exp(-decay * d)
        a2 = e * (a2 - 2.0 * d * a1 + d * d * a)
        a1 = e * (a1 - d * a)
        a = e * a
        if i == n:
            break
        lam = mu + eta * decay * a
        product *= lam
        held += 1
        if held == BATCH:
            logs += np.log(product)
            product, held = 1.0, 0
        r = 1.0 / lam
        by_eta = decay * a * r
        slope = a + decay * a1
        by_decay = eta * slope * r
        g0 += r
        g1 += by_eta
        g2 += by_decay
        h00 -= r * r
        h01 -= r * by_eta
        h02 -= r * by_decay
        h11 -= by_eta * by_eta
        h12 += slope * r - by_eta * by_decay
        h22 += eta * (2.0 * a1 + decay * a2) * r - by_decay * by_decay
        a += 1.0
        last = until
    m0 -= a
    m1 -= a1
    m2 -= a2
    ll = logs + np.log(product) - mu * watched - eta * m0
    gradient = np.array([g0 - watched, g1 - m0, g2 - eta * m1])
    h12 -= m1
    h22 -= eta * m2
    return ll, gradient, np.array([[h00, h01, h02], [h01, h11, h12], [h02, h12, h22]])
