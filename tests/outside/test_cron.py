"""The example for cron: its line is one that cron reads, and what it calls does the work and tells of failures."""

from __future__ import annotations

import os
import re
import subprocess

import pytest

from .conftest import example, made, spoil

LIMITS = {"minute": (0, 59), "hour": (0, 23), "day of the month": (1, 31), "month": (1, 12), "weekday": (0, 7)}
PART = re.compile(r"(?:\*|(\d+)(?:-(\d+))?)(?:/(\d+))?")


def read(text: str) -> tuple[dict[str, str], list[tuple[list[str], str]]]:
    """The settings and the entries of a crontab, an entry as its five fields and its command."""
    settings, entries = {}, []
    for line in text.splitlines():
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        if found := re.fullmatch(r"([A-Z_]+)\s*=\s*(.*)", line):
            settings[found[1]] = found[2]
            continue
        *fields, command = line.split(maxsplit=5)
        entries.append((fields, command))
    return settings, entries


def problems(fields: list[str]) -> list[str]:
    """What cron would not take of the five fields."""
    told = [] if len(fields) == 5 else [f"{len(fields)} fields"]
    for (name, (low, high)), field in zip(LIMITS.items(), fields, strict=False):
        for part in field.split(","):
            found = PART.fullmatch(part)
            numbers = [int(n) for n in (found.groups()[:2] if found else ()) if n]
            if not found or any(not low <= n <= high for n in numbers) or found[3] == "0":
                told.append(f"{name}: {part}")
    return told


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("*/15 * * * *", []),
        ("0 6 1,15 * 1-5", []),
        ("60 * * * *", ["minute: 60"]),
        ("0 6 * * mo", ["weekday: mo"]),
        ("0 6 0 * *", ["day of the month: 0"]),
        ("0 6 * *", ["4 fields"]),
        ("*/0 * * * *", ["minute: */0"]),
    ],
)
def test_a_wrong_field_would_be_seen(line, told):
    assert problems(line.split()) == told


def test_cron_reads_the_line(project):
    settings, entries = read(example("crontab", project))
    assert settings["MAILTO"]  # without it nobody is told
    ((fields, command),) = entries
    assert problems(fields) == []
    assert "%" not in command  # cron takes it for a new line
    assert "/" in command.split()[1]


def called(project) -> subprocess.CompletedProcess:
    """The command of the example, called with what cron gives a command and no more."""
    settings, ((_, command),) = read(example("crontab", project))
    env = {
        "HOME": os.environ.get("HOME", "/"),
        "LOGNAME": "reader",
        "PATH": "/usr/bin:/bin",
        "SHELL": settings["SHELL"],
    }
    return subprocess.run(
        [settings["SHELL"], "-c", command], cwd="/", env=env, capture_output=True, text=True, timeout=120
    )


@pytest.mark.slow
def test_the_command_makes_the_report_once_and_mails_nothing(project):
    # whatever it prints would be mailed four times an hour
    for _ in range(2):
        done = called(project)
        log = (project / "reports" / "run-due.log").read_text()
        assert (done.returncode, done.stdout, done.stderr) == (0, "", ""), log
    (manifest,) = made(project)
    assert manifest["status"] == "ok"


@pytest.mark.slow
def test_a_failure_is_mailed_with_its_exit_code_and_the_log_says_why(project):
    spoil(project)
    done = called(project)
    assert "exit code 1" in done.stdout
    log = project / "reports" / "run-due.log"
    assert str(log) in done.stdout
    assert "spoilt for a test" in log.read_text()
    again = called(project)
    assert (again.stdout, len(made(project))) == ("", 1), "what failed is not run again until its inputs change"


@pytest.mark.slow
def test_a_project_that_is_not_there_is_told(project):
    done = called(project / "elsewhere")
    assert "exit code" in done.stdout
    assert "elsewhere" in done.stderr
