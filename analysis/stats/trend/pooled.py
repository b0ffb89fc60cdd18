"""One trend common to several series, each with a rate of its own."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import numpy as np

from analysis.errors import ParameterError, check_choice, check_rng
from analysis.results import Alternative, Finding
from analysis.stats.trend import card, log_linear, milhdbk
from analysis.stats.trend.positions import positions
from analysis.stats.waiting.past import drawn
from analysis.timeline import EventSeries

TESTS = ("laplace", "milhdbk189")


def pooled(
    series: Sequence[EventSeries],
    *,
    test: Literal["laplace", "milhdbk189"] = "laplace",
    alternative: Alternative = "two-sided",
    level: float = 0.95,
    rng: object = None,
    draws: int = 1000,
) -> Finding:
    """Laplace's or MIL-HDBK-189's test of a trend common to several series (Kvaloy and Lindqvist 1998).

    Each series keeps its own rate and window; what is pooled is where its free events stand as shares of its
    own watched time. The law is then that of one series with as many free events, and as exact.

    Parameters
    ----------
    series : one or more series, with units that agree; each may have holes and its own truncation
    test : "laplace" (one log-rate change per window) or "milhdbk189" (one power-law shape)
    rng, draws : readings of uncertain dates that are to be drawn

    Notes
    -----
    In windows of one length z equals the "Laplace combined" of Kvaloy and Lindqvist; with windows of different
    lengths theirs weighs a series by its length, this one by its number of events. ``rate_per_series`` in the
    settings is the common ``lambda`` of a power law, where all windows have one length.
    """
    series = list(series)
    check_choice("test", test, TESTS)
    card.checked(alternative, level)
    if not series or not all(isinstance(s, EventSeries) for s in series):
        raise ParameterError(f"series must be a list of EventSeries, at least one; got {len(series)} items")
    units = {s.window.unit for s in series}
    if len(units) > 1:
        raise ParameterError(f"series in different units cannot be pooled: {', '.join(sorted(units))}")
    seed = card.seed_text(rng)
    shares = _tabled(series, rng=rng, draws=draws)
    label = " and ".join(dict.fromkeys(s.label for s in series))
    n = sum(s.n for s in series)
    notes = tuple(dict.fromkeys(note for s in series[1:] for note in s.notes if note not in series[0].notes))
    own = {
        "about": {"null": "each series keeps a constant rate of its own; their counts and windows are kept"},
        "n_events": tuple(s.n for s in series),
        "exposure_days": tuple(s.days for s in series),
        "rounding": tuple(dict.fromkeys(a for s in series for a in card.rounding(s, drawn(s)))),
        "warnings": notes,
    }
    settings = {"level": level, "seed": seed, "test": test, "pooled": len(series)}
    if test == "laplace":
        settings |= {"null_change": 0.0, "method": "exact"}
        return log_linear.finding(series[0], shares, label=label, alternative=alternative, settings=settings, **own)
    settings |= {"null_shape": 1.0}
    more = {}
    days = {s.days for s in series}
    if len(days) == 1 and milhdbk.unfit(shares) is None:
        shape = float(2 * n / milhdbk.statistic(shares).mean())
        more = {"rate_per_series": float(n / len(series) / days.pop() ** shape)}
    return milhdbk.finding(
        series[0], shares, label=label, alternative=alternative, settings=settings, counted=n, more=more, **own
    )


def _tabled(series: list[EventSeries], *, rng: object, draws: int) -> np.ndarray:
    """Positions of all free events as one row, or a row for each joint reading of the uncertain dates."""
    if not any(drawn(s) for s in series):
        return np.concatenate([positions(s) for s in series])[None, :]
    rng = check_rng(rng, "uncertain dates are drawn")
    rows = range(card.whole("draws", draws, 1))
    return np.array([np.concatenate([positions(s.draw(rng) if drawn(s) else s) for s in series]) for _ in rows])
