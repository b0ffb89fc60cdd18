"""A folder is published whole or not at all, whatever ends the process that writes it."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

from analysis.runs import folder, manifest


def filled(reports, run_id: str, text: str = "x") -> folder.Partial:
    partial = folder.Partial(reports, run_id).make()
    (partial.path / "report.html").write_text(text)
    manifest.write(partial.path, {"status": "ok", "outputs": manifest.outputs(partial.path)})
    return partial


def names(reports) -> list[str]:
    return sorted(p.name for p in reports.iterdir())


def test_the_folder_of_all_reports_is_made(tmp_path):
    assert filled(tmp_path / "a" / "b", "id").publish() == tmp_path / "a" / "b" / "id"


def test_only_the_whole_folder_gets_its_name_and_latest_is_a_relative_link(tmp_path):
    partial = filled(tmp_path, "one")
    assert names(tmp_path) == [partial.path.name]
    assert names(partial.path) == [".owner", "manifest.json", "report.html"]
    partial.publish()
    assert names(tmp_path) == ["latest", "one"]
    assert names(tmp_path / "one") == ["manifest.json", "report.html"]
    assert os.readlink(tmp_path / "latest") == "one"


def test_latest_moves_with_a_good_run_and_stays_with_a_failed_one(tmp_path):
    filled(tmp_path, "one").publish()
    filled(tmp_path, "two").publish()
    assert os.readlink(tmp_path / "latest") == "two"
    filled(tmp_path, "three").keep_failed()
    assert os.readlink(tmp_path / "latest") == "two"
    assert names(tmp_path) == ["failed-three", "latest", "one", "two"]


@pytest.mark.parametrize("exchange", [True, False])
def test_a_run_made_again_takes_the_place_of_the_old_one(tmp_path, monkeypatch, exchange):
    if not exchange:
        monkeypatch.setattr(folder, "_exchange", lambda one, other: False)
    filled(tmp_path, "one", "old").publish()
    filled(tmp_path, "one", "new").publish()
    assert names(tmp_path) == ["latest", "one"]
    assert (tmp_path / "latest" / "report.html").read_text() == "new"


def test_a_folder_that_was_touched_is_not_taken_for_a_whole_run(tmp_path):
    final = filled(tmp_path, "one").publish()
    assert folder.whole(final)
    (final / "report.html").write_text("edited")
    assert not folder.whole(final)
    (final / "manifest.json").write_text("{")
    assert not folder.whole(final)
    assert not folder.whole(tmp_path / "never")


def test_a_failed_run_is_not_taken_for_a_whole_one(tmp_path):
    partial = filled(tmp_path, "one")
    manifest.write(partial.path, {"status": "failed", "outputs": {}})
    assert not folder.whole(partial.publish())


def test_what_a_killed_run_left_is_cleared_away_and_what_another_writes_is_not(tmp_path):
    code = f"""
import os
from pathlib import Path
from analysis.runs.folder import Partial
Partial(Path({str(tmp_path)!r}), "dead").make()
os.kill(os.getpid(), 9)
"""
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
    assert subprocess.run([sys.executable, "-c", code], env=environment, check=False).returncode == -9
    assert len(names(tmp_path)) == 1
    living = filled(tmp_path, "living")
    assert names(tmp_path) == [living.path.name]
    assert folder.clear_stale(tmp_path) == []


def test_a_partial_folder_that_is_let_go_is_cleared_by_the_next_run(tmp_path):
    filled(tmp_path, "one").leave()
    filled(tmp_path, "two").publish()
    assert names(tmp_path) == ["latest", "two"]


def test_outputs_are_compared_without_what_holds_the_clock(tmp_path):
    for name, text in (("one", "x"), ("two", "y")):
        (tmp_path / name).mkdir()
        for file in ("report.html", "manifest.json", "run.log"):
            (tmp_path / name / file).write_text(json.dumps([file, text]))
    assert manifest.differences(tmp_path / "one", tmp_path / "two") == ["report.html"]
    assert manifest.differences(tmp_path / "one", tmp_path / "none") == []
