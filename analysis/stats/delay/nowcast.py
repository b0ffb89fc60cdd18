"""How many attacks of a period are not known yet? The count seen, the law of delay, and what one says of the other."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy import stats

from analysis.errors import ParameterError, check_level
from analysis.results import Assumption, Estimate, Finding
from analysis.stats.delay.pairs import day_number
from analysis.timeline import EventSeries, Window


def still_to_come(series: EventSeries, delays: Finding, *, as_of: object, level: float = 0.95) -> Finding:
    """Number of attacks of the window that are not known yet, with predictive limits.

    Parameters
    ----------
    series : the attacks known by ``as_of``; its window ends by then
    delays : finding of ``law``, from this record or from an earlier one
    as_of : the day of the record, itself included

    Notes
    -----
    An attack of day t is known with chance ``F(as_of - t)``. With a constant rate inside the window the known and
    the unknown are independent Poisson counts whose means are as E to U, the watched days weighed by F and by
    1 - F: the estimate is ``n U / E`` (Lawless 1994, one cell), and the limits invert the binomial law of n given
    the sum (Thatcher 1964), which is exact for a known F, n = 0 included. Half of 1 - level is spent on F: the
    prediction is made at both limits of F, re-scaled to this level, and the wider end is taken.

    Only reports that come within the horizon of ``delays`` are counted as still to come.
    """
    check_level(level)
    curve = _curve_of(delays)
    day, watched = _days(series.window)
    age = _ages(series.window, day, as_of)
    about = {
        "question": f"How many {series.label} of the window are not known yet?",
        "null": "a constant rate inside the window, reports after independent delays of the law given",
        "method": "nowcast from the law of delay",
    }
    settings = {
        "window": str(series.window),
        "resolution": series.resolution,
        "unit": series.window.unit,
        "as_of": str(as_of),
        "level": level,
    }
    reason = _unfit(delays, curve)
    shares = None if reason else [_known(curve[c], age, watched) for c in ("share", "low", "high")]
    if reason is None and shares[0] <= 0:
        reason = "No attack of the window could be known by now: the window is too young for this law."
    if reason:
        return Finding(
            **about,
            n_events=series.n,
            exposure_days=series.days,
            warnings=(reason, *series.notes),
            settings=settings,
            vintage=series.vintage,
            inconclusive=True,
        )
    share, worst, best = shares
    alpha = (1 - level) / 2
    # Limits of the share at the level left for it: those of the law stand at its own.
    low = predicted(series.n, best, alpha / 2)[0]
    high = predicted(series.n, worst, alpha / 2)[1] if worst > 0 else None
    value = series.n * (1 - share) / share
    return Finding(
        **about,
        statistic=float(share),
        statistic_name="share of the window's attacks known by now",
        effect=Estimate(
            name=f"{series.label} still to come",
            value=float(value),
            low=float(min(low, value)),
            high=None if high is None else float(max(high, value)),
            level=level,
            interval="predictive",
        ),
        n_events=series.n,
        exposure_days=series.days,
        assumptions=(
            Assumption("constant rate inside the window", "unchecked", "a rise at the end hides more than this says"),
            Assumption("the law of delay holds for this window", "unchecked", f"from {delays.n_events} reports"),
            Assumption("delays independent of each other", "unchecked", "a disclosure of many at once breaks it"),
        ),
        warnings=("A prediction, not a test: no p-value.", *series.notes),
        settings=settings | {"known_low": float(worst), "known_high": float(best)},
        vintage=series.vintage,
        curve=pd.DataFrame({"day": day, "watched": watched, "known": _at(curve["share"], age)}),
    )


def known_share(delays: Finding, window: Window, *, as_of: object) -> float:
    """Chance that an attack at a uniform instant of the window is known by ``as_of``.

    For a quiet stretch this is the chance that ``waiting.late_disclosure`` takes as ``known``.
    """
    curve = _curve_of(delays)
    reason = _unfit(delays, curve)
    if reason:
        raise ParameterError(f"the law of delay is of no use here: {reason}")
    day, watched = _days(window)
    return _known(curve["share"], _ages(window, day, as_of), watched)


def predicted(n: int, share: float, tail: float) -> tuple[int, int]:
    """Limits of a Poisson count still unseen, given ``n`` seen and the share that is seen; each tail under ``tail``.

    The count seen given the sum m + n is binomial(m + n, share): m is kept while n is in neither tail.
    """
    if share >= 1:
        return 0, 0
    low = 0
    while stats.binom.sf(n - 1, n + low, share) < tail and low < 10**6:
        low += 1
    high, step = max(low, 1), 1
    kept = lambda m: stats.binom.cdf(n, n + m, share) >= tail  # noqa: E731
    while kept(high):
        high, step = high + step, 2 * step
    below = high - step // 2 - 1 if step > 1 else low
    below = max(low, below)
    while high - below > 1:
        middle = (high + below) // 2
        below, high = (middle, high) if kept(middle) else (below, middle)
    return low, int(below if kept(below) else low)


def _curve_of(delays: Finding) -> pd.DataFrame | None:
    if not isinstance(delays, Finding) or not delays.method.startswith("reverse-time product limit"):
        raise ParameterError(f"delays must be the finding of delay.law, got {type(delays).__name__}")
    return delays.curve


def _unfit(delays: Finding, curve: pd.DataFrame | None) -> str | None:
    if delays.inconclusive or curve is None:
        return f"The law of delay is inconclusive: {delays.warnings[0]}"
    return None


def _days(window: Window) -> tuple[np.ndarray, np.ndarray]:
    """Days of the window and the watched time of each: local days for dates, else whole days of its axis."""
    if window.dated:
        from analysis.stats.rhythm.days import watched_days

        return watched_days(window)
    if window.unit != "day":
        raise ParameterError(f"delays are counted in days, the window in {window.unit}s")
    day = np.arange(np.floor(window.start), np.ceil(window.end)).astype(int)
    edges = np.clip(np.append(day, day[-1] + 1) - window.start, 0.0, window.span)
    return day, np.diff(window.clock(edges))


def _ages(window: Window, day: np.ndarray, as_of: object) -> np.ndarray:
    last = day_number(as_of, "as_of")
    if day[-1] > last:
        raise ParameterError(f"the window {window} goes on after as_of {as_of}: cut it there, nobody can know more")
    return last - day


def _at(share: pd.Series, age: np.ndarray) -> np.ndarray:
    values = share.to_numpy(float)
    return values[np.minimum(age, values.size - 1)]


def _known(share: pd.Series, age: np.ndarray, watched: np.ndarray) -> float:
    return float(np.average(_at(share, age), weights=watched))
