"""Cox regression for start-stop rows: coefficients, errors, tests, and the check of proportional hazards."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from scipy import special

from analysis.errors import ParameterError, check_choice
from analysis.stats.hazard import exact_ties, partial
from analysis.stats.hazard.partial import Rows

Ties = Literal["efron", "breslow", "exact"]
TIES: tuple[Ties, ...] = ("efron", "breslow", "exact")
Clock = Literal["km", "identity", "log", "rank"]
CLOCKS: tuple[Clock, ...] = ("km", "identity", "log", "rank")
# A log hazard ratio (per standard deviation of the covariate) beyond which the likelihood has no maximum.
RUNAWAY = 12.0


@dataclass(frozen=True, slots=True, eq=False)
class CoxFit:
    """A fitted Cox model; vectors have one entry per covariate.

    coefficients, errors, covariance : log hazard ratios, their model-based standard errors and covariance
    robust_errors : standard errors from score residuals summed by cluster, None without clusters
    loglik : log partial likelihood at zero and at the estimate
    score_test, likelihood_ratio : chi-square statistics of no effect at all, on ``rank`` degrees of freedom
    separated : covariates whose estimate runs away, because the events split perfectly or never differ
    contrast : covariates that differ between rows at risk together; the others have no likelihood to speak of
    """

    coefficients: np.ndarray
    errors: np.ndarray
    covariance: np.ndarray
    robust_errors: np.ndarray | None
    loglik: tuple[float, float]
    score_test: float
    ties: Ties
    n_events: int
    separated: np.ndarray
    contrast: np.ndarray
    rows: Rows

    @property
    def likelihood_ratio(self) -> float:
        """Twice the gain in log partial likelihood."""
        return 2 * (self.loglik[1] - self.loglik[0])

    @property
    def pvalues(self) -> np.ndarray:
        """Two-sided Wald p of each coefficient, with robust errors where clusters were given (approximate)."""
        errors = self.errors if self.robust_errors is None else self.robust_errors
        with np.errstate(divide="ignore", invalid="ignore"):
            return 2 * special.ndtr(-np.abs(self.coefficients / errors))


def cox(
    start: np.ndarray,
    stop: np.ndarray,
    event: np.ndarray,
    covariates: np.ndarray,
    *,
    ties: Ties = "efron",
    strata: np.ndarray | None = None,
    clusters: np.ndarray | None = None,
) -> CoxFit:
    """Cox regression on start-stop rows, which may enter late (left truncation) and change their covariates.

    Parameters
    ----------
    start, stop : float arrays, shape (n,): a row is at risk at t when ``start < t <= stop``
    event : bool array, shape (n,): whether the row ends in an event
    covariates : float array, shape (n, p) or (n,)
    ties : "efron", "breslow", or "exact" (every set that could have been tied)
    strata : labels, shape (n,): a baseline hazard for each
    clusters : labels, shape (n,): rows of one label may depend on each other; gives robust errors

    Raises
    ------
    ParameterError : arrays of unequal length, values not finite, a row that stops before it starts, no event

    Notes
    -----
    The large-sample errors and p-values are approximate; for one series use ``series_hazard``.
    """
    check_choice("ties", ties, TIES)
    rows = checked_rows(start, stop, event, covariates, strata)
    if not rows.event.any():
        raise ParameterError("no row ends in an event: a Cox model needs at least one")
    if ties == "exact" and clusters is not None:
        raise ParameterError("robust errors go with ties 'efron' or 'breslow', not 'exact'")
    spread = rows.x.std(axis=0)
    constant = spread <= 1e-12 * (1 + np.abs(rows.x).max(axis=0))
    scale = np.where(constant, 1.0, spread)
    scaled = Rows(rows.start, rows.stop, rows.event, (rows.x - rows.x.mean(axis=0)) / scale, rows.stratum)
    times = partial.event_times(rows)
    evaluate = _evaluation(scaled, times, ties)
    zero = evaluate(np.zeros(scale.size))
    beta, best = _climbed(evaluate, zero)
    covariance = np.linalg.pinv(best[2], rcond=1e-10, hermitian=True)
    flat = np.diag(best[2]) <= 1e-9 * max(1, len(times))
    separated = constant | flat | (np.abs(beta) > RUNAWAY)
    robust = None
    if clusters is not None:
        parts = partial.score_residuals(scaled, times, beta, ties) @ covariance
        labels = np.unique(_labels(clusters, rows.start.size, "clusters"), return_inverse=True)[1]
        summed = np.zeros((labels.max() + 1, scale.size))
        np.add.at(summed, labels, parts)
        robust = np.sqrt((summed**2).sum(axis=0)) / scale
    return CoxFit(
        coefficients=beta / scale,
        errors=np.sqrt(np.maximum(np.diag(covariance), 0.0)) / scale,
        covariance=covariance / np.outer(scale, scale),
        robust_errors=robust,
        loglik=(zero[0], best[0]),
        score_test=float(zero[1] @ np.linalg.pinv(zero[2], rcond=1e-10, hermitian=True) @ zero[1]),
        ties=ties,
        n_events=int(rows.event.sum()),
        separated=separated,
        contrast=~constant & (np.diag(zero[2]) > 1e-9),
        rows=rows,
    )


def checked_rows(start, stop, event, covariates, strata) -> Rows:
    """The arrays as rows, every breach of the rules told."""
    start, stop = (np.asarray(a, dtype=float).reshape(-1) for a in (start, stop))
    x = np.asarray(covariates, dtype=float)
    x = x[:, None] if x.ndim == 1 else x
    n = start.size
    happened = np.asarray(event).reshape(-1)
    if not (stop.size == happened.size == n) or x.ndim != 2 or x.shape[0] != n:
        raise ParameterError(
            f"start, stop, event and covariates need one row each: got {n}, {stop.size}, {happened.size}, {x.shape}"
        )
    if n == 0 or x.shape[1] == 0:
        raise ParameterError("a Cox model needs at least one row and one covariate")
    if not (np.isfinite(start).all() and np.isfinite(stop).all() and np.isfinite(x).all()):
        raise ParameterError("start, stop and covariates must be finite; leave out rows with missing values")
    if (stop <= start).any():
        i = int(np.flatnonzero(stop <= start)[0])
        raise ParameterError(f"row {i} stops at {stop[i]:g}, which is not after its start {start[i]:g}")
    if not np.isin(happened, (0, 1)).all():
        raise ParameterError("event must be true or false (1 or 0) in each row")
    labels = np.zeros(n) if strata is None else _labels(strata, n, "strata")
    stratum = np.unique(labels, return_inverse=True)[1]
    return Rows(start, stop, happened.astype(bool), x, stratum)


def zph(fit: CoxFit, *, clock: Clock = "km") -> tuple[float, np.ndarray, np.ndarray]:
    """Score test of proportional hazards: does the log hazard ratio change with g(t)?

    Grambsch and Therneau (1994) Biometrika 81:515-526, as the score test of adding ``x g(t)`` to the model.

    Parameters
    ----------
    clock : g: "km" (one minus Kaplan-Meier just before t), "identity", "log", or "rank" of the event times

    Returns
    -------
    The global chi-square (as many degrees of freedom as covariates), the chi-square of each covariate (one each),
    and the one-step estimate of the change of each log hazard ratio per unit of g
    """
    check_choice("clock", clock, CLOCKS)
    if fit.ties == "exact":
        raise ParameterError("the check of proportional hazards goes with ties 'efron' or 'breslow', not 'exact'")
    found = partial.moments(fit.rows, partial.event_times(fit.rows), fit.coefficients, fit.ties)
    g = _transformed(fit.rows, np.array([m.time for m in found]), clock)
    g = g - np.average(g, weights=[m.died.size for m in found])
    score = sum(k * m.score for k, m in zip(g, found, strict=True))
    plain, once, twice = (sum(k**a * m.variance for k, m in zip(g, found, strict=True)) for a in (0, 1, 2))
    p = plain.shape[0]
    whole = np.block([[plain, once], [once, twice]])
    left = np.linalg.pinv(whole, rcond=1e-10, hermitian=True)[p:, p:]
    each = np.empty(p)
    for j in range(p):
        keep = [*range(p), p + j]
        own = np.linalg.pinv(whole[np.ix_(keep, keep)], rcond=1e-10, hermitian=True)[p, p]
        each[j] = score[j] ** 2 * own
    return float(score @ left @ score), each, left @ score


def _transformed(rows: Rows, times: np.ndarray, clock: Clock) -> np.ndarray:
    if clock == "identity":
        return times
    if clock == "log":
        # Ages of 0 have no logarithm; they count as half the shortest that is above 0.
        above = times[times > 0]
        return np.log(np.maximum(times, above.min() / 2 if above.size else 1.0))
    distinct, where = np.unique(times, return_inverse=True)
    died = np.array([np.sum(rows.event & (rows.stop == t)) for t in distinct])
    if clock == "rank":
        return (np.cumsum(died) - (died - 1) / 2)[where]
    at_risk = np.array([np.sum((rows.start < t) & (rows.stop >= t)) for t in distinct])
    survival = np.cumprod(1 - died / at_risk)
    return (1 - np.append(1.0, survival[:-1]))[where]


def _labels(values, n: int, name: str) -> np.ndarray:
    labels = np.asarray(values).reshape(-1)
    if labels.size != n:
        raise ParameterError(f"{name} needs one label for each of the {n} rows, got {labels.size}")
    return labels


def _evaluation(rows: Rows, times: list, ties: Ties):
    if ties != "exact":
        return lambda beta: partial.summed(rows, times, beta, ties)
    return lambda beta: (*exact_ties.summed(rows, times, beta), exact_ties.information(rows, times, beta))


def _climbed(evaluate, at_zero, most: int = 60):
    """Newton's method with halved steps; a likelihood without maximum is left where it has run away."""
    beta, now = np.zeros(at_zero[1].size), at_zero
    for _ in range(most):
        step = np.linalg.pinv(now[2], rcond=1e-12, hermitian=True) @ now[1]
        step *= min(1.0, 4.0 / max(np.abs(step).max(), 1e-300))
        if np.abs(step).max() < 1e-11:
            break
        for _ in range(30):
            new = evaluate(beta + step)
            if new[0] >= now[0] - 1e-12 * (1 + abs(now[0])):
                break
            step = step / 2
        beta, now = beta + step, new
        if np.abs(beta).max() > 2 * RUNAWAY:
            break
    return beta, now
