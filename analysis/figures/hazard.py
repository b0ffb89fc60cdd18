"""Hazard of the next attack: ratios by length of the response, and the cumulative hazard with and without one."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from analysis.figures import clock, forest, style, words
from analysis.figures.curves import curve_of, missing, unit_of
from analysis.results import Finding

__all__ = ["cumulative", "ratios"]

LOOKS = {"none": (style.GREY, "no response"), "response": (style.BLUE, "response at work")}


def ratios(findings: Mapping[str, Finding], *, claimed: tuple[float, float] | None = None, ax=None):
    """Hazard ratios with limits, a row for each response length; counts and watched time without and with a response.

    ``findings`` are those of ``hazard.by_window`` or any of the family, by name, top to bottom.
    """
    units = {str(f.settings.get("unit", "day")) for f in findings.values()}
    unit = units.pop() if len(units) == 1 else "day"
    totals = {int(np.sum(f.n_events)) for f in findings.values()}
    n = f"n = {totals.pop()}; " if len(totals) == 1 else ""
    what = f"hazard ratio, response over none ({n}attacks without, then with a response)"
    return forest.ratios(findings, claimed=claimed, unit=unit, what=what, ax=ax)


def cumulative(finding: Finding, *, unit: str | None = None, ax=None):
    """Cumulative hazard of the waits by their age (Nelson and Aalen), with and without a response at work.

    ``finding`` is that of ``series_hazard``. Two straight lines from the origin are two constant rates; a slope twice
    as steep is a hazard ratio of 2.
    """
    with style.printed():
        ax = ax if ax is not None else style.new(width=5.2, height=3.3)[1]
        unit = unit_of(finding, unit)
        curve = curve_of(finding, "days", "hazard", "state", "events")
        if curve is None:
            return words.nothing(ax, missing(finding, "cumulative hazard", unit))
        end = float(curve["days"].max()) or 1.0
        ax.set(xlim=(0, 1.03 * end), ylim=(0, 1.05 * float(curve["hazard"].max())))
        ends = [_steps(ax, curve, state, end) for state in LOOKS if (curve["state"] == state).any()]
        words.settle(ax)
        words.at_right(ax, ends)
        words.settle(ax)
        n = int(curve["events"].sum())
        label = f"{clock.plural(unit)} since the last attack (n = {n} closed {'wait' if n == 1 else 'waits'})"
        words.caption(ax, label, [_effect(finding), f"slope: chance of an attack per {unit}"])
        words.y_label(ax, "cumulative hazard")
        style.describe(ax, _alt(finding, curve, unit))
        return ax


def _steps(ax, curve: pd.DataFrame, state: str, end: float) -> tuple[float, str, str]:
    """One curve as steps; where it ends, its name with its count, and its colour."""
    colour, name = LOOKS[state]
    own = curve[curve["state"] == state].sort_values("days", kind="stable")
    days, hazard = own["days"].to_numpy(float), own["hazard"].to_numpy(float)
    x = np.repeat(np.concatenate([[0.0], days, [1.03 * end]]), 2)[1:-1]
    ax.plot(x, np.repeat(np.append(0.0, hazard), 2), color=colour, gid=state)
    return float(hazard[-1]), f"{name}, n = {int(own['events'].sum())}", colour


def _effect(finding: Finding) -> str:
    effect = finding.effect
    if effect is None or effect.value is None:
        return "no estimate"
    ends = ("no limit" if e is None else words.number(e) for e in (effect.low, effect.high))
    return f"hazard ratio {words.number(effect.value)} ({words.percent(effect.level)} limits: {' to '.join(ends)})"


def _alt(finding: Finding, curve: pd.DataFrame, unit: str) -> str:
    rows = []
    for state, (_, name) in LOOKS.items():
        own = curve[curve["state"] == state]
        if len(own):
            last = clock.units(float(own["days"].max()), unit)
            rows.append(f"{name} reaches {words.number(float(own['hazard'].max()))} at {last}")
    return f"Step curves of the cumulative hazard of the next attack: {'; '.join(rows)}; {_effect(finding)}."
