"""The ledger of a schedule: which slot of each report was taken care of last, and the lock of whoever writes it."""

from __future__ import annotations

import contextlib
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

try:
    import fcntl
except ImportError:  # not a Unix
    fcntl = None

FOLDER = ".schedule"
LOCK = "lock"


@dataclass(frozen=True, slots=True)
class Entry:
    """A slot that was taken care of: when, with which exit code, in which run, and how many times it was tried.

    ``slot`` and ``ended`` are ISO texts in UTC; ``run_id`` is empty where the report could not even be asked for.
    """

    slot: str
    ended: str
    code: int
    run_id: str = ""
    said: str = ""
    tries: int = 1

    @property
    def at(self) -> datetime:
        """The slot as a time."""
        return datetime.fromisoformat(self.slot)


class Busy(Exception):
    """Somebody else is running what is due."""


def read(reports: Path, name: str) -> Entry | None:
    """The last entry of a report; None where there is none, or where it cannot be read."""
    try:
        entry = Entry(**json.loads(_path(reports, name).read_text(encoding="utf-8")))
        return entry if entry.at.tzinfo else None
    except (OSError, ValueError, TypeError):
        return None


def write(reports: Path, name: str, entry: Entry) -> None:
    """Write the last entry of a report, in one step."""
    path = _path(reports, name)
    path.parent.mkdir(parents=True, exist_ok=True)
    new = path.with_name(f".{path.name}-{os.getpid()}")
    try:
        new.write_text(json.dumps(asdict(entry), indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
        os.replace(new, path)
    finally:
        new.unlink(missing_ok=True)


@contextmanager
def held(reports: Path) -> Iterator[None]:
    """Hold the lock while the block runs; it ends with the processes that hold it, however they end.

    Raises
    ------
    Busy : somebody else holds it
    """
    folder = reports / FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / LOCK).open("a+", encoding="utf-8") as lock:
        if fcntl:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                lock.seek(0)
                raise Busy(lock.read().strip() or "another process") from None
        with contextlib.suppress(OSError):  # a full disk: the lock holds all the same
            lock.truncate(0)
            lock.write(f"process {os.getpid()}, since {datetime.now(UTC).isoformat(timespec='seconds')}")
            lock.flush()
        yield


def clear(reports: Path) -> None:
    """Remove what a killed process has left half-written."""
    for left in (reports / FOLDER).glob(".*.json-*"):
        left.unlink(missing_ok=True)


def _path(reports: Path, name: str) -> Path:
    return reports / FOLDER / f"{name}.json"
