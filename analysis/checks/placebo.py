"""The same test where nothing can have happened: at other dates, and in other theatres."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np
import pandas as pd

from analysis.checks.asked import asking, one_generator
from analysis.checks.row import COLUMNS, row
from analysis.checks.simulation import mapped, seed_of
from analysis.errors import ParameterError
from analysis.results import Assumption, Estimate, Finding, p_is, plain
from analysis.timeline import EventSeries

NULL_DATES = (
    "the date was picked at random among the admissible ones, without regard to the events; keeps every event and "
    "every watched hour, destroys the tie between the date and the events"
)
NULL_THEATRES = (
    "the theatre asked about is one of these theatres, picked at random; keeps every series, destroys which of them "
    "the date belongs to"
)


def placebo_dates(
    series: EventSeries,
    test: Callable[..., Finding],
    *,
    at: object,
    dates: Sequence[object] | None = None,
    least_days: float | None = None,
    rng: np.random.Generator | int | None = None,
    level: float = 0.95,
    workers: int | None = None,
    progress: bool | None = None,
) -> Finding:
    """Is the date special: ``test`` at every other date it could have been, and the rank of its p among them.

    Parameters
    ----------
    series : the events and their window
    test : called as ``test(series, at=date)``, for example ``partial(rates.ratio, alternative="less")``; a setting
        ``rng`` is filled in
    at : the date asked about; one that was chosen by looking at the events is no random date
    dates : the placebo dates; None takes every time that lies whole days (units) from ``at``
    least_days : watched time that a date needs on both sides, the date asked about too; None for one day or the
        coarsest reading of a date, whichever is more
    rng : needed where the test draws
    level : of the range of the effect over the placebo dates
    workers, progress : as in ``simulated``

    Returns
    -------
    Finding. p is the share of dates, the one asked about included, at which the test's p is as small as there or
    smaller. The effect is that of the test, with the range over the placebo dates. ``curve`` has a row per date:
    date, elapsed, actual, effect, low, high, pvalue, note

    Notes
    -----
    p has its size whatever process made the events, for a date that owes nothing to them. Neighbouring dates
    share nearly all their events: n dates are not n independent tries, and do not have to be.
    """
    ask, window = asking(test, "at"), series.window
    actual = window.elapsed(at)
    if not 0 < actual < window.span:
        raise ParameterError(f"the date {at} lies outside the window {window}; choose one inside it")
    least = _least(series, least_days)
    elapsed = _admissible(series, actual, dates, least)
    seed = _seed(rng)
    findings = mapped(
        lambda t, stream: _asked_at(ask, series, t, stream if rng is not None else None),
        elapsed,
        rng=0 if seed is None else seed,
        workers=workers,
        progress=progress,
        label="dates",
    )
    rows = [row(_named(series, t), finding) for t, finding in zip(elapsed, findings, strict=True)]
    curve = pd.DataFrame(rows, columns=list(COLUMNS)).rename(columns={"variation": "date"})
    curve.insert(1, "elapsed", elapsed)
    curve.insert(2, "actual", np.isclose(elapsed, actual, rtol=0, atol=1e-9))
    here = findings[int(np.flatnonzero(curve["actual"])[0])]
    shared = {
        "question": f"Is {_named(series, actual)} special among the dates it could have been?",
        "null": NULL_DATES,
        "method": "placebo dates: rank of the p at the date among those at all admissible dates",
        "settings": {
            "at": _named(series, actual),
            "window": str(window),
            "unit": window.unit,
            "least_days": least,
            "level": level,
            "test": here.method,
            "seed": None if rng is None else one_generator(rng),
        },
    }
    assumption = Assumption("the date owes nothing to the events", "unchecked", "a date found by looking would")
    return _ranked(curve, here, "dates", level, (assumption,), series, shared)


def placebo_theatres(
    series: EventSeries,
    theatres: Mapping[str, EventSeries],
    test: Callable[..., Finding],
    *,
    rng: np.random.Generator | int | None = None,
    level: float = 0.95,
) -> Finding:
    """Did the same happen where it cannot have: ``test`` on series that the supposed cause does not reach.

    Parameters
    ----------
    series : the series asked about
    theatres : series that cannot have responded, by name; their windows hold whatever date the test asks about
    test : called as ``test(series)``
    rng : needed where the test draws

    Returns
    -------
    Finding. p is the share of theatres, the one asked about included, whose p is as small or smaller: with k placebo
    theatres it cannot be under 1 / (k + 1), and a small p in one of them counts against the cause all the same.
    ``curve`` has a row per theatre, with ``actual`` true for the first.
    """
    if not isinstance(theatres, Mapping) or not theatres:
        raise ParameterError("theatres must map a name to a series, for one theatre or more")
    ask, streams = asking(test), np.random.SeedSequence(_seed(rng) or 0).spawn(len(theatres) + 1)
    everything = {series.label: series} | {f"{n} (placebo)" if n == series.label else n: s for n, s in theatres.items()}
    findings = [
        ask(each, None if rng is None else np.random.default_rng(stream))
        for each, stream in zip(everything.values(), streams, strict=True)
    ]
    rows = [row(name, finding) for name, finding in zip(everything, findings, strict=True)]
    curve = pd.DataFrame(rows, columns=list(COLUMNS)).rename(columns={"variation": "theatre"})
    curve.insert(1, "actual", [True] + [False] * len(theatres))
    shared = {
        "question": f"Did {series.label} do what no placebo theatre did?",
        "null": NULL_THEATRES,
        "method": "placebo theatres: rank of the p among those of theatres that cannot have responded",
        "settings": {
            "theatres": list(theatres),
            "window": str(series.window),
            "unit": series.window.unit,
            "level": level,
            "test": findings[0].method,
            "seed": None if rng is None else one_generator(rng),
        },
    }
    assumption = Assumption("the placebo theatres cannot have responded", "unchecked", "chosen by the caller")
    return _ranked(curve, findings[0], "theatres", level, (assumption,), series, shared)


def _ranked(curve: pd.DataFrame, here: Finding, what: str, level: float, assumptions, series, shared) -> Finding:
    """The rank of the actual row's p, with the range of the effect over the others."""
    total = len(curve)
    common = shared | {
        "alternative": here.alternative,
        "attainable_pvalue": 1 / total,
        "n_events": here.n_events,
        "exposure_days": here.exposure_days,
        "assumptions": (*assumptions, *here.assumptions),
        "vintage": series.vintage,
        "curve": curve,
    }
    others = curve.loc[~curve["actual"], "effect"].dropna().astype(float)
    low, high = (None, None) if others.empty else np.quantile(others, [(1 - level) / 2, (1 + level) / 2])
    effect = None
    if here.effect is not None:
        own = here.effect
        effect = Estimate(
            name=own.name, value=own.value, low=low, high=high, level=level, unit=own.unit, interval="null range"
        )
    if here.pvalue is None or total < 2:
        reason = here.warnings[0] if here.pvalue is None else f"No placebo {what} are admissible."
        return Finding(**common, effect=effect, warnings=(reason, *series.notes), inconclusive=True)
    # A theatre or date at which the test has no answer is no evidence of the thing asked about.
    p = curve["pvalue"].astype(float).fillna(1.0)
    as_small = int((p <= here.pvalue * (1 + 1e-12)).sum())
    under = int((p[~curve["actual"]] <= 1 - level).sum())
    silent = int(curve["pvalue"].isna().sum())
    warnings = [
        f"The test itself gives {p_is(here.pvalue)} here, and p under {1 - level:.2g} at {under} of the "
        f"{total - 1} placebo {what}."
    ]
    if silent:
        warnings.append(f"At {silent} of the {what} the test has no answer; they count as p = 1.")
    if 1 / total > 1 - level:
        warnings.append(f"{total} {what} in all: no p under {plain(1 / total)} can be reached.")
    return Finding(
        **common,
        statistic=here.pvalue,
        statistic_name="p of the test",
        pvalue=as_small / total,
        effect=effect,
        warnings=(*warnings, *series.notes),
    )


