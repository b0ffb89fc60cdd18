"""Median times of two ways to one answer, taken in turn in one process."""

from __future__ import annotations

import os
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

# One thread on both sides: set before numpy is imported by whoever imports this module first.
for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS"):
    os.environ[name] = "1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sides:
    """Two calls on the same inputs, and how to compare them.

    Parameters
    ----------
    ours, peer : calls without arguments; what they return is compared. No peer where the aim is one of our own seconds
    same : whether the two answers agree
    repeats, peer_repeats : timed calls of each (the peer: as many as ours)
    inner : our calls in one timing, for what takes microseconds
    cold_peer : the peer's only call is timed: for one that takes minutes, warmed up by another line
    """

    ours: Callable[[], Any]
    peer: Callable[[], Any] | None = None
    same: Callable[[Any, Any], bool] = lambda ours, peer: True
    repeats: int = 5
    peer_repeats: int | None = None
    inner: int = 1
    cold_peer: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of the table of aims.

    Parameters
    ----------
    computation, size : what is computed, of how many
    peer : the peer and its call, as printed
    aim : most that our time may be of the peer's
    seconds : the same in seconds of our own, where the aim is no ratio; ``aim`` is then 0
    sides : makes the inputs and both calls; the peer is imported in it, so that it may be absent
    """

    computation: str
    size: str
    peer: str
    aim: float = 0.0
    seconds: float | None = None
    sides: Callable[[], Sides]


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """A line with its medians in seconds; ``absent`` names a peer that is not installed, which is then not timed."""

    line: Line
    ours: float | None = None
    peer: float | None = None
    equal: bool = False
    absent: str = ""

    @property
    def ratio(self) -> float | None:
        """Our time over the peer's; None where there is no peer."""
        return None if self.peer is None else self.ours / self.peer

    @property
    def fast(self) -> bool:
        """Whether the aim is met."""
        if self.absent:
            return False
        return self.ours <= self.line.seconds if self.line.seconds else self.ratio <= self.line.aim

    @property
    def note(self) -> str:
        """What is wrong with the line, or nothing."""
        if self.absent:
            return f"peer absent: {self.absent}"
        return ", ".join((["answers differ"] if not self.equal else []) + (["aim missed"] if not self.fast else []))


def measured(line: Line) -> Measured:
    """Time both sides of a line in turn, warm, and compare their answers."""
    try:
        sides = line.sides()
    except ModuleNotFoundError as error:
        if (error.name or "").split(".")[0] in ("analysis", "benchmarks"):
            raise
        return Measured(line=line, absent=str(error.name))
    answer, peer_answer = sides.ours(), None
    if sides.peer is None:
        turns = 0
    elif sides.cold_peer:
        turns = 1
    else:
        turns, peer_answer = sides.peer_repeats or sides.repeats, sides.peer()
    our_times, peer_times = [], []
    for turn in range(max(sides.repeats, turns)):
        if turn < sides.repeats:
            answer, seconds = _timed(sides.ours, sides.inner)
            our_times.append(seconds)
        if turn < turns:
            peer_answer, seconds = _timed(sides.peer, 1)
            peer_times.append(seconds)
    return Measured(
        line=line,
        ours=statistics.median(our_times),
        peer=statistics.median(peer_times) if peer_times else None,
        equal=bool(sides.same(answer, peer_answer)),
    )


def cores() -> int:
    """Processors of this machine."""
    return os.cpu_count() or 1


def _timed(call: Callable[[], Any], inner: int) -> tuple[Any, float]:
    begin = time.perf_counter()
    for _ in range(inner):
        answer = call()
    return answer, (time.perf_counter() - begin) / inner
