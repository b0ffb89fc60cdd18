"""Are the counts more spread out than the fitted model allows? Pearson's chi-square, reported with every fit."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from scipy import special

from analysis.results import Assumption
from analysis.stats.interruption import poisson

ALPHA = 0.05


def pearson(counts: np.ndarray, mu: np.ndarray) -> np.ndarray:
    """Sum over bins of ``(count - mu)^2 / mu`` for each row."""
    return ((counts - mu) ** 2 / np.maximum(mu, 1e-12)).sum(axis=-1)


class Fit(NamedTuple):
    """Counts of the bins, the columns fitted to them, and the offset."""

    counts: np.ndarray
    columns: np.ndarray
    offset: np.ndarray


def judged(fit: Fit, thrown: np.ndarray | None) -> tuple[Assumption, dict[str, float | None]]:
    """Whether the counts spread like Poisson ones around the fit, as an assumption and as settings.

    ``thrown`` are counts simulated from the fitted model, shape (size, bins), which are fitted anew; None takes the
    chi-square law, which is rough where few events are expected in a bin.
    """
    free = fit.columns.shape[0] - fit.columns.shape[1]
    if free < 1 or fit.counts.sum() == 0:
        return Assumption("counts spread like Poisson ones", "unchecked", "no bin to spare"), {"dispersion": None}
    mu = poisson.fitted(fit.counts[None], fit.columns, fit.offset)[1]
    seen = float(pearson(fit.counts[None], mu)[0])
    if thrown is None:
        p, how = float(special.chdtrc(free, seen)), "chi-square law"
    else:
        again = pearson(thrown, poisson.fitted(thrown, fit.columns, fit.offset)[1])
        p, how = float((1 + (again >= seen * (1 - 1e-9)).sum()) / (again.size + 1)), "simulated"
    said = f"dispersion {seen / free:.3g} on {free} degrees of freedom, p = {p:.2g} ({how})"
    status = "fails" if p < ALPHA else "holds" if p > 0.2 else "doubtful"
    return Assumption("counts spread like Poisson ones", status, said), {
        "dispersion": seen / free,
        "dispersion_pvalue": p,
    }
