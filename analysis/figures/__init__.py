"""Figures a researcher would keep: a result (and, where wanted, an axes) in, an axes out.

``style`` holds the common look; ``page`` saves and shows a figure with its alternative text.
"""

from analysis.figures import changepoint, clustering, page, rates, style, timeline, trend, waiting

__all__ = ["changepoint", "clustering", "page", "rates", "style", "timeline", "trend", "waiting"]
