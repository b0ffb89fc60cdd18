"""Attacks at one pace: independent of each other, or with waits of a chosen law."""

from __future__ import annotations

import math
from typing import Literal

import numpy as np

from analysis.errors import ParameterError, check_choice, check_rng
from analysis.processes.placing import placed
from analysis.processes.simulate.truth import (
    Simulated,
    count,
    positive,
    refuse_closing_event,
    seen,
    series_of,
)
from analysis.timeline import Window

Law = Literal["exponential", "gamma", "weibull", "lognormal"]
LAWS: tuple[Law, ...] = ("exponential", "gamma", "weibull", "lognormal")


def poisson(window: Window, *, rate: float | None = None, n: int | None = None, rng=None) -> Simulated:
    """A steady pace without memory.

    Parameters
    ----------
    window : where events are seen; in its holes they are not
    rate : events per unit of time, 0 or more; the count is then random
    n : number of events seen, instead of ``rate``; given the count they are uniform on watched time
    rng : Generator or seed

    Notes
    -----
    An event that opened the window changes nothing (no memory). One that closed it stands at the end,
    beside the others, and is counted in ``n``.
    """
    if (rate is None) == (n is None):
        raise ParameterError(f"give either a rate or a count n, not both or neither; got {rate=}, {n=}")
    rng = check_rng(rng, "events are simulated")
    closing = int(window.closed_by_event)
    if n is None:
        rate = positive(rate, "rate", or_zero=True)
        free, expected = rng.poisson(rate * window.days), rate * window.days + closing
    else:
        n = count(n, window)
        free, expected = n - closing, float(n)
    times = placed(window, np.sort(rng.random(free)) * window.days)
    truth = {"process": "poisson", "rate": rate, "n": n, "expected_events": expected}
    return Simulated(series_of(window, times), truth)


def renewal(window: Window, *, law: Law, mean: float, shape: float | None = None, rng=None) -> Simulated:
    """Independent waits of one law; more regular or more clustered than chance, without any trend.

    Parameters
    ----------
    window : where events are seen; the process goes on in its holes, unseen
    law : "exponential", "gamma", "weibull" or "lognormal"
    mean : mean wait, in the window's unit
    shape : of the gamma and the Weibull law (1 is the exponential); for the log-normal the standard deviation
        of the log wait; left out for the exponential
    rng : Generator or seed

    Notes
    -----
    Opened by an event, the first wait is an ordinary one. Otherwise the process has been going on for ever:
    the window then opens inside a wait that is drawn in proportion to its length, at a place in it that is
    uniform, so what is left of it follows the equilibrium law with density S(x) / mean (Cox 1962, ch. 5).
    A length-biased gamma(k) is a gamma(k + 1); a length-biased Weibull(k) is G ** (1 / k) with G a
    gamma(1 + 1 / k); a length-biased log-normal has its log moved up by shape ** 2.
    """
    check_choice("law", law, LAWS)
    mean = positive(mean, "mean")
    if law == "exponential" and shape is not None:
        raise ParameterError(f"an exponential law has no shape; leave it out or choose another law, got {shape=}")
    if law != "exponential" and shape is None:
        raise ParameterError(f"a {law} law needs its shape, a number above 0")
    k = 1.0 if shape is None else positive(shape, "shape")
    if (k > 10) if law == "lognormal" else (k < 0.01):
        raise ParameterError(f"a {law} law with {shape=} has waits beyond what a float can hold; take a milder one")
    refuse_closing_event(window, "renewal")
    rng = check_rng(rng, "events are simulated")

    ordinary = window.opened_by_event
    first = _waits(law, k, mean, 1, rng, length_biased=not ordinary) * (1.0 if ordinary else rng.random())
    stretches = [first]
    reached = float(first[0])
    block = math.ceil(window.span / mean + 4 * math.sqrt(window.span / mean)) + 10
    while reached < window.span:
        waits = _waits(law, k, mean, block, rng)
        stretches.append(waits)
        reached += float(waits.sum())
    times = np.cumsum(np.concatenate(stretches))
    times, unseen = seen(window, times[times < window.span])
    truth = {"process": "renewal", "law": law, "shape": shape, "mean": mean, "unseen": unseen}
    if not ordinary:
        truth["expected_events"] = window.days / mean
    return Simulated(series_of(window, times), truth)


def _waits(
    law: Law, shape: float, mean: float, size: int, rng: np.random.Generator, *, length_biased: bool = False
) -> np.ndarray:
    """Waits of a law with this mean, shape (size,); length-biased: drawn in proportion to their length."""
    if law == "weibull":
        scale = mean / math.gamma(1 + 1 / shape)
        return scale * rng.gamma(1 + length_biased / shape, size=size) ** (1 / shape)
    if law == "lognormal":
        centre = math.log(mean) - shape**2 / 2 + length_biased * shape**2
        return rng.lognormal(centre, shape, size=size)
    return mean / shape * rng.gamma(shape + length_biased, size=size)
