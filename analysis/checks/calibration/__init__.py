"""Does every test keep its promise? Size and coverage of each, measured under its null at few events and many."""

from analysis.checks.calibration.case import SCHEMES, Case
from analysis.checks.calibration.measure import Measured, measured

__all__ = ["SCHEMES", "Case", "Measured", "measured"]
