"""The register of claims: what was asserted, and what would count as its effect, fixed before the test."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import yaml

from analysis.catalogue.files import resolve
from analysis.errors import CatalogueError, nearest
from analysis.results import ALTERNATIVES

KINDS = ("record", "bound", "forecast", "test")
CHOSEN = ("fixed_before", "chosen_after")


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """One claim of the register; fields that its kind does not need are None or empty.

    ``region`` is the claimed effect as (low, high), high None for no upper edge; ``date_chosen`` says whether
    the date was fixed before or chosen after looking.
    """

    id: str
    wording: str
    kind: str
    tests: tuple[str, ...]
    weapon: tuple[str, ...]
    window: tuple[str, str]
    prediction: str
    next_look: str
    at_least: int | None = None
    quiet_days_over: float | None = None
    none_after: str | None = None
    effect: str | None = None
    region: tuple[float, float | None] | None = None
    alternative: str | None = None
    level: float = 0.95
    family: str | None = None
    date: str | None = None
    date_chosen: str | None = None
    stretch: tuple[str, str] | None = None
    against: tuple[str, ...] = ()
    rivals: tuple[str, ...] = ()


def claims(path: str | os.PathLike = "data/claims.yml") -> dict[str, Claim]:
    """The claims of a register by id; none for the path "".

    Raises
    ------
    CatalogueError
        with every breach of the register at once: unknown field, missing field, unknown kind or alternative,
        a test claim without effect, region, alternative, family and date
    """
    if path == "":
        return {}
    path = resolve(path)
    try:
        entries = yaml.safe_load(path.read_text(encoding="utf-8"))["claims"]
    except (OSError, UnicodeDecodeError, yaml.YAMLError, KeyError, TypeError) as error:
        raise CatalogueError(f"{path} is not a register of claims ({error}); it needs a list named 'claims'") from error
    problems = [p for number, entry in enumerate(entries, 1) for p in _problems(entry, number)]
    if problems:
        lines = "\n".join(f"  claim {p['row']}, {p['column']}: {p['rule']} ({p['way_out']})" for p in problems)
        raise CatalogueError(f"{path.name} has {len(problems)} problems:\n{lines}", problems)
    return {entry["id"]: _claim(entry) for entry in entries}


def rivals(register: Mapping[str, Claim]) -> list[str]:
    """Ids of the interventions that rival the claims of a register, each once, in order."""
    return list(dict.fromkeys(i for claim in register.values() for i in claim.rivals))


def _claim(entry: dict[str, Any]) -> Claim:
    values = dict(entry)
    for name in ("tests", "weapon", "against", "rivals"):
        values[name] = tuple(values.get(name, ()))
    for name in ("window", "stretch"):
        if name in values:
            values[name] = (str(values[name]["start"]), str(values[name]["end"]))
    if "region" in values:
        high = values["region"].get("high")
        values["region"] = (float(values["region"]["low"]), None if high is None else float(high))
    if "date" in values:
        date = values.pop("date")
        values |= {"date": str(date["value"]), "date_chosen": date["chosen"]}
    return Claim(**values)


def _problems(entry: dict[str, Any], number: int) -> list[dict[str, Any]]:
    known = set(Claim.__dataclass_fields__) - {"date_chosen"}
    needed = {"id", "wording", "kind", "tests", "weapon", "window", "prediction", "next_look"}
    if entry.get("kind") == "test":
        needed |= {"effect", "region", "alternative", "family", "date"}
    found = []

    def note(column: str, value: object, rule: str, way_out: str) -> None:
        found.append({"row": number, "column": column, "value": value, "rule": rule, "way_out": way_out})

    for name in sorted(set(entry) - known):
        note(name, entry[name], "unknown field", f"take it out or mend the name.{nearest(name, known)}")
    for name in sorted(needed - set(entry)):
        note(name, None, "missing field", "every claim of its kind needs it")
    for name, allowed in (("kind", KINDS), ("alternative", ALTERNATIVES)):
        if name in entry and entry[name] not in allowed:
            note(name, entry[name], f"must be one of {', '.join(allowed)}", f"got {entry[name]!r}")
    if entry.get("date", {}).get("chosen", CHOSEN[0]) not in CHOSEN:
        note("date", entry["date"], f"chosen must be one of {', '.join(CHOSEN)}", "say when the date was fixed")
    return found