def _admissible(series: EventSeries, actual: float, dates: Sequence[object] | None, least: float) -> list[float]:
    """Elapsed times with enough watched time on both sides, in order, the actual one among them."""
    window = series.window
    if dates is None:
        steps = np.arange(np.ceil(-actual), np.floor(window.span - actual) + 1)
        elapsed = actual + steps
    else:
        elapsed = np.array([window.elapsed(date) for date in dates], dtype=float)
        if wrong := [date for date, t in zip(dates, elapsed, strict=True) if not 0 <= t <= window.span]:
            raise ParameterError(f"the placebo date {wrong[0]} lies outside the window {window}")
        elapsed = np.unique(np.append(elapsed[np.abs(elapsed - actual) > 1e-9], actual))
    before = window.clock(elapsed)
    # A time in a hole splits the events like the hole's edge does: it would count that date many times.
    enough = (before >= least) & (window.days - before >= least) & window.is_watched(elapsed)
    if not enough[np.argmin(np.abs(elapsed - actual))]:
        raise ParameterError(
            f"the date {_named(series, actual)} has less than least_days={least:g} of watched time on one side, or "
            "lies in a hole; choose another date or a smaller least_days"
        )
    return elapsed[enough].tolist()


def _least(series: EventSeries, least_days: float | None) -> float:
    if least_days is None:
        return float(max(1.0, series.precision, series.width.max(initial=0.0)))
    if not isinstance(least_days, int | float) or isinstance(least_days, bool) or not 0 < least_days < np.inf:
        raise ParameterError(f"least_days must be a finite number above 0, got {least_days!r}")
    return float(least_days)


def _asked_at(ask: Callable[..., Finding], series: EventSeries, elapsed: float, rng) -> Finding:
    window = series.window
    return ask(series, rng, at=elapsed if window.dated else window.start + elapsed)


def _named(series: EventSeries, elapsed: float) -> str:
    moment = series.window.moment(elapsed)
    if isinstance(moment, pd.Timestamp):
        return f"{moment:%Y-%m-%d}" if moment == moment.normalize() else f"{moment:%Y-%m-%d %H:%M}"
    return f"{moment:g}"


def _seed(rng) -> int | None:
    return None if rng is None else seed_of(rng)
