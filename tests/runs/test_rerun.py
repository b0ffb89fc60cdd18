"""A report made again from its manifest: the same bytes, or exactly what differs."""

from __future__ import annotations

import json
import shutil

import pytest

from analysis.errors import ParameterError
from analysis.runs import manifest, rerun


@pytest.fixture
def told(good, tmp_path):
    """The manifest of the good run, changed: ``told(lambda m: ...)``; its bill fits unless ``signed`` is False."""

    def write(change=lambda found: None, *, signed: bool = True):
        found = json.loads((good.folder / "manifest.json").read_text())
        change(found)
        if signed:
            found["bill"] = manifest.bill(found)
        path = tmp_path / "manifest.json"
        path.write_text(json.dumps(found))
        return path

    return write


def test_the_same_inputs_give_the_same_bytes_in_another_folder(good, good_notebook, tmp_path):
    done = rerun.run(good.folder, tmp_path / "elsewhere", notebook=good_notebook)
    assert done.same
    assert done.inputs == []
    assert done.files == len(manifest.outputs(good.folder))
    assert manifest.differences(good.folder, done.folder) == []
    assert "every byte is the same" in "\n".join(rerun.summary(done))


def test_a_manifest_says_what_it_rests_on_down_to_the_file(good):
    found = rerun.read(good.folder)
    assert found["sources"]["data/attacks.csv"]
    assert found["sources"]["analysis/runs/rerun.py"]
    assert found["versions"]["pandas"]
    assert found["bill"] == manifest.bill(found)


def test_what_differs_is_named_file_by_file_and_version_by_version(told, good_notebook, tmp_path):
    def other(found):
        found["parameters"]["level"] = 0.9
        found["versions"]["pandas"] = "3.0.0"
        found["sources"]["data/attacks.csv"] = "0" * 64
        found["sources"]["analysis/gone.py"] = "1" * 64
        found["platform"]["machine"] = "abacus"

    done = rerun.run(told(other), tmp_path / "again", notebook=good_notebook)
    assert not done.same
    lines = "\n".join(done.inputs)
    assert "data/attacks.csv: sha256 000000000000 then" in lines
    assert "analysis/gone.py: is not here now" in lines
    assert "version of pandas: '3.0.0' then" in lines
    assert "platform, machine: 'abacus' then" in lines
    assert any(line.startswith("findings.json") for line in done.outputs)
    assert not any("figures/walk.svg" in line for line in done.outputs)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda found: found["parameters"].update(level=0.5), "does not fit"),
        (lambda found: found["outputs"].clear(), "does not fit"),
        (lambda found: found.pop("bill"), "does not fit"),
        (lambda found: found.pop("inputs"), "inputs missing"),
        (lambda found: found.update(status="failed"), "did not come to its end"),
    ],
)
def test_a_manifest_that_was_touched_or_is_of_no_good_run_is_refused(told, change, reason):
    with pytest.raises(ParameterError, match=reason):
        rerun.read(told(change, signed=False))


@pytest.mark.parametrize("text", ["", "[]", "{}", "\0"])
def test_what_is_no_manifest_is_refused(tmp_path, text):
    (tmp_path / "manifest.json").write_text(text)
    with pytest.raises(ParameterError, match="is no manifest"):
        rerun.read(tmp_path)


def test_a_notebook_that_is_not_here_is_told_with_the_way_out(told, tmp_path):
    with pytest.raises(ParameterError, match="--notebook"):
        rerun.run(told(), tmp_path / "again")


def test_a_parameter_that_the_notebook_has_no_more_is_told(told, good_notebook, tmp_path):
    with pytest.raises(ParameterError, match="gone is unknown"):
        rerun.run(told(lambda found: found["parameters"].update(gone=1)), tmp_path / "again", notebook=good_notebook)


def test_the_command_ends_with_0_for_the_same_bytes_and_with_1_for_others(good, good_notebook, told, command_line):
    same = command_line("rerun", good.folder, "--notebook", good_notebook, "--json")
    assert same.returncode == 0, same.stderr
    record = json.loads(same.stdout)
    assert record["same"] is True
    shutil.rmtree(record["folder"])
    other = command_line(
        "rerun", told(lambda found: found["parameters"].update(level=0.9)), "--notebook", good_notebook
    )
    assert other.returncode == 1
    assert "files differ" in other.stdout
