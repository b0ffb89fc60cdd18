"""When did the pace change, if it did: one date, a stretch, or several."""

from analysis.stats.changepoint.one_change import one_change
from analysis.stats.changepoint.scan import scan

__all__ = ["one_change", "scan"]
