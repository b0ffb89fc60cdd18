"""Power as watching goes on: the chance of showing a fall, by the days watched after a date."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.errors import ParameterError
from analysis.figures import clock, flags, style, words

COLOURS = (style.BLUE, style.VERMILLION, style.GREEN, style.PURPLE)
PATTERNS = ("-", "--", "-.", ":")
NEEDED = ("ratio", "days_after", "power", "low", "high")


def ahead(table: pd.DataFrame, *, wanted: float = 0.8, ax=None):
    """Chance that the exact test shows a fall, a line for each true ratio, from ``checks.power_ahead``.

    Bands are the range over the limits of the rate before; the upright line is the time watched so far.
    """
    with style.printed():
        ax = ax if ax is not None else style.new(width=6.0, height=3.3)[1]
        if absent := [c for c in NEEDED if c not in table]:
            raise ParameterError(f"the table has no column {absent[0]!r}; see checks.power_ahead")
        if table.empty:
            return words.nothing(ax, "No power: no attack before the date, so no pace to fall from.")
        unit, now = table.attrs.get("unit", "day"), table.attrs.get("days_now")
        before, ends = table.attrs.get("before"), []
        for i, (ratio, part) in enumerate(table.groupby("ratio")):
            x, colour = part["days_after"].to_numpy(float), COLOURS[i % len(COLOURS)]
            ax.fill_between(x, part["low"], part["high"], color=colour, alpha=0.13, linewidth=0, gid="limits")
            line = {"color": colour, "linestyle": PATTERNS[i % len(PATTERNS)], "gid": "power"}
            ax.plot(x, part["power"], **line, clip_on=False, zorder=3)
            name = "full stop" if ratio == 0 else f"ratio {words.number(ratio)}"
            ends.append((float(part["power"].iloc[-1]), name, colour))
        top = float(table["days_after"].max())
        ax.set(xlim=(0, top), ylim=(0, 1.03), yticks=[0, 0.2, 0.4, 0.6, 0.8, 1])
        ax.axhline(wanted, color=style.GREY, linewidth=0.8, linestyle=(0, (4, 2)), gid="wanted")
        words.settle(ax)
        words.at_right(ax, ends)
        if now is not None and 0 < now <= top:
            ax.axvline(now, color=style.BLACK, linewidth=0.9, gid="now")
            words.settle(ax)
            flags.hoist(ax, [flags.Flag(now, f"watched so far: {clock.units(now, unit)}", style.BLACK)])
        notes = ["bands: over the limits of the rate before", f"dashed: chance {wanted:.2g}"]
        words.caption(ax, f"{unit}s watched after the date (n = {before} before it)", notes)
        words.y_label(ax, "chance that the test shows a fall")
        words.settle(ax)
        style.describe(ax, _alt(table, unit, now))
        return ax


def _alt(table: pd.DataFrame, unit: str, now: float | None) -> str:
    parts = []
    for ratio, part in table.groupby("ratio"):
        best = int(np.argmax(part["power"].to_numpy(float)))
        reached = (
            f"at most {words.number(part['power'].iloc[best])} (after {words.number(part['days_after'].iloc[best])} "
        )
        parts.append(f"true ratio {words.number(ratio)}: {reached}{unit}s)")
    so_far = "" if now is None else f", {clock.units(now, unit)} of which have passed"
    return f"Chance of showing a fall by {unit}s watched after the date{so_far}; {'; '.join(parts)}."
