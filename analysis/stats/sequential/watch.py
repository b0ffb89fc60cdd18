"""Evidence about one rate that holds at every look: against a reference, and as a confidence sequence."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from analysis.errors import ParameterError
from analysis.results import Alternative, Estimate, Finding
from analysis.stats.sequential import card
from analysis.stats.sequential.mixtures import gamma_mixture
from analysis.timeline import EventSeries

SHAPE = 0.5


def evidence(
    series: EventSeries,
    *,
    reference: float,
    expected: float | None = None,
    shape: float = SHAPE,
    alternative: Alternative = "two-sided",
    level: float = 0.95,
    looks: Sequence[object] | None = None,
) -> Finding:
    """Evidence against a rate that was named before, good however often one looks and whenever one stops.

    Parameters
    ----------
    series : events and window; the window ends at the present look. Watched time alone counts. An event that
        closed the window counts, since stopping at an event is as good as any other stop
    reference : rate per unit of time under the null, above 0
    expected, shape : mean (by default the reference) and shape of the gamma law over which alternatives are
        averaged; fixed before looking. They move the power, not the guarantee
    alternative : "less" for a null of at least the reference, "greater" for one of at most the reference
    looks : times at which somebody looked (dates or elapsed); None for a watch without a break. The present end is
        always one of them

    Returns
    -------
    Finding whose statistic is the evidence now (an e-value), whose p is one over the largest so far, and whose
    effect is the rate with the confidence sequence that belongs to it. Its curve has elapsed, n, evidence

    Notes
    -----
    Ville (1939): under the null the evidence ever reaches 1 / alpha with chance alpha at most. Between two events it
    is convex in time, so that its maximum lies just before or at an event, or now. Dates on a lattice are looked at
    when a day is over. Formula and sources in ``mixtures.gamma_mixture``.
    """
    card.checked(alternative, level)
    reference = card.above_zero(reference, "reference")
    expected = reference if expected is None else card.above_zero(expected, "expected")
    shape = card.above_zero(shape, "shape")
    card.refuse_drawn(series)
    t, n = _looks(series, looks)
    prior = {"expected": expected, "shape": shape, "alternative": alternative}
    logs = gamma_mixture(n, t, reference=reference, **prior)
    p = card.pvalue(logs)
    rate = _rate(series, t, n, prior, level)
    unit = series.window.unit
    words = {"two-sided": "is", "less": "is at least", "greater": "is at most"}[alternative]
    return Finding(
        question=f"Has the rate of {series.label} changed from {reference:g} per {unit}, whenever one looks?",
        null=f"a Poisson process whose rate {words} {reference:g} per {unit}; looks and stop may follow the data",
        method="gamma-mixture e-process",
        alternative=alternative,
        statistic=float(np.exp(min(logs[-1], 700.0))),
        statistic_name="evidence now (e-value)",
        pvalue=p,
        attainable_pvalue=_smallest(series, reference, prior),
        effect=rate,
        n_events=series.n,
        exposure_days=series.days,
        assumptions=card.ASSUMED,
        warnings=(*card.left_over(rate, "rate"), *series.notes),
        settings=card.base_settings(
            series,
            reference=reference,
            expected=expected,
            shape=shape,
            level=level,
            looks="any time" if looks is None else len(looks),
            largest_evidence=float(np.exp(min(max(logs.max(), 0.0), 700.0))),
        ),
        vintage=series.vintage,
        curve=_curve(series, reference, prior),
    )


def confidence_sequence(
    series: EventSeries,
    *,
    expected: float,
    shape: float = SHAPE,
    alternative: Alternative = "two-sided",
    level: float = 0.95,
    looks: Sequence[object] | None = None,
) -> Finding:
    """Limits of the rate that hold at all looks together: the rates that no look so far has ruled out.

    ``expected`` is a rate named before looking, at which the limits are tightest; other settings as in
    ``evidence``, whose p-value at a limit is 1 - level. The curve has elapsed, n, rate, low, high: the limits as
    they stood at up to 30 times. At one look they are wider than Garwood's, which hold for that look alone.
    """
    card.checked(alternative, level)
    expected = card.above_zero(expected, "expected")
    shape = card.above_zero(shape, "shape")
    card.refuse_drawn(series)
    t, n = _looks(series, looks)
    prior = {"expected": expected, "shape": shape, "alternative": alternative}
    rows = np.unique(np.linspace(0, t.size - 1, 30).astype(int))
    rows = rows[t[rows] > 0]
    ends = [_limits(t[: i + 1], n[: i + 1], prior, level) for i in rows]
    curve = pd.DataFrame({"elapsed": series.window.unclock(t[rows]), "n": n[rows], "rate": n[rows] / t[rows]})
    curve[["low", "high"]] = np.array(ends, dtype=float)
    rate = _rate(series, t, n, prior, level)
    return Finding(
        question=f"What is the rate of {series.label}, whenever one looks?",
        null="a Poisson process of constant rate; the looks and the stop may follow the data",
        method="gamma-mixture confidence sequence",
        alternative=alternative,
        statistic=float(series.n),
        statistic_name="events",
        effect=rate,
        n_events=series.n,
        exposure_days=series.days,
        assumptions=card.ASSUMED,
        warnings=("Limits, not a test: no p-value.", *card.left_over(rate, "rate"), *series.notes),
        settings=card.base_settings(series, expected=expected, shape=shape, level=level),
        vintage=series.vintage,
        curve=curve,
    )


def _looks(series: EventSeries, looks: Sequence[object] | None) -> tuple[np.ndarray, np.ndarray]:
    """Watched time and count at every look, the present last."""
    window, times = series.window, series.times
    clock = window.clock(times)
    if looks is not None:
        at = np.sort([window.elapsed(x) for x in looks])
        if at.size and (at[0] < 0 or at[-1] > window.span):
            raise ParameterError(f"looks must lie inside the window {window}, got {list(looks)}")
        at = np.append(at[at < window.span], window.span)
        return window.clock(at), np.append(np.searchsorted(times, at[:-1], side="left"), series.n)
    if series.precision > 0:
        step = series.precision
        at = np.append(np.arange(step, window.span * (1 - 1e-9), step), window.span)
        return window.clock(at), np.append(np.searchsorted(times, at[:-1], side="left"), series.n)
    # Just before and at each event, ties together, and now.
    before = np.searchsorted(clock, clock, side="left")
    at = np.searchsorted(clock, clock, side="right")
    t = np.append(np.repeat(clock, 2), window.days)
    return t, np.append(np.column_stack([before, at]).ravel(), series.n)


def _limits(t: np.ndarray, n: np.ndarray, prior: dict, level: float) -> tuple[float | None, float | None]:
    # One-sided alternatives "less" give an upper limit, "greater" a lower one.
    def logs_of(rate: float) -> np.ndarray:
        return gamma_mixture(n, t, reference=rate, **prior)

    return card.limits(logs_of, (n[-1] + 0.5) / t[-1], alternative=prior["alternative"], level=level)


def _rate(series: EventSeries, t, n, prior: dict, level: float) -> Estimate:
    low, high = _limits(t, n, prior, level)
    unit = f"per {series.window.unit}"
    return Estimate(name="rate", value=series.n / series.days, low=low, high=high, level=level, unit=unit)


def _smallest(series: EventSeries, reference: float, prior: dict) -> float:
    """The smallest p this much watched time can give: without an event, or with any number of them."""
    if prior["alternative"] == "less":
        return card.pvalue(gamma_mixture(np.zeros(1), series.days, reference=reference, **prior))
    return 0.0


def _curve(series: EventSeries, reference: float, prior: dict) -> pd.DataFrame:
    """Evidence along the window: steps at events, at the end of days where dates are known to the day."""
    window = series.window
    clock = window.clock(series.times)
    t = np.unique(np.concatenate([np.linspace(0, window.days, 241), clock]))
    n = np.searchsorted(clock, t, side="right" if window.closed_by_event else "left")
    log = gamma_mixture(n, t, reference=reference, **prior)
    return pd.DataFrame({"elapsed": window.unclock(t), "n": n, "evidence": np.exp(np.clip(log, -700, 700))})
