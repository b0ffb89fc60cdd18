"""What a report rests on: everything needed to tell two runs apart, or to make the same one again."""

from __future__ import annotations

import datetime
import hashlib
import json
import os
import platform
import subprocess
from collections.abc import Mapping
from dataclasses import asdict
from functools import cache
from pathlib import Path
from typing import Any

from analysis.runs import data, identity, places, record
from analysis.runs.clean import CellError
from analysis.runs.identity import Inputs, versions
from analysis.runs.notebook import Notebook

FORMAT = 1
NAME = "manifest.json"
# Neither the manifest itself nor the log, which hold the clock, are among what is compared.
OUTSIDE = (NAME, "run.log")


def build(
    notebook: Notebook,
    settings: dict[str, Any],
    files: tuple[data.DataFile, ...],
    inputs: Inputs,
    run_id: str,
    started: str,
) -> dict[str, Any]:
    """The part of a manifest that is known before the run."""
    return {
        "format": FORMAT,
        "run_id": run_id,
        "status": "running",
        "notebook": {"name": notebook.name, "title": notebook.title, "path": _from_root(notebook.path)},
        "question": notebook.question,
        "parameters": settings,
        "as_of": settings.get("as_of") or None,
        "seed": settings.get("seed"),
        "data": [{"parameter": f.parameter, "path": f.name, "sha256": f.sha256, "bytes": f.bytes} for f in files],
        "inputs": asdict(inputs),
        "sources": identity.sources(),
        "code": repository(places.root()),
        "versions": versions(),
        "platform": {
            "system": platform.system(),
            "release": platform.release(),
            "machine": platform.machine(),
            "python": platform.python_implementation(),
            "cores": os.cpu_count(),
        },
        "started": started,
    }


def finished(
    manifest: dict[str, Any],
    folder: Path,
    *,
    status: str,
    error: CellError | None,
    seconds: float,
    peak_memory: int,
) -> dict[str, Any]:
    """The manifest after the run: how it ended, what it took, what it left."""
    ended = manifest | {
        "status": status,
        "ended": now(),
        "seconds": round(seconds, 3),
        "peak_memory_bytes": peak_memory,
        "error": None if error is None else {"name": error.name, "cell": error.cell, "text": error.text},
        "findings_sha256": _digest(folder),
        "outputs": outputs(folder),
    }
    return ended | {"bill": bill(ended)}


def bill(manifest: Mapping[str, Any]) -> str:
    """The sha256 of what a report rests on and of what it left: a manifest edited by hand does not fit its bill."""
    signed = {k: manifest.get(k) for k in ("notebook", "parameters", "inputs", "sources", "versions", "outputs")}
    return hashlib.sha256(json.dumps(signed, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def found(folder: Path) -> dict[str, Any]:
    """What a run found, in short: its verdicts where it has any, and its headline or None."""
    verdicts, headline = (_json(folder / name) for name in ("verdicts.json", record.HEADLINE))
    return ({} if verdicts is None else {"verdicts": verdicts}) | {"headline": headline}


def _json(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8")) if path.is_file() else None


def outputs(folder: Path) -> dict[str, str]:
    """The sha256 of every file a run has written, by its path in the folder."""
    paths = sorted(p.relative_to(folder) for p in folder.rglob("*") if p.is_file())
    return {
        p.as_posix(): data.sha256(folder / p) for p in paths if p.name not in OUTSIDE and not p.name.startswith(".")
    }


def differences(one: Path, other: Path) -> list[str]:
    """The outputs that two runs do not share to the byte; none where one of them is missing."""
    if not (one.is_dir() and other.is_dir()):
        return []
    a, b = outputs(one), outputs(other)
    return sorted(name for name in a.keys() | b.keys() if a.get(name) != b.get(name))


def write(folder: Path, manifest: dict[str, Any]) -> None:
    """Write the manifest of a run into its folder."""
    (folder / NAME).write_text(record.dumps(manifest), encoding="utf-8", newline="\n")


@cache
def repository(root: Path) -> dict[str, Any]:
    """The commit of the code and whether files differ from it; None where git or a repository is missing.

    Asked once in a process: all reports of a batch run one state of the code.
    """
    commit = _git(root, "rev-parse", "HEAD")
    changes = _git(root, "status", "--porcelain", "--untracked-files=normal")
    return {"commit": commit or None, "dirty": None if changes is None else bool(changes)}


def _git(root: Path, *words: str) -> str | None:
    # Without the optional lock a status never gets in the way of somebody's commit.
    command = ["git", "--no-optional-locks", "-C", str(root), *words]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=20, check=False)
    except (OSError, subprocess.SubprocessError):
        return None
    return done.stdout.strip() if done.returncode == 0 else None


def now() -> str:
    """The time in UTC, to the millisecond."""
    return datetime.datetime.now(datetime.UTC).isoformat(timespec="milliseconds")


def _digest(folder: Path) -> str | None:
    path = folder / "findings.json"
    return data.sha256(path) if path.is_file() else None


def _from_root(path: Path) -> str:
    path, root = path.resolve(), places.root()
    return path.relative_to(root).as_posix() if path.is_relative_to(root) else path.name
