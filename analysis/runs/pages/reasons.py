"""Why two runs of a report differ: data, code, notebook, libraries, parameters, or only the days looked at."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from analysis.runs.domains import DATES

LISTED = 12  # files of the package
CALENDAR = "only the calendar"
NOTHING = "nothing: the inputs are the same"


@dataclass(frozen=True, slots=True)
class Reason:
    """One kind of input that differs, and each difference in words; ``day`` marks a difference of days alone."""

    kind: str
    lines: tuple[str, ...]
    days: bool = False


def reasons(before: dict[str, Any], after: dict[str, Any]) -> tuple[Reason, ...]:
    """The inputs that differ between two runs, told from their manifests."""
    found = (
        _data(before, after),
        _parameters(before, after),
        _code(before, after),
        _notebook(before, after),
        _libraries(before, after),
    )
    return tuple(reason for reason in found if reason)


def in_short(found: tuple[Reason, ...]) -> str:
    """All reasons in a few words: "data and code", "only the calendar"."""
    if not found:
        return NOTHING
    if len(found) == 1 and found[0].days:
        return CALENDAR
    *most, last = [reason.kind for reason in found]
    return f"{', '.join(most)} and {last}" if most else last


def changed(before: dict[str, Any], after: dict[str, Any]) -> dict[str, tuple[Any, Any]]:
    """The parameters that differ: name to value before and after; a missing one is None."""
    old, new = before["parameters"], after["parameters"]
    return {name: (old.get(name), new.get(name)) for name in old | new if old.get(name) != new.get(name)}


def _differ(before: dict[str, Any], after: dict[str, Any], kind: str) -> bool:
    return before["inputs"].get(kind) != after["inputs"].get(kind)


def _data(before: dict[str, Any], after: dict[str, Any]) -> Reason | None:
    old, new = ({(f["parameter"], f["path"]): f for f in each["data"]} for each in (before, after))
    lines = [_file(old.get(key), new.get(key)) for key in old | new if _sha(old.get(key)) != _sha(new.get(key))]
    named = {path for _, path in old | new}
    lines += [line for line in _sources(before, after, "data/") if line.partition(":")[0] not in named]
    if not lines and _differ(before, after, "data"):
        lines = ["a file in data/ that no parameter names"]
    return Reason("data", tuple(lines)) if lines else None


def _sha(file: dict[str, Any] | None) -> str | None:
    return None if file is None else file["sha256"]


def _file(old: dict[str, Any] | None, new: dict[str, Any] | None) -> str:
    known = new or old
    name = f"{known['path']} ({known['parameter']})"
    if old is None or new is None:
        return f"{name}: {'was not read before' if old is None else 'is read no more'}"
    sizes = [f"{f['bytes']} bytes, " if f.get("bytes") is not None else "" for f in (old, new)]
    shas = [f"sha256 {f['sha256'][:12]}" for f in (old, new)]
    return f"{name}: {sizes[0]}{shas[0]} → {sizes[1]}{shas[1]}"


def _parameters(before: dict[str, Any], after: dict[str, Any]) -> Reason | None:
    found = changed(before, after)
    if not found:
        return None
    old, new = before["parameters"], after["parameters"]
    lines = tuple(f"{name}: {_value(old, name)} → {_value(new, name)}" for name in found)
    return Reason("parameters", lines, days=all(name in DATES for name in found))


def _value(parameters: dict[str, Any], name: str) -> str:
    if name not in parameters:
        return "not there"
    value = parameters[name]
    return value if isinstance(value, str) and value else json.dumps(value, ensure_ascii=False)


def _code(before: dict[str, Any], after: dict[str, Any]) -> Reason | None:
    if not _differ(before, after, "code"):
        return None
    old, new = (_commit(each.get("code") or {}) for each in (before, after))
    files = _sources(before, after, "analysis/")
    more = [f"and {len(files) - LISTED} files more"] if len(files) > LISTED else []
    return Reason("code", (f"the package: {old} → {new}", *files[:LISTED], *more))


def _sources(before: dict[str, Any], after: dict[str, Any], below: str) -> list[str]:
    """The files below a folder of the project that are not the same, where both manifests list theirs."""
    old, new = (each.get("sources") for each in (before, after))
    if not (old and new):
        return []
    words = {(True, True): "changed", (False, True): "added", (True, False): "removed"}
    names = sorted(name for name in old | new if name.startswith(below) and old.get(name) != new.get(name))
    return [f"{name}: {words[name in old, name in new]}" for name in names]


def _commit(code: dict[str, Any]) -> str:
    if not code.get("commit"):
        return "commit unknown"
    return f"commit {code['commit'][:10]}{' with changes not committed' if code.get('dirty') else ''}"


def _notebook(before: dict[str, Any], after: dict[str, Any]) -> Reason | None:
    if not _differ(before, after, "notebook"):
        return None
    name = after["notebook"].get("path") or after["notebook"]["name"]
    shas = [str(each["inputs"].get("notebook"))[:12] for each in (before, after)]
    return Reason("notebook", (f"{name}: sha256 {shas[0]} → {shas[1]}",))


def _libraries(before: dict[str, Any], after: dict[str, Any]) -> Reason | None:
    old, new = before["versions"], after["versions"]
    lines = [
        f"{name}: {old.get(name, 'not there')} → {new.get(name, 'not there')}"
        for name in old | new
        if old.get(name) != new.get(name)
    ]
    return Reason("libraries", tuple(lines)) if lines else None
