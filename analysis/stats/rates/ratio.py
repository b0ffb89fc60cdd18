"""Did the rate change: the ratio of two rates, after over before, exact at any number of events."""

from __future__ import annotations

from typing import Literal

import numpy as np

from analysis.errors import ParameterError, check_choice, check_level
from analysis.results import ALTERNATIVES, Alternative, Assumption, Estimate, Finding
from analysis.stats.rates import conditional
from analysis.stats.rates.approximate import APPROXIMATE, approximate_parts
from analysis.stats.rates.rate import check_count
from analysis.stats.readings import over_readings
from analysis.timeline import EventSeries, Split

Method = Literal["exact", "midp", "score", "wald", "wald-log", "score-log", "sqrt", "etest"]
METHODS: tuple[str, ...] = ("exact", *APPROXIMATE)
EXPLAINED = {
    "exact": "exact conditional test, Clopper-Pearson limits",
    "midp": "conditional mid-p test (approximate)",
    "score": "score test (approximate)",
    "wald": "Wald test on the difference (approximate)",
    "wald-log": "Wald test on the log ratio (approximate)",
    "score-log": "score test on the log ratio (approximate)",
    "sqrt": "square-root test (approximate)",
    "etest": "E-test (approximate)",
}
NULL = "one rate on both sides; keeps the number of events and both watched times, destroys which side each fell on"


def ratio(
    series: EventSeries,
    *,
    at: object = None,
    inside: tuple[object, object] | None = None,
    method: Method = "exact",
    tails: conditional.Tails = "central",
    alternative: Alternative = "two-sided",
    null_ratio: float = 1.0,
    level: float = 0.95,
    chosen: Literal["fixed_before", "chosen_after"] = "fixed_before",
    cluster: Literal["day"] | None = None,
    rng=None,
    draws: int = 250,
) -> Finding:
    """Rate after a date over the rate before it; or inside a stretch over outside it.

    Parameters
    ----------
    series : the events and their window; watched time is what counts on both sides
    at : a date, a time, elapsed days (a number on the axis of a numeric window), or "last_event", which
        closes the before period. Events at that instant fall after it
    inside : instead of ``at``, a stretch ``(from, to)``: its rate over the rate of all other watched time
    method : "exact" holds its size at any n; the others are approximate and say so
    tails : how two-sided p-values of "exact" and "midp" are made: "central" (twice the smaller tail) or
        "minlike" (Fay 2010)
    alternative : "less" means fewer after
    null_ratio : the ratio under the null
    chosen : whether the date was fixed before looking at these events
    cluster : "day" counts the days with an event instead of the events
    rng, draws : seed or Generator and number of readings, needed for ``resolution="drawn"``

    Notes
    -----
    With ``resolution="drawn"`` p is the mean over readings of the dates, and the limits invert that mean.
    A window closed by an event conditions on that event, which then does not count.
    """
    check_choice("chosen", chosen, ("fixed_before", "chosen_after"))
    check_choice("cluster", cluster, (None, "day"))
    if (at is None) == (inside is None):
        raise ParameterError("give either at=, a date, or inside=, a stretch (from, to)")
    series = series.by_day() if cluster == "day" else series
    if isinstance(at, str) and at == "last_event" and series.last is None:
        return _refused(series, alternative, method, "No event in the window, so there is no last one to split at.")
    point = _tables(series, at, inside)
    uncertain = series.resolution == "drawn" and series.uncertain
    tables = (
        over_readings(series, lambda s: _numbers(_tables(s, at, inside, named=False)), rng=rng, draws=draws)
        if uncertain
        else None
    )
    return _finding(
        point,
        tables,
        method=method,
        tails=tails,
        alternative=alternative,
        null_ratio=null_ratio,
        level=level,
        label=series.label,
        unit=series.window.unit,
        warnings=_warnings(series, chosen, cluster),
        settings={
            "chosen": chosen,
            "cluster": cluster,
            "resolution": series.resolution,
            "window": str(series.window),
            "draws": draws if uncertain else None,
        },
        vintage=series.vintage,
    )


