"""When did the pace change, if it did: one date, a stretch, or several."""

from analysis.stats.changepoint.as_state import best_date, date_limits
from analysis.stats.changepoint.blocks import blocks, prior_penalty
from analysis.stats.changepoint.change_of_counts import one_change_counts
from analysis.stats.changepoint.one_change import one_change
from analysis.stats.changepoint.pelt import pelt
from analysis.stats.changepoint.scan import scan
from analysis.stats.changepoint.suspend import suspend_resume

__all__ = [
    "best_date",
    "blocks",
    "date_limits",
    "one_change",
    "one_change_counts",
    "pelt",
    "prior_penalty",
    "scan",
    "suspend_resume",
]
