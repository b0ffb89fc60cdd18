"""The timing of attacks: did they stop, when did the pace change, and how surely can it be said?"""

from __future__ import annotations

from analysis.errors import AnalysisError, CatalogueError, ParameterError, SmallSampleWarning, TiesWarning
from analysis.results import Assumption, Estimate, Finding, ask, collect, flat
from analysis.timeline import CountSeries, EventSeries, StateSeries, Window

__version__ = "0.1.0"
__all__ = [
    "AnalysisError",
    "Assumption",
    "CatalogueError",
    "CountSeries",
    "Estimate",
    "EventSeries",
    "Finding",
    "ParameterError",
    "SmallSampleWarning",
    "StateSeries",
    "TiesWarning",
    "Window",
    "ask",
    "collect",
    "flat",
    "load",
    "select",
]


def __getattr__(name: str):
    # The catalogue brings a schema library along: it is imported when a file is first read.
    if name in ("load", "select"):
        from analysis import catalogue

        return getattr(catalogue, name)
    raise AttributeError(f"module 'analysis' has no attribute {name!r}")
