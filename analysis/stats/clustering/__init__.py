"""Do events come in bursts, and do they bring about each other?"""

from analysis.stats.clustering.fit import HawkesFit, fit_hawkes
from analysis.stats.clustering.hawkes import hawkes
from analysis.stats.clustering.likelihood import hawkes_intensity, hawkes_loglikelihood
from analysis.stats.clustering.wait_statistics import WaitStatistics, wait_statistics

__all__ = [
    "HawkesFit",
    "WaitStatistics",
    "fit_hawkes",
    "hawkes",
    "hawkes_intensity",
    "hawkes_loglikelihood",
    "wait_statistics",
]
