"""The notebooks run by jupyter-scheduler as they are: through its REST service, with a parameter of the job."""

from __future__ import annotations

import re
import time

import nbformat
import pytest

from .conftest import NOTEBOOK, needs_outside

pytestmark = [pytest.mark.slow, needs_outside]


def job(lab, name: str, parameters: dict[str, str]) -> dict:
    """Ask for a job, wait for its end, and give what the scheduler says of it."""
    asked = {
        "name": name,
        "input_uri": f"notebooks/{NOTEBOOK}.ipynb",
        "runtime_environment_name": lab.ask("/scheduler/runtime_environments")[0]["name"],
        "output_formats": ["ipynb"],
        "parameters": parameters,
    }
    number = lab.ask("/scheduler/jobs", asked)["job_id"]
    for _ in range(600):
        found = lab.ask(f"/scheduler/jobs/{number}")
        if found["status"] in ("COMPLETED", "FAILED"):  # a job that has not begun is called STOPPED
            return found
        time.sleep(0.2)
    raise AssertionError(f"the job did not end within two minutes: {found}")


def test_findings_are_those_of_our_own_runner(lab, ours):
    # values are pasted into the notebook as they are typed, hence the quotes
    ended = job(lab, "another day", {"as_of": f'"{ours.as_of}"'})
    assert ended["status"] == "COMPLETED", ended
    lab.ask(f"/scheduler/jobs/{ended['job_id']}/download_files")
    (file,) = (lab.root / each["file_path"] for each in fetched(lab, ended) if each["file_format"] == "ipynb")
    outputs = [o for c in nbformat.read(file, as_version=4).cells for o in c.get("outputs", [])]
    assert not [o for o in outputs if o.output_type == "error"]
    digests = re.findall(r"digest of the findings <code>(\w{16})<", str(outputs))
    assert digests == [ours.digest]


def fetched(lab, ended: dict) -> list[dict]:
    """The files of a job, once the scheduler has laid them into the folder that the server shows."""
    for _ in range(100):
        files = lab.ask(f"/scheduler/jobs/{ended['job_id']}")["job_files"]
        if all(each["file_path"] for each in files):
            return files
        time.sleep(0.1)
    raise AssertionError(f"the files of the job never came: {files}")


def test_a_wrong_value_fails_the_job_and_says_why(lab):
    # a job that took the default instead would report another day than the one asked for
    ended = job(lab, "no such day", {"as_of": '"2021-13-30"'})
    assert ended["status"] == "FAILED", ended
    assert "as_of" in ended["status_message"]
