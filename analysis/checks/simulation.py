"""Many replicates of one random task on all cores, the same to the bit on any number of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from analysis.checks.workers import Start, spread
from analysis.errors import ParameterError, check_rng


def simulated(
    task: Callable[[np.random.Generator], Any],
    runs: int,
    *,
    rng: np.random.Generator | int,
    workers: int | None = None,
    progress: bool | None = None,
    label: str = "replicates",
    start: Start | None = None,
) -> list[Any]:
    """``[task(rng_0), task(rng_1), ...]``, ``runs`` of them, in that order.

    Replicate ``i`` draws from a generator of its own, made from the seed and ``i`` alone, so the result depends
    neither on the number of workers nor on who did which: n cores give what one core gives, to the bit.

    Parameters
    ----------
    task : called with a Generator and nothing else; what it gives back is sent between processes, so it must
        be picklable (numbers, arrays, findings, frames). It must not keep anything from one call to the next
    runs : number of replicates, 0 or more
    rng : seed, or a Generator from which one seed is drawn
    workers : processes; None for one on each core, and for no processes where the whole takes well under a second.
        1 stays in this process
    progress : a bar on stderr. None shows it on a terminal only, True always, False never
    label : what is counted, for the bar
    start : "fork" hands the task over by inheritance, so lambdas and closures of a notebook work; "spawn" needs a
        task that can be pickled. None takes fork where it is safe; elsewhere spawn, or one process with a
        RuntimeWarning where the task cannot be pickled

    Raises
    ------
    ReplicateError : a replicate failed; of several the one with the lowest number, whatever the number of workers
    Stopped : Ctrl-C (a KeyboardInterrupt); its ``done`` holds what was finished. No process is left behind

    Notes
    -----
    A replicate named in an error is repeated by ``replicate(task, seed, number)``.
    """
    seed = seed_of(rng)
    return spread(_Replicate(task, seed), _whole(runs, "runs"), workers, progress, label, start)


def mapped(
    task: Callable[[Any, np.random.Generator], Any],
    items: Sequence[Any],
    *,
    rng: np.random.Generator | int,
    workers: int | None = None,
    progress: bool | None = None,
    label: str = "items",
    start: Start | None = None,
) -> list[Any]:
    """``[task(items[0], rng_0), task(items[1], rng_1), ...]``; everything else as in ``simulated``."""
    items = list(items)
    return spread(_Each(task, items, seed_of(rng)), len(items), workers, progress, label, start)


def replicate(task: Callable[..., Any], seed: int, number: int, *item: Any) -> Any:
    """Replicate ``number`` of a simulation again, as a ReplicateError names it.

    For ``mapped`` the item is given too.
    """
    return task(*item, stream(seed, number))


def seed_of(rng: np.random.Generator | int) -> int:
    """The whole number from which all replicates are seeded: the seed itself, or one drawn from a Generator."""
    generator = check_rng(rng, "replicates are simulated")
    if not isinstance(rng, np.random.Generator):
        return int(rng)
    words = generator.integers(0, 2**32, size=4, dtype=np.uint64)
    return sum(int(word) << (32 * i) for i, word in enumerate(words))


def stream(seed: int, number: int) -> np.random.Generator:
    """The generator of one replicate: child ``number`` of the seed, as SeedSequence.spawn would give it."""
    return np.random.default_rng(np.random.SeedSequence(seed, spawn_key=(number,)))


@dataclass(frozen=True, slots=True)
class _Replicate:
    task: Callable[[np.random.Generator], Any]
    seed: int

    def __call__(self, number: int) -> Any:
        return self.task(stream(self.seed, number))


@dataclass(frozen=True, slots=True)
class _Each:
    task: Callable[[Any, np.random.Generator], Any]
    items: list[Any]
    seed: int

    def __call__(self, number: int) -> Any:
        return self.task(self.items[number], stream(self.seed, number))


def _whole(value: object, name: str) -> int:
    if not isinstance(value, int | np.integer) or isinstance(value, bool) or value < 0:
        raise ParameterError(f"{name} must be a whole number of 0 or more, got {value!r}")
    return int(value)
