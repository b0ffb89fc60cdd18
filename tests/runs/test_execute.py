"""A report is run in a kernel of its own; it is published whole, or kept as failed with the reason."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import nbformat
import pytest

from analysis import catalogue
from analysis.errors import CatalogueError, ParameterError
from analysis.runs import clean, execute, exits, manifest, places
from analysis.runs.kernels import kernel
from analysis.runs.request import prepare
from analysis.runs.watch import Watch

ONE = "n = 1  # a number"
CLOSE = 'from analysis.runs import open_run\n\nrun = open_run("x", n=n)\nrun.close()'


def run(path: Path, reports: Path, given: dict[str, str] | None = None, **settings) -> execute.Outcome:
    return execute.run(prepare(str(path), given or {}, reports=reports), **settings)


def contents(folder: Path) -> dict[str, bytes]:
    """Every file that holds no clock."""
    files = [p for p in folder.rglob("*") if p.is_file() and p.name not in manifest.OUTSIDE]
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in files}


def manifest_of(folder: Path) -> dict:
    return json.loads((folder / "manifest.json").read_text())


def alive(pid: int) -> bool:
    """Whether a process runs; one that has ended and was not waited for does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def test_a_good_run_leaves_everything_a_reader_and_a_later_run_need(good):
    assert {p.name for p in good.folder.iterdir()} == {
        "report.ipynb", "report.html", "findings.json", "findings.csv", "verdicts.json", "headline.json",
        "figures", "manifest.json", "run.log",
    }  # fmt: skip
    assert {p.name for p in (good.folder / "figures").iterdir()} == {"walk.svg", "walk.png"}
    assert os.readlink(good.folder.parent / "latest") == good.folder.name
    assert re.fullmatch(r"20210604-[0-9a-f]{10}", good.folder.name)
    assert not good.recognised


def test_the_manifest_says_what_the_report_rests_on(good):
    found = manifest_of(good.folder)
    assert (found["status"], found["error"]) == ("ok", None)
    assert found["parameters"] == {
        "as_of": "2021-06-04",
        "level": 0.95,
        "seed": 20210604,
        "weapon": ["drone"],
    }
    assert (found["as_of"], found["seed"]) == ("2021-06-04", 20210604)
    assert found["verdicts"] == {"C1": "consistent"}
    assert (found["headline"]["name"], found["headline"]["verdict"]) == ("C1", "consistent")
    assert found["peak_memory_bytes"] > 2**25
    assert 0 < found["seconds"] < 120
    assert {"commit", "dirty"} == found["code"].keys()
    assert {"python", "pandas", "papermill"} <= found["versions"].keys()
    assert set(found["outputs"]) == set(contents(good.folder))
    assert set(found["inputs"]) == {"parameters", "notebook", "code", "libraries", "data"}
    assert found["findings_sha256"] == found["outputs"]["findings.json"]


def test_the_log_has_a_line_for_every_cell(good):
    lines = (good.folder / "run.log").read_text().splitlines()
    assert [re.search(r"cell \[(\d)\]", line)[1] for line in lines[1:-1]] == list("1234567")
    assert all(re.match(r"\d{4}-\d{2}-\d{2}T[\d:.]+\+00:00 ", line) for line in lines)
    assert lines[-1].endswith(": ok")


def test_the_notebook_is_kept_without_traces_of_when_and_where(good, good_notebook):
    text = (good.folder / "report.ipynb").read_text()
    kept = nbformat.reads(text, as_version=4)
    nbformat.validate(kept)
    assert "papermill" not in kept.metadata
    assert all("papermill" not in cell.metadata for cell in kept.cells)
    for place in (good_notebook.parent, good.folder.parent, Path.home() / ".local", places.root()):
        assert str(place) not in text


def test_the_same_inputs_are_recognised_and_run_again_by_force_to_the_same_bytes(
    good, good_notebook, tmp_path, monkeypatch
):
    reports = tmp_path / "elsewhere"
    shutil.copytree(good.folder.parents[1], reports, symlinks=True)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TZ", "Asia/Baghdad")
    monkeypatch.setenv("PYTHONHASHSEED", "7")
    before = manifest_of(good.folder)["started"]
    known = run(good_notebook, reports)
    assert (known.recognised, known.folder.name) == (True, good.folder.name)
    assert manifest_of(known.folder)["started"] == before
    again = run(good_notebook, reports, force=True)
    assert (again.recognised, again.folder) == (False, known.folder)
    assert manifest_of(again.folder)["started"] > before
    assert contents(again.folder) == contents(good.folder)
    assert "differs" not in (again.folder / "run.log").read_text()
    assert sorted(p.name for p in again.folder.parent.iterdir()) == [good.folder.name, "latest"]


