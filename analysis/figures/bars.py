"""Wait by wait, in order, with the open one hatched."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from analysis.figures import clock, flags, style, tags, words
from analysis.timeline import EventSeries

LIST_UP_TO = 24  # waits that get a line each; more are drawn on the calendar
FAR = 6  # a silence needed that is more than so many times the longest wait is told, not drawn
OPEN_HATCH, BROKEN_HATCH = "\\\\\\\\", "...."


class Wait(NamedTuple):
    """One wait with its watched pieces as ages (from, to)."""

    start: float
    end: float
    days: float
    pieces: list[tuple[float, float]]
    kind: str  # complete, open, entry

    @property
    def broken(self) -> bool:
        """Whether part of the wait was not watched."""
        return self.watched < self.days - 1e-6

    @property
    def watched(self) -> float:
        """Watched length of the wait."""
        return sum(b - a for a, b in self.pieces)


def waits_of(series: EventSeries) -> list[Wait]:
    """The rows of ``series.waits()`` put together: one entry per wait, however many holes it crosses."""
    found: list[Wait] = []
    going_on = False
    for row in series.waits().itertuples():
        begin = row.start - row.entered
        if going_on and found and abs(found[-1].start - begin) < 1e-6:
            found[-1].pieces.append((row.entered, row.days))
        else:
            found.append(Wait(begin, row.end, row.days, [(row.entered, row.days)], row.kind))
        kind = found[-1].kind if row.kind == "broken" else row.kind
        kind = "complete" if kind == "broken" else kind
        found[-1] = found[-1]._replace(end=row.end, days=row.days, kind=kind)
        going_on = row.censored
    return found


def wait_bars(series: EventSeries, *, days_needed: float | None = None, level: float = 0.05, ax=None):
    """Every wait as a bar, in order; the open one is hatched, what was before the first attack is pale.

    Up to 24 waits are listed, each with its dates; more stand on the calendar, as high as they are long.

    Parameters
    ----------
    series : its label chooses the colour
    days_needed : length of the silence that would give ``p <= level``, in the window's unit, drawn as a line
    level : the level ``days_needed`` belongs to
    """
    with style.printed():
        waits = waits_of(series)
        few = len(waits) <= LIST_UP_TO
        size = (6.0, max(1.9, 1.0 + 0.27 * len(waits))) if few else (style.TWO_COLUMNS, 3.2)
        ax = ax if ax is not None else style.new(width=size[0], height=size[1])[1]
        (_listed if few else _on_calendar)(ax, series, waits, days_needed, level)
        style.describe(ax, _alt(series, waits, days_needed, level))
        return ax


def _listed(ax, series, waits, needed, level) -> None:
    """One named line per wait, the first at the top."""
    unit, colour = series.window.unit, style.look(series.label).colour
    longest = max([w.days for w in waits], default=0.0)
    near = needed is not None and needed <= FAR * longest
    reach = max(longest, needed if near else 0.0) or 1.0
    top = -0.6 - (0.8 if series.n == 0 else 0.0)
    ax.set(ylim=(len(waits) - 0.4, top), xlim=(0, reach * 1.04))
    ax.set_yticks(range(len(waits)), [clock.between_text(series.window, w.start, w.end) for w in waits])
    ax.tick_params(axis="y", length=0)
    for row, wait in enumerate(waits):
        _bar(ax, row, wait, colour)
        look = {"fontsize": style.SMALL, "va": "center", "annotation_clip": False, "gid": "length"}
        at = {"xytext": (4, 0), "textcoords": "offset points"}
        name = ax.annotate(_length(wait, unit, series.n), (wait.days, row), **at, **look)
        name.set_in_layout(False)  # room is made for it by the axis below
    words.settle(ax)
    across = words.width_points(ax)
    for wait in waits:
        room = max(across - words.text_points(_length(wait, unit, series.n)) - 6, 0.25 * across)
        reach = max(reach, wait.days * across / room)
    ax.set_xlim(0, reach * 1.01)
    _label(ax, series, waits, needed, near, level, clock.plural(unit))
    words.settle(ax)
    if near:
        ax.axvline(needed, color=style.GREY, linewidth=0.9, linestyle=(0, (4, 2)), zorder=0.9, gid="needed")
        flags.hoist(ax, [flags.Flag(needed, _needed(needed, level, unit))])
    if series.n == 0:
        words.within(ax, clock.none_seen(series.window), 0.0, -0.85)


def _bar(ax, row, wait, colour) -> None:
    """The watched pieces of one wait, and between them what nobody watched."""
    looks = _look(wait, colour)
    at = 0.0
    for a, b in wait.pieces:
        if a > at + 1e-9:
            clock.hatch(ax, at, a, bottom=row - 0.34, top=row + 0.34, across=False)
        ax.barh(row, b - a, left=a, height=0.68, linewidth=0.8, gid=wait.kind, **looks)
        at = b
    if wait.days < 1e-9:
        ax.plot([0], [row], "|", color=colour, markersize=9, markeredgewidth=1.5, gid="tie", clip_on=False)


def _look(wait: Wait, colour: str) -> dict:
    """Fill, edge and hatching by kind: solid, broken, open, entry can be told apart without colour."""
    if wait.kind == "open":
        return {"facecolor": "white", "edgecolor": colour, "hatch": OPEN_HATCH}
    if wait.kind == "entry":
        return {"facecolor": "#EEEEEE", "edgecolor": style.GREY, "linestyle": ":"}
    if wait.broken:
        return {"facecolor": "white", "edgecolor": colour, "hatch": BROKEN_HATCH}
    return {"facecolor": colour, "edgecolor": colour}


def _on_calendar(ax, series, waits, needed, level) -> None:
    """Many waits: each on its own stretch of the calendar, as high as it is long; the longest are named."""
    window, colour = series.window, style.look(series.label).colour
    low, high = clock.extent([window])
    label = clock.axis(ax, window, low, high, inches=0.8 * ax.get_figure(root=True).get_figwidth())
    for a, b in clock.unwatched(window, low, high):
        clock.hatch(ax, a, b).set_zorder(2)
    longest = max(w.days for w in waits)
    near = needed is not None and needed <= FAR * longest
    ax.set_ylim(0, 1.25 * max(longest, needed if near else 0.0))
    _upright(ax, window, waits, colour)
    closed = sorted((w for w in waits if w.kind == "complete"), key=lambda w: -w.days)
    named = [*(w for w in waits if w.kind != "complete"), *closed[:3]]
    marks = [tags.Tag(_middle(window, w), w.days, _length(w, window.unit, series.n)) for w in named]
    if near:
        ax.axhline(needed, color=style.GREY, linewidth=0.9, linestyle=(0, (4, 2)), gid="needed")
        marks.append(tags.Tag(low + 0.4 * (high - low), needed, _needed(needed, level, window.unit)))
    words.settle(ax)
    _label(ax, series, waits, needed, near, level, label)
    words.y_label(ax, f"length of the wait ({clock.plural(window.unit)})")
    tags.attach(ax, marks)


def _upright(ax, window, waits, colour) -> None:
    """The bars of the calendar view, one call for each kind of bar."""
    kinds = {}
    for wait in waits:
        kinds.setdefault((wait.kind, wait.broken), []).append(wait)
    for (kind, broken), alike in kinds.items():
        solid = kind == "complete" and not broken
        looks = _look(alike[0], colour) | ({"edgecolor": "white"} if solid else {})
        start, end, days = (np.array([getattr(w, part) for w in alike]) for part in ("start", "end", "days"))
        looks["linewidth"] = 0.3 if solid else 0.8
        for bar in ax.bar(clock.place(window, start), days, end - start, align="edge", **looks):
            bar.set_gid(kind)


def _middle(window, wait: Wait) -> float:
    return clock.place(window, (wait.start + wait.end) / 2)


def _label(ax, series, waits, needed, near, level, axis) -> None:
    """Axis label with the sample, and notes on every kind of bar that is there."""
    kinds = {w.kind for w in waits}
    closed = sum(w.kind == "complete" for w in waits)
    sample = f"n = {closed} closed {'wait' if closed == 1 else 'waits'}{', 1 open' if 'open' in kinds else ''}"
    notes = []
    if "entry" in kinds:
        notes.append("pale: before the first attack, not a wait")
    if any(w.broken for w in waits):
        notes.append("grey hatching: not watched")
    if any(w.broken and w.kind == "complete" for w in waits):
        notes.append("dotted: wait watched in part")
    if needed is not None and not near:
        notes.append(f"{_needed(needed, level, series.window.unit)}, far beyond the axis")
    words.caption(ax, f"{axis} ({sample}, {clock.watched_text(series.window)})", notes)


def _needed(needed: float, level: float, unit: str) -> str:
    return f"silence needed for p = {level:g}: {clock.units(needed, unit)}"


def _length(wait: Wait, unit: str, n: int) -> str:
    length = clock.units(wait.days, unit)
    if wait.broken:
        length += f", {clock.amount(wait.watched)} watched"
    if wait.kind == "entry":
        return f"{length}, no attack" if n == 0 else f"{length} to the first attack"
    return f"{length}, open" if wait.kind == "open" else length


def _alt(series: EventSeries, waits: list[Wait], needed: float | None, level: float) -> str:
    unit = series.window.unit
    closed = [w for w in waits if w.kind == "complete"]
    listed = ", ".join(clock.amount(w.days) for w in closed)
    if len(closed) > 12:
        listed = f"{len(closed)}, the longest {clock.amount(max(w.days for w in closed))}"
    parts = [f"closed waits in {clock.plural(unit)}: {listed}" if closed else "no closed wait"]
    parts += [f"the last one {_length(w, unit, series.n)}" for w in waits if w.kind == "open"]
    parts += [_length(w, unit, series.n) for w in waits if w.kind == "entry"]
    if needed is not None:
        parts.append(_needed(needed, level, unit))
    empty = f"{clock.none_seen(series.window)} " if series.n == 0 else ""
    return f"{empty}Bars of the waits between attacks ({words.plain_text(series.label)}): {'; '.join(parts)}."
