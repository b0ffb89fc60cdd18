"""How surprising a silence grows as quiet days pass."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
import pandas as pd

from analysis.errors import check_level
from analysis.figures import clock, flags, style, tags, words
from analysis.figures.curves import curve_of, missing, unit_of
from analysis.results import Finding, p_is

COLOURS = (style.BLUE, style.VERMILLION, style.GREEN, style.PURPLE, style.ORANGE, style.GREY)
PATTERNS = ("-", "--", "-.", ":", (0, (6, 1, 1, 1)), (0, (1, 2)))
KNOWN = "rate known"  # what pvalue_rate_known is called


class Line(NamedTuple):
    """One law: its name, the chance by length of silence, the chance now, and where it crosses the level."""

    name: str
    days: np.ndarray
    chance: np.ndarray
    now: float | None
    crossing: float | None
    colour: str
    pattern: str | tuple


def surprise(finding: Finding, *, level: float | None = None, unit: str | None = None, ax=None):
    """Chance of a silence at least this long had the pace simply gone on, as the quiet days pass.

    Parameters
    ----------
    finding : its curve has the columns quiet_days and pvalue, and may have law (one line for each) or
        pvalue_rate_known (a second line). The silence now is ``settings["quiet_days"]`` or the finding's
        effect; ``settings["days_needed"]`` is where the first line crosses the level, or a mapping by law;
        the other crossings are read off the curve
    level : the level drawn across, from ``finding.settings["level"]`` where None, else 0.05
    unit : the unit of time, from ``finding.settings["unit"]`` where None, else days
    """
    with style.printed():
        unit = unit_of(finding, unit)
        curve = curve_of(finding, "quiet_days", "pvalue")
        several = curve is not None and {"law", "pvalue_rate_known"} & set(curve.columns)
        ax = ax if ax is not None else style.new(width=6.4 if several else 5.2, height=3.1)[1]
        if curve is None:
            return words.nothing(ax, missing(finding, "curve of the silence", unit))
        level = check_level(finding.settings.get("level", 0.05) if level is None else level)
        now, end = _now(finding), float(curve["quiet_days"].max()) or 1.0
        lines = _lines(finding, curve, now, level)
        ax.set(xlim=(0, end), ylim=(0, 1.05))
        ax.set_yticks([0, 0.25, 0.5, 0.75, 1], ["0", "0.25", "0.5", "0.75", "1"])
        ax.axhline(level, color=style.GREY, linewidth=0.8, linestyle=(0, (4, 2)), gid="level")
        for line in lines:
            _draw(ax, line, now, level)
        if len(lines) > 1:
            words.at_right(ax, [(float(line.chance[-1]), _name(line), line.colour) for line in lines])
        words.settle(ax)
        sample = f"n = {int(np.sum(finding.n_events))}"
        words.caption(ax, f"quiet {clock.plural(unit)} since the last attack ({sample})", [f"dashed: p = {level:g}"])
        if len(lines) > 1 and now is not None and now <= end:
            ax.axvline(now, color=style.GREY, linewidth=0.7, zorder=0.9, gid="now line")
            flags.hoist(ax, [flags.Flag(now, f"now: {clock.units(now, unit)}", style.INK)])
        words.y_label(ax, "chance of so long a silence")
        tags.attach(ax, _tags(lines, now, level, end, unit))
        style.describe(ax, _alt(lines, sample, now, level, end, unit))
        return ax


def _now(finding: Finding) -> float | None:
    """The silence so far, from the settings or, for a silence, from the effect."""
    now = finding.settings.get("quiet_days")
    if now is None and finding.effect is not None and finding.effect.name == "silence":
        now = finding.effect.value
    return None if now is None else float(now)


def _lines(finding: Finding, curve: pd.DataFrame, now: float | None, level: float) -> list[Line]:
    """The laws of the curve in order of appearance; a single one has no name."""
    if "law" in curve.columns:
        parts = {words.plain_text(name): (p["quiet_days"], p["pvalue"]) for name, p in curve.groupby("law", sort=False)}
    elif "pvalue_rate_known" in curve.columns and curve["pvalue_rate_known"].notna().all():
        law = str(finding.settings.get("law") or "exponential")
        first = "rate estimated" if law == "exponential" else words.plain_text(law)
        parts = {
            first: (curve["quiet_days"], curve["pvalue"]),
            KNOWN: (curve["quiet_days"], curve["pvalue_rate_known"]),
        }
    else:
        parts = {"": (curve["quiet_days"], curve["pvalue"])}
    needed, lines = finding.settings.get("days_needed"), []
    for i, (name, (days, chance)) in enumerate(parts.items()):
        x, p = days.to_numpy(float), chance.to_numpy(float)
        found = needed.get(name) if isinstance(needed, Mapping) else needed if i == 0 else None
        crossing = _crossing(x, p, level) if found is None else float(found)
        p_now = finding.pvalue if i == 0 and finding.pvalue is not None else _height(x, p, now)
        lines.append(Line(name, x, p, p_now if now is not None else None, crossing, COLOURS[i % 6], PATTERNS[i % 6]))
    return lines


def _height(x: np.ndarray, p: np.ndarray, at: float | None) -> float | None:
    """The chance at one length of silence, between the points of the curve on a log scale."""
    if at is None or not x[0] <= at <= x[-1]:
        return None
    return float(np.exp(np.interp(at, x, np.log(np.maximum(p, 1e-300)))))


def _crossing(x: np.ndarray, p: np.ndarray, level: float) -> float | None:
    """Where a falling curve comes down to the level, read on a log scale; None where it does not."""
    below = np.flatnonzero(p <= level)
    if below.size == 0 or below[0] == 0:
        return None
    i = below[0]
    upper, lower = np.log(p[i - 1]), np.log(max(p[i], 1e-300))
    return float(x[i - 1] + (x[i] - x[i - 1]) * (upper - np.log(level)) / (upper - lower))


def _draw(ax, line: Line, now: float | None, level: float) -> None:
    """One line, with a dot where we are and a diamond where it crosses the level."""
    end = ax.get_xlim()[1]
    ax.plot(line.days, line.chance, color=line.colour, linestyle=line.pattern, gid="chance")
    if line.now is not None and now <= end:
        ax.plot([now], [line.now], "o", color=line.colour, gid="now", zorder=5)
    if line.crossing is not None and line.crossing <= end:
        hollow = {"markerfacecolor": "white", "markeredgecolor": line.colour}
        ax.plot([line.crossing], [level], "D", gid="crossing", zorder=5, **hollow)


def _tags(lines: list[Line], now: float | None, level: float, end: float, unit: str) -> list[tags.Tag]:
    """Names of the dots and diamonds; with several lines the dots are named by their line, at the right."""
    alone = len(lines) == 1
    named = []
    for line in lines:
        ink = style.INK if alone else line.colour
        if alone and line.now is not None and now <= end:
            named.append(tags.Tag(now, line.now, f"now: {clock.units(now, unit)}, {p_is(line.now)}", ink))
        if line.crossing is not None and line.crossing <= end:
            after = clock.units(line.crossing, unit)
            text = f"p = {level:g} after {after}" if line is lines[0] else after
            named.append(tags.Tag(line.crossing, level, text, ink))
    return named


def _name(line: Line) -> str:
    return line.name if line.now is None else f"{line.name}: {p_is(line.now)} now"


def _alt(lines: list[Line], sample: str, now: float | None, level: float, end: float, unit: str) -> str:
    rows = []
    for line in lines:
        said = [] if line.now is None else [f"{p_is(line.now)} now, after {clock.units(now, unit)}"]
        if line.crossing is not None:
            said.append(f"p = {level:g} after {clock.units(line.crossing, unit)}")
        else:
            said.append(f"{p_is(float(line.chance[-1]))} after {clock.units(end, unit)}")
        rows.append(f"{line.name}: {', '.join(said)}" if line.name else ", ".join(said))
    kind = "Falling curve" if len(lines) == 1 else "Falling curves"
    about = "the chance of a silence at least this long as quiet time passes"
    return f"{kind} of {about} ({sample}); {'; '.join(rows)}."
