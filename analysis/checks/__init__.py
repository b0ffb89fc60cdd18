"""What would change the answer: other windows, dates, theatres, sources and readings, one event less, another prior."""

from analysis.checks.ahead import power_ahead, smallest_fall
from analysis.checks.axes import usual_axes
from analysis.checks.choices import by_choice, most_moving
from analysis.checks.design import methods, power, prior_sensitivity, priors
from analysis.checks.detectable import minimum_detectable, power_by_simulation
from analysis.checks.forecasts import score_counts, score_waits
from analysis.checks.grid import fragile, grid, gridded, over_grid
from analysis.checks.leave_one_out import leave_one_out
from analysis.checks.leave_source_out import leave_one_source_out
from analysis.checks.multiverse import multiverse
from analysis.checks.placebo import placebo_dates, placebo_theatres
from analysis.checks.readings import date_precision
from analysis.checks.scenarios import continued, longer_watch, rate_change, suspension
from analysis.checks.simulation import mapped, replicate, simulated
from analysis.checks.variations import reselected, usual_changes, variations
from analysis.checks.workers import ReplicateError, Stopped

__all__ = [
    "ReplicateError",
    "Stopped",
    "by_choice",
    "continued",
    "date_precision",
    "fragile",
    "grid",
    "gridded",
    "leave_one_out",
    "leave_one_source_out",
    "longer_watch",
    "mapped",
    "methods",
    "minimum_detectable",
    "most_moving",
    "multiverse",
    "over_grid",
    "placebo_dates",
    "placebo_theatres",
    "power",
    "power_ahead",
    "power_by_simulation",
    "prior_sensitivity",
    "priors",
    "rate_change",
    "replicate",
    "reselected",
    "score_counts",
    "score_waits",
    "simulated",
    "smallest_fall",
    "suspension",
    "usual_axes",
    "usual_changes",
    "variations",
]
