"""Attacks so far, against the band in which records of a constant rate would lie."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from analysis.errors import check_level
from analysis.figures import clock, flags, style, words
from analysis.timeline import EventSeries, Window

STEPS = 400  # places at which the band is worked out


def binomial_band(n: int, share: np.ndarray, level: float) -> tuple[np.ndarray, np.ndarray]:
    """Quantiles of Binomial(n, share) at both tails of ``level``, exact; arrays of the shape of ``share``.

    The lower one is the smallest k with P(X <= k) >= (1 - level) / 2, the upper one the smallest with
    P(X <= k) >= (1 + level) / 2.
    """
    k = np.arange(n + 1)
    logs = np.concatenate([[0.0], np.cumsum(np.log(np.arange(1, n + 1)))])
    choose = logs[n] - logs - logs[::-1]
    low, high = np.empty(share.size, dtype=int), np.empty(share.size, dtype=int)
    for i, p in enumerate(np.clip(share, 0.0, 1.0)):
        if p in (0.0, 1.0):
            low[i] = high[i] = round(p * n)
            continue
        below = np.cumsum(np.exp(choose + k * np.log(p) + (n - k) * np.log1p(-p)))
        below[-1] = 1.0
        tail = (1 - level) / 2
        low[i], high[i] = np.searchsorted(below, [tail - 1e-12, 1 - tail - 1e-12])
    return low, high


def constant_rate_band(series: EventSeries, *, level: float = 0.95, steps: int = STEPS) -> pd.DataFrame:
    """Where the counts of constant-rate records with as many events would lie, time by time.

    Given n, each event of such a record falls before a time with the share of the window watched until
    then, so the count is binomial. In a window closed by an event that last one is fixed at the end.
    Columns: elapsed, expected, low, high. The band holds at any one time, not at all times together.
    """
    check_level(level)
    window = series.window
    elapsed = np.unique(np.concatenate([np.linspace(0, window.span, steps + 1), window.hole_edges.ravel()]))
    share = window.clock(elapsed) / window.days
    free = series.n - 1 if window.closed_by_event else series.n
    low, high = binomial_band(free, share, level)
    last = (elapsed >= window.span) & window.closed_by_event
    columns = {"elapsed": elapsed, "expected": free * share + last, "low": low + last, "high": high + last}
    return pd.DataFrame(columns)


def cumulative(
    series: EventSeries,
    *,
    level: float = 0.95,
    mark: Mapping[str, object] | tuple[object, str] | None = None,
    ax=None,
):
    """Attacks so far as steps, against the band in which constant-rate records of the same size would lie.

    ``mark`` names moments with a thin line: ``(date, label)`` or a mapping of label to date. One outside the
    window is not drawn, and the caption says so.
    """
    with style.printed():
        ax = ax if ax is not None else style.new(width=6.0, height=3.4)[1]
        window, n = series.window, series.n
        low, high = clock.extent([window])
        label = clock.axis(ax, window, low, high, inches=0.8 * ax.get_figure(root=True).get_figwidth())
        for a, b in clock.unwatched(window, low, high):
            clock.hatch(ax, a, b)
        band = constant_rate_band(series, level=level)
        if n:
            _draw_band(ax, window, band)
        _draw_count(ax, series)
        lines = _marks(mark, window)
        inside = {name: at for name, at in lines.items() if low <= at <= high}
        for at in inside.values():
            ax.axvline(at, color=style.GREY, linewidth=0.8, zorder=0.9, gid="mark")
        words.settle(ax)
        named = [flags.Flag(at, words.plain_text(name, 40), style.INK) for name, at in inside.items()]
        unnamed = [flag.text for flag in flags.hoist(ax, named)]
        outside = [words.plain_text(name, 40) for name in lines if name not in inside]
        notes = _notes(n, level, bool(window.holes), unnamed, outside)
        words.caption(ax, f"{label}; n = {n}, {clock.watched_text(window)}", notes)
        if n == 0:
            words.say(ax, clock.none_seen(window))
        style.describe(ax, _cumulative_alt(series, band, level))
        return ax


def _draw_band(ax, window: Window, band: pd.DataFrame) -> None:
    """The band as steps, and the expected count: straight while watched, flat in a hole."""
    x = clock.place(window, band["elapsed"].to_numpy())
    plain = {"color": style.BAND, "linewidth": 0, "zorder": 0.5, "gid": "band"}
    ax.fill_between(x, band["low"], band["high"], step="post", **plain)
    dashed = {"color": style.GREY, "linewidth": 0.9, "linestyle": (0, (5, 2)), "gid": "expected"}
    ax.plot(x, band["expected"], **dashed)


def _draw_count(ax, series: EventSeries) -> None:
    """The count as steps, on an axis of whole numbers."""
    from matplotlib.ticker import MaxNLocator

    n, window = series.n, series.window
    times = np.repeat(np.concatenate([[0.0], series.times, [window.span]]), 2)[1:-1]
    colour = style.look(series.label).colour
    count = np.repeat(np.arange(n + 1), 2)
    ax.plot(clock.place(window, times), count, color=colour, gid="count", zorder=3)
    ax.yaxis.set_major_locator(MaxNLocator(6, integer=True, min_n_ticks=1))
    ax.set(ylim=(-0.03 * max(n, 1), max(n, 1) * 1.05), ylabel="attacks so far")


def _marks(mark, window: Window) -> dict[str, float]:
    """Axis positions of the moments to be named."""
    if mark is None:
        return {}
    named = dict(mark) if isinstance(mark, Mapping) else {mark[1]: mark[0]}
    return {str(label): clock.position(window, when) for label, when in named.items()}


def _notes(n: int, level: float, holes: bool, unnamed: list[str], outside: list[str]) -> list[str]:
    notes = []
    if n:
        share = words.percent(level)
        notes.append(f"shaded: where {share} of constant-rate records would lie at any one time, given n = {n}")
    if holes:
        notes.append("hatched: not watched")
    if unnamed:
        notes.append(f"no room above for: {', '.join(unnamed)}")
    if outside:
        notes.append(f"outside the window: {', '.join(outside)}")
    return notes


def _cumulative_alt(series: EventSeries, band: pd.DataFrame, level: float) -> str:
    window, n = series.window, series.n
    if n == 0:
        return clock.none_seen(window)
    count = np.searchsorted(series.times, band["elapsed"], side="right")
    gone = (count < band["low"]) | (count > band["high"])
    when = clock.date_text(window, float(band["elapsed"][gone].iloc[0]), year=True) if gone.any() else ""
    verdict = f"leaves that band first on {when}" if when else "stays inside that band throughout"
    where = f"the band in which {words.percent(level)} of constant-rate records would lie at any one time"
    count = f"{n} {words.plain_text(series.label)} in {clock.watched_text(window)}"
    return f"Cumulative count as steps ({count}) against {where}: it {verdict}."
