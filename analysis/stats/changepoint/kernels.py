"""Optimal partitioning with pruning, compiled on first use and kept on disk.

Killick, Fearnhead and Eckley (2012), Journal of the American Statistical Association 107:1590-1598.
"""

from __future__ import annotations

import numpy as np
from numba import njit


@njit(cache=True)
def partition(sums, squares, position, logs, penalty, least, poisson):
    """Cheapest cut of cells 0 .. m - 1 into runs, each change costing ``penalty``.

    Parameters
    ----------
    sums, squares : running sums of the values and of their squares, shape (m + 1,), starting with 0
    position : running sum of the weights (watched time), shape (m + 1,)
    logs : logarithms of 0 (as 0), 1, 2, ... for whole sums and equal weights, which then need no others; or none
    penalty : cost of each change
    least : fewest cells in a run, 1 or more
    poisson : cost 2 S (log W - log S) of a run with sum S and weight W, else the sum of squares about the mean

    Returns
    -------
    start of the last run for each number of cells (shape (m + 1,)), and the cost of the whole
    """
    m = sums.size - 1
    log_cell = np.log(position[1])
    cost = np.full(m + 1, np.inf)
    cost[0] = -penalty
    last = np.zeros(m + 1, np.int64)
    open_at = np.empty(m + 1, np.int64)
    closes = np.empty(m + 1, np.int64)
    value = np.empty(m + 1)
    open_at[0], closes[0] = 0, m + 2
    n_open = 1
    for t in range(least, m + 1):
        if t - least > 0 and cost[t - least] < np.inf:
            open_at[n_open], closes[n_open] = t - least, m + 2
            n_open += 1
        best, from_ = np.inf, 0
        for i in range(n_open):
            s = open_at[i]
            total, weight = sums[t] - sums[s], position[t] - position[s]
            if poisson and logs.size:
                c = 2.0 * total * (log_cell + logs[t - s] - logs[int(total)])
            elif poisson:
                c = 2.0 * total * np.log(weight / total) if total > 0 else 0.0
            else:
                c = squares[t] - squares[s] - total * total / weight
            value[i] = cost[s] + c
            if value[i] + penalty < best:
                best, from_ = value[i] + penalty, s
        cost[t], last[t] = best, from_
        # A start that is beaten by changing at t stays open until a run from t may end, ``least`` cells on.
        kept = 0
        for i in range(n_open):
            if value[i] > best and closes[i] > t + least:
                closes[i] = t + least
            if closes[i] > t + 1:
                open_at[kept], closes[kept] = open_at[i], closes[i]
                kept += 1
        n_open = kept
    return last, cost[m]
