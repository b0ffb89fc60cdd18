"""What SOURCES.yml says of a file: where it comes from, what it covers, and where few were watching."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

import pandas as pd

from analysis.catalogue.codebook import read_yaml
from analysis.errors import CatalogueError, ParameterError

SOURCES = "SOURCES.yml"


def entry(path: Path) -> dict[str, Any] | None:
    """What the SOURCES.yml beside a file says of it, or None where there is none."""
    sources = path.parent / SOURCES
    if not sources.is_file():
        return None
    content = _read(sources, sources.stat().st_mtime_ns)
    files = content.get("files") if isinstance(content, dict) else None
    if not isinstance(files, dict):
        raise CatalogueError(f"{sources.name} needs a key files with one entry per file name")
    return files.get(path.name)


def coverage_of(said: dict | None, where: str) -> dict[str, Any] | None:
    """The coverage block of an entry or codebook with its dates as texts; ``end`` is not included.

    Keys: start, end, poorly_watched, a list of stretches with weapon, start, end and why, and uneven, by weapon why
    its coverage is uneven throughout, so that its counts say that there were some and not how many.
    """
    if not said:
        return None
    try:
        start, end = _span(said)
        stretches = []
        for part in said.get("poorly_watched", ()):
            a, b = _span(part)
            weapons = [part["weapon"]] if isinstance(part["weapon"], str) else list(part["weapon"])
            stretches.append({"weapon": weapons, "start": a, "end": b, "why": str(part.get("why", ""))})
        uneven = {str(weapon): str(why) for weapon, why in (said.get("uneven") or {}).items()}
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        way_out = "write coverage: {start: 2021-01-01, end: 2022-01-01}"
        raise CatalogueError(f"the coverage of {where} cannot be read ({error}); {way_out}") from None
    return {"start": start, "end": end, "poorly_watched": stretches, "uneven": uneven}


def poorly_watched(table: pd.DataFrame, weapon: str | Sequence[str] | None = None) -> list[tuple[str, str]]:
    """Stretches in which the coders found little and expect more, to be given as ``holes`` of a window.

    Parameters
    ----------
    table : from ``load``
    weapon : only stretches said of one of these weapons; None for all

    Returns
    -------
    list of (start, end) dates, local midnights, end not included, joined where they overlap; empty where the
    file says nothing
    """
    if weapon is not None and not isinstance(weapon, str | list | tuple | set):
        raise ParameterError(f"weapon must be a name or a list of names, got {weapon!r}")
    wanted = None if weapon is None else {weapon} if isinstance(weapon, str) else set(weapon)
    parts = (table.attrs.get("coverage") or {}).get("poorly_watched", [])
    spans = sorted((p["start"], p["end"]) for p in parts if wanted is None or wanted & set(p["weapon"]))
    return joined(spans)


def joined(spans: Iterable[tuple[Any, Any]]) -> list[tuple[Any, Any]]:
    """Stretches (start, end), sorted by start, with those that meet or overlap put into one."""
    whole: list[tuple[Any, Any]] = []
    for start, end in spans:
        if whole and start <= whole[-1][1]:
            whole[-1] = (whole[-1][0], max(end, whole[-1][1]))
        else:
            whole.append((start, end))
    return whole


@lru_cache(maxsize=8)
def _read(path: Path, modified: int) -> Any:
    return read_yaml(path)


def _span(said: dict) -> tuple[str, str]:
    start, end = (pd.Timestamp(str(said[k])) for k in ("start", "end"))
    if not end > start:
        raise ValueError(f"the end {end:%Y-%m-%d} is not after the start {start:%Y-%m-%d}")
    return f"{start:%Y-%m-%d}", f"{end:%Y-%m-%d}"
