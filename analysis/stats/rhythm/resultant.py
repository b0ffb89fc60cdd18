"""The law of the resultant of n uniform angles, exact by Fourier inversion, with the textbook series beside it."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from scipy import special, stats


def _reach(n: int) -> float:
    """Where J0(t)^n has died: it falls like (2 / pi t)^(n / 2), so that few angles need a long reach."""
    return min(3e4, 2 / np.pi * 10 ** (30.0 / n)) if n > 1 else 3e4


@lru_cache(maxsize=64)
def _line(n: int) -> tuple[np.ndarray, np.ndarray]:
    """Nodes at the middle of steps of 0.9 pi / n, and the step times J0(t)^n there."""
    step = 0.9 * np.pi / n
    t = (np.arange(int(_reach(n) / step) + 8) + 0.5) * step
    return t, step * special.j0(t) ** n


@lru_cache(maxsize=64)
def _disc(n: int) -> tuple[np.ndarray, np.ndarray]:
    """Zeros j of J0 and the weights ``2 J0(j / n)^n / (j J1(j)^2)`` of a Fourier-Bessel series, disc of radius n."""
    count = int(_reach(n) * n / np.pi) + 20
    beta = (np.arange(1, count + 1) - 0.25) * np.pi
    zeros = beta + 1 / (8 * beta) - 124 / (3 * (8 * beta) ** 3) + 120928 / (15 * (8 * beta) ** 5)
    zeros[:20] = special.jn_zeros(0, 20)
    return zeros, 2 * special.j0(zeros / n) ** n / (zeros * special.j1(zeros) ** 2)


def rayleigh_pvalue(n: int, length: float) -> float:
    """Chance that n uniform angles have a mean resultant length of at least ``length``; exact.

    Kluyver (1906): ``P(R <= r) = r int_0^oo J1(r t) J0(t)^n dt``, r the length of the sum, here as the
    Fourier-Bessel series on the disc of radius n that holds it. Below 1e-10, where the inversion has lost its
    digits, the series of ``rayleigh_series`` takes over.
    """
    r = n * min(max(float(length), 0.0), 1.0)
    if n <= 1 or r <= 0:
        return 1.0
    if r >= n * (1 - 1e-12):
        return 0.0
    if n == 2:
        return float(1 - 2 / np.pi * np.arcsin(r / 2))
    zeros, weight = _disc(n)
    p = 1.0 - r / n * float(np.dot(special.j1(zeros * r / n), weight))
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
    t, weight = _line(n)
    p = 0.5 - float(np.dot(np.sin(c * t) / t, weight)) / np.pi
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
