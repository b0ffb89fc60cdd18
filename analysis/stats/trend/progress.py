"""Do attacks speed up the way skills are learned? The progress curve of the waits."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy import stats

from analysis.errors import check_rng
from analysis.results import Alternative, Assumption, Estimate, Finding
from analysis.stats.trend import card, waits
from analysis.stats.trend.limits import from_tails
from analysis.stats.trend.progress_orders import SlopeOrders
from analysis.timeline import EventSeries

BADLY = 0.1  # share of the scatter below which the curve is said to fit badly


def progress_curve(
    series: EventSeries,
    *,
    alternative: Alternative = "two-sided",
    null_b: float = 0.0,
    level: float = 0.95,
    rng: object = None,
    resamples: int = 9999,
    draws: int = 1000,
) -> Finding:
    """The progress curve ``tau_n = tau_1 n^-b`` of the waits (Johnson et al. 2011), by least squares of the logarithms.

    b above 0 means that waits shorten. Two-sided limits and p are Student's, on the number of waits less two. One-sided
    they come from the orders of the waits: logarithms of waits are skew, which makes Student's law uneven.

    Parameters
    ----------
    series : events and window; events at one instant count once. A wait that crosses a hole makes the finding
        inconclusive
    alternative : "less" for a falling rate (b below ``null_b``), "greater" for a rising one
    null_b : b under the null
    rng, resamples : random orders, for one-sided tests of more than 19 waits (8 with drawn dates), as in
        ``lewis_robinson``
    rng, draws : readings of uncertain dates that are to be drawn; p is their mean; limits two-sided are mean limits

    Notes
    -----
    The settings hold ``tau_1``, ``log10_tau_1``, the standard error of b and ``r_squared``; a warning says where
    the curve explains under a tenth of the scatter, as it does in most provinces of Iraq.
    """
    card.checked(alternative, level)
    card.whole("resamples", resamples, 99)
    settings = {"level": level, "null_b": null_b, "seed": card.seed_text(rng)}
    rng = rng if rng is None else check_rng(rng, "dates or orders are drawn")
    about = {
        "question": f"Do the waits between {series.label} follow a progress curve?",
        "null": f"the waits scatter about tau_1 n^-b with b = {null_b:g}",
        "method": "progress curve, least squares of logarithms",
        "alternative": alternative,
    }
    reason = waits.refused(series)
    if reason:
        return card.thin(series, reason=reason, settings=settings, **about)
    found = [row[row > 0] for row in waits.tabled(series, waits.complete, rng=rng, draws=draws)]
    found = [row for row in found if row.size >= 3]
    if not found:
        reason = "Fewer than three waits above 0: a line through their logarithms has no error."
        return card.thin(series, reason=reason, settings=settings, **about)
    fits = np.array([line(row) for row in found])
    b, log_tau, error, explained = fits.mean(axis=0)
    freedom = np.array([row.size - 2 for row in found])
    exact_fit = bool(np.all(fits[:, 2] <= 1e-12))
    t = (fits[:, 0] - null_b) / np.where(fits[:, 2] > 1e-12, fits[:, 2], np.inf)
    p = from_tails(stats.t.cdf(t, freedom), stats.t.sf(t, freedom), alternative)
    reach = stats.t.ppf((1 + level) / 2 if alternative == "two-sided" else level, freedom) * fits[:, 2]
    low = None if alternative == "less" else float((fits[:, 0] - reach).mean())
    high = None if alternative == "greater" else float((fits[:, 0] + reach).mean())
    least = 0.0
    orders = None if alternative == "two-sided" or exact_fit else SlopeOrders(found, rng=rng, resamples=resamples)
    if orders is not None and orders.counted:
        p, least = orders.pvalues(null_b, alternative), orders.smallest(null_b, alternative)
        low, high = orders.limits(float(b), alternative, level)
        about["method"] += f" ({orders.words})"
    words = []
    if exact_fit:
        words.append("The waits lie on the curve without scatter: no p-value.")
    elif explained < BADLY:
        words.append(f"The curve fits badly: it explains {100 * explained:.2g}% of the scatter of the waits.")
    merged = series.n - (0 if series.window.opened_by_event else 1) - found[0].size
    if merged > 0:
        words.append(f"{merged} waits of 0 were left out: events at one instant count once.")
    length = found[0].size
    n = np.arange(1, length + 1)
    return Finding(
        **about,
        statistic=None if exact_fit else float(t.mean()),
        statistic_name="Student's t",
        pvalue=None if exact_fit else float(p.mean()),
        attainable_pvalue=least,
        effect=Estimate(
            name="progress exponent b",
            value=float(b),
            low=low,
            high=high,
            level=level,
        ),
        n_events=series.n,
        exposure_days=series.days,
        assumptions=(
            Assumption("power law of the number of the attack", "doubtful" if explained < BADLY else "unchecked", ""),
            _law(orders),
            card.WATCHED,
            card.REPORTED,
        ),
        warnings=(*words, *waits.left_out(series), *series.notes),
        settings=card.base_settings(
            series,
            waits=length,
            tau_1=float(10**log_tau),
            log10_tau_1=float(log_tau),
            b_error=float(error),
            r_squared=float(explained),
            **settings,
            **card.readings(p),
        ),
        vintage=series.vintage,
        curve=pd.DataFrame({"number": n, "days": found[0], "fitted": 10**log_tau * n ** (-b)}),
    )


def _law(orders: SlopeOrders | None) -> Assumption:
    if orders is not None and orders.counted:
        return Assumption(
            "waits independent of each other", "unchecked", "alike in law but for n^-b, whatever that law"
        )
    return Assumption("approximate", "unchecked", "two-sided it rejects 4.7 to 5.2% of 5%, whatever the law of waits")


def line(lengths: np.ndarray) -> tuple[float, float, float, float]:
    """b, log10 tau_1, the standard error of b, and the share of the scatter explained."""
    x, y = np.log10(np.arange(1, lengths.size + 1)), np.log10(lengths)
    dx, dy = x - x.mean(), y - y.mean()
    slope = (dx @ dy) / (dx @ dx)
    rest = dy - slope * dx
    error = np.sqrt(rest @ rest / (lengths.size - 2) / (dx @ dx))
    total = dy @ dy
    explained = 1 - (rest @ rest) / total if total > 0 else 0.0
    return -slope, y.mean() - slope * x.mean(), error, explained
