"""The register of claims: what was asserted, and what would count as its effect, fixed before the test."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import yaml

from analysis.catalogue.claim_rules import breaches
from analysis.catalogue.files import resolve
from analysis.errors import CatalogueError

LISTS = ("tests", "weapon", "against", "rivals", "interventions", "exclude", "depends")


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """One claim of the register; fields that its kind does not need are None or empty.

    ``tests`` are functions of ``analysis.stats`` as "family.function": the first decides, the others stand beside
    it. ``region`` is the claimed effect as (low, high), high None for no upper edge; ``date_chosen`` says whether
    the date was fixed before or chosen after looking. ``variants`` are settings of the claim (date, start, exclude)
    that were fixed before as well. ``interventions`` are ids of what is said to matter, and ``response_days`` how
    long it works; ``depends`` are events that count under one definition and not under another.
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
    casualties: str | None = None
    effect: str | None = None
    region: tuple[float, float | None] | None = None
    alternative: str | None = None
    level: float = 0.95
    family: str | None = None
    date: str | None = None
    date_chosen: str | None = None
    stretch: tuple[str, str] | None = None
    variants: tuple[Mapping[str, Any], ...] = ()
    hours: tuple[float, float] | None = None
    interventions: tuple[str, ...] = ()
    response_days: float | None = None
    opened_by_event: bool = True
    exclude: tuple[str, ...] = ()
    depends: tuple[str, ...] = ()
    against: tuple[str, ...] = ()
    rivals: tuple[str, ...] = ()


def claims(path: str | os.PathLike = "data/claims.yml") -> dict[str, Claim]:
    """The claims of a register by id; none for the path "".

    Raises
    ------
    CatalogueError
        with every breach of the register at once: unknown field, missing field, unknown kind or alternative,
        a test not written as family.function, an id given twice, a region or window whose ends are the wrong way
        round, a test claim without effect, region, alternative, family and date. Whether a test exists is checked
        where the claims are answered, since a catalogue knows no tests
    """
    if path == "":
        return {}
    path = resolve(path)
    try:
        entries = yaml.safe_load(path.read_text(encoding="utf-8"))["claims"]
    except (OSError, UnicodeDecodeError, yaml.YAMLError, KeyError, TypeError) as error:
        raise CatalogueError(f"{path} is not a register of claims ({error}); it needs a list named 'claims'") from error
    if not isinstance(entries, list) or not all(isinstance(e, dict) for e in entries):
        raise CatalogueError(f"{path} is not a register of claims; it needs a list named 'claims', one entry for each")
    problems = breaches(entries, set(Claim.__dataclass_fields__) - {"date_chosen"})
    if problems:
        lines = "\n".join(f"  claim {p['row']}, {p['column']}: {p['rule']} ({p['way_out']})" for p in problems)
        raise CatalogueError(f"{path.name} has {len(problems)} problems:\n{lines}", problems)
    return {entry["id"]: _claim(entry) for entry in entries}


def rivals(register: Mapping[str, Claim]) -> list[str]:
    """Ids of the interventions that rival the claims of a register, each once, in order."""
    return list(dict.fromkeys(i for claim in register.values() for i in claim.rivals))


def _claim(entry: dict[str, Any]) -> Claim:
    values = dict(entry)
    for name in LISTS:
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
    if "hours" in values:
        values["hours"] = tuple(map(float, values["hours"]))
    values["variants"] = tuple(
        {k: tuple(v) if k == "exclude" else str(v) for k, v in variant.items()}
        for variant in values.get("variants", ())
    )
    return Claim(**values)
