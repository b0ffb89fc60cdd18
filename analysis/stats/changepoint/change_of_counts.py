"""One change in counts per bin: the posterior of the bin after which the rate changed."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy import special

from analysis.errors import ParameterError, check_level
from analysis.results import Assumption, Estimate, Finding
from analysis.timeline import CountSeries

ABOUT = {
    "question": "After which bin did the rate change, if it changed once?",
    "null": "one rate throughout, with the same prior as each of the two rates",
    "method": "Poisson change point in counts (conjugate)",
}
NO_PVALUE = "A posterior and a Bayes factor weigh models and have no p-value: for one, see scan and pelt."


def log_change_evidence(
    counts: np.ndarray, watched: np.ndarray, *, shape: float, days: float
) -> tuple[np.ndarray, float]:
    """Log evidence of a change after each of the first k - 1 bins, and of no change, in O(k).

    Rates ~ Gamma(shape, days), days above 0. Factors that all have in common are left out.
    """
    n, total = np.cumsum(counts), np.cumsum(watched)

    def part(s, w):
        own = special.xlogy(shape, days) - special.gammaln(shape)
        return own + special.gammaln(shape + s) - (shape + s) * np.log(days + w)

    return part(n[:-1], total[:-1]) + part(n[-1] - n[:-1], total[-1] - total[:-1]), float(part(n[-1], total[-1]))


def log_change_evidence_on_grid(
    counts: np.ndarray, watched: np.ndarray, *, rates: np.ndarray, weights: np.ndarray
) -> tuple[np.ndarray, float]:
    """The same for a prior that allows only these ``rates`` with these ``weights`` (which add up to 1).

    The whole evidence of the counts, with nothing left out.
    """
    n, total = np.cumsum(counts)[:, None], np.cumsum(watched)[:, None]
    before = n * np.log(rates) - total * rates
    after = before[-1] - before
    log_w = np.log(weights)
    common = float(np.sum(special.xlogy(counts, watched) - special.gammaln(counts + 1)))
    change = special.logsumexp(before[:-1] + log_w, axis=1) + special.logsumexp(after[:-1] + log_w, axis=1)
    return change + common, float(special.logsumexp(before[-1] + log_w)) + common


def one_change_counts(
    counts: CountSeries, *, prior_shape: float = 1.0, prior_mean_wait: float | str = "observed", level: float = 0.95
) -> Finding:
    """The posterior of the edge at which the rate changed, both rates, and the evidence for a change.

    Parameters
    ----------
    counts : a CountSeries; bins that nobody watched carry no evidence
    prior_shape, prior_mean_wait : of the Gamma prior of both rates; "observed" centres it on the mean wait of
        the whole record. Shape 1 and mean wait 1 is Gamma(1, 1)
    level : of the credible interval of the date

    Notes
    -----
    Each edge between bins is as likely beforehand. The effect is the edge, in the units of ``counts.edges``.
    """
    check_level(level)
    seen = counts.watched > 0
    y, w = counts.counts[seen].astype(float), counts.watched[seen]
    given = not isinstance(prior_mean_wait, str)
    if (
        not prior_shape > 0
        or (given and not 0 < prior_mean_wait < np.inf)
        or (not given and prior_mean_wait != "observed")
    ):
        raise ParameterError(
            "prior_mean_wait must be a time above 0 or 'observed', and prior_shape above 0; "
            f"got {prior_mean_wait!r} and {prior_shape!r}"
        )
    shown = {"prior_shape": prior_shape, "prior_mean_wait": prior_mean_wait, "level": level, "bins": int(seen.sum())}
    if y.sum() == 0 or y.size < 2:
        return Finding(
            **ABOUT,
            n_events=counts.n,
            exposure_days=counts.days,
            warnings=("No event, or fewer than two watched bins: nothing to date a change by.",),
            settings=shown,
            inconclusive=True,
        )
    wait = float(prior_mean_wait) if given else float(w.sum() / y.sum())
    days = prior_shape * wait
    change, none = log_change_evidence(y, w, shape=prior_shape, days=days)
    log_mass = float(special.logsumexp(change))
    posterior = np.exp(change - log_mass)
    log_factor = log_mass - np.log(change.size) - none
    edges = counts.edges[1:][seen][:-1]
    low, middle, high = _quantiles(edges, posterior, level)
    early, late = np.cumsum(y)[:-1], y.sum() - np.cumsum(y)[:-1]
    before = (prior_shape + early) / (days + np.cumsum(w)[:-1])
    after = (prior_shape + late) / (days + w.sum() - np.cumsum(w)[:-1])
    found = {
        "mode": float(edges[posterior.argmax()]),
        "mode_bin": int(np.flatnonzero(seen)[posterior.argmax()]),
        "rate_before": float(posterior @ before),
        "rate_after": float(posterior @ after),
        "ratio": float((posterior @ after) / (posterior @ before)),
        "log_bayes_factor": float(log_factor),
        "probability_of_change": float(special.expit(log_factor)),
        "prior_mean_wait_used": wait,
    }
    return Finding(
        **ABOUT,
        statistic=float(log_factor),
        statistic_name="log Bayes factor, one change over none",
        effect=Estimate(
            name="edge at which the rate changed", value=middle, low=low, high=high, level=level, interval="credible"
        ),
        n_events=counts.n,
        exposure_days=counts.days,
        assumptions=(
            Assumption("counts independent and Poisson between the changes", "unchecked", "see dispersion"),
            Assumption("prior of both rates", "unchecked", f"Gamma(shape {prior_shape:g}, mean wait {wait:.3g})"),
        ),
        warnings=(NO_PVALUE,),
        settings={**shown, **found},
        curve=pd.DataFrame({"date": edges, "probability": posterior}),
    )


def _quantiles(edges: np.ndarray, posterior: np.ndarray, level: float) -> list[float]:
    below = np.cumsum(posterior)
    at = np.searchsorted(below, [(1 - level) / 2, 0.5, (1 + level) / 2])
    return [float(edges[min(i, edges.size - 1)]) for i in at]
