"""The history of a headline as a small line: where each run's value and limits lie, and what it says in words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from analysis.results import plain, with_unit
from analysis.runs.pages.history import PastRun
from analysis.runs.pages.moved import same_headline

WIDTH, HEIGHT, MARGIN = 180, 44, 7
MOST = 40  # runs in a line
TOLD = 8  # runs in words


@dataclass(frozen=True, slots=True)
class Mark:
    """One run in the line: x of its place, y of its value and limits from the top; y is None where it failed."""

    x: float
    y: float | None
    low: float | None
    high: float | None
    open_low: bool
    open_high: bool
    words: str


@dataclass(frozen=True, slots=True)
class Trace:
    """The line of a report: its marks, oldest first, the points of the line between values, and words for both."""

    marks: tuple[Mark, ...]
    line: str
    words: str
    left_out: int
    width: int = WIDTH
    height: int = HEIGHT


def trace(past: list[PastRun], latest: PastRun) -> Trace | None:
    """The line of the headline of ``latest`` over the runs of its report; None where it has no number.

    Parameters
    ----------
    past : the runs of one report, newest first
    latest : the good run whose headline is drawn; good runs with another headline are left out and counted
    """
    lead = latest.manifest.get("headline")
    if not (lead and lead.get("effect") and lead["effect"]["value"] is not None):
        return None
    told = [run for run in reversed(past) if run.status == "failed" or (run.status == "ok" and _has_number(run))]
    kept = [run for run in told if run.status == "failed" or same_headline(run.manifest, latest.manifest)]
    shown = kept[-MOST:]
    scale = _scale([run.manifest["headline"]["effect"] for run in shown if run.status == "ok"])
    marks = tuple(_mark(run, _place(i, len(shown)), scale) for i, run in enumerate(shown))
    line = " ".join(f"{mark.x:g},{mark.y:g}" for mark in marks if mark.y is not None)
    return Trace(marks, line, _words(lead["effect"]["name"], marks), len(told) - len(shown))


def _has_number(run: PastRun) -> bool:
    lead = run.manifest.get("headline")
    return bool(lead and lead.get("effect") and lead["effect"]["value"] is not None)


def _scale(effects: list[dict[str, Any]]) -> tuple[float, float]:
    ends = [effect[k] for effect in effects for k in ("value", "low", "high") if effect.get(k) is not None]
    return min(ends), max(ends)


def _place(i: int, n: int) -> float:
    inside = WIDTH - 2 * MARGIN
    return round(MARGIN + (inside / 2 if n == 1 else i * inside / (n - 1)), 1)


def _height(value: float, scale: tuple[float, float]) -> float:
    low, high = scale
    share = 0.5 if high == low else (value - low) / (high - low)
    return round(HEIGHT - MARGIN - share * (HEIGHT - 2 * MARGIN), 1)


def _mark(run: PastRun, x: float, scale: tuple[float, float]) -> Mark:
    day = f"{run.started:%Y-%m-%d %H:%M}"
    if run.status == "failed":
        return Mark(x, None, None, None, False, False, f"{day}: failed")
    effect = run.manifest["headline"]["effect"]
    low, high = (None if effect[k] is None else _height(effect[k], scale) for k in ("low", "high"))
    limited = low is not None or high is not None
    as_of = f", as of {run.manifest['as_of']}" if run.manifest.get("as_of") else ""
    return Mark(
        x,
        _height(effect["value"], scale),
        HEIGHT - 1 if limited and low is None else low,
        1 if limited and high is None else high,
        limited and low is None,
        limited and high is None,
        f"{day}{as_of}: {short(effect)}",
    )


def short(effect: dict[str, Any]) -> str:
    """A value with its unit and its limits: "24 days (0 to 93.7)"."""
    value = "no estimate" if effect["value"] is None else with_unit(effect["value"], effect["unit"])
    low, high = effect["low"], effect["high"]
    if low is None and high is None:
        return value
    ends = "no lower limit" if low is None else plain(low), "no upper limit" if high is None else plain(high)
    return f"{value} ({ends[0]} to {ends[1]})"


def _words(name: str, marks: tuple[Mark, ...]) -> str:
    told = "; ".join(mark.words for mark in marks[-TOLD:])
    more = f"; {len(marks) - TOLD} earlier ones are drawn only" if len(marks) > TOLD else ""
    return f"{name}, {len(marks)} run{'' if len(marks) == 1 else 's'}, oldest first: {told}{more}"