def ratio_with_opener(series: EventSeries, *, alternative: Alternative = "two-sided", level: float = 0.95) -> Finding:
    """The ratio after the day of the last event, with the event that opened the window counted too.

    Whole days, the first and the end's day included: shows how far the choice of window moves the answer.
    Inconclusive for a series that is not counted in whole days from an opening event.
    """
    if not series.window.opened_by_event or series.resolution != "day":
        return _refused(
            series, alternative, "exact", "No event opened the window in whole days: there is none to count."
        )
    counted = series.counting_opener()
    return ratio(counted, at=counted.window.moment(np.floor(counted.last) + 1), alternative=alternative, level=level)


def ratio_of_counts(
    *,
    before: int,
    before_days: float,
    after: int,
    after_days: float,
    method: Method = "exact",
    tails: conditional.Tails = "central",
    alternative: Alternative = "two-sided",
    null_ratio: float = 1.0,
    level: float = 0.95,
    label: str = "events",
    unit: str = "day",
) -> Finding:
    """The ratio of two rates from counts and watched times alone; see ``ratio``.

    Raises
    ------
    ParameterError
        counts that are not whole numbers of 0 or more, times that are not above 0 (all problems at once)
    """
    problems = []
    for count, days, name in ((before, before_days, "before"), (after, after_days, "after")):
        try:
            check_count(count, days, name, f"{name}_days")
        except ParameterError as error:
            problems.append(str(error))
    if problems:
        raise ParameterError("; ".join(problems))
    split = Split(int(before), float(before_days), int(after), float(after_days), float(before_days), "the date")
    return _finding(
        split,
        None,
        method=method,
        tails=tails,
        alternative=alternative,
        null_ratio=null_ratio,
        level=level,
        label=label,
        unit=unit,
        warnings=(),
        settings={},
        vintage=None,
    )


def _tables(series: EventSeries, at: object, inside: tuple[object, object] | None, *, named: bool = True) -> Split:
    split = series.split(at, named=named) if inside is None else series.inside(*inside)
    if series.window.closed_by_event and split.after:
        # Given the closing event, the others are uniform on the window.
        return Split(split.before, split.before_days, split.after - 1, split.after_days, split.at, split.label)
    return split


def _numbers(split: Split) -> np.ndarray:
    return np.array([split.before, split.before_days, split.after, split.after_days], dtype=float)


def _warnings(series: EventSeries, chosen: str, cluster: str | None) -> tuple[str, ...]:
    searched = (
        "The date was chosen after looking: this p does not pay for the search." if chosen == "chosen_after" else ""
    )
    clustered = "Days with an event were counted, not events." if cluster else ""
    return tuple(w for w in (searched, clustered, *series.notes) if w)


def _finding(split: Split, tables, *, method, tails, alternative, null_ratio, level, label, unit, **rest) -> Finding:
    check_choice("method", method, METHODS)
    check_choice("tails", tails, ("central", "minlike"))
    check_choice("alternative", alternative, ALTERNATIVES)
    check_level(level)
    if not null_ratio > 0:
        raise ParameterError(f"null_ratio must be above 0, got {null_ratio!r}")
    if tails == "minlike" and (method not in ("exact", "midp") or alternative != "two-sided" or tables is not None):
        raise ParameterError("tails='minlike' goes with method 'exact' or 'midp', two-sided, and point dates")
    if split.before_days <= 0 or split.after_days <= 0:
        return _no_time(split, alternative, method, label, rest)
    if method == "exact":
        pvalue, low, high = _exact_parts(split, tables, tails, alternative, null_ratio, level)
        assumption, reasons = (), ()
    else:
        pvalue, low, high, assumption, reasons = approximate_parts(
            split, method, tails=tails, alternative=alternative, null_ratio=null_ratio, level=level
        )
    n = split.before + split.after
    value = split.after / split.after_days / (split.before / split.before_days) if split.before else None
    return Finding(
        question=f"Did the rate of {label} change at {split.label}?",
        null=NULL if null_ratio == 1 else f"the rate after is {null_ratio:g} times the rate before",
        method=EXPLAINED[method],
        alternative=alternative,
        statistic=float(split.after),
        statistic_name="events after",
        pvalue=pvalue,
        effect=Estimate(name="rate ratio, after over before", value=value, low=low, high=high, level=level),
        attainable_pvalue=_smallest(split, tables, alternative, null_ratio) if method == "exact" else None,
        n_events=(split.before, split.after),
        exposure_days=(split.before_days, split.after_days),
        assumptions=(
            *assumption,
            Assumption("constant rate within each period, independent events", "unchecked", "see dispersion"),
            Assumption("both periods watched alike", "unchecked", ""),
        ),
        warnings=(*reasons, *_zero_counts(split), *rest["warnings"]),
        settings={"at": split.label, "null_ratio": null_ratio, "level": level, "tails": tails, "unit": unit}
        | rest["settings"],
        vintage=rest["vintage"],
        inconclusive=n == 0 or pvalue is None,
    )


