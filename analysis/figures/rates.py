"""Rates: by period, as ratios, and the count so far against a constant rate."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from analysis.errors import ParameterError, nearest
from analysis.figures import clock, style, words
from analysis.figures.cumulative import constant_rate_band, cumulative
from analysis.figures.forest import ratios
from analysis.results import Finding

__all__ = ["constant_rate_band", "cumulative", "rate_bars", "rate_table", "ratios"]


def rate_bars(table: pd.DataFrame, *, unit: str = "day", level: float | None = None, ax=None):
    """Rate per period with its interval.

    Parameters
    ----------
    table : a row per period, top to bottom: label, rate, low, high (events per ``unit``; an undefined limit
        is drawn as an arrow), n_events, and where known exposure_days (watched time)
    level : the level of the limits, for the caption
    """
    needed = ("label", "rate", "low", "high", "n_events")
    for column in needed:
        if column not in table.columns:
            close = nearest(column, table.columns)
            raise ParameterError(f"the table of rates has no column {column!r}.{close}")
    with style.printed():
        ax = ax if ax is not None else style.new(width=6.0, height=0.9 + 0.32 * max(1, len(table)))[1]
        if table.empty or not np.isfinite(table["rate"].to_numpy(float)).any():
            return words.nothing(ax, "No period with a rate in this selection: nothing was watched.")
        y = np.arange(len(table))
        rate, low, high = (table[c].to_numpy(float) for c in ("rate", "low", "high"))
        known = np.concatenate([rate[np.isfinite(rate)], low[np.isfinite(low)], high[np.isfinite(high)]])
        reach = float(known.max()) or 1.0
        for i in y:
            _rate_row(ax, i, rate[i], low[i], high[i], reach)
        names = [words.plain_text(name) for name in table["label"]]
        words.row_names(ax, names)
        ax.set(ylim=(len(table) - 0.4, -0.6), xlim=(0, 1.06 * reach))
        words.beside(ax, _counts(table, unit))
        words.settle(ax)
        limits = "lines: limits" if level is None else f"lines: {words.percent(level)} limits"
        words.caption(ax, f"attacks per {unit} (n = {int(table['n_events'].sum())})", [limits])
        style.describe(ax, _rates_alt(names, rate, low, high, table, unit))
        return ax


def rate_table(findings: Mapping[str, Finding]) -> pd.DataFrame:
    """The table that ``rate_bars`` draws, from rates by name."""
    rows = []
    for name, finding in findings.items():
        effect = finding.effect
        parts = (None, None, None) if effect is None else (effect.value, effect.low, effect.high)
        rate, low, high = (np.nan if part is None else part for part in parts)
        n, days = int(np.sum(finding.n_events)), float(np.sum(finding.exposure_days))
        rows.append((name, rate, low, high, n, days))
    return pd.DataFrame(rows, columns=["label", "rate", "low", "high", "n_events", "exposure_days"])


def _rate_row(ax, i, rate, low, high, reach) -> None:
    """Dot and limits of one period, or the word that nobody watched it."""
    if not np.isfinite(rate):
        words.remark(ax, "not watched", 0.5, i)
        return
    ends = [low if np.isfinite(low) else 0.0, high if np.isfinite(high) else 1.05 * reach]
    ax.plot(ends, [i, i], color=style.BLUE, linewidth=1.2, gid="limits")
    caps = [e for e in (low, high) if np.isfinite(e) and e > 0]
    ax.plot(caps, [i] * len(caps), "|", color=style.BLUE, markersize=7, gid="cap")
    if not np.isfinite(high):
        ax.plot(ends[1:], [i], ">", color=style.BLUE, gid="no limit", clip_on=False)
    ax.plot([rate], [i], "o", color=style.BLUE, gid="rate", clip_on=False, zorder=4)


def _counts(table: pd.DataFrame, unit: str) -> list[str]:
    counts = [f"n = {int(n)}" for n in table["n_events"]]
    if "exposure_days" not in table.columns:
        return counts
    return [f"{c} in {clock.units(float(d), unit)}" for c, d in zip(counts, table["exposure_days"], strict=True)]


def _rates_alt(names, rate, low, high, table, unit) -> str:
    rows = (
        f"{name} {_limited(r, a, b)}, n = {int(n)}" if np.isfinite(r) else f"{name} not watched"
        for name, r, a, b, n in zip(names, rate, low, high, table["n_events"], strict=True)
    )
    return f"Attacks per {unit} with limits: {'; '.join(rows)}."


def _limited(rate: float, low: float, high: float) -> str:
    top = words.number(high) if np.isfinite(high) else "no limit"
    return f"{words.number(rate)} ({words.number(low) if np.isfinite(low) else 'no limit'} to {top})"
