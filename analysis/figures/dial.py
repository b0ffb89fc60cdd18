"""The face of a clock: when on the clock attacks fell, by weapon, with the mean hour and how closely they gather."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from analysis.figures import style, words
from analysis.figures.curves import curve_of
from analysis.results import Finding, p_is

__all__ = ["dial"]

INNER, RING = 0.42, 0.19  # radius of the first ring, and the room of each; the face has radius 1


def dial(findings: Mapping[str, Finding], *, hours: tuple[float, float] | None = None, axes=None):
    """One clock face of 24 hours for each series, midnight on top: a dot a time, an arc a part of the day.

    The arrow points to the mean hour; it is as long as the mean resultant length, 1 at the rim.

    Parameters
    ----------
    findings : of ``rayleigh``, ``kuiper``, ``watson`` or ``v_test``, by name; the names choose the colours
    hours : from and to, shaded, for example (22, 5)
    axes : polar axes, one for each finding; by default a figure of its own

    Returns
    -------
    The axes, as an array
    """
    with style.printed():
        axes = _faces(len(findings)) if axes is None else np.atleast_1d(axes)
        looks = style.looks(findings)
        for ax, (name, finding) in zip(axes, findings.items(), strict=False):
            _face(ax, words.plain_text(name, 30), finding, looks[name], hours)
        return axes


def _faces(many: int):
    from analysis.figures.page import page

    fig = page(min(style.TWO_COLUMNS, 2.6 * max(many, 1)), 3.1)
    return np.array([fig.add_subplot(1, max(many, 1), i + 1, projection="polar") for i in range(max(many, 1))])


def _face(ax, name: str, finding: Finding, look: style.Look, hours) -> None:
    ax.set_theta_zero_location("N")
    ax.set_theta_direction(-1)
    ax.set(ylim=(0, 1), yticks=[], xticks=np.arange(0, 24, 3) / 24 * 2 * np.pi)
    ax.set_xticklabels([f"{h:g}" for h in range(0, 24, 3)])
    ax.tick_params(axis="x", pad=-1)
    ax.grid(visible=False)
    if hours is not None:
        width = (hours[1] - hours[0]) % 24
        turn = 2 * np.pi / 24
        middle = (hours[0] + width / 2) * turn
        ax.bar([middle], [1], width=width * turn, color=style.BAND, linewidth=0, zorder=0.5, gid="hours asked about")
    curve = curve_of(finding, "hour", "width_hours")
    left = int(finding.settings.get("events_without_hour", 0))
    lines = [f"{name}: n = {0 if curve is None else len(curve)}" + (f", {left} without an hour" if left else "")]
    if curve is not None:
        _marks(ax, curve["hour"].to_numpy(float), curve["width_hours"].to_numpy(float), look)
    tested = finding.settings
    if not finding.inconclusive and "mean_hour" in tested:
        angle, length = tested["mean_hour"] / 24 * 2 * np.pi, tested["resultant_length"]
        arrow = {"arrowstyle": "-|>", "color": style.BLACK, "linewidth": 1.5, "shrinkA": 0, "shrinkB": 0}
        ax.annotate("", (angle, length), xytext=(angle, 0), arrowprops=arrow, zorder=6)
        lines.append(f"mean {_clock(tested['mean_hour'])}, length {words.number(length)}")
        lines.append("" if finding.pvalue is None else f"{p_is(finding.pvalue)}")
    else:
        lines.append("no mean hour: too few")
    ax.set_xlabel("\n".join(filter(None, lines)), fontsize=style.SMALL, linespacing=1.3, labelpad=6)
    style.describe(ax, f"Clock face of the hours of attacks. {'; '.join(filter(None, lines))}.")


def _marks(ax, hour: np.ndarray, width: np.ndarray, look: style.Look) -> None:
    """Each time on the innermost ring where it covers no other; rings grow closer together where many are needed."""
    order = np.lexsort((hour - width / 2, width > 1.5))  # times at the rim, arcs inside
    rings: list[list[tuple[float, float]]] = []
    placed = []
    for i in order:
        a, b = hour[i] - width[i] / 2 - 0.35, hour[i] + width[i] / 2 + 0.35
        ring = next((k for k, busy in enumerate(rings) if not any(_meet(a, b, *other) for other in busy)), len(rings))
        rings[ring : ring + 1] = [[*(rings[ring] if ring < len(rings) else []), (a, b)]]
        placed.append((i, ring))
    step = min(RING, (0.94 - INNER) / max(len(rings) - 1, 1))
    for i, ring in placed:
        radius = 0.94 - ring * step
        if width[i] > 1.5:
            turn = np.linspace(hour[i] - width[i] / 2, hour[i] + width[i] / 2, 60) / 24 * 2 * np.pi
            ax.plot(turn, np.full(60, radius), color=look.colour, linewidth=1.3, alpha=0.8, gid="arc", zorder=3)
        else:
            at = hour[i] / 24 * 2 * np.pi
            ax.plot([at], [radius], look.marker, color=look.colour, markersize=4, gid="time", zorder=4)


def _meet(a: float, b: float, c: float, d: float) -> bool:
    return any(a < d + turn and c + turn < b for turn in (-24, 0, 24))


def _clock(hour: float) -> str:
    """An hour as a clock shows it: 23:48."""
    minutes = round(hour * 60) % 1440
    return f"{minutes // 60:02d}:{minutes % 60:02d}"
