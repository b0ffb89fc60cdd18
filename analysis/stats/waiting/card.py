"""Sentences and fields that the findings on waits share."""

from __future__ import annotations

from typing import Any

from analysis.results import Assumption, Estimate, Finding
from analysis.timeline import EventSeries

WATCHED = Assumption("watched throughout outside the holes", "unchecked", "the window says where")
REPORTED = Assumption(
    "complete reporting", "unchecked", "an event made public late would break it: see late_disclosure"
)
NOT_SEARCHED = Assumption(
    "the silence was not searched for", "unchecked", "for the longest of many silences see longest_silence"
)
CONSTANT_PACE = Assumption("constant pace before", "unchecked", "see exponentiality and the trend tests")


def base_settings(series: EventSeries, **more: Any) -> dict[str, Any]:
    """What every finding records: window, resolution, unit, and the settings of the call."""
    window = series.window
    return {"window": str(window), "resolution": series.resolution, "unit": window.unit, **more}


def seed_text(rng: object) -> int | str | None:
    """The seed as given, or a word for a generator that was passed in."""
    return None if rng is None else rng if isinstance(rng, int) else "generator"


def thin(
    series: EventSeries,
    *,
    question: str,
    null: str,
    method: str,
    reason: str,
    alternative: str = "two-sided",
    effect: Estimate | None = None,
    settings: dict[str, Any] | None = None,
    **more: Any,
) -> Finding:
    """An inconclusive finding: the question was legal, the data too thin, and ``reason`` says why."""
    return Finding(
        question=question,
        null=null,
        method=method,
        alternative=alternative,
        effect=effect,
        n_events=series.n,
        exposure_days=series.days,
        warnings=(reason, *series.notes),
        settings=base_settings(series, **(settings or {})),
        vintage=series.vintage,
        inconclusive=True,
        **more,
    )
