"""Sequential: evidence as it grew, with the line at which it counts, and limits of the rate as they tightened."""

from __future__ import annotations

import numpy as np

from analysis.figures import clock, style, words
from analysis.figures.curves import curve_of, missing, unit_of
from analysis.results import Finding
from analysis.timeline import EventSeries

__all__ = ["evidence", "limits"]


def evidence(finding: Finding, series: EventSeries, *, ax=None):
    """Evidence against the reference along the window, on a logarithmic axis; finding of ``sequential.evidence``.

    The dashed line is at one over (1 - level): under the null it is ever reached with that chance at most.
    """
    with style.printed():
        ax = ax if ax is not None else style.new(width=6.0, height=3.2)[1]
        curve = curve_of(finding, "elapsed", "evidence")
        if curve is None:
            return words.nothing(ax, missing(finding, "evidence", unit_of(finding, series.window.unit)))
        label = _axis(ax, series)
        x = clock.place(series.window, curve["elapsed"].to_numpy(float))
        value = np.clip(curve["evidence"].to_numpy(float), 1e-6, 1e9)
        alpha = 1 - finding.settings["level"]
        ax.plot(x, value, color=style.BLUE, linewidth=1.6, gid="evidence", zorder=4)
        ax.axhline(1 / alpha, color=style.VERMILLION, linewidth=1.1, linestyle=(0, (5, 2)), gid="threshold")
        ax.axhline(1, color=style.GREY, linewidth=0.7, gid="no evidence")
        bottom, top = min(value.min(), 0.5) / 1.5, max(value.max(), 1 / alpha) * 1.6
        ax.plot(
            clock.place(series.window, series.times),
            np.full(series.n, bottom * 1.2),
            "|",
            color=style.BLACK,
            gid="attacks",
        )
        ax.set(yscale="log", ylim=(bottom, top), ylabel="evidence")
        _plain(ax)
        words.settle(ax)
        reach = (
            f"dashed: {words.number(1 / alpha)}, ever reached with chance {words.number(alpha)} at most under the null"
        )
        gist = f"evidence now {words.number(finding.statistic)}, p at any look {words.number(finding.pvalue)}"
        words.caption(ax, _label(label, series), [gist, reach, "ticks: attacks", *_holes(series)])
        words.settle(ax)
        style.describe(ax, f"Evidence against the reference rate over {clock.watched_text(series.window)}; {gist}.")
        return ax


def limits(finding: Finding, series: EventSeries, *, ax=None):
    """The rate so far with the limits no look has ruled out; finding of ``sequential.confidence_sequence``."""
    with style.printed():
        ax = ax if ax is not None else style.new(width=6.0, height=3.2)[1]
        curve = curve_of(finding, "elapsed", "rate", "low", "high")
        if curve is None:
            return words.nothing(ax, missing(finding, "limits", unit_of(finding, series.window.unit)))
        label = _axis(ax, series)
        x = clock.place(series.window, curve["elapsed"].to_numpy(float))
        late = curve.iloc[len(curve) // 4 :]
        known = late["high"].dropna()
        top = 1.25 * max(late["rate"].max(), known.max() if len(known) else 0.0, 1e-12)
        high = np.where(curve["high"].isna(), 10 * top, curve["high"])
        ax.fill_between(x, curve["low"], np.minimum(high, 10 * top), color=style.BAND, linewidth=0, gid="limits")
        ax.plot(x, curve["rate"], color=style.BLUE, linewidth=1.6, gid="rate", zorder=4)
        ax.set(ylim=(0, top), ylabel=f"attacks per {series.window.unit}")
        words.settle(ax)
        effect = finding.effect
        ends = ("no limit" if e is None else words.number(e) for e in (effect.low, effect.high))
        told = f"{words.percent(effect.level)} limits at all looks: {' to '.join(ends)}"
        gist = f"rate {words.number(effect.value)} ({told})"
        words.caption(ax, _label(label, series), [gist, "line: rate so far", "shaded: limits", *_holes(series)])
        words.settle(ax)
        style.describe(
            ax, f"Rate so far with limits that hold at all looks, {clock.watched_text(series.window)}; {gist}."
        )
        return ax


def _axis(ax, series: EventSeries) -> str:
    low, high = clock.extent([series.window])
    label = clock.axis(ax, series.window, low, high, inches=0.8 * ax.get_figure(root=True).get_figwidth())
    for a, b in clock.unwatched(series.window, low, high):
        clock.hatch(ax, a, b)
    return label


def _label(label: str, series: EventSeries) -> str:
    return f"{label}; n = {series.n}, {clock.watched_text(series.window)}"


def _holes(series: EventSeries) -> list[str]:
    return ["hatched: not watched"] if series.window.holes else []


def _plain(ax) -> None:
    from matplotlib.ticker import FuncFormatter, LogLocator, NullFormatter

    low, high = ax.get_ylim()
    ax.yaxis.set_major_locator(LogLocator(subs=(1, 2, 5) if high / low < 300 else (1,), numticks=8))
    ax.yaxis.set_major_formatter(FuncFormatter(lambda y, _: f"{y:g}"))
    ax.yaxis.set_minor_formatter(NullFormatter())
