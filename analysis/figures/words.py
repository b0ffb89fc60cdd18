"""Words inside a figure: placed where they cover nothing, and always as plain text."""

from __future__ import annotations

import re
import textwrap
import unicodedata
from functools import lru_cache

import numpy as np

from analysis.figures import style

LETTER = 0.55  # mean width of a letter of the print font, in font sizes
HARD = "\u00a0=\u00a0"  # keeps "n = 12" on one line
CENTRED = {"ha": "center", "va": "center", "bbox": {"facecolor": "white", "edgecolor": "none", "pad": 1}}


def plain_text(text: object, most: int = 60) -> str:
    """Text from data as it may be printed: one line, no control characters, at most ``most`` letters.

    What is too long loses its last remark in brackets, and then whole words from the end.
    """
    line = "".join(c if unicodedata.category(c)[0] != "C" else " " for c in str(text))
    line = " ".join(line.split())
    if len(line) > most:
        line = re.sub(r"\s+\([^()]*\)$", "", line)
    if len(line) <= most:
        return line
    cut = line[:most].rsplit(" ", 1)[0] if " " in line[: most // 2 + 1] else line[: most - 1]
    return cut[: most - 1].rstrip(" ,;:(") + "…"


def say(ax, sentence: str) -> None:
    """Write one sentence into the middle of the axes: what an empty picture has to say."""
    most = max(20, int(width_points(ax) * 0.9 / (style.TEXT * LETTER)))
    text = textwrap.fill(sentence, most)
    ax.text(0.5, 0.5, text, transform=ax.transAxes, fontsize=style.TEXT, zorder=9, gid="sentence", **CENTRED)


def within(ax, sentence: str, x: float, y: float) -> None:
    """Write a sentence centred at ``x`` (data), as far as the axes allow."""
    left, right = ax.get_xlim()
    half = text_points(sentence) / 2 * (right - left) / width_points(ax)
    x = float(np.clip(x, left + half, max(left + half, right - half)))
    ax.text(x, y, sentence, fontsize=style.SMALL, zorder=6, gid="sentence", **CENTRED)


def remark(ax, sentence: str, x: float, y: float) -> None:
    """Write a grey remark into the row ``y``; ``x`` is a share of the axes."""
    over = {"transform": ax.get_yaxis_transform(), "color": style.GREY, "zorder": 5, "gid": "sentence"}
    ax.text(x, y, sentence, fontsize=style.SMALL, **over, **CENTRED)


def row_names(ax, names: list[str]) -> float:
    """Name rows 0, 1, ... of the y axis, broken where they would take more than a third of the figure.

    Returns the width of the widest, in points.
    """
    page = ax.get_figure(root=True).get_figwidth() * 72
    most = max(12, int(page / 3 / (style.SMALL * LETTER)))
    broken = ["\n".join(textwrap.wrap(plain_text(name, 80), most)) for name in names]
    ax.set_yticks(range(len(names)), broken)
    ax.tick_params(axis="y", length=0, pad=7)
    return max(text_points(line) for name in broken for line in name.split("\n"))


def beside(ax, rows: list[str]) -> list:
    """Words at the right of each row (row 0, 1, ... of the y axis)."""
    over = {"xycoords": ax.get_yaxis_transform(), "textcoords": "offset points", "annotation_clip": False}
    look = {"fontsize": style.SMALL, "va": "center", "linespacing": 1.15, "gid": "numbers"}
    return [ax.annotate(text, (1, row), xytext=(8, 0), **over, **look) for row, text in enumerate(rows)]


def nothing(ax, sentence: str):
    """An axes without data: no ticks, no spines, the sentence, the same as alternative text."""
    ax.set(xticks=[], yticks=[])
    ax.spines[:].set_visible(False)
    settle(ax)
    say(ax, sentence)
    style.describe(ax, sentence)
    return ax


def settle(ax) -> None:
    """Let the figure arrange its axes, so that lengths on paper are known."""
    fig = ax.get_figure(root=True)
    engine = fig.get_layout_engine()
    if engine is not None:
        engine.execute(fig)


def width_points(ax) -> float:
    """Width of the axes on paper, in points."""
    return ax.bbox.width * 72 / ax.get_figure(root=True).dpi


def height_points(ax) -> float:
    """Height of the axes on paper, in points."""
    return ax.bbox.height * 72 / ax.get_figure(root=True).dpi


@lru_cache(maxsize=1024)
def text_points(text: str, size: float = style.SMALL) -> float:
    """Width of one line of text on paper, in points; a hair too wide rather than too narrow."""
    from matplotlib.font_manager import FontProperties
    from matplotlib.textpath import TextToPath

    prop = FontProperties(family=style.PRINT["font.family"], size=size)
    width, _, _ = TextToPath().get_text_width_height_descent(text, prop, ismath=False)
    return 1.03 * width + 1


def percent(level: float) -> str:
    """``95%``, ``97.5%``: a level without rounding it away."""
    return f"{100 * level:.10g}%"


def number(value: float) -> str:
    """A number for reading with three significant digits and no trailing zeros."""
    return f"{value:,.0f}" if 1000 <= abs(value) < 1e6 else f"{value:.3g}"


def caption(ax, label: str, notes: list[str] | tuple[str, ...] = ()) -> None:
    """Label the x axis; notes on what is hatched or shaded stand below it, as wide as the axes."""
    size = style.SMALL if notes else style.TEXT
    most = max(24, int(width_points(ax) / (size * LETTER)))
    lines = [*_broken(label, most), *packed(notes, most)]
    ax.set_xlabel("\n".join(lines), fontsize=size, linespacing=1.35)


def y_label(ax, text: str) -> None:
    """Label the y axis, broken to the height the axes have once everything else is in place."""
    settle(ax)
    lines = _broken(text, max(14, int(height_points(ax) / (style.TEXT * LETTER))))
    ax.set_ylabel("\n".join(lines), linespacing=1.15)
    settle(ax)


def packed(notes, most: int) -> list[str]:
    """Notes as lines of at most ``most`` letters, broken between notes rather than inside one."""
    lines: list[str] = []
    for note in filter(None, notes):
        if lines and len(lines[-1]) + len(note) + 2 <= most:
            lines[-1] += f"; {note}"
        else:
            lines += _broken(note, most)
    return lines


def _broken(line: str, most: int) -> list[str]:
    return [part.replace(HARD, " = ") for part in textwrap.wrap(line.replace(" = ", HARD), most)]


def at_right(ax, ends: list[tuple[float, str, str]]) -> None:
    """Names right of the axes for lines that end there, moved apart where close: ``(y, name, colour)``."""
    pitch, scale = style.SMALL * 1.3, 72 / ax.get_figure(root=True).dpi
    over = {"xycoords": ax.get_yaxis_transform(), "textcoords": "offset points", "annotation_clip": False}
    last = -np.inf
    for y, name, colour in sorted(ends, key=lambda end: end[0]):
        height = float(ax.transData.transform((0, y))[1]) * scale
        last = max(height, last + pitch)
        line = {"arrowstyle": "-", "color": colour, "linewidth": 0.6, "shrinkA": 0, "shrinkB": 0}
        look = {"fontsize": style.SMALL, "color": colour, "va": "center", "gid": "line name"}
        line["relpos"] = (0, 0.5)
        ax.annotate(name, (1, y), xytext=(9, last - height), arrowprops=line, **over, **look)
