"""Survival of waits: how many are still going on after so many days."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.figures import clock, style, tags, words
from analysis.figures.curves import curve_of, missing, unit_of
from analysis.results import Finding


def survival(
    finding: Finding,
    *,
    open_wait: float | None = None,
    law: float | None = None,
    unit: str | None = None,
    ax=None,
):
    """Share of waits still going on after so many days, with limits and the number of waits at risk.

    Parameters
    ----------
    finding : its curve has the columns days, at_risk, events, survival, low, high; one row per step
    open_wait : days the open wait has lasted; from ``finding.settings["open_wait_days"]`` where None
    law : mean wait in days of a constant rate, drawn beside the steps for comparison
    unit : the unit of time; from ``finding.settings["unit"]`` where None, else days
    """
    with style.printed():
        ax = ax if ax is not None else style.new(width=5.2, height=3.3)[1]
        unit = unit_of(finding, unit)
        curve = curve_of(finding, "days", "survival", "at_risk", "events", "low", "high")
        if curve is None:
            return words.nothing(ax, missing(finding, "survival curve", unit))
        open_wait = finding.settings.get("open_wait_days") if open_wait is None else open_wait
        end = max(float(curve["days"].iloc[-1]), float(open_wait or 0)) or 1.0
        ax.set(xlim=(0, end * 1.05), ylim=(-0.15, 1.05))
        ax.set_yticks([-0.085, 0, 0.25, 0.5, 0.75, 1], ["at risk", "0", "0.25", "0.5", "0.75", "1"])
        ax.axhline(0, color=style.FAINT, linewidth=0.6, zorder=1)
        limited = _steps(ax, curve, end)
        marks = _survival_marks(ax, curve, open_wait, law, end, unit)
        words.settle(ax)
        level = _level(finding)
        sample = _sample(finding, curve, open_wait)
        shown = "shaded and whisker" if limited == "whisker" else "shaded"
        limits = f"{shown}: {words.percent(level)} limits at each step"
        words.caption(
            ax,
            f"{clock.plural(unit)} since the last attack ({sample})",
            [limits if limited else "no limits from these data"],
        )
        words.y_label(ax, "share of waits still going on")
        _at_risk(ax, curve)
        tags.attach(ax, marks)
        style.describe(ax, _survival_alt(curve, sample, open_wait, law, unit, level))
        return ax


def _level(finding: Finding) -> float:
    return finding.effect.level if finding.effect is not None else float(finding.settings.get("level", 0.95))


def _sample(finding: Finding, curve: pd.DataFrame, open_wait: float | None) -> str:
    """How many waits ended, and that others did not."""
    closed, others = int(curve["events"].sum()), int(finding.settings.get("waits", 0))
    unfinished = f", {others - closed} not ended" if others > closed else ""
    opened = unfinished if open_wait is None else ", 1 open"
    return f"n = {closed} closed {'wait' if closed == 1 else 'waits'}{opened}"


def _steps(ax, curve: pd.DataFrame, end: float) -> str:
    """Draw the survival steps with their limits; says whether these end in a band or in a whisker."""
    edges = np.concatenate([[0.0], curve["days"], [end]])
    x = np.repeat(edges, 2)[1:-1]
    share, low, high = (
        np.repeat(np.append(before, curve[c].to_numpy(float)), 2)
        for c, before in (("survival", 1.0), ("low", np.nan), ("high", np.nan))
    )
    ax.plot(x, share, color=style.BLUE, gid="survival")
    known = np.isfinite(low) & np.isfinite(high)
    if known.any():
        ax.fill_between(x, low, high, where=known, color=style.BAND, linewidth=0, gid="limits", zorder=0.8)
    if not known[-1] or edges[-1] - edges[-2] >= 0.03 * end:
        return "band" if known.any() else ""
    # The last step has no room of its own.
    reach = [[max(0.0, share[-1] - low[-1])], [max(0.0, high[-1] - share[-1])]]
    ax.errorbar(edges[-2:-1], share[-1:], yerr=reach, color=style.BLUE, linewidth=1, gid="last limits")
    return "whisker"


def _survival_marks(ax, curve, open_wait, law, end, unit) -> list[tags.Tag]:
    """The open wait and the constant-rate law, with their names."""
    marks = []
    if open_wait is not None:
        passed = curve["survival"].to_numpy(float)[curve["days"].to_numpy(float) <= open_wait + 1e-9]
        share = float(passed[-1]) if passed.size else 1.0
        hollow = {"markerfacecolor": "white", "markeredgecolor": style.BLUE}
        ax.plot([open_wait], [share], "o", gid="open wait", zorder=5, **hollow)
        name = f"open wait: {clock.units(open_wait, unit)} so far"
        marks.append(tags.Tag(open_wait, share, name, style.BLUE))
    if law is not None and law > 0:
        x = np.linspace(0, end * 1.05, 200)
        ax.plot(x, np.exp(-x / law), color=style.VERMILLION, linewidth=0.9, linestyle="--", gid="law")
        at = float(np.clip(law, 0.15 * end, 0.8 * end))
        name = f"constant rate, mean wait {clock.units(law, unit)}"
        marks.append(tags.Tag(at, float(np.exp(-at / law)), name, style.VERMILLION))
    return marks


def _at_risk(ax, curve: pd.DataFrame) -> None:
    """Number of waits at risk just before each step, below the curve, as many as fit."""
    days, risk = curve["days"].to_numpy(float), curve["at_risk"].to_numpy(float)
    per_unit = words.width_points(ax) / np.diff(ax.get_xlim())[0]
    free_from = -np.inf
    for t, n in zip(days, risk, strict=True):
        text = f"{n:.0f}"
        half = words.text_points(text) / 2
        t = max(t, (half + 2) / per_unit)
        if t * per_unit - half >= free_from:
            ax.text(t, -0.085, text, ha="center", va="center", fontsize=style.SMALL, gid="at risk")
            free_from = t * per_unit + half + 4


def _survival_alt(curve, sample, open_wait, law, unit, level) -> str:
    over = curve.loc[curve["survival"] <= 0.5, "days"]
    if len(over):
        middle = f"half of the waits were over after {clock.units(over.iloc[0], unit)}"
    else:
        share, last = curve["survival"].iloc[-1], clock.units(curve["days"].iloc[-1], unit)
        middle = f"{share:.0%} of the waits lasted longer than {last}"
    limits = f"{words.percent(level)} limits"
    parts = [f"Step curve of the share of waits still going on ({sample}) with {limits}: {middle}"]
    if open_wait is not None:
        parts.append(f"the open wait has lasted {clock.units(open_wait, unit)}")
    if law is not None:
        parts.append(f"beside it a constant rate with a mean wait of {clock.units(law, unit)}")
    return "; ".join(parts) + "."
