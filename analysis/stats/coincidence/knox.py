"""Knox's test: more pairs close in time and in space, or close in time across two series, than chance allows."""

from __future__ import annotations

import itertools

import numpy as np
import pandas as pd

from analysis.errors import ParameterError, check_rng
from analysis.processes import Null, surrogates
from analysis.results import Alternative, Assumption, Estimate, Finding
from analysis.stats.coincidence import card, matching, simulated
from analysis.stats.coincidence.reading import each_reading, is_drawn
from analysis.timeline import EventSeries
from analysis.timeline.readings import one_each

EARTH_KM = 6371.0088
ENUMERATED = 7
DEALT = "the places are dealt out to the times anew; every time and every place is kept, which goes with which is not"


def knox(
    series: EventSeries,
    other: EventSeries | None = None,
    *,
    days: float,
    places: np.ndarray | None = None,
    km: float | None = None,
    null: Null | str = "circular_shift",
    alternative: Alternative = "two-sided",
    level: float = 0.95,
    rng: object = None,
    resamples: int = 9999,
    draws: int = 100,
) -> Finding:
    """Close pairs against chance: near in time and space, or near in time across two series.

    Parameters
    ----------
    series : the events
    other : a second series over the same stretch: counts pairs at most ``days`` apart, one event of each
    days : the longest time between the two of a close pair
    places, km : instead of ``other``, latitude and longitude in degrees, shape (n, 2), in the order of the sorted
        events, nan where unknown (such an event is left out); and the longest distance of a close pair
    null : how ``series`` is redrawn against ``other``; with places they are dealt out anew, and this is not used
    alternative : "greater" for more close pairs than by chance
    rng, resamples : draws, p = (k + 1) / (resamples + 1); up to 7 placed events every order is gone through and
        ``rng`` is not needed; draws : readings of dates that are to be drawn

    Notes
    -----
    With places the expected count is exact: close-in-time pairs times close-in-space pairs over all pairs. Knox
    (1964), Applied Statistics 13:25. Population that grows faster in some places than in others raises the count
    too (Kulldorff and Hjalmars 1999, Biometrics 55:544).
    """
    card.checked(alternative, level)
    days = card.length("days", days, or_zero=True)
    card.whole("resamples", resamples, 99)
    card.whole("draws", draws, 1)
    if (other is None) == (places is None):
        raise ParameterError("give either other=, a second series, or places= with km=, where the events were")
    if other is not None:
        if km is not None:
            raise ParameterError("km goes with places; a second series is compared in time only")
        how = {"days": days, "null": simulated.null_named(null)}
        return _across(series, other, how, alternative, level, rng, resamples, draws)
    if km is None:
        raise ParameterError("places need km=, the longest distance of a close pair")
    km = card.length("km", km, or_zero=True)
    return _placed(series, _checked(places, series.n), days, km, alternative, level, rng, resamples, draws)


def expected_close_pairs(pairs: int, close_in_time: int, close_in_space: int) -> float:
    """Mean number of pairs close in both, the places dealt out at random: exact under permutation (Knox 1964)."""
    return close_in_time * close_in_space / pairs


def great_circle(places: np.ndarray) -> np.ndarray:
    """Distances in km between places given as latitude and longitude in degrees, shape (n, n): haversine formula."""
    latitude, longitude = np.radians(np.asarray(places, dtype=float)).T
    half = np.sin((latitude[:, None] - latitude) / 2) ** 2
    half += np.cos(latitude[:, None]) * np.cos(latitude) * np.sin((longitude[:, None] - longitude) / 2) ** 2
    return 2 * EARTH_KM * np.arcsin(np.sqrt(np.clip(half, 0, 1)))


def _checked(places: object, n: int) -> np.ndarray:
    array = np.asarray(places, dtype=float)
    if array.shape != (n, 2):
        raise ParameterError(f"places need one latitude and longitude for each of the {n} events, got {array.shape}")
    known = array[~np.isnan(array).any(axis=1)]
    if np.any(np.abs(known[:, 0]) > 90) or np.any(np.abs(known[:, 1]) > 360):
        raise ParameterError("places are (latitude, longitude) in degrees: latitude between -90 and 90")
    return array


