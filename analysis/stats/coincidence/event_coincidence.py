"""Event coincidence analysis: how many events of one series come soon after one of another, against chance."""

from __future__ import annotations

from typing import Literal

import numpy as np
from scipy import stats

from analysis.errors import check_choice, check_rng
from analysis.processes import Null, surrogates
from analysis.results import Alternative, Assumption, Estimate, Finding
from analysis.stats.coincidence import card, matching, simulated
from analysis.stats.coincidence.reading import each_reading, is_drawn
from analysis.timeline import EventSeries

Rate = Literal["precursor", "trigger"]
LEAST_POISSON = 10
MEASURED_POISSON = "two Poisson series: it rejected 1 to 7% of 5%; two bursty ones (branching 0.5): 29%"


def event_coincidence(
    series: EventSeries,
    other: EventSeries,
    *,
    window_days: float,
    lag: float = 0.0,
    rate: Rate = "precursor",
    symmetric: bool = False,
    null: Null | str = "circular_shift",
    method: Literal["simulated", "poisson"] = "simulated",
    alternative: Alternative = "two-sided",
    level: float = 0.95,
    rng: object = None,
    resamples: int = 9999,
    draws: int = 100,
) -> Finding:
    """Do events of ``series`` come soon after events of ``other`` more (or less) often than by chance?

    Parameters
    ----------
    series, other : the later and the earlier events, watched over one stretch
    window_days : the longest delay that counts (Delta T)
    lag : the delay from which it counts (tau); 0 counts simultaneous events
    rate : "precursor": the share of ``series`` preceded by one of ``other``; "trigger": the share of ``other``
        followed by one of ``series``. The other of the two stands in the settings
    symmetric : delays of up to ``window_days`` either way
    null : how ``series`` is redrawn: "circular_shift", "shuffled_waits", "uniform_times" or ``local_jitter(width)``
    method : "simulated"; or "poisson", the binomial closed form of Donges et al. (2016), by name
    alternative : "less" for fewer coincidences than by chance
    rng, resamples : draws of the null, p = (k + 1) / (resamples + 1); draws : readings of dates that are to be drawn

    Notes
    -----
    Delays are measured on the calendar, events in holes are unseen in the record and in every redrawn one. The
    limits are the range under the null, outside which p is at most 1 - level. Donges, Schleussner, Siegmund and
    Donner (2016), European Physical Journal Special Topics 225:471, eqs. 5 to 10; Quian Quiroga, Kreuz and
    Grassberger (2002), Physical Review E 66:041904, for the idea of counting near pairs.
    """
    card.checked(alternative, level)
    check_choice("rate", rate, ("precursor", "trigger"))
    check_choice("method", method, ("simulated", "poisson"))
    card.same_window(series, other)
    delta, lag = card.length("window_days", window_days), card.length("lag", lag, or_zero=True)
    card.whole("resamples", resamples, 99)
    card.whole("draws", draws, 1)
    null, seed = simulated.null_named(null), card.seed_text(rng)
    how = {"window": delta, "lag": lag, "symmetric": bool(symmetric)}
    settings = {"window_days": delta, "lag": lag, "symmetric": bool(symmetric), "rate": rate, "level": level}
    settings |= {"null": "poisson" if method == "poisson" else null.name, "seed": seed}
    about = {
        "question": _question(series, other, rate, delta, lag),
        "null": POISSON_NULL if method == "poisson" else simulated.sentence(null, series, other.label),
        "method": f"event coincidence analysis, {'Poisson (approximate)' if method == 'poisson' else null.name}",
        "alternative": alternative,
    }
    reason = _too_thin(series, other, rate, method, lag) or simulated.one_arrangement(series, null)
    if reason:
        return card.thin_pair(series, other, reason, about=about, settings=settings)
    counts = {"precursor": matching.preceded, "trigger": matching.followed}
    settings |= _rates(series, other, counts, how, rng=rng, draws=draws)
    size = series.n if rate == "precursor" else other.n
    if method == "poisson":
        return _poisson(series, other, size, how, rate, about, settings, level)
    rng = check_rng(rng, "the null is simulated")
    readings = draws if is_drawn(series, other) else 1
    each = simulated.per_reading(resamples, readings)

    def row(a: EventSeries, b: EventSeries) -> np.ndarray:
        redrawn = surrogates(a, null, size=each, rng=rng)
        n = max(1, a.n if rate == "precursor" else b.n)
        return np.append(counts[rate](a.times, b.times, **how), counts[rate](redrawn, b.times, **how)) / n

    found = simulated.among(each_reading(row, series, other, rng=rng, draws=draws))
    low, high = found.limits(alternative, level)
    return Finding(
        **about,
        statistic=found.value * size,
        statistic_name="events matched",
        pvalue=found.pvalue(alternative),
        attainable_pvalue=found.attainable(alternative),
        effect=_effect(series, other, rate, found.value, low, high, level),
        **card.pair_fields(series, other),
        assumptions=(*simulated.assumed(null), card.ONE_CAUSE, card.WATCHED, card.REPORTED),
        warnings=(*_partly_watched(series, delta + lag), *card.notes(series, other)),
        settings=card.base_settings(
            series, resamples=found.null.size, expected=found.expected, readings=readings, **settings
        ),
        curve=_histogram(found, size),
    )


