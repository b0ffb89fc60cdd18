"""When did the rate change, if it changed once, and how does the record weigh for a change at all?"""

from __future__ import annotations

from typing import Literal

import numpy as np
import pandas as pd
from scipy import special

from analysis.errors import ParameterError, check_choice, check_level
from analysis.results import Assumption, Estimate, Finding
from analysis.stats.changepoint import card
from analysis.stats.changepoint.date_posterior import DatePosterior, date_posterior, log_constant_rate
from analysis.stats.changepoint.rates_after import as_settings, rate_estimate, ratio_estimate
from analysis.timeline import EventSeries

NO_PVALUE = "A posterior and a Bayes factor weigh models and have no p-value: for one, see scan."
ABOUT = {
    "question": "When did the rate change, if it changed once?",
    "null": "one rate throughout, with the same prior as each of the two rates",
    "method": "Poisson change point in continuous time (Raftery and Akman 1986)",
}
DATE_PRIORS = {"uniform": 0.0, "away_from_ends": 1.0}
GRID = 20_000  # steps of the grid on which the highest-density set is found
MERGED = 3000  # groups of dates over which the rates are averaged in long records
POINTS = 400  # steps of the curve, beside both sides of every event


def one_change(
    series: EventSeries,
    *,
    prior_shape: float = 0.5,
    prior_mean_wait: float | None = None,
    date_prior: Literal["uniform", "away_from_ends"] = "uniform",
    level: float = 0.95,
) -> Finding:
    """The posterior of the date of one change, of the rates before and after it, and the evidence for a change.

    Parameters
    ----------
    series : events and window; the date lies beforehand on the watched clock, except for stretches
        at both ends that are shorter than the coarsest precision of the dates
    prior_shape : shape of the Gamma prior of both rates
    prior_mean_wait : the mean wait it is centred on, in the series' unit. None: Raftery and Akman's improper
        prior, density 1 over the root of the rate (shape 1/2), for which the Bayes factor of no change over
        a change has the constant ``sqrt(4 pi / L)`` from an imaginary record
    date_prior : "uniform", or "away_from_ends" for a density that falls to 0 at both ends as t (L - t) does
        (Green 1995, Biometrika 82:711-732, for one change)
    level : of the credible intervals, equal-tailed

    Notes
    -----
    The statistic is the log of the Bayes factor of one change over none. ``curve`` holds the density of the date:
    it jumps at every event. ``settings`` holds mode, highest-density limits, both rates and their ratio,
    averaged over the date. Whatever its posterior, a change is not shown by it: look at the Bayes factor.
    """
    check_level(level)
    check_choice("date_prior", date_prior, DATE_PRIORS)
    days = _prior_days(prior_shape, prior_mean_wait)
    shown = {"level": level, "date_prior": date_prior, "prior_shape": prior_shape, "prior_mean_wait": prior_mean_wait}
    if series.resolution == "drawn" and series.uncertain:
        return card.thin(series, reason=card.NO_DRAWING, settings=shown, **ABOUT)
    times, total, shortest = card.watched_times(series), series.days, card.coarsest(series)
    reason = _why_not(times, total, shortest, days)
    if reason:
        return card.thin(series, reason=reason, settings=shown, **ABOUT)
    posterior = date_posterior(
        times, total, shape=prior_shape, days=days, shortest=shortest, away=DATE_PRIORS[date_prior]
    )
    log_factor = _log_bayes_factor(posterior, shortest)
    low, middle, high = (posterior.quantile(p) for p in ((1 - level) / 2, 0.5, (1 + level) / 2))
    low_e, middle_e, high_e = card.elapsed_limits(series, np.array([low, middle, high]))
    mode, dense = _mode(posterior), highest_density(posterior, level)
    found = {
        "date": card.when(series, middle_e),
        "date_limits": [card.when(series, low_e), card.when(series, high_e)],
        "mode": card.elapsed_limits(series, np.array([mode]))[0],
        "highest_density": card.elapsed_limits(series, np.array(dense)),
        **_rates(posterior, level, series.window.unit),
        "log_bayes_factor": log_factor,
        "log10_bayes_factor_none": float(-log_factor / np.log(10)),
        "probability_of_change": float(special.expit(log_factor)),
        "shortest_period": shortest,
    }
    return Finding(
        **ABOUT,
        statistic=log_factor,
        statistic_name="log Bayes factor, one change over none",
        effect=Estimate(
            name="date of the change",
            value=middle_e,
            low=low_e,
            high=high_e,
            level=level,
            unit=series.window.unit,
            interval="credible",
        ),
        n_events=series.n,
        exposure_days=series.days,
        assumptions=(
            *card.ASSUMED,
            Assumption("prior of both rates", "unchecked", _prior_text(prior_shape, prior_mean_wait, series)),
            Assumption("one change", "unchecked", "the posterior of the date takes it for granted"),
        ),
        warnings=(NO_PVALUE, *series.notes),
        settings=card.base_settings(series, **shown, **found),
        vintage=series.vintage,
        curve=_curve(series, posterior),
    )


def highest_density(posterior: DatePosterior, level: float) -> tuple[float, float]:
    """The first and the last date of the set of highest density that holds ``level`` of the posterior."""
    t, _, share = posterior.nodes()
    density = posterior.density(t)
    order = np.argsort(-density, kind="stable")
    last = int(np.searchsorted(np.cumsum(share[order]), level))
    threshold = density[order[min(last, order.size - 1)]]
    steps = np.linspace(posterior.edges[0], posterior.edges[-1], GRID + 1)
    kept = np.sort(np.concatenate([steps[1:-1], t]))
    kept = kept[posterior.density(kept) >= threshold]
    return float(kept.min()), float(kept.max())


