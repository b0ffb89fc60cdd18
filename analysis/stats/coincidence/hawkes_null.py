"""What the likelihood ratio of a coupling looks like when there is none: two nulls, of which the larger p counts."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from analysis.results import Alternative
from analysis.stats.coincidence.hawkes_fit import Fit, fitted
from analysis.stats.coincidence.hawkes_record import Record, laid_rows
from analysis.stats.coincidence.hawkes_simulate import simulated_pairs

SLACK = 1e-7


@dataclass(frozen=True, slots=True, eq=False)
class Nulls:
    """Signed roots without a coupling.

    simulated : (resamples,), records simulated from the fit without it
    turned : (readings, each), the record itself with ``series`` turned round the circle of watched time
    """

    simulated: np.ndarray
    turned: np.ndarray

    def pvalues(self, roots: np.ndarray, alternative: Alternative) -> tuple[float, float]:
        """p of the roots of the readings, shape (readings,), under either null; two-sided by the size of the root."""
        seen, simulated, turned = (_towards(a, alternative) for a in (roots, self.simulated, self.turned))
        beyond = (simulated >= seen[:, None] - SLACK).sum(axis=1)
        first = float(np.mean((beyond + 1) / (simulated.size + 1)))
        return first, float((np.sum(turned >= seen[:, None] - SLACK) + 1) / (turned.size + 1))

    def pvalue(self, roots: np.ndarray, alternative: Alternative) -> float:
        """The larger of the two: whoever holds its size makes this one hold it."""
        return max(self.pvalues(roots, alternative))

    @property
    def attainable(self) -> float:
        """The smallest p that the two can give."""
        return 1 / (min(self.simulated.size, self.turned.size) + 1)


def signed_roots(full: Fit, none: Fit) -> np.ndarray:
    """Signed root of the likelihood ratio of each record."""
    ratio = np.maximum(2 * (full.loglik - none.loglik), 0.0)
    return np.sign(full.theta[:, 2]) * np.sqrt(ratio)


def simulated_roots(record: Record, none: Fit, back: Fit, decays, resamples: int, rng) -> np.ndarray:
    """Roots of records simulated without the coupling, the other direction as fitted, shape (resamples,)."""
    mu, own, _ = none.theta[0]
    other_mu, other_own, other_cross = back.theta[0]
    times, nodes = simulated_pairs(
        resamples,
        end=record.end,
        background=np.array([mu, other_mu]),
        branching=np.array([[own, 0.0], [other_cross, other_own]]),
        decay=np.array([none.decay[0], back.decay[0]]),
        opened=record.opened,
        most=20 * record.n,
        rng=rng,
    )
    return _roots_of(record.observed(times, nodes, rng), decays)


def turned_roots(record: Record, times: np.ndarray, other_times: np.ndarray, decays, size: int, rng) -> np.ndarray:
    """Roots of one reading with ``times`` turned by lags drawn from the whole watched time, shape (size,).

    All waits of either series are kept but the one that the turn cuts. An event that closed the window stays.
    """
    window = record.series.window
    free = times[:-1] if window.closed_by_event else times
    lag = rng.uniform(0.0, window.days, size)
    rows = np.sort((window.clock(free)[None, :] + lag[:, None]) % window.days, axis=1)
    rows = np.concatenate(
        [window.unclock(rows), np.broadcast_to(times[free.size :], (size, times.size - free.size))], 1
    )
    return _roots_of(laid_rows(record, rows, other_times), decays)


def _roots_of(sequence, decays) -> np.ndarray:
    return signed_roots(fitted(sequence, 0, decays), fitted(sequence, 0, decays, coupling=0.0))


def _towards(roots: np.ndarray, alternative: Alternative) -> np.ndarray:
    """Larger is further from no coupling in the direction asked for."""
    return np.abs(roots) if alternative == "two-sided" else -roots if alternative == "less" else roots
