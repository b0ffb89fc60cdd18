"""From counts in bins to the columns of an interrupted series: what is tested, what is adjusted for, the offset."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from analysis.errors import ParameterError, check_choice
from analysis.timeline import CountSeries

Form = Literal["level", "slope", "level_slope", "pulse", "suspend_resume"]
FORMS: tuple[Form, ...] = ("level", "slope", "level_slope", "pulse", "suspend_resume")
NEEDS_END = ("pulse", "suspend_resume")


@dataclass(frozen=True, slots=True, eq=False)
class Design:
    """Watched bins of an interrupted series, each array of shape (bins,) or (bins, columns).

    counts, watched, middle : of the bins that were watched; middle is the elapsed time half way
    tested : the column whose coefficient is tested
    others : the columns adjusted for, the intercept first
    after : whether the bin lies where the interruption is at work
    seen : which bins of the CountSeries are kept
    """

    counts: np.ndarray
    watched: np.ndarray
    middle: np.ndarray
    tested: np.ndarray
    others: np.ndarray
    after: np.ndarray
    seen: np.ndarray

    @property
    def offset(self) -> np.ndarray:
        """Log watched time."""
        return np.log(self.watched)

    @property
    def constant(self) -> bool:
        """Whether the model is two rates and nothing else."""
        return self.others.shape[1] == 1 and np.isin(self.tested, (0, 1)).all()


def design(
    counts: CountSeries,
    *,
    at: float,
    until: float | None,
    form: Form,
    trend: bool,
    harmonics: int,
    period: float,
    covariates: np.ndarray | None,
) -> Design:
    """The columns of one form of interruption; bins that nobody watched are left out.

    Raises
    ------
    ParameterError : counts of another kind, dates that are no edges of bins, an end without need or a need without one
    """
    check_choice("form", form, FORMS)
    if not isinstance(counts, CountSeries):
        raise ParameterError(f"counts must be a CountSeries, such as series.binned(7); got {type(counts).__name__}")
    if (until is None) == (form in NEEDS_END):
        need = "needs until=, its end" if until is None else "has no end: leave until out"
        raise ParameterError(f"form={form!r} {need}; forms with an end are {', '.join(NEEDS_END)}")
    start = edge(counts, at, "at")
    end = counts.edges[-1] if until is None else edge(counts, until, "until")
    if not start < end:
        raise ParameterError(f"the interruption must end after it starts: {at} .. {until}")
    seen = counts.watched > 0
    middle = ((counts.edges[:-1] + counts.edges[1:]) / 2)[seen]
    span = counts.edges[-1] - counts.edges[0]
    others = [np.ones(middle.size), *seasons(middle, harmonics, period)]
    if trend or form in ("slope", "level_slope"):
        others.append((middle - start) / span)
    after = (middle > start) & (middle < end)
    tested = after.astype(float)
    if form == "slope":
        tested = np.maximum(middle - start, 0.0)
    elif form == "level_slope":
        others.append(np.maximum(middle - start, 0.0) / span)
    elif form == "suspend_resume":
        others.append((middle > end).astype(float))
    extra = _extra(covariates, counts.counts.size)
    columns = np.column_stack([*others, *(extra[seen].T if extra is not None else ())])
    return Design(counts.counts[seen].astype(float), counts.watched[seen], middle, tested, columns, after, seen)


def edge(counts: CountSeries, when: object, setting: str) -> float:
    """``when`` as the edge of a bin: counts cannot be split inside one."""
    number = isinstance(when, int | float | np.number) and not isinstance(when, bool)
    if not number or not np.isfinite(when):
        raise ParameterError(f"{setting} must be a number on the axis of the bins, window.elapsed(date); got {when!r}")
    near = counts.edges[np.argmin(np.abs(counts.edges - when))]
    slack = 1e-6 * float(np.diff(counts.edges).min())
    if abs(near - when) > slack:
        raise ParameterError(
            f"{setting}={when:g} lies inside a bin; the nearest edge is {near:g}; or bin with an edge there: "
            "series.binned(edges=...)"
        )
    return float(near)


def seasons(middle: np.ndarray, harmonics: int, period: float) -> list[np.ndarray]:
    """Cosine and sine of each harmonic of the period."""
    if not isinstance(harmonics, int) or isinstance(harmonics, bool) or not 0 <= harmonics <= 6:
        raise ParameterError(f"harmonics must be a whole number from 0 to 6, got {harmonics!r}")
    if not period > 0:
        raise ParameterError(f"period must be above 0, in the units of the bins; got {period!r}")
    angles = [2 * np.pi * k * middle / period for k in range(1, harmonics + 1)]
    return [wave(a) for a in angles for wave in (np.cos, np.sin)]


def _extra(covariates: np.ndarray | None, bins: int) -> np.ndarray | None:
    if covariates is None:
        return None
    extra = np.asarray(covariates, dtype=float)
    extra = extra[:, None] if extra.ndim == 1 else extra
    if extra.ndim != 2 or extra.shape[0] != bins or not np.isfinite(extra).all():
        raise ParameterError(f"covariates needs a finite row for each of the {bins} bins, got shape {extra.shape}")
    return extra
