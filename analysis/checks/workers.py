"""Processes that share a numbered list of calls: a bar, a clean stop, errors that name their number."""

from __future__ import annotations

import os
import pickle
import signal
import sys
import threading
import time
import traceback
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any, Literal

from analysis.errors import AnalysisError, ParameterError, check_choice

Start = Literal["fork", "spawn"]
SHORT_SECONDS = 0.5  # below this, starting processes costs more than it saves
CHUNK_SECONDS = 0.1  # work handed over at a time


class ReplicateError(AnalysisError):
    """One of many calls failed: ``number`` says which, ``seed`` from what it drew; the cause is chained."""

    def __init__(self, message: str, number: int, seed: int | None) -> None:
        super().__init__(message)
        self.number, self.seed = number, seed


class Stopped(KeyboardInterrupt):
    """Ctrl-C: ``done`` maps the number of each finished call to its result, ``runs`` is how many were asked for.

    Quick calls finish first, so ``done`` is no fair sample; ``leading`` is: the results before the first gap.
    """

    def __init__(self, done: dict[int, Any], runs: int, label: str) -> None:
        super().__init__(f"stopped by Ctrl-C after {len(done)} of {runs} {label}; no process is left behind")
        self.done, self.runs = done, runs

    @property
    def leading(self) -> list[Any]:
        """Results of calls 0, 1, 2, ... up to the first that was not finished."""
        found = []
        while len(found) in self.done:
            found.append(self.done[len(found)])
        return found


def spread(
    call: Callable[[int], Any],
    runs: int,
    workers: int | None,
    progress: bool | None,
    label: str,
    start: Start | None,
) -> list[Any]:
    """``[call(0), call(1), ...]``, ``runs`` of them, over processes; see ``analysis.checks.simulated``."""
    asked = _workers(workers)
    done: dict[int, Any] = {}
    try:
        seconds = _here(call, done, runs, runs if asked == 1 else min(1, runs), progress, label)
        left = runs - len(done)
        # The first call is made here in any case: it tells the cost, and compiles what the processes then inherit.
        while left and workers is None and seconds * left < SHORT_SECONDS * len(done):
            seconds += _here(call, done, runs, min(runs, 2 * len(done)), False, label)
            left = runs - len(done)
        method = _method(start, call) if left else None
        if left and method is None:
            _here(call, done, runs, runs, progress, label)
        elif left:
            _there(call, done, runs, min(asked, left), progress, label, method, seconds / len(done))
    except KeyboardInterrupt:
        raise Stopped(done, runs, label) from None
    return [done[i] for i in range(runs)]


