"""Names above the axes for moments and stretches of time, staggered so that all can be read."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from analysis.figures import style, words


class Flag(NamedTuple):
    """A name that stands above the axes: at ``x``, on a thin line (or, for a band, over its middle)."""

    x: float
    text: str
    colour: str = style.GREY
    over_band: bool = False


class Way(NamedTuple):
    """An order in which to try places for names."""

    rightmost_first: bool
    by_row: bool  # the lowest free row on either side, rather than any row on the first side
    sides: tuple[str, str]
    bands_first: bool


WAYS = tuple(
    Way(rightmost, by_row, ("left", "right") if rightmost else ("right", "left"), bands)
    for rightmost in (True, False)
    for by_row in (True, False)
    for bands in (True, False)
)


def hoist(ax, wanted: list[Flag], *, rows: int = 7) -> list[Flag]:
    """Draw names above the axes, none of them or of their lines crossing; returns those without room.

    Several ways to lay them out are tried; the one that names most bands, then most lines, then the lowest,
    is drawn.
    """
    layouts = [_layout(ax, wanted, rows, way) for way in WAYS]

    def merit(placed):
        return -sum(p[0].over_band for p in placed), -len(placed), max((p[1] for p in placed), default=0)

    best = min(layouts, key=merit)
    for flag, row, shift, side in best:
        _draw(ax, flag, row, shift, side)
    named = [flag for flag, *_ in best]
    return [flag for flag in wanted if flag not in named]


def _layout(ax, wanted: list[Flag], rows: int, way: Way) -> list[tuple[Flag, int, float, str]]:
    """One way to place the flags, each at the first free place: flag, row, shift in points, side."""
    across, scale = words.width_points(ax), 72 / ax.get_figure(root=True).dpi
    boxes: list[tuple[float, float, float, int]] = []  # anchor, from, to (points), row
    placed = []
    turn = -1 if way.rightmost_first else 1
    for flag in sorted(wanted, key=lambda f: (way.bands_first and not f.over_band, turn * f.x)):
        at = (ax.transData.transform((flag.x, 0))[0] - ax.bbox.x0) * scale
        wide = words.text_points(flag.text)
        allowed = ("center",) if flag.over_band else way.sides
        order = [(row, side) for side in allowed for row in range(rows)]
        for row, side in sorted(order) if way.by_row else order:
            start = at - {"left": 0.0, "center": wide / 2, "right": wide}[side]
            if side == "center":
                start = float(np.clip(start, 0, max(0.0, across - wide)))
            box = (at, start, start + wide, row)
            if start >= -1 and start + wide <= across + 1 and not any(_clash(box, other) for other in boxes):
                boxes.append(box)
                placed.append((flag, row, start - at if side == "center" else 0.0, side))
                break
    return placed


def _clash(box, other, gap: float = 5.0, near: float = 2.0) -> bool:
    """Whether two flags overlap, or the line of one runs through the words of the other.

    Flags at one place share their line: it runs along the edge of the lower words, not through them.
    """
    at, start, end, row = box
    other_at, other_start, other_end, other_row = other
    if row == other_row:
        return start < other_end + gap and other_start < end + gap
    lower = box if row < other_row else other
    if abs(at - other_at) < 0.5 and min(abs(lower[0] - lower[1]), abs(lower[0] - lower[2])) < 0.5:
        return False
    if row < other_row:
        return start - near < other_at < end + near
    return other_start - near < at < other_end + near


def _draw(ax, flag: Flag, row: int, shift: float, side: str) -> None:
    """One flag: the words, and the line that carries them."""
    lift = 3 + row * style.SMALL * 1.45
    line = {"arrowstyle": "-", "color": flag.colour, "linewidth": 0.7, "shrinkA": 0, "shrinkB": 0}
    over = {"xycoords": ax.get_xaxis_transform(), "textcoords": "offset points", "annotation_clip": False}
    if row > 0 or not flag.over_band:
        ax.annotate("", (flag.x, 1), xytext=(0, lift), arrowprops=line, **over)
    look = {"fontsize": style.SMALL, "color": flag.colour, "va": "bottom", "gid": "flag"}
    ha = "left" if side == "center" else side
    ax.annotate(flag.text, (flag.x, 1), xytext=(shift, lift), ha=ha, **over, **look)
