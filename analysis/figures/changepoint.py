"""Changes of pace: the posterior of the date, the rates before and after, the search over all dates."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.figures import clock, style, words
from analysis.figures.curves import curve_of, missing
from analysis.results import Finding, p_text
from analysis.timeline import EventSeries

__all__ = ["date_posterior", "rate_steps", "scanned"]


def date_posterior(finding: Finding, series: EventSeries, *, ax=None):
    """Posterior density of the date of one change, with the events below it and the credible interval shaded.

    Parameters
    ----------
    finding : from ``stats.changepoint.one_change``
    series : the events it was computed from
    """
    with style.printed():
        ax = ax if ax is not None else style.new(width=6.0, height=3.2)[1]
        curve = curve_of(finding, "date", "density")
        if curve is None:
            return words.nothing(ax, missing(finding, "date of a change", series.window.unit))
        label = _time_axis(ax, series)
        window, effect = series.window, finding.effect
        x = clock.place(window, curve["date"].to_numpy())
        density = curve["density"].to_numpy()
        ax.plot(x, density, color=style.BLUE, linewidth=1.0, gid="density")
        inside = curve["date"].between(effect.low, effect.high).to_numpy()
        ax.fill_between(x, 0, density, where=inside, color=style.BAND, linewidth=0, zorder=0.5, gid="interval")
        ax.plot([clock.place(window, effect.value)] * 2, [0, 1], **_across(ax, style.VERMILLION, "median"))
        top = float(np.quantile(density, 0.995)) if density.size > 50 else float(density.max())
        top = max(top, float(density[inside].max(initial=0.0)))
        ax.set(ylim=(-0.09 * top, 1.08 * top), yticks=[])
        _rug(ax, series, -0.06 * top)
        words.y_label(ax, "posterior density")
        factor = finding.statistic / np.log(10)
        notes = [
            f"shaded: {words.percent(effect.level)} credible interval",
            "line: median",
            f"log10 Bayes factor, one change over none: {words.number(factor)}",
            *_hatched(series),
        ]
        words.caption(ax, f"{label}; n = {series.n}, {clock.watched_text(window)}", notes)
        low, middle, high = (clock.date_text(window, t, year=True) for t in (effect.low, effect.value, effect.high))
        style.describe(
            ax,
            f"Posterior of the date of one change in {series.n} {words.plain_text(series.label)}: median {middle}, "
            f"{words.percent(effect.level)} credible interval {low} to {high}; log10 Bayes factor "
            f"{words.number(factor)} for a change.",
        )
        return ax


def rate_steps(finding: Finding, series: EventSeries, *, ax=None):
    """The rate before and after the change as steps, each with its credible interval."""
    with style.printed():
        ax = ax if ax is not None else style.new(width=6.0, height=3.0)[1]
        if finding.inconclusive or finding.effect is None or "rate_before" not in finding.settings:
            return words.nothing(ax, missing(finding, "change of rate", series.window.unit))
        label = _time_axis(ax, series)
        window, found = series.window, finding.settings
        at = float(clock.place(window, finding.effect.value))
        low, high = clock.extent([window])
        for name, a, b in (("rate_before", low, at), ("rate_after", at, high)):
            ax.fill_between([a, b], *found[f"{name}_limits"], color=style.BAND, linewidth=0, zorder=0.5, gid="limits")
            ax.plot([a, b], [found[name]] * 2, color=style.BLUE, gid="rate")
        top = max(found["rate_before_limits"][1], found["rate_after_limits"][1])
        ax.set(ylim=(-0.09 * top, 1.08 * top))
        _rug(ax, series, -0.06 * top)
        words.y_label(ax, f"attacks per {window.unit}")
        limits = f"{words.percent(finding.effect.level)} credible interval"
        words.caption(
            ax,
            f"{label}; n = {series.n}, {clock.watched_text(window)}",
            [f"shaded: {limits}, averaged over the date", *_hatched(series)],
        )
        before, after, ratio = (words.number(found[k]) for k in ("rate_before", "rate_after", "ratio"))
        style.describe(
            ax,
            f"Rates around one change in {series.n} {words.plain_text(series.label)}: {before} per {window.unit} "
            f"before and {after} after {clock.date_text(window, finding.effect.value, year=True)}, ratio {ratio}.",
        )
        return ax


def scanned(finding: Finding, series: EventSeries, *, ax=None):
    """The likelihood ratio at every date, against the height that the best date reaches by chance.

    Parameters
    ----------
    finding : from ``stats.changepoint.scan``
    series : the events it was computed from
    """
    with style.printed():
        ax = ax if ax is not None else style.new(width=6.0, height=3.2)[1]
        curve = curve_of(finding, "date", "likelihood_ratio", "threshold")
        if curve is None:
            return words.nothing(ax, missing(finding, "search for a change", series.window.unit))
        label = _time_axis(ax, series)
        window = series.window
        x = clock.place(window, curve["date"].to_numpy())
        height, threshold = curve["likelihood_ratio"].to_numpy(), float(curve["threshold"].iloc[0])
        ax.plot(x, height, color=style.BLUE, linewidth=1.0, gid="ratio")
        best = int(height.argmax())
        ax.plot(x[best], height[best], "o", color=style.BLUE, gid="best", clip_on=False)
        ax.axhline(threshold, color=style.VERMILLION, linewidth=1.0, linestyle=(0, (5, 2)), gid="threshold")
        top = max(float(height.max()), threshold)
        ax.set(ylim=(-0.09 * top, 1.1 * top))
        _rug(ax, series, -0.06 * top)
        words.y_label(ax, "likelihood ratio, 2 log")
        level = finding.settings["level"]
        p, local = p_text(finding.pvalue), p_text(finding.settings["local_pvalue"])
        notes = [
            f"dashed: the best date stays below it in {words.percent(level)} of constant-rate records",
            f"p over all dates {p}",
            f"as if named before {local}",
            *_hatched(series),
        ]
        words.caption(ax, f"{label}; n = {series.n}, {clock.watched_text(window)}", notes)
        when = clock.date_text(window, finding.effect.value, year=True)
        style.describe(
            ax,
            f"Likelihood ratio of a change at every date of {series.n} {words.plain_text(series.label)}: best on "
            f"{when} with {words.number(height[best])} against a threshold of {words.number(threshold)}; "
            f"p over all dates {p}.",
        )
        return ax


def _time_axis(ax, series: EventSeries) -> str:
    low, high = clock.extent([series.window])
    label = clock.axis(ax, series.window, low, high, inches=0.8 * ax.get_figure(root=True).get_figwidth())
    for a, b in clock.unwatched(series.window, low, high):
        clock.hatch(ax, a, b)
    return label


def _across(ax, colour: str, gid: str) -> dict:
    return {"color": colour, "linewidth": 1.0, "transform": ax.get_xaxis_transform(), "gid": gid}


def _rug(ax, series: EventSeries, y: float) -> None:
    """The events as short strokes below the picture."""
    times = pd.unique(series.times)
    look = {"color": style.look(series.label).colour, "markersize": 6, "markeredgewidth": 0.8, "gid": "events"}
    ax.plot(clock.place(series.window, times), np.full(times.size, y), "|", **look)


def _hatched(series: EventSeries) -> list[str]:
    return ["hatched: not watched"] if series.window.holes else []
