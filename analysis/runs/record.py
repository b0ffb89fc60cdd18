"""Findings on paper: one JSON and one table of everything a run found, with a digest to compare runs by."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from analysis.errors import ParameterError, nearest
from analysis.results import Finding, collect, json_safe

MARKER = "complete"
HEADLINE = "headline.json"


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


def headline(
    findings: Mapping[str, Finding], verdicts: Mapping[str, Any], name: str | None = None
) -> dict[str, Any] | None:
    """The one verdict or finding that stands for a report, as JSON can hold it; None where nothing was recorded.

    Parameters
    ----------
    findings, verdicts : what was recorded, by name, verdicts as ``verdict_record`` gives them; a verdict and a
        finding of one name belong together
    name : of one of them; by default the first verdict, else the first finding

    Raises ParameterError for a name that is neither.
    """
    names = list(verdicts) + [each for each in findings if each not in verdicts]
    if name is None:
        name = names[0] if names else None
    elif name not in names:
        recorded = "record it first" if names else "nothing was recorded"
        raise ParameterError(f"headline: no finding or verdict is called {name!r}; {recorded}.{nearest(name, names)}")
    if name is None:
        return None
    finding, verdict = findings.get(name), verdicts.get(name)
    kept = {} if finding is None else finding.to_record()
    return {
        "name": name,
        "question": kept.get("question", ""),
        "sentence": verdict_text(verdict) if finding is None else str(finding),
        "effect": kept.get("effect"),
        "pvalue": kept.get("pvalue"),
        "verdict": verdict,
    }


def verdict_text(verdict: Any) -> str:
    """A verdict as it was recorded in words: its word and the rule that fired, else its text."""
    if not isinstance(verdict, Mapping) or not verdict.get("word"):
        return "" if verdict is None else str(verdict)
    rule = f". {verdict['rule']}" if verdict.get("rule") else ""
    return f"{verdict_word(verdict)}{rule}"


def verdict_word(verdict: Any) -> str:
    """The word of a verdict as it was recorded, marked where it is fragile; else its text."""
    if not isinstance(verdict, Mapping) or not verdict.get("word"):
        return "" if verdict is None else str(verdict)
    return f"{verdict['word']}{' (fragile)' if verdict.get('fragile') else ''}"


def write(
    folder: Path,
    findings: Mapping[str, Finding],
    verdicts: Mapping[str, Any],
    lead: Mapping[str, Any] | None = None,
) -> None:
    """Write the findings into the folder of a run; the marker goes last: the notebook came to its end."""
    (folder / "findings.json").write_text(as_json(findings), encoding="utf-8", newline="\n")
    (folder / "findings.csv").write_text(as_csv(findings), encoding="utf-8", newline="\n")
    if verdicts:
        (folder / "verdicts.json").write_text(dumps(dict(verdicts)), encoding="utf-8", newline="\n")
    if lead:
        (folder / HEADLINE).write_text(dumps(dict(lead)), encoding="utf-8", newline="\n")
    (folder / MARKER).write_text(digest(findings) + "\n", encoding="utf-8")


def dumps(value: Any) -> str:
    """JSON for a file: in the order given, readable, and refusing what is no number."""
    return json.dumps(value, indent=2, ensure_ascii=False, allow_nan=False) + "\n"
