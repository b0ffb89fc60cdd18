"""The runs that lie in a reports folder, told from their manifests: newest first, good, failed and unfinished."""

from __future__ import annotations

import datetime
import os
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

PARTIAL = ".partial-"
EARLIEST = datetime.datetime.min.replace(tzinfo=datetime.UTC)
LATEST = datetime.datetime.max.replace(tzinfo=datetime.UTC)


@dataclass(frozen=True, slots=True)
class PastRun:
    """A run as its folder tells it.

    ``status`` is "ok", "failed", "running" (in a folder that was not published: under way, or left behind by a run
    that was killed), "stopped" (by a signal) or "unreadable", then with the reason in ``problem``. ``manifest`` is as
    it was written, None where it cannot be read. ``latest`` marks the good run to look at.
    """

    folder: Path
    status: str
    manifest: dict[str, Any] | None
    problem: str | None = None
    latest: bool = False

    @property
    def name(self) -> str:
        """The report that it is a run of: the name of the folder around it."""
        return self.folder.parent.name

    @property
    def started(self) -> datetime.datetime | None:
        """When it began, in UTC; None where it left no word of it."""
        from analysis.runs.pages.kept import moment

        return None if self.manifest is None else moment(self.manifest["started"])


def runs(folder: Path) -> list[PastRun]:
    """The runs of one report, newest first by when they began.

    Parameters
    ----------
    folder : of the report, for example reports/briefing

    One under way that has written no manifest yet counts as the newest, an unreadable one as the oldest. Whatever lies
    in the folder raises nothing.
    """
    found = [run for each in _folders(folder) if (run := read(each))]
    found.sort(key=_when, reverse=True)
    lead = _latest(folder, found)
    return [replace(run, latest=True) if run is lead else run for run in found]


def read(folder: Path) -> PastRun | None:
    """The run in a folder, damaged or not; None where the folder has gone meanwhile."""
    from analysis.runs.pages.kept import Unreadable, read_manifest

    partial = folder.name.startswith(PARTIAL)
    try:
        manifest = read_manifest(folder)
    except Unreadable as error:
        if not folder.is_dir():
            return None
        return PastRun(folder, "running", None) if partial else PastRun(folder, "unreadable", None, str(error))
    status = manifest["status"]
    if partial and status != "stopped":
        status = "running"  # whole or not, it was never published
    return PastRun(folder, status, manifest)


def reports(folder: Path) -> Iterator[tuple[str, list[PastRun]]]:
    """Every report below a folder with its runs, in order of names, one at a time: manifests of years need not fit."""
    for each in _inside(folder):
        if not each.name.startswith(".") and (past := runs(each)):
            yield each.name, past


def ran(past: list[PastRun]) -> datetime.datetime:
    """When a report last began to run, as far as it is told."""
    return max((run.started for run in past if run.started), default=EARLIEST)


def latest(past: list[PastRun]) -> PastRun | None:
    """The good run to look at, if there is one."""
    return next((run for run in past if run.latest), None)


def before(past: list[PastRun], run: PastRun) -> PastRun | None:
    """The newest good run other than ``run``: the one that was looked at before it."""
    return next((each for each in past if each.status == "ok" and each.folder != run.folder), None)


def _when(run: PastRun) -> tuple[datetime.datetime, str]:
    unknown = LATEST if run.status == "running" else EARLIEST
    return run.started or unknown, run.folder.name


def _latest(folder: Path, found: list[PastRun]) -> PastRun | None:
    """What the link names, where it names a good run; else the newest good one (a copied folder may have lost it)."""
    good = [run for run in found if run.status == "ok"]
    try:
        named = Path(os.readlink(folder / "latest")).name
    except OSError:
        named = None
    return next((run for run in good if run.folder.name == named), good[0] if good else None)


def _folders(folder: Path) -> list[Path]:
    return [each for each in _inside(folder) if not each.name.startswith(".") or each.name.startswith(PARTIAL)]


def _inside(folder: Path) -> list[Path]:
    """The folders in a folder, in order of their names; links do not count, and one that cannot be read is empty."""
    try:
        return sorted(each for each in folder.iterdir() if each.is_dir() and not each.is_symlink())
    except OSError:
        return []
