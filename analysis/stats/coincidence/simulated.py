"""A statistic among its values under a null that keeps each series' own clustering."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from analysis import processes
from analysis.errors import ParameterError, check_choice
from analysis.processes import Null
from analysis.results import Alternative, Assumption
from analysis.timeline import EventSeries

BY_NAME = ("circular_shift", "shuffled_waits", "uniform_times")
SLACK = 1e-9
JITTER = "a jitter never gives back the record itself; two Poisson series: it rejected 0 to 5% of 5%"


@dataclass(frozen=True, slots=True, eq=False)
class Among:
    """Observed values, shape (readings,), each with its null, shape (readings, resamples).

    ``exact``: the null is every arrangement there is, the record among them, so that none is added for it.
    """

    observed: np.ndarray
    null: np.ndarray
    exact: bool = False

    @property
    def added(self) -> int:
        """What the record adds to the counts of its copies."""
        return 0 if self.exact else 1

    @property
    def value(self) -> float:
        """The statistic, its mean over readings."""
        return float(self.observed.mean())

    @property
    def expected(self) -> float:
        """Its mean under the null."""
        return float(self.null.mean())

    def tails(self) -> dict[str, float]:
        """One-sided p-values, (k + 1) / (resamples + 1), over all readings."""
        observed, size = self.observed[:, None], self.null.size + self.added
        return {
            "less": float((np.sum(self.null <= observed + SLACK) + self.added) / size),
            "greater": float((np.sum(self.null >= observed - SLACK) + self.added) / size),
        }

    def pvalue(self, alternative: Alternative) -> float:
        """p, two-sided as twice the smaller tail."""
        tails = self.tails()
        return tails.get(alternative, min(1.0, 2 * min(tails.values())))

    def attainable(self, alternative: Alternative) -> float:
        """The smallest p that any arrangement of this record under this null could have given."""
        values, size = np.append(self.null, self.observed), self.null.size + self.added
        ends = {
            "less": (np.sum(self.null <= values.min() + SLACK) + self.added) / size,
            "greater": (np.sum(self.null >= values.max() - SLACK) + self.added) / size,
        }
        return float(ends.get(alternative, min(1.0, 2 * min(ends.values()))))

    def limits(self, alternative: Alternative, level: float) -> tuple[float | None, float | None]:
        """The values that the test does not reject: p is at most 1 - level outside them, and only there."""
        values = np.sort(self.null, axis=None)
        alpha = (1 - level) / (2 if alternative == "two-sided" else 1)
        # Rejected are the values of which (count at most that) + added is no more than alpha times the size.
        few = int(np.floor(alpha * (values.size + self.added) + SLACK)) - self.added
        few = min(max(few, 0), values.size - 1)
        low, high = float(values[few]), float(values[values.size - 1 - few])
        if alternative == "less":
            return low, None
        return (None, high) if alternative == "greater" else (low, high)


def among(rows: np.ndarray, exact: bool = False) -> Among:
    """From rows of an observed value followed by its null."""
    return Among(rows[:, 0], rows[:, 1:], exact)


def per_reading(resamples: int, readings: int) -> int:
    """Draws of the null for each reading, so that all readings together have at least ``resamples``."""
    return -(-resamples // readings)


def null_named(null: Null | str) -> Null:
    """The null itself, or the one of that name."""
    if isinstance(null, Null):
        return null
    if null == "local_jitter":
        raise ParameterError("local_jitter needs its width: pass analysis.processes.local_jitter(7), say, not its name")
    return getattr(processes, check_choice("null", null, BY_NAME))


def sentence(null: Null, series: EventSeries, other: str) -> str:
    """The null in words: what is redrawn, what is kept."""
    return f"{series.label} fall without regard to {other}: redrawn by {null}; {other} kept as it is"


def one_arrangement(series: EventSeries, null: Null) -> str | None:
    """Why this null cannot redraw the record, or None where it can."""
    waits = series.n - int(series.window.closed_by_event) - (0 if series.window.opened_by_event else 1)
    if null.name == "shuffled_waits" and waits < 2:
        return "Fewer than two complete waits: shuffling them gives back the record; another null is needed."
    if series.n == int(series.window.closed_by_event):
        return "No event of the first series is free to fall elsewhere."
    return None


def assumed(null: Null) -> tuple[Assumption, ...]:
    """What each null takes for granted."""
    if null.name.startswith("local_jitter"):
        return (Assumption("approximate", "doubtful", JITTER),)
    taken = {
        "circular_shift": ("no trend in the window", "the shift joins its end to its start"),
        "shuffled_waits": ("waits independent of each other", "their law is kept, whatever it is"),
        "uniform_times": ("independent events at a constant rate", "bursts of both series reject too often"),
    }[null.name]
    return (Assumption(taken[0], "unchecked", taken[1]),)