def test_a_damaged_run_is_not_recognised_and_other_inputs_have_another_name(good, good_notebook, tmp_path):
    reports = tmp_path / "elsewhere"
    shutil.copytree(good.folder.parents[1], reports, symlinks=True)
    request = prepare(str(good_notebook), {}, reports=reports)
    (reports / "good" / request.run_id / "findings.csv").write_text("edited")
    assert execute.recognised(request) is None
    assert prepare(str(good_notebook), {"level": "0.9"}, reports=reports).run_id != request.run_id
    assert prepare(str(good_notebook), {"level": "0.950"}, reports=reports).run_id == request.run_id


def test_papermill_alone_gives_the_same_findings_from_another_folder(good, good_notebook, tmp_path, monkeypatch):
    from analysis.runs.player import load_papermill

    monkeypatch.setenv("PYTHONPATH", str(places.PACKAGE.parent))
    monkeypatch.chdir(tmp_path)
    played = load_papermill().execute_notebook(str(good_notebook), None, progress_bar=False, cwd=str(tmp_path))
    digest = manifest_of(good.folder)["findings_sha256"][:16]
    assert digest in played.cells[-1].outputs[0].data["text/html"]
    assert list(tmp_path.iterdir()) == []


def test_given_values_reach_the_cells_typed_and_an_installed_python3_is_not_used(notebook, tmp_path, monkeypatch):
    # A kernel of somebody else's, under the same name, that cannot even start.
    other = tmp_path / "jupyter" / "kernels" / "python3"
    other.mkdir(parents=True)
    (other / "kernel.json").write_text('{"argv": ["false"], "display_name": "x", "language": "python"}')
    monkeypatch.setenv("JUPYTER_PATH", str(tmp_path / "jupyter"))
    monkeypatch.chdir("/")
    cells = [
        "import os, sys\nassert (n, words, level, text) == (3, ['a', 'b'], 0.5, 'it\\'s \"q\" \\\\ {x}')",
        f"assert sys.executable == {sys.executable!r} and os.environ['OMP_NUM_THREADS'] == '1'",
        CLOSE.replace("n=n", "n=n, words=words, level=level, text=text"),
    ]
    parameters = "n = 1  # n\nwords = []  # w\nlevel = 0.9  # l\ntext = ''  # t"
    path = notebook("given", *cells, parameters=parameters)
    given = {"n": "3", "words": "a,b", "level": "0.5", "text": 'it\'s "q" \\ {x}'}
    done = run(path, tmp_path / "r", given)
    assert manifest_of(done.folder)["status"] == "ok"
    kept = nbformat.read(done.folder / "report.ipynb", as_version=4)
    assert [c.id for c in kept.cells if "injected-parameters" in c.metadata.get("tags", [])] == ["injected-parameters"]


def test_an_error_in_a_cell_keeps_the_run_as_failed_and_leaves_the_last_good_one(notebook, tmp_path):
    reports = tmp_path / "r"
    fine = run(notebook("same", CLOSE, parameters=ONE), reports)
    path = notebook("same", 'raise ValueError("no <b>attacks</b>")', CLOSE, parameters=ONE)
    with pytest.raises(exits.ReportFailed, match=r"cell \[2\]: ValueError: no <b>attacks</b>") as caught:
        run(path, reports)
    kept = caught.value.folder
    assert exits.exit_code(caught.value) == 1
    assert kept.name.startswith("failed-")
    assert os.readlink(reports / "same" / "latest") == fine.folder.name
    found = manifest_of(kept)
    assert (found["status"], found["error"]) == (
        "failed", {"name": "ValueError", "cell": 2, "text": "no <b>attacks</b>"}
    )  # fmt: skip
    page = (kept / "report.html").read_text()
    assert "This report failed" in page
    assert "no &lt;b&gt;attacks&lt;/b&gt;" in page
    assert len(nbformat.read(kept / "report.ipynb", as_version=4).cells) == 5
    # Failed runs are not taken for the report of the same inputs: it is run again.
    with pytest.raises(exits.ReportFailed):
        run(path, reports)
    assert len(list((reports / "same").iterdir())) == 3


