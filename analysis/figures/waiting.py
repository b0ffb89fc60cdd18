"""Waits: bar by bar, their survival, and how surprising a silence grows as quiet days pass."""

from analysis.figures.bars import wait_bars
from analysis.figures.silence import surprise
from analysis.figures.survivors import survival

__all__ = ["surprise", "survival", "wait_bars"]
