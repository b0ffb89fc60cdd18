"""The exact ratio of rates at a date or in a stretch, for many records at once: as ``rates.ratio`` for each alone."""

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
KNOWN = {"at", "inside", "alternative", "level", "chosen", "rng", "draws", "method", "tails", "cluster", "null_ratio"}


@dataclass(frozen=True, slots=True)
class RatioAt:
    """The settings of an exact ``rates.ratio``: at a date, at the last event, or inside a stretch."""

    at: Any
    inside: tuple[Any, Any] | None
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
        # Whole days are counted from the midnight of the opening day, or stand at mid-day.
        placed = times + np.where(opened | (not day_counted), 0.0, 0.5)[:, None]
        first, until, asked = self._claimed(window, placed, inside, start)
        total = inside.sum(axis=1)
        after = (inside & (placed >= first[:, None]) & (placed < until[:, None])).sum(axis=1)
        if self.inside is None and self.at == "last_event":
            after = np.zeros_like(total)
        before = total - after
        clock = [np.atleast_1d(window.clock(x)) for x in (start, first, until)]
        after_days = clock[2] - clock[1]
        before_days = window.days - clock[0] - after_days
        answered = asked & (before_days > 0) & (after_days > 0)
        days = np.where(answered, before_days, 1.0), np.where(answered, after_days, 1.0)
        settings = {"ratio": self.null_ratio, "alternative": self.alternative}
        p = rates.pvalues(before, days[0], after, days[1], **settings)
        with np.errstate(divide="ignore", invalid="ignore"):
            ratio = np.where(before + after > 0, (after / days[1]) / (before / days[0]), np.nan)
        return np.where(answered, p, np.nan), np.where(answered, ratio, np.nan)

    def _claimed(self, window: Window, placed, inside, start) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """From when and until when the rate is claimed to differ, and whether that lies in the window, by record."""
        size = len(placed)
        end = np.full(size, window.span)
        if self.inside is not None:
            a, b = (window.elapsed(x) for x in self.inside)
            asked = (a >= start) & (a < b) & (b <= window.span)
            return np.where(asked, a, start), np.where(asked, b, start), asked
        if self.at == "last_event":
            last = np.where(inside, placed, -np.inf).max(axis=1, initial=-np.inf)
            return np.where(np.isfinite(last), last, start), end, np.isfinite(last)
        at = np.full(size, window.elapsed(self.at))
        asked = (at >= start) & (at <= window.span)
        return np.where(asked, at, start), end, asked


def ratio_at(test: Callable[..., Finding]) -> RatioAt | None:
    """The settings, where ``test`` is an exact ``rates.ratio`` bound to a date or a stretch; None for every other."""
    if not isinstance(test, partial) or test.func is not rates.ratio or test.args:
        return None
    bound = test.keywords
    at, inside = bound.get("at"), bound.get("inside")
    plain = bound.get("method", "exact") == "exact" and bound.get("tails", "central") == "central"
    if set(bound) - KNOWN or (at is None) == (inside is None) or bound.get("cluster") is not None or not plain:
        return None
    stretch = None if inside is None else tuple(inside)
    return RatioAt(at, stretch, bound.get("alternative", "two-sided"), float(bound.get("null_ratio", 1.0)))
