"""The law of the reporting delay, free of the bias that late reports are missing: product limit in reverse time."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy import stats

from analysis.errors import ParameterError, check_level
from analysis.results import Assumption, Estimate, Finding
from analysis.stats.delay.pairs import Delays, delays_of

ABOUT = {
    "question": "How long does it take until an attack is reported?",
    "null": "delays of one law, whatever the day of the attack; an attack not reported by now is not in the data",
    "method": "reverse-time product limit for right-truncated delays",
}
LEAST = 3


def law(data: object, *, as_of: object, within: int = 7, level: float = 0.95) -> Finding:
    """Law of the delay from attack to first report, from the attacks reported by ``as_of``.

    Parameters
    ----------
    data : table from ``load``, or a pair ``(occurred, reported)`` of arrays of dates or day numbers; rows reported
        later are left out, so that the record is the one of that day
    as_of : the day of the record, itself included
    within : whole days; the effect is the share of attacks reported within so many, with its limits

    Returns
    -------
    Finding whose curve has, for delays 0, 1, ...: delay, share (reported within it), low, high, at_risk, reports

    Notes
    -----
    An attack of yesterday can only show delays of 0 and 1, so that the plain mean of the delays seen is too short.
    With ``n_d`` delays of exactly d and ``N_d`` attacks that show d or less and could have shown d,
    ``F(d) = prod over j > d of (1 - n_j / N_j)`` (Lagakos, Barraj and De Gruttola 1988; Kalbfleisch and Lawless
    1989). All is given a delay of at most the longest that could have been seen, the horizon: how many reports
    take longer these data cannot say. Limits are those of the beta product (Fay, Brittain and Proschan 2013),
    products matched by two moments; with nothing truncated they are Clopper and Pearson's.
    """
    check_level(level)
    if not isinstance(within, int | np.integer) or isinstance(within, bool) or within < 0:
        raise ParameterError(f"within must be a whole number of days, 0 or more; got {within!r}")
    delays = delays_of(data, as_of)
    settings = {"as_of": str(as_of), "within": int(within), "level": level, "unit": "day"}
    settings |= {"without_report": delays.unknown, "reported_before_their_date": delays.early}
    warned = _left_out(delays)
    horizon = int(delays.reach.max()) if delays.n else 0
    curve = product_limit(delays, level=level) if delays.n else None
    reason = _thin(delays, curve, within, horizon)
    if reason:
        return Finding(**ABOUT, n_events=delays.n, warnings=(reason, *warned), settings=settings, inconclusive=True)
    row = curve.iloc[within]
    median = int(curve.loc[curve["share"] >= 0.5, "delay"].iloc[0])
    naive = float(np.mean(delays.delay <= within))
    return Finding(
        **ABOUT,
        statistic=float(median),
        statistic_name="median delay in days",
        effect=Estimate(
            name=f"share reported within {within} days",
            value=float(row["share"]),
            low=float(row["low"]),
            high=float(row["high"]),
            level=level,
        ),
        n_events=delays.n,
        assumptions=(
            Assumption("one law of delay over the whole record", "unchecked", "attention and access change it"),
            Assumption("nothing takes longer than the horizon", "unchecked", f"{horizon} days could have been seen"),
        ),
        warnings=("An estimate, not a test: no p-value.", *warned),
        settings=settings | {"horizon": horizon, "median": median, "share_without_correction": naive},
        curve=curve,
    )


def product_limit(delays: Delays, *, level: float = 0.95) -> pd.DataFrame:
    """The reverse-time product limit at delays 0 to the horizon, with limits of the beta product."""
    horizon = int(delays.reach.max())
    d = np.arange(horizon + 1)
    reports = np.bincount(delays.delay, minlength=horizon + 1)
    # An attack counts at d if it shows d or less and could have shown d.
    at_risk = np.array([np.sum((delays.delay <= x) & (delays.reach >= x)) for x in d])
    kept = np.where(at_risk > 0, 1 - reports / np.maximum(at_risk, 1), 1.0)
    share = np.append(np.cumprod(kept[:0:-1])[::-1], 1.0)
    low, high = _beta_product(reports, at_risk, level)
    return pd.DataFrame({"delay": d, "share": share, "low": low, "high": high, "at_risk": at_risk, "reports": reports})


def _beta_product(reports: np.ndarray, at_risk: np.ndarray, level: float) -> tuple[np.ndarray, np.ndarray]:
    """Limits of F(d): quantiles of products of betas over the longer delays, matched by two moments."""
    tail, horizon = (1 - level) / 2, reports.size - 1
    low, high = np.ones(horizon + 1), np.ones(horizon + 1)
    first, second = 1.0, 1.0
    for d in range(horizon - 1, -1, -1):
        n, k = at_risk[d + 1], reports[d + 1]
        if k:
            a, b = n - k + 1.0, float(k)
            first *= a / (a + b)
            second *= a * (a + 1) / ((a + b) * (a + b + 1))
        high[d] = _quantile(first, second, 1 - tail)
        # The next shorter delay stands for what could lie between: one more report among those still at risk.
        left = float(at_risk[d])
        low[d] = 0.0 if left == 0 else _quantile(first * left / (left + 1), second * left / (left + 2), tail)
    return np.minimum(low, high), high


def _quantile(first: float, second: float, chance: float) -> float:
    spread = second - first**2
    if spread <= 1e-15:
        return float(first)
    size = first * (1 - first) / spread - 1
    return float(stats.beta.ppf(chance, first * size, (1 - first) * size))


def _thin(delays: Delays, curve: pd.DataFrame | None, within: int, horizon: int) -> str | None:
    if delays.n < LEAST:
        return f"{delays.n} attacks with a report by then: {LEAST} are needed."
    if horizon < within:
        return f"The longest delay that could have been seen is {horizon} days, under the {within} asked for."
    if curve["share"].iloc[0] <= 0 and (curve["at_risk"] == curve["reports"])[curve["reports"] > 0].iloc[1:].any():
        return "At some delay every attack that could have shown it did: the law below is not to be told."
    return None


def _left_out(delays: Delays) -> tuple[str, ...]:
    told = []
    if delays.unknown:
        told.append(f"{delays.unknown} attacks without a first report left out.")
    if delays.early:
        told.append(f"{delays.early} attacks reported before the date coded for them left out.")
    return tuple(told)