@pytest.mark.parametrize(
    ("cells", "told"),
    [
        (["import sys\nsys.exit()", CLOSE], "SystemExit"),
        (["n"], "ended without run.close()"),
        (["import os\nos._exit(0)", CLOSE], "shut its own kernel down"),
    ],
)
def test_a_notebook_that_stops_before_its_end_is_no_success(notebook, tmp_path, cells, told):
    with pytest.raises(exits.ReportFailed, match=re.escape(told)):
        run(notebook("early", *cells, parameters=ONE), tmp_path / "r")
    assert not (tmp_path / "r" / "early" / "latest").exists()


def test_a_killed_kernel_has_its_own_exit_code_and_message_with_its_memory(notebook, tmp_path):
    cell = "import os, time\nx = b'x' * 300_000_000\ntime.sleep(0.5)\nos.kill(os.getpid(), 9)"
    with pytest.raises(exits.KernelLost, match=r"cell \[2\]: KernelDied: .*signal 9.*it held \d+ MB") as caught:
        run(notebook("killed", cell, CLOSE, parameters=ONE), tmp_path / "r")
    assert exits.exit_code(caught.value) == 4
    found = manifest_of(caught.value.folder)
    assert found["error"]["name"] == "KernelDied"
    assert found["peak_memory_bytes"] > 300_000_000
    assert "This report failed" in (caught.value.folder / "report.html").read_text()


def test_a_run_that_hangs_is_stopped_at_its_limit_with_its_children(notebook, tmp_path, monkeypatch):
    pid = tmp_path / "pid"

    class Late(Watch):
        """Its time is up half a second after the notebook has begun to hang, however slow this machine is."""

        def look_at_memory(self):
            super().look_at_memory()
            if pid.exists() and self.limit == 600:
                self.limit = self.seconds + 0.5

    monkeypatch.setattr(execute, "Watch", Late)
    start = "import subprocess\nchild = subprocess.Popen(['sleep', '600'])"
    hang = f"import time\nopen({str(pid)!r}, 'w').write(str(child.pid))\ntime.sleep(600)"
    before = time.monotonic()
    with pytest.raises(exits.OutOfTime, match=r"cell \[3\]: TimeLimit: the run took longer than") as caught:
        run(notebook("hangs", start, hang, parameters=ONE), tmp_path / "r", limit=600)
    assert exits.exit_code(caught.value) == 5
    assert time.monotonic() - before < 60
    assert manifest_of(caught.value.folder)["error"]["name"] == "TimeLimit"
    assert not alive(int(pid.read_text()))


def test_a_kernel_that_does_not_start_is_tried_twice_and_its_last_words_are_told(notebook, tmp_path, monkeypatch):
    monkeypatch.setattr(kernel, "ARGV", [sys.executable, "-c", "raise SystemExit('no room for a kernel')"])
    with pytest.raises(exits.KernelLost, match="did not start; it said: no room for a kernel") as caught:
        run(notebook("never", CLOSE, parameters=ONE), tmp_path / "r")
    assert "once more" in (caught.value.folder / "run.log").read_text()
    assert (caught.value.folder / "report.html").exists()


def test_no_process_socket_or_folder_of_a_kernel_is_left_behind(notebook, tmp_path, monkeypatch):
    made = []

    class Seen(kernel.Kernel):
        def start(self):
            made.append(super().start())
            return self

    monkeypatch.setattr(execute, "Kernel", Seen)
    with pytest.raises(exits.ReportFailed):
        run(notebook("left", "1", parameters=ONE), tmp_path / "r")
    assert len(made) == 1
    assert not alive(made[0].process.pid)
    assert not made[0].folder.exists()


