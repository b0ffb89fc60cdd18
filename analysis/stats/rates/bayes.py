"""Bayes factors for a stop, with the prior printed and moved."""

from __future__ import annotations

from typing import Literal

import numpy as np
import pandas as pd
from scipy import special, stats

from analysis.errors import ParameterError, check_choice, check_level
from analysis.results import Assumption, Estimate, Finding
from analysis.timeline import EventSeries, Split

Model = Literal["suspension", "independent"]
NO_PVALUE = "A Bayes factor weighs two models and has no p-value."
SHAPES = (0.5, 1.0, 2.0)


def log_marginal(count, days, shape, mean_wait):
    """Log chance of ``count`` events at given times in ``days``, rate ~ Gamma(shape, shape * mean_wait).

    The prior's mean rate is 1 / mean_wait. Vectorised. Factors common to all models are left out.
    """
    b = shape * mean_wait
    return (
        special.xlogy(shape, b)
        - special.gammaln(shape)
        + special.gammaln(shape + count)
        - special.xlogy(shape + count, b + days)
    )


def log_bayes_factor(split: Split, *, shape, mean_wait, model: Model) -> np.ndarray:
    """Log of the evidence for ``model`` over the evidence for one rate throughout.

    "suspension": the same prior before the date and a rate of 0 after it (impossible once there is an event after);
    "independent": two rates drawn apart from the same prior.
    """
    same = log_marginal(split.before + split.after, split.before_days + split.after_days, shape, mean_wait)
    before = log_marginal(split.before, split.before_days, shape, mean_wait)
    if model == "suspension":
        return before - same if split.after == 0 else np.full(np.shape(before), -np.inf)
    return before + log_marginal(split.after, split.after_days, shape, mean_wait) - same


def bayes_factor(
    series: EventSeries,
    *,
    at: object,
    prior_mean_wait: float | Literal["observed"],
    prior_shape: float = 1.0,
    model: Model = "suspension",
    level: float = 0.95,
) -> Finding:
    """Evidence for a stop (or for two rates) at a date over one rate throughout.

    Parameters
    ----------
    series, at : as in ``ratio``
    prior_mean_wait : mean wait the prior is centred on, in the series' unit, or "observed": the mean wait
        before the date. No default: with few events the prior is half of the answer
    prior_shape : shape of the Gamma prior of the rate; smaller is vaguer
    model : "suspension" (full stop after the date) or "independent" (any two rates)

    Notes
    -----
    The effect is the posterior median of the ratio after over before for two independent rates, with a
    credible interval. ``curve`` holds both Bayes factors over shapes 0.5, 1, 2 and mean waits from a
    quarter to four times the one chosen; ``settings`` the counts the prior predicts.
    """
    check_choice("model", model, ("suspension", "independent"))
    check_level(level)
    if isinstance(at, str) and at == "last_event" and series.last is None:
        return _nothing(series, model, "No event in the window, so there is no last one to split at.")
    split = series.split(at)
    if min(split.before_days, split.after_days) <= 0:
        return _nothing(series, model, "No watched time on one side of the date.")
    if prior_mean_wait == "observed":
        if split.before == 0:
            return _nothing(series, model, "No event before the date: no observed mean wait to centre the prior on.")
        prior_mean_wait = split.before_days / split.before
    if isinstance(prior_mean_wait, str) or not prior_mean_wait > 0 or not prior_shape > 0:
        raise ParameterError(
            "prior_mean_wait must be a time above 0 or 'observed', and prior_shape above 0; "
            f"got {prior_mean_wait!r} and {prior_shape!r}"
        )
    factor = float(np.exp(log_bayes_factor(split, shape=prior_shape, mean_wait=prior_mean_wait, model=model)))
    words = {"suspension": "a full stop", "independent": "two rates"}[model]
    return Finding(
        question=f"Does the record of {series.label} speak for {words} at {split.label}?",
        null="one rate throughout, drawn from the prior",
        method=f"Bayes factor, {words} over one rate",
        statistic=factor,
        statistic_name="Bayes factor",
        effect=posterior_ratio(split, shape=prior_shape, mean_wait=prior_mean_wait, level=level),
        n_events=(split.before, split.after),
        exposure_days=(split.before_days, split.after_days),
        assumptions=(
            Assumption(
                "prior of the rate",
                "unchecked",
                f"Gamma(shape {prior_shape:g}, mean wait {prior_mean_wait:.3g} {series.window.unit}s)",
            ),
            Assumption("constant rate within each period, independent events", "unchecked", "see dispersion"),
        ),
        warnings=(NO_PVALUE, *series.notes),
        settings={
            "at": split.label,
            "prior_shape": prior_shape,
            "prior_mean_wait": prior_mean_wait,
            "prior_predicts_before": _predicted(split.before_days, prior_shape, prior_mean_wait),
            "prior_predicts_after": _predicted(split.after_days, prior_shape, prior_mean_wait),
        },
        vintage=series.vintage,
        curve=prior_sensitivity(split, mean_waits=prior_mean_wait * np.geomspace(0.25, 4, 17)),
    )


def prior_sensitivity(split: Split, *, mean_waits, shapes=SHAPES) -> pd.DataFrame:
    """Both Bayes factors over a grid of priors: columns shape, mean_wait, suspension, independent."""
    grid = [(a, w) for a in shapes for w in np.atleast_1d(mean_waits)]
    shape, wait = np.array(grid).T
    columns = {
        m: np.exp(log_bayes_factor(split, shape=shape, mean_wait=wait, model=m)) for m in ("suspension", "independent")
    }
    return pd.DataFrame({"shape": shape, "mean_wait": wait, **columns})


def posterior_ratio(split: Split, *, shape: float, mean_wait: float, level: float) -> Estimate:
    """Ratio after over before for two independent rates under the prior: a scaled F law, median and limits."""
    a, b = shape, shape * mean_wait
    law = stats.f(2 * (a + split.after), 2 * (a + split.before))
    scale = (a + split.after) / (b + split.after_days) * (b + split.before_days) / (a + split.before)
    low, middle, high = scale * law.ppf([(1 - level) / 2, 0.5, (1 + level) / 2])
    return Estimate(
        name="rate ratio, after over before",
        value=middle,
        low=low,
        high=high,
        level=level,
        interval="credible",
    )


def _predicted(days: float, shape: float, mean_wait: float) -> list[int]:
    """The 2.5 % and 97.5 % points of the count the prior predicts in ``days`` (negative binomial)."""
    b = shape * mean_wait
    return [int(q) for q in stats.nbinom.ppf([0.025, 0.975], shape, b / (b + days))]


def _nothing(series: EventSeries, model: str, reason: str) -> Finding:
    return Finding(
        question=f"Does the record of {series.label} speak for a change?",
        null="one rate throughout, drawn from the prior",
        method=f"Bayes factor ({model})",
        n_events=series.n,
        exposure_days=series.days,
        warnings=(reason, *series.notes),
        vintage=series.vintage,
        inconclusive=True,
    )
