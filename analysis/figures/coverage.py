"""The record: attacks by month with the time that few watched, and how precisely their times are known."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from analysis.figures import clock, style, words
from analysis.timeline import Window

__all__ = ["months", "precision"]

ROW = 0.075  # height of the strip of one weapon, as a share of the highest bar
STEPS = {
    "minute": ("to the minute", "#08519C", "white"),
    "hour": ("to the hour", "#4292C6", "white"),
    "part_of_day": ("to a part of the day", "#BDD7EC", "black"),
    "day": ("to the day", "#F2F2F2", "black"),
}


def months(
    coverage: pd.DataFrame,
    weapons: Sequence[str],
    *,
    thin: Mapping[str, Sequence[tuple[str, str]]] | None = None,
    until: str | None = None,
    ax=None,
):
    """Attacks by month, stacked by weapon; below, a strip for each weapon, hatched where few were watching.

    Parameters
    ----------
    coverage : from ``catalogue.coverage``, a row a month with a column for each weapon
    weapons : from the bottom of the stack
    thin : stretches (start, end), local dates, in which few were watching, by weapon
    until : the day from which nothing is coded, as a dotted line
    """
    with style.printed():
        ax = ax if ax is not None else style.new(height=3.4)[1]
        weapons = [w for w in weapons if w in coverage]
        n = int(coverage[weapons].to_numpy().sum()) if len(coverage) else 0
        if not n:
            return words.nothing(ax, "No attack in this record: no months to show.")
        edges = [*coverage.index.to_timestamp(), (coverage.index[-1] + 1).to_timestamp()]
        window = Window.between(f"{edges[0]:%Y-%m-%d}", f"{edges[-1]:%Y-%m-%d}")
        low, high = clock.extent([window])
        label = clock.axis(ax, window, low, high, inches=0.75 * ax.get_figure(root=True).get_figwidth())
        left = low + np.array([(edge - edges[0]).days for edge in edges], dtype=float)
        top = _stack(ax, coverage, weapons, left)
        step = ROW * top
        ax.set(ylim=(-step * len(weapons), 1.08 * top), ylabel="attacks in a month")
        thin = {w: list((thin or {}).get(w, ())) for w in weapons}
        unseen = [] if until is None or clock.position(window, until) >= high else [(until, f"{edges[-1]:%Y-%m-%d}")]
        _strips(ax, {w: spans + unseen for w, spans in thin.items()}, window, (low, high), step)
        hatched = unseen or any(thin.values())
        notes = [f"strips: time watched{', hatched where few or nobody watched' if hatched else ''}"]
        if until is not None:
            ax.axvline(clock.position(window, until), color=style.GREY, linewidth=0.9, linestyle=":", gid="until")
            notes.append("dotted: the record ends")
        words.settle(ax)
        words.caption(ax, f"{label}; n = {n}", notes)
        words.settle(ax)
        style.describe(ax, _months_alt(coverage, weapons, n, thin))
        return ax


def _stack(ax, coverage: pd.DataFrame, weapons: list[str], left: np.ndarray) -> float:
    """The bars, their names, and the axis of whole numbers; returns the height of the highest."""
    from matplotlib.ticker import FixedLocator, MaxNLocator

    base, looks = np.zeros(len(coverage)), style.looks(weapons)
    width = np.diff(left)
    for weapon in weapons:
        counts = coverage[weapon].to_numpy(float)
        colour = looks[weapon].colour
        ax.bar(
            left[:-1],
            counts,
            width=0.92 * width,
            bottom=base,
            align="edge",
            color=colour,
            gid=f"bar {weapon}",
            zorder=2,
        )
        base = base + counts
    top = float(base.max())
    ticks = MaxNLocator(6, integer=True, min_n_ticks=1).tick_values(0, top)
    ax.yaxis.set_major_locator(FixedLocator([t for t in ticks if 0 <= t <= 1.08 * top]))
    ax.axhline(0, color=style.INK, linewidth=0.7)
    return top


def _strips(ax, thin: Mapping[str, list], window: Window, ends: tuple[float, float], step: float) -> None:
    """A strip for each weapon under the bars, with its name at the right, in its colour."""
    low, high = ends
    looks, names = style.looks(thin), []
    for row, (weapon, spans) in enumerate(thin.items()):
        bottom, top = -step * (row + 1), -step * row
        ax.barh(
            (bottom + top) / 2,
            high - low,
            left=low,
            height=0.8 * step,
            color=style.BAND,
            gid=f"strip {weapon}",
            zorder=0.5,
        )
        for start, end in spans:
            a, b = (float(np.clip(clock.position(window, day), low, high)) for day in (start, end))
            if b > a:
                clock.hatch(ax, a, b, bottom=bottom + 0.1 * step, top=top - 0.1 * step, across=False)
        names.append(((bottom + top) / 2, words.plain_text(weapon, 20), looks[weapon].colour))
    words.at_right(ax, names)


def precision(quality: pd.DataFrame, *, ax=None):
    """Share of the rows known to the minute, the hour, a part of the day and the day, by weapon.

    ``quality`` is from ``catalogue.quality``; at the right stand the rows, those with two admissible dates, and those
    without a first report.
    """
    with style.printed():
        quality = quality[quality["rows"] > 0]
        ax = ax if ax is not None else style.new(height=1.3 + 0.42 * max(len(quality), 1))[1]
        if quality.empty:
            return words.nothing(ax, "No attack in this record: no precision to show.")
        rows = np.arange(len(quality))[::-1]
        base = np.zeros(len(quality))
        for name, (_, colour, ink) in STEPS.items():
            share = (quality[name] / quality["rows"]).to_numpy(float)
            ax.barh(rows, share, left=base, height=0.72, color=colour, edgecolor=style.GREY, linewidth=0.5, gid=name)
            for y, x, part, count in zip(rows, base, share, quality[name], strict=True):
                if part > 0.045:
                    look = {"color": ink, "fontsize": style.SMALL, "ha": "center", "va": "center", "gid": "count"}
                    ax.text(x + part / 2, y, f"{count}", **look)
            base = base + share
        shown = [words.plain_text(name, 20) for name in quality.index]
        words.row_names(ax, shown[::-1])
        beside = [
            f"n = {r.rows}; two dates {r.two_dates}; no first report {r.no_first_report}" for r in quality.itertuples()
        ]
        words.beside(ax, beside[::-1])
        ax.set(xlim=(0, 1), xticks=np.linspace(0, 1, 5), ylim=(-0.5, len(quality) - 0.5))
        ax.set_xticklabels([f"{x:.0%}" for x in np.linspace(0, 1, 5)])
        _key(ax)
        words.settle(ax)
        words.caption(ax, f"share of the rows (n = {int(quality['rows'].iloc[-1])})", ["numbers: rows"])
        words.settle(ax)
        last = quality.iloc[-1]
        told = ", ".join(f"{last[name]} {said}" for name, (said, *_) in STEPS.items())
        style.describe(ax, f"Bars of how precisely the times of {last['rows']} attacks are known: {told}.")
        return ax


def _key(ax) -> None:
    """Names of the four steps above the bars, in the order of the bars."""
    from matplotlib.patches import Patch

    handles = [Patch(facecolor=c, edgecolor=style.GREY, linewidth=0.5, label=said) for said, c, _ in STEPS.values()]
    ax.legend(
        handles=handles, loc="lower left", bbox_to_anchor=(-0.02, 1.0), ncols=4, frameon=False, fontsize=style.SMALL,
        handlelength=1.2, columnspacing=1.2, borderaxespad=0.2,
    )  # fmt: skip


def _months_alt(coverage: pd.DataFrame, weapons, n: int, thin) -> str:
    total = coverage[weapons].sum(axis=1)
    counts = ", ".join(f"{words.plain_text(w)} {int(coverage[w].sum())}" for w in weapons)
    gaps = sum(len(spans) for w, spans in thin.items() if w in weapons)
    told = f"; {gaps} stretches in which few were watching" if gaps else ""
    first, last = (f"{m:%B %Y}" for m in (coverage.index[0], coverage.index[-1]))
    most = f"the most, {int(total.max())}, in {total.idxmax():%B %Y}"
    return f"Bars of {n} attacks by month, {first} to {last} ({counts}); {most}{told}."
