"""Direct labels: each name beside its point, at the nearest place where it covers no line and no name."""

from __future__ import annotations

from itertools import pairwise
from typing import NamedTuple

import numpy as np

from analysis.figures import style

REACH = (5, 10, 16, 24, 34, 46, 60, 76, 96, 120, 150)  # points between a name and its point, nearest first
# Where a name may lie: direction to it in degrees, and how it leans there (-1 left or below, 0 centred, 1).
SIDES = (
    (45, 1, 1), (0, 1, 0), (25, 1, 0.6), (65, 0.6, 1), (90, 0, 1), (-45, 1, -1), (-25, 1, -0.6), (-90, 0, -1),
    (90, 1, 1), (90, -1, 1), (135, -1, 1), (155, -1, 0.6), (115, -0.6, 1), (180, -1, 0), (-135, -1, -1),
    (-155, -1, -0.6), (75, 1, 1), (105, -1, 1), (-90, 1, -1), (-90, -1, -1),
)  # fmt: skip
BARS = ("complete", "open", "entry", "not watched")  # what a figure calls patches that names must not cover
NEAR = 20  # a name further away than this needs a line to its point
CLEARANCE = 2.5  # points kept free around a name


class Tag(NamedTuple):
    """A name for the data point ``x``, ``y``."""

    x: float
    y: float
    text: str
    colour: str = style.INK


def attach(ax, wanted: list[Tag]) -> None:
    """Write every tag beside its point; one that had to go further away keeps a thin line to it.

    The axes must be settled, and all lines drawn, before: what is drawn later is not avoided.
    """
    scale = ax.get_figure(root=True).dpi / 72
    frame = ax.get_window_extent()
    inside = np.array([frame.x0, frame.y0, frame.x1, frame.y1])
    dots = _obstacles(ax, scale)
    boxes = [_box_of(t) for t in ax.texts if t.get_text()]
    for tag in wanted:
        artist = ax.annotate(
            tag.text, xy=(tag.x, tag.y), xytext=(0, 0), textcoords="offset points", ha="left", va="bottom",
            fontsize=style.SMALL, color=tag.colour, zorder=8, gid="tag",
        )  # fmt: skip
        extent = artist.get_window_extent()
        size = np.array([extent.width, extent.height])
        point = ax.transData.transform((tag.x, tag.y))
        corner, far = _best(point, size, dots, boxes, inside, scale)
        boxes.append(np.concatenate([corner, corner + size]))
        artist.set_position(tuple((corner - point) / scale))
        if far:
            _tie(ax, tag, corner, size, point, scale)


def _best(point, size, dots, boxes, inside, scale):
    """Lower left corner (pixels) of the nearest free place, and whether it is far enough to need a line."""
    best, least = None, np.inf
    for reach in REACH:
        for angle, *lean in SIDES:
            direction = np.array([np.cos(np.deg2rad(angle)), np.sin(np.deg2rad(angle))])
            corner = point + direction * reach * scale + size * (np.array(lean) - 1) / 2
            cost = _covered(np.concatenate([corner, corner + size]), dots, boxes, inside, CLEARANCE * scale)
            if reach > NEAR:
                cost += 1e3 * _crossed(point, np.clip(point, corner, corner + size), boxes)
            if cost < least:
                best, least = (corner, reach > NEAR), cost
            if least == 0:
                return best
    return best


def _covered(box, dots, boxes, inside, pad) -> float:
    """How much a box would cover: 0 is free; leaving the axes costs most, then names, then lines."""
    x0, y0, x1, y1 = box
    outside = np.maximum(0, [inside[0] - x0, inside[1] - y0, x1 - inside[2], y1 - inside[3]]).sum()
    hidden = np.sum(
        (dots[:, 0] > x0 - pad) & (dots[:, 0] < x1 + pad) & (dots[:, 1] > y0 - pad) & (dots[:, 1] < y1 + pad)
    )
    names = sum(x0 < b[2] + pad and b[0] < x1 + pad and y0 < b[3] + pad and b[1] < y1 + pad for b in boxes)
    return 1e4 * outside + 1e3 * names + float(hidden)


def _crossed(start, end, boxes) -> int:
    """How many names the line from ``start`` to ``end`` would run through."""
    path = start + (end - start) * np.linspace(0, 1, 60)[:, None]
    return sum(bool(np.any((path > b[:2]).all(axis=1) & (path < b[2:]).all(axis=1))) for b in boxes)


def _box_of(text) -> np.ndarray:
    extent = text.get_window_extent()
    return np.array([extent.x0, extent.y0, extent.x1, extent.y1])


def _obstacles(ax, scale: float) -> np.ndarray:
    """Pixels along every line and in every bar of the axes, a few points apart, shape (k, 2)."""
    pieces = [np.empty((0, 2))]
    for line in ax.lines:
        vertices = line.get_transform().transform(line.get_path().vertices)
        vertices = vertices[np.isfinite(vertices).all(axis=1)]
        pieces.append(vertices)
        if line.get_linestyle() in ("None", "none", " ", ""):
            continue
        for a, b in pairwise(vertices):
            steps = int(np.hypot(*(b - a)) / (3 * scale))
            pieces.append(a + (b - a) * np.linspace(0, 1, min(steps, 1500) + 2)[:, None])
    for bar in (p for p in ax.patches if p.get_gid() in BARS):
        box = bar.get_window_extent()
        along = [
            np.linspace(lo, hi, int((hi - lo) / (3 * scale)) + 2) for lo, hi in ((box.x0, box.x1), (box.y0, box.y1))
        ]
        pieces.append(np.stack(np.meshgrid(*along), axis=-1).reshape(-1, 2))
    return np.concatenate(pieces)


def _tie(ax, tag: Tag, corner, size, point, scale) -> None:
    """A thin line from the nearest edge of the name to its point."""
    nearest = np.clip(point, corner, corner + size)
    ax.annotate(
        "", xy=(tag.x, tag.y), xytext=tuple((nearest - point) / scale), textcoords="offset points", zorder=7,
        arrowprops={"arrowstyle": "-", "color": tag.colour, "linewidth": 0.6, "shrinkA": 1, "shrinkB": 3},
    )  # fmt: skip