def _placed(series, places, days, km, alternative, level, rng, resamples, draws) -> Finding:
    known = ~np.isnan(places).any(axis=1)
    n, left_out = int(known.sum()), int(series.n - known.sum())
    close = great_circle(places[known]) <= km + matching.SLACK
    np.fill_diagonal(close, False)
    settings = {"days": days, "km": km, "level": level, "seed": card.seed_text(rng), "without_place": left_out}
    about = {
        "question": f"Are {series.label} that are close in time close in space more or less often than by chance?",
        "null": DEALT,
        "method": "Knox test, places permuted",
        "alternative": alternative,
    }
    warnings = (f"{left_out} of {series.n} without a place, left out.",) if left_out else ()
    drawn = is_drawn(series)
    generator = check_rng(rng, "places are dealt out anew") if n > ENUMERATED or drawn else None
    times = [_instants(series, generator)[known] for _ in range(draws if drawn else 1)]
    pairs = [np.nonzero(np.triu(np.abs(t[:, None] - t) <= days + matching.SLACK, 1)) for t in times]
    in_time, in_space = float(np.mean([i.size for i, _ in pairs])), int(close.sum()) // 2
    settings |= {"close_in_time": in_time, "close_in_space": in_space, "pairs": n * (n - 1) // 2}
    if n < 3 or in_time == 0 or in_space == 0 or in_space == n * (n - 1) // 2:
        reason = f"{n} placed events, {in_time:g} pairs close in time and {in_space} in space: every order is alike."
        return _answer(series, None, about, settings, warnings=(reason, *warnings))
    exact = n <= ENUMERATED
    settings |= {"expected": expected_close_pairs(n * (n - 1) // 2, in_time, in_space)}
    if exact:
        orders = np.array(list(itertools.permutations(range(n))))
        rows = [np.append(close[i, j].sum(), close[orders[:, i], orders[:, j]].sum(axis=1)) for i, j in pairs]
    else:
        each = simulated.per_reading(resamples, len(pairs))
        rows = [np.append(close[i, j].sum(), _dealt(close, i, j, each, generator)) for i, j in pairs]
    return _judged(series, None, np.array(rows, dtype=float), exact, about, settings, warnings, level)


def _instants(series: EventSeries, rng) -> np.ndarray:
    """One reading of every date in the order of the events: a sorted draw would part events from their places."""
    return one_each(series.earliest, series.latest, series.width, rng) if is_drawn(series) else series.times


def _dealt(close: np.ndarray, i: np.ndarray, j: np.ndarray, size: int, rng) -> np.ndarray:
    n = close.shape[0]
    found = np.empty(size)
    step = max(1, int(4e6 // max(n, i.size)))
    for at in range(0, size, step):
        orders = rng.permuted(np.tile(np.arange(n), (min(step, size - at), 1)), axis=1)
        found[at : at + step] = close[orders[:, i], orders[:, j]].sum(axis=1)
    return found


def _across(series, other, how, alternative, level, rng, resamples, draws) -> Finding:
    card.same_window(series, other)
    days, null = how["days"], how["null"]
    settings = {"days": days, "null": null.name, "level": level, "seed": card.seed_text(rng)}
    about = {
        "question": f"Are {series.label} and {other.label} close in time more or less often than by chance?",
        "null": simulated.sentence(null, series, other.label),
        "method": f"close pairs of two series, {null.name}",
        "alternative": alternative,
    }
    reason = simulated.one_arrangement(series, null)
    if series.n == 0 or other.n == 0:
        reason = f"No event of {series.label if series.n == 0 else other.label}: there are no pairs."
    if reason:
        return _answer(series, other, about, settings, warnings=(reason,))
    rng = check_rng(rng, "the null is simulated")
    each = simulated.per_reading(resamples, draws if is_drawn(series, other) else 1)
    edges = np.array([-days, days + 3 * matching.SLACK])

    def row(a: EventSeries, b: EventSeries) -> np.ndarray:
        records = np.vstack([a.times, surrogates(a, null, size=each, rng=rng)])
        return matching.pairs_within(records, b.times, edges)[:, 0]

    rows = each_reading(row, series, other, rng=rng, draws=draws)
    settings |= {"expected": float(rows[:, 1:].mean())}
    return _judged(series, other, rows, False, about, settings, (), level, simulated.assumed(null))


def _judged(series, other, rows, exact, about, settings, warnings, level, assumed=()) -> Finding:
    found, alternative, expected = simulated.among(rows, exact), about["alternative"], settings["expected"]
    settings |= {"resamples": None if exact else found.null.size, "every_order": exact}
    if expected == 0:
        return _answer(series, other, about, settings, warnings=("No close pair is to be expected.", *warnings))
    p, least = found.pvalue(alternative), found.attainable(alternative)
    low, high = found.limits(alternative, level)
    values, times = np.unique(found.null, return_counts=True)
    return _answer(
        series,
        other,
        about,
        settings,
        statistic=found.value,
        pvalue=p,
        attainable_pvalue=least,
        effect=Estimate(
            name="close pairs, observed over expected",
            value=found.value / expected,
            low=None if low is None else low / expected,
            high=None if high is None else high / expected,
            level=level,
            interval="null range",
        ),
        assumptions=assumed or (Assumption("no place grew more dangerous than others", "unchecked", "it raises both"),),
        warnings=warnings,
        curve=pd.DataFrame({"matched": values, "share": times / times.sum()}),
    )


def _answer(series, other, about, settings, *, warnings=(), assumptions=(), **parts) -> Finding:
    counts = {"n_events": series.n, "exposure_days": series.days, "vintage": series.vintage}
    return Finding(
        **about,
        statistic_name="close pairs",
        **(counts if other is None else card.pair_fields(series, other)),
        assumptions=(*assumptions, card.WATCHED, card.REPORTED),
        warnings=(*warnings, *card.notes(series, other)),
        settings=card.base_settings(series, **settings),
        inconclusive=parts.get("pvalue") is None,
        **parts,
    )
