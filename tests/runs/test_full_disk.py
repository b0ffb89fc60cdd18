"""A disk that is full, and a folder that is read-only: nothing published is damaged, and it is said what is wrong."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from analysis.runs.exits import ENVIRONMENT, FINE
from analysis.runs.folder import PARTIAL, whole

pytestmark = pytest.mark.slow
FIGURE = """\
from analysis.figures import style

fig, ax = style.new()
ax.plot([1, 2, n])
run.figure(fig, "line", alt="A line.")
"""


@pytest.fixture
def disk(tmp_path):
    """A small file system of its own, in memory; ``disk(options)`` mounts it again with other options."""
    folder = tmp_path / "disk"
    folder.mkdir()

    def mount(*words: str) -> subprocess.CompletedProcess:
        return subprocess.run(["mount", *words], capture_output=True, text=True, check=False)

    if not shutil.which("mount") or mount("-t", "tmpfs", "-o", "size=600k", "tmpfs", str(folder)).returncode:
        pytest.skip("no file system can be mounted here; that takes the rights of an administrator")
    yield folder, lambda options: mount("-o", f"remount,{options}", str(folder))
    subprocess.run(["umount", str(folder)], check=False)


def schedule(disk: Path, book: Path, n: int) -> None:
    (disk / "schedule.yml").write_text(
        f"reports:\n  one: {{notebook: '{book}', every: daily, parameters: {{n: {n}}}}}\n"
    )


def good_runs(disk: Path) -> list[Path]:
    return [run for run in (disk / "one").glob("[!.]*") if not run.is_symlink() and whole(run)]


def test_a_full_disk_leaves_the_published_report_and_says_so_and_is_mended_by_room(disk, small, command_line):
    folder, _ = disk
    book = small("book", FIGURE)
    schedule(folder, book, 1)
    done = command_line("run-due", "--reports", folder)
    assert done.returncode == FINE, done.stderr
    latest = (folder / "one" / "latest").resolve()
    schedule(folder, book, 2)
    room = shutil.disk_usage(folder).free
    (folder / "filling").write_bytes(b"x" * max(0, room - 12_000))
    done = command_line("run-due", "--reports", folder, "--at", "2126-01-01T12:00")
    assert done.returncode == ENVIRONMENT
    assert "No space left on device" in done.stderr
    assert good_runs(folder) == [latest]
    assert (folder / "one" / "latest").resolve() == latest
    assert list((folder / "one").glob(f"{PARTIAL}*")) == []
    (folder / "filling").unlink()
    done = command_line("run-due", "--reports", folder, "--at", "2126-01-01T12:05")
    assert done.returncode == FINE, done.stderr
    assert len(good_runs(folder)) == 2
    assert (folder / "one" / "latest").resolve() != latest


def test_a_folder_that_is_read_only_is_told_and_stays_as_it_was(disk, small, command_line):
    folder, remount = disk
    book = small("book", FIGURE)
    schedule(folder, book, 1)
    assert command_line("run-due", "--reports", folder).returncode == FINE
    schedule(folder, book, 2)
    before = sorted(folder.rglob("*"))
    assert remount("ro").returncode == 0
    for words in (("run-due",), ("run", book, "-p", "n=2")):
        done = command_line(*words, "--reports", folder)
        assert done.returncode == ENVIRONMENT, done.stderr
        assert "Read-only file system" in done.stderr
        assert "Traceback" not in done.stderr
    assert sorted(folder.rglob("*")) == before
    assert remount("rw").returncode == 0
    assert command_line("run-due", "--reports", folder, "--at", "2126-01-01T12:00").returncode == FINE
    assert len(good_runs(folder)) == 2
