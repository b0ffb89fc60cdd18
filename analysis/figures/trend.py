"""Trend: the count so far against a fitted trend and the straight line, and the progress curve of the waits."""

from __future__ import annotations

import numpy as np

from analysis.figures import clock, style, words
from analysis.figures.curves import curve_of, missing, unit_of
from analysis.figures.share import shares
from analysis.results import Finding
from analysis.timeline import EventSeries

__all__ = ["fitted", "progress", "shares"]


def fitted(finding: Finding, series: EventSeries, *, ax=None):
    """Attacks so far as steps, with the trend fitted by a test (curve) and a constant rate (straight line).

    Parameters
    ----------
    finding : of ``laplace``, ``milhdbk189``, ``power_law`` or ``cramer_von_mises``
    series : the series that was tested
    """
    with style.printed():
        ax = ax if ax is not None else style.new(width=6.0, height=3.4)[1]
        window, n = series.window, series.n
        curve = curve_of(finding, "elapsed", "expected")
        if curve is None:
            return words.nothing(ax, missing(finding, "trend", unit_of(finding, window.unit)))
        low, high = clock.extent([window])
        label = clock.axis(ax, window, low, high, inches=0.8 * ax.get_figure(root=True).get_figwidth())
        for a, b in clock.unwatched(window, low, high):
            clock.hatch(ax, a, b)
        elapsed = curve["elapsed"].to_numpy(float)
        x = clock.place(window, elapsed)
        even = n * window.clock(elapsed) / window.days
        ax.plot(x, even, color=style.GREY, linewidth=0.9, linestyle=(0, (5, 2)), gid="constant rate")
        ax.plot(x, curve["expected"], color=style.BLACK, linewidth=1.6, gid="fit", zorder=4)
        notes = ["smooth: fitted trend", "dashed: constant rate"]
        if _limits(ax, finding, x, window.clock(elapsed) / window.days, n):
            notes.insert(1, "pale: its limits")
        _steps(ax, series)
        words.settle(ax)
        if window.holes:
            notes.append("hatched: not watched")
        words.caption(ax, f"{label}; n = {n}, {clock.watched_text(window)}", [_effect(finding), *notes])
        words.settle(ax)
        style.describe(ax, _fitted_alt(finding, series, curve["expected"].to_numpy(float), even))
        return ax


def progress(finding: Finding, *, unit: str | None = None, ax=None):
    """Waits by their number on logarithmic axes, with the progress curve ``tau_1 n^-b``.

    ``finding`` is that of ``progress_curve``; waits of 0 are not drawn.
    """
    with style.printed():
        ax = ax if ax is not None else style.new(width=5.0, height=3.4)[1]
        unit = unit_of(finding, unit)
        curve = curve_of(finding, "number", "days", "fitted")
        if curve is None:
            return words.nothing(ax, missing(finding, "progress curve", unit))
        number, days = curve["number"].to_numpy(float), curve["days"].to_numpy(float)
        ax.plot(number, days, "o", color=style.BLUE, markersize=4.5, gid="wait", clip_on=False, zorder=4)
        ax.plot(number, curve["fitted"], color=style.BLACK, linewidth=1.6, gid="fit", zorder=5)
        _logarithmic(ax, number, np.concatenate([days, curve["fitted"]]))
        ax.set_ylabel(f"wait, {clock.plural(unit)}")
        words.settle(ax)
        explained = finding.settings.get("r_squared")
        notes = [_effect(finding), "solid: fitted curve"]
        if explained is not None:
            notes.append(f"R² = {words.number(float(explained))}")
        words.caption(ax, f"number of the wait, in order (n = {number.size})", notes)
        words.settle(ax)
        style.describe(ax, _progress_alt(finding, days, unit))
        return ax


def _limits(ax, finding: Finding, x: np.ndarray, share: np.ndarray, n: int) -> bool:
    """The trend at both limits of its log-rate change, as a pale band; whether there are such limits."""
    effect = finding.effect
    if effect is None or not effect.name.startswith("log-rate") or effect.low is None or effect.high is None:
        return False
    bent = [share if abs(b) < 1e-9 else np.expm1(b * share) / np.expm1(b) for b in (effect.low, effect.high)]
    ax.fill_between(x, n * bent[0], n * bent[1], color=style.BAND, linewidth=0, zorder=0.6, gid="limits")
    return True


def _steps(ax, series: EventSeries) -> None:
    """The count as steps, on an axis of whole numbers."""
    from matplotlib.ticker import MaxNLocator

    n, window = series.n, series.window
    times = np.repeat(np.concatenate([[0.0], series.times, [window.span]]), 2)[1:-1]
    count = np.repeat(np.arange(n + 1), 2)
    ax.plot(clock.place(window, times), count, color=style.look(series.label).colour, gid="count", zorder=3)
    ax.yaxis.set_major_locator(MaxNLocator(6, integer=True, min_n_ticks=1))
    ax.set(ylim=(-0.03 * n, n * 1.05), ylabel="attacks so far")


def _logarithmic(ax, number: np.ndarray, lengths: np.ndarray) -> None:
    from matplotlib.ticker import FuncFormatter, LogLocator, NullFormatter

    ax.set(xscale="log", yscale="log")
    ax.set(xlim=(0.9, number.max() * 1.12), ylim=(lengths.min() / 1.3, lengths.max() * 1.3))
    for axis in (ax.xaxis, ax.yaxis):
        low, high = axis.get_view_interval()
        wide = np.log10(high / low) > 2.2
        axis.set_major_locator(LogLocator(subs=(1,) if wide else (1, 2, 5), numticks=8))
        axis.set_major_formatter(FuncFormatter(lambda x, _: f"{x:g}"))
        axis.set_minor_formatter(NullFormatter())


def _effect(finding: Finding) -> str:
    """The effect with its limits, as the caption says it."""
    effect = finding.effect
    if effect is None or effect.value is None:
        return "no estimate"
    value = f"{effect.name} {words.number(effect.value)}"
    if effect.low is None and effect.high is None:
        return value
    ends = ("no limit" if e is None else words.number(e) for e in (effect.low, effect.high))
    what = "under the null" if effect.interval == "null range" else "limits"
    return f"{value} ({words.percent(effect.level)} {what}: {' to '.join(ends)})"


def _fitted_alt(finding: Finding, series: EventSeries, expected: np.ndarray, even: np.ndarray) -> str:
    gap = expected - even
    side = "above" if gap.mean() > 0 else "below"
    bend = "follows the straight line of a constant rate" if np.abs(gap).max() < 0.5 else f"bends {side} that line"
    count = f"{series.n} {words.plain_text(series.label)} in {clock.watched_text(series.window)}"
    return f"Cumulative count as steps ({count}) with a fitted trend, which {bend}; {_effect(finding)}."


def _progress_alt(finding: Finding, days: np.ndarray, unit: str) -> str:
    spread = f"{clock.amount(float(days.min()))} to {clock.units(float(days.max()), unit)}"
    return f"{days.size} waits of {spread} by their number on logarithmic axes, with a curve; {_effect(finding)}."
