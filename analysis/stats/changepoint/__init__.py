"""When did the pace change, if it did: one date, a stretch, or several."""

from analysis.stats.changepoint.scan import scan

__all__ = ["scan"]
