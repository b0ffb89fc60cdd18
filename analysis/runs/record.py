"""Findings on paper: one JSON and one table of everything a run found, with a digest to compare runs by."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from analysis.errors import ParameterError
from analysis.results import Finding, collect, json_safe

MARKER = "complete"


def named(findings: Mapping[str, Finding] | Iterable[Finding]) -> dict[str, Finding]:
    """Findings by name; those of a plain list are named after their method, numbered where two share one."""
    if isinstance(findings, Finding):
        findings = [findings]
    if not isinstance(findings, Mapping):
        findings = _numbered(list(findings))
    for name, finding in findings.items():
        if not isinstance(finding, Finding):
            raise ParameterError(f"{name}: only a Finding can be recorded, got {type(finding).__name__}")
    return {str(name): finding for name, finding in findings.items()}


def _numbered(findings: list[Finding]) -> dict[str, Finding]:
    names: dict[str, Finding] = {}
    for finding in findings:
        stem = getattr(finding, "method", type(finding).__name__)
        n = 1 + sum(name == stem or name.startswith(f"{stem} (") for name in names)
        names[stem if n == 1 else f"{stem} ({n})"] = finding
    return names


def as_json(findings: Mapping[str, Finding]) -> str:
    """A list of ``{"name", "finding"}`` in the order recorded; a float is written with all its digits."""
    entries = [{"name": name, "finding": finding.to_record()} for name, finding in findings.items()]
    return dumps(entries)


def as_csv(findings: Mapping[str, Finding]) -> str:
    """The same as a table, a row to each finding; only a heading where there are none."""
    table = collect(findings.values(), name=findings.keys())
    return table.to_csv(index=False, lineterminator="\n") if len(table) else "name\n"


def digest(findings: Mapping[str, Finding]) -> str:
    """The sha256 of the findings as JSON: equal digests mean equal findings, to the last digit."""
    return hashlib.sha256(as_json(findings).encode()).hexdigest()


def verdict_record(verdict: Any) -> Any:
    """A verdict as JSON can hold it: its own record where it has one, else its text."""
    own = getattr(verdict, "to_record", None)
    return json_safe(own() if own else verdict)


def write(folder: Path, findings: Mapping[str, Finding], verdicts: Mapping[str, Any]) -> None:
    """Write the findings into the folder of a run; the marker goes last: the notebook came to its end."""
    (folder / "findings.json").write_text(as_json(findings), encoding="utf-8", newline="\n")
    (folder / "findings.csv").write_text(as_csv(findings), encoding="utf-8", newline="\n")
    if verdicts:
        (folder / "verdicts.json").write_text(dumps(dict(verdicts)), encoding="utf-8", newline="\n")
    (folder / MARKER).write_text(digest(findings) + "\n", encoding="utf-8")


def dumps(value: Any) -> str:
    """JSON for a file: in the order given, readable, and refusing what is no number."""
    return json.dumps(value, indent=2, ensure_ascii=False, allow_nan=False) + "\n"
