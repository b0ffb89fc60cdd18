"""Coincidence: pairs by lag with envelopes, matches against chance, events against a state, rival explanations."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise

import numpy as np

from analysis.figures import clock, flags, forest, style, words
from analysis.figures.curves import curve_of, missing, unit_of
from analysis.results import Finding, p_text
from analysis.stats.rates.rate import garwood
from analysis.timeline import EventSeries, StateSeries

__all__ = ["correlogram", "matched", "rivals", "while_on"]


def correlogram(finding: Finding, *, ax=None):
    """Pairs of events by the lag between them, with the envelope of one lag (shaded) and of all lags (lines).

    ``finding`` is that of ``stats.coincidence.cross_correlogram``.
    """
    with style.printed():
        ax = ax if ax is not None else style.new(width=6.0, height=3.2)[1]
        curve = curve_of(finding, "lag", "pairs", "expected")
        unit = unit_of(finding, None)
        if curve is None:
            return words.nothing(ax, missing(finding, "correlogram", unit))
        lag, pairs = curve["lag"].to_numpy(float), curve["pairs"].to_numpy(float)
        width = float(finding.settings["bin_days"])
        edges = np.append(lag - width / 2, lag[-1] + width / 2)
        ends = np.append(np.arange(lag.size), lag.size - 1)
        low, high = (curve[name].to_numpy(float)[ends] for name in ("low", "high"))
        look = {"color": style.BAND, "linewidth": 0, "step": "post", "zorder": 0.5, "gid": "one lag"}
        ax.fill_between(edges, low, high, **look)
        for name in ("low_all", "high_all"):
            bound = curve[name].to_numpy(float)
            if np.isfinite(bound).all():
                line = {"where": "post", "color": style.VERMILLION, "linewidth": 1.0, "linestyle": (0, (5, 2))}
                ax.step(edges, bound[ends], gid="all lags", **line)
        mean = {"where": "post", "color": style.GREY, "linewidth": 0.9}
        ax.step(edges, curve["expected"].to_numpy(float)[ends], gid="expected", **mean)
        ax.plot(lag, pairs, "o", color=style.BLUE, markersize=4.0, gid="pairs", clip_on=False, zorder=4)
        ax.vlines(lag, 0, pairs, color=style.BLUE, linewidth=0.8, gid="stems")
        ax.set_ylim(0, 1.08 * max(pairs.max(), np.nanmax(curve[["high", "high_all"]].to_numpy(float)), 1))
        ax.set_xlim(edges[0], edges[-1])
        words.y_label(ax, f"pairs in {clock.units(width, unit)}")
        notes = _correlogram_notes(finding)
        n = " and ".join(str(k) for k in finding.n_events)
        words.caption(ax, f"lag in {clock.plural(unit)} (n = {n})", notes)
        words.settle(ax)
        style.describe(ax, _correlogram_alt(finding, pairs, unit))
        return ax


def matched(finding: Finding, *, ax=None):
    """How many matches the null gives, as bars, and how many were seen, as a line.

    ``finding`` is that of ``event_coincidence`` or ``knox``.
    """
    with style.printed():
        ax = ax if ax is not None else style.new(width=5.0, height=3.0)[1]
        curve = curve_of(finding, "matched", "share")
        unit = unit_of(finding, None)
        if curve is None:
            return words.nothing(ax, missing(finding, "range under the null", unit))
        count, share = curve["matched"].to_numpy(float), curve["share"].to_numpy(float)
        ax.bar(count, share, width=0.85 * _step(count), color=style.SKY, gid="null")
        ax.axvline(finding.statistic, color=style.VERMILLION, linewidth=1.6, gid="seen", zorder=4)
        values = np.append(count, finding.statistic)
        room = 0.6 * _step(count) + 0.02 * np.ptp(values)
        ax.set(xlim=(values.min() - room, values.max() + room), ylim=(0, 1.12 * share.max()))
        _whole(ax)
        words.settle(ax)
        homeless = flags.hoist(ax, [flags.Flag(finding.statistic, "seen", style.VERMILLION)])
        words.y_label(ax, "share of redrawn records")
        name = words.plain_text(finding.statistic_name)
        n = " and ".join(str(k) for k in np.atleast_1d(finding.n_events))
        p = p_text(finding.pvalue)
        notes = [f"p = {p} ({finding.alternative})", f"null: {words.plain_text(_null(finding))}"]
        words.caption(ax, f"{name} (n = {n})", [*notes, *(f"line: {f.text}" for f in homeless)])
        words.settle(ax)
        seen, expected = words.number(finding.statistic), _expected(finding, count, share)
        style.describe(ax, f"Histogram of {name} under the null with mean {expected}; {seen} were seen, p = {p}.")
        return ax


def while_on(finding: Finding, series: EventSeries, state: StateSeries, *, ax=None):
    """Events along time, the state shaded, and the rate with it on and off as steps.

    Parameters
    ----------
    finding : of ``rate_while``
    series, state : what was tested
    """
    with style.printed():
        ax = ax if ax is not None else style.new(width=6.0, height=3.0)[1]
        window = series.window
        if not finding.effect:
            return words.nothing(ax, missing(finding, "rate to compare", window.unit))
        low, high = clock.extent([window])
        label = clock.axis(ax, window, low, high, inches=0.8 * ax.get_figure(root=True).get_figwidth())
        for a, b in clock.unwatched(window, low, high):
            clock.hatch(ax, a, b)
        (off, on), (off_days, on_days) = finding.n_events, finding.exposure_days
        rates = off / off_days, on / on_days
        spells = np.asarray(clock.place(window, state.edges)).reshape(-1, 2)
        for a, b in spells:
            ax.axvspan(a, b, color=style.SHADES[0], linewidth=0, zorder=0.3, gid="state")
        level = finding.effect.level if finding.effect is not None else 0.95
        ends = garwood(off, off_days, level=level), garwood(on, on_days, level=level)
        _steps(ax, spells, low, high, rates, ends)
        top = max(*rates, ends[0][1], min(ends[1][1], 6 * max(rates)), 1e-12)
        ax.set_ylim(-0.14 * top, 1.15 * top)
        look = {"color": style.look(series.label).colour, "markersize": 7, "markeredgewidth": 0.9, "gid": "events"}
        ax.plot(clock.place(window, series.times), np.full(series.n, -0.08 * top), "|", clip_on=False, **look)
        words.settle(ax)
        name = words.plain_text(state.label, 30)
        first = [flags.Flag(float(spells[0].mean()), name, over_band=True)] if len(spells) else []
        homeless = flags.hoist(ax, first)
        words.y_label(ax, f"attacks per {window.unit}")
        many = _episodes(finding)
        notes = [
            f"{_ratio(finding)}",
            f"shaded: {name}, {many}",
            f"solid: rate, {words.percent(level)} limits pale",
            "strokes: attacks",
        ]
        notes += ["hatched: not watched"] if window.holes else []
        words.caption(ax, f"{label}; n = {series.n}, {clock.watched_text(window)}", notes)
        words.settle(ax)
        # The strokes stand below 0, where there is no rate; ticks that are fixed cannot change with the height.
        ax.set_yticks([tick for tick in ax.get_yticks() if 0 <= tick <= 1.15 * top])
        words.settle(ax)
        style.describe(ax, _while_alt(finding, series, name, many, rates, unnamed=bool(homeless)))
        return ax


def rivals(findings: Mapping[str, Finding], *, claimed: tuple[float, float] | None = None, ax=None):
    """Ratios on over off for the favoured explanation, its rivals and placebos, one under the other.

    ``findings`` are those of ``stats.coincidence.rivals(...).findings``.
    """
    unit = next((unit_of(f, None) for f in findings.values()), "day")
    named = {f"{words.plain_text(name)} ({_episodes(finding)})": finding for name, finding in findings.items()}
    return forest.ratios(named, claimed=claimed, unit=unit, sides=("off", "on"), ax=ax)


def _episodes(finding: Finding) -> str:
    number = finding.settings.get("episodes", 0)
    return "1 episode" if number == 1 else f"{number} episodes"


def _correlogram_notes(finding: Finding) -> list[str]:
    level = words.percent(finding.settings["level"])
    notes = [f"shaded: {level} of redrawn records, one lag", f"dashed: {level}, all lags at once", "grey: mean"]
    return [f"p over all lags {p_text(finding.pvalue)}", *notes, f"null: {words.plain_text(_null(finding))}"]


def _correlogram_alt(finding: Finding, pairs: np.ndarray, unit: str) -> str:
    effect, lag = finding.effect, finding.settings["lag"]
    ratio = "" if effect.value is None else f", {words.number(effect.value)} times what is expected"
    return (
        f"Pairs of events by lag, {int(pairs.sum())} in all: the most unusual lag is {clock.units(lag, unit)}{ratio}; "
        f"p over all lags {p_text(finding.pvalue)}."
    )


def _steps(ax, spells: np.ndarray, low: float, high: float, rates: tuple, ends: tuple) -> None:
    """Both rates as steps, off and on in turn, with their limits ``ends`` as pale bands."""
    edges = np.concatenate([[low], spells.ravel(), [high]])
    for i, (a, b) in enumerate(pairwise(edges)):
        if b > a:
            band = {"color": style.BLUE, "alpha": 0.15, "linewidth": 0, "zorder": 1, "gid": "limits"}
            ax.fill_between([a, b], *ends[i % 2], **band)
            ax.plot(
                [a, b], [rates[i % 2]] * 2, color=style.BLACK, linewidth=1.6, gid="on" if i % 2 else "off", zorder=3
            )


def _ratio(finding: Finding) -> str:
    effect = finding.effect
    value = "no estimate" if effect.value is None else words.number(effect.value)
    ends = ("no limit" if e is None else words.number(e) for e in (effect.low, effect.high))
    what = "under the null" if effect.interval == "null range" else "limits"
    return f"ratio on over off {value} ({words.percent(effect.level)} {what}: {' to '.join(ends)})"


def _while_alt(finding, series, name: str, many: str, rates, *, unnamed: bool) -> str:
    off, on = (words.number(r) for r in rates)
    where = "" if not unnamed else " (not named in the picture)"
    return (
        f"{series.n} {words.plain_text(series.label)} in {clock.watched_text(series.window)}: {on} per "
        f"{series.window.unit} while {name}{where} was on ({many}), {off} while it was off; {_ratio(finding)}."
    )


def _null(finding: Finding) -> str:
    return str(finding.settings.get("null", "places dealt out anew")).replace("_", " ")


def _expected(finding: Finding, count: np.ndarray, share: np.ndarray) -> str:
    return words.number(float((count * share).sum()))


def _step(count: np.ndarray) -> float:
    """The distance of neighbouring bars; 1 for counts of one record."""
    return float(np.diff(count).min()) if count.size > 1 else 1.0


def _whole(ax) -> None:
    from matplotlib.ticker import MaxNLocator

    ax.xaxis.set_major_locator(MaxNLocator(8, integer=True, min_n_ticks=1))
