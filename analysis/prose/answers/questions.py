"""The tests that a claim may name, each put to a view of the catalogue."""

from __future__ import annotations

from collections.abc import Callable

from analysis.catalogue.claims import Claim
from analysis.errors import ParameterError, nearest
from analysis.prose.answers import counted
from analysis.prose.answers.view import View
from analysis.results import Finding
from analysis.stats import changepoint, coincidence, hazard, rates, rhythm, trend, waiting
from analysis.timeline import EventSeries

Question = Callable[[View, Claim], Finding]
RESAMPLES = 499
DRAWS = 100


def question_of(claim: Claim, name: str) -> Question:
    """The function behind a test's name; a name without one raises, with the nearest that has."""
    if name not in QUESTIONS:
        raise ParameterError(f"{claim.id}: no rule for the test {name!r}.{nearest(name, QUESTIONS)}")
    return QUESTIONS[name]


def _shared(claim: Claim) -> dict:
    return {"alternative": claim.alternative or "two-sided", "level": claim.level}


def _where(view: View, claim: Claim) -> dict:
    """The claimed stretch against all other days where the record goes on after it, else the date."""
    if view.until is not None and claim.stretch is not None:
        return {"inside": claim.stretch}
    return {"at": claim.date}


def _outside(view: View, claim: Claim, series: EventSeries, question: str) -> Finding | None:
    """The answer where the date or stretch that a claim names lies outside what the record covers, else None."""
    named = claim.stretch if "inside" in _where(view, claim) else (claim.date,)
    window = series.window
    inside = named == ("last_event",) or all(0 <= window.elapsed(when) <= window.span for when in named)
    if inside:
        return None
    return Finding(
        question=question,
        null="none",
        method="none: the date lies outside the record",
        n_events=series.n,
        exposure_days=series.days,
        warnings=(f"{' to '.join(named)} lies outside the window {window}: there is nothing to compare.",),
        vintage=series.vintage,
        inconclusive=True,
    )


def _ratio(view: View, claim: Claim) -> Finding:
    if claim.none_after is not None:
        series = view.series(claim, own_window=True, resolution="drawn")
        drawn = {"rng": view.rng(claim, "rates.ratio"), "draws": DRAWS} if series.uncertain else {}
        return rates.ratio(series, at=claim.none_after, **_shared(claim), **drawn)
    series = view.series(claim)
    outside = _outside(view, claim, series, f"Did the rate of {series.label} change?")
    where = _where(view, claim)
    return outside or rates.ratio(series, chosen=claim.date_chosen, **_shared(claim), **where)


def _contrast(view: View, claim: Claim) -> Finding:
    series = view.series(claim)
    if outside := _outside(view, claim, series, f"Did {series.label} fall more than others?"):
        return outside
    # Both kinds in one window, or the watched time would not cancel.
    same = {"weapon": list(claim.against), "opened_by_event": False, "start": series.window.start}
    return rates.contrast(series, view.series(claim, **same), **_shared(claim), **_where(view, claim))


def _rate(view: View, claim: Claim) -> Finding:
    return rates.rate(view.series(claim, own_window=True), level=claim.level)


def _bayes_factor(view: View, claim: Claim) -> Finding:
    series = view.series(claim, own_window=True)
    return rates.bayes_factor(series, at="last_event", prior_mean_wait="observed")


def _silence(view: View, claim: Claim) -> Finding:
    return waiting.silence(view.series(claim, own_window=True), level=claim.level)


def _longest(view: View, claim: Claim) -> Finding:
    return waiting.longest_silence(view.series(claim, own_window=True), level=claim.level)


def _needed(view: View, claim: Claim) -> Finding:
    return waiting.silence_needed(view.series(claim, own_window=True), level=1 - claim.level)


def _forecast(view: View, claim: Claim) -> Finding:
    as_printed = view if view.then is None else View(table=view.then, filters=view.filters)
    return waiting.forecast(as_printed.series(claim, own_window=True), level=claim.level)


def _rate_while(view: View, claim: Claim) -> Finding:
    series = view.series(claim)
    return coincidence.rate_while(series, view.state(claim, series.window), **_shared(claim))


def _episodes(view: View, claim: Claim) -> Finding:
    series = view.series(claim)
    shared = {"ratio": claim.region[0], "alternative": claim.alternative, "level": claim.level}
    if claim.region[1] is not None:
        shared["ratio"] = claim.region[1]  # the edge nearest to no effect, as for power
    return coincidence.episodes_needed(series, view.state(claim, series.window), **shared)


def _piecewise(view: View, claim: Claim) -> Finding:
    series = view.series(claim)
    dates = view.dates(claim, series.window)
    if not dates:
        return coincidence.rate_while(series, view.state(claim, series.window), **_shared(claim))
    return hazard.piecewise_exponential(series, dates, response_days=claim.response_days, **_shared(claim))


def _series_hazard(view: View, claim: Claim) -> Finding:
    series = view.series(claim)
    dates = view.dates(claim, series.window)
    if not dates:
        return coincidence.rate_while(series, view.state(claim, series.window), **_shared(claim))
    drawn = {"rng": view.rng(claim, "hazard.series_hazard"), "resamples": RESAMPLES}
    return hazard.series_hazard(series, dates, response_days=claim.response_days, **_shared(claim), **drawn)


def _scan(view: View, claim: Claim) -> Finding:
    drawn = {"rng": view.rng(claim, "changepoint.scan"), "resamples": 2 * RESAMPLES + 1, "date_resamples": 99}
    return changepoint.scan(view.series(claim), **_shared(claim), **drawn)


def _laplace(view: View, claim: Claim) -> Finding:
    return trend.laplace(view.series(claim), **_shared(claim))


def _lewis(view: View, claim: Claim) -> Finding:
    drawn = {"rng": view.rng(claim, "trend.lewis_robinson"), "resamples": 2 * RESAMPLES + 1}
    return trend.lewis_robinson(view.series(claim), **_shared(claim), **drawn)


def _between(view: View, claim: Claim) -> Finding:
    series = view.series(claim, resolution="drawn")
    return rhythm.between_hours(series, hours=claim.hours, **_shared(claim))


def _v_test(view: View, claim: Claim) -> Finding:
    low, high = claim.hours
    middle = (low + (high - low) % 24 / 2) % 24
    drawn = {"rng": view.rng(claim, "rhythm.v_test"), "resamples": RESAMPLES, "draws": 30}
    return rhythm.v_test(view.series(claim, resolution="drawn"), hour=middle, level=claim.level, **drawn)


QUESTIONS: dict[str, Question] = {
    "changepoint.scan": _scan,
    "coincidence.episodes_needed": _episodes,
    "coincidence.rate_while": _rate_while,
    "hazard.piecewise_exponential": _piecewise,
    "hazard.series_hazard": _series_hazard,
    "rates.bayes_factor": _bayes_factor,
    "rates.contrast": _contrast,
    "rates.rate": _rate,
    "rates.ratio": _ratio,
    "rates.share": counted.share,
    "rates.share_ratio": counted.shares,
    "rhythm.between_hours": _between,
    "rhythm.v_test": _v_test,
    "trend.laplace": _laplace,
    "trend.lewis_robinson": _lewis,
    "waiting.forecast": _forecast,
    "waiting.longest_silence": _longest,
    "waiting.silence": _silence,
    "waiting.silence_needed": _needed,
}
