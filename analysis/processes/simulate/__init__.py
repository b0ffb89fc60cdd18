"""Simulators: each returns the truth beside the data, in a window that may have holes."""

from analysis.processes.simulate.changing import inhomogeneous, step, suspended
from analysis.processes.simulate.exciting import hawkes
from analysis.processes.simulate.steady import poisson, renewal
from analysis.processes.simulate.truth import Simulated

__all__ = ["Simulated", "hawkes", "inhomogeneous", "poisson", "renewal", "step", "suspended"]
