"""Killed at any moment: no published report is damaged, ``latest`` shows a whole one, and the next run mends the rest.

ATTACK_TIMING_KILLS=200 tries it two hundred times; each moment and each way of dying is drawn from a fixed seed.
"""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from analysis.runs.folder import PARTIAL, whole
from analysis.runs.kernels.kernel import alive

pytestmark = [pytest.mark.slow, pytest.mark.skipif(sys.platform != "linux", reason="reads the processes from /proc")]

KILLS = int(os.environ.get("ATTACK_TIMING_KILLS", "6"))
MARK = "ATTACK_TIMING_KILL_TEST"  # in the environment of every process that a call has started
SCHEDULE = """\
timezone: UTC
reports:
  one: {{notebook: '{book}', every: daily at 00:00, parameters: {{day: '{{slot}}'}}}}
  two: {{notebook: '{book}', every: daily at 00:00, parameters: {{day: '{{slot}}', n: 2}}}}
"""
DRAW = """\
from analysis.figures import style

fig, ax = style.new()
ax.plot([1, 2, n])
run.figure(fig, "line", alt="A line.")
"""


@pytest.fixture
def reports(notebook, tmp_path) -> Path:
    set_up = 'from analysis.runs import open_run\n\nrun = open_run("book", day=day, n=n)\n'
    parameters = 'day = ""  # of the slot\nn = 1  # a number\n'
    book = notebook("book", set_up, DRAW, "run.close()", parameters=parameters)
    folder = tmp_path / "reports"
    folder.mkdir()
    (folder / "schedule.yml").write_text(SCHEDULE.format(book=book))
    return folder


def started(reports: Path, day: int, mark: str) -> subprocess.Popen:
    command = [sys.executable, "-m", "analysis", "run-due", "--reports", str(reports)]
    command += ["--at", f"{2026 + day // 300}-{1 + day // 25 % 12:02d}-{1 + day % 25:02d}T12:00"]
    return subprocess.Popen(
        command, env=os.environ | {MARK: mark}, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )


def processes(mark: str) -> list[int]:
    """Every process that runs with this mark in its environment."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            if f"{MARK}={mark}".encode() in (folder / "environ").read_bytes() and alive(int(folder.name)):
                found.append(int(folder.name))
        except OSError:
            continue
    return found


def damaged(reports: Path) -> list[str]:
    """What a reader could come across that is not a whole report."""
    wrong = []
    for folder in (reports / "one", reports / "two"):
        runs = [path for path in folder.glob("[!.]*") if path.is_dir() and not path.is_symlink()]
        wrong += [f"{run} is not whole" for run in runs if not run.name.startswith("failed-") and not whole(run)]
        latest = folder / "latest"
        if latest.is_symlink() and not whole(latest):
            wrong.append(f"{latest} does not lead to a whole run")
    return wrong


def test_killed_at_a_random_moment_nothing_published_is_damaged_and_the_next_call_mends_it(reports):
    draw = random.Random(20210604)
    process = started(reports, 0, "first")
    begun = time.monotonic()
    assert process.wait(timeout=120) == 0, process.stdout.read()
    usual = time.monotonic() - begun
    for kill in range(1, KILLS + 1):
        mark, number = str(kill), draw.choice([signal.SIGKILL, signal.SIGKILL, signal.SIGTERM])
        process = started(reports, kill, mark)
        time.sleep(draw.uniform(0, 1.05 * usual))
        whom = draw.choice(["runner", "runner", "runner", "any"])
        victims = [process.pid] if whom == "runner" else (processes(mark) or [process.pid])
        victim = draw.choice(victims)
        os.kill(victim, number) if alive(victim) else None
        told = f"kill {kill}: signal {number} to {whom}"
        process.communicate(timeout=120)
        assert damaged(reports) == [], told
        # Those whose runner has gone end by themselves.
        deadline = time.monotonic() + 15
        while processes(mark) and time.monotonic() < deadline:
            time.sleep(0.05)
        assert processes(mark) == [], told
        again = started(reports, kill, f"{mark} again")
        said, _ = again.communicate(timeout=120)
        assert again.returncode == 0, f"{told}: {said}"
        assert damaged(reports) == [], told
        for folder in (reports / "one", reports / "two"):
            assert list(folder.glob(f"{PARTIAL}*")) == [], told
            manifest = (folder / "latest" / "manifest.json").read_text()
            assert f"-{1 + kill // 25 % 12:02d}-{1 + kill % 25:02d}" in manifest, told
