"""Does the rate rise or fall, whatever the law of the waits? Lewis and Robinson's test by permuting waits."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

import numpy as np
from scipy import stats

from analysis.errors import ParameterError, check_choice, check_rng
from analysis.results import Alternative, Assumption, Estimate, Finding
from analysis.stats.trend import card, tilted, waits
from analysis.stats.trend.limits import from_tails, inverted
from analysis.stats.trend.log_linear import QUESTION
from analysis.stats.trend.orders import Orders, orders_of
from analysis.timeline import EventSeries

SLACK = 1e-9
STEP = 1e-8  # of a limit; p moves in steps, which a finer search would only halve
LEAST_NORMAL = 8  # complete waits; with 2, 4 and 6 the normal law of z rejects a constant rate in 29, 12 and 9% of 5%
NORMAL = "normal law of z: it rejects a constant rate in 6.8% of 5% with 8 waits, 6.1% with 11, 5.6% with 19"


def lewis_robinson(
    series: EventSeries,
    *,
    alternative: Alternative = "two-sided",
    null_change: float = 0.0,
    level: float = 0.95,
    method: Literal["permutation", "normal"] = "permutation",
    rng: object = None,
    resamples: int = 9999,
    draws: int = 100,
) -> Finding:
    """Lewis and Robinson's test: Laplace's z over the coefficient of variation of the complete waits.

    The null is a renewal process of any law, so bursts are allowed. p comes from the orders of the complete
    waits, which are all alike under it, with no randomness up to 19 waits: every order up to 12; a fixed group of
    orders from 13 (95,040) or 16 on (322,560), as exact in size. Beyond 19 (8 where dates are drawn), random orders,
    p = (k + 1) / (resamples + 1), and ``rng`` is needed. Where they would hold more than 5 10^7 waits together
    (from 5001 waits on at 9999 orders) the sum over all orders has the normal law of its exact mean and variance.

    Parameters
    ----------
    series : events and window. A wait that crosses a hole makes the finding inconclusive
    alternative : "less" for a falling rate, "greater" for a rising one
    null_change : the log-rate change per window under the null
    method : "permutation", or "normal" for the textbook's normal law of z, by name (8 waits or more)
    rng, resamples : random orders; draws : readings of uncertain dates that are to be drawn

    Notes
    -----
    The limits invert the same test: under a rate changing as ``exp(theta u)`` the waits are exchangeable on the
    clock that runs as fast as the rate. p crosses 1 - level at a limit (it moves in steps); few waits set none.
    The estimate is the theta at which the statistic stands at the mean over all orders.
    """
    card.checked(alternative, level)
    check_choice("method", method, ("permutation", "normal"))
    card.whole("resamples", resamples, 99)
    if not np.isfinite(null_change):
        raise ParameterError(f"null_change must be a finite number, got {null_change!r}")
    seed, rng = card.seed_text(rng), rng if rng is None else check_rng(rng, "orders are drawn")
    settings = {"method": method, "null_change": null_change, "level": level, "seed": seed}
    about = {
        "question": QUESTION.format(series.label),
        "null": card.ORDER_NULL,
        "method": "Lewis-Robinson test",
        "alternative": alternative,
    }
    reason = waits.refused(series)
    if reason:
        return card.thin(series, reason=reason, settings=settings, **about)
    points = waits.tabled(series, _points, rng=rng, draws=draws)
    n = points.shape[1] - 1
    orders = None
    if method != "normal":
        orders = orders_of(np.arange(n, 0, -1.0), readings=len(points), rng=rng, resamples=resamples)
    closed = series.window.closed_by_event

    def pvalues(theta: float) -> np.ndarray:
        if method == "normal":
            z = _z(_grown(points, theta), _grown(1.0, theta), closed)
            return from_tails(stats.norm.cdf(z), stats.norm.sf(z), alternative)
        tails = _tails_of_all if orders is None else orders.tails
        return from_tails(*tails(_shares(points, theta)), alternative)

    z = _z(_grown(points, null_change), _grown(1.0, null_change), closed)
    even = not np.all(np.isfinite(z))
    if even and method == "normal":
        return card.thin(series, reason="All waits are equal: their variation is 0.", settings=settings, **about)
    p = pvalues(null_change)
    centre = _centre(points, closed, method == "normal")
    low, high = (None, None)
    if centre is not None:
        low, high = inverted(
            lambda t: float(pvalues(t).mean()),
            centre,
            alternative=alternative,
            level=level,
            most=40,
            tolerance=STEP,
        )
    about["method"] += f" ({_law_words(method, orders)})"
    even_words = ("All waits are equal: z has no value, and no order differs from another.",) if even else ()
    found = Finding(
        **about,
        statistic=None if even else float(np.mean(z)),
        statistic_name="Lewis-Robinson z",
        pvalue=float(p.mean()),
        attainable_pvalue=_smallest(orders, _shares(points, null_change), alternative),
        effect=Estimate(name="log-rate change per window", value=centre, low=low, high=high, level=level),
        n_events=series.n,
        exposure_days=series.days,
        assumptions=(
            Assumption("waits independent of each other", "unchecked", "alike in law, whatever that law is"),
            card.WATCHED,
            card.REPORTED,
            *(() if orders is not None else (_approximate(method, n),)),
        ),
        warnings=(*even_words, *waits.left_out(series), *series.notes),
        settings=card.base_settings(
            series, waits=n, orders=None if orders is None else orders.size, **settings, **card.readings(p)
        ),
        vintage=series.vintage,
    )
    return _withheld(found, n) if method == "normal" and n < LEAST_NORMAL else found


def _withheld(found: Finding, n: int) -> Finding:
    """The textbook's z with so few waits that its normal law would mislead: no p, no limits."""
    reason = f"{n} complete waits: the normal law of z is not offered below {LEAST_NORMAL}; use method='permutation'."
    return replace(
        found,
        pvalue=None,
        attainable_pvalue=None,
        effect=replace(found.effect, low=None, high=None),
        warnings=(reason, *found.warnings),
        inconclusive=True,
    )


