"""Does the next attack come sooner or later after a response: the series hazard model and its small-sample fallback."""

from analysis.stats.hazard.cox import CoxFit, cox, zph
from analysis.stats.hazard.next_after import next_after
from analysis.stats.hazard.piecewise import piecewise_exponential
from analysis.stats.hazard.proportionality import proportionality
from analysis.stats.hazard.responses import at_work
from analysis.stats.hazard.series_hazard import adjusted, by_window, series_hazard

__all__ = [
    "CoxFit",
    "adjusted",
    "at_work",
    "by_window",
    "cox",
    "next_after",
    "piecewise_exponential",
    "proportionality",
    "series_hazard",
    "zph",
]
