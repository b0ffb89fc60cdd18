"""Delay: the law of the reporting delay with its limits, and the share of each day's attacks that is known by now."""

from __future__ import annotations

import numpy as np

from analysis.figures import clock, style, words
from analysis.figures.curves import curve_of, missing, unit_of
from analysis.results import Finding
from analysis.timeline import EventSeries

__all__ = ["known", "law"]


def law(finding: Finding, *, longest: int | None = None, ax=None):
    """Share of attacks reported within each delay, limits shaded; finding of ``delay.law``.

    ``longest`` cuts the axis; by default twice the delay within which 99 % are reported.
    """
    with style.printed():
        ax = ax if ax is not None else style.new(width=5.0, height=3.2)[1]
        curve = curve_of(finding, "delay", "share", "low", "high")
        if curve is None:
            return words.nothing(ax, missing(finding, "law of delay", unit_of(finding, None)))
        reached = int(curve.loc[curve["share"] >= 0.99, "delay"].iloc[0])
        end = longest or min(int(curve["delay"].max()), max(2 * reached, int(finding.settings["within"]) + 3))
        shown = curve[curve["delay"] <= end]
        x = np.append(shown["delay"], end + 1.0)
        steps = {c: np.append(shown[c], shown[c].iloc[-1]) for c in ("share", "low", "high")}
        ax.fill_between(x, steps["low"], steps["high"], step="post", color=style.BAND, linewidth=0, gid="limits")
        ax.step(x, steps["share"], where="post", color=style.BLUE, linewidth=1.6, gid="law", zorder=4)
        ax.set(xlim=(0, end + 1), ylim=(0, 1.04), ylabel="share reported")
        _whole(ax)
        words.settle(ax)
        notes = [_effect(finding), f"shaded: {words.percent(finding.effect.level)} limits"]
        notes.append(f"of attacks reported within {finding.settings['horizon']} days")
        words.caption(ax, f"days from attack to first report (n = {finding.n_events})", notes)
        words.settle(ax)
        style.describe(ax, f"Steps of the share of {finding.n_events} attacks reported, by delay; {_effect(finding)}.")
        return ax


def known(finding: Finding, series: EventSeries, *, ax=None):
    """Chance that an attack of each day is known by now, with the attacks that are; finding of ``still_to_come``."""
    with style.printed():
        ax = ax if ax is not None else style.new(width=6.0, height=3.0)[1]
        window = series.window
        curve = curve_of(finding, "day", "known")
        if curve is None:
            return words.nothing(ax, missing(finding, "share known", unit_of(finding, window.unit)))
        low, high = clock.extent([window])
        label = clock.axis(ax, window, low, high, inches=0.8 * ax.get_figure(root=True).get_figwidth())
        for a, b in clock.unwatched(window, low, high):
            clock.hatch(ax, a, b)
        days = np.clip(low + np.arange(len(curve) + 1) - _started(window), low, high)
        ax.stairs(curve["known"], days, color=style.BLUE, linewidth=1.6, gid="known", baseline=None)
        ax.plot(clock.place(window, series.times), np.full(series.n, 0.04), "|", color=style.BLACK, gid="attacks")
        ax.set(ylim=(0, 1.04), ylabel="known by now")
        words.settle(ax)
        notes = [_effect(finding), "line: chance that an attack of the day is known", "ticks: attacks known"]
        words.caption(ax, f"{label}; n = {series.n}, {clock.watched_text(window)}", notes)
        words.settle(ax)
        told = f"{series.n} attacks known in {clock.watched_text(window)}"
        style.describe(ax, f"Share of each day's attacks that is known by now, as steps; {told}; {_effect(finding)}.")
        return ax


def _started(window) -> float:
    """Days from the midnight (or whole number) before the opening to the opening."""
    if not window.dated:
        return float(window.start - np.floor(window.start))
    opened = window.start.tz_localize(None)
    return float((opened - opened.normalize()).total_seconds() / 86400)


def _whole(ax) -> None:
    from matplotlib.ticker import MaxNLocator

    ax.xaxis.set_major_locator(MaxNLocator(8, integer=True, min_n_ticks=1))


def _effect(finding: Finding) -> str:
    effect = finding.effect
    ends = ("no limit" if e is None else words.number(e) for e in (effect.low, effect.high))
    what = "limits" if effect.interval == "confidence" else "predicted"
    name = words.plain_text(effect.name)
    return f"{name} {words.number(effect.value)} ({words.percent(effect.level)} {what}: {' to '.join(ends)})"
