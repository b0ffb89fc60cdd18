"""The folder of a run: written under another name, and renamed when it is whole."""

from __future__ import annotations

import contextlib
import ctypes
import errno
import json
import os
import shutil
import sys
import time
from pathlib import Path

from analysis.runs import data
from analysis.runs.kernels.kernel import alive

try:
    import fcntl
except ImportError:  # not a Unix
    fcntl = None

OWNER = ".owner"
PARTIAL = ".partial-"  # then the run id and the number of the process
EXCHANGE = 2  # RENAME_EXCHANGE of linux/fs.h
AT_FDCWD = -100


class Partial:
    """A folder being written, held by a lock that ends with its process however that ends."""

    def __init__(self, reports: Path, run_id: str) -> None:
        self.reports = reports
        self.run_id = run_id
        self.path = reports / f"{PARTIAL}{run_id}-{os.getpid()}"
        self._lock = None

    def make(self) -> Partial:
        """Make the folder, after clearing away what runs that were killed have left."""
        self.reports.mkdir(parents=True, exist_ok=True)
        clear_stale(self.reports)
        shutil.rmtree(self.path, ignore_errors=True)
        self.path.mkdir()
        self._lock = (self.path / OWNER).open("w")
        if fcntl:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        return self

    def publish(self) -> Path:
        """Rename the whole folder to its run id and let ``latest`` point to it."""
        final = self.reports / self.run_id
        self._release()
        _replace(self.path, final)
        point(self.reports, self.run_id)
        return final

    def keep_failed(self) -> Path:
        """Keep a run that failed beside the good ones; ``latest`` stays where it is."""
        final = self.reports / f"failed-{self.run_id}"
        self._release()
        _replace(self.path, final)
        return final

    def leave(self) -> None:
        """Let go of the folder without publishing it; the next run clears it away."""
        if self._lock:
            self._lock.close()
            self._lock = None

    def remove(self) -> None:
        """Drop the folder and what is in it."""
        self.leave()
        shutil.rmtree(self.path, ignore_errors=True)

    def _release(self) -> None:
        (self.path / OWNER).unlink(missing_ok=True)
        self.leave()


def point(reports: Path, run_id: str) -> None:
    """Let ``latest`` point to a run: a relative link, replaced in one step."""
    with contextlib.suppress(OSError):
        if os.readlink(reports / "latest") == run_id:
            return
    new = reports / f".latest-{os.getpid()}"
    new.unlink(missing_ok=True)
    new.symlink_to(run_id, target_is_directory=True)
    os.replace(new, reports / "latest")


def whole(folder: Path) -> bool:
    """Whether a folder holds a good run whose every file is as it was written."""
    try:
        manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
        outputs = manifest["outputs"]
        return manifest["status"] == "ok" and all(data.sha256(folder / k) == v for k, v in outputs.items())
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return False


def clear_stale(reports: Path) -> list[Path]:
    """Remove the partial folders whose process has ended; returns them."""
    stale = [path for path in sorted(reports.glob(f"{PARTIAL}*")) if _abandoned(path)]
    for path in stale:
        shutil.rmtree(path, ignore_errors=True)
    for link in reports.glob(".latest-*"):
        with contextlib.suppress(OSError):
            if time.time() - link.lstat().st_mtime > 60:
                link.unlink()
    return stale


def _abandoned(path: Path) -> bool:
    if fcntl is None:
        return False
    try:
        with (path / OWNER).open("r+") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return True
    except FileNotFoundError:
        # Killed between making the folder and its lock, or while an old run was on its way out.
        owner = path.name.rpartition("-")[2]
        if owner.isdigit() and not alive(int(owner)):
            return True
        with contextlib.suppress(OSError):
            return time.time() - path.stat().st_mtime > 60
        return False
    except OSError:
        return False


def _replace(new: Path, final: Path) -> None:
    """Rename ``new`` to ``final``; where that exists the two change places at once, and the old one goes."""
    if not final.exists():
        os.rename(new, final)
        return
    if not _exchange(new, final):
        aside = new.with_name(f"{PARTIAL}replaced-{final.name}-{os.getpid()}")
        os.rename(final, aside)
        os.rename(new, final)
        new = aside
    shutil.rmtree(new, ignore_errors=True)


def _exchange(one: Path, other: Path) -> bool:
    """Let two folders change names in one step, so that neither is ever missing; False where not offered."""
    if not sys.platform.startswith("linux"):
        return False
    rename = getattr(ctypes.CDLL(None, use_errno=True), "renameat2", None)
    if rename is None:
        return False
    if rename(AT_FDCWD, os.fsencode(one), AT_FDCWD, os.fsencode(other), EXCHANGE) == 0:
        return True
    number = ctypes.get_errno()
    if number in (errno.ENOSYS, errno.EINVAL, errno.EPERM):
        return False
    raise OSError(number, os.strerror(number), str(other))
