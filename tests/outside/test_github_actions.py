"""The example for GitHub Actions: its file says what it must, and its commands are run in a shell."""

from __future__ import annotations

import os
import re
import subprocess

import pytest
import yaml

from .conftest import EXAMPLES, git, made, spoil
from .test_cron import problems

TEXT = (EXAMPLES / "github-actions.yml").read_text()
FLOW = yaml.safe_load(TEXT)
# YAML 1.1 reads the key `on` as true; GitHub does not.
ON = FLOW[True]
JOB = FLOW["jobs"]["reports"]


def test_it_wakes_at_times_that_cron_knows():
    (wake,) = ON["schedule"]
    assert problems(wake["cron"].split()) == []
    assert "workflow_dispatch" in ON  # to try it by hand


def test_two_of_it_wait_for_each_other():
    assert FLOW["concurrency"] == {"group": "reports", "cancel-in-progress": False}
    assert JOB["timeout-minutes"] <= 360


def test_it_may_read_the_project_and_no_more():
    assert FLOW["permissions"] == {"contents": "read"}
    (fetch,) = (step for step in JOB["steps"] if step.get("uses", "").startswith("actions/checkout@"))
    assert fetch["with"]["persist-credentials"] is False


def test_every_action_is_pinned_to_a_commit_and_says_which_version_it_is():
    # a tag can be moved to other code, a commit cannot
    uses = re.findall(r"uses: (.*)", TEXT)
    assert len(uses) == len([step for step in JOB["steps"] if "uses" in step])
    wrong = [each for each in uses if not re.fullmatch(r"actions/[a-z/-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+", each)]
    assert not wrong


def test_what_is_restored_is_what_was_saved():
    kept = {
        name: step for step in JOB["steps"] for name in ("restore", "save") if f"cache/{name}@" in step.get("uses", "")
    }
    assert kept["restore"]["with"]["path"] == kept["save"]["with"]["path"] == "reports"
    assert kept["restore"]["with"]["key"] == kept["save"]["with"]["key"]
    assert kept["save"]["with"]["key"].startswith(kept["restore"]["with"]["restore-keys"])
    assert kept["save"]["if"] == "always()"  # also after a failure: what did run is not to be run again


def steps(project) -> dict[str, int]:
    """Call the commands of all steps as GitHub does; those that are always run also after one that failed."""
    ended, failed = {}, False
    env = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ} | {"CI": "true"}
    env["GITHUB_STEP_SUMMARY"] = str(project.parent / "summary.md")
    for step in JOB["steps"]:
        if "run" not in step or (failed and step.get("if") != "always()"):
            continue
        command = ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]]
        done = subprocess.run(command, cwd=project, env=env, capture_output=True, text=True, timeout=120)
        ended[step["name"]] = done.returncode
        failed |= done.returncode != 0
    return ended


@pytest.fixture
def fetched(project):
    """The project as the first three steps leave it: fetched, over it the reports of before with an older schedule."""
    git(project, "init", "--quiet")
    git(project, "add", ".")
    who = ("-c", "user.name=a reader", "-c", "user.email=reader@example.org")
    git(project, *who, "commit", "--quiet", "-m", "the project")
    (project / "reports" / "schedule.yml").write_text("reports: {an-older-one: {notebook: gone, every: daily}}\n")
    return project


@pytest.mark.slow
def test_its_steps_make_the_report_once_and_say_what_comes_next(fetched):
    for _ in range(2):
        ended = steps(fetched)
        assert set(ended.values()) == {0}, ended
    (manifest,) = made(fetched)
    assert manifest["status"] == "ok"
    summary = (fetched.parent / "summary.md").read_text()
    assert "tiny-daily" in summary
    assert "an-older-one" not in summary


@pytest.mark.slow
def test_a_report_that_fails_fails_the_job_and_the_rest_is_still_kept(fetched):
    spoil(fetched)
    ended = steps(fetched)
    assert ended["Run the reports that are due"] == 1
    assert ended["Say what comes next"] == 0
    assert "failed with exit code 1" in (fetched.parent / "summary.md").read_text()
