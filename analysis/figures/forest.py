"""Ratios of two rates with their limits, one under the other."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from analysis.errors import ParameterError
from analysis.figures import clock, flags, style, words
from analysis.results import Estimate, Finding

NARROW = 150  # points of axes below which the counts stand alone at the right


def ratios(
    findings: Mapping[str, Finding],
    *,
    claimed: tuple[float, float] | Mapping[str, tuple[float, float | None]] | None = None,
    unit: str = "day",
    sides: tuple[str, str] = ("before", "after"),
    what: str | None = None,
    ax=None,
):
    """Ratios after over before on a logarithmic axis, with limits; counts and watched time at the right.

    A ratio of 0 stands as a triangle at the left edge, a side without a limit ends in an arrow, and where
    the data allow no estimate the row says so.

    Parameters
    ----------
    findings : by name, top to bottom; the effect is the ratio, n_events and exposure_days are (before, after)
    claimed : the region a claim names, shaded, for example ``(0, 0.2)``; or a region for each row by its name, whose
        upper end may be None
    sides : what the two counts are called; the ratio is the second over the first
    what : the words for the axis, where it is another ratio than that of rates
    """
    own = claimed if isinstance(claimed, Mapping) else {}
    claimed = None if isinstance(claimed, Mapping) else claimed
    if claimed is not None and not 0 <= claimed[0] < claimed[1]:
        raise ParameterError(f"claimed is a region of ratios such as (0, 0.2), got {claimed!r}")
    with style.printed():
        ax = ax if ax is not None else style.new(height=1.1 + 0.34 * max(1, len(findings)))[1]
        if not findings:
            return words.nothing(ax, "No ratio in this selection: nothing to compare.")
        low, high = _range(findings.values(), (*(claimed or ()), *(x for region in own.values() for x in region if x)))
        ax.set_xscale("log")
        ax.set(xlim=(low, high), ylim=(len(findings) - 0.4, -0.6))
        words.settle(ax)
        narrow = _write_rows(ax, findings, unit, sides)
        if claimed is not None:
            region = max(claimed[0], low), min(claimed[1], high)
            ax.axvspan(*region, color=style.SHADES[0], zorder=0.3, gid="claimed")
        _own_regions(ax, findings, own, low, high)
        ax.axvline(1, color=style.GREY, linewidth=0.8, linestyle=(0, (4, 2)), zorder=0.9, gid="no change")
        for row, finding in enumerate(findings.values()):
            _ratio(ax, row, finding.effect, low, high)
        words.settle(ax)
        _plain_ticks(ax)
        unnamed = flags.hoist(ax, _regions(claimed, low, high))
        what = what or f"ratio of rates, {sides[1]} over {sides[0]}"
        notes = _notes(findings.values(), unnamed, narrow, sides)
        words.caption(ax, what, [*notes, "shaded: the effect that is claimed"] if own else notes)
        alt = _alt(findings, claimed, unit, sides, what)
        regions = "; ".join(f"{words.plain_text(n)} {_span(r)}" for n, r in own.items() if n in findings)
        style.describe(ax, f"{alt} Claimed: {regions}." if regions else alt)
        return ax


def _write_rows(ax, findings: Mapping[str, Finding], unit: str, sides: tuple[str, str]) -> bool:
    """Names on the left, numbers on the right; whether there was room for the counts alone."""
    numbers = [_numbers(finding, unit, sides) for finding in findings.values()]
    wide = max(words.text_points(line) for text in numbers for line in text.split("\n"))
    room = words.width_points(ax) - words.row_names(ax, list(findings)) - wide
    narrow = room < NARROW or words.height_points(ax) / len(findings) < 2.6 * style.SMALL
    if narrow:
        counts = (np.atleast_1d(finding.n_events) for finding in findings.values())
        numbers = [f"n = {', '.join(str(int(k)) for k in n)}" for n in counts]
    words.beside(ax, numbers)
    return narrow


def _known(effect: Estimate | None) -> list[float]:
    parts = () if effect is None else (effect.value, effect.low, effect.high)
    return [x for x in parts if x is not None and x > 0]


def _range(findings, claimed) -> tuple[float, float]:
    """Ends of the axis, with room around everything known and 1 inside."""
    known = [x for f in findings for x in _known(f.effect)] + [0.5, 2.0] + [c for c in claimed or () if c > 0]
    return min(known) / 2.5, min(max(known), 1e6) * 1.6


def _own_regions(ax, findings: Mapping[str, Finding], own, low: float, high: float) -> None:
    """The claimed region of each row behind it; one that is a single point at 0 stands as a block at the edge."""
    for row, name in enumerate(findings):
        if name in own:
            start, end = own[name]
            left, right = max(start, low), high if end is None else min(max(end, low * 1.25), high)
            ax.barh(row, right - left, left=left, height=0.8, color=style.SHADES[0], zorder=0.3, gid="claimed")


def _plain_ticks(ax) -> None:
    from matplotlib.ticker import FuncFormatter, LogLocator, NullFormatter

    low, high = ax.get_xlim()
    decade = words.width_points(ax) / np.log10(high / low)  # points on paper
    subs = (1, 2, 5) if decade > 85 else (1,)
    ax.xaxis.set_major_locator(LogLocator(subs=subs, numticks=max(2, int(words.width_points(ax) / 30))))
    ax.xaxis.set_major_formatter(FuncFormatter(lambda x, _: f"{x:g}"))
    ax.xaxis.set_minor_formatter(NullFormatter())


def _ratio(ax, row: int, effect: Estimate | None, low: float, high: float) -> None:
    """Dot and limits of one ratio; triangles where they reach the edge of a logarithmic axis."""
    if effect is None or (effect.value is None and effect.low is None and effect.high is None):
        words.remark(ax, "no estimate from these data", 0.5, row)
        return

    def mark(x: float, marker: str, size: float, gid: str) -> None:
        ax.plot([x], [row], marker, color=style.BLUE, markersize=size, gid=gid, clip_on=False, zorder=4)

    left = effect.low or low
    right = high if effect.high is None else min(effect.high, high)
    ax.plot([left, right], [row, row], color=style.BLUE, linewidth=1.2, gid="limits", zorder=3)
    if effect.high is None or effect.high > high:
        mark(high, ">", 4.5, "no upper limit")
    else:
        mark(right, "|", 7, "upper")
    if effect.low:
        mark(left, "|", 7, "lower")
    elif effect.value != 0:
        mark(low, "<", 4.5, "no lower limit")
    if effect.value is not None:
        mark(effect.value or low, "o" if effect.value else "<", 5.5 if effect.value else 7, "ratio")


def _numbers(finding: Finding, unit: str, sides: tuple[str, str]) -> str:
    """The ratio with its limits, and below it the counts with their watched time."""
    effect = finding.effect
    first = "no estimate"
    if effect is not None:
        low, high = ("no limit" if x is None else words.number(x) for x in (effect.low, effect.high))
        value = first if effect.value is None else words.number(effect.value)
        first = value if low == high == "no limit" else f"{value} ({low} to {high})"
    n, days = np.atleast_1d(finding.n_events), np.atleast_1d(finding.exposure_days)
    if n.size == days.size == 2:
        before, after = (f"{int(k)} in {clock.amount(float(d))}" for k, d in zip(n, days, strict=True))
        if sides != ("before", "after"):
            return f"{first}\nn = {after} {clock.plural(unit)} {sides[1]}, {before} {sides[0]}"
        return f"{first}\n{before}, then {after} {clock.plural(unit)}"
    return f"{first}\nn = {int(n.sum())}"


def _regions(claimed, low: float, high: float) -> list[flags.Flag]:
    named = [flags.Flag(1.0, "no change")]
    if claimed is not None:
        middle = float(np.sqrt(max(claimed[0], low) * min(claimed[1], high)))
        named.append(flags.Flag(middle, f"claimed: {_span(claimed)}", over_band=True))
    return named


def _notes(findings, unnamed: list[flags.Flag], narrow: bool, sides: tuple[str, str]) -> list[str]:
    effects = [f.effect for f in findings if f.effect is not None]
    levels = sorted({e.level for e in effects if e.low is not None or e.high is not None})
    notes = [f"lines: {' or '.join(map(words.percent, levels))} limits"] if levels else []
    if any(e.value == 0 for e in effects):
        notes.append("triangle at the left edge: 0")
    if any((e.value is not None or e.low is not None) and e.high is None for e in effects):
        notes.append("arrow: no limit")
    if narrow and any(np.size(f.n_events) == 2 for f in findings):
        notes.append(f"n: attacks {sides[0]}, {sides[1]}")
    return notes + [f"{'shaded' if f.over_band else 'dashed'}: {f.text}" for f in unnamed]


def _alt(findings: Mapping[str, Finding], claimed, unit: str, sides: tuple[str, str], what: str) -> str:
    rows = (f"{words.plain_text(n)} {_numbers(f, unit, sides)}".replace("\n", ", ") for n, f in findings.items())
    region = "" if claimed is None else f"; the claimed region {_span(claimed)} is shaded"
    kind = f"Ratios of the rate {sides[1]} over {sides[0]}" if what.startswith("ratio of rates") else _capital(what)
    return f"{kind} with limits: {'; '.join(rows)}{region}."


def _capital(text: str) -> str:
    return text[0].upper() + text[1:]


def _span(region: tuple[float, float | None]) -> str:
    if region[1] is None or region[0] == region[1]:
        return words.number(region[0]) + ("" if region[1] is not None else " or more")
    return f"{words.number(region[0])} to {words.number(region[1])}"
