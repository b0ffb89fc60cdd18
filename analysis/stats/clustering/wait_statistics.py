"""How unevenly waits follow each other: CV, CV2, LV, LvR and burstiness of a plain row of waits."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from analysis.errors import ParameterError

COMPILED_FROM = 20_000  # below, numpy is done before compiled code is read from disk


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitStatistics:
    """Statistics of a row of waits; None where too few or only zero waits leave one undefined.

    n : number of waits
    mean : mean wait, in their unit
    cv : standard deviation over mean
    cv2, lv, lvr : the same from neighbouring waits only, so that a slow trend of the rate does not enter
    burstiness : ``(cv - 1) / (cv + 1)``, -1 for even waits, 0 for many exponential ones, towards 1 for bursts
    burstiness_finite : Kim and Jo's form, 0 at the spread of a Poisson process and 1 at most, at any n
    """

    n: int
    mean: float | None
    cv: float | None
    cv2: float | None
    lv: float | None
    lvr: float | None
    burstiness: float | None
    burstiness_finite: float | None


def wait_statistics(waits, *, refractory: float = 0.0, ddof: int = 1) -> WaitStatistics:
    """CV, CV2, LV, LvR and burstiness of a row of waits, in one pass and without copies of it.

    Parameters
    ----------
    waits : float array, shape (n,), in their order, 0 or more, any unit
    refractory : time after an event in which none can follow, same unit (the R of LvR)
    ddof : 1 for a standard deviation with n - 1, 0 with n, in ``cv`` and ``burstiness``;
        ``burstiness_finite`` is defined with n

    Raises
    ------
    ParameterError : a wait that is negative or not finite

    Notes
    -----
    CV2: Holt et al. (1996) J. Neurophysiol. 75:1806, mean of ``2 |a - b| / (a + b)`` over neighbours. LV:
    Shinomoto et al. (2003) Neural Comput. 15:2823, 3 times the mean of ``((a - b) / (a + b))^2``. LvR: Shinomoto
    et al. (2009) PLoS Comput. Biol. 5:e1000433, eq. 3, each term times ``1 + 4 R / (a + b)``. Burstiness: Goh and
    Barabasi (2008) EPL 81:48002; for finite n Kim and Jo (2016) Phys. Rev. E 94:032311. All but the last
    two are 1 for a long Poisson process. Two neighbouring waits of 0 count as equal.
    """
    row = np.ascontiguousarray(waits, dtype=float)
    if row.ndim != 1:
        raise ParameterError(f"waits must be one row of numbers, got an array of shape {row.shape}")
    if not (np.isfinite(refractory) and refractory >= 0) or ddof not in (0, 1):
        raise ParameterError(f"refractory must be a time of 0 or more and ddof 0 or 1, got {refractory!r} and {ddof!r}")
    n = row.size
    # A minimum is nan where any wait is.
    if n and not (row.min() >= 0 and row.max() < np.inf):
        raise ParameterError("waits must be finite and 0 or more: sort the times before taking differences")
    if n == 0:
        return WaitStatistics(n=0, **dict.fromkeys(("mean", *_NAMES)))
    total, squares, cv2, lv, lvr = _sums(row, float(refractory))
    mean = float(row[0] + total / n)
    if n < 2 or mean <= 0:
        return WaitStatistics(n=n, mean=mean, **dict.fromkeys(_NAMES))
    spread = max(0.0, squares - total * total / n)
    cv = float(np.sqrt(spread / (n - ddof)) / mean)
    pairs = n - 1
    return WaitStatistics(
        n=n,
        mean=mean,
        cv=cv,
        cv2=float(2 * cv2 / pairs),
        lv=float(3 * lv / pairs),
        lvr=float(3 * lvr / pairs),
        burstiness=(cv - 1) / (cv + 1),
        burstiness_finite=burstiness_finite(float(np.sqrt(spread / n) / mean), n),
    )


_NAMES = ("cv", "cv2", "lv", "lvr", "burstiness", "burstiness_finite")


def burstiness_finite(ratio: float, n: int) -> float:
    """Burstiness of n waits whose population standard deviation over their mean is ``ratio``.

    ``(sqrt(n + 1) r - sqrt(n - 1)) / ((sqrt(n + 1) - 2) r + sqrt(n - 1))`` (Kim and Jo 2016): -1 for even
    waits, 0 at the value of a Poisson process, ``sqrt((n - 1) / (n + 1))``, 1 where one wait takes all the time.
    """
    up, down = np.sqrt(n + 1.0), np.sqrt(n - 1.0)
    return float((up * ratio - down) / ((up - 2.0) * ratio + down))


def _sums(row: np.ndarray, refractory: float) -> tuple[float, ...]:
    if row.size >= COMPILED_FROM:
        from analysis.stats.clustering.wait_kernels import sums

        return sums(row, refractory)
    d = row - row[0]
    a, b = row[:-1], row[1:]
    both = a + b
    inverse = np.divide(1.0, both, out=np.zeros_like(both), where=both > 0)
    contrast = np.abs(a - b) * inverse
    square = contrast**2
    lvr = (square * (1.0 + 4.0 * refractory * inverse)).sum()
    return float(d.sum()), float((d * d).sum()), float(contrast.sum()), float(square.sum()), float(lvr)
