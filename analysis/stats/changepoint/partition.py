"""Cuts of a record into runs of one rate, and the penalty that keeps false alarms at a stated rate."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

import numpy as np

from analysis.errors import ParameterError

Cost = Literal["poisson", "l2"]
COSTS: tuple[Cost, ...] = ("poisson", "l2")


def cut(
    values: np.ndarray, weights: np.ndarray, *, penalty: float, cost: Cost = "poisson", least: int = 1
) -> tuple[np.ndarray, float]:
    """Ends of the runs (cells before each end, the last being all of them), and the cost with its penalties.

    Parameters
    ----------
    values : what was counted in each cell, shape (m,)
    weights : watched time of each cell, above 0
    penalty : cost of each change, on the scale of twice a log-likelihood for "poisson", of squares for "l2"
    cost : "poisson", 2 S (log W - log S) for a run with count S in time W; "l2", squares about the mean
    least : fewest cells in a run
    """
    from analysis.stats.changepoint.kernels import partition

    values, weights = np.asarray(values, dtype=float), np.asarray(weights, dtype=float)
    if values.size < least:
        return np.array([values.size]), 0.0
    running = [np.concatenate([[0.0], np.cumsum(x)]) for x in (values, values**2, weights)]
    logs = _logs(values, weights) if cost == "poisson" else np.empty(0)
    last, total = partition(*running, logs, float(penalty), int(least), cost == "poisson")
    ends, t = [], values.size
    while t > 0:
        ends.append(t)
        t = int(last[t])
    return np.array(ends[::-1]), float(total)


def _logs(values: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Logarithms of every sum and length that can occur, where these are whole and not many more than the cells."""
    total = values.sum()
    whole = np.all(weights == weights[0]) and total <= 20 * values.size and np.all(values == np.rint(values))
    if not whole:
        return np.empty(0)
    return np.log(np.maximum(np.arange(max(int(total), values.size) + 1), 1))


def dearest_change(
    values: np.ndarray, weights: np.ndarray, *, cost: Cost = "poisson", least: int = 1, floor: float = 0.0
) -> float:
    """The penalty at and above which this record has no change; ``floor`` where it has none even at that penalty.

    Each round cuts the record at the penalty reached so far and raises it to what the changes found gain on
    average, until none is left (Dinkelbach's method): a few rounds.
    """
    whole = run_cost(values.sum(), (np.square(values)).sum(), weights.sum(), cost)
    penalty = floor
    for _ in range(50):
        ends, total = cut(values, weights, penalty=penalty, cost=cost, least=least)
        changes = ends.size - 1
        if changes == 0:
            break
        raised = (whole - (total - changes * penalty)) / changes
        if raised <= penalty * (1 + 1e-12) + 1e-12:
            break
        penalty = float(raised)
    return penalty


def run_cost(total: float, squares: float, weight: float, cost: Cost) -> float:
    """Cost of one run."""
    if cost == "l2":
        return float(squares - total * total / weight)
    return float(2 * total * np.log(weight / total)) if total > 0 else 0.0


def calibrated(null: Iterable[float], false_alarm: float) -> float:
    """The penalty exceeded by a share ``false_alarm`` of the null's dearest changes."""
    return float(np.quantile(np.fromiter(null, dtype=float), 1 - false_alarm, method="higher"))


def check_penalty(penalty: float | None, false_alarm: float | None) -> None:
    """One of the two settings is given, and lies in its range."""
    if (penalty is None) == (false_alarm is None):
        raise ParameterError("give either penalty= or false_alarm= (a rate between 0 and 1), not both")
    if penalty is not None and not (0 <= penalty < np.inf):
        raise ParameterError(f"penalty must be a number of 0 or more, got {penalty!r}")
    if false_alarm is not None and not 0 < false_alarm < 1:
        raise ParameterError(f"false_alarm must lie between 0 and 1, got {false_alarm!r}")