def test_the_folder_of_a_kernel_whose_runner_was_killed_is_cleared_away(tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    for name in (f"{kernel.PREFIX}{ended.pid}-a", f"{kernel.PREFIX}{os.getpid()}-b", f"{kernel.PREFIX}else"):
        (tmp_path / name).mkdir()
    kernel.clear_abandoned()
    assert {p.name for p in tmp_path.iterdir()} == {f"{kernel.PREFIX}{os.getpid()}-b", f"{kernel.PREFIX}else"}


def test_a_data_file_that_breaks_its_codebook_stops_the_run_before_anything_is_written(notebook, tmp_path, monkeypatch):
    broken = [{"row": 7, "column": "lat", "value": "330", "rule": "must lie between -90 and 90", "way_out": "check"}]
    monkeypatch.setattr(catalogue, "check_file", lambda path: broken)
    (tmp_path / "mine.csv").write_text("event_id\n1\n")
    path = notebook("data", CLOSE, parameters="catalogue = 'data/attacks.csv'  # the attacks")
    with pytest.raises(CatalogueError, match=r"line 7, lat '330': must lie between -90 and 90; check") as caught:
        run(path, tmp_path / "r", {"catalogue": str(tmp_path / "mine.csv")})
    assert exits.exit_code(caught.value) == 3
    assert not (tmp_path / "r").exists()


def test_a_missing_data_file_is_told_before_the_kernel_starts(notebook, tmp_path):
    path = notebook("data", CLOSE, parameters="catalogue = 'nowhere.csv'  # c\ngaza_file = 'none.csv'  # g")
    with pytest.raises(CatalogueError, match=r"(?s)catalogue: there is no file 'nowhere.csv'.*gaza_file") as caught:
        prepare(str(path), {}, reports=tmp_path / "r")
    assert exits.exit_code(caught.value) == 3
    assert not (tmp_path / "r").exists()


def test_an_unknown_weapon_is_refused_before_the_kernel_starts(notebook, tmp_path):
    (tmp_path / "mine.csv").write_text("event_id\n1\n")
    parameters = f"catalogue = {str(tmp_path / 'mine.csv')!r}  # the attacks\nweapon = ['drone']  # weapons"
    path = notebook("data", CLOSE, parameters=parameters)
    assert prepare(str(path), {"weapon": "rocket"}).settings["weapon"] == ["rocket"]
    with pytest.raises(ParameterError, match=r"weapon: 'rockt' is unknown\. Did you mean 'rocket'"):
        prepare(str(path), {"weapon": "drone,rockt"})


def test_a_path_of_the_command_line_is_meant_from_where_its_writer_stands(notebook, tmp_path, monkeypatch):
    path = notebook("data", CLOSE, parameters="catalogue = 'data/attacks.csv'  # the attacks")
    (tmp_path / "mine.csv").write_text("event_id\n1\n")
    monkeypatch.chdir(tmp_path)
    assert prepare(str(path), {"catalogue": "mine.csv"}).settings["catalogue"] == str(tmp_path / "mine.csv")
    # In the project it is written from the project folder, so that the report is the same on every machine.
    monkeypatch.chdir(places.PACKAGE)
    inside = prepare(str(path), {"catalogue": "errors.py"}).settings["catalogue"]
    assert inside == f"{places.PACKAGE.name}/errors.py"


def test_a_notebook_copied_elsewhere_reads_the_data_beside_it(notebook, tmp_path, monkeypatch):
    path = notebook("data", CLOSE, parameters="catalogue = 'mine.csv'  # the attacks")
    (path.parent / "mine.csv").write_text("event_id\n1\n")
    monkeypatch.chdir(tmp_path.parent)
    read = prepare(str(path), {})
    assert read.settings["catalogue"] == str((path.parent / "mine.csv").resolve())
    assert read.files[0].path == (path.parent / "mine.csv").resolve()


def test_a_full_disk_leaves_nothing_behind(notebook, tmp_path, monkeypatch):
    def full(*args):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(manifest, "write", full)
    with pytest.raises(OSError, match="No space left") as caught:
        run(notebook("full", "n", parameters=ONE), tmp_path / "r")
    assert exits.exit_code(caught.value) == 4
    assert list((tmp_path / "r" / "full").iterdir()) == []


def test_a_time_limit_is_a_number_above_0(notebook, tmp_path):
    with pytest.raises(ParameterError, match="above 0"):
        run(notebook("limit", "1", parameters=ONE), tmp_path / "r", limit=0)


def test_a_warning_from_a_library_or_a_cell_names_no_place_on_this_machine(small, tmp_path):
    cell = "import warnings\n\nimport numpy as np\nimport pandas as pd\n\nwarnings.warn('here', stacklevel=1)"
    library = "pd.Timestamp(5).to_pydatetime(warn=True)\nnp.log(0)"
    book = small("book", cell, library)
    shown = (execute.run(prepare(str(book), {}, reports=tmp_path)).folder / "report.ipynb").read_text()
    assert "<cell>:6: UserWarning: here" in shown
    assert "RuntimeWarning: divide by zero" in shown
    assert str(places.root()) not in shown
    assert "ipykernel_" not in shown


def test_paths_of_libraries_and_of_the_project_are_told_from_their_roots():
    import pandas

    assert clean.placeless(f"{pandas.__file__}:3: W") == "pandas/__init__.py:3: W"
    assert clean.placeless(f"{places.PACKAGE / 'errors.py'}:3: W") == "analysis/errors.py:3: W"
    assert clean.placeless("/tmp/ipykernel_123/456.py:3: W") == "<cell>:3: W"
    assert clean.placeless("<object at 0x7f00deadbeef>") == "<object at 0x…>"
