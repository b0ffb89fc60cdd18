"""Time as it was watched: windows, event series, counts and states."""

from analysis.timeline.counts import CountSeries
from analysis.timeline.events import EventSeries, Split
from analysis.timeline.states import StateSeries
from analysis.timeline.window import Window

__all__ = ["CountSeries", "EventSeries", "Split", "StateSeries", "Window"]
