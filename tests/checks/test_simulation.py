"""Replicates on several processes: the same bits, a clean stop, errors that can be repeated."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import numpy as np
import pytest

from analysis import ParameterError
from analysis.checks import ReplicateError, mapped, replicate, simulated

ROOT = Path(__file__).parents[2]
here_only = pytest.mark.skipif(sys.platform != "linux", reason="processes are forked and counted as Linux does")


def shared_task(rng):
    """A number that depends on several draws."""
    return float(rng.standard_normal(7).sum())


@here_only
def test_two_cores_give_what_one_core_gives_to_the_bit():
    scale = 3.7  # a closure, as a notebook has it
    task = lambda rng: rng.gamma(0.3, scale, size=5)  # noqa: E731
    alone = np.array(simulated(task, 53, rng=11, workers=1))
    for workers in (2, 5, None):
        assert np.array(simulated(task, 53, rng=11, workers=workers)).tobytes() == alone.tobytes()
    assert np.unique(alone).size == alone.size, "two replicates drew the same numbers"
    assert np.array(simulated(task, 53, rng=12, workers=2)).tobytes() != alone.tobytes()


def test_more_replicates_begin_with_the_same_ones():
    assert simulated(shared_task, 9, rng=4, workers=1) == simulated(shared_task, 23, rng=4, workers=1)[:9]


def test_processes_started_afresh_give_the_same():
    draw = np.random.Generator.random  # a task that any process can find by its name
    alone = simulated(draw, 4, rng=8, workers=1)
    assert simulated(draw, 4, rng=8, workers=2, start="spawn") == alone
    assert alone == [np.random.default_rng(child).random() for child in np.random.SeedSequence(8).spawn(4)]


def test_a_generator_gives_one_seed_and_moves_on():
    one, other = np.random.default_rng(5), np.random.default_rng(5)
    first = simulated(shared_task, 5, rng=one, workers=1)
    assert first == simulated(shared_task, 5, rng=other, workers=1)
    assert first != simulated(shared_task, 5, rng=one, workers=1)


@here_only
@pytest.mark.parametrize("workers", [1, 2, None])
def test_the_first_replicate_that_fails_is_named_and_can_be_repeated(workers):
    def task(rng):
        value = rng.random()
        if value < 0.02:
            raise ZeroDivisionError("nothing to divide by")
        return value

    values = [replicate(np.random.Generator.random, 3, i) for i in range(400)]
    lowest = next(i for i, value in enumerate(values) if value < 0.02)
    with pytest.raises(ReplicateError, match="ZeroDivisionError: nothing to divide by") as caught:
        simulated(task, 400, rng=3, workers=workers)
    assert (caught.value.number, caught.value.seed) == (lowest, 3)
    assert f"seed=3, number={lowest}" in str(caught.value)
    with pytest.raises(ZeroDivisionError):
        replicate(task, caught.value.seed, caught.value.number)


@here_only
def test_what_cannot_be_sent_back_is_an_error_and_a_lost_worker_too():
    with pytest.raises(ReplicateError, match="pickle"):
        simulated(lambda rng: lambda: 1, 5, rng=1, workers=2)
    parent = os.getpid()
    with pytest.raises(ValueError, match="exit code 3"):
        simulated(lambda rng: os.getpid() == parent or os._exit(3), 5, rng=1, workers=2)


@here_only
def test_items_keep_their_order_and_their_own_draws():
    items = list("acquisition")
    found = mapped(lambda item, rng: (item, rng.random()), items, rng=2, workers=3)
    assert [item for item, _ in found] == items
    assert [draw for _, draw in found] == simulated(np.random.Generator.random, len(items), rng=2, workers=1)


@here_only
def test_a_task_may_simulate_itself():
    nested = simulated(lambda rng: simulated(shared_task, 3, rng=rng, workers=2), 4, rng=6, workers=2)
    assert nested == simulated(lambda rng: simulated(shared_task, 3, rng=rng, workers=1), 4, rng=6, workers=1)


def test_the_bar_shows_when_asked_and_not_in_a_log(capsys):
    simulated(shared_task, 4, rng=1, workers=1)
    assert capsys.readouterr().err == ""
    simulated(shared_task, 4, rng=1, workers=1, progress=True, label="records")
    assert "records: 100%" in capsys.readouterr().err
    simulated(shared_task, 4, rng=1, workers=2, progress=True, label="records")
    assert "4/4" in capsys.readouterr().err


def test_wrong_settings_are_refused():
    assert simulated(shared_task, 0, rng=1) == []
    for wrong in ({"runs": -1}, {"runs": 2.5}, {"workers": 0}, {"workers": True}, {"rng": None}, {"start": "thread"}):
        settings = {"runs": 3, "rng": 1, "workers": 2} | wrong
        with pytest.raises(ParameterError, match=next(iter(wrong))):
            simulated(shared_task, **settings)


STOPPED = """
    import sys, time
    from analysis.checks import Stopped, simulated

    def task(rng):
        time.sleep(0.05)
        return rng.random()

    try:
        print("begun", flush=True)
        simulated(task, 10_000, rng=1, workers=int(sys.argv[1]))
    except Stopped as stopped:
        again = simulated(lambda rng: rng.random(), len(stopped.leading), rng=1, workers=1)
        print(stopped, again == stopped.leading, len(stopped.done) > 0)
"""


@here_only
@pytest.mark.parametrize("workers", ["1", "2"])
def test_ctrl_c_stops_cleanly_and_leaves_no_process(workers):
    # A shell that starts the tests in the background has them ignore SIGINT, and children inherit that.
    heard = "import signal; signal.signal(signal.SIGINT, signal.default_int_handler)\n"
    command = [sys.executable, "-c", heard + textwrap.dedent(STOPPED), workers]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    with subprocess.Popen(command, cwd=ROOT, text=True, start_new_session=True, **pipes) as process:
        process.stdout.readline()
        time.sleep(0.7)
        os.killpg(process.pid, signal.SIGINT)  # a terminal sends it to every process of the group
        try:
            said, complained = process.communicate(timeout=60)
        finally:
            process.kill()
    assert process.returncode == 0
    assert "stopped by Ctrl-C after" in said
    assert said.strip().endswith("True True")
    assert complained == ""
    with pytest.raises(ProcessLookupError):
        os.killpg(process.pid, 0)


@here_only
def test_no_process_stays_after_the_work():
    import multiprocessing

    simulated(shared_task, 20, rng=1, workers=3)
    assert multiprocessing.active_children() == []
