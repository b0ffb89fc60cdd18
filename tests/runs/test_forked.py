"""Kernels forked from one template process: the same outputs cell for cell, and never a way round a failure."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import nbformat
import pytest
from jupyter_core.utils import run_sync

from analysis.runs import execute, manifest
from analysis.runs.kernels import forked, kernel, ready, template
from analysis.runs.request import prepare

pytestmark = pytest.mark.skipif(not forked.OFFERED, reason="kernels are forked on Linux only")

DRAWS = """\
import random

import numpy as np

(random.random(), float(np.random.random()))
"""
PLOT = """\
import matplotlib.pyplot as plt
import seaborn as sns

sns.lineplot(x=[1, 2, 3], y=[3.5, 1.1, n])
plt.show()
"""
MODEL = """\
import statsmodels.api as sm

sm.GLM([3, 1, 4, 1], [[1, 0], [1, 0], [1, 1], [1, 1]], family=sm.families.Poisson()).fit().params.round(10).tolist()
"""
KINDS = """\
import warnings, sys, os, multiprocessing

warnings.warn("a warning", stacklevel=1)
print("to stdout"); print("to stderr", file=sys.stderr)
sorted(k for k in os.environ if k.endswith("_NUM_THREADS")), os.getcwd() == os.environ["PWD_OF_PROJECT"]
"""


@pytest.fixture
def address(tmp_path):
    """The address of a template process."""
    folder = kernel.folder()
    made = forked.Template(folder, ["pandas", "seaborn", "statsmodels.api", "analysis"], kernel.environment())
    yield made.address
    made.close()
    assert made.process.poll() is not None


def cells(folder: Path) -> list:
    return [cell.get("outputs") for cell in nbformat.read(folder / "report.ipynb", 4).cells]


def test_forked_and_ordinary_kernels_give_the_same_bytes_cell_for_cell(small, tmp_path, address, monkeypatch):
    monkeypatch.setenv("PWD_OF_PROJECT", str(kernel.places.root()))
    book = small("book", PLOT, MODEL, KINDS, "import pandas as pd\n\npd.DataFrame({'a': [1.5, 2.25]})")
    ordinary = execute.run(prepare(str(book), {}, reports=tmp_path / "ordinary"))
    quick = execute.run(prepare(str(book), {}, reports=tmp_path / "quick"), template=address)
    assert "not forked" not in (quick.folder / "run.log").read_text()
    assert "<cell>:3: UserWarning" in (quick.folder / "report.ipynb").read_text()
    kinds = {output["output_type"] for outputs in cells(ordinary.folder) for output in outputs or ()}
    assert kinds == {"display_data", "execute_result", "stream"}
    assert cells(quick.folder) == cells(ordinary.folder)
    assert manifest.differences(ordinary.folder, quick.folder) == []


def test_a_full_report_is_the_same_to_the_byte(good, good_notebook, tmp_path, address):
    quick = execute.run(prepare(str(good_notebook), {}, reports=tmp_path / "quick"), template=address)
    assert manifest.differences(good.folder, quick.folder) == []
    assert len(manifest.outputs(quick.folder)) > 5


def test_the_kernel_was_forked_and_ends_with_its_report(small, tmp_path, address):
    mark = tmp_path / "pid.txt"
    book = small("book", f"import os\n\nprint(os.getppid(), os.getpid(), file=open({str(mark)!r}, 'w'))")
    execute.run(prepare(str(book), {}, reports=tmp_path / "reports"), template=address)
    parent, own = map(int, mark.read_text().split())
    assert parent != os.getpid()  # a kernel of its own would be our child
    assert kernel.alive(parent)
    deadline = time.monotonic() + 5
    while kernel.alive(own) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not kernel.alive(own)


def test_what_draws_without_a_seed_draws_differently_in_every_kernel(small, tmp_path, address):
    drawn = []
    for name in ("one", "two"):
        outcome = execute.run(prepare(str(small(name, DRAWS)), {}, reports=tmp_path / "reports"), template=address)
        drawn.append(next(outputs for outputs in cells(outcome.folder) if outputs)[0]["data"]["text/plain"])
    assert drawn[0] != drawn[1]


def test_a_killed_and_a_leaving_kernel_are_told_from_each_other(small, tmp_path, address):
    dies = small("dies", "import os, signal\n\nos.kill(os.getpid(), signal.SIGKILL)")
    with pytest.raises(execute.RunError, match="signal 9") as lost:
        execute.run(prepare(str(dies), {}, reports=tmp_path / "reports"), template=address)
    assert lost.value.code == 4
    leaves = small("leaves", "import os\n\nos._exit(3)")
    with pytest.raises(execute.RunError, match="exit code 3"):
        execute.run(prepare(str(leaves), {}, reports=tmp_path / "reports"), template=address)


def test_without_a_template_a_kernel_starts_as_usual(small, tmp_path, monkeypatch):
    monkeypatch.setattr(forked, "ANSWER_SECONDS", 0.4)
    outcome = execute.run(prepare(str(small("book")), {}, reports=tmp_path / "reports"), template=tmp_path / "nobody")
    assert outcome.html.is_file()


def test_a_template_in_which_threads_run_forks_nothing(tmp_path, small):
    # The module stands for a library that starts a thread while it is imported.
    folder = kernel.folder()
    (tmp_path / "analysis_threads.py").write_text(
        "import threading, time\nthreading.Thread(target=time.sleep, args=(30,), daemon=True).start()\n"
    )
    code = (
        "import sys; sys.path.insert(0, sys.argv[2]); from analysis.runs.kernels import template; "
        "template.KNOWN.add('analysis_threads'); template.main(sys.argv[1], __import__('os').getppid())"
    )
    environment = kernel.environment() | {"ATTACK_TIMING_IMPORTS": "analysis_threads"}
    process = subprocess.Popen([sys.executable, "-c", code, str(folder / "s"), str(tmp_path)], env=environment)
    try:
        asked = {"arguments": [], "environment": {}, "cwd": str(tmp_path), "log": str(tmp_path / "log")}
        with pytest.raises(forked.NotForked, match="threads"):
            forked.ForkedProcess(folder / "s", asked)
        outcome = execute.run(prepare(str(small("book")), {}, reports=tmp_path / "reports"), template=folder / "s")
        assert outcome.html.is_file()
    finally:
        process.kill()
        process.wait()


def test_a_template_imports_ahead_what_is_known_and_leaves_the_rest_to_the_notebook():
    assert template.known(["pandas", "statsmodels.api", "torch", "antigravity", "analysis.stats"]) == [
        "pandas", "statsmodels.api", "analysis.stats",
    ]  # fmt: skip


def test_a_template_ends_with_who_started_it(tmp_path):
    code = (
        "import sys, time; from pathlib import Path; from analysis.runs.kernels import forked, kernel; "
        "t = forked.Template(Path(sys.argv[1]), [], kernel.environment()); "
        "print(t.process.pid, flush=True); time.sleep(60)"
    )
    owner = subprocess.Popen([sys.executable, "-c", code, str(tmp_path)], stdout=subprocess.PIPE, text=True)
    pid = int(owner.stdout.readline())
    owner.send_signal(signal.SIGKILL)
    owner.wait()
    owner.stdout.close()
    deadline = time.monotonic() + 20
    while kernel.alive(pid) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert not kernel.alive(pid)


def test_one_after_another_and_side_by_side_leave_the_same_bytes(small, tmp_path, command_line):
    books = [small(name, PLOT, "run.rng" if name == "z" else "n + 1") for name in ("a", "b", "c")]
    for name, jobs in (("alone", 1), ("together", 3)):
        done = command_line("run", *books, "--reports", tmp_path / name, "--jobs", jobs)
        assert done.returncode == 0, done.stderr
    for book in books:
        one, other = (tmp_path / name / book.stem / "latest" for name in ("alone", "together"))
        assert one.resolve().name == other.resolve().name
        assert manifest.differences(one, other) == []
        assert json.loads((one / "manifest.json").read_text())["status"] == "ok"


def test_what_is_imported_ahead_follows_from_what_notebooks_import():
    assert ready.READ_WITH in ready.ahead("analysis analysis.load").split()
    assert ready.READ_WITH not in ready.ahead("analysis analysis.EventSeries").split()
    assert ready.ahead("pandas").startswith("pandas matplotlib.figure")


def test_imports_leave_the_collector_as_it_was_and_nothing_to_look_through():
    import gc

    before = gc.get_freeze_count()
    with ready.lasting():
        assert not gc.isenabled()
        kept = [[] for _ in range(100)]
    assert gc.isenabled()
    assert gc.get_freeze_count() >= before + len(kept)
    gc.unfreeze()
    gc.disable()
    try:
        with ready.lasting():
            pass
        assert not gc.isenabled()
    finally:
        gc.enable()
        gc.unfreeze()


def test_a_kernel_is_ready_when_it_says_so_and_not_a_fixed_while_later(address):
    # Waiting until a kernel has been silent for a fifth of a second costs that much in every report.
    made = kernel.Kernel({}, address)
    try:
        made.start()
        client = made.manager.client()
        client.start_channels()
        run_sync(client.wait_for_ready)(timeout=60)
        begun = time.monotonic()
        run_sync(client.wait_for_ready)(timeout=60)
        assert time.monotonic() - begun < 0.2
    finally:
        made.close()
