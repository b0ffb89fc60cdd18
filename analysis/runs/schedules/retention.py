"""How long runs are kept: old ones go, but never the newest good one, the one ``latest`` shows, or a marked one."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

from analysis.errors import ParameterError
from analysis.runs import folder as folders
from analysis.runs import manifest, places
from analysis.runs.schedules.schedule import Keep

MARK = ".keep"


def prune(folder: Path, keep: Keep, now: datetime | None = None) -> list[Path]:
    """Remove the runs of one report that need not be kept any longer; returns them.

    Parameters
    ----------
    folder : the folder of the report's runs
    keep : how many good and failed runs stay, and for how many days at most
    now : what the age of a run is counted to; by default the time it is
    """
    now = now or datetime.now(UTC)
    good, failed = _runs(folder, "ok"), _runs(folder, "failed")
    spared = {_latest(folder), *good[:1]}
    old = [run for run in good[keep.runs :] if run not in spared]
    if keep.days is not None:
        before = now - timedelta(days=keep.days)
        old += [run for run in [*good[: keep.runs], *failed] if run not in spared and _started(run) < before]
    old += failed[keep.failed :]
    gone = [run for run in dict.fromkeys(old) if not (run / MARK).exists()]
    for run in gone:
        _remove(run)
    return gone


def mark(run: Path, *, keep: bool) -> None:
    """Mark a run to be kept whatever its age, or take the mark away."""
    if _manifest(run).get("status") not in ("ok", "failed"):
        raise ParameterError(f"{places.shown(run)} is no run; name the folder of one, such as reports/briefing/latest")
    if keep:
        (run / MARK).touch()
    else:
        (run / MARK).unlink(missing_ok=True)


def _runs(folder: Path, status: str) -> list[Path]:
    """The runs that ended so, newest first."""
    found = [path for path in folder.glob("[!.]*") if path.is_dir() and not path.is_symlink()]
    return sorted((run for run in found if _manifest(run).get("status") == status), key=_started, reverse=True)


def _manifest(run: Path) -> dict:
    try:
        found = json.loads((run / manifest.NAME).read_text(encoding="utf-8"))
        return found if isinstance(found, dict) else {}
    except (OSError, ValueError):
        return {}


def _started(run: Path) -> datetime:
    """When a run began, by which the page of all reports orders them too."""
    with contextlib.suppress(ValueError, TypeError):
        started = datetime.fromisoformat(_manifest(run).get("started"))
        if started.tzinfo:
            return started
    return datetime.fromtimestamp(run.stat().st_mtime, UTC)


def _latest(folder: Path) -> Path | None:
    with contextlib.suppress(OSError):
        return folder / os.readlink(folder / "latest")
    return None


def _remove(run: Path) -> None:
    """Remove a run under another name, so that nobody finds half of it; what is left is cleared away as any other."""
    aside = run.with_name(f"{folders.PARTIAL}{run.name}-{os.getpid()}")
    with contextlib.suppress(OSError):
        os.rename(run, aside)
        shutil.rmtree(aside, ignore_errors=True)
