"""Sentences, fields and the curve that the findings on hazards share."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from analysis.errors import ParameterError, check_choice, check_level
from analysis.results import ALTERNATIVES, Assumption, Finding
from analysis.stats.hazard.responses import Response
from analysis.stats.hazard.risk import COVARIATES
from analysis.stats.waiting.card import REPORTED, WATCHED, base_settings, seed_text, thin
from analysis.timeline import EventSeries

__all__ = ["REPORTED", "WATCHED", "base_settings", "seed_text", "thin"]

EFFECT = "hazard ratio, response over none"
ONE_EPISODE = "One intervention is one episode: whatever else changed on its date is credited to it."
CHOSEN_BEFORE = Assumption("dates and response length fixed before looking", "unchecked", "p pays for no search")
SAME_BASELINE = Assumption("one baseline hazard for all waits", "unchecked", "see the trend tests")


def checked(alternative: str, level: float, covariates: str, ties: str) -> None:
    """Raise unless the settings that every test of the family has are legal."""
    check_choice("alternative", alternative, ALTERNATIVES)
    check_level(level)
    check_choice("covariates", covariates, COVARIATES)
    check_choice("ties", ties, ("efron", "breslow"))


def whole(setting: str, value: object, least: int) -> int:
    """Return ``value`` if it is a whole number of at least ``least``."""
    if not isinstance(value, int) or isinstance(value, bool) or value < least:
        raise ParameterError(f"{setting} must be a whole number of {least} or more, got {value!r}")
    return value


def counted(series: EventSeries, covariate: Response) -> dict[str, Any]:
    """Events and watched time without and with a response at work."""
    on = int((covariate.at(series.times) > 0).sum())
    return {"n_events": (series.n - on, on), "exposure_days": covariate.days(series.window)}


def described(series: EventSeries, covariate: Response, **more: Any) -> dict[str, Any]:
    """The settings of a finding, the dates of the interventions among them."""
    onsets = [str(series.window.moment(t)) for t in covariate.onsets]
    return base_settings(series, interventions=onsets, episodes=len(onsets), **more)


def unfit(series: EventSeries, covariate: Response) -> str | None:
    """Why no hazard ratio can be estimated, in a sentence, or None."""
    waits = series.n - (not series.window.opened_by_event)
    if waits < 1:
        return "No complete wait between two events: a hazard of the next one cannot be judged."
    if np.unique(covariate.values[covariate.watched]).size < 2:
        return "The covariate never changes in watched time: with and without a response cannot be compared."
    return None


def refused(series: EventSeries, covariate: Response, reason: str, about: dict, settings: dict) -> Finding:
    """An inconclusive finding with the counts without and with a response."""
    return Finding(
        **about,
        **counted(series, covariate),
        warnings=(reason, *series.notes),
        settings=settings,
        vintage=series.vintage,
        inconclusive=True,
    )


def cumulative(rows) -> pd.DataFrame:
    """Nelson and Aalen's cumulative hazard of the waits without and with a response: the curve of the figure.

    Columns: state ("none", "response"), days, at_risk, events, hazard; a row for each event time of a state.
    """
    parts = []
    for state, chosen in (("none", rows.x[:, 0] <= 0), ("response", rows.x[:, 0] > 0)):
        total = 0.0
        for t in np.unique(rows.stop[rows.event & chosen]):
            risk = int((chosen & (rows.start < t) & (rows.stop >= t)).sum())
            died = int((chosen & rows.event & (rows.stop == t)).sum())
            total += died / risk
            parts.append((state, float(t), risk, died, total))
    return pd.DataFrame(parts, columns=["state", "days", "at_risk", "events", "hazard"])
