"""The specification curve: every way to answer, sorted by its effect, above the choices that make it."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.figures import style, words
from analysis.figures.curves import missing
from analysis.results import Finding, p_text

__all__ = ["specification_curve"]

UPPER = 0.42  # share of the height that the effects take


def specification_curve(finding: Finding, *, ax=None):
    """Effects with their limits, sorted, and below them a mark for each choice that a specification makes.

    Parameters
    ----------
    finding : from ``checks.multiverse``; specifications without an effect are counted and not drawn
    ax : drawn into, and divided in two
    """
    with style.printed():
        axes = dict(finding.settings.get("axes", {}))
        rows = [(axis, value) for axis, values in axes.items() for value in values]
        ax = ax if ax is not None else style.new(width=style.TWO_COLUMNS, height=2.6 + 0.17 * len(rows))[1]
        whole = finding.curve
        table = None if whole is None else _sorted(whole)
        if table is None or table.empty or not rows:
            return words.nothing(ax, missing(finding, "specification curve", "day"))
        names = [f"{words.plain_text(axis, 24)}: {words.plain_text(value, 28)}" for axis, value in rows]
        places = (0.96 - UPPER) * (1 - (np.arange(len(rows)) + 0.5) / len(rows))
        ax.set(xticks=[], ylim=(0, 1))
        # The names of the rows are the outer axes' own, so that the page makes room for them.
        ax.set_yticks(places, names)
        ax.tick_params(axis="y", length=0, pad=7)
        ax.spines[:].set_visible(False)
        alpha = 1 - float(finding.settings.get("level", 0.95))
        ratio = "ratio" in (finding.effect.name if finding.effect is not None else "")
        upper = ax.inset_axes((0, 1 - UPPER, 1, UPPER - 0.02))
        lower = ax.inset_axes((0, 0, 1, 0.96 - UPPER))
        for part in (upper, lower):
            part.set_in_layout(False)
        _effects(upper, table, alpha, ratio)
        _choices(lower, table, rows, alpha)
        words.settle(ax)
        notes = [
            _joint(finding),
            f"blue: p at most {alpha:.2g}",
            "diamond, line: the answer given",
            "pale: limits of each",
            "dashed: no effect",
        ]
        if finding.settings.get("agreement") is not None:
            notes.append(f"{finding.settings['agreement']:.0%} agree with the answer given in sign and level")
        if table["edge"].ne("").any():
            notes.append("triangles: beyond the axis (0, or no estimate above)")
        left_out = len(whole) - len(table)
        notes.append(f"{left_out} without an effect are not drawn" if left_out else "")
        elsewhere = int(table["question"].ne("the same").sum())
        notes.append(f"{elsewhere} count other attacks than the answer given" if elsewhere else "")
        distinct = int(whole["same_as"].eq("").sum())
        words.caption(ax, f"specifications, sorted by effect (n = {len(table)}, {distinct} different series)", notes)
        words.settle(ax)
        style.describe(ax, _alt(finding, table, alpha))
        return ax


def _sorted(curve: pd.DataFrame) -> pd.DataFrame:
    """The specifications that have an effect or a limit, by effect; ``edge`` says where one is off the axis."""
    given = np.arange(len(curve)) == 0
    low = curve["low"].astype(float)
    above = curve["effect"].isna() & low.notna() & (curve["n_events"] > 0)
    table = curve.assign(given=given, edge=np.where(above, "above", np.where(curve["effect"] == 0, "zero", "")))
    table = table[table["effect"].notna() | above]
    order = table["effect"].astype(float).fillna(np.inf)
    return table.iloc[np.lexsort((table["pvalue"].astype(float), order))].reset_index(drop=True)


def _effects(ax, table: pd.DataFrame, alpha: float, ratio: bool) -> None:
    from matplotlib.ticker import FuncFormatter, LogLocator, NullFormatter

    value, low, high = (table[c].to_numpy(float) for c in ("effect", "low", "high"))
    known = value[np.isfinite(value) & ((value > 0) | (not ratio))]
    floor, top = (known.min(), known.max()) if known.size else (0.5, 2.0)
    if ratio:
        ax.set_yscale("log")
        floor, top = min(floor, 0.5) / 2.5, max(top, 2.0) * 2.5
        ax.yaxis.set_major_locator(LogLocator(subs=(1,) if top / floor > 100 else (1, 2, 5), numticks=7))
        ax.yaxis.set_major_formatter(FuncFormatter(lambda y, _: f"{y:g}"))
        ax.yaxis.set_minor_formatter(NullFormatter())
    else:
        floor, top = min(floor, 0.0), max(top, 0.0)
        floor, top = floor - 0.15 * (top - floor or 1), top + 0.15 * (top - floor or 1)
    x = np.arange(len(table))
    at = np.clip(np.where(np.isnan(value), top, value), floor, top)
    ends = np.clip([np.where(np.isnan(low), floor, low), np.where(np.isnan(high), top, high)], floor, top)
    ax.vlines(x, *ends, color=style.BAND, linewidth=_width(ax, len(table)), zorder=1)
    ax.axhline(1.0 if ratio else 0.0, color=style.GREY, linewidth=0.8, linestyle=(0, (4, 2)), zorder=2)
    under = table["pvalue"].to_numpy(float) <= alpha
    edge = table["edge"].to_numpy()
    size = float(np.clip(260 / len(table), 1.8, 5.0))
    for colour, chosen in ((style.GREY, ~under), (style.BLUE, under)):
        for marker, which in (("o", edge == ""), ("v", (edge == "zero") & ratio), ("^", edge == "above")):
            picked = chosen & which
            ax.plot(x[picked], at[picked], marker, color=colour, markersize=size, clip_on=False, zorder=3)
        zero = chosen & (edge == "zero") & (not ratio)
        ax.plot(x[zero], at[zero], "o", color=colour, markersize=size, zorder=3)
    _given(ax, table)
    given = np.flatnonzero(table["given"])
    ax.plot(x[given], at[given], "D", color=style.VERMILLION, markersize=5.5, clip_on=False, zorder=5)
    ax.set(xlim=(-1, len(table)), ylim=(floor, top), xticks=[])
    ax.spines["bottom"].set_visible(False)
    ax.set_ylabel("effect" if not ratio else "ratio")


def _choices(ax, table: pd.DataFrame, rows: list[tuple[str, str]], alpha: float) -> None:
    under = table["pvalue"].to_numpy(float) <= alpha
    x = np.arange(len(table))
    shade = False
    for i, (axis, value) in enumerate(rows):
        if i and axis != rows[i - 1][0]:
            shade = not shade
        if shade:
            ax.axhspan(i - 0.5, i + 0.5, color="#F3F3F3", linewidth=0, zorder=0)
        chosen = table[axis].to_numpy() == value
        for colour, which in ((style.GREY, chosen & ~under), (style.BLUE, chosen & under)):
            ax.vlines(x[which], i - 0.33, i + 0.33, color=colour, linewidth=_width(ax, len(table)), zorder=3)
    _given(ax, table)
    ax.set(xlim=(-1, len(table)), ylim=(len(rows) - 0.5, -0.5), xticks=[], yticks=[])
    ax.spines[:].set_visible(False)


def _given(ax, table: pd.DataFrame) -> None:
    for x in np.flatnonzero(table["given"]):
        ax.axvline(x, color=style.VERMILLION, linewidth=0.8, zorder=4)


def _width(ax, n: int) -> float:
    """Line width in points, so that neighbours nearly touch where there are many."""
    points = 72 * ax.get_figure(root=True).get_figwidth() * 0.65
    return float(np.clip(0.7 * points / n, 0.4, 3.0))


def _joint(finding: Finding) -> str:
    if finding.pvalue is None:
        return "no joint p: no record was redrawn"
    return f"joint p of the {finding.settings.get('statistic', 'curve')} = {p_text(finding.pvalue)}"


def _alt(finding: Finding, table: pd.DataFrame, alpha: float) -> str:
    under = int((table["pvalue"].astype(float) <= alpha).sum())
    known = table["effect"].dropna().astype(float)
    spread = f"{words.number(known.min())} to {words.number(known.max())}" if len(known) else "without an estimate"
    said = f"{under} with p at most {alpha:.2g}; {_joint(finding)}"
    return f"{len(table)} specifications sorted by effect, {spread}; {said}."
