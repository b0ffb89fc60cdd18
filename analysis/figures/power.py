"""Power: the chance of finding an effect, by its size or by the days watched."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.errors import ParameterError
from analysis.figures import flags, style, words
from analysis.figures.ahead import ahead
from analysis.results import Finding

__all__ = ["ahead", "curve"]


def curve(power: pd.DataFrame | Finding, *, name: str = "true effect", wanted: float = 0.8, ax=None):
    """Share of simulated records in which a test rejects, by effect, with its Monte Carlo limits as a band.

    Parameters
    ----------
    power : table from ``checks.power_by_simulation``, or the finding of ``checks.minimum_detectable``, whose effect
        is then marked with its limits
    name : what the effect is, for the axis
    wanted : the power drawn across, from the finding where one is given
    """
    with style.printed():
        ax = ax if ax is not None else style.new(width=5.2, height=3.2)[1]
        finding = power if isinstance(power, Finding) else None
        table = power.curve if finding is not None else power
        if table is None or len(table) == 0:
            return words.nothing(ax, "No power: no effect was simulated.")
        if absent := [c for c in ("effect", "power", "low", "high", "runs") if c not in table]:
            raise ParameterError(f"a table of power has the column {absent[0]!r}; see checks.power_by_simulation")
        if finding is not None:
            wanted = float(finding.settings.get("power", wanted))
        table = table.sort_values("effect", kind="stable")
        x, share = table["effect"].to_numpy(float), table["power"].to_numpy(float)
        ax.fill_between(x, table["low"], table["high"], color=style.BAND, linewidth=0, gid="limits", zorder=1)
        ax.plot(x, share, "o-", color=style.BLUE, markersize=3.5, gid="power", clip_on=False, zorder=3)
        ax.axhline(wanted, color=style.GREY, linewidth=0.8, linestyle=(0, (4, 2)), gid="wanted")
        pad = 0.02 * (np.ptp(x) or 1.0)
        ax.set(ylim=(0, 1.02), xlim=(x.min() - pad, x.max() + pad), yticks=[0, 0.2, 0.4, 0.6, 0.8, 1])
        _mark(ax, finding)
        words.settle(ax)
        notes = ["band: 95% limits of the simulation", f"dashed: power {wanted:.2g}"]
        found = _found(finding)
        if found:
            notes.append(found)
        runs = sorted({int(r) for r in table["runs"]})
        words.caption(ax, f"{name} (n = {' to '.join(map(str, runs))} records for each)", notes)
        words.y_label(ax, "chance that the test rejects")
        ends = [f"{words.number(s)} at {words.number(e)}" for e, s in ((x[0], share[0]), (x[-1], share[-1]))]
        said = f"; {found}" if found else ""
        style.describe(ax, f"Power by {words.plain_text(name)}: {ends[0]}, {ends[1]}{said}.")
        return ax


def _mark(ax, finding: Finding | None) -> None:
    """The smallest effect found often enough, as a line with its limits shaded."""
    if finding is None or finding.effect is None or finding.effect.value is None:
        return
    effect = finding.effect
    left, right = ax.get_xlim()
    ends = (left if effect.low is None else effect.low, right if effect.high is None else effect.high)
    ax.axvspan(*ends, color=style.SHADES[0], linewidth=0, zorder=0.5, gid="limits of the effect")
    ax.axvline(effect.value, color=style.VERMILLION, linewidth=1.0, gid="smallest effect", zorder=2)
    words.settle(ax)
    flags.hoist(ax, [flags.Flag(effect.value, words.number(effect.value), style.VERMILLION)])


def _found(finding: Finding | None) -> str:
    if finding is None:
        return ""
    effect = finding.effect
    if effect is None or effect.value is None:
        return words.plain_text(finding.warnings[0].rstrip("."), 90)
    ends = ("no limit" if e is None else words.number(e) for e in (effect.low, effect.high))
    return f"{effect.name}: {words.number(effect.value)} ({words.percent(effect.level)} limits: {' to '.join(ends)})"
