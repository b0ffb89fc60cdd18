"""The page on scheduling shows the tested examples, and says of commands, codes and the schedule what is so."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

from analysis.runs import commands, exits
from analysis.runs.schedules import schedule

DOCS = Path(__file__).parents[2] / "docs"
PAGE = (DOCS / "scheduling.md").read_text(encoding="utf-8")
EXAMPLES = sorted(path for path in (DOCS / "examples").iterdir() if path.is_file())


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.name)
def test_every_example_is_shown_as_it_is_tested(path):
    # a reader who copies from the page would copy something that nobody has run
    assert f"(examples/{path.name}):\n\n```" in PAGE
    assert re.search(rf"```\w*\n{re.escape(path.read_text(encoding='utf-8'))}```", PAGE)


def test_every_example_that_is_named_is_there():
    named = set(re.findall(r"\(examples/([^)]+)\)", PAGE))
    assert named == {path.name for path in EXAMPLES}


@pytest.fixture
def shown(tmp_path) -> schedule.Schedule:
    """The schedule that the page shows."""
    text = PAGE.split("## The schedule")[1].split("```yaml\n")[1].split("```")[0]
    (tmp_path / "schedule.yml").write_text(text, encoding="utf-8")
    return schedule.read(tmp_path / "schedule.yml")


def test_the_schedule_shown_can_be_run(shown, tmp_path):
    assert shown.broken == {}
    slot = datetime(2021, 6, 30, 3, tzinfo=UTC)
    requests = {name: report.request(slot, tmp_path) for name, report in shown.reports.items()}
    assert len(requests) >= 3
    assert shown.reports["silence-daily"].keep == schedule.Keep(runs=30, days=400, failed=5)
    assert requests["silence-daily"].settings["as_of"] == "2021-06-30"


def test_every_command_and_option_is_one_of_ours():
    calls = re.findall(r"python -m analysis ([a-z-]+)((?: [^`\n]*)?)", PAGE)
    assert {"run-due", "next", "keep", "rerun", "check", "run"} <= {name for name, _ in calls}
    for name, rest in calls:
        options = {option for each in commands.main.commands[name].params for option in each.opts}
        assert set(re.findall(r"(?<!\S)--[a-z-]+", rest)) <= options, f"{name}{rest}"


def test_every_exit_code_is_explained():
    table = re.findall(r"^\| (\d) \|", PAGE, re.MULTILINE)
    assert [int(code) for code in table] == sorted(
        [exits.FINE, exits.FAILED, exits.USAGE, exits.DATA, exits.ENVIRONMENT, exits.TIME_LIMIT]
    )


def test_every_key_of_an_entry_is_explained():
    keys = set(re.findall(r"^\| `(\w+)` \|", PAGE, re.MULTILINE))
    assert keys == set(schedule._entry().model_fields)
