"""The partial likelihood of Cox for start-stop rows: value, score, information and score residuals.

Cox (1972) JRSS B 34:187-220; ties after Breslow (1974) Biometrics 30:89-99 or Efron (1977) JASA 72:557-565;
a row is at risk at ``t`` when ``start < t <= stop`` (Therneau and Grambsch 2000, Modeling Survival Data, ch. 3).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True, slots=True, eq=False)
class Rows:
    """Start-stop rows: ``start``, ``stop``, ``event``, ``stratum`` of shape (n,), ``x`` of shape (n, p)."""

    start: np.ndarray
    stop: np.ndarray
    event: np.ndarray
    x: np.ndarray
    stratum: np.ndarray


@dataclass(frozen=True, slots=True, eq=False)
class Moment:
    """One event time of one stratum: who was at risk, whose event it was, and the weighted moments.

    ``share`` holds the parts of the tied events' weight that are taken off, one for each tied event (Efron), all 0
    for Breslow; ``mean`` (d, p) and ``total`` (d,) belong to them.
    """

    time: float
    risk: np.ndarray
    died: np.ndarray
    share: np.ndarray
    total: np.ndarray
    mean: np.ndarray
    variance: np.ndarray
    score: np.ndarray
    loglik: float


def event_times(rows: Rows) -> list[tuple[float, np.ndarray, np.ndarray]]:
    """Each distinct event time of each stratum with the rows at risk and those whose event it is."""
    found = []
    for s in np.unique(rows.stratum):
        of = rows.stratum == s
        for t in np.unique(rows.stop[of & rows.event]):
            risk = np.flatnonzero(of & (rows.start < t) & (rows.stop >= t))
            found.append((float(t), risk, np.flatnonzero(of & rows.event & (rows.stop == t))))
    return found


def moments(rows: Rows, times: list, beta: np.ndarray, ties: str) -> list[Moment]:
    """The weighted moments of the covariates at every event time."""
    eta = rows.x @ beta
    top = float(eta.max()) if eta.size else 0.0
    weight = np.exp(eta - top)
    return [_moment(rows, weight, eta - top, t, risk, died, ties) for t, risk, died in times]


def _moment(rows: Rows, weight, eta, t, risk, died, ties) -> Moment:
    w, x, d = weight[risk], rows.x[risk], died.size
    wd, xd = weight[died], rows.x[died]
    share = np.arange(d) / d if ties == "efron" else np.zeros(d)
    total = w.sum() - share * wd.sum()
    first = w @ x - share[:, None] * (wd @ xd)
    second = (x * w[:, None]).T @ x - share[:, None, None] * ((xd * wd[:, None]).T @ xd)
    mean = first / total[:, None]
    variance = (second / total[:, None, None] - mean[:, :, None] * mean[:, None, :]).sum(axis=0)
    score = xd.sum(axis=0) - mean.sum(axis=0)
    loglik = float(eta[died].sum() - np.log(total).sum())
    return Moment(t, risk, died, share, total, mean, variance, score, loglik)


def summed(rows: Rows, times: list, beta: np.ndarray, ties: str) -> tuple[float, np.ndarray, np.ndarray]:
    """Log partial likelihood, score (p,) and information (p, p) at ``beta``."""
    found = moments(rows, times, beta, ties)
    p = rows.x.shape[1]
    loglik = sum(m.loglik for m in found)
    score = sum((m.score for m in found), np.zeros(p))
    information = sum((m.variance for m in found), np.zeros((p, p)))
    return float(loglik), score, information


def score_residuals(rows: Rows, times: list, beta: np.ndarray, ties: str) -> np.ndarray:
    """Each row's part in the score, shape (n, p) (Therneau and Grambsch 2000, eq. 4.20 and its Efron form)."""
    eta = rows.x @ beta
    weight = np.exp(eta - eta.max())
    parts = np.zeros_like(rows.x)
    for m in moments(rows, times, beta, ties):
        parts[m.died] += rows.x[m.died] - m.mean.mean(axis=0)
        # Of a tied event's weight only the part 1 - share is at risk.
        left = np.ones((m.risk.size, m.share.size)) - np.isin(m.risk, m.died)[:, None] * m.share
        hazard = left / m.total
        parts[m.risk] -= weight[m.risk, None] * (rows.x[m.risk] * hazard.sum(axis=1)[:, None] - hazard @ m.mean)
    return parts
