"""Interrupted series: counts, the fit, what would have come without the change, and the attacks that are missing."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.figures import clock, flags, style, words
from analysis.figures.curves import curve_of, missing, unit_of
from analysis.results import Finding
from analysis.timeline import CountSeries, Window

__all__ = ["counterfactual", "onset"]

COLUMNS = ("middle", "counterfactual", "watched", "count", "after", "fitted", "low", "high")


def counterfactual(finding: Finding, counts: CountSeries, *, window: Window | None = None, ax=None):
    """Counts per bin as bars, the fit, and beside it what would have come, with its band; the difference is shaded.

    Parameters
    ----------
    finding : of ``interruption.interrupted`` (the band is that of the expected count at the limits of the effect) or
        ``interruption.missing`` (the band is that of each bin's own count to come)
    counts : the counts that were tested
    window : gives the axis dates, where the edges of the bins are days since it opened
    """
    with style.printed():
        ax = ax if ax is not None else style.new(width=6.4, height=3.4)[1]
        unit = unit_of(finding, window.unit if window is not None else None)
        curve = curve_of(finding, *COLUMNS)
        if curve is None:
            return words.nothing(ax, missing(finding, "fit", unit))
        axis, label = _axis(ax, counts, window, unit)
        _bars(ax, counts, axis)
        _courses(ax, curve, counts, axis)
        at = float(finding.settings["at"])
        top = float(max(np.nanmax(curve[["count", "fitted", "counterfactual"]].to_numpy(float)), 1.0))
        ax.set(ylim=(0, 1.25 * top))
        ax.set_ylabel("attacks per bin")
        words.settle(ax)
        predicted = finding.effect is not None and finding.effect.interval == "predictive"
        notes = [_effect(finding), "bars: counts", "solid: fit", "dashed: without the change", "shaded: the difference"]
        notes.append(
            f"band: {words.percent(finding.effect.level)} {'of the count of a bin' if predicted else 'limits'}"
        )
        if (counts.watched <= 0).any():
            notes.append("hatched: not watched")
        ax.axvline(axis(at), color=style.GREY, linewidth=0.9, gid="at", zorder=3)
        until = finding.settings.get("until")
        if until is not None:
            ax.axvline(axis(float(until)), color=style.GREY, linewidth=0.9, gid="until", zorder=3)
        words.settle(ax)
        flags.hoist(ax, [flags.Flag(axis(at), "change")])
        words.caption(ax, f"{label}; n = {counts.n}", notes)
        words.settle(ax)
        style.describe(ax, _alt(finding, curve, counts))
        return ax


def onset(finding: Finding, *, ax=None):
    """Prior and posterior of an uncertain onset, a pair of bars for each candidate.

    ``finding`` is that of ``interruption.uncertain_onset``.
    """
    with style.printed():
        ax = ax if ax is not None else style.new(width=5.2, height=3.0)[1]
        unit = unit_of(finding, None)
        curve = curve_of(finding, "onset", "posterior", "prior")
        if curve is None:
            return words.nothing(ax, missing(finding, "posterior of the onset", unit))
        x = np.arange(len(curve))
        ax.bar(x - 0.2, curve["prior"], 0.36, color=style.FAINT, gid="prior")
        ax.bar(x + 0.2, curve["posterior"], 0.36, color=style.BLUE, gid="posterior")
        ax.set_xticks(x, [words.number(float(v)) for v in curve["onset"]])
        ax.set(ylim=(0, 1.1 * float(curve[["prior", "posterior"]].to_numpy().max())), ylabel="probability")
        words.settle(ax)
        n = int(np.sum(finding.n_events))
        words.caption(
            ax, f"onset, elapsed {clock.plural(unit)} (n = {n})", [_effect(finding), "grey: prior", "blue: posterior"]
        )
        words.settle(ax)
        best = curve.loc[curve["posterior"].idxmax()]
        style.describe(
            ax,
            f"Bars of prior and posterior probability of {len(curve)} candidate onsets; the likeliest is "
            f"{words.number(float(best['onset']))} with {best['posterior']:.0%}; {_effect(finding)}.",
        )
        return ax


def _axis(ax, counts: CountSeries, window: Window | None, unit: str):
    """The x axis: dates where a window is given, else elapsed time; a function from elapsed time to places on it."""
    if window is None:
        ax.set_xlim(counts.edges[0], counts.edges[-1])
        return (lambda t: t), f"elapsed {clock.plural(unit)}"
    low, high = (float(clock.place(window, t)) for t in counts.edges[[0, -1]])
    label = clock.axis(ax, window, low, high, inches=0.8 * ax.get_figure(root=True).get_figwidth())
    return (lambda t: clock.place(window, t)), label


def _bars(ax, counts: CountSeries, axis) -> None:
    """A bar for each watched bin, hatching where nobody watched."""
    left, right = axis(counts.edges[:-1]), axis(counts.edges[1:])
    seen = counts.watched > 0
    widths = (right - left)[seen]
    ax.bar(
        left[seen],
        counts.counts[seen],
        widths,
        align="edge",
        color=style.FAINT,
        edgecolor="white",
        linewidth=0.5,
        gid="count",
    )
    for a, b in zip(left[~seen], right[~seen], strict=True):
        clock.hatch(ax, float(a), float(b))


def _courses(ax, curve: pd.DataFrame, counts: CountSeries, axis) -> None:
    """The fit, the course without the change with its band, and the shaded difference."""
    at = np.searchsorted(counts.edges, curve["middle"].to_numpy(float)) - 1
    x = np.stack([axis(counts.edges[at]), axis(counts.edges[at + 1])], axis=1)

    def stepped(column: str, rows=slice(None)) -> np.ndarray:
        return np.repeat(curve[column].to_numpy(float)[rows], 2)

    after = curve["after"].to_numpy(bool)
    # A gap between watched bins breaks the lines.
    for run in _runs(at):
        ax.plot(x[run].ravel(), stepped("fitted", run), color=style.BLACK, linewidth=1.4, gid="fit", zorder=4)
    for run in _runs(at, after):
        place = x[run].ravel()
        ax.fill_between(
            place, stepped("low", run), stepped("high", run), color=style.SKY, alpha=0.25, linewidth=0, gid="band"
        )
        ax.plot(
            place,
            stepped("counterfactual", run),
            color=style.VERMILLION,
            linestyle=(0, (5, 2)),
            gid="without",
            zorder=4,
        )
        came = stepped("fitted" if np.isfinite(curve["fitted"].to_numpy(float)[run]).all() else "count", run)
        ax.fill_between(
            place, came, stepped("counterfactual", run), color=style.ORANGE, alpha=0.35, linewidth=0, gid="missing"
        )


def _runs(at: np.ndarray, chosen: np.ndarray | None = None) -> list[np.ndarray]:
    """Rows that follow each other without a gap, of those chosen."""
    rows = np.flatnonzero(np.ones(at.size, dtype=bool) if chosen is None else chosen)
    return [r for r in np.split(rows, np.flatnonzero(np.diff(at[rows]) > 1) + 1) if r.size]


def _effect(finding: Finding) -> str:
    effect = finding.effect
    if effect is None or (effect.value is None and effect.low is None and effect.high is None):
        return "no estimate"
    value = "no estimate" if effect.value is None else words.number(effect.value)
    ends = ("no limit" if e is None else words.number(e) for e in (effect.low, effect.high))
    kind = "predictive" if effect.interval == "predictive" else "limits"
    return f"{effect.name} {value} ({words.percent(effect.level)} {kind}: {' to '.join(ends)})"


def _alt(finding: Finding, curve: pd.DataFrame, counts: CountSeries) -> str:
    after = curve["after"].to_numpy(bool)
    came, due = float(curve["count"][after].sum()), float(curve["counterfactual"][after].sum())
    name = words.plain_text(counts.label)
    return (
        f"Bars of {counts.n} {name} in {len(curve)} watched bins with a fit; where the change is at work "
        f"{words.number(came)} came and {words.number(due)} would have come without it; {_effect(finding)}."
    )
