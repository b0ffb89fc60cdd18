"""Do waits wear out, or come in bursts: the Weibull shape against 1."""

from __future__ import annotations

import numpy as np

from analysis.errors import ParameterError, check_level, check_rng
from analysis.results import Assumption, Estimate, Finding
from analysis.stats.readings import over_readings
from analysis.stats.waiting import card
from analysis.stats.waiting.nulls import uniform_spacings
from analysis.stats.waiting.open_wait import reading_settings
from analysis.stats.waiting.past import drawn
from analysis.stats.waiting.shapes import weibull_profile, weibull_shapes
from analysis.timeline import EventSeries

ABOUT = {
    "question": "Do the waits scatter as chance would have them (Weibull shape 1)?",
    "null": (
        "a constant rate: the events fall at uniform instants of the window; their number and the window are "
        "kept, bursts and regularity are not"
    ),
    "method": "Weibull shape against 1, signed likelihood root, simulated given the count",
}
FEWEST = 3


def shape_against_one(
    series: EventSeries, *, level: float = 0.95, rng: object, draws: int = 200, resamples: int = 9999
) -> Finding:
    """Weibull shape of the waits with its test against 1, exact given the number of events and the window.

    The statistic is the signed root of the likelihood ratio of shape 1, the open wait censored. Its null law
    is simulated: uniform instants in the same window, rounded as the data are, opened and closed in the same
    way, so the size is right at any n. The limits are the shapes k0 whose signed root lies inside the central
    part of the same null law (for the Weibull law it hardly depends on k0), so that p at a limit of 1 is
    1 - level. Central two-sided p, (k + 1) / (resamples + 1) on each side; where dates are drawn, its mean
    over the readings.
    """
    check_level(level)
    if not isinstance(resamples, int) or resamples < 99:
        raise ParameterError(f"resamples must be a whole number of 99 or more, got {resamples!r}")
    rng, seed = check_rng(rng, "the null law of the shape is simulated"), card.seed_text(rng)
    settings = {"level": level, "resamples": resamples, "seed": seed}
    if series.window.holes:
        reason = "The window has holes: simulated waits would cross them in other places than the real ones."
        return card.thin(series, reason=reason, settings=settings, **ABOUT)
    waits, last = _samples(series, rng=rng, draws=draws)
    if waits.shape[1] < FEWEST:
        reason = f"{waits.shape[1]} complete waits; the shape is tested from {FEWEST} on."
        return card.thin(series, reason=reason, settings=settings, **ABOUT)
    if waits.min() <= 0 or np.any(np.ptp(waits, axis=1) <= 1e-9 * waits.max(axis=1)):
        reason = "A wait of 0, or waits that are all equal, fit no Weibull law: give the record's precision."
        return card.thin(series, reason=reason, settings=settings, **ABOUT)
    shapes = weibull_shapes(waits, last)
    null = np.sort(np.concatenate([signed_root(*batch) for batch in _null(series, resamples, rng)]))

    def pvalues(null_shape: float) -> np.ndarray:
        return central_pvalues(null, root_at(null_shape, shapes, waits, last))

    p = pvalues(1.0)
    shape, root = float(np.median(shapes)), float(np.mean(root_at(1.0, shapes, waits, last)))
    low, high = (_limit(lambda k: pvalues(k).mean(), shape, side, 1 - level) for side in (-1, 1))
    return Finding(
        **ABOUT,
        statistic=root,
        statistic_name="signed root of the likelihood ratio",
        pvalue=float(p.mean()),
        attainable_pvalue=min(1.0, 2.0 / (resamples + 1)),
        effect=Estimate(name="Weibull shape", value=shape, low=low, high=high, level=level),
        n_events=series.n,
        exposure_days=series.days,
        assumptions=(
            Assumption("constant pace", "unchecked", "a trend looks like bursts: see the trend tests"),
            card.WATCHED,
        ),
        warnings=series.notes,
        settings=card.base_settings(series, **settings, **reading_settings(p)),
        vintage=series.vintage,
    )


def _samples(series: EventSeries, *, rng: np.random.Generator, draws: int):
    """Complete waits of each reading, shape (readings, n), and the open ones (None after a closing event)."""
    window = series.window
    points = [pad for pad, wanted in ((0.0, window.opened_by_event),) if wanted]

    def spaced(reading: EventSeries) -> np.ndarray:
        end = [] if window.closed_by_event else [reading.window.span]
        return np.diff(np.concatenate([points, reading.times, end]))

    table = over_readings(series, spaced, rng=rng, draws=draws) if drawn(series) else spaced(series)[None, :]
    if window.closed_by_event or table.shape[1] == 0:
        return np.maximum(table, _floor(series)), None
    return np.maximum(table[:, :-1], _floor(series)), table[:, -1]


def signed_root(waits: np.ndarray, last: np.ndarray | None) -> np.ndarray:
    """Signed roots of the likelihood ratio of shape 1, by sample."""
    return root_at(1.0, weibull_shapes(waits, last), waits, last)


def root_at(null_shape: float, shapes: np.ndarray, waits: np.ndarray, last: np.ndarray | None) -> np.ndarray:
    """``sign(k - k0) sqrt(2 (l(k) - l(k0)))`` of the profile likelihood."""
    at_null = np.full(waits.shape[0], null_shape)
    gain = weibull_profile(shapes, waits, last) - weibull_profile(at_null, waits, last)
    return np.sign(shapes - null_shape) * np.sqrt(np.maximum(2.0 * gain, 0.0))


def central_pvalues(null: np.ndarray, seen: np.ndarray) -> np.ndarray:
    """Twice the smaller tail of a sorted simulated null law, each (k + 1) / (n + 1), at most 1."""
    slack = 1e-9 * np.maximum(1.0, np.abs(seen))
    above = null.size - np.searchsorted(null, seen - slack, side="left")
    below = np.searchsorted(null, seen + slack, side="right")
    return np.minimum(1.0, 2.0 * (np.minimum(above, below) + 1.0) / (null.size + 1.0))


def _floor(series: EventSeries) -> float:
    """A rounded record's waits of 0 stand as half of its precision, in the data and under the null alike."""
    return series.precision / 2 if not drawn(series) else 0.0


def _null(series: EventSeries, resamples: int, rng: np.random.Generator):
    """Batches of simulated waits: complete ones, shape (samples, n), and the open one, (samples,)."""
    step = max(1, 2_000_000 // (series.n + 1))
    floor = _floor(series)
    window = series.window
    for start in range(0, resamples, step):
        size = min(step, resamples - start)
        spacings = uniform_spacings(series, size, rng=rng, rounded=not drawn(series))
        spacings = spacings if window.opened_by_event else spacings[:, 1:]
        last = None if window.closed_by_event else np.maximum(spacings[:, -1], 0.0)
        waits = spacings if window.closed_by_event else spacings[:, :-1]
        yield np.maximum(waits, max(floor, 1e-12 * window.span)), last


def _limit(pvalue, shape: float, side: int, alpha: float) -> float | None:
    """The shape beyond which p is alpha or less, by bisection; None where there is none within 10^4."""
    inside, outside = np.log(shape), np.log(shape) + side * np.log(1e4)
    if pvalue(np.exp(outside)) > alpha:
        return None
    for _ in range(50):
        middle = 0.5 * (inside + outside)
        if pvalue(np.exp(middle)) > alpha:
            inside = middle
        else:
            outside = middle
    return float(np.exp(inside))
