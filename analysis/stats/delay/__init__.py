"""Delay: how long until an attack is reported, and how many of a period are still to come."""

from analysis.stats.delay.nowcast import known_share, still_to_come
from analysis.stats.delay.reverse import law

__all__ = ["known_share", "law", "still_to_come"]
