"""How long must quiet last until a watch that never stops may call it evidence?"""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.errors import check_level
from analysis.results import Estimate, Finding
from analysis.stats.sequential import card
from analysis.stats.sequential.mixtures import gamma_mixture
from analysis.stats.sequential.watch import SHAPE, _looks
from analysis.timeline import EventSeries


def alarm(
    series: EventSeries,
    *,
    reference: float,
    expected: float | None = None,
    shape: float = SHAPE,
    level: float = 0.05,
) -> Finding:
    """Further quiet after which the evidence against a rate of at least ``reference`` reaches 1 / level.

    Parameters
    ----------
    series : the record up to now
    reference, expected, shape : as in ``evidence`` with alternative "less"
    level : chance of a false alarm, ever, however often one looks

    Notes
    -----
    The effect is the quiet time still needed, counted in watched time from the end of the window, 0 where an alarm
    was due already. The curve has further_quiet and evidence. ``waiting.silence_needed`` answers for one look
    at a date fixed before; this one for a schedule of looks without end, and so asks for more.
    """
    check_level(level)
    reference = card.above_zero(reference, "reference")
    expected = reference if expected is None else card.above_zero(expected, "expected")
    shape = card.above_zero(shape, "shape")
    card.refuse_drawn(series)
    prior = {"reference": reference, "expected": expected, "shape": shape, "alternative": "less"}
    t, n = _looks(series, None)
    so_far = float(np.max(gamma_mixture(n, t, **prior)))
    goal = -np.log(level)

    def log_after(quiet):
        return gamma_mixture(series.n, series.days + np.asarray(quiet, dtype=float), **prior)

    needed = 0.0 if so_far >= goal else _crossing(log_after, goal, 1 / reference)
    quiet = np.linspace(0, max(2 * needed, 1 / reference), 121)
    unit = series.window.unit
    return Finding(
        question=f"How long must no further {series.label} come until that is evidence of a lower rate?",
        null=f"a Poisson process of at least {reference:g} per {unit}; the looks and the stop may follow the data",
        method="silence alarm of the gamma-mixture e-process",
        alternative="less",
        statistic=float(np.exp(min(float(log_after(0.0)), 700.0))),
        statistic_name="evidence now (e-value)",
        effect=Estimate(
            name=f"further quiet needed for a false-alarm chance of {level:g}",
            value=float(needed),
            low=None,
            high=None,
            unit=unit,
        ),
        n_events=series.n,
        exposure_days=series.days,
        assumptions=card.ASSUMED,
        warnings=("A length of time, not a test: no p-value.", *series.notes),
        settings=card.base_settings(
            series,
            reference=reference,
            expected=expected,
            shape=shape,
            level=level,
            largest_so_far=np.exp(min(so_far, 700.0)),
        ),
        vintage=series.vintage,
        curve=pd.DataFrame({"further_quiet": quiet, "evidence": np.exp(np.clip(log_after(quiet), -700, 700))}),
    )


def _crossing(log_after, goal: float, step: float) -> float:
    """Where the evidence, which grows without end in quiet, reaches its goal."""
    from scipy.optimize import brentq

    high = step
    while log_after(high) < goal:
        high *= 2
    return float(brentq(lambda q: float(log_after(q)) - goal, 0.0, high, xtol=1e-10))
