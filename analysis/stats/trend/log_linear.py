"""Does the rate rise or fall steadily? The sum of the event times against a log-linear rate."""

from __future__ import annotations

from typing import Literal

import numpy as np
import pandas as pd

from analysis.errors import ParameterError, check_choice
from analysis.results import Alternative, Assumption, Estimate, Finding
from analysis.stats.trend import card, tilted
from analysis.stats.trend.limits import from_tails, inverted
from analysis.stats.trend.positions import tabled
from analysis.stats.waiting.past import drawn
from analysis.timeline import EventSeries

Method = Literal["exact", "normal"]
QUESTION = "Did the rate of {} rise or fall steadily?"
STEPS = 101


def laplace(
    series: EventSeries,
    *,
    alternative: Alternative = "two-sided",
    null_change: float = 0.0,
    level: float = 0.95,
    method: Method = "exact",
    rng: object = None,
    draws: int = 1000,
) -> Finding:
    """Laplace's test: the sum of the event times, and the log-linear rate that fits it.

    Given the number of events and a rate proportional to ``exp(theta u)``, u the share of the watched time gone,
    the times are independent, and their sum decides on theta. The statistic is the usual z; p and the limits
    come from the law of the sum.

    Parameters
    ----------
    series : events and window; times are on the watched clock, holes cut out. The event that closed the
        window is conditioned on
    alternative : "less" for a falling rate, "greater" for a rising one
    null_change : the log-rate change per window under the null
    method : "exact" is numerically exact for fewer than 20 events, up to 100 where the dates are not drawn, and
        a saddlepoint form (off by less than 0.0005) beyond; "normal" is the textbook form, by name
    rng, draws : readings of uncertain dates that are to be drawn; p is their mean, the limits invert it
    """
    card.checked(alternative, level)
    check_choice("method", method, ("exact", "normal"))
    if not np.isfinite(null_change):
        raise ParameterError(f"null_change must be a finite number, got {null_change!r}")
    shares = tabled(series, rng=rng, draws=draws)
    more = {"method": method, "null_change": null_change, "level": level, "seed": card.seed_text(rng)}
    return finding(series, shares, label=series.label, alternative=alternative, settings=more)


def finding(
    series: EventSeries, shares: np.ndarray, *, label: str, alternative: Alternative, settings, **own
) -> Finding:
    """The finding for a table of positions, a row for each reading; also used for several series pooled."""
    level, null_change, method = (settings[k] for k in ("level", "null_change", "method"))
    n = shares.shape[1]
    about = {
        "question": QUESTION.format(label),
        "null": card.POISSON_NULL if null_change == 0 else f"the log rate changes by {null_change:g} over the window",
        "method": f"Laplace test ({'normal, approximate' if method == 'normal' else _law_words(shares)})",
        "alternative": alternative,
    } | own.pop("about", {})
    if n == 0:
        reason = "No free event: no trend can be seen."
        return card.too_thin(series, reason, about=about, settings=settings, own=own)
    sums = np.clip(shares.sum(axis=1), 0.0, n)
    usable = sums[(sums > 1e-9 * n) & (sums < n * (1 - 1e-9))]
    if usable.size == 0:
        reason = "All events stand at one edge of the window: every trend that way fits, and none is estimated."
        return card.too_thin(series, reason, about=about, settings=settings, own=own)
    law = _law(usable, n, method)

    def pvalues(theta: float) -> np.ndarray:
        falling, rising = law.tails(theta)
        return from_tails(falling, rising, alternative)

    centre = float(tilted.fitted(usable.mean() / n))
    low, high = inverted(lambda t: float(pvalues(t).mean()), centre, alternative=alternative, level=level)
    p = pvalues(null_change)
    z = (usable.mean() - n * tilted.mean(null_change)) / np.sqrt(n * tilted.variance(null_change))
    return Finding(
        **about,
        statistic=float(z),
        statistic_name="Laplace z",
        pvalue=float(p.mean()),
        attainable_pvalue=0.0,
        effect=Estimate(name="log-rate change per window", value=centre, low=low, high=high, level=level),
        assumptions=(
            Assumption("log-linear rate", "unchecked", "the limits; the test of no trend does not need it"),
            card.CONSTANT,
            card.WATCHED,
            card.REPORTED,
            *own.pop("rounding", card.rounding(series, drawn(series))),
            *_approximate(method, n),
        ),
        warnings=(*own.pop("warnings", ()), *series.notes),
        settings=card.base_settings(series, free_events=n, **settings, **card.readings(p), **own.pop("more", {})),
        vintage=series.vintage,
        curve=_curve(series, centre, n),
        **({"n_events": series.n, "exposure_days": series.days} | own),
    )


def _law(sums: np.ndarray, n: int, method: str):
    if method == "normal":
        return tilted.NormalSum(sums, n)
    return tilted.ExactSum(sums, n) if _is_exact(n, sums.size) else tilted.SaddleSum(sums, n)


def _is_exact(n: int, readings: int) -> bool:
    return n < 20 or (n <= 100 and readings == 1)


def _law_words(shares: np.ndarray) -> str:
    return "exact" if _is_exact(shares.shape[1], shares.shape[0]) else "saddlepoint"


def _approximate(method: str, n: int) -> tuple[Assumption, ...]:
    if method != "normal":
        return ()
    status = "doubtful" if n < 20 else "unchecked"
    return (Assumption("approximate", status, f"normal law of the sum of {n} times; see docs/methods/trend.md"),)


def _curve(series: EventSeries, theta: float, free: int) -> pd.DataFrame:
    """The fitted cumulative count on the window's own time, the closing event put on top at the end."""
    window = series.window
    elapsed = np.unique(np.concatenate([np.linspace(0, window.span, STEPS), window.hole_edges.ravel()]))
    share = window.clock(elapsed) / window.days
    grown = share if abs(theta) < 1e-9 else np.exp(tilted.cumulant(theta * share) - tilted.cumulant(theta)) * share
    closing = (elapsed >= window.span) & window.closed_by_event
    return pd.DataFrame({"elapsed": elapsed, "expected": free * grown + closing})
