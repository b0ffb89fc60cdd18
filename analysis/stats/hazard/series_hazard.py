"""Does the next attack come sooner or later after a response? The series hazard model, a Cox model of the waits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal

import numpy as np

from analysis.errors import ParameterError, check_choice, check_rng
from analysis.results import Alternative, Assumption, Estimate, Finding
from analysis.stats.hazard import approximate, card, placebo
from analysis.stats.hazard.approximate import Errors
from analysis.stats.hazard.cox import CoxFit, cox
from analysis.stats.hazard.placebo import Statistic
from analysis.stats.hazard.responses import Decay, Response, fixed, response
from analysis.stats.hazard.risk import Frozen, rows_of
from analysis.timeline import EventSeries

Method = Literal["placebo_dates", "shuffled_waits", "likelihood_ratio", "wald"]
METHODS: tuple[Method, ...] = ("placebo_dates", "shuffled_waits", "likelihood_ratio", "wald")
NULLS = {
    "placebo_dates": "the interventions fall anywhere on the calendar of the attacks: the waits and the spacing of the "
    "interventions are kept, their alignment is not",
    "shuffled_waits": "the complete waits come in any order: their lengths, the open wait and the interventions are "
    "kept, the order of the waits is not",
    "likelihood_ratio": "the hazard of the next event is the same with a response as without",
    "wald": "the hazard of the next event is the same with a response as without",
}
QUESTION = "Does the next of {} come sooner or later while a response is at work?"


def series_hazard(
    series: EventSeries,
    interventions: object,
    *,
    response_days: float | None = None,
    decay: Decay = "none",
    covariates: Frozen = "split",
    method: Method = "placebo_dates",
    statistic: Statistic = "events",
    ties: Literal["efron", "breslow"] = "efron",
    errors: Errors = "model",
    null_ratio: float = 1.0,
    alternative: Alternative = "two-sided",
    level: float = 0.95,
    rng: object = None,
    resamples: int = 999,
    draws: int = 20,
) -> Finding:
    """The series hazard model (Dugan, LaFree and Piquero 2005; Dugan 2011): Cox on the waits of one series.

    Parameters
    ----------
    series : events and window; the open last wait is censored, a wait that crosses a hole is censored there and
        enters late after it, the stretch before the first event is no wait
    interventions : dates, all together one covariate, or a StateSeries; see ``adjusted`` for several covariates
    response_days, decay : how long a response works (None: from its date on), and whether it fades ("linear")
    covariates : "split" lets the covariate change inside a wait; "start" freezes it where the wait begins (Dugan)
    method : "placebo_dates" moves all dates together round the circle of watched time (default); "shuffled_waits"
        puts the waits in other orders; "likelihood_ratio" and "wald" are large-sample, approximate, by name
    statistic : of the two resampling methods: "events" counts the events under a response (the score of a constant
        baseline; a silence counts however long it is), "cox" is Cox's score with Breslow's ties (a silence counts
        only at ages at which another wait ended)
    ties : of the estimate, "efron" or "breslow"
    errors : of "wald": "model", or "robust" with one cluster for each wait
    null_ratio : the hazard ratio under the null
    alternative : "less" means a lower hazard while a response is at work: the next event comes later
    rng, resamples : of the two resampling methods, p = (k + 1) / (resamples + 1) on each side
    draws : readings of uncertain dates (``resolution="drawn"``); p is their mean, the limits invert it

    Notes
    -----
    The effect is Cox's hazard ratio where its likelihood has a maximum, else the ratio of the paces. p and limits
    belong to ``statistic``: under ``null_ratio`` the attacks are moved on the clock that runs faster by that
    ratio while a response is at work, where a constant baseline is uniform, which is exact at any n.
    The limits are the ratios that this test does not reject. No event under a response gives an upper limit only.
    """
    card.checked(alternative, level, covariates, ties)
    check_choice("method", method, METHODS)
    if not 0 < null_ratio < np.inf:
        raise ParameterError(f"null_ratio must be a number above 0, got {null_ratio!r}")
    covariate = response(interventions, series.window, response_days=response_days, decay=decay)
    about = {
        "question": QUESTION.format(series.label),
        "null": NULLS[method] if null_ratio == 1 else f"the hazard under a response is {null_ratio:g} times the other",
        "method": f"series hazard model, {_words(method, errors)}",
        "alternative": alternative,
    }
    settings = {"response_days": response_days, "decay": decay, "covariates": covariates, "ties": ties}
    settings |= {"null_ratio": null_ratio, "level": level, "waits": series.n - (not series.window.opened_by_event)}
    if method in approximate.METHODS:
        approximate.check_exact_dates(series, method)
        return approximate.finding(
            series, [covariate], 0, about=about, method=method, errors=errors, settings=settings, curve=True
        )
    if errors != "model":
        raise ParameterError(f"errors={errors!r} goes with method='wald'; resampling needs no standard error")
    check_choice("statistic", statistic, ("events", "cox"))
    card.whole("resamples", resamples, 99)
    generator = check_rng(rng, "placebo dates are drawn")
    settings |= {"statistic": statistic, "resamples": resamples, "seed": card.seed_text(rng)}
    return _resampled(series, covariate, interventions, about, settings, method, generator, draws)


def by_window(
    series: EventSeries, interventions: object, *, days: Sequence[float] = (30, 60, 90), **settings
) -> dict[str, Finding]:
    """``series_hazard`` for several response lengths, by name ("30 days"): one question asked several times.

    ``rng`` must be a seed or Generator; the other settings are those of ``series_hazard``.
    """
    if "response_days" in settings:
        raise ParameterError("give the response lengths as days=, for example days=(30, 60, 90)")
    unit = series.window.unit
    return {f"{d:g} {unit}s": series_hazard(series, interventions, response_days=d, **settings) for d in days}


def adjusted(
    series: EventSeries,
    interventions: Mapping[str, object],
    *,
    response_days: float | None = None,
    decay: Decay = "none",
    covariates: Frozen = "split",
    method: Literal["likelihood_ratio", "wald"] = "likelihood_ratio",
    ties: Literal["efron", "breslow"] = "efron",
    errors: Errors = "model",
    alternative: Alternative = "two-sided",
    level: float = 0.95,
) -> dict[str, Finding]:
    """Several interventions by name, each with a hazard ratio of its own, adjusted for the others (approximate).

    There is no test here that holds its size at few events; every finding says so. One intervention at a time, or
    all together as one covariate, has: ``series_hazard``.
    """
    card.checked(alternative, level, covariates, ties)
    check_choice("method", method, approximate.METHODS)
    approximate.check_exact_dates(series, method)
    if not isinstance(interventions, Mapping) or not interventions:
        raise ParameterError("interventions must be a mapping from names to dates, at least one name")
    given = {
        name: response(when, series.window, response_days=response_days, decay=decay)
        for name, when in interventions.items()
    }
    settings = {"response_days": response_days, "decay": decay, "covariates": covariates, "ties": ties, "level": level}
    settings |= {"null_ratio": 1.0, "waits": series.n - (not series.window.opened_by_event)}
    found = {}
    for at, name in enumerate(given):
        others = ", ".join(n for n in given if n != name) or "nothing"
        about = {
            "question": f"Does the next of {series.label} come sooner or later after {name}?",
            "null": f"{name} leaves the hazard as it is; adjusted for {others}",
            "method": f"series hazard model, {_words(method, errors)}",
            "alternative": alternative,
        }
        found[name] = approximate.finding(
            series, list(given.values()), at, about=about, method=method, errors=errors, settings=settings, curve=False
        )
    return found


def _resampled(series, covariate: Response, interventions, about, settings, method, generator, draws) -> Finding:
    """The finding of the two methods that resample."""
    alternative, level, frozen = about["alternative"], settings["level"], settings["covariates"]
    drawn = series.resolution == "drawn" and series.uncertain
    described = card.described(series, covariate, **settings, draws=card.whole("draws", draws, 1) if drawn else None)
    reason = card.unfit(series, covariate)
    fit = None if reason else fitted(series, [covariate], frozen, settings["ties"])
    if reason is None and settings["statistic"] == "cox" and not fit.contrast[0]:
        reason = "Waits at risk together never differ in the covariate: the data say nothing on the hazard ratio."
    if reason:
        return card.refused(series, covariate, reason, about, described)
    tests = []
    for _ in range(draws if drawn else 1):
        reading = series.draw(generator) if drawn else series
        own = covariate
        if reading.window != series.window:
            # The opening event was drawn too, and with it the window's start.
            length = {"response_days": settings["response_days"], "decay": settings["decay"]}
            own = response(fixed(interventions, series.window), reading.window, **length)
        seed = int(generator.integers(2**63))
        more = {"covariates": frozen, "null": method, "resamples": settings["resamples"], "seed": seed}
        more["statistic"] = settings["statistic"]
        tests.append(placebo.Placebo(reading, own, **more))
    p = placebo.pvalue(tests, float(np.log(settings["null_ratio"])), alternative)
    value, notes = _estimate(series, covariate, fit)
    centre = float(np.log(value)) if value else None
    low, high = placebo.limits(tests, centre, alternative=alternative, level=level)
    if value is not None and not low <= value <= (np.inf if high is None else high):
        notes += ("Cox's estimate lies outside the limits, which suppose a constant baseline hazard.",)
    sides = 2 if alternative == "two-sided" else 1
    orders = np.prod(np.arange(1.0, min(settings["waits"], 20) + 1))
    fewest = settings["resamples"] + 1 if method == "placebo_dates" else min(settings["resamples"] + 1, orders)
    return Finding(
        **about,
        **card.counted(series, covariate),
        statistic=float(tests[0].seen(0.0)),
        statistic_name="Cox's score" if settings["statistic"] == "cox" else "events under a response, weighted",
        pvalue=p,
        attainable_pvalue=float(min(1.0, sides / fewest)),
        effect=Estimate(name=card.EFFECT, value=value, low=low, high=high, level=level),
        assumptions=(*_assumptions(method), card.CHOSEN_BEFORE, card.WATCHED, card.REPORTED),
        warnings=(*notes, *series.notes),
        settings=described,
        vintage=series.vintage,
        curve=card.cumulative(fit.rows),
    )


def _estimate(series: EventSeries, covariate: Response, fit: CoxFit) -> tuple[float | None, tuple[str, ...]]:
    """Cox's ratio, or that of the paces where Cox has none, with what the reader has to know about it."""
    if fit.contrast[0] and not fit.separated[0]:
        return approximate.ratio(fit, 0), approximate.warnings_of(fit, 0, covariate)
    off, on = card.counted(series, covariate)["n_events"]
    off_days, on_days = covariate.days(series.window)
    value = (on / on_days) / (off / off_days) if off else None
    notes = ["Cox's likelihood has no maximum here: the effect is the ratio of the paces."]
    if 0 in (on, off):
        side, limit = ("under", "an upper") if on == 0 else ("without", "a lower")
        notes.insert(0, f"No event {side} a response: the ratio has {limit} limit only.")
    return value, (*notes, *approximate.episode(covariate))


def fitted(series: EventSeries, responses: list[Response], covariates: Frozen, ties: str) -> CoxFit:
    """The Cox model of the waits of one series, rows of one wait in one cluster."""
    rows = rows_of(series, responses, covariates)
    begins = np.cumsum(rows.start < 0)
    return cox(rows.start, rows.stop, rows.event, rows.x, ties=ties, clusters=begins)


def _assumptions(method: str) -> tuple[Assumption, ...]:
    if method == "shuffled_waits":
        return (Assumption("waits independent of each other", "unchecked", "see clustering.memory"), card.SAME_BASELINE)
    return (
        Assumption("no trend or season of its own", "unchecked", "a drifting pace gives placebo dates other chances"),
        Assumption("limits: constant baseline hazard", "unchecked", "the p-value of no effect needs a steady pace"),
    )


def _words(method: str, errors: str) -> str:
    names = {"placebo_dates": "placebo dates", "shuffled_waits": "shuffled waits"}
    names |= {"likelihood_ratio": "likelihood ratio (approximate)"}
    names |= {"wald": f"Wald with {errors} errors (approximate)"}
    return names[method]
