"""The examples for Airflow, run by Airflow itself: run-due by a BashOperator, a notebook by a PapermillOperator."""

from __future__ import annotations

import ast
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import nbformat
import pytest

from .conftest import EXAMPLES, NOTEBOOK, ROOT, checkout, made, needs_outside, spoil

FILES = sorted(EXAMPLES.glob("airflow_*.py"))
AIRFLOW = ROOT / ".venv-airflow" / "bin"
needs_airflow = pytest.mark.skipif(
    not (AIRFLOW / "airflow").exists(), reason="no Airflow in .venv-airflow; make test-outside makes it"
)
RUN = """
import importlib, os, sys
from datetime import datetime, timezone
day = datetime.fromisoformat(sys.argv[1]).replace(tzinfo=timezone.utc)
for name, project in zip(sys.argv[2::2], sys.argv[3::2]):
    os.environ["ATTACK_TIMING_PROJECT"] = project
    flow = importlib.reload(importlib.import_module(name)).dag
    print("ENDED", str(flow.test(logical_date=day).state).split(".")[-1].lower())
"""


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_it_is_python_that_names_a_notebook_which_is_there(path):
    ast.parse(path.read_text())
    named = re.findall(r"notebooks/(\w+\.ipynb)", path.read_text())
    assert all((ROOT / "notebooks" / name).is_file() for name in named)
    assert "run-due" in path.read_text() or named


@pytest.fixture(scope="module")
def ended(tmp_path_factory, ours) -> SimpleNamespace:
    """The examples run by Airflow for the day of our own run, and once more on a report that fails."""
    home = tmp_path_factory.mktemp("airflow")
    (home / "played").mkdir()
    project, spoilt = checkout(home / "attack-timing"), checkout(home / "spoilt")
    shutil.copy(ROOT / "notebooks" / f"{NOTEBOOK}.ipynb", project / "notebooks")
    spoil(spoilt)
    # The kernel that the page tells the reader to make: the package's environment under a name of its own.
    install = [sys.executable, "-m", "ipykernel", "install", "--prefix", str(home), "--name", "attack-timing"]
    subprocess.run(install, check=True, capture_output=True)
    env = environment(home) | {"ATTACK_TIMING_PLAYED": str(home / "played")}
    subprocess.run([AIRFLOW / "airflow", "db", "migrate"], env=env, check=True, capture_output=True)
    asked = ["airflow_due", project, "airflow_notebook", project, "airflow_due", spoilt]
    command = [AIRFLOW / "python", "-c", RUN, ours.as_of, *asked]
    done = subprocess.run(command, env=env, capture_output=True, text=True, timeout=300)
    states = re.findall(r"^ENDED (\S+)", done.stdout, re.MULTILINE)
    assert len(states) == 3, done.stdout + done.stderr
    return SimpleNamespace(
        due=states[0], notebook=states[1], spoilt=states[2], said=done.stdout, project=project, played=home / "played"
    )


def environment(home: Path) -> dict[str, str]:
    """What Airflow is told by variables: its folder and database, the examples, and where kernels are."""
    env = {name: value for name, value in os.environ.items() if not name.startswith(("AIRFLOW", "PYTHON", "VIRTUAL"))}
    return env | {
        "AIRFLOW_HOME": str(home),
        "AIRFLOW__CORE__DAGS_FOLDER": str(EXAMPLES),
        "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
        "AIRFLOW__USAGE_DATA_COLLECTION__ENABLED": "False",
        "JUPYTER_PATH": str(home / "share" / "jupyter"),
        "PYTHONPATH": str(EXAMPLES),
        "PYTHONDONTWRITEBYTECODE": "1",
    }


@pytest.mark.slow
@needs_outside
@needs_airflow
def test_a_bash_operator_makes_what_is_due(ended):
    assert ended.due == "success", ended.said[-3000:]
    (manifest,) = made(ended.project)
    assert manifest["status"] == "ok"


@pytest.mark.slow
@needs_outside
@needs_airflow
def test_a_report_that_fails_fails_the_task_and_its_log_says_why(ended):
    # Airflow tells of failed tasks; one that ended well would hide the failure
    assert ended.spoilt == "failed"
    assert "spoilt for a test" in ended.said


@pytest.mark.slow
@needs_outside
@needs_airflow
def test_a_papermill_operator_gives_the_findings_of_our_own_runner(ended, ours):
    # in Airflow's own Python the notebook would not even find the package
    assert ended.notebook == "success", ended.said[-3000:]
    played = nbformat.read(ended.played / f"{NOTEBOOK}_{ours.as_of}.ipynb", as_version=4)
    outputs = [output for cell in played.cells for output in cell.get("outputs", [])]
    assert re.findall(r"digest of the findings <code>(\w{16})<", str(outputs)) == [ours.digest]
