"""Processes whose truth is known, for judging tests; and nulls, for judging data."""

from analysis.processes import nulls, simulate
from analysis.processes.nulls import (
    NULLS,
    Null,
    circular_shift,
    local_jitter,
    shuffled_waits,
    surrogates,
    uniform_times,
)
from analysis.processes.simulate import Simulated, hawkes, inhomogeneous, poisson, renewal, step, suspended

__all__ = [
    "NULLS",
    "Null",
    "Simulated",
    "circular_shift",
    "hawkes",
    "inhomogeneous",
    "local_jitter",
    "nulls",
    "poisson",
    "renewal",
    "shuffled_waits",
    "simulate",
    "step",
    "surrogates",
    "suspended",
    "uniform_times",
]
