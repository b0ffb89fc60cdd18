"""Does an hour of the day stand out? The tests of Rayleigh, Kuiper, Watson and Rao, and V for an hour named before."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

import numpy as np
import pandas as pd

from analysis.errors import check_choice, check_level, check_rng
from analysis.results import Assumption, Estimate, Finding
from analysis.stats.rhythm import angles, card, resultant
from analysis.stats.rhythm.hours import BATCH, Hours, hours_of
from analysis.timeline import EventSeries

Method = Literal["default", "series"]


def rayleigh(
    series: EventSeries,
    *,
    method: Method = "default",
    level: float = 0.95,
    rng: object = None,
    resamples: int = 9999,
    draws: int = 200,
) -> Finding:
    """Rayleigh's test: is there one hour about which the events gather?

    Parameters
    ----------
    series : events and window. Times known as a part of the day are drawn within it; those known only to the day
        carry no hour and are left out, with their count in the warnings
    method : "default" is exact (Kluyver's integral) where every hour was watched alike, else simulated on watched
        time; "series" is the textbook's approximation, by name only
    rng : seed or Generator, needed where p is simulated or hours are drawn
    resamples, draws : simulated records; readings of hours that are arcs (p is their mean)

    Notes
    -----
    The effect is the mean resultant length (0 to 1) with the range that even hours give it; the mean hour is in
    the settings. Rayleigh (1919); Kluyver (1906); Mardia and Jupp (2000), section 6.3.1.
    """
    check_choice("method", method, ("default", "series"))
    exact = resultant.rayleigh_series if method == "series" else resultant.rayleigh_pvalue
    return _tested(
        series,
        statistic=lambda x: angles.resultant(x)[1],
        exact=exact,
        question="Do the {label} gather about one hour of the day?",
        method="Rayleigh",
        names=("mean resultant length", "mean resultant length"),
        series_form=method == "series",
        level=level,
        rng=rng,
        resamples=resamples,
        draws=draws,
    )


def v_test(
    series: EventSeries,
    *,
    hour: float,
    method: Method = "default",
    level: float = 0.95,
    rng: object = None,
    resamples: int = 9999,
    draws: int = 200,
) -> Finding:
    """The V test: do the events gather about an hour that was named before looking? One-sided ("greater").

    ``hour`` is an hour of the local clock, fixed before. The effect is the mean cosine toward it (1: all at that
    hour, 0: none of it, -1: all twelve hours off), with the range that even hours give it. Other settings as in
    ``rayleigh``; exact by Gil-Pelaez' inversion. Greenwood and Durand (1955); Mardia and Jupp (2000), 6.3.1.
    """
    toward = card.check_hour(hour) / 24 * 2 * np.pi
    check_choice("method", method, ("default", "series"))
    return _tested(
        series,
        statistic=lambda x: np.cos(x - toward).mean(axis=-1),
        exact=resultant.component_series if method == "series" else resultant.component_pvalue,
        question=f"Do the {{label}} gather about {hour:g} h?",
        method="V test",
        names=("mean cosine", f"mean cosine toward {hour:g} h"),
        series_form=method == "series",
        lowest=-1.0,
        least=1,
        settings={"hour": float(hour)},
        level=level,
        rng=rng,
        resamples=resamples,
        draws=draws,
    )


def kuiper(
    series: EventSeries, *, level: float = 0.95, rng: object = None, resamples: int = 9999, draws: int = 200
) -> Finding:
    """Kuiper's test: any departure from even hours, several peaks included; p simulated on watched time.

    The effect is the modified V* of Stephens (1970) with the range of the null. Kuiper (1960). Settings as in
    ``rayleigh``; returns a Finding.
    """
    about = {"method": "Kuiper", "names": ("V*", "Kuiper's V*"), "statistic": angles.kuiper_statistic}
    return _omnibus(series, about, level=level, rng=rng, resamples=resamples, draws=draws)


def watson(
    series: EventSeries, *, level: float = 0.95, rng: object = None, resamples: int = 9999, draws: int = 200
) -> Finding:
    """Watson's U2 test: any departure from even hours, weighed over the whole clock; p simulated on watched time.

    The effect is the modified U2* of Stephens (1970) with the range of the null. Watson (1961). Settings as in
    ``rayleigh``; returns a Finding.
    """
    about = {"method": "Watson", "names": ("U2*", "Watson's U2*"), "statistic": angles.watson_statistic}
    return _omnibus(series, about, level=level, rng=rng, resamples=resamples, draws=draws)


def rao(
    series: EventSeries, *, level: float = 0.95, rng: object = None, resamples: int = 9999, draws: int = 200
) -> Finding:
    """Rao's spacing test: are the gaps on the clock more uneven than chance makes them? p simulated.

    The effect is U in degrees (0: even gaps; 360 (1 - 1/n): one instant) with the range of the null. Times heaped
    on full hours are ties and raise U: see ``heaping``. Rao (1976); Russell and Levitin (1995). Settings as in
    ``rayleigh``; returns a Finding.
    """
    about = {"method": "Rao's spacings", "names": ("U", "spacing statistic U"), "statistic": angles.rao_statistic}
    return _omnibus(series, about, level=level, rng=rng, resamples=resamples, draws=draws, unit="degree")


def _omnibus(series: EventSeries, about: dict, **settings) -> Finding:
    return _tested(series, exact=None, question="Are the hours of the {label} uneven?", **about, **settings)


def _tested(
    series: EventSeries,
    *,
    statistic: Callable[[np.ndarray], np.ndarray],
    exact: Callable[[int, float], float] | None,
    question: str,
    method: str,
    names: tuple[str, str],
    level: float,
    rng: object,
    resamples: int,
    draws: int,
    series_form: bool = False,
    lowest: float = 0.0,
    least: int = 2,
    unit: str = "",
    settings: dict | None = None,
) -> Finding:
    """One test of even hours: exact where there is an exact law and an even watch, else simulated."""
    check_level(level)
    card.whole("resamples", resamples, 99)
    card.whole("draws", draws, 1)
    hours = hours_of(series)
    if exact is None:
        check_rng(rng, "the law of even hours is simulated")
    seed = card.seed_text(rng)
    own = card.settings_of(hours, level=level, seed=seed, **(settings or {}))
    about = {"question": question.format(label=series.label), "null": card.NULL, "alternative": "greater"}
    reason = card.few(hours, least)
    if reason:
        return card.thin(series, reason=reason, settings=own, method=method, **about)
    rng = None if rng is None else check_rng(rng, "hours are drawn")
    rows = hours.drawn(draws, rng)
    observed = statistic(rows)
    closed = exact is not None and (hours.even or series_form)
    if closed:
        p = np.array([exact(hours.n, float(s)) for s in observed])
        low, high = lowest, resultant.critical(exact, hours.n, 1 - level, lowest)
        how, smallest = "approximate series" if series_form else "exact", 0.0
    else:
        law = _law(hours, statistic, resamples, check_rng(rng, "hours were not watched alike, so p is simulated"))
        p = (resamples - np.searchsorted(law, observed - 1e-12 * np.abs(observed)) + 1) / (resamples + 1)
        rank = int(np.floor((1 - level) * (resamples + 1)))
        low, high = float(law[0]), float(law[resamples - max(rank, 1)])
        how, smallest = "simulated on watched time", 1 / (resamples + 1)
        own["resamples"] = resamples
    if hours.arcs:
        own |= {"readings": draws, **_spread(p)}
    value = float(observed.mean())
    return Finding(
        **about,
        method=f"{method} ({how})",
        statistic=value,
        statistic_name=names[0],
        pvalue=float(p.mean()),
        attainable_pvalue=smallest,
        effect=Estimate(name=names[1], value=value, low=low, high=high, level=level, unit=unit, interval="null range"),
        n_events=hours.n,
        exposure_days=series.days,
        assumptions=(*_approximate(series_form, hours.n), *card.assumptions(hours)),
        warnings=card.warnings_of(hours),
        settings=card.base_settings(series, **own, **card.circular(rows)),
        vintage=series.vintage,
        curve=curve_of(hours),
    )


def _law(hours: Hours, statistic, size: int, rng: np.random.Generator) -> np.ndarray:
    """Sorted statistics of simulated records, in batches."""
    step = max(1, BATCH // hours.n)
    parts = [statistic(hours.null(min(step, size - start), rng)) for start in range(0, size, step)]
    return np.sort(np.concatenate(parts))


def _spread(p: np.ndarray) -> dict[str, float]:
    low, high = np.quantile(p, [0.05, 0.95])
    return {"pvalue_reading_5": float(low), "pvalue_reading_95": float(high)}


def _approximate(named: bool, n: int) -> tuple[Assumption, ...]:
    if not named:
        return ()
    return (Assumption("approximate", "doubtful", f"a series in 1/n, here n = {n}; the default is exact"),)


def curve_of(hours: Hours) -> pd.DataFrame:
    """One row for each event with an hour: ``hour`` of the local clock and ``width_hours`` of its arc."""
    frame = pd.DataFrame({"hour": hours.angles / (2 * np.pi) * 24, "width_hours": hours.width * 24})
    return frame.sort_values("hour", kind="stable", ignore_index=True)
