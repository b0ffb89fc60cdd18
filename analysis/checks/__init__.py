"""What would change the answer: other windows, other readings, one event less, another prior."""

from analysis.checks.design import methods, power, priors
from analysis.checks.leave_one_out import leave_one_out
from analysis.checks.readings import date_precision
from analysis.checks.variations import reselected, usual_changes, variations

__all__ = [
    "date_precision",
    "leave_one_out",
    "methods",
    "power",
    "priors",
    "reselected",
    "usual_changes",
    "variations",
]
