"""Do events come in bursts, and do they bring about each other?"""

from analysis.stats.clustering.fit import HawkesFit, fit_hawkes
from analysis.stats.clustering.wait_statistics import WaitStatistics, wait_statistics

__all__ = ["HawkesFit", "WaitStatistics", "fit_hawkes", "wait_statistics"]
