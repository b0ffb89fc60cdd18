"""Rhythm: the hours of the day with the fitted law, and the days of the week against even ones."""

from __future__ import annotations

import numpy as np

from analysis.errors import ParameterError
from analysis.figures import style, words
from analysis.figures.curves import curve_of, missing, unit_of
from analysis.figures.dial import dial
from analysis.results import Finding, p_is

__all__ = ["dial", "hours", "weekdays"]

BIN = 2.0  # hours


def hours(finding: Finding, *, fit: Finding | None = None, ax=None):
    """Attacks by hour of the local clock, times known as a part of the day spread over it; the even share dashed.

    Parameters
    ----------
    finding : of ``rayleigh``, ``v_test``, ``kuiper``, ``watson`` or ``rao``
    fit : of ``von_mises`` for the same series: its law as a curve; its mean hour with limits, where the effect
        is the mean hour
    """
    with style.printed():
        ax = ax if ax is not None else style.new(width=6.0, height=3.2)[1]
        curve = curve_of(finding, "hour", "width_hours")
        if curve is None:
            return words.nothing(ax, missing(finding, "hours", unit_of(finding, None)))
        edges = np.arange(0, 24 + BIN / 2, BIN)
        counts = _spread(curve["hour"].to_numpy(float), curve["width_hours"].to_numpy(float), edges)
        n = len(curve)
        ax.bar(edges[:-1] + BIN / 2, counts, width=BIN * 0.92, color=style.SKY, gid="hours", zorder=2)
        ax.axhline(n * BIN / 24, color=style.GREY, linewidth=0.9, linestyle=(0, (5, 2)), gid="even")
        top = max(counts.max(), n * BIN / 24)
        notes = [f"bars: attacks in {BIN:g} hours", "dashed: even hours"]
        if int(np.sum(curve["width_hours"] > 0.03)):
            notes[0] += ", parts of the day spread evenly"
        if fit is not None:
            top = max(top, _fitted(ax, fit, n, notes))
        left = int(finding.settings.get("events_without_hour", 0))
        if left:
            notes.append(f"{left} known only to the day not shown")
        ax.set(xlim=(0, 24), ylim=(0, 1.22 * top), xticks=range(0, 25, 3), ylabel="attacks")
        _whole(ax)
        words.settle(ax)
        tested = finding.settings
        length = words.number(tested["resultant_length"])
        gist = f"resultant length {length}"
        if fit is None or fit.effect is None:
            gist = f"mean hour {_clock(tested['mean_hour'])}, {gist}"
        words.caption(ax, f"hour of the local clock; n = {n}", [gist, *notes])
        words.settle(ax)
        p = "" if finding.pvalue is None else f"; {finding.method}, {p_is(finding.pvalue)}"
        style.describe(ax, f"Bars of {n} attacks by hour of the local clock, with the even share dashed; {gist}{p}.")
        return ax


def weekdays(finding: Finding, *, ax=None):
    """Attacks by weekday as bars, with what even days would give each, by its watched time; finding of ``weekday``."""
    with style.printed():
        ax = ax if ax is not None else style.new(width=5.0, height=3.0)[1]
        curve = finding.curve
        if curve is None:
            return words.nothing(ax, missing(finding, "weekdays", unit_of(finding, None)))
        if "weekday" not in curve:
            raise ParameterError(f"the curve of {finding.method!r} has no column weekday; give a finding of weekday")
        x = np.arange(len(curve))
        ax.bar(x, curve["events"], width=0.8, color=style.SKY, gid="weekdays", zorder=2)
        ax.hlines(curve["expected"], x - 0.45, x + 0.45, color=style.BLACK, linewidth=1.6, gid="expected", zorder=3)
        ax.set_xticks(x, [day[:3] for day in curve["weekday"]])
        n = int(finding.n_events)
        ax.set(ylim=(0, 1.1 * max(curve["events"].max(), curve["expected"].max(), 1e-9)), ylabel="attacks")
        _whole(ax)
        words.settle(ax)
        notes = ["black: even days, by watched time"]
        if finding.pvalue is not None:
            notes.insert(0, p_is(finding.pvalue))
        words.caption(ax, f"local weekday; n = {n}", notes)
        words.settle(ax)
        most = curve.loc[curve["events"].idxmax(), "weekday"]
        style.describe(ax, f"Bars of {n} attacks by weekday against even days; the most fall on a {most}.")
        return ax


def _clock(hour: float) -> str:
    minutes = round(hour * 60) % 1440
    return f"{minutes // 60:02d}:{minutes % 60:02d}"


def _whole(ax) -> None:
    """Whole numbers of attacks on the y axis."""
    from matplotlib.ticker import MaxNLocator

    ax.yaxis.set_major_locator(MaxNLocator(6, integer=True, min_n_ticks=1))


def _spread(hour: np.ndarray, width: np.ndarray, edges: np.ndarray) -> np.ndarray:
    """Events in each bin, an arc counting in each by its share of it; arcs may cross midnight."""
    low, length = hour - width / 2, np.maximum(width, 1e-9)
    total = np.zeros(edges.size - 1)
    for turn in (-24, 0, 24):
        a, b = (low + turn)[:, None], (low + length + turn)[:, None]
        inside = np.clip(np.minimum(b, edges[None, 1:]) - np.maximum(a, edges[None, :-1]), 0, None)
        total += (inside / length[:, None]).sum(axis=0)
    return total


def _fitted(ax, fit: Finding, n: int, notes: list[str]) -> float:
    """The fitted law, and the mean hour with its limits above it; returns the height it needs."""
    curve = curve_of(fit, "hour", "density")
    if curve is None:
        return 0.0
    expected = n * BIN * curve["density"].to_numpy(float)
    ax.plot(curve["hour"], expected, color=style.BLACK, linewidth=1.6, gid="fit", zorder=4)
    notes.append("curve: von Mises")
    effect = fit.effect
    if effect is not None and effect.name == "mean hour" and effect.low is not None:
        y = 1.08 * max(expected.max(), max(p.get_height() for p in ax.patches))
        for turn in (-24, 0, 24):
            low, high = max(effect.low + turn, 0), min(effect.high + turn, 24)
            if high > low:
                ax.plot([low, high], [y, y], color=style.VERMILLION, linewidth=2, gid="mean hour limits", zorder=5)
        ax.plot([effect.value % 24], [y], "o", color=style.VERMILLION, gid="mean hour", zorder=6, clip_on=False)
        limits = f"{words.percent(effect.level)} limits {_clock(effect.low)} to {_clock(effect.high)}"
        # The fitted law's, which is not the sample's mean direction where times are known as arcs only.
        notes.append(f"red: mean hour of that curve {_clock(effect.value)} ({limits})")
    return float(expected.max())
