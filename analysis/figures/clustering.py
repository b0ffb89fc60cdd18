"""Clustering: factor curves with their envelope, and the fitted self-exciting process, its limits and its fit."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.errors import ParameterError
from analysis.figures import clock, style, words
from analysis.figures.curves import curve_of, missing, unit_of
from analysis.results import Finding, p_is, p_text
from analysis.timeline import EventSeries

__all__ = ["branching_profile", "factor_curve", "intensity", "rescaled_waits"]
DASHED = (0, (5, 2))


def factor_curve(finding: Finding, *, unit: str | None = None, ax=None):
    """Fano or Allan factor over the length of the counting window, with what the null produces.

    ``finding`` is that of ``stats.clustering.fano`` or ``allan``. Shaded is the simultaneous envelope, which the
    whole curve stays within with the stated chance if the null holds; dotted the range at each length alone.
    """
    with style.printed():
        ax = ax if ax is not None else style.new(width=5.4, height=3.4)[1]
        unit = unit_of(finding, unit)
        curve = curve_of(finding, "days", "factor", "low", "high", "point_low", "point_high", "expected")
        if curve is None:
            return words.nothing(ax, missing(finding, "factor curve", unit))
        days, factor = curve["days"].to_numpy(float), curve["factor"].to_numpy(float)
        one = days.size == 1
        x = np.array([days[0] / 1.15, days[0] * 1.15]) if one else days
        wide = {name: np.repeat(curve[name].to_numpy(float), 2 if one else 1) for name in curve.columns[1:]}
        ax.fill_between(x, wide["low"], wide["high"], color=style.BAND, linewidth=0, zorder=0.5, gid="envelope")
        for edge in ("point_low", "point_high"):
            ax.plot(x, wide[edge], color=style.GREY, linewidth=0.9, linestyle=(0, (1, 1.5)), gid="pointwise")
        ax.plot(x, wide["expected"], color=style.GREY, linewidth=0.9, linestyle=DASHED, gid="expected")
        ax.plot(days, factor, "-o", color=style.BLUE, markersize=4, gid="factor", zorder=4)
        worst = int(np.argmin(np.abs(factor - (finding.statistic or factor[0]))))
        ax.plot(days[worst], factor[worst], "o", color=style.VERMILLION, markersize=6, gid="worst", zorder=5)
        _lengths(ax, x)
        ax.set_ylim(0, 1.08 * max(factor.max(), curve["high"].max()))
        name = str(finding.effect.name).split(" in ")[0]
        words.y_label(ax, name)
        level = words.percent(finding.effect.level)
        notes = [
            f"shaded: {level} envelope for the whole curve under {finding.null.split(':')[0]}",
            "dotted: at each length alone",
            "dashed: mean under the null",
            f"red: farthest out, {p_is(finding.pvalue)} for all lengths",
        ]
        words.caption(ax, f"length of the counting window, {clock.plural(unit)} (n = {finding.n_events})", notes)
        words.settle(ax)
        style.describe(
            ax,
            f"{name} of {finding.n_events} events over counting windows of {words.number(days[0])} to "
            f"{clock.units(float(days[-1]), unit)}, farthest from the null at {clock.units(float(days[worst]), unit)} "
            f"with {words.number(factor[worst])}; p for all lengths {p_text(finding.pvalue)}.",
        )
        return ax


def intensity(finding: Finding, series: EventSeries, *, ax=None):
    """Fitted intensity of a self-exciting process over time, the events below it, its background dashed.

    Parameters
    ----------
    finding : from ``stats.clustering.hawkes``
    series : the events it was computed from; their point times are drawn
    """
    with style.printed():
        ax = ax if ax is not None else style.new(width=6.4, height=3.0)[1]
        window, found = series.window, finding.settings
        if finding.inconclusive or finding.effect is None:
            return words.nothing(ax, missing(finding, "intensity", window.unit))
        if "background" not in found or "branching" not in found:
            raise ParameterError(f"an intensity needs a finding of hawkes, got one of {finding.method!r}")
        low, high = clock.extent([window])
        label = clock.axis(ax, window, low, high, inches=0.8 * ax.get_figure(root=True).get_figwidth())
        for a, b in clock.unwatched(window, low, high):
            clock.hatch(ax, a, b)
        top = found["background"]
        for at, rate in _stretches(series, found):
            ax.plot(clock.place(window, at), rate, color=style.BLUE, linewidth=1.1, gid="intensity")
            top = max(top, float(rate.max()))
        ax.axhline(found["background"], color=style.GREY, linewidth=0.9, linestyle=DASHED, gid="background")
        ax.set(ylim=(-0.1 * top, 1.08 * top))
        times = pd.unique(series.times)
        look = {"color": style.look(series.label).colour, "markersize": 6, "markeredgewidth": 0.8, "gid": "events"}
        ax.plot(clock.place(window, times), np.full(times.size, -0.06 * top), "|", clip_on=False, **look)
        words.y_label(ax, f"expected attacks per {window.unit}")
        lag = found.get("mean_lag")
        notes = [
            "strokes: attacks",
            "dashed: background",
            _effect(finding),
            None if lag is None else f"mean lag {words.number(lag)} {clock.plural(window.unit, lag)}",
            "hatched: not watched" if window.holes else None,
        ]
        words.caption(ax, f"{label}; n = {series.n}, {clock.watched_text(window)}", notes)
        words.settle(ax)
        style.describe(
            ax,
            f"Fitted intensity of {series.n} {words.plain_text(series.label)} in {clock.watched_text(window)}, "
            f"background {words.number(found['background'])} per {window.unit}, highest "
            f"{words.number(top)}; {_effect(finding)}.",
        )
        return ax


def rescaled_waits(finding: Finding, *, ax=None):
    """Waits on the clock of the fitted process against the exponential law, with the band of simulated fits.

    ``finding`` is that of ``stats.clustering.hawkes_residuals``. The curve lies on the diagonal where the process
    fits; the band is simultaneous and allows for the parameters having been fitted.
    """
    with style.printed():
        ax = ax if ax is not None else style.new(width=3.9, height=4.0)[1]
        curve = curve_of(finding, "expected", "observed", "low", "high")
        if curve is None:
            return words.nothing(ax, missing(finding, "rescaled wait", unit_of(finding, None)))
        x = np.linspace(0.0, 1.0, 201)
        reach = float(finding.effect.high)
        band = [np.clip(x - reach, 0, 1), np.clip(x + reach, 0, 1)]
        ax.fill_between(x, *band, color=style.BAND, linewidth=0, zorder=0.5, gid="band")
        ax.plot([0, 1], [0, 1], color=style.GREY, linewidth=0.9, linestyle=DASHED, gid="diagonal")
        n = len(curve)
        mark = {"marker": "o", "markersize": 3} if n <= 60 else {}
        ax.plot(curve["expected"], curve["observed"], color=style.BLUE, linewidth=1.2, gid="waits", zorder=4, **mark)
        ax.set(xlim=(0, 1), ylim=(0, 1.0), xticks=np.linspace(0, 1, 6), yticks=np.linspace(0, 1, 6))
        words.y_label(ax, "chance of the rescaled wait under exp(1)")
        level = words.percent(finding.effect.level)
        distance, p = words.number(finding.statistic), p_text(finding.pvalue)
        notes = [f"shaded: {level} band of simulated and refitted records", f"distance {distance}, p = {p}"]
        words.caption(ax, f"share of the rescaled waits (n = {n})", notes)
        words.settle(ax)
        style.describe(
            ax,
            f"{n} waits on the clock of the fitted self-exciting process against the exponential law: largest distance "
            f"{distance}, {level} of simulated records stay within {words.number(reach)}; p = {p}.",
        )
        return ax


def branching_profile(finding: Finding, *, ax=None):
    """Deviance of every branching ratio, the height it must not pass, and the limits that follow.

    ``finding`` is that of ``stats.clustering.hawkes``.
    """
    with style.printed():
        ax = ax if ax is not None else style.new(width=5.0, height=3.3)[1]
        curve = curve_of(finding, "branching", "deviance", "critical")
        if curve is None:
            return words.nothing(ax, missing(finding, "branching ratio", unit_of(finding, None)))
        eta, deviance, bar = (curve[c].to_numpy(float) for c in ("branching", "deviance", "critical"))
        effect = finding.effect
        ax.axvspan(effect.low, effect.high, color=style.BAND, linewidth=0, zorder=0.4, gid="limits")
        ax.plot(eta, deviance, color=style.BLUE, linewidth=1.4, gid="deviance", zorder=4)
        ax.plot(eta, bar, color=style.VERMILLION, linewidth=1.0, linestyle=DASHED, gid="critical", zorder=3)
        ax.plot(effect.value, 0, "o", color=style.BLUE, markersize=5, gid="estimate", zorder=5, clip_on=False)
        ax.set(xlim=(min(0.0, eta[0]), eta[-1]), ylim=(0, 2.2 * float(np.median(bar))))
        words.y_label(ax, "deviance, 2 log")
        how = "simulated" if finding.settings.get("limits") == "simulated" else "chi-square"
        level = words.percent(effect.level)
        notes = [
            f"dashed: {level} critical value, {how}",
            f"shaded: {words.number(effect.low)} to {words.number(effect.high)}, the {level} limits",
            f"{p_is(finding.pvalue)} against no excitation",
        ]
        words.caption(ax, f"branching ratio (n = {finding.n_events})", notes)
        words.settle(ax)
        style.describe(
            ax,
            f"Deviance of branching ratios 0 to 1 for {finding.n_events} events, lowest at "
            f"{words.number(effect.value)}; {_effect(finding)}; {p_is(finding.pvalue)} against no excitation.",
        )
        return ax


def _stretches(series: EventSeries, found) -> list[tuple[np.ndarray, np.ndarray]]:
    """Times and intensities to draw in each watched stretch: a fine grid, and both sides of every event."""
    from analysis.stats.clustering import hawkes_intensity

    window, decay = series.window, found["decay"]
    branching = found["branching"] if decay is not None else 0.0
    drawn = []
    for a, b in window.watched_stretches:
        inside = series.times[(series.times >= a) & (series.times <= b)]
        at = np.concatenate([np.linspace(a, b, 400), inside, np.nextafter(inside, np.inf)])
        if decay is not None:
            # A fall is drawn whole, however short the lag is against the window.
            near = (inside[:, None] + np.array([0.1, 0.3, 0.6, 1.0, 1.6, 2.5, 4.0]) / decay).ravel()
            at = np.append(at, near[near < b])
        at = np.sort(at)
        rate = hawkes_intensity(
            series.times,
            at,
            background=found["background"],
            branching=branching,
            decay=decay or 1.0,
            opened_by_event=window.opened_by_event,
        )
        drawn.append((at, rate))
    return drawn


def _lengths(ax, x: np.ndarray) -> None:
    """A logarithmic axis of lengths with plain numbers."""
    from matplotlib.ticker import FuncFormatter, LogLocator, NullFormatter

    ax.set_xscale("log")
    ax.set_xlim(x.min() / 1.08, x.max() * 1.08)
    wide = np.log10(x.max() / x.min()) > 1.6
    ax.xaxis.set_major_locator(LogLocator(subs=(1, 3) if wide else (1, 2, 5), numticks=8))
    ax.xaxis.set_major_formatter(FuncFormatter(lambda v, _: f"{v:g}"))
    ax.xaxis.set_minor_formatter(NullFormatter())
    inside = [v for v in ax.get_xticks() if x.min() / 1.08 <= v <= x.max() * 1.08]
    if len(inside) < 2:
        ends = np.unique([float(f"{v:.2g}") for v in (x.min(), x.max())])
        ax.set_xticks(ends)


def _effect(finding: Finding) -> str:
    effect = finding.effect
    limits = f"{words.number(effect.low)} to {words.number(effect.high)}"
    return f"branching ratio {words.number(effect.value)} ({words.percent(effect.level)} limits {limits})"
