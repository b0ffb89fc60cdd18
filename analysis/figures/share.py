"""The share of one kind of attack over time: what was seen in each stretch with limits, and the fitted course."""

from __future__ import annotations

import numpy as np

from analysis.figures import clock, style, words
from analysis.figures.curves import curve_of, missing, unit_of
from analysis.results import Finding
from analysis.timeline import EventSeries

__all__ = ["shares"]


def shares(finding: Finding, series: EventSeries, *, ax=None):
    """Share of ``series`` among both kinds by stretches of time, exact limits as whiskers, the fitted share as a line.

    Parameters
    ----------
    finding : of ``trend.share``
    series : the kind whose share it is; its window is the time axis
    """
    with style.printed():
        ax = ax if ax is not None else style.new(width=6.0, height=3.2)[1]
        window = series.window
        curve = curve_of(finding, "start", "end", "events", "total", "low", "high")
        if curve is None:
            return words.nothing(ax, missing(finding, "share over time", unit_of(finding, window.unit)))
        low, high = clock.extent([window])
        label = clock.axis(ax, window, low, high, inches=0.8 * ax.get_figure(root=True).get_figwidth())
        for a, b in clock.unwatched(window, low, high):
            clock.hatch(ax, a, b)
        seen = curve[curve["total"] > 0]
        x = clock.place(window, ((seen["start"] + seen["end"]) / 2).to_numpy(float))
        colour = style.look(series.label).colour
        limits = np.abs(seen[["low", "high"]].to_numpy(float) - seen[["share"]].to_numpy(float)).T
        ax.errorbar(x, seen["share"], yerr=limits, fmt="o", color=colour, capsize=2.5, linewidth=1.1, zorder=4)
        ax.set(ylim=(0, 1.14), yticks=np.linspace(0, 1, 5), ylabel="share of the attacks")
        ax.set_yticklabels([f"{y:.0%}" for y in np.linspace(0, 1, 5)])
        for at, row in zip(x, seen.itertuples(), strict=True):
            text = f"{row.events} of {row.total}"
            ax.annotate(text, (at, 1.06), ha="center", va="center", fontsize=style.SMALL, color=style.INK, gid="count")
        notes = ["whiskers: exact limits"]
        if fit := finding.settings.get("fit"):
            elapsed = np.linspace(0, window.span, 200)
            odds = np.exp(np.clip(fit["height"] + fit["slope"] * (elapsed - fit["middle"]), -500, 500))
            course = clock.place(window, elapsed)
            ax.plot(course, odds / (1 + odds), color=style.BLACK, linewidth=1.6, gid="fit", zorder=3)
            notes.append("line: fitted share")
        if window.holes:
            notes.append("hatched: not watched")
        words.settle(ax)
        own, rest = finding.n_events
        words.caption(ax, f"{label}; n = {own} and {rest}", [_effect(finding), *notes])
        words.settle(ax)
        what = words.plain_text(series.label)
        style.describe(ax, f"Share of {what} among {own + rest} attacks by stretches of time; {_effect(finding)}.")
        return ax


def _effect(finding: Finding) -> str:
    effect = finding.effect
    value = "no estimate" if effect.value is None else words.number(effect.value)
    ends = ["no limit" if e is None else words.number(e) for e in (effect.low, effect.high)]
    p = "" if finding.pvalue is None else f", p = {words.number(finding.pvalue)}"
    return f"{effect.name} {value} ({words.percent(effect.level)} limits: {' to '.join(ends)}){p}"
