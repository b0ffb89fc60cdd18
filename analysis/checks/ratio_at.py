"""The exact ratio of rates at a date, for many records at once: what ``rates.ratio`` gives for each alone."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np

from analysis.results import Finding
from analysis.stats import rates
from analysis.timeline import Window

# What may be bound to the test without changing how p and ratio follow from the counts.
KNOWN = {"at", "alternative", "level", "chosen", "rng", "draws", "method", "tails", "cluster", "null_ratio"}


@dataclass(frozen=True, slots=True)
class RatioAt:
    """The settings of an exact ``rates.ratio`` at a date."""

    at: Any
    alternative: str
    null_ratio: float

    def of(self, window: Window, times, inside, opening, day_counted: bool) -> tuple[np.ndarray, np.ndarray]:
        """p and ratio of each record; nan without an answer, an infinite ratio where no event came before.

        Parameters
        ----------
        window : of the specification, before an event opened it
        times, inside : elapsed times and which of them count, shape (records, k)
        opening : when an event opened the window, nan where none did, shape (records,)
        day_counted : whether times are midnights that stand for whole days
        """
        opened = ~np.isnan(opening)
        start = np.where(opened, opening, 0.0)
        at = np.full(len(times), window.elapsed(self.at))
        asked = (at >= start) & (at <= window.span)
        at = np.where(asked, at, start)
        # Whole days are counted from the midnight of the opening day, or stand at mid-day.
        placed = times + np.where(opened | (not day_counted), 0.0, 0.5)[:, None]
        after = (inside & (placed >= at[:, None])).sum(axis=1)
        before = inside.sum(axis=1) - after
        seen = np.atleast_1d(window.clock(at))
        before_days, after_days = seen - np.atleast_1d(window.clock(start)), window.days - seen
        answered = asked & (before_days > 0) & (after_days > 0)
        days = np.where(answered, before_days, 1.0), np.where(answered, after_days, 1.0)
        settings = {"ratio": self.null_ratio, "alternative": self.alternative}
        p = rates.pvalues(before, days[0], after, days[1], **settings)
        with np.errstate(divide="ignore", invalid="ignore"):
            ratio = np.where(before + after > 0, (after / days[1]) / (before / days[0]), np.nan)
        return np.where(answered, p, np.nan), np.where(answered, ratio, np.nan)


def ratio_at(test: Callable[..., Finding]) -> RatioAt | None:
    """The settings, where ``test`` is an exact ``rates.ratio`` bound to a date; None for every other test."""
    if not isinstance(test, partial) or test.func is not rates.ratio or test.args:
        return None
    bound = test.keywords
    at = bound.get("at")
    plain = bound.get("method", "exact") == "exact" and bound.get("tails", "central") == "central"
    if set(bound) - KNOWN or at is None or at == "last_event" or bound.get("cluster") is not None or not plain:
        return None
    return RatioAt(at, bound.get("alternative", "two-sided"), float(bound.get("null_ratio", 1.0)))