def _exact_parts(split: Split, tables, tails, alternative, null_ratio, level):
    counts = (split.before, split.before_days, split.after, split.after_days)
    if tables is not None:
        return _over_readings(tables, alternative, null_ratio, level)
    if tails == "minlike":
        share = conditional.share_after(null_ratio, split.before_days, split.after_days)
        p = float(conditional.minlike_pvalue(split.after, split.before + split.after, share)[0])
        return p, *conditional.minlike_limits(*counts, level=level)
    p = float(conditional.pvalues(*counts, ratio=null_ratio, alternative=alternative))
    return p, *conditional.limits(*counts, alternative=alternative, level=level)


def _over_readings(tables: np.ndarray, alternative, null_ratio, level):
    """p as the mean over readings, and the limits at which that mean equals 1 - level."""
    usable = tables[(tables[:, 1] > 0) & (tables[:, 3] > 0)]
    rows, weight = np.unique(usable, axis=0, return_counts=True)
    before, before_days, after, after_days = rows.T

    def pvalue(theta: float) -> float:
        p = conditional.pvalues(
            before.astype(int),
            before_days,
            after.astype(int),
            after_days,
            ratio=theta,
            alternative=alternative,
        )
        return float(np.average(p, weights=weight))

    centre = (np.average(after, weights=weight) + 0.5) / np.average(after_days, weights=weight)
    centre /= (np.average(before, weights=weight) + 0.5) / np.average(before_days, weights=weight)
    low, high = conditional.inverted(pvalue, float(centre), alternative=alternative, level=level)
    return pvalue(null_ratio), low, high


def _smallest(split: Split, tables, alternative: Alternative, null_ratio: float) -> float:
    """Smallest p over every count after the date, given the count before and both watched times.

    For "less" it belongs to no event after, and is the mean over readings where the dates are drawn; a
    higher count after has no bound, so for the other alternatives it is 0.
    """
    if alternative != "less":
        return 0.0
    rows = _numbers(split)[None, :] if tables is None else tables
    p = conditional.pvalues(rows[:, 0].astype(int), rows[:, 1], 0, rows[:, 3], ratio=null_ratio, alternative="less")
    return float(np.mean(p))


def _zero_counts(split: Split) -> tuple[str, ...]:
    if split.before + split.after == 0:
        return ("No event in either period: every ratio fits.",)
    if split.before == 0:
        return ("No event before: the ratio has a lower limit only.",)
    return ()


def _no_time(split: Split, alternative, method, label, rest) -> Finding:
    side = "before" if split.before_days <= 0 else "after"
    return Finding(
        question=f"Did the rate of {label} change at {split.label}?",
        null=NULL,
        method=EXPLAINED[method],
        alternative=alternative,
        n_events=(split.before, split.after),
        exposure_days=(max(split.before_days, 0.0), max(split.after_days, 0.0)),
        warnings=(f"No watched time {side} {split.label}: there is nothing to compare.", *rest["warnings"]),
        settings=rest["settings"],
        vintage=rest["vintage"],
        inconclusive=True,
    )


def _refused(series: EventSeries, alternative, method, reason: str) -> Finding:
    return Finding(
        question=f"Did the rate of {series.label} change at the last event?",
        null=NULL,
        method=EXPLAINED[check_choice("method", method, METHODS)],
        alternative=alternative,
        n_events=0,
        exposure_days=series.days,
        warnings=(reason, *series.notes),
        vintage=series.vintage,
        inconclusive=True,
    )
