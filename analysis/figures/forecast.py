"""Forecasts: the fan of numbers to come against what came, and the chances that forecasts gave to what came."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.errors import ParameterError
from analysis.figures import style, words
from analysis.figures.curves import curve_of, missing, unit_of
from analysis.results import Finding, p_text
from analysis.timeline import EventSeries

__all__ = ["fan", "pit"]


def fan(table: pd.DataFrame, came: EventSeries | None = None, *, name: str | None = None, ax=None):
    """Limits of the number of events to come, by the days ahead, and the steps of what came.

    Parameters
    ----------
    table : from ``rates.fan``
    came : the events after the forecast, in a window that opens where it was made; None before anything is known
    name : what is counted, by default the label of the series that was forecast
    """
    with style.printed():
        ax = ax if ax is not None else style.new(width=6.0, height=3.4)[1]
        if absent := [c for c in ("days", "expected", "level", "low", "high") if c not in table]:
            raise ParameterError(f"a fan has the column {absent[0]!r}; see rates.fan")
        if table.empty:
            return words.nothing(ax, "No forecast: no time ahead was asked for.")
        unit, n, watched = (table.attrs.get(k) for k in ("unit", "events", "watched"))
        name, unit = words.plain_text(name or table.attrs.get("label", "events"), 40), unit or "day"
        end, ends = float(table["days"].max()), []
        for i, (level, part) in enumerate(sorted(table.groupby("level"), key=lambda pair: -pair[0])):
            x, (low, high) = _steps(part["days"]), (_steps(part[c], at_end=True) for c in ("low", "high"))
            colour = style.BAND if i == 0 else "#B9CEE2"
            ax.fill_between(x, low, high, color=colour, linewidth=0, gid=f"limits {level:g}", zorder=1 + i)
            ends.append((float(part["high"].iloc[-1]), f"{words.percent(level)}", style.GREY))
        part = table[table["level"].eq(table["level"].max())]
        ax.plot(
            [0, end], [0, float(part["expected"].iloc[-1])], color=style.BLUE, linestyle="--", gid="expected", zorder=4
        )
        ends.append((float(part["expected"].iloc[-1]), "pace carried on", style.BLUE))
        top, seen = float(table["high"].max()), None
        if came is not None:
            seen, last = _came(ax, came, end)
            top = max(top, seen)
            ends.append((seen, f"came: {seen}" + ("" if last >= end else " so far"), style.VERMILLION))
        ax.set(xlim=(0, end), ylim=(0, 1.08 * top + 0.5))
        _whole(ax)
        words.settle(ax)
        words.at_right(ax, ends)
        notes = [f"bands: limits of the number to come, from n = {n} in {words.number(watched)} {unit}s watched"]
        words.caption(ax, f"{unit}s after the forecast", notes)
        words.y_label(ax, name)
        words.settle(ax)
        wide = part.iloc[-1]
        after = "" if seen is None else f"; {seen} came"
        style.describe(
            ax,
            f"Forecast of {name}: after {words.number(end)} {unit}s {words.number(wide['low'])} to "
            f"{words.number(wide['high'])} at {words.percent(wide['level'])}{after}.",
        )
        return ax


def pit(finding: Finding, *, bins: int = 5, ax=None):
    """How often what came fell into each fifth of the forecasts, beside what right forecasts would give.

    Parameters
    ----------
    finding : from ``waiting.backtest``
    bins : number of bars; the grey band holds each bar alone in 95 % of records, were the forecasts right
    """
    with style.printed():
        ax = ax if ax is not None else style.new(width=5.2, height=3.2)[1]
        curve = curve_of(finding, "pit", "wait")
        if curve is None:
            return words.nothing(ax, missing(finding, "wait forecast and seen", unit_of(finding, None)))
        values = curve["pit"].to_numpy(float)
        n, edges = values.size, np.linspace(0, 1, bins + 1)
        from scipy.stats import binom

        low, high = binom.ppf([0.025, 0.975], n, 1 / bins)
        ax.axhspan(low, high, color="#EBEBEB", linewidth=0, gid="band", zorder=0)
        ax.axhline(n / bins, color=style.GREY, linewidth=0.8, linestyle=(0, (4, 2)), gid="expected", zorder=2)
        counts = np.histogram(values, edges)[0]
        ax.bar(edges[:-1], counts, 1 / bins, align="edge", color=style.SKY, edgecolor="white", gid="bars", zorder=1)
        top = max(counts.max(), high) * 1.15 + 0.5
        ax.plot(values, np.full(n, -0.035 * top), "|", color=style.BLACK, markersize=6, clip_on=False, gid="waits")
        ax.set(xlim=(0, 1), ylim=(-0.07 * top, top), xticks=np.round(edges, 2))
        _whole(ax)
        words.settle(ax)
        p = "" if finding.pvalue is None else f"p against uniform = {p_text(finding.pvalue)}"
        notes = ["dashed: right forecasts on average", "band: 95% of bars, were they right", "ticks: each wait", p]
        words.caption(ax, f"chance the forecast gave to so short a wait (n = {n} waits)", notes)
        words.y_label(ax, "waits")
        words.settle(ax)
        share = f"{finding.effect.name} {words.number(finding.effect.value)}"
        style.describe(
            ax, f"{n} waits by the chance their forecast gave to so short a one: {_listed(counts)}; {share}."
        )
        return ax


def _steps(values: pd.Series, *, at_end: bool = False) -> np.ndarray:
    """A column with its start put before it: 0 for times, the first value for limits."""
    x = values.to_numpy(float)
    return np.append(x[0] if at_end else 0.0, x)


def _came(ax, came: EventSeries, end: float) -> tuple[int, float]:
    """Draw the steps of what came within the time ahead; their number, and how far they are known."""
    clock = came.window.clock(came.times)
    clock = clock[clock <= end]
    last = min(end, came.days)
    x = np.concatenate([[0.0], clock, [last]])
    y = np.concatenate([np.arange(clock.size + 1), [clock.size]])
    ax.step(x, y, where="post", color=style.VERMILLION, linewidth=1.6, gid="came", zorder=5)
    return int(clock.size), float(last)


def _whole(ax) -> None:
    from matplotlib.ticker import MaxNLocator

    ax.yaxis.set_major_locator(MaxNLocator(integer=True, nbins=6))
    ax.set_yticks([t for t in ax.get_yticks() if 0 <= t <= ax.get_ylim()[1]])


def _listed(counts: np.ndarray) -> str:
    return ", ".join(str(int(c)) for c in counts)
