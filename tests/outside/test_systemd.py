"""The examples for systemd: units that systemd finds in order, and a command that needs no more than they allow."""

from __future__ import annotations

import configparser
import os
import shlex
import shutil
import subprocess
from pathlib import Path

import pytest

from .conftest import EXAMPLES, example, made

UNITS = sorted(path.name for path in EXAMPLES.glob("attack-timing*"))
ANALYZE = shutil.which("systemd-analyze")
needs_systemd = pytest.mark.skipif(ANALYZE is None, reason="no systemd-analyze on this machine")


def unit(name: str, project: Path) -> configparser.ConfigParser:
    """A unit as its sections."""
    found = configparser.ConfigParser(interpolation=None, strict=True, delimiters=("=",), comment_prefixes=("#",))
    found.optionxform = str
    found.read_string(
        example(name, project) if "/srv" in (EXAMPLES / name).read_text() else (EXAMPLES / name).read_text()
    )
    return found


def test_there_are_a_service_a_timer_and_a_way_of_being_told():
    assert UNITS == ["attack-timing-failed.service", "attack-timing.service", "attack-timing.timer"]


@needs_systemd
def test_systemd_finds_nothing_wrong(project, tmp_path):
    units = tmp_path / "units"
    units.mkdir()
    for name in UNITS:
        text = (EXAMPLES / name).read_text().replace("/srv/attack-timing", str(project))
        (units / name).write_text(text.replace("User=attack-timing", "User=root"))
    # --man=no: manual pages of an image may be cut away; the units name none
    command = [ANALYZE, "verify", "--man=no", "--recursive-errors=one", *(str(units / name) for name in UNITS)]
    done = subprocess.run(command, capture_output=True, text=True, env=os.environ | {"SYSTEMD_UNIT_PATH": f"{units}:"})
    told = [line for line in done.stderr.splitlines() if str(units) in line or "attack-timing" in line]
    assert (done.returncode, told) == (0, []), done.stderr


@needs_systemd
def test_systemd_would_complain_of_a_misspelt_setting(project, tmp_path):
    text = example("attack-timing.service", project).replace("WorkingDirectory", "WorkDirectory")
    (tmp_path / "attack-timing.service").write_text(text)
    done = subprocess.run(
        [ANALYZE, "verify", "--man=no", str(tmp_path / "attack-timing.service")], capture_output=True, text=True
    )
    assert "WorkDirectory" in done.stderr


@needs_systemd
def test_the_timer_wakes_it_every_quarter_of_an_hour(project):
    when = unit("attack-timing.timer", project)["Timer"]["OnCalendar"]
    command = [ANALYZE, "calendar", "--iterations=3", "--base-time=2026-03-29 00:50:00 UTC", when]
    done = subprocess.run(command, capture_output=True, text=True, check=True, env=os.environ | {"TZ": "UTC"})
    for moment in ("01:00:00", "01:15:00", "01:30:00"):
        assert f"2026-03-29 {moment} UTC" in done.stdout


def test_the_units_name_each_other_and_one_project(project):
    service, timer = unit("attack-timing.service", project), unit("attack-timing.timer", project)
    assert service["Unit"]["OnFailure"] in UNITS
    assert service["Service"]["Type"] == "oneshot"  # else the timer could start a second beside the first
    assert timer["Timer"]["Persistent"] == "true"  # a machine that was off makes up for it
    assert service["Service"]["WorkingDirectory"] == str(project)
    assert service["Service"]["ReadWritePaths"] == str(project / "reports")


@pytest.mark.slow
def test_the_service_makes_the_report_and_writes_nowhere_else(project, tmp_path):
    # the rest of the project is read-only to it, as ProtectSystem=strict makes it
    service = unit("attack-timing.service", project)["Service"]
    home = tmp_path / "cache"
    home.mkdir()
    start = f"cd {shlex.quote(service['WorkingDirectory'])} && {service['ExecStart']}"
    closed = (
        f'mount --bind "{project}" "{project}" && mount -o remount,bind,ro "{project}" && '
        f'mount --bind "{project}/reports" "{project}/reports" && mount -o remount,bind,rw "{project}/reports"'
    )
    alone = ["unshare", "--mount", "--propagation", "private"]
    if shutil.which("unshare") is None or subprocess.run([*alone, "sh", "-c", closed], capture_output=True).returncode:
        pytest.skip("this machine does not let us make a folder read-only for one process")
    env = {"PATH": "/usr/bin:/bin", "HOME": str(home)}
    done = subprocess.run(
        [*alone, "sh", "-c", f"{closed} && {start}"], env=env, capture_output=True, text=True, timeout=120
    )
    assert done.returncode == 0, done.stdout + done.stderr
    (manifest,) = made(project)
    assert manifest["status"] == "ok"
    written = list((project / "analysis").rglob("__pycache__"))
    assert written == [], "the folder was not read-only, so the test shows nothing"
