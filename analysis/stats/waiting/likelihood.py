"""Log-likelihoods of waits under four laws, with open waits censored and re-entered ones left-truncated."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy import special

from analysis.timeline import EventSeries

LOG_2PI = float(np.log(2 * np.pi))


@dataclass(frozen=True, slots=True, eq=False)
class Waits:
    """Waits for a likelihood: age at the end, age when watching began, whether an event ended it."""

    age: np.ndarray
    entered: np.ndarray
    ended: np.ndarray

    @property
    def n(self) -> int:
        """Waits that ended."""
        return int(self.ended.sum())

    @property
    def watched(self) -> float:
        """Watched time of all waits."""
        return float((self.age - self.entered).sum())


def waits_of(series: EventSeries) -> Waits:
    """The waits of a series without the stretch before the first event, where no event opened the window."""
    table = series.waits()
    table = table[table["kind"] != "entry"]
    ended = ~table["censored"].to_numpy()
    age, entered = table["days"].to_numpy(), table["entered"].to_numpy()
    kept = ended | (age > entered)
    return Waits(age[kept], entered[kept], ended[kept])


def weibull_log_density(x, shape, scale):
    """Weibull: ``ln k - ln s + (k - 1) ln(x/s) - (x/s)^k``."""
    z = np.log(x / scale)
    return np.log(shape / scale) + (shape - 1.0) * z - np.exp(shape * z)


def weibull_log_survival(x, shape, scale):
    """Weibull: ``-(x/s)^k``."""
    return -((np.asarray(x) / scale) ** shape)


def gamma_log_density(x, shape, scale):
    """Gamma: ``(k - 1) ln x - x/s - k ln s - ln Gamma(k)``."""
    return (shape - 1.0) * np.log(x) - x / scale - shape * np.log(scale) - special.gammaln(shape)


def gamma_log_survival(x, shape, scale):
    """Gamma: ``ln Q(k, x/s)``; far out the first terms of its asymptotic series (DLMF 8.11.2)."""
    z = np.asarray(x, dtype=float) / scale
    q = special.gammaincc(shape, z)
    with np.errstate(divide="ignore", invalid="ignore"):
        far = (shape - 1.0) * np.log(z) - z - special.gammaln(shape) + np.log1p((shape - 1.0) / z)
        return np.where(q > 1e-280, np.log(q), far)


def lognormal_log_density(x, median, sigma):
    """Log-normal with median m and sd of logs s: ``-ln(x s) - ln(2 pi)/2 - (ln(x/m)/s)^2 / 2``."""
    z = np.log(x / median) / sigma
    return -np.log(x * sigma) - 0.5 * LOG_2PI - 0.5 * z * z


def lognormal_log_survival(x, median, sigma):
    """Log-normal: ``ln Phi(-ln(x/m)/s)``."""
    with np.errstate(divide="ignore"):
        return special.log_ndtr(-np.log(np.asarray(x, dtype=float) / median) / sigma)


def exponential_log_density(x, mean):
    """Exponential: ``-ln m - x/m``."""
    return -np.log(mean) - np.asarray(x) / mean


def exponential_log_survival(x, mean):
    """Exponential: ``-x/m``."""
    return -np.asarray(x) / mean


@dataclass(frozen=True, slots=True)
class Law:
    """A law of waits: its parameters, log density, log survival and mean."""

    name: str
    parameters: tuple[str, ...]
    log_density: Callable
    log_survival: Callable
    mean: Callable

    def log_likelihood(self, theta, waits: Waits) -> float:
        """Ended waits by their density, open ones by their survival, entered ones given their age then."""
        with np.errstate(over="ignore", divide="ignore", invalid="ignore"):
            total = np.sum(self.log_density(waits.age[waits.ended], *theta))
            total += np.sum(self.log_survival(waits.age[~waits.ended], *theta))
            late = waits.entered > 0
            total -= np.sum(self.log_survival(waits.entered[late], *theta))
        return float(total) if np.isfinite(total) else -np.inf


LAWS = {
    "exponential": Law("exponential", ("mean",), exponential_log_density, exponential_log_survival, lambda mean: mean),
    "weibull": Law(
        "weibull",
        ("shape", "scale"),
        weibull_log_density,
        weibull_log_survival,
        lambda shape, scale: scale * special.gamma(1.0 + 1.0 / shape),
    ),
    "gamma": Law(
        "gamma", ("shape", "scale"), gamma_log_density, gamma_log_survival, lambda shape, scale: shape * scale
    ),
    "lognormal": Law(
        "lognormal",
        ("median", "sigma"),
        lognormal_log_density,
        lognormal_log_survival,
        lambda median, sigma: median * np.exp(sigma**2 / 2),
    ),
}


def maximum_likelihood(law: Law, waits: Waits) -> tuple[np.ndarray, float]:
    """Parameters that make the waits likeliest, and the log-likelihood there."""
    if law.name == "exponential":
        theta = np.array([waits.watched / waits.n])
        return theta, law.log_likelihood(theta, waits)
    from scipy.optimize import minimize

    def loss(log_theta):
        value = -law.log_likelihood(np.exp(np.clip(log_theta, -60, 60)), waits)
        return value if np.isfinite(value) else 1e300

    best = None
    for start in _starts(law, waits):
        found = minimize(loss, np.log(start), method="Nelder-Mead", options={"xatol": 1e-9, "fatol": 1e-11})
        best = found if best is None or found.fun < best.fun - 1e-9 else best
    return np.exp(best.x), -float(best.fun)


def _starts(law: Law, waits: Waits) -> list[tuple[float, float]]:
    """Moments of the ended waits, and the exponential fit."""
    ended = np.log(waits.age[waits.ended])
    mean = waits.watched / waits.n
    spread = max(float(np.std(ended)), 0.05)
    if law.name == "lognormal":
        return [(float(np.exp(ended.mean())), spread), (mean * 0.7, 1.0)]
    shape = 1.28 / spread if law.name == "weibull" else 1.0 / np.expm1(min(spread, 3.0) ** 2)
    scale = mean if law.name == "weibull" else mean / shape
    return [(shape, scale), (1.0, mean)]


def profile(law: Law, waits: Waits, which: int, value: float, guess: np.ndarray) -> float:
    """Largest log-likelihood with parameter ``which`` held at ``value``."""
    if len(law.parameters) == 1:
        return law.log_likelihood([value], waits)
    from scipy.optimize import minimize_scalar

    def loss(log_other):
        other = np.exp(np.clip(log_other, -60, 60))
        theta = (value, other) if which == 0 else (other, value)
        ll = law.log_likelihood(theta, waits)
        return -ll if np.isfinite(ll) else 1e300

    centre = float(np.log(guess[1 - which]))
    found = minimize_scalar(loss, bracket=(centre - 0.3, centre + 0.3), options={"xtol": 1e-9})
    return -float(found.fun)