POISSON_NULL = (
    "two independent Poisson series of constant rate: the numbers of events and the window are kept, all timing is not"
)


def poisson_coincidences(n: int, n_other: int, *, window: float, lag: float, span: float) -> float:
    """Chance that an event is matched, both series Poisson: ``1 - (1 - window / (span - lag)) ** n_other``.

    Donges et al. (2016), eq. 9; the number matched of ``n`` is then binomial (eq. 10), as far as the matches
    are independent.
    """
    return 1.0 - (1.0 - min(1.0, window / (span - lag))) ** n_other if n else 0.0


def _poisson(series, other, size, how, rate, about, settings, level) -> Finding:
    matched = settings[f"{rate}_matched"]
    # Delays on a lattice are counted at both ends: a window of 5 whole days holds 6 of them.
    width = how["window"] * (2 if how["symmetric"] else 1) + max(series.precision, other.precision)
    sizes = (series.n, other.n) if rate == "precursor" else (other.n, series.n)
    chance = poisson_coincidences(*sizes, window=width, lag=how["lag"], span=series.days)
    law, alternative = stats.binom(size, chance), about["alternative"]
    count = round(matched)
    tails = {"less": float(law.cdf(count)), "greater": float(law.sf(count - 1))}
    alpha = (1 - level) / (2 if alternative == "two-sided" else 1)
    low, high = float(law.ppf(alpha)) / size, float(law.isf(alpha)) / size
    ends = {"less": float(law.pmf(0)), "greater": float(law.pmf(size))}
    return Finding(
        **about,
        statistic=float(count),
        statistic_name="events matched",
        pvalue=min(1.0, tails.get(alternative, 2 * min(tails.values()))),
        attainable_pvalue=min(1.0, ends.get(alternative, 2 * min(ends.values()))),
        effect=_effect(
            series,
            other,
            rate,
            count / size,
            None if alternative == "greater" else low,
            None if alternative == "less" else high,
            level,
        ),
        **card.pair_fields(series, other),
        assumptions=(Assumption("approximate", "doubtful", MEASURED_POISSON), card.ONE_CAUSE, card.WATCHED),
        warnings=card.notes(series, other),
        settings=card.base_settings(series, expected=chance, **settings),
    )


def _rates(series, other, counts, how, *, rng, draws) -> dict[str, float]:
    """Both coincidence rates with their counts, means over readings."""

    def both(a: EventSeries, b: EventSeries) -> np.ndarray:
        found = [float(counts[name](a.times, b.times, **how)) for name in ("precursor", "trigger")]
        return np.array([*found, found[0] / max(1, a.n), found[1] / max(1, b.n)])

    mean = each_reading(both, series, other, rng=rng, draws=draws).mean(axis=0)
    names = ("precursor_matched", "trigger_matched", "precursor_rate", "trigger_rate")
    return dict(zip(names, map(float, mean), strict=True))


def _too_thin(series: EventSeries, other: EventSeries, rate: str, method: str, lag: float) -> str | None:
    if lag >= series.window.span:
        return f"A lag of {lag:g} reaches over the whole window: no two events are that far apart."
    if series.n == 0 or other.n == 0:
        empty = series.label if series.n == 0 else other.label
        return f"No event of {empty}: nothing can coincide."
    size = series.n if rate == "precursor" else other.n
    if method == "poisson" and size < LEAST_POISSON:
        return f"{size} events: the closed form is not offered below {LEAST_POISSON}; use method='simulated'."
    if method == "poisson" and is_drawn(series, other):
        return "The closed form takes point dates; use method='simulated' for dates that are to be drawn."
    return None


def _question(series, other, rate, delta: float, lag: float) -> str:
    since = "" if lag == 0 else f"{lag:g} to {lag + delta:g} units" if delta else f"{lag:g} units"
    within = since or f"{delta:g} units"
    if rate == "precursor":
        return f"Do {series.label} come within {within} after {other.label} more or less often than by chance?"
    return f"Are {other.label} followed within {within} by {series.label} more or less often than by chance?"


def _effect(series, other, rate, value, low, high, level) -> Estimate:
    what = f"{series.label} preceded by {other.label}"
    if rate == "trigger":
        what = f"{other.label} followed by {series.label}"
    return Estimate(name=f"share of {what}", value=value, low=low, high=high, level=level, interval="null range")


def _partly_watched(series: EventSeries, reach: float) -> tuple[str, ...]:
    """How many events look back on a stretch that was not watched throughout: matches there may have been missed."""
    window = series.window
    back = np.asarray(series.times) - reach
    short = np.asarray(window.clock(series.times)) - np.asarray(window.clock(np.maximum(back, 0.0)))
    cut = int(np.sum(short < reach - 1e-9))
    if cut == 0:
        return ()
    return (f"{cut} of {series.n} {series.label} look back on time not watched throughout; the null has the same.",)


def _histogram(found: simulated.Among, size: int):
    """How often the null gives each number of matches, for the figure."""
    import pandas as pd

    values, times = np.unique(np.round(found.null * size, 9), return_counts=True)
    return pd.DataFrame({"matched": values, "share": times / times.sum()})
