"""The same inputs on another day, in another time zone and from another folder: the same bytes, pictures included."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from analysis.runs import manifest

FAKETIME = shutil.which("faketime")
pytestmark = pytest.mark.skipif(FAKETIME is None, reason="the program faketime is not here, which shows another clock")


def made(reports: Path, *, here: Path, before: tuple[str, ...] = (), **environment: str) -> Path:
    """The run of the record notebook, made from the folder ``here``."""
    command = [*before, sys.executable, "-m", "analysis", "run", "record", "--reports", str(reports), "--quiet"]
    done = subprocess.run(
        command, cwd=here, env=os.environ | environment, capture_output=True, text=True, timeout=300, check=False
    )
    assert done.returncode == 0, done.stderr
    return reports / "record" / "latest"


def test_a_report_made_on_another_day_is_the_same_to_the_byte(tmp_path):
    other = tmp_path / "another folder"
    other.mkdir()
    today = made(tmp_path / "today", here=tmp_path)
    later = made(
        tmp_path / "later",
        here=other,
        before=(FAKETIME, "2031-02-03 04:05:06"),
        TZ="America/New_York",
        LC_ALL="C",
        HOME=str(other),
    )
    # The clock did stand at another day, and the manifest alone says so.
    started = [json.loads((run / "manifest.json").read_text())["started"][:4] for run in (today, later)]
    assert started[1] == "2031" != started[0]
    assert today.resolve().name == later.resolve().name
    assert len(manifest.outputs(today)) > 8
    assert manifest.differences(today, later) == []
