"""Interventions as a covariate in time: on from a date, for some days after it, or fading over them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from analysis.errors import ParameterError, check_choice
from analysis.timeline import StateSeries, Window

Decay = Literal["none", "linear"]
DECAYS: tuple[Decay, ...] = ("none", "linear")
STAIRS = 10


@dataclass(frozen=True, slots=True, eq=False)
class Response:
    """A covariate that is constant between its edges.

    edges : elapsed times at which it may change, shape (m + 1,), the first and last at or beyond the window's ends
    values : shape (m,), 0 where no intervention is at work, 1 where one is at full strength
    watched : bool, shape (m,): False inside a hole
    onsets : elapsed times of the interventions
    """

    edges: np.ndarray
    values: np.ndarray
    watched: np.ndarray
    onsets: np.ndarray

    def at(self, elapsed: np.ndarray) -> np.ndarray:
        """The covariate at these elapsed times; at an edge, its value after it."""
        i = np.searchsorted(self.edges, elapsed, side="right") - 1
        return self.values[np.clip(i, 0, self.values.size - 1)]

    def days(self, window: Window) -> tuple[float, float]:
        """Watched time with the covariate at 0 and above 0."""
        seen = np.diff(window.clock(np.clip(self.edges, 0, window.span)))
        return float(seen[self.values == 0].sum()), float(seen[self.values > 0].sum())


def response(
    interventions: object, window: Window, *, response_days: float | None = None, decay: Decay = "none"
) -> Response:
    """The covariate "an intervention is at work" of one or several interventions taken together.

    Parameters
    ----------
    interventions : a date, a sequence of dates (Timestamps, ISO texts, or numbers on the axis of a numeric window;
        elapsed days in a dated one), or a StateSeries with the stretches in which it was on
    response_days : how long each one works; None means from its date on
    decay : "none" keeps full strength to the end of the response; "linear" lets it fall to 0 over the response,
        in ten equal steps

    Raises
    ------
    ParameterError : no intervention, one whose response does not touch the window, a decay without a length
    """
    check_choice("decay", decay, DECAYS)
    if response_days is not None:
        number = isinstance(response_days, int | float | np.number) and not isinstance(response_days, bool)
        if not number or not 0 < response_days < np.inf:
            raise ParameterError(f"response_days must be a number above 0, or None for ever; got {response_days!r}")
    if decay == "linear" and response_days is None:
        raise ParameterError("decay='linear' needs response_days, the time over which the response fades")
    steps = []
    if isinstance(interventions, StateSeries):
        if response_days is not None:
            raise ParameterError("a StateSeries says itself how long it was on; leave response_days out")
        steps = [(window.elapsed(a), window.elapsed(b), 1.0) for a, b in interventions.spells]
        onsets = [a for a, _, _ in steps]
    else:
        onsets = [window.elapsed(d) for d in dates(interventions)]
        for d in onsets:
            steps += _steps(d, response_days, decay)
    if not onsets:
        raise ParameterError("no intervention was given; name at least one date")
    for d in onsets:
        if d >= window.span or (d < 0 and response_days is not None and d + response_days <= 0):
            raise ParameterError(
                f"the intervention at {window.moment(d)} has no effect inside the window {window}; leave it out"
            )
    return _stepwise(steps, sorted(onsets), window)


def dates(interventions: object) -> list:
    """Interventions as a list of dates."""
    if isinstance(interventions, Mapping):
        raise ParameterError(
            "interventions by name have one effect each: fit them with hazard.adjusted, or test one at a time"
        )
    one = isinstance(interventions, str | pd.Timestamp | int | float | np.number)
    if not one and not isinstance(interventions, Sequence | np.ndarray | pd.Series | pd.Index):
        raise ParameterError(f"interventions must be dates, a list of dates or a StateSeries; got {interventions!r}")
    return [interventions] if one else list(interventions)


def fixed(interventions: object, window: Window) -> object:
    """The same interventions as moments, which stay where they are when the window's start is drawn anew."""
    if isinstance(interventions, StateSeries):
        return interventions
    return [window.moment(window.elapsed(d)) for d in dates(interventions)]


def _steps(onset: float, days: float | None, decay: Decay) -> list[tuple[float, float, float]]:
    if days is None:
        return [(onset, np.inf, 1.0)]
    if decay == "none":
        return [(onset, onset + days, 1.0)]
    edges = onset + days * np.arange(STAIRS + 1) / STAIRS
    return [(edges[k], edges[k + 1], 1 - (k + 0.5) / STAIRS) for k in range(STAIRS)]


def _stepwise(steps, onsets, window: Window) -> Response:
    """The strongest response at each instant, cut at the holes."""
    inner = [e for a, b, _ in steps for e in (a, b) if 0 < e < window.span]
    edges = np.unique([0.0, window.span, *inner, *window.hole_edges.ravel()])
    middle = (edges[:-1] + edges[1:]) / 2
    values = np.zeros(middle.size)
    for a, b, value in steps:
        values = np.where((middle >= a) & (middle < b), np.maximum(values, value), values)
    return Response(edges, values, window.is_watched(middle), np.array(onsets))


def at_work(
    interventions: object, window: Window, *, response_days: float, label: str = "a response at work"
) -> StateSeries:
    """The stretches in which a response was at work, as a state: from each date on for ``response_days``, joined."""
    steps = sorted((window.elapsed(d), window.elapsed(d) + response_days) for d in dates(interventions))
    whole: list[list[float]] = []
    for start, end in steps:
        if whole and start <= whole[-1][1]:
            whole[-1][1] = max(end, whole[-1][1])
        elif start < window.span and end > 0:
            whole.append([start, end])
    spans = [(window.moment(max(a, 0.0)), window.moment(min(b, window.span))) for a, b in whole]
    return StateSeries.clipped(spans, window, label)
