"""Sentences and fields that the findings on rhythm share."""

from __future__ import annotations

import numpy as np

from analysis.errors import ParameterError
from analysis.results import Assumption
from analysis.stats.rhythm.hours import Hours
from analysis.stats.trend.card import whole
from analysis.stats.waiting.card import WATCHED, base_settings, seed_text, thin

__all__ = [
    "INDEPENDENT",
    "WATCHED",
    "assumptions",
    "base_settings",
    "check_hour",
    "circular",
    "few",
    "hour_of",
    "seed_text",
    "settings_of",
    "thin",
    "warnings_of",
    "whole",
]

NULL = (
    "every watched hour alike: the events fall at uniform instants of watched time; their number, the window, its "
    "holes and the changes of the clock are kept, the time of day is not"
)
INDEPENDENT = Assumption("independent events", "unchecked", "salvoes of one night are one decision: merge them first")


def hour_of(angle: float) -> float:
    """Hour of the local clock, 0 to 24, at an angle."""
    return float(angle / (2 * np.pi) * 24 % 24)


def check_hour(hour: object, setting: str = "hour") -> float:
    """Return ``hour`` if it is an hour of the clock, from 0 to under 24."""
    if not isinstance(hour, int | float | np.number) or isinstance(hour, bool) or not 0 <= hour < 24:
        raise ParameterError(f"{setting} must be an hour of the local clock, 0 or more and under 24; got {hour!r}")
    return float(hour)


def circular(angles: np.ndarray) -> dict[str, float]:
    """Mean hour and mean resultant length over all readings, as every finding on hours records them."""
    total = np.exp(1j * angles).mean()
    return {"mean_hour": hour_of(np.angle(total) % (2 * np.pi)), "resultant_length": float(min(1.0, abs(total)))}


def few(hours: Hours, least: int) -> str | None:
    """Why there is no answer, in a sentence, where fewer than ``least`` events carry an hour."""
    if hours.n >= least:
        return None
    many = {0: "No event carries", 1: "Only one event carries"}.get(hours.n, f"Only {hours.n} events carry")
    left = f"; {hours.without} known only to the day" if hours.without else ""
    return f"{many} a time of day{left}: {least} are needed."


def settings_of(hours: Hours, **more) -> dict:
    """What every finding on hours records."""
    counts = {"events_with_hour": hours.n, "events_without_hour": hours.without}
    return counts | {"events_as_arcs": int(np.sum(hours.width > 1.5 / 1440)), "watched_evenly": hours.even, **more}


def assumptions(hours: Hours) -> tuple[Assumption, ...]:
    """What is taken for granted about the hours."""
    given = [INDEPENDENT, WATCHED]
    if hours.arcs:
        told = "a part of the day is drawn from evenly; that it was reported as a part says nothing of the hour"
        given.append(Assumption("coarse times coarse by chance", "unchecked", told))
    if hours.without:
        told = f"{hours.without} of {hours.without + hours.n} events are known only to the day and left out"
        given.append(Assumption("hours missing by chance", "unchecked", told))
    if hours.series.resolution == "exact" and hours.series.vintage is not None:
        told = "the middles of readings were taken as times; resolution='drawn' keeps the stretches"
        given.append(Assumption("hours known as recorded", "doubtful", told))
    return tuple(given)


def warnings_of(hours: Hours) -> tuple[str, ...]:
    """The count of events that carry no hour, and the notes of the series."""
    n = hours.without
    left = (f"{n} event{'s' if n > 1 else ''} known only to the day left out: no hour.",) if n else ()
    return (*left, *hours.series.notes)
