"""Into how many stretches of one rate does the record fall, and where are their edges?"""

from __future__ import annotations

from typing import Literal

import numpy as np
import pandas as pd

from analysis.errors import ParameterError, check_choice, check_rng
from analysis.results import Estimate, Finding
from analysis.stats.changepoint import card
from analysis.stats.changepoint.partition import calibrated, check_penalty, cut, dearest_change
from analysis.stats.changepoint.simulated import constant_rate
from analysis.timeline import EventSeries

ABOUT = {
    "question": "Into how many stretches of one rate does the record fall?",
    "null": "one constant rate: the events fall at uniform instants of the watched time, rounded as the data were",
    "method": "Bayesian blocks of events (Scargle et al. 2013)",
}
NO_PVALUE = "The penalty was given and not calibrated, so there is no p-value: give false_alarm= and rng=."


def prior_penalty(n: int, p0: float) -> float:
    """Penalty of each block for a false-alarm share ``p0`` among ``n`` events.

    Scargle et al. (2013), Astrophysical Journal 764:167, equation 21 with the logarithm that is missing in print:
    ``4 - log(73.53 p0 n^-0.478)``. A fit to simulations, good to about its first digit.
    """
    if not 0 < p0 < 1:
        raise ParameterError(f"p0 must lie between 0 and 1, got {p0!r}")
    return float(4 - np.log(73.53 * p0 * n**-0.478))


def blocks(
    series: EventSeries,
    *,
    false_alarm: float | None = None,
    p0: float | None = None,
    penalty: float | None = None,
    edges: Literal["window", "events"] = "window",
    rng: object = None,
    resamples: int = 999,
) -> Finding:
    """Bayesian blocks: the cut of the record into stretches of one rate with the best penalised likelihood.

    Parameters
    ----------
    series : events and window, on the watched clock; tied events are one cell with their count
    false_alarm : share of constant-rate records in which any change is found; the penalty is calibrated to it by
        simulation. 0.05 where neither this nor ``p0`` nor ``penalty`` is given
    p0 : the penalty by Scargle's formula instead (see ``prior_penalty``)
    penalty : the penalty of a change itself, in units of log-likelihood
    edges : "window" lets the first and last block reach the edges of the window, so that a silence at the end counts;
        "events" starts at the first event and ends at the last, as astropy does
    rng, resamples : for ``false_alarm``; None raises there

    Notes
    -----
    The p-value, where there is one, is that of any change at all: the penalty at which the record's last change
    vanishes, against the same in records of a constant rate. Memory grows with the number of events; the time does so
    where changes come as the record grows, and with the square of it where there are none.
    """
    check_choice("edges", edges, ("window", "events"))
    card.check_count("resamples", resamples)
    if false_alarm is None and p0 is None and penalty is None:
        false_alarm = 0.05
    if p0 is not None and (false_alarm is not None or penalty is not None):
        raise ParameterError("give one of false_alarm=, p0= and penalty=")
    if p0 is None:
        check_penalty(penalty, false_alarm)
    generator = check_rng(rng, "the penalty is calibrated by simulation") if false_alarm is not None else None
    shown = {"false_alarm": false_alarm, "p0": p0, "edges": edges, "resamples": resamples, "seed": card.seed_text(rng)}
    times = card.watched_times(series)
    if series.resolution == "drawn" and series.uncertain:
        return card.thin(series, reason=card.NO_DRAWING, settings=shown, **ABOUT)
    if np.unique(times).size < 2:
        reason = "Fewer than two distinct times: nothing to cut."
        return card.thin(series, reason=reason, settings=shown, **ABOUT)
    p = threshold = None
    if p0 is not None:
        penalty = prior_penalty(times.size, p0)
    elif false_alarm is not None:
        null = np.fromiter(_null(series, times.size, edges, generator, resamples), dtype=float)
        threshold = calibrated(null, false_alarm)
        # A record counts as changed above the threshold, not at it.
        penalty = threshold / 2 * (1 + 1e-9)
        counts, bounds = cells(times, series.days, edges)
        observed = dearest_change(counts, np.diff(bounds))
        p = float((np.sum(null >= observed - 1e-9) + 1) / (resamples + 1))
    counts, bounds = cells(times, series.days, edges)
    ends, _ = cut(counts, np.diff(bounds), penalty=2 * penalty)
    found = bounds[np.concatenate([[0], ends])]
    n_in = np.add.reduceat(counts, np.concatenate([[0], ends[:-1]]))
    elapsed = np.asarray(series.window.unclock(found), dtype=float)
    changes = int(ends.size - 1)
    return Finding(
        **ABOUT,
        statistic=float(changes),
        statistic_name="changes of rate",
        pvalue=p,
        attainable_pvalue=None if p is None else 1 / (resamples + 1),
        effect=Estimate(
            name="changes of rate",
            value=changes,
            low=None if false_alarm is None else 0,
            high=None if false_alarm is None else 0,
            level=0.95 if false_alarm is None else 1 - false_alarm,
            interval="null range",
        ),
        n_events=series.n,
        exposure_days=series.days,
        assumptions=card.ASSUMED,
        warnings=(*(() if p is not None else (NO_PVALUE,)), *series.notes),
        settings=card.base_settings(
            series,
            **shown,
            penalty=penalty,
            edges_elapsed=elapsed.tolist(),
            dates=[card.when(series, t) for t in elapsed[1:-1]],
            answer="change" if changes else "no change",
        ),
        vintage=series.vintage,
        curve=pd.DataFrame(
            {"start": elapsed[:-1], "end": elapsed[1:], "n_events": n_in, "rate": n_in / np.diff(found)}
        ),
    )


def cells(times: np.ndarray, total: float, edges: str) -> tuple[np.ndarray, np.ndarray]:
    """Counts of the distinct times, and the edges half-way between them."""
    distinct, counts = np.unique(times, return_counts=True)
    first, last = (0.0, total) if edges == "window" else (distinct[0], distinct[-1])
    return counts.astype(float), np.concatenate([[first], (distinct[1:] + distinct[:-1]) / 2, [last]])


def _null(series: EventSeries, n: int, edges: str, rng: np.random.Generator, resamples: int):
    for rows in constant_rate(series, n, resamples, rng, rounded=True):
        for row in rows:
            counts, bounds = cells(row, 1.0, edges)
            yield dearest_change(counts, np.diff(bounds)) if counts.size > 1 else 0.0
