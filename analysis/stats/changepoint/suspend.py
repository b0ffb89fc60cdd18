"""Did the pace fall at one date and resume at another?"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from analysis.errors import ParameterError, check_level, check_rng
from analysis.results import Assumption, Estimate, Finding
from analysis.stats.changepoint import card
from analysis.stats.changepoint.rates_after import as_settings, ratio_estimate
from analysis.stats.changepoint.simulated import constant_rate
from analysis.stats.changepoint.stretches import Stretches, quietest, quietest_stretch, stretches
from analysis.stats.rates.conditional import pvalues
from analysis.timeline import EventSeries

ABOUT = {
    "question": "Did the pace fall at one date and resume at another?",
    "null": (
        "one constant rate: the events fall at uniform instants of the watched time; their number, the window "
        "and the rounding of dates are kept, their order in time is not; the search for the stretch is repeated"
    ),
    "method": "suspend and resume: two dates, weighed and searched",
    "alternative": "less",
}
MOST_EVENTS = 3000  # beyond this the search over pairs is refused rather than left running
ANSWERS = {"none": "No suspension is shown", "one": "The evidence is for one fall that does not end"}
SHOWN = 0.8  # chance that "one" or "two" needs before it is given as the answer


def suspend_resume(
    series: EventSeries,
    *,
    rng: object = None,
    resamples: int = 999,
    prior_shape: float = 1.0,
    prior_mean_wait: float | str = "observed",
    min_days: float | None = None,
    level: float = 0.95,
) -> Finding:
    """Evidence for no, one and two dates, the posterior of both, and a p-value for the quietest stretch.

    Parameters
    ----------
    series : events and window, on the watched clock
    rng : seed or Generator; None raises, since the null is simulated
    resamples : simulated records; p = (k + 1)/(resamples + 1)
    prior_shape, prior_mean_wait : of the Gamma prior that all rates share; "observed" centres it on the mean
        wait of the whole record
    min_days : shortest period; never less than the coarsest precision of the dates
    level : of the credible intervals and of the answer

    Notes
    -----
    "One" is a fall for good, "two" a fall that ends; in both the lower rate comes second. The three have one prior
    for their rates, dates uniform on the watched time, and equal chances beforehand: ``settings`` gives their log
    evidences, Bayes factors and chances. The ``answer`` there is "one" or "two" where its chance is 0.8 or more,
    else "none": no change is shown.

    The p-value is of another kind: the stretch between two events with the largest likelihood ratio of a lower
    rate inside, against the same search in records of a constant rate. A fall that never ends has no second
    event and is left to ``scan``. The effect is the date of the fall given two dates, with the resumption, the
    stretch likeliest of all and the ratio of rates inside over outside in ``settings``.
    """
    check_level(level)
    card.check_count("resamples", resamples)
    generator = check_rng(rng, "the null is simulated")
    shown = {
        "level": level,
        "resamples": resamples,
        "seed": card.seed_text(rng),
        "chosen": "chosen_after",
        "min_days": card.shortest(series, min_days),
        "prior_shape": prior_shape,
        "prior_mean_wait": prior_mean_wait,
    }
    shape, wait = _prior(series, prior_shape, prior_mean_wait)
    times, total, shortest = card.watched_times(series), series.days, float(shown["min_days"])
    reason = _why_not(series, times, shortest)
    if reason:
        return card.thin(series, reason=reason, settings=shown, **ABOUT)
    shown["prior_mean_wait_used"] = wait
    found = stretches(times, total, shape=shape, days=shape * wait, shortest=shortest)
    low, middle, high = card.elapsed_limits(series, found.quantiles("start", [(1 - level) / 2, 0.5, (1 + level) / 2]))
    statistic, p, searched = _searched(series, times / total, shortest / total, generator, resamples)
    notes = list(series.notes)
    weighed = _weighed(series, found, shape=shape, days=shape * wait, total=total, level=level)
    if weighed["answer"] != "two":
        notes.insert(0, f"{ANSWERS[weighed['answer']]}: the two dates stand on the supposition that there were two.")
    return Finding(
        **ABOUT,
        statistic=statistic,
        statistic_name="largest likelihood ratio of a quiet stretch, 2 log",
        pvalue=p,
        attainable_pvalue=1 / (resamples + 1),
        effect=Estimate(
            name="date of the fall",
            value=middle,
            low=low,
            high=high,
            level=level,
            unit=series.window.unit,
            interval="credible",
        ),
        n_events=series.n,
        exposure_days=series.days,
        assumptions=(
            *card.ASSUMED,
            Assumption("the pace resumes as it was", "unchecked", "one rate before and after the stretch"),
            Assumption(
                "prior of the rates", "unchecked", f"Gamma(shape {shape:g}, mean wait {wait:.3g} {series.window.unit}s)"
            ),
        ),
        warnings=notes,
        settings=card.base_settings(series, **shown, **weighed, **searched),
        vintage=series.vintage,
        curve=_curve(series, found),
    )


def _prior(series: EventSeries, shape: float, wait: float | str) -> tuple[float, float]:
    number = not isinstance(shape, bool) and isinstance(shape, int | float) and 0 < shape < np.inf
    given = not isinstance(wait, bool | str) and isinstance(wait, int | float) and 0 < wait < np.inf
    if not number or not (given or wait == "observed"):
        raise ParameterError(
            f"prior_mean_wait must be a time above 0 or 'observed', and prior_shape above 0; got {wait!r} and {shape!r}"
        )
    return float(shape), float(wait) if given else series.days / max(series.n, 1)


def _why_not(series: EventSeries, times: np.ndarray, shortest: float) -> str | None:
    window = series.window
    bounds = times.size + window.opened_by_event + window.closed_by_event
    if series.resolution == "drawn" and series.uncertain:
        return card.NO_DRAWING
    if times.size < 1 or bounds < 2:
        return "Fewer than two events to bound a stretch: no suspension can be seen."
    if 3 * shortest >= series.days:
        return "The window has no room for three periods of the shortest length: no two dates to choose."
    if times.size > MOST_EVENTS:
        return f"No search over pairs of more than {MOST_EVENTS} events: bin them, or take blocks."
    return None


def _searched(series: EventSeries, shares: np.ndarray, trim: float, rng, resamples: int):
    """The quietest stretch between two events, its p-value over the search, and as if fixed before."""
    window, n = series.window, shares.size
    ends = {"opens": window.opened_by_event, "closes": window.closed_by_event}
    observed = float(quietest(shares[None], trim, **ends)[0])
    null = np.concatenate(
        [quietest(rows, trim, **ends) for rows in constant_rate(series, n, resamples, rng, rounded=True)]
    )
    p = float((np.sum(null >= observed - 1e-9) + 1) / (resamples + 1))
    if observed <= 0:
        return observed, p, {"quietest": None}
    a, b, k = quietest_stretch(shares, trim, **ends)
    local = float(pvalues(n - k, 1 - (b - a), k, b - a, alternative="less"))
    stretch = card.elapsed_limits(series, np.array([a, b]) * series.days)
    return observed, p, {"quietest": stretch, "quietest_events_inside": k, "local_pvalue": local}


def _weighed(series: EventSeries, found: Stretches, *, shape, days, total, level) -> dict[str, Any]:
    chances = found.probabilities()
    limits = card.elapsed_limits(series, found.quantiles("end", [(1 - level) / 2, 0.5, (1 + level) / 2]))
    best = int(found.weight.argmax())
    map_pair = found.dates[[found.start[best], found.end[best]]]
    heavy = np.argsort(found.weight)[::-1][:3000]
    weight = found.weight[heavy] / found.weight[heavy].sum()
    i, j = found.start[heavy], found.end[heavy]
    k, w = found.counts[j] - found.counts[i], found.dates[j] - found.dates[i]
    n = series.n - int(series.window.closed_by_event)
    ratio = ratio_estimate(
        "ratio", (n - k, days + total - w), (k, days + w), weight, shape=shape, level=level, falls=True
    )
    most_likely = card.elapsed_limits(series, map_pair)
    return {
        "resumed": limits[1],
        "resumed_limits": [limits[0], limits[2]],
        "most_likely_stretch": most_likely,
        "most_likely_dates": [card.when(series, t) for t in most_likely],
        **as_settings("ratio", ratio),
        "log_evidence": {"none": found.log_none, "one": found.log_one, "two": found.log_two},
        "log_bayes_factor_one_over_none": found.log_one - found.log_none,
        "log_bayes_factor_two_over_none": found.log_two - found.log_none,
        "log_bayes_factor_two_over_one": found.log_two - found.log_one,
        "probabilities": chances,
        "answer": next((a for a in ("one", "two") if chances[a] >= SHOWN), "none"),
    }


def _curve(series: EventSeries, found: Stretches) -> pd.DataFrame:
    """Posterior share of each date as the start, and as the end, of the stretch."""
    columns = {
        "date": series.window.unclock(found.dates),
        "start": found.marginal("start"),
        "end": found.marginal("end"),
    }
    return pd.DataFrame(columns)
