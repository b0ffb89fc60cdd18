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

from .conftest import EXAMPLES, NOTEBOOK, ROOT, checkout, made

FILES = sorted(EXAMPLES.glob("airflow_*.py"))
AIRFLOW = ROOT / ".venv-airflow" / "bin"
RUN = """
import importlib, sys
from datetime import datetime, timezone
for name in sys.argv[2:]:
    flow = importlib.import_module(name).dag
    ended = flow.test(logical_date=datetime.fromisoformat(sys.argv[1]).replace(tzinfo=timezone.utc))
    print("ENDED", flow.dag_id, str(ended.state).split(".")[-1].lower())
"""


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_it_is_python_that_names_a_notebook_which_is_there(path):
    ast.parse(path.read_text())
    named = re.findall(r"notebooks/(\w+\.ipynb)", path.read_text())
    assert all((ROOT / "notebooks" / name).is_file() for name in named)
    assert "run-due" in path.read_text() or named


@pytest.fixture(scope="module")
def ended(tmp_path_factory, ours) -> SimpleNamespace:
    """Both examples run by Airflow for the day of our own run: how they ended, what they said, and what they left."""
    pytest.importorskip("jupyter_scheduler", reason="not in this environment; make test-outside runs Airflow")
    if not (AIRFLOW / "airflow").exists():
        pytest.skip("no Airflow in .venv-airflow; make test-outside makes it")
    home = tmp_path_factory.mktemp("airflow")
    (home / "played").mkdir()
    project = checkout(home / "attack-timing")
    shutil.copy(ROOT / "notebooks" / f"{NOTEBOOK}.ipynb", project / "notebooks")
    # The kernel that the page tells the reader to make: the package's environment under a name of its own.
    install = [sys.executable, "-m", "ipykernel", "install", "--prefix", str(home), "--name", "attack-timing"]
    subprocess.run(install, check=True, capture_output=True)
    env = environment(home) | {"ATTACK_TIMING_PROJECT": str(project), "ATTACK_TIMING_PLAYED": str(home / "played")}
    subprocess.run([AIRFLOW / "airflow", "db", "migrate"], env=env, check=True, capture_output=True)
    command = [AIRFLOW / "python", "-c", RUN, ours.as_of, *(path.stem for path in FILES)]
    done = subprocess.run(command, env=env, capture_output=True, text=True)
    states = dict(re.findall(r"^ENDED (\S+) (\S+)", done.stdout, re.MULTILINE))
    return SimpleNamespace(states=states, said=done.stdout + done.stderr, project=project, played=home / "played")


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
def test_a_bash_operator_makes_what_is_due(ended):
    assert ended.states["attack_timing_due"] == "success", ended.said[-3000:]
    (manifest,) = made(ended.project)
    assert manifest["status"] == "ok"


@pytest.mark.slow
def test_a_papermill_operator_gives_the_findings_of_our_own_runner(ended, ours):
    # in Airflow's own Python the notebook would not even find the package
    assert ended.states["attack_timing_record"] == "success", ended.said[-3000:]
    played = nbformat.read(ended.played / f"{NOTEBOOK}_{ours.as_of}.ipynb", as_version=4)
    outputs = [output for cell in played.cells for output in cell.get("outputs", [])]
    assert re.findall(r"digest of the findings <code>(\w{16})<", str(outputs)) == [ours.digest]
