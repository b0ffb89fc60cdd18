"""The lines of the speed table, as text for the terminal and for docs/benchmarks.md."""

from __future__ import annotations

import importlib
import platform
from collections.abc import Iterable, Iterator
from pathlib import Path

from benchmarks.timing import Line, Measured, cores

FAMILIES = ("rates", "waiting", "changepoint", "clustering", "nulls", "process", "reports")
PAGE = Path(__file__).parents[1] / "docs" / "benchmarks.md"
BEGIN, END = "<!-- written by make bench -->", "<!-- end -->"


def lines(families: Iterable[str]) -> Iterator[Line]:
    """The lines of some families, in the order of the table."""
    for family in families:
        yield from importlib.import_module(f"benchmarks.bench_{family}").LINES


def heading() -> str:
    """The names of the columns."""
    return f"{'computation':32} {'size':14} {'ours':>11} {'peer':>11} {'ratio':>9} {'aim':>7}  beside"


def as_line(m: Measured) -> str:
    """One line for the terminal."""
    note = f"  {m.note.upper()}" if m.note else ""
    times = f"{duration(m.ours):>11} {duration(m.peer):>11} {number(m.ratio):>9} {aim(m.line):>7}"
    return f"{m.line.computation:32} {m.line.size:14} {times}  {m.line.peer}{note}"


def as_row(m: Measured) -> str:
    """One row for the page."""
    cells = (m.line.computation, m.line.size, duration(m.ours), m.line.peer, duration(m.peer), number(m.ratio))
    return f"| {' | '.join(cells)} | {aim(m.line)} | {m.note or 'met'} |"


def page(text: str, found: Iterable[Measured]) -> str:
    """The page with its table, and the machine it was measured on, made anew."""
    before, rest = text.split(BEGIN)
    after = rest.split(END)[1]
    rows = [
        f"Measured on {cores()} cores with Python {platform.python_version()}, one thread a side.",
        "",
        "| computation | size | ours | peer | its time | ratio | aim | |",
        "|---|---|---:|---|---:|---:|---:|---|",
        *(as_row(m) for m in found),
    ]
    return f"{before}{BEGIN}\n" + "\n".join(rows) + f"\n{END}{after}"


def duration(seconds: float | None) -> str:
    """Seconds with three digits and a fitting unit; nothing for a side that was not timed."""
    if seconds is None:
        return ""
    for scale, unit in ((1.0, "s"), (1e3, "ms")):
        if seconds * scale >= 1:
            return f"{seconds * scale:.3g} {unit}" if seconds * scale < 1000 else f"{seconds * scale:.0f} {unit}"
    return f"{seconds * 1e6:.3g} µs"


def aim(line: Line) -> str:
    """What the line is held to: a ratio, or seconds of our own."""
    return duration(line.seconds) if line.seconds else f"{line.aim:g}"


def number(ratio: float | None) -> str:
    """A ratio with two digits, without an exponent."""
    if ratio is None:
        return ""
    return f"{ratio:.2f}" if ratio >= 0.1 else f"{float(f'{ratio:.2g}'):.7f}".rstrip("0")
