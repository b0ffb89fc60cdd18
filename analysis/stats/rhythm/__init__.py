"""Rhythm: time of day, weekday and anniversaries."""

from analysis.stats.rhythm.calendar_tests import anniversary, weekday
from analysis.stats.rhythm.fit import von_mises
from analysis.stats.rhythm.heaped import heaping
from analysis.stats.rhythm.part_of_day import between_hours
from analysis.stats.rhythm.uniformity import kuiper, rao, rayleigh, v_test, watson

__all__ = [
    "anniversary",
    "between_hours",
    "heaping",
    "kuiper",
    "rao",
    "rayleigh",
    "v_test",
    "von_mises",
    "watson",
    "weekday",
]