def _prior_days(shape: float, mean_wait: float | None) -> float:
    if isinstance(shape, bool) or not isinstance(shape, int | float) or not 0 < shape < np.inf:
        raise ParameterError(f"prior_shape must be a number above 0, got {shape!r}")
    if mean_wait is None:
        if shape != 0.5:
            raise ParameterError(
                f"the improper prior has shape 0.5, got prior_shape={shape!r}; give prior_mean_wait= for another one"
            )
        return 0.0
    if isinstance(mean_wait, bool) or not isinstance(mean_wait, int | float) or not 0 < mean_wait < np.inf:
        raise ParameterError(f"prior_mean_wait must be a time above 0 or None, got {mean_wait!r}")
    return float(shape * mean_wait)


def _why_not(times: np.ndarray, total: float, shortest: float, days: float) -> str | None:
    if times.size == 0:
        return "No event free to fall: nothing to date a change by."
    if 2 * shortest >= total:
        return "The window is no longer than two periods of the coarsest date precision: no date to choose."
    if days == 0 and shortest == 0 and (times[0] <= 0 or times[-1] >= total):
        return (
            "An event stands on the very edge of the window, where the improper prior puts the whole posterior: "
            "give prior_mean_wait."
        )
    return None


def _log_bayes_factor(posterior: DatePosterior, shortest: float) -> float:
    """Log evidence of one change over none; for the improper prior with the constant of an imaginary record."""
    n, total, shape, days = posterior.times.size, posterior.total, posterior.shape, posterior.days
    none = log_constant_rate(n, total, shape=shape, days=days) - special.gammaln(shape)
    room = total - 2 * shortest
    if posterior.away:  # the integral of t (L - t) between the two ends
        room *= (total**2 + 2 * shortest * (total - shortest)) / 6
    one = posterior.log_mass - np.log(room) - 2 * special.gammaln(shape)
    if days == 0:
        return float(one - none - 0.5 * np.log(4 * np.pi / total))
    return float(one - none + special.xlogy(shape, days))


def _mode(posterior: DatePosterior) -> float:
    """The date of highest density. Under a uniform prior it is convex between events: it stands beside an event."""
    inside = posterior.times[(posterior.times > posterior.edges[0]) & (posterior.times < posterior.edges[-1])]
    if inside.size == 0:
        return posterior.quantile(0.5)
    at = np.concatenate([inside, inside])
    k = np.concatenate([np.searchsorted(posterior.times, inside, side=s) for s in ("left", "right")])
    if posterior.away:
        between, counts, _ = posterior.nodes()
        at, k = np.concatenate([at, between]), np.concatenate([k, counts])
    return float(at[int(posterior.density(at, k).argmax())])


def _rates(posterior: DatePosterior, level: float, unit: str) -> dict[str, object]:
    t, k, weight = _merged(*posterior.nodes())
    n, days, shape = posterior.times.size, posterior.days, posterior.shape
    early, late = days + t, days + posterior.total - t
    how = {"shape": shape, "level": level}
    before = rate_estimate("rate before", k, early, weight, unit=unit, **how)
    after = rate_estimate("rate after", n - k, late, weight, unit=unit, **how)
    ratio = ratio_estimate("ratio", (k, early), (n - k, late), weight, **how)
    parts = {"rate_before": before, "rate_after": after, "ratio": ratio}
    return {key: value for name, part in parts.items() for key, value in as_settings(name, part).items()}


def _merged(t: np.ndarray, k: np.ndarray, weight: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The same dates and counts in at most ``MERGED`` groups of about one weight, each at its mean."""
    if t.size <= MERGED:
        return t, k, weight
    group = np.minimum((np.cumsum(weight) * MERGED).astype(int), MERGED - 1)
    total = np.bincount(group, weight, MERGED)
    held = total > 0
    means = (np.bincount(group, weight * x, MERGED)[held] / total[held] for x in (t, k))
    return *means, total[held]


def _prior_text(shape: float, mean_wait: float | None, series: EventSeries) -> str:
    if mean_wait is None:
        return "improper, 1 over the root of the rate; the constant of the Bayes factor from an imaginary record"
    return f"Gamma(shape {shape:g}, mean wait {mean_wait:.3g} {series.window.unit}s)"


def _curve(series: EventSeries, posterior: DatePosterior) -> pd.DataFrame:
    """Density and distribution of the date, with both sides of every event."""
    low, high = float(posterior.edges[0]), float(posterior.edges[-1])
    steps = low + (high - low) * (np.arange(POINTS) + 0.5) / POINTS
    inside = np.unique(posterior.times[(posterior.times > low) & (posterior.times < high)])
    dates = np.concatenate([steps, inside, inside])
    k = np.concatenate(
        [np.searchsorted(posterior.times, x, side=s) for x, s in ((steps, "left"), (inside, "left"), (inside, "right"))]
    )
    order = np.lexsort((k, dates))
    dates, k = dates[order], k[order]
    columns = {
        "date": series.window.unclock(dates),
        "density": posterior.density(dates, k),
        "below": np.interp(dates, posterior.edges, posterior.below),
        "n_before": k,
    }
    return pd.DataFrame(columns)
