"""Does the pace rise or fall: trend tests that are exact at few events, power law and progress curve."""

from analysis.stats.trend.cramer import cramer_von_mises
from analysis.stats.trend.lewis import lewis_robinson
from analysis.stats.trend.log_linear import laplace
from analysis.stats.trend.mann import mann
from analysis.stats.trend.milhdbk import milhdbk189
from analysis.stats.trend.pooled import pooled
from analysis.stats.trend.power import laplace_power
from analysis.stats.trend.power_law import power_law
from analysis.stats.trend.progress import progress_curve
from analysis.stats.trend.share import share

__all__ = [
    "cramer_von_mises",
    "laplace",
    "laplace_power",
    "lewis_robinson",
    "mann",
    "milhdbk189",
    "pooled",
    "power_law",
    "progress_curve",
    "share",
]
