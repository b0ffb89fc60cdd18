"""The posterior of the date of one change in a Poisson rate, piece by piece between events.

Raftery and Akman (1986), Biometrika 73:85-89. With rates drawn from Gamma(shape, days), the date has the density

    Gamma(shape + k) Gamma(shape + n - k) / ((days + t)^(shape + k) (days + L - t)^(shape + n - k)),

where k events lie before t: a closed form that is smooth between events. Green (1995), Biometrika 82:711-732, keeps
the date away from both ends: his prior multiplies it by t (L - t). Its integral over each piece is taken by
Gauss and Legendre's rule after the piece is cut where the logarithm of the density moves by more than a few units.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import special

NODES, WEIGHTS = np.polynomial.legendre.leggauss(12)
SWING = 4.0  # most that the log density may move within a cut
FAINT = 60.0  # pieces this far below the highest are not worth cutting


@dataclass(frozen=True, slots=True)
class DatePosterior:
    """Masses of the date in cuts of the watched time, and what is needed to go inside a cut.

    Parameters
    ----------
    times : sorted event times, shape (n,), on the watched clock
    total : watched time
    shape, days : of the Gamma prior of both rates
    away : 0 for a date uniform beforehand, 1 for Green's prior
    edges : shape (m + 1,), rising
    counts : shape (m,): events before each cut
    log_mass : log of the integral of the density over all cuts, constants of the prior left out
    below : shape (m + 1,): share of the posterior below each edge
    """

    times: np.ndarray
    total: float
    shape: float
    days: float
    away: float
    edges: np.ndarray
    counts: np.ndarray
    log_mass: float
    below: np.ndarray

    def density(self, t: np.ndarray, k: np.ndarray | None = None) -> np.ndarray:
        """Posterior density of the date at ``t`` (events at that instant fall after it)."""
        k = np.searchsorted(self.times, t, side="left") if k is None else k
        return np.exp(self._log_density(t, k) - self.log_mass)

    def cdf(self, t: float) -> float:
        """Share of the posterior before ``t``."""
        if t <= self.edges[0]:
            return 0.0
        if t >= self.edges[-1]:
            return 1.0
        i = int(np.searchsorted(self.edges, t, side="right") - 1)
        return float(min(1.0, self.below[i] + self._part(i, t)))

    def quantile(self, p: float) -> float:
        """The date with share ``p`` of the posterior before it, by bisection inside its cut."""
        i = int(np.clip(np.searchsorted(self.below, p, side="right") - 1, 0, self.counts.size - 1))
        low, high = float(self.edges[i]), float(self.edges[i + 1])
        for _ in range(50):
            middle = (low + high) / 2
            if self.below[i] + self._part(i, middle) < p:
                low = middle
            else:
                high = middle
        return (low + high) / 2

    def nodes(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Dates, counts before them and their shares of the posterior; shares too small to matter are left out."""
        t, log_w = _rule(self.edges[:-1], self.edges[1:], self.total)
        k = np.broadcast_to(self.counts[:, None], t.shape)
        values = self._log_density(t, k)
        share = np.exp(values + log_w - self.log_mass)
        kept = share > 1e-12
        return t[kept], k[kept], share[kept] / share[kept].sum()

    def _part(self, i: int, t: float) -> float:
        """Share of the posterior between the lower edge of cut ``i`` and ``t``."""
        if t <= self.edges[i]:
            return 0.0
        x, log_w = _rule(self.edges[i : i + 1], np.array([t]), self.total)
        values = self._log_density(x, self.counts[i])
        return float(np.exp(values + log_w - self.log_mass).sum())

    def _log_density(self, t, k) -> np.ndarray:
        return log_density(t, k, self.times.size, self.total, self.shape, self.days, self.away)


def log_density(t, k, n: int, total: float, shape: float, days: float, away: float = 0.0) -> np.ndarray:
    """Log of the density of the date, constants of the prior and of the range left out."""
    early, late = shape + k, shape + n - k
    with np.errstate(divide="ignore"):
        kept_away = away * np.log(np.maximum(t * (total - t), 1e-300)) if away else 0.0
        return (
            kept_away
            + special.gammaln(early)
            + special.gammaln(late)
            - early * np.log(days + t)
            - late * np.log(np.maximum(days + total - t, 0.0))
        )