def cores() -> int:
    """Cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _workers(workers: int | None) -> int:
    import multiprocessing

    if workers is not None and (not isinstance(workers, int) or isinstance(workers, bool) or workers < 1):
        raise ParameterError(f"workers must be a whole number of 1 or more, or None for every core; got {workers!r}")
    # A worker has no workers of its own.
    return 1 if multiprocessing.current_process().daemon else workers or cores()


def _method(start: Start | None, call: Callable[[int], Any]) -> Start | None:
    """How processes are started; None where they cannot be."""
    import multiprocessing

    if start is not None:
        check_choice("start", start, multiprocessing.get_all_start_methods())
        check_choice("start", start, ("fork", "spawn"))
        return start
    # macOS has fork, and system libraries that break in its children.
    if "fork" in multiprocessing.get_all_start_methods() and sys.platform != "darwin":
        return "fork"
    try:
        pickle.dumps(call)
    except Exception:
        reason = "the task cannot be sent to other processes (a lambda or a closure), so one core does all"
        warnings.warn(f"{reason}; define it in a module to use every core", RuntimeWarning, stacklevel=4)
        return None
    return "spawn"


def _here(call, done: dict[int, Any], runs: int, stop: int, progress: bool | None, label: str) -> float:
    """Calls up to ``stop`` in this process, after those that were done; the seconds they took."""
    begun = time.perf_counter()
    with _bar(runs, len(done), progress if stop == runs else False, label) as bar:
        for number in range(len(done), stop):
            try:
                done[number] = call(number)
            except Exception as error:
                raise _failed(number, runs, call, f"{type(error).__name__}: {error}") from error
            bar.update(1)
    return time.perf_counter() - begun


def _there(call, done, runs: int, n: int, progress, label: str, method: Start, seconds: float) -> None:
    """The rest of the calls on ``n`` processes: each gets a few at a time, and gives them back before it gets more."""
    import multiprocessing
    from multiprocessing.connection import wait

    context = multiprocessing.get_context(method)
    team: dict[Any, Any] = {}
    failures: dict[int, tuple[Exception, str]] = {}
    following, first = len(done), len(done)
    try:
        with _interrupts_held_back():
            for _ in range(n):
                ours, theirs = context.Pipe()
                inherited = [*team, ours] if method == "fork" else []
                worker = context.Process(target=_work, args=(call, theirs, inherited), daemon=True)
                _started(worker)
                theirs.close()
                team[ours] = worker
        with _bar(runs, first, progress, label) as bar:
            idle = list(team)
            busy: list[Any] = []
            while True:
                while idle and following < runs and not failures:
                    ours = idle.pop()
                    size = int(min(max(1, CHUNK_SECONDS / max(seconds, 1e-7)), max(1, (runs - following) / (2 * n))))
                    ours.send(range(following, following + size))
                    following += size
                    busy.append(ours)
                if not busy:
                    break
                for ours in wait(busy):
                    answers, took = _answers(ours, team)
                    busy.remove(ours)
                    idle.append(ours)
                    for number, value, error in answers:
                        if error is None:
                            done[number] = value
                        else:
                            failures[number] = error
                    seconds = took / max(1, len(answers))
                    bar.update(sum(error is None for _, _, error in answers))
        if failures:
            number = min(failures)
            cause, said = failures[number]
            raise _failed(number, runs, call, said) from cause
    finally:
        _dismissed(team)


def _answers(ours, team: dict) -> tuple[list, float]:
    try:
        return pickle.loads(ours.recv_bytes())
    except (EOFError, ConnectionError):
        worker = team[ours]
        worker.join(timeout=5)
        code = worker.exitcode
        reason = f"a worker ended with exit code {code}" + (" (killed, for want of memory?)" if code == -9 else "")
        raise AnalysisError(f"{reason} and gave nothing back; workers=1 shows where it stops") from None


def _work(call: Callable[[int], Any], theirs, inherited: list) -> None:
    """What a worker does: answer until nobody asks."""
    with suppress(ValueError):
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is answered by the process that asked
    for other in inherited:
        # Held open here, the ends of other workers would keep them waiting after this process's parent died.
        other.close()
    with suppress(EOFError, ConnectionError):
        while True:
            numbers = theirs.recv()
            begun = time.perf_counter()
            answers = []
            for number in numbers:
                answers.append(_answer(call, number))
                if answers[-1][2] is not None:
                    break
            theirs.send_bytes(_packed(answers, time.perf_counter() - begun))


def _packed(answers: list[tuple], took: float) -> bytes:
    try:
        return pickle.dumps((answers, took))
    except Exception:
        # Something cannot be sent back: the first such answer is an error of its call.
        for i, (number, value, _) in enumerate(answers):
            checked = _answer(lambda _, value=value: pickle.loads(pickle.dumps(value)), number)
            if checked[2] is not None:
                return pickle.dumps(([*answers[:i], checked], took))
        raise


def _answer(call: Callable[[int], Any], number: int) -> tuple[int, Any, tuple[Exception, str] | None]:
    try:
        return number, call(number), None
    except BaseException as error:
        said = f"{type(error).__name__}: {error}"
        return number, None, (RuntimeError(f"in the worker:\n{traceback.format_exc()}"), said)


def _failed(number: int, runs: int, call: Any, said: str) -> ReplicateError:
    seed = getattr(call, "seed", None)
    again = "" if seed is None else f"; repeat it with checks.replicate(task, seed={seed}, number={number})"
    return ReplicateError(f"number {number} of {runs} (counted from 0) failed with {said}{again}", number, seed)


def _started(worker) -> None:
    with warnings.catch_warnings():
        # Python 3.12 warns of fork beside threads, and a kernel has threads. The children run numbers alone.
        warnings.simplefilter("ignore", DeprecationWarning)
        worker.start()


def _dismissed(team: dict) -> None:
    """End every worker and wait for it, so that no zombie stays; a second Ctrl-C waits until that is done."""
    with _interrupts_held_back():
        for ours, worker in team.items():
            ours.close()
            worker.terminate()
        for worker in team.values():
            worker.join(timeout=5)
            if worker.is_alive():
                worker.kill()
                worker.join()
            worker.close()


@contextmanager
def _interrupts_held_back() -> Iterator[None]:
    """A Ctrl-C inside is answered at the end: half-started processes would be lost."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    seen: list[int] = []
    before = signal.signal(signal.SIGINT, lambda number, frame: seen.append(number))
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
    if seen:
        raise KeyboardInterrupt


@contextmanager
def _bar(total: int, first: int, progress: bool | None, label: str) -> Iterator[Any]:
    """A tqdm bar on stderr; None shows it on a terminal only."""
    from tqdm import tqdm

    class Bar(tqdm):
        monitor_interval = 0  # no thread beside the ones that are forked

    off = None if progress is None else not progress
    with Bar(total=total, initial=first, disable=off, desc=label, file=sys.stderr, dynamic_ncols=True) as bar:
        yield bar
