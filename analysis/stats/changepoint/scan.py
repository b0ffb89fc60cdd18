"""Did the rate change at all, when the date is chosen after looking?"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from analysis.errors import check_choice, check_level, check_rng
from analysis.results import ALTERNATIVES, Alternative, Assumption, Estimate, Finding
from analysis.stats.changepoint import card
from analysis.stats.changepoint.date_set import date_pvalues, hull
from analysis.stats.changepoint.ratio import candidates, gain, largest
from analysis.stats.changepoint.simulated import constant_rate
from analysis.stats.rates.conditional import limits, pvalues
from analysis.stats.readings import over_readings
from analysis.timeline import EventSeries

ABOUT = {
    "question": "Did the rate change, at whatever date the record itself suggests?",
    "null": (
        "one constant rate: the events fall at uniform instants of the watched time; their number, the window "
        "and the rounding of dates are kept, their order in time is not; the search for the best date is repeated"
    ),
    "method": "largest likelihood ratio over all dates (simulated)",
}


def scan(
    series: EventSeries,
    *,
    rng: object = None,
    resamples: int = 1999,
    min_days: float | None = None,
    alternative: Alternative = "two-sided",
    level: float = 0.95,
    date_resamples: int = 199,
    draws: int = 200,
) -> Finding:
    """The largest likelihood ratio of two rates over one, over all dates, with its p-value for the whole search.

    Parameters
    ----------
    series : events and window; the search runs on the watched clock
    rng : seed or Generator; None raises, since the null is simulated
    resamples : simulated records under a constant rate; p = (k + 1)/(resamples + 1)
    min_days : shortest period on either side of a date; never less than the coarsest precision of the dates
    alternative : "less" looks for falls only, "greater" for rises only
    level : of the limits of the date and of the ratio, and of the answer in ``settings``
    date_resamples : simulated records for each date on trial; 0 leaves the limits of the date out
    draws : readings of dates that are to be drawn

    Notes
    -----
    ``pvalue`` is the global p. ``settings`` holds the local p beside it: exact and conditional at the best
    date, as if that date had been named before. It must not be used as a verdict: at n = 100 it falls under
    5 % in about half of the records without a change.

    The effect is the best date. Its limits are exact in the sense of Worsley (1986), by simulation, on the
    supposition that there is one change; they are the ends of a set tried on about 60 dates, moved out to the
    next date that is ruled out. They do not test whether there is a change: that is the p-value. The ratio of
    rates stands in ``settings`` with limits that allow for the unknown date: the widest of the exact limits
    over a set of dates, both at the level 1 - alpha/2, so that together they hold their level.
    """
    check_choice("alternative", alternative, ALTERNATIVES)
    check_level(level)
    card.check_count("resamples", resamples)
    generator = check_rng(rng, "the null is simulated")
    shown = {
        "level": level,
        "resamples": resamples,
        "seed": card.seed_text(rng),
        "chosen": "chosen_after",
        "min_days": card.shortest(series, min_days),
    }
    trim = shown["min_days"] / series.days
    times = card.watched_times(series) / series.days
    n = times.size
    about = {**ABOUT, "alternative": alternative}
    if n == 0:
        return card.thin(series, reason="No event free to fall: no change can be seen.", settings=shown, **about)
    if trim >= 0.5 or candidates(times, trim)[0].size == 0:
        reason = "No date leaves a period of the shortest length on both sides: nothing to search."
        return card.thin(series, reason=reason, settings=shown, **about)
    rounded = series.resolution != "drawn"
    null = np.concatenate(
        [largest(rows, trim, alternative) for rows in constant_rate(series, n, resamples, generator, rounded=rounded)]
    )
    if series.resolution == "drawn" and series.uncertain:
        observed = over_readings(
            series, lambda reading: _largest_of(reading, trim, alternative), rng=generator, draws=draws
        )
        shown["draws"] = draws
    else:
        observed = np.array([float(largest(times[None], trim, alternative)[0])])
    p = float(np.mean([(np.sum(null >= g - 1e-9) + 1) / (resamples + 1) for g in observed]))
    dates, counts = candidates(times, trim)
    ratio = _allowed(gain(counts, n, dates), counts, n, dates, alternative)
    if not ratio.max() > 0:
        reason = f"No date at which the rate {'falls' if alternative == 'less' else 'rises'}: no change to report."
        return card.thin(series, reason=reason, settings=shown, **about)
    best = int(ratio.argmax())
    found = _at_best(series, dates[best], int(counts[best]), n, alternative, level)
    low = high = None
    if date_resamples:
        card.check_count("date_resamples", date_resamples)
        low, high, wide = _limits(series, times, trim, float(dates[best]), generator, date_resamples, level, rounded)
        found["ratio_limits"] = wide
    threshold = float(np.quantile(null, level, method="higher"))
    found["threshold"] = threshold
    found["answer"] = "change" if p <= 1 - level else "no change"
    notes = list(series.notes)
    if p > 1 - level:
        notes.insert(0, "No change is shown: the best date is no better than chance makes it where none exists.")
    date = float(series.window.unclock(dates[best] * series.days))
    return Finding(
        **about,
        statistic=float(observed.mean()),
        statistic_name="largest likelihood ratio, 2 log",
        pvalue=p,
        attainable_pvalue=1 / (resamples + 1),
        effect=Estimate(
            name="date of the change", value=date, low=low, high=high, level=level, unit=series.window.unit
        ),
        n_events=series.n,
        exposure_days=series.days,
        assumptions=(
            *card.ASSUMED,
            Assumption("one change at most", "unchecked", "see blocks for several, suspend_resume for two"),
        ),
        warnings=notes,
        settings=card.base_settings(series, **shown, **found),
        vintage=series.vintage,
        curve=_curve(series, dates, counts, ratio, threshold),
    )


def _largest_of(reading: EventSeries, trim: float, alternative: Alternative) -> float:
    times = card.watched_times(reading) / reading.days
    return float(largest(np.clip(times, 0, 1)[None], trim, alternative)[0])


def _allowed(ratio: np.ndarray, k: np.ndarray, n: int, share: np.ndarray, alternative: Alternative) -> np.ndarray:
    if alternative == "two-sided":
        return ratio
    fall = k / n > share
    return np.where(fall if alternative == "less" else ~fall, ratio, 0.0)


def _at_best(
    series: EventSeries, share: float, k: int, n: int, alternative: Alternative, level: float
) -> dict[str, Any]:
    """What is known at the best date as if it had been named before: counts, ratio, local p."""
    before, after = share * series.days, (1 - share) * series.days
    local = float(pvalues(k, before, n - k, after, alternative=alternative))
    low, high = limits(k, before, n - k, after, alternative="two-sided", level=level)
    return {
        "date": card.when(series, float(series.window.unclock(before))),
        "n_before": k,
        "n_after": n - k,
        "ratio": float((n - k) / after / (k / before)) if k else None,
        "local_pvalue": local,
        "local_ratio_limits": [low, high],
    }


def _limits(series, times, trim, best, rng, resamples, level, rounded):
    """Limits of the date, and of the ratio over all dates of a wider set."""
    dates, _, p = date_pvalues(series, times, trim, rng=rng, resamples=resamples, rounded=rounded)
    alpha = 1 - level
    low, high = hull(dates, p, alpha, trim, best)
    wide = hull(dates, p, alpha / 2, trim, best)
    n = times.size
    tried = np.concatenate([dates[(dates >= wide[0]) & (dates <= wide[1])], [best]])
    pairs = []
    for s in tried:
        for side in ("left", "right"):
            k = int(np.searchsorted(times, s, side=side))
            pairs.append(limits(k, s, n - k, 1 - s, alternative="two-sided", level=1 - alpha / 2))
    lows, highs = zip(*pairs, strict=True)
    ratio = [None if None in lows else float(min(lows)), None if None in highs else float(max(highs))]
    return *card.elapsed_limits(series, np.array([low, high]) * series.days), ratio


def _curve(series: EventSeries, dates, counts, ratio, threshold: float) -> pd.DataFrame:
    columns = {
        "date": series.window.unclock(dates * series.days),
        "n_before": counts,
        "likelihood_ratio": ratio,
        "threshold": threshold,
    }
    return pd.DataFrame(columns)
