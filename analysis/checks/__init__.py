"""What would change the answer: other windows, other readings, one event less, another prior."""

from analysis.checks.design import methods, power, priors
from analysis.checks.leave_one_out import leave_one_out
from analysis.checks.readings import date_precision
from analysis.checks.simulation import mapped, replicate, simulated
from analysis.checks.variations import reselected, usual_changes, variations
from analysis.checks.workers import ReplicateError, Stopped

__all__ = [
    "ReplicateError",
    "Stopped",
    "date_precision",
    "leave_one_out",
    "mapped",
    "methods",
    "power",
    "priors",
    "replicate",
    "reselected",
    "simulated",
    "usual_changes",
    "variations",
]
