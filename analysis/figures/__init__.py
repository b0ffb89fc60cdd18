"""Figures a researcher would keep: a result (and, where wanted, an axes) in, an axes out.

``style`` holds the common look; ``page`` saves and shows a figure with its alternative text.
"""

from analysis.figures import (
    changepoint,
    claims,
    clustering,
    coincidence,
    coverage,
    delay,
    forecast,
    hazard,
    interruption,
    multiverse,
    page,
    placebo,
    power,
    rates,
    rhythm,
    sequential,
    style,
    timeline,
    trend,
    waiting,
)

__all__ = [
    "changepoint",
    "claims",
    "clustering",
    "coincidence",
    "coverage",
    "delay",
    "forecast",
    "hazard",
    "interruption",
    "multiverse",
    "page",
    "placebo",
    "power",
    "rates",
    "rhythm",
    "sequential",
    "style",
    "timeline",
    "trend",
    "waiting",
]
