"""Rhythm: time of day, weekday and anniversaries."""

from analysis.stats.rhythm.uniformity import kuiper, rao, rayleigh, v_test, watson

__all__ = ["kuiper", "rao", "rayleigh", "v_test", "watson"]
