"""Placebo dates: the p of a test at the date asked about, among those at every date it could have been."""

from __future__ import annotations

import numpy as np

from analysis.figures import clock, flags, style, words
from analysis.figures.curves import curve_of, missing
from analysis.results import Finding, p_is, p_text
from analysis.timeline import EventSeries

__all__ = ["dates"]


def dates(finding: Finding, series: EventSeries, *, ax=None):
    """p of the test at every admissible date, the one asked about marked, with the events below.

    Parameters
    ----------
    finding : from ``checks.placebo_dates``
    series : the series that was tested
    """
    with style.printed():
        ax = ax if ax is not None else style.new(width=6.4, height=3.2)[1]
        window = series.window
        curve = curve_of(finding, "elapsed", "pvalue")
        if curve is None or not curve["actual"].any():
            return words.nothing(ax, missing(finding, "p at the date asked about", window.unit))
        low, high = clock.extent([window])
        label = clock.axis(ax, window, low, high, inches=0.8 * ax.get_figure(root=True).get_figwidth())
        for a, b in clock.unwatched(window, low, high):
            clock.hatch(ax, a, b)
        level = 1 - float(finding.settings.get("level", 0.95))
        x, p = clock.place(window, curve["elapsed"].to_numpy(float)), curve["pvalue"].to_numpy(float)
        actual = curve["actual"].to_numpy(bool)
        ax.plot(x[~actual], p[~actual], ".", color=style.BLUE, markersize=3.5, gid="placebo", zorder=3)
        own = {"color": style.VERMILLION, "clip_on": False, "zorder": 5}
        ax.plot(x[actual], p[actual], "D", markersize=6, gid="actual", **own)
        ax.axhline(p[actual][0], color=style.VERMILLION, linewidth=0.7, zorder=2, gid="p at the date")
        ax.axhline(level, color=style.GREY, linewidth=0.8, linestyle=(0, (4, 2)), gid="level")
        ax.plot(clock.place(window, series.times), np.full(series.n, -0.07), "|", color=style.INK, gid="event")
        ax.set(ylim=(-0.13, 1.05), yticks=[0, 0.25, 0.5, 0.75, 1])
        ax.set_yticklabels(["0", "0.25", "0.5", "0.75", "1"])
        words.settle(ax)
        rank = "no rank" if finding.pvalue is None else f"rank {p_is(finding.pvalue)}"
        notes = [
            f"diamond: the date asked about, {rank}",
            "dots: the other dates",
            f"dashed: p = {level:.2g}",
            "ticks below: attacks",
        ]
        if window.holes:
            notes.append("hatched: not watched")
        words.caption(ax, f"{label}; n = {series.n} attacks, {len(curve)} dates", notes)
        words.y_label(ax, "p of the test at the date")
        at = float(curve["elapsed"].to_numpy(float)[actual][0])
        flags.hoist(ax, [flags.Flag(float(x[actual][0]), clock.date_text(window, at), style.VERMILLION)])
        under = int((p[~actual] <= level).sum())
        style.describe(
            ax,
            f"p of the test at {len(curve)} dates: {p_text(p[actual][0])} on {clock.date_text(window, at, year=True)}, "
            f"and {level:.2g} or less at {under} of the {int((~actual).sum())} others; {rank}.",
        )
        return ax
