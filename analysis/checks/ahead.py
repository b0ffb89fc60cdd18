"""What a design can show before its outcome is known: the chance as watching goes on, and the smallest fall found."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from scipy import special

from analysis.checks.design import usable
from analysis.errors import ParameterError, check_level
from analysis.results import p_text, plain
from analysis.stats import rates
from analysis.timeline import EventSeries

AHEAD = ("ratio", "days_after", "power", "low", "high")
FALLS = (
    "before",
    "days before",
    "days after",
    "smallest p",
    "smallest fall",
    "at its lower limit",
    "at its upper limit",
)


def power_ahead(
    series: EventSeries,
    *,
    at: object = "last_event",
    ratios: Sequence[float] = (0, 0.2, 0.5),
    days: Sequence[float] | None = None,
    level: float = 0.95,
) -> pd.DataFrame:
    """Chance that the exact one-sided test shows a fall, by the time watched after the date.

    Parameters
    ----------
    series, at : the events up to the date are kept as they were; they give the rate and its limits
    ratios : true ratios, after over before
    days : watched times after the date, above 0; None runs to twice what a full stop needs, and past the present
    level : 1 - level is the p at or under which the test rejects

    Returns
    -------
    Columns ratio, days_after, power, low, high: the power at the rate before the date, and the smallest and largest
    over the limits of that rate. Empty where there is no event before the date. ``attrs`` holds before (their
    number), days_now (watched after the date so far) and unit
    """
    check_level(level)
    split = usable(series, at)
    if split is None or split.before == 0:
        return pd.DataFrame(columns=list(AHEAD))
    if days is None:
        top = max(2 * _silence_for(split.before, split.before_days, 1 - level), 1.1 * split.after_days)
        days = np.linspace(0, top, 101)[1:]
    days = np.asarray(days, dtype=float).reshape(-1)
    if days.size == 0 or not np.all((days > 0) & np.isfinite(days)):
        raise ParameterError(f"days must be finite times above 0, got {days!r}")
    known = rates.rate_of_count(split.before, split.before_days, level=level).effect
    # The limits and points between them: with a ratio above 0 power need not grow with the rate.
    pace = np.append(known.value, np.geomspace(known.low, known.high, 9))
    most = _most(split.before, split.before_days, days, 1 - level)
    rows = []
    for ratio in ratios:
        # Chance of at most that many attacks, shape (days, rates); none at all where no number would do.
        found = np.where(
            most[:, None] < 0, 0.0, special.pdtr(np.maximum(most, 0)[:, None], ratio * pace * days[:, None])
        )
        rows += zip([ratio] * days.size, days, found[:, 0], found.min(axis=1), found.max(axis=1), strict=True)
    table = pd.DataFrame(rows, columns=list(AHEAD))
    table.attrs = {"before": split.before, "days_now": split.after_days, "unit": series.window.unit}
    return table


def smallest_fall(
    series: Mapping[str, EventSeries], *, at: object = "last_event", wanted: float = 0.8, level: float = 0.95
) -> pd.DataFrame:
    """The ratio nearest to 1 that the exact one-sided test would find with chance ``wanted``, a row a series.

    ``at`` is a date, "last_event", or a pair (start, end): the stretch claimed, against all other days. The count
    before is kept as it is. The rate is that before (or outside), "at its lower limit" and "at its upper limit" take
    the limits of that rate. "none" where not even a full stop would be found so often, "-" where there is no rate.
    """
    check_level(level)
    check_level(wanted, "wanted")
    rows = {name: _fall(each, at, wanted, level) for name, each in series.items()}
    return pd.DataFrame.from_dict(rows, orient="index", columns=list(FALLS)).rename_axis("series")


def _fall(series: EventSeries, at: object, wanted: float, level: float) -> tuple:
    split = usable(series, at)
    if split is None:
        return ("-",) * len(FALLS)
    fixed = (split.before, plain(split.before_days), plain(split.after_days))
    if split.before == 0:
        return (*fixed, "1", *("-",) * 3)
    design = {"before_days": split.before_days, "after_days": split.after_days, "before": split.before}
    known = rates.rate_of_count(split.before, split.before_days, level=level).effect
    smallest = (split.before_days / (split.before_days + split.after_days)) ** split.before
    ends = (known.value, known.low, known.high)
    falls = [rates.minimum_detectable_ratio(rate=r, wanted=wanted, alpha=1 - level, **design) for r in ends]
    return (*fixed, p_text(smallest), *("none" if f is None else plain(f) for f in falls))


def _most(before: int, before_days: float, days: np.ndarray, alpha: float) -> np.ndarray:
    """The most attacks after the date that the one-sided exact test still calls a fall, -1 for none; shape of days."""
    # A count at the pace before or above it is no fall.
    counts = np.arange(int(np.ceil(before * days.max() / before_days)) + 1)
    p = rates.pvalues(before, before_days, counts[None, :], days[:, None], alternative="less")
    return (p <= alpha * (1 + 1e-12)).sum(axis=1) - 1


def _silence_for(before: int, days: float, alpha: float) -> float:
    return days * (alpha ** (-1 / before) - 1)
