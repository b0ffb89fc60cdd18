"""Attacks on the calendar, a row for each weapon, with wars shaded and interventions named."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
import pandas as pd

from analysis.figures import clock, flags, style, words
from analysis.timeline import EventSeries, StateSeries, Window

MOST_LEVELS = 14  # attacks that would need a higher stack are drawn as upright strokes instead
PITCH = 7.0  # points from one mark to the one stacked on it
GAP = 6.2  # points between two marks on one level
PAD = 1.1  # free levels between two rows


class Row(NamedTuple):
    """One weapon: its series, its look, the level of every attack; bottom and top in levels from below."""

    name: str
    series: EventSeries
    look: style.Look
    levels: np.ndarray | None  # None: strokes
    bottom: float
    top: float


def timeline(
    series_by_weapon: Mapping[str, EventSeries],
    *,
    spells: Mapping[str, StateSeries] | None = None,
    moments: Mapping[str, pd.Timestamp | str | float] | None = None,
    ax=None,
):
    """One mark per attack, a row for each weapon; a whisker spans the dates the sources allow.

    Attacks that would cover each other are stacked. A hollow mark is the event that opened the window and
    does not count. Hatched is what nobody watched in that row: holes, and time outside its window.

    Parameters
    ----------
    series_by_weapon : a series for each row, top to bottom; their windows may differ
    spells : shaded bands by name, such as a war
    moments : thin lines by name, such as interventions; those outside the time shown are left out, and the
        alternative text says how many
    """
    spells, moments = spells or {}, moments or {}
    with style.printed():
        if not series_by_weapon:
            empty = ax or style.new(height=1.2)[1]
            return words.nothing(empty, "No series in this selection: nothing to draw.")
        windows = [s.window for s in (*series_by_weapon.values(), *spells.values())]
        window = clock.common(windows)
        low, high = clock.extent(windows[: len(series_by_weapon)])
        own, ax = ax is None, ax or style.new()[1]
        label = clock.axis(ax, window, low, high, inches=0.75 * ax.get_figure(root=True).get_figwidth())
        rows = _rows(ax, series_by_weapon)
        lines = {n: clock.position(window, when) for n, when in moments.items()}
        shown = {n: x for n, x in lines.items() if low <= x <= high}
        bands = {n: b for n, s in spells.items() if (b := _band(s, low, high))}
        _background(ax, bands, shown)
        for row in rows:
            _draw(ax, row, low, high)
        homeless = flags.hoist(ax, _flags(bands, shown))
        hatched = any(clock.unwatched(w, low, high) for w in windows[: len(rows)])
        words.caption(ax, label, _notes(rows, hatched, homeless))
        if own:
            _fit_height(ax, rows)
        style.describe(ax, _alt(rows, window, bands, shown, len(lines) - len(shown), low, high))
        return ax


def _rows(ax, series_by_weapon) -> list[Row]:
    """Names on the left, counts on the right, and between them the stacks, as high as they have to be."""
    chosen = style.looks(series_by_weapon)
    for name, each in series_by_weapon.items():
        # Views of the same attacks look the same: the name of a view tells no weapon, the label of its series may.
        if style.unknown(name) and not style.unknown(each.label):
            chosen[name] = style.look(each.label)
    names = [words.plain_text(name, 30) for name in series_by_weapon]
    counts = [f"n = {s.n}" + (" (+1)" if s.window.opened_by_event else "") for s in series_by_weapon.values()]
    ax.set_yticks(range(len(names)), names)
    ax.tick_params(axis="y", length=0, labelsize=style.TEXT)
    ax.spines["left"].set_visible(False)
    right = words.beside(ax, counts)
    ax.set_ylim(-0.5, len(names) - 0.5)
    words.settle(ax)
    rows, top = [], 0.0
    for name, shown in zip(reversed(series_by_weapon), reversed(names), strict=True):
        levels = _stack(ax, series_by_weapon[name])
        height = 2.0 if levels is None else 1.0 + int(levels.max(initial=0))
        rows.insert(0, Row(shown, series_by_weapon[name], chosen[name], levels, top, top + height + PAD))
        top += height + PAD
    middles = [(row.bottom + row.top) / 2 for row in rows]
    ax.set_ylim(0, top)
    ax.set_yticks(middles, names)
    for text, middle in zip(right, middles, strict=True):
        text.xy = (1, middle)
    return rows


def _stack(ax, series: EventSeries) -> np.ndarray | None:
    """Level of every attack, so that no two marks or whiskers of a level overlap; None if too many."""
    left, right = ax.get_xlim()
    per_unit = words.width_points(ax) / (right - left)
    ends = [GAP / 2 if series.window.opened_by_event else -np.inf]
    levels = np.zeros(series.n, dtype=int)
    for i, (t, first, last) in enumerate(zip(series.times, series.earliest, series.latest, strict=True)):
        begin = min(first * per_unit + 1, t * per_unit - GAP / 2)
        end = max(last * per_unit - 1, t * per_unit + GAP / 2)
        level = next((k for k, busy in enumerate(ends) if begin >= busy - 1e-6), len(ends))
        if level >= MOST_LEVELS:
            return None
        ends[level : level + 1] = [end]
        levels[i] = level
    return levels


def _draw(ax, row: Row, low: float, high: float) -> None:
    """The marks of one row with their whiskers, hatching where nobody watched, a sentence if nothing seen."""
    series, window, colour = row.series, row.series.window, row.look.colour
    ax.axhline(row.bottom, color=style.FAINT, linewidth=0.5, zorder=0.7)
    for a, b in clock.unwatched(window, low, high):
        clock.hatch(ax, a, b, bottom=row.bottom, top=row.top, across=False)
    base = row.bottom + PAD / 2 + 0.5
    if window.opened_by_event:
        hollow = {"markerfacecolor": "white", "markeredgecolor": colour, "gid": "opening", "zorder": 4}
        ax.plot([clock.origin(window)], [base], row.look.marker, clip_on=False, **hollow)
    if series.n == 0:
        begin, end = max(window.watched_stretches, key=lambda s: s[1] - s[0])
        middle = clock.place(window, (begin + end) / 2)
        words.within(ax, clock.none_seen(window), middle, (row.bottom + row.top) / 2)
        return
    x = clock.place(window, series.times)
    if row.levels is None:
        thin = {"color": colour, "linewidth": 0.8, "alpha": 0.6, "gid": "attacks"}
        ax.vlines(x, row.bottom + PAD / 2, row.top - PAD / 2, **thin)
        return
    y = base + row.levels
    wide = series.latest > series.earliest
    spans = (clock.place(window, e[wide]) for e in (series.earliest, series.latest))
    ax.hlines(y[wide], *spans, color=colour, linewidth=1.1, gid="readings", zorder=2.5)
    edged = {"color": colour, "markeredgecolor": "white", "markeredgewidth": 0.4}
    ax.plot(x, y, row.look.marker, linestyle="none", gid="attacks", zorder=3, **edged)


def _band(state: StateSeries, low: float, high: float) -> list[tuple[float, float]]:
    """Axis stretches of a state inside the time shown."""
    edges = [tuple(clock.place(state.window, pair)) for pair in state.edges]
    return [(max(a, low), min(b, high)) for a, b in edges if a < high and b > low]


def _background(ax, bands, lines) -> None:
    for i, stretches in enumerate(bands.values()):
        for a, b in stretches:
            shade = style.SHADES[i % len(style.SHADES)]
            look = {"facecolor": shade, "edgecolor": style.GREY, "linewidth": 0.4, "alpha": 0.7}
            ax.axvspan(a, b, zorder=0.3, gid="spell", **look)
    for x in lines.values():
        ax.axvline(x, color=style.GREY, linewidth=0.7, zorder=0.9, gid="moment")


def _flags(bands, lines) -> list[flags.Flag]:
    """Names for the widest band of each state and for each line."""
    widest = {name: max(stretches, key=lambda s: s[1] - s[0]) for name, stretches in bands.items()}
    over = [flags.Flag((a + b) / 2, words.plain_text(n), over_band=True) for n, (a, b) in widest.items()]
    return over + [flags.Flag(x, words.plain_text(n), style.INK) for n, x in lines.items()]


def _notes(rows: list[Row], hatched: bool, homeless: list[flags.Flag]) -> list[str]:
    notes = []
    if any(row.series.window.opened_by_event for row in rows):
        notes.append("hollow (+1): the attack that opened the window, not counted")
    if any(row.levels is not None and np.any(row.series.latest > row.series.earliest) for row in rows):
        notes.append("whisker: the dates the sources allow")
    if any(row.levels is None for row in rows):
        notes.append("strokes: attacks too close together to be stacked")
    if hatched:
        notes.append("hatched: not watched")
    if homeless:
        listed = ", ".join(f.text for f in homeless[:3])
        more = f" and {len(homeless) - 3} more" if len(homeless) > 3 else ""
        notes.append(f"no room above for: {listed}{more}")
    return notes


def _fit_height(ax, rows: list[Row]) -> None:
    """Make the figure as high as its rows, its names above and its notes below need."""
    fig = ax.get_figure(root=True)
    words.settle(ax)
    around = ax.get_tightbbox().height / fig.dpi - ax.bbox.height / fig.dpi
    fig.set_figheight(max(1.4, around + rows[0].top * PITCH / 72 + 0.15))
    words.settle(ax)


def _alt(rows, window: Window, bands, lines, strays: int, low: float, high: float) -> str:
    first, last = (clock.date_text(window, x - clock.origin(window), year=True) for x in (low, high))
    counts = [f"{row.name} {row.series.n} in {clock.watched_text(row.series.window)}" for row in rows]
    parts = [f"Timeline of attacks from {first} to {last}: {', '.join(counts)}"]
    if bands:
        parts.append(f"shaded: {', '.join(map(words.plain_text, bands))}")
    if lines:
        dates = (clock.date_text(window, x - clock.origin(window)) for x in lines.values())
        named = (f"{words.plain_text(n)} ({d})" for n, d in zip(lines, dates, strict=True))
        parts.append(f"lines: {', '.join(named)}")
    if strays:
        lie = "moment lies" if strays == 1 else "moments lie"
        parts.append(f"{strays} further {lie} outside the time shown")
    return "; ".join(parts) + "."
