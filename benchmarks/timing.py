"""Median times of two ways to one answer, measured in turn in one process."""

from __future__ import annotations

import os
import statistics
import time
from collections.abc import Callable
from typing import Any

# One thread on both sides: set before numpy is imported by whoever imports this module first.
for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS"):
    os.environ.setdefault(name, "1")


def median_seconds(call: Callable[[], Any], *, repeats: int, inner: int = 1) -> tuple[float, Any]:
    """Median wall time of one call and its answer; the first, cold call is not counted."""
    answer = call()
    times = []
    for _ in range(repeats):
        begin = time.perf_counter()
        for _ in range(inner):
            answer = call()
        times.append((time.perf_counter() - begin) / inner)
    return statistics.median(times), answer


def row(
    computation: str,
    size: str,
    ours: Callable[[], Any],
    peer_name: str,
    peer: Callable[[], Any],
    *,
    aim: float,
    same: Callable[[Any, Any], bool],
    repeats: int = 5,
    peer_repeats: int | None = None,
    inner: int = 1,
) -> dict[str, Any]:
    """One line of the table: both medians, their ratio, the aim, and whether the answers agree."""
    our_seconds, our_answer = median_seconds(ours, repeats=repeats, inner=inner)
    peer_seconds, peer_answer = median_seconds(peer, repeats=peer_repeats or repeats)
    return {
        "computation": computation,
        "size": size,
        "ours_s": our_seconds,
        "peer": peer_name,
        "peer_s": peer_seconds,
        "ratio": our_seconds / peer_seconds,
        "aim": aim,
        "equal": bool(same(our_answer, peer_answer)),
    }