def date_posterior(
    times: np.ndarray, total: float, *, shape: float, days: float, shortest: float = 0.0, away: float = 0.0
) -> DatePosterior:
    """The posterior of the date, which lies between ``shortest`` and ``total - shortest`` beforehand."""
    n = times.size
    inside = np.unique(times[(times > shortest) & (times < total - shortest)])
    edges = np.concatenate([[shortest], inside, [total - shortest]])
    counts = np.searchsorted(times, (edges[1:] + edges[:-1]) / 2)
    edges, counts = _cut(edges, counts, n, total, shape, days, away)
    t, log_w = _rule(edges[:-1], edges[1:], total)
    pieces = special.logsumexp(log_density(t, counts[:, None], n, total, shape, days, away) + log_w, axis=1)
    log_mass = float(special.logsumexp(pieces))
    below = np.concatenate([[0.0], np.cumsum(np.exp(pieces - log_mass))])
    return DatePosterior(times, total, shape, days, away, edges, counts, log_mass, below / below[-1])


def log_constant_rate(n: int, total: float, *, shape: float, days: float) -> float:
    """Log evidence of one rate throughout, constants of the prior left out."""
    return float(special.gammaln(shape + n) - (shape + n) * np.log(days + total))


def _angle(t: np.ndarray, total: float) -> np.ndarray:
    """Dates on the scale of angles, on which square-root singularities at both ends are gone."""
    return np.arcsin(np.sqrt(np.clip(t / total, 0.0, 1.0)))


def _rule(low: np.ndarray, high: np.ndarray, total: float) -> tuple[np.ndarray, np.ndarray]:
    """Nodes and log weights of each stretch, shape (m, nodes): t = total * sin(angle)^2."""
    a, b = _angle(low, total)[:, None], _angle(high, total)[:, None]
    angle = (a + b) / 2 + (b - a) / 2 * NODES
    with np.errstate(divide="ignore"):
        log_w = np.log(WEIGHTS * (b - a) / 2 * total * np.sin(2 * angle))
    return total * np.sin(angle) ** 2, log_w


def _cut(edges, counts, n, total, shape, days, away) -> tuple[np.ndarray, np.ndarray]:
    """Pieces between events cut into parts over which the log density, on the angles' scale, moves little."""
    a, b = _angle(edges[:-1], total), _angle(edges[1:], total)
    step = 1e-6 * (b - a)
    ends = np.stack([a + step, b - step])
    t = total * np.sin(ends) ** 2
    with np.errstate(divide="ignore", invalid="ignore"):
        log_f = log_density(t, counts, n, total, shape, days, away) + np.log(np.sin(2 * ends))
        in_time = -(shape + counts) / (days + t) + (shape + n - counts) / (days + total - t)
        in_time = in_time + (away * (1 / t - 1 / (total - t)) if away else 0.0)
        slope = in_time * total * np.sin(2 * ends) + 2 / np.tan(2 * ends)
    top = np.nanmax(log_f, axis=0)
    swing = np.nanmax(np.abs(slope), axis=0) * (b - a)
    swing = np.where(np.isfinite(swing) & (counts > 0) & (counts < n), swing, np.abs(np.diff(log_f, axis=0)[0]))
    parts = np.clip(np.ceil(swing / SWING), 4, 64).astype(int)
    parts[top < np.nanmax(top) - FAINT] = 1
    which = np.repeat(np.arange(counts.size), parts)
    within = np.arange(parts.sum()) - np.repeat(np.cumsum(parts) - parts, parts)
    angles = a[which] + (b - a)[which] * within / parts[which]
    cut = np.append(total * np.sin(angles) ** 2, edges[-1])
    cut[np.cumsum(parts) - parts] = edges[:-1]
    return cut, counts[which]
