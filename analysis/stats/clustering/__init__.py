"""Do events come in bursts, and do they bring about each other?"""

from analysis.stats.clustering.burstiness import burstiness
from analysis.stats.clustering.factors import allan, fano
from analysis.stats.clustering.fit import HawkesFit, fit_hawkes
from analysis.stats.clustering.forecast import hawkes_forecast
from analysis.stats.clustering.hawkes import hawkes
from analysis.stats.clustering.likelihood import hawkes_intensity, hawkes_loglikelihood
from analysis.stats.clustering.memory import memory, memory_coefficient
from analysis.stats.clustering.residuals import hawkes_residuals
from analysis.stats.clustering.wait_statistics import WaitStatistics, wait_statistics

__all__ = [
    "HawkesFit",
    "WaitStatistics",
    "allan",
    "burstiness",
    "fano",
    "fit_hawkes",
    "hawkes",
    "hawkes_forecast",
    "hawkes_intensity",
    "hawkes_loglikelihood",
    "hawkes_residuals",
    "memory",
    "memory_coefficient",
    "wait_statistics",
]
