"""Two series that excite or inhibit themselves and each other: intensity, compensator and log-likelihood.

Receiver i has intensity ``max(0, mu_i + sum_j a_ij sum_{t_j < t} b_i exp(-b_i (t - t_j)))``: a_ij is the mean number of
events each event of j brings about in i, negative where it holds them off. One decay for each receiver keeps the
intensity monotone between events, so that its positive part is integrated in closed form. Hawkes (1971), Biometrika
58:83; the positive part after Bremaud and Massoulie (1996), Annals of Probability 24:1563.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from analysis.errors import ParameterError


@dataclass(frozen=True, slots=True, eq=False)
class Stretches:
    """What the likelihood of one receiver needs, for P problems (records times decays) of M nodes in time.

    event : bool (P, M), the node is an event of the receiver
    own, cross : (P, M) excitation just before each node by earlier events of the receiver, and of the other series,
        per unit of branching
    own_after, cross_after : (P, M) the same just after it
    length : (P, M) watched time until the next node (0 where nobody watched)
    decay : (P, 1)
    """

    event: np.ndarray
    own: np.ndarray
    cross: np.ndarray
    own_after: np.ndarray
    cross_after: np.ndarray
    length: np.ndarray
    decay: np.ndarray


def stretches(
    times: np.ndarray, nodes: np.ndarray, watched: np.ndarray, receiver: int, decays: np.ndarray
) -> Stretches:
    """Follow the excitation through time, for every record and every decay.

    Parameters
    ----------
    times : (records, M) nodes in time, sorted, the first at the opening, the last at the end
    nodes : (records, M) 0 or 1 for an event of that series, 2 or 3 for one that opened the window, -1 for none (an
        edge of watched time)
    watched : (records, M) whether the stretch that begins at the node was watched
    receiver : 0 or 1
    decays : (D,) or (records, D)
    """
    from analysis.stats.coincidence.kernels import followed_states

    records, m = times.shape
    decay = np.broadcast_to(np.atleast_2d(decays), (records, np.shape(decays)[-1]))
    shape = (records, decay.shape[1], m)
    before, after = np.zeros((2, *shape)), np.zeros((2, *shape))
    # Nodes 2 and 3 are events that opened the window: they excite, and are not counted.
    source = np.where(nodes >= 2, nodes - 2, nodes)
    followed_states(times, source == receiver, source == 1 - receiver, np.ascontiguousarray(decay), before, after)
    flat = (records * decay.shape[1], m)
    lengths = np.append(np.diff(times, axis=1), np.zeros((records, 1)), axis=1) * watched
    spread = [np.repeat(a, decay.shape[1], axis=0) for a in (nodes == receiver, lengths)]
    own, cross, own_after, cross_after = (a.reshape(flat) for a in (before[0], before[1], after[0], after[1]))
    return Stretches(spread[0], own, cross, own_after, cross_after, spread[1], decay.reshape(-1, 1))


def loglik(at: Stretches, theta: np.ndarray) -> np.ndarray:
    """Log-likelihood of each problem, shape (P,); minus infinity where an event met an intensity of 0.

    ``theta`` is (P, 3): background, branching of own events, coupling to the other series.
    """
    mu, own, cross = (theta[:, k, None] for k in range(3))
    intensity = mu + own * at.own + cross * at.cross
    with np.errstate(divide="ignore", invalid="ignore"):
        logs = np.where(at.event, np.log(np.maximum(intensity, 0.0)), 0.0).sum(axis=1)
    quiet, faded = positive_part(at, theta)
    r = own * at.own_after + cross * at.cross_after
    return logs - (mu * quiet + r * faded).sum(axis=1)


def positive_part(at: Stretches, theta: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Time with a positive intensity in each stretch, and the integral of ``exp(-b u)`` over it.

    An intensity pressed below 0 comes back at ``u = log(-r / mu) / b`` and stays: between events it moves towards mu.
    """
    mu, own, cross = (theta[:, k, None] for k in range(3))
    r = own * at.own_after + cross * at.cross_after
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        start = np.where(r < -mu, np.log(np.maximum(-r, 1e-300) / mu) / at.decay, 0.0)
    start = np.clip(start, 0.0, at.length)
    faded = (np.exp(-at.decay * start) - np.exp(-at.decay * at.length)) / at.decay
    return at.length - start, faded


def laid_out(times: np.ndarray, nodes: np.ndarray, edges: np.ndarray, *, end: float):
    """Events and edges of watched time as one sorted sequence of nodes for each record.

    Parameters
    ----------
    times : (records, N) events, padded with anything where ``nodes`` is -1
    nodes : (records, N) 0, 1 or -1
    edges : (holes, 2) elapsed ends of the holes
    end : elapsed end of the window

    Returns
    -------
    times, nodes, watched, each (records, N + 2 + 2 * holes)
    """
    records = times.shape[0]
    fixed = np.concatenate([[0.0], edges.ravel(), [end]])
    everything = np.concatenate([np.where(nodes < 0, end, times), np.tile(fixed, (records, 1))], axis=1)
    who = np.concatenate([nodes, np.full((records, fixed.size), -1)], axis=1)
    order = np.argsort(everything, axis=1, kind="stable")
    everything, who = np.take_along_axis(everything, order, 1), np.take_along_axis(who, order, 1)
    middle = np.append((everything[:, :-1] + everything[:, 1:]) / 2, np.full((records, 1), end), axis=1)
    watched = np.ones_like(middle, dtype=bool)
    for a, b in edges:
        watched &= ~((middle > a) & (middle < b))
    return everything, who, watched


def hawkes_loglik(times, nodes, *, end: float, background, branching, decay) -> float:
    """Log-likelihood of two series that excite or inhibit themselves and each other.

    Parameters
    ----------
    times : event times of both series from the opening at 0, shape (n,)
    nodes : 0 or 1 for the series of each event, shape (n,)
    end : end of the window
    background : (2,) events per unit of time
    branching : (2, 2), row = receiving series: mean number of events that each event of the column brings about
    decay : one number, or one for each receiving series

    Notes
    -----
    ``sum log intensity - integral``, kernel ``a b exp(-b t)``. Minus infinity where an event met an intensity of 0.
    """
    times, nodes = np.asarray(times, dtype=float).reshape(1, -1), np.asarray(nodes, dtype=int).reshape(1, -1)
    background, branching = np.asarray(background, dtype=float), np.asarray(branching, dtype=float)
    if times.shape != nodes.shape or background.shape != (2,) or branching.shape != (2, 2):
        raise ParameterError("one node (0 or 1) for each time, two backgrounds and a 2 x 2 branching are needed")
    if times.size and (times.min() < 0 or times.max() > end or not np.isin(nodes, (0, 1)).all()):
        raise ParameterError(f"times must lie between 0 and {end:g}, nodes be 0 or 1")
    decays = np.broadcast_to(np.asarray(decay, dtype=float), (2,))
    if np.any(decays <= 0) or np.any(background < 0):
        raise ParameterError("decay must be above 0, background 0 or more")
    total = 0.0
    sequence = laid_out(times, nodes, np.empty((0, 2)), end=float(end))
    for receiver in (0, 1):
        at = stretches(*sequence, receiver, decays[receiver : receiver + 1])
        theta = [background[receiver], branching[receiver, receiver], branching[receiver, 1 - receiver]]
        total += float(loglik(at, np.array([theta]))[0])
    return total
