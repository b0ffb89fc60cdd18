"""The law of the resultant of n uniform angles, exact by Fourier inversion, with the textbook series beside it."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from scipy import special, stats


@lru_cache(maxsize=64)
def _transform(n: int, step: float) -> tuple[np.ndarray, np.ndarray]:
    """Nodes t at the middle of even steps, and J0(t)^n there.

    J0 falls like t^-1/2, so few angles need a long reach; for many the integrand dies at once.
    """
    reach = 20000.0 if n < 4 else 2000.0 if n < 8 else 200.0
    t = (np.arange(round(reach / step)) + 0.5) * step
    values = special.j0(t) ** n
    kept = np.flatnonzero(np.abs(values) > 1e-22)[-1] + 1
    return t[:kept], values[:kept]


def rayleigh_pvalue(n: int, length: float) -> float:
    """Chance that n uniform angles have a mean resultant length of at least ``length``; exact.

    Kluyver (1906): ``P(R <= r) = r int_0^oo J1(r t) J0(t)^n dt``, r the length of the sum. Below 1e-10, where the
    inversion has lost its digits, the series of ``rayleigh_series`` takes over.
    """
    r = n * min(max(float(length), 0.0), 1.0)
    if n <= 1 or r <= 0:
        return 1.0
    if r >= n * (1 - 1e-12):
        return 0.0
    if n == 2:
        return float(1 - 2 / np.pi * np.arcsin(r / 2))
    step = 0.05 if n == 3 else 0.02 if n < 8 else 0.01
    t, values = _transform(n, step)
    p = 1.0 - r * step * float(np.dot(special.j1(r * t), values))
    return float(np.clip(p, 0.0, 1.0)) if p > 1e-10 else rayleigh_series(n, length)


def rayleigh_series(n: int, length: float) -> float:
    """The approximate p of Mardia and Jupp (2000, eq. 6.3.6), which circular and astropy print too; kept in [0, 1]."""
    z = n * length**2
    first = (2 * z - z**2) / (4 * n)
    second = (24 * z - 132 * z**2 + 76 * z**3 - 9 * z**4) / (288 * n**2)
    return float(np.clip(np.exp(-z) * (1 + first - second), 0.0, 1.0))


def component_pvalue(n: int, component: float) -> float:
    """Chance that the mean cosine of n uniform angles toward a direction is at least ``component``; exact.

    Gil-Pelaez (1951): ``1/2 - (1/pi) int_0^oo sin(c t) / t J0(t)^n dt``, c the sum of the cosines.
    """
    c = n * float(np.clip(component, -1.0, 1.0))
    if abs(c) >= n * (1 - 1e-12):
        return 0.0 if c > 0 else 1.0
    if n == 1:
        return float(np.arccos(c) / np.pi)
    # The sum lies in [-n, n], so that steps under pi / n leave no error but that of the reach.
    step = 0.9 * np.pi / n
    t, values = _transform(n, step)
    p = 0.5 - step / np.pi * float(np.dot(np.sin(c * t) / t, values))
    return float(np.clip(p, 0.0, 1.0)) if p > 1e-13 else float(component_series(n, component))


def component_series(n: int, component: float) -> float:
    """The approximate p of the V test (Mardia and Jupp 2000, eq. 6.3.16), as CircStats and astropy print it."""
    z = component * np.sqrt(2 * n)
    p, density = stats.norm.sf(z), stats.norm.pdf(z)
    first = (3 * z - z**3) / (16 * n)
    second = (15 * z + 305 * z**3 - 125 * z**5 + 9 * z**7) / (4608 * n**2)
    return float(np.clip(p + density * (first + second), 0.0, 1.0))


def critical(pvalue, n: int, alpha: float, low: float = 0.0) -> float:
    """The value at which a falling p-value function of n and the statistic equals ``alpha``; 1 where it never does."""
    from scipy.optimize import brentq

    if pvalue(n, 1.0) > alpha:
        return 1.0
    return float(brentq(lambda x: pvalue(n, x) - alpha, low, 1.0, xtol=1e-10))