def _points(series: EventSeries) -> np.ndarray:
    """Ends of the complete waits as shares of the watched time, the start of the first one in front."""
    window = series.window
    times = np.append(0.0, series.times) if window.opened_by_event else series.times
    return window.clock(times) / window.days


def _grown(share, theta: float):
    """The clock that runs as ``exp(theta u)``: its time when the share u of the window is gone, 1 at the end."""
    return share * np.exp(tilted.cumulant(theta * np.asarray(share, dtype=float)) - tilted.cumulant(theta))


def _shares(points: np.ndarray, theta: float) -> np.ndarray:
    """Waits on that clock as shares of what they add up to, shape (readings, waits)."""
    lengths = np.diff(_grown(points, theta), axis=1)
    total = lengths.sum(axis=1, keepdims=True)
    return lengths / np.where(total > 0, total, 1.0)


def _z(points: np.ndarray, end: float, closed: bool) -> np.ndarray:
    """Laplace's z from the start of the first wait, over the coefficient of variation; nan where that is 0."""
    lengths = np.diff(points, axis=1)
    since = points[:, 1:] - points[:, :1]
    since = since[:, :-1] if closed else since
    span = end - points[:, 0]
    m = since.shape[1]
    scatter = lengths.std(axis=1, ddof=1) / lengths.mean(axis=1)
    with np.errstate(divide="ignore", invalid="ignore"):
        z = (since.sum(axis=1) - m * span / 2) / (span * np.sqrt(m / 12))
        return np.where(scatter > SLACK, z / scatter, np.nan)


def _tails_of_all(shares: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The same over all orders, by the normal law of the sum with its exact mean and variance (Hoeffding 1951)."""
    n = shares.shape[1]
    contrast = np.arange(n, 0, -1.0) - (n + 1) / 2
    spread = np.sqrt((contrast @ contrast) * shares.var(axis=1, ddof=1))
    even = spread <= SLACK
    z = shares @ contrast / np.where(even, 1.0, spread)
    return np.where(even, 1.0, stats.norm.cdf(z)), np.where(even, 1.0, stats.norm.sf(z))


def _law_words(method: str, orders: Orders | None) -> str:
    if method == "normal":
        return "normal, approximate"
    return "all orders, normal law" if orders is None else orders.words


def _approximate(method: str, n: int) -> Assumption:
    if method == "normal":
        return Assumption("approximate", "doubtful", NORMAL)
    how = f"normal law over all orders of {n} waits; one wait that outweighs the rest would break it"
    return Assumption("approximate", "unchecked", how)


def _smallest(orders: Orders | None, shares: np.ndarray, alternative: str) -> float:
    """The smallest p that these waits could give in any order; 0 for the normal form."""
    if orders is None:
        return 0.0
    least, most = orders.ends(shares[0])
    return float(min(1.0, {"less": least, "greater": most}.get(alternative, 2 * min(least, most))))


def _centre(points: np.ndarray, closed: bool, normal: bool) -> float | None:
    """The theta at which the sum of event times stands at its mean under the null; None where it never does.

    The mean over all orders of the waits, or for the normal form the middle of the time left to the end.
    """
    from scipy.optimize import brentq

    n = points.shape[1] - 1
    contrast = np.arange(n, 0, -1.0) - (n + 1) / 2

    def gap(theta: float) -> float:
        if not normal:
            return float((_shares(points, theta) @ contrast).mean())
        warped = _grown(points, theta)
        since = (warped[:, 1:-1] if closed else warped[:, 1:]) - warped[:, :1]
        return float((since.mean(axis=1) / (1 - warped[:, 0])).mean() - 0.5)

    reach = 1.0
    while reach <= 64:
        if gap(-reach) > 0 > gap(reach):
            return float(brentq(gap, -reach, reach, xtol=1e-10))
        reach *= 2
    return None
