"""Sentences and fields that the findings on interruptions share."""

from __future__ import annotations

from typing import Any

import numpy as np

from analysis.errors import ParameterError, check_choice, check_level
from analysis.results import ALTERNATIVES, Assumption, Finding
from analysis.stats.interruption.design import Design
from analysis.stats.waiting.card import seed_text

__all__ = ["seed_text"]

WATCHED_ALIKE = Assumption("watched alike throughout the bins", "unchecked", "watched time enters as the offset")
CHOSEN_BEFORE = Assumption("the date was fixed before looking", "unchecked", "else see changepoint.scan")
NOTHING_ELSE = Assumption("nothing else changed at the date", "unchecked", "one interruption is one episode")
# Events for each coefficient below which a likelihood with a trend or season says little.
PER_COEFFICIENT = 3


def checked(alternative: str, level: float) -> None:
    """Raise unless the settings that every test has are legal."""
    check_choice("alternative", alternative, ALTERNATIVES)
    check_level(level)


def whole(setting: str, value: object, least: int) -> int:
    """Return ``value`` if it is a whole number of at least ``least``."""
    if not isinstance(value, int) or isinstance(value, bool) or value < least:
        raise ParameterError(f"{setting} must be a whole number of {least} or more, got {value!r}")
    return value


def counted(design: Design) -> dict[str, Any]:
    """Events and watched time outside and inside the interruption."""
    on = design.after
    return {
        "n_events": (int(design.counts[~on].sum()), int(design.counts[on].sum())),
        "exposure_days": (float(design.watched[~on].sum()), float(design.watched[on].sum())),
    }


def unfit(design: Design, *, least: int = 1) -> str | None:
    """Why the counts cannot be judged, in a sentence, or None."""
    if design.watched[design.after].sum() <= 0 or design.watched[~design.after].sum() <= 0:
        return "Nobody watched on one side of the date: there is nothing to compare."
    if design.counts.sum() == 0:
        return "No event in any bin: every ratio fits."
    whole_model = np.column_stack([design.others, design.tested])
    if np.linalg.matrix_rank(whole_model) < whole_model.shape[1]:
        return "The bins cannot tell the interruption from what it is adjusted for: leave something out."
    if design.counts.sum() < least:
        return f"Fewer than {least} events for {whole_model.shape[1]} coefficients: nothing can be fitted."
    return None


def refused(design: Design, reason: str, about: dict, settings: dict) -> Finding:
    """An inconclusive finding with the counts of both sides."""
    return Finding(**about, **counted(design), warnings=(reason,), settings=settings, inconclusive=True)


def zero_counts(design: Design) -> tuple[str, ...]:
    """That a side without events bounds the ratio on one side only."""
    before, after = counted(design)["n_events"]
    if before == 0:
        return ("No event outside the interruption: the ratio has a lower limit only.",)
    return ("No event inside the interruption: the ratio has an upper limit only.",) if after == 0 else ()
