"""Has it stopped? Solow's test, its upper limit for the end, Bayes factor and posterior."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.errors import ParameterError, check_level, check_rng
from analysis.results import Assumption, Estimate, Finding
from analysis.stats.waiting import card
from analysis.stats.waiting.chances import LawChoice, chances, records_of
from analysis.stats.waiting.open_wait import reading_settings
from analysis.stats.waiting.past import drawn, moment_after, no_silence
from analysis.timeline import EventSeries

QUESTION = "Have the events stopped before the end of the window?"
PRIORS = (0.1, 0.25, 0.5, 0.75, 0.9)


def end_limit(last: float, level: float, n: int) -> float:
    """Upper one-sided limit of the end: ``t_n / (1 - level)^(1/n)`` (Solow 2005, eq. 5)."""
    return last * (1 - level) ** (-1.0 / n)


def end_estimate(last: float, n: int) -> float:
    """Unbiased estimate of the end: ``(n + 1) / n * t_n`` (Solow 2005, Math. Biosci. 195:47-55, eq. 4)."""
    return last * (n + 1) / n


def going_over_stopped(last: float, span: float, n: int) -> float | None:
    """Bayes factor of "still going on" over "stopped": ``(n - 1) / ((T / t_n)^(n-1) - 1)``.

    Solow 1993, Ecology 74:962-964, eq. 3: improper prior 1/rate, end uniform over the window if it stopped.
    At n = 1 the limit ``1 / ln(T / t_n)``. Above 1 it speaks for going on (some software prints the inverse).
    None without a quiet time, when it has no bound.
    """
    growth = np.log(span / last)
    if growth <= 0:
        return None
    with np.errstate(over="ignore"):
        odds_against = growth if n == 1 else np.expm1((n - 1) * growth) / (n - 1)
    return float(1.0 / odds_against)


def posterior_going(factor: float, prior: float) -> float:
    """Posterior chance of "still going on" from its Bayes factor and its prior chance."""
    return factor * prior / (factor * prior + 1 - prior)


def solow(
    series: EventSeries, *, prior: float = 0.5, level: float = 0.95, rng: object = None, draws: int = 250
) -> Finding:
    """Solow's (1993) test that events at a constant rate have stopped: ``p = (t_n / T)^n``.

    Parameters
    ----------
    prior : prior chance that the events are still going on, for the posterior; ``curve`` holds others
    level : of the one-sided upper limit of the end; it equals the window's length when p = 1 - level
    rng, draws : for uncertain dates that are to be drawn

    The effect is the end, in watched time since the window opened, with the last event as its lower limit;
    the settings hold both as moments, the Bayes factor (going on over stopped) and the posterior.
    """
    check_level(level)
    if not 0 < prior < 1:
        raise ParameterError(f"prior must be a chance between 0 and 1, for example 0.5; got {prior!r}")
    about = {
        "question": QUESTION,
        "null": "the events go on at one constant rate; their number and the watched time are kept",
        "method": "Solow's test of a stop, constant rate (exact)",
        "alternative": "greater",
    }
    settings = {"prior": prior, "level": level}
    reason = no_silence(series)
    if reason is not None:
        return card.thin(series, reason=reason, settings=settings, **about)
    seed = card.seed_text(rng) if drawn(series) else None
    chance = chances(records_of(series, rng=rng, draws=draws), LawChoice("exponential"))
    p = chance.each(chance.quiet)
    n, last = series.n, float(chance.elapsed.mean())
    span = last + float(chance.quiet.mean())
    high = end_limit(last, level, n)
    factor = going_over_stopped(last, span, n)
    posterior = {q: posterior_going(factor, q) for q in sorted({*PRIORS, prior})}
    return Finding(
        **about,
        statistic=last / span,
        statistic_name="last event as a share of the watched time",
        pvalue=float(p.mean()),
        attainable_pvalue=float(p.mean()),
        effect=Estimate(
            name="end of the events since the window opened",
            value=end_estimate(last, n),
            low=last,
            high=high,
            level=level,
            unit=series.window.unit,
        ),
        n_events=n,
        exposure_days=series.days,
        assumptions=(
            Assumption("constant rate until the end", "unchecked", "for a falling rate see solow_declining"),
            card.WATCHED,
            card.REPORTED,
            Assumption("priors", "unchecked", f"1/rate, end uniform over the window, going on {prior:g}"),
        ),
        warnings=series.notes,
        settings=card.base_settings(
            series,
            **settings,
            end_at=moment_after(series, end_estimate(last, n)),
            end_upper_at=moment_after(series, high),
            bayes_factor_going_over_stopped=factor,
            posterior_going=posterior[prior],
            **reading_settings(p),
            seed=seed,
        ),
        vintage=series.vintage,
        curve=pd.DataFrame({"prior_going": posterior.keys(), "posterior_going": posterior.values()}),
    )


def reading_pvalues(series: EventSeries, compute, *, rng: object, draws: int) -> np.ndarray:
    """``compute(reading)`` once, or for each reading where dates are drawn."""
    from analysis.stats.readings import over_readings

    if not drawn(series):
        return np.array([compute(series)], dtype=float)
    return over_readings(series, compute, rng=check_rng(rng, "uncertain dates are drawn"), draws=draws)
