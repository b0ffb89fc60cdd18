"""Weekdays and anniversaries: do events keep to days of the calendar? Exact given the number of events."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import numpy as np
import pandas as pd

from analysis.errors import ParameterError, check_choice, check_level, check_rng
from analysis.results import ALTERNATIVES, Alternative, Estimate, Finding
from analysis.stats.rhythm import card
from analysis.stats.rhythm.days import WEEKDAYS, dated, event_days, watched_days, weekday_of
from analysis.stats.rhythm.shares import inside_outside
from analysis.timeline import EventSeries

MOST_COUNTED = 12  # events up to which every outcome is listed


def weekday(
    series: EventSeries,
    *,
    day: str | Sequence[str] | None = None,
    alternative: Alternative = "two-sided",
    level: float = 0.95,
    rng: object = None,
    resamples: int = 9999,
    draws: int = 200,
) -> Finding:
    """Do the events prefer days of the week?

    Parameters
    ----------
    day : a weekday ("Friday"), or several, named before looking: an exact binomial test of those against the
        others. None asks whether the seven differ at all: chi-square, every outcome listed up to 12 events and
        simulated beyond (``alternative`` then plays no part)
    rng, resamples, draws : needed beyond 12 events, or where dates are uncertain (p is the mean over readings)

    Notes
    -----
    Each weekday's share of watched time is what even days would give it; holes count. Events known to the day
    count in full, since an hour is not needed. The effect is the ratio of rates on the days named over the
    others, or the departure ``sqrt(chi-square / n)`` with the range the null gives it.
    """
    check_choice("alternative", alternative, ALTERNATIVES)
    check_level(level)
    card.whole("resamples", resamples, 99)
    window = dated(series, "weekdays")
    named = _weekdays(day)
    rows = weekday_of(event_days(series, draws=draws, rng=rng))
    all_days, watched = watched_days(window)
    share = np.bincount(weekday_of(all_days), weights=watched, minlength=7)
    n = rows.shape[1]
    counts = np.stack([np.bincount(row, minlength=7) for row in rows])
    curve = pd.DataFrame(
        {"weekday": WEEKDAYS, "events": counts.mean(axis=0), "expected": n * share / share.sum(), "watched": share}
    )
    settings = {"seed": card.seed_text(rng), "day": None if named is None else [WEEKDAYS[i] for i in named]}
    if named is None:
        return _seven(series, counts, share, curve, level=level, rng=rng, resamples=resamples, settings=settings)
    words = " and ".join(WEEKDAYS[i] for i in named)
    inside = float(share[named].sum())
    return inside_outside(
        series,
        counts[:, named].sum(axis=1),
        n=n,
        days=(inside, float(share.sum()) - inside),
        names=(f"on {words}", f"rate ratio, {words} over other days"),
        about={
            "question": f"Do the {series.label} prefer or avoid {words}?",
            "null": "every watched day alike: the number of events and the window are kept, their days are not",
            "method": "weekday share, exact binomial",
        },
        alternative=alternative,
        level=level,
        settings=settings,
        curve=curve,
    )


def _weekdays(day) -> list[int] | None:
    if day is None:
        return None
    given = [day] if isinstance(day, str) else list(day)
    chosen = sorted({WEEKDAYS.index(check_choice("day", d, WEEKDAYS)) for d in given})
    if not 0 < len(chosen) < 7:
        raise ParameterError(f"day must name one to six weekdays, got {day!r}")
    return chosen


def _seven(series, counts, share, curve, *, level, rng, resamples, settings) -> Finding:
    n = int(counts[0].sum())
    about = {
        "question": f"Do the {series.label} prefer days of the week?",
        "null": "every watched day alike: the number of events and the window are kept, their days are not",
        "method": "weekdays, chi-square",
        "alternative": "greater",
    }
    settings |= {"level": level}
    watched = share > 0
    if n == 0 or watched.sum() < 2:
        reason = "No event to place." if n == 0 else "Only one weekday was watched."
        return card.thin(series, reason=reason, settings=settings, **about)
    chance = share[watched] / share.sum()
    observed = _distance(counts[:, watched], chance)
    if n <= MOST_COUNTED:
        values, above = _listed(n, tuple(chance))
        p = above[np.searchsorted(values, observed * (1 - 1e-9))]
        smallest, how = float(above[np.searchsorted(values, values[-1] * (1 - 1e-9))]), "every outcome listed"
        high = float(values[np.flatnonzero(above > 1 - level)[-1]])
    else:
        rng = check_rng(rng, f"beyond {MOST_COUNTED} events the law of chi-square is simulated")
        values = np.sort(_distance(rng.multinomial(n, chance, size=resamples), chance))
        p = (resamples - np.searchsorted(values, observed * (1 - 1e-9)) + 1) / (resamples + 1)
        smallest, how = 1 / (resamples + 1), "simulated"
        rank = max(1, int(np.floor((1 - level) * (resamples + 1))))
        high = float(values[resamples - rank])
    low = float(values[0])
    root = lambda x: float(np.sqrt(max(x, 0.0) / n))  # noqa: E731
    return Finding(
        **about | {"method": f"weekdays, chi-square ({how})"},
        statistic=float(observed.mean()),
        statistic_name="chi-square",
        pvalue=float(np.minimum(p, 1.0).mean()),
        attainable_pvalue=min(1.0, smallest),
        effect=Estimate(
            name="departure from even weekdays",
            value=root(observed.mean()),
            low=root(low),
            high=root(high),
            level=level,
            interval="null range",
        ),
        n_events=n,
        exposure_days=series.days,
        assumptions=(card.INDEPENDENT, card.WATCHED),
        warnings=series.notes,
        settings=card.base_settings(series, **settings),
        vintage=series.vintage,
        curve=curve,
    )


def _distance(counts: np.ndarray, chance: np.ndarray) -> np.ndarray:
    expected = counts.sum(axis=1, keepdims=True) * chance
    return ((counts - expected) ** 2 / expected).sum(axis=1)


@lru_cache(maxsize=32)
def _listed(n: int, chance: tuple[float, ...]) -> tuple[np.ndarray, np.ndarray]:
    """Chi-square of every way to spread n events over the days, rising, and the chance of at least each."""
    from scipy.special import gammaln

    ways = np.array(list(_spreads(n, len(chance))))
    share = np.array(chance)
    log = gammaln(n + 1) - gammaln(ways + 1).sum(axis=1) + (ways * np.log(share)).sum(axis=1)
    distance = _distance(ways, share)
    order = np.argsort(distance)
    return distance[order], np.cumsum(np.exp(log)[order][::-1])[::-1]


def _spreads(n: int, days: int):
    if days == 1:
        yield (n,)
        return
    for k in range(n + 1):
        for rest in _spreads(n - k, days - 1):
            yield (k, *rest)


def anniversary(
    series: EventSeries,
    *,
    dates: Sequence[str],
    within: int = 3,
    alternative: Alternative = "greater",
    level: float = 0.95,
    rng: object = None,
    draws: int = 200,
) -> Finding:
    """Do the events gather about the anniversaries of named dates?

    Parameters
    ----------
    dates : days of the year named before looking, "01-03" or whole dates "2020-01-03"; 29 February is kept on 1
        March in other years. A whole date has anniversaries in later years only
    within : days on either side that count as near, 0 or more

    Notes
    -----
    The days near an anniversary, as a share of watched time, are the chance of each event to fall there; exact
    binomial. The effect is the ratio of rates near over elsewhere.
    """
    check_choice("alternative", alternative, ALTERNATIVES)
    check_level(level)
    card.whole("within", within, 0)
    window = dated(series, "anniversaries")
    all_days, watched = watched_days(window)
    near = np.zeros(all_days.size, dtype=bool)
    for at in _anniversaries(dates, all_days):
        near |= np.abs(all_days - at) <= within
    rows = event_days(series, draws=draws, rng=rng)
    counts = near[np.clip(rows - all_days[0], 0, all_days.size - 1)].sum(axis=1)
    inside = float(watched[near].sum())
    return inside_outside(
        series,
        counts,
        n=rows.shape[1],
        days=(inside, float(watched.sum()) - inside),
        names=(f"within {within} days of an anniversary", "rate ratio, near an anniversary over elsewhere"),
        about={
            "question": f"Do the {series.label} gather about anniversaries?",
            "null": "every watched day alike: the number of events and the window are kept, their days are not",
            "method": "anniversaries, exact binomial",
        },
        alternative=alternative,
        level=level,
        settings={"dates": list(dates), "within_days": within, "seed": card.seed_text(rng)},
    )


def _anniversaries(dates: Sequence[str], all_days: np.ndarray) -> set[int]:
    """Local days since 1970-01-01 on which the named dates come round, in and about the window."""
    if isinstance(dates, str) or not len(dates):
        raise ParameterError(f"dates must be a list of days such as ['01-03'], got {dates!r}")
    first, last = (pd.Timestamp(0) + pd.Timedelta(days=int(d)) for d in (all_days[0], all_days[-1]))
    found = set()
    for date in dates:
        try:
            origin = pd.Timestamp(f"2000-{date}" if len(str(date)) == 5 else str(date))
        except ValueError:
            raise ParameterError(f"{date!r} is not a day such as '01-03' or '2020-01-03'") from None
        since = -np.inf if len(str(date)) == 5 else origin.year
        for year in range(first.year - 1, last.year + 2):
            if year <= since:
                continue
            leap = (origin.month, origin.day) == (2, 29) and not pd.Timestamp(year, 1, 1).is_leap_year
            day = pd.Timestamp(year, 3, 1) if leap else pd.Timestamp(year, origin.month, origin.day)
            found.add((day - pd.Timestamp(0)).days)
    return found
