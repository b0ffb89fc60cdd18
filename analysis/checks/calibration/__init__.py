"""Does every test keep its promise? Size and coverage of each, measured under its null at few events and many."""

from analysis.checks.calibration.case import SCHEMES, Case
from analysis.checks.calibration.measure import Measured, measured
from analysis.checks.calibration.run import FAMILIES, calibrate, cases, cells
from analysis.checks.calibration.table import exceeding, page, wide

__all__ = [
    "FAMILIES",
    "SCHEMES",
    "Case",
    "Measured",
    "calibrate",
    "cases",
    "cells",
    "exceeding",
    "measured",
    "page",
    "wide",
]
