"""The codebook of a table: what each column means, which values it may hold, what a blank means."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

from analysis.catalogue.files import project_root, resolve
from analysis.errors import CatalogueError, nearest

TYPES = ("text", "choice", "date", "date_or_month", "time", "moment", "whole", "number", "url")
RULES = ("not_before", "not_after", "not_below", "not_above", "needed_when", "needed_with")


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its type, its limits, and what a missing value means.

    ``required`` means that the column has to be there, ``blank`` that a cell may be empty.
    """

    name: str
    type: str = "text"
    meaning: str = ""
    unit: str = ""
    allowed: Mapping[str, str] = field(default_factory=dict)
    hours: Mapping[str, tuple[float, float]] = field(default_factory=dict)
    usual: tuple[str, ...] = ()
    minimum: float | None = None
    maximum: float | None = None
    pattern: str | None = None
    required: bool = False
    blank: bool = True
    unique: bool = False
    missing: str = ""
    example: str = ""


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule between the columns of one row, such as ``date_latest not_before date_earliest``."""

    column: str
    kind: str
    other: Any


@dataclass(frozen=True, slots=True)
class Codebook:
    """A table's columns and rules, read from YAML; the schema is built from it."""

    table: str
    title: str
    row: str
    time_zone: str
    columns: Mapping[str, Column]
    rules: tuple[Rule, ...] = ()
    coverage: Mapping[str, Any] | None = None

    @property
    def required(self) -> tuple[str, ...]:
        """Names of the columns that have to be there."""
        return tuple(c.name for c in self.columns.values() if c.required)

    def of_type(self, *types: str) -> tuple[str, ...]:
        """Names of the columns of these types."""
        return tuple(c.name for c in self.columns.values() if c.type in types)


def codebook(name: str | os.PathLike = "attacks") -> Codebook:
    """The codebook called ``name`` in ``data/codebook``, or the one in a YAML file.

    A file that says ``extends: attacks`` repeats only what differs: a column's keys replace those of the
    packaged codebook, and ``also_allowed`` adds to its allowed values.

    Raises
    ------
    CatalogueError : no such codebook, or a key, type or rule that is not known
    """
    path = packaged(name) if isinstance(name, str) else None
    path = path or resolve(name)
    return _read(path, path.stat().st_mtime_ns)


def packaged(name: str) -> Path | None:
    """Path of the packaged codebook of that name, or None."""
    path = project_root() / "data" / "codebook" / f"{Path(name).name}.yml"
    return path if path.stem == name and path.is_file() else None


def read_yaml(path: Path) -> Any:
    """What a YAML file holds; plain data only, nothing in it is run."""
    import yaml

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        return yaml.load(path.read_text(encoding="utf-8"), Loader=loader)
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        place = getattr(error, "problem_mark", None)
        where = f", line {place.line + 1}" if place else ""
        raise CatalogueError(f"{path.name}{where} is not readable as YAML in UTF-8: {error}") from None


@lru_cache(maxsize=32)
def _read(path: Path, modified: int) -> Codebook:
    content = read_yaml(path)
    if not isinstance(content, dict) or not isinstance(content.get("columns", {}), dict):
        raise CatalogueError(f"{path.name} is not a codebook: it needs a mapping with the key columns")
    base = content.get("extends")
    if base is not None and packaged(str(base)) is None:
        raise CatalogueError(f"{path.name} extends {base!r}, which is no packaged codebook; write extends: attacks")
    start = codebook(str(base)) if base else Codebook(path.stem, "", "", "UTC", {})
    columns = dict(start.columns)
    for name, keys in content.get("columns", {}).items():
        columns[str(name)] = _column(columns.get(str(name), Column(str(name))), keys, path.name)
    rules = tuple(_rule(r, columns, path.name) for r in content.get("rules", ()))
    words = {k: str(content[k]) for k in ("table", "title", "row", "time_zone") if k in content}
    book = replace(start, columns=columns, rules=start.rules + rules, coverage=content.get("coverage"), **words)
    _check_zone(book.time_zone, path.name)
    return book


def _check_zone(name: str, where: str) -> None:
    from zoneinfo import ZoneInfo

    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        raise CatalogueError(f"{where}: {name!r} is no time zone; write for example Asia/Baghdad") from None


def _column(column: Column, keys: object, where: str) -> Column:
    if not isinstance(keys, dict):
        raise CatalogueError(f"{where}: column {column.name} needs keys such as type and meaning, got {keys!r}")
    keys = dict(keys)
    added = keys.pop("also_allowed", {})
    known = [k for k in Column.__dataclass_fields__ if k != "name"]
    for key in keys:
        if key not in known:
            raise CatalogueError(f"{where}: column {column.name} has the unknown key {key!r}.{nearest(key, known)}")
    if keys.get("type", "text") not in TYPES:
        wrong, listed = keys["type"], ", ".join(TYPES)
        raise CatalogueError(
            f"{where}: type of {column.name} must be one of {listed}; got {wrong!r}.{nearest(wrong, TYPES)}"
        )
    if "allowed" in keys:
        keys["allowed"] = _allowed(keys["allowed"], column.name, where)
    if added:
        keys["allowed"] = {**keys.get("allowed", column.allowed), **_allowed(added, column.name, where)}
    if "hours" in keys:
        keys["hours"] = {str(k): (float(a), float(b)) for k, (a, b) in keys["hours"].items()}
    if "usual" in keys:
        keys["usual"] = tuple(str(v) for v in keys["usual"])
    if "example" in keys:
        keys["example"] = str(keys["example"])
    return replace(column, **keys)


def _allowed(values: object, column: str, where: str) -> dict[str, str]:
    pairs = values.items() if isinstance(values, dict) else [(v, "") for v in values]
    pairs = [(v, "" if m is None else str(m)) for v, m in pairs]
    for value, _ in pairs:
        if not isinstance(value, str):
            raise CatalogueError(
                f'{where}: allowed value {value!r} of {column} must be text; put it in quotes, as "yes"'
            )
    return dict(pairs)


def _rule(entry: object, columns: Mapping[str, Column], where: str) -> Rule:
    kinds = [k for k in entry if k != "column"] if isinstance(entry, dict) else []
    if len(kinds) != 1 or kinds[0] not in RULES or "column" not in entry:
        raise CatalogueError(f"{where}: a rule needs a column and one of {', '.join(RULES)}; got {entry!r}")
    other = entry[kinds[0]]
    named = [entry["column"], *([other] if isinstance(other, str) else other)]
    for name in named:
        if name not in columns:
            raise CatalogueError(f"{where}: a rule names the unknown column {name!r}.{nearest(name, columns)}")
    return Rule(entry["column"], kinds[0], other)
