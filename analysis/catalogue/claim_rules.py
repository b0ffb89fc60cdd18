"""The rules of a register of claims, every breach told at once."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

import pandas as pd

from analysis.errors import nearest
from analysis.results import ALTERNATIVES

KINDS = ("record", "bound", "forecast", "test")
CHOSEN = ("fixed_before", "chosen_after")
VARIED = ("date", "start", "exclude")
NEEDED = {"id", "wording", "kind", "tests", "weapon", "window", "prediction", "next_look"}
OF_A_TEST = {"effect", "region", "alternative", "family", "date"}
SAYS_WHAT = ("at_least", "quiet_days_over", "none_after", "casualties")
Breach = tuple[str, object, str, str]


def breaches(entries: list[dict[str, Any]], known: set[str]) -> list[dict[str, Any]]:
    """Every breach of every entry: row, column, value, rule and way out; ``known`` are the fields there are."""
    ids = [entry.get("id") for entry in entries]
    found = []
    for row, entry in enumerate(entries, 1):
        told = list(_fields(entry, known))
        if entry.get("id") is not None and ids.index(entry["id"]) < row - 1:
            told.append(("id", entry["id"], "given twice", "every claim has an id of its own"))
        for name, rule in RULES.items():
            if entry.get(name) is not None:
                told += _broken(name, entry[name], rule)
        keys = ("row", "column", "value", "rule", "way_out")
        found += [dict(zip(keys, (row, *breach), strict=True)) for breach in told]
    return found


def _fields(entry: dict[str, Any], known: set[str]) -> Iterator[Breach]:
    needed = NEEDED | (OF_A_TEST if entry.get("kind") == "test" else set())
    for name in sorted(set(entry) - known):
        yield name, entry[name], "unknown field", f"take it out or mend the name.{nearest(name, known)}"
    for name in sorted(needed - set(entry)):
        yield name, None, "missing field", "every claim of its kind needs it"
    if entry.get("kind") in ("record", "bound") and not set(entry) & set(SAYS_WHAT):
        yield "kind", entry["kind"], "does not say what it asserts", f"give one of {', '.join(SAYS_WHAT)}"


def _broken(name: str, value: object, rule: Callable[[Any], str | None]) -> list[Breach]:
    try:
        told = rule(value)
    except (TypeError, ValueError, KeyError, AttributeError) as error:
        told = f"cannot be read ({type(error).__name__}: {error})"
    return [] if told is None else [(name, value, told, f"got {value!r}")]


def _one_of(allowed: tuple[str, ...]) -> Callable[[Any], str | None]:
    return lambda value: None if value in allowed else f"must be one of {', '.join(allowed)}"


def _tests(value: list[str]) -> str | None:
    fine = isinstance(value, list) and value and all(re.fullmatch(r"[a-z_]+\.[a-z_0-9]+", str(v)) for v in value)
    return None if fine else "must be a list of tests written as family.function"


def _span(value: dict[str, str]) -> str | None:
    start, end = pd.Timestamp(str(value["start"])), pd.Timestamp(str(value["end"]))
    return None if start < end else "must end after it starts"


def _region(value: dict[str, float | None]) -> str | None:
    low, high = float(value["low"]), value.get("high")
    return None if high is None or low <= float(high) else "the low edge lies above the high one"


def _date(value: dict[str, str]) -> str | None:
    if str(value["value"]) != "last_event":
        pd.Timestamp(str(value["value"]))
    return _one_of(CHOSEN)(value["chosen"]) and f"chosen must be one of {', '.join(CHOSEN)}"


def _level(value: float) -> str | None:
    return None if 0 < float(value) < 1 else "must lie between 0 and 1"


def _variants(value: list[dict[str, object]]) -> str | None:
    odd = [k for variant in value for k in variant if k not in VARIED]
    for variant in value:
        for key in ("date", "start"):
            pd.Timestamp(str(variant[key])) if key in variant else None
    return f"a variant may change {', '.join(VARIED)} only, not {odd[0]}" if odd else None


def _hours(value: list[float]) -> str | None:
    fine = len(value) == 2 and all(0 <= float(h) < 24 for h in value) and value[0] != value[1]
    return None if fine else "must be two hours of the clock, from and to"


RULES: dict[str, Callable[[Any], str | None]] = {
    "kind": _one_of(KINDS),
    "alternative": _one_of(ALTERNATIVES),
    "casualties": _one_of(("none",)),
    "tests": _tests,
    "window": _span,
    "stretch": _span,
    "region": _region,
    "date": _date,
    "level": _level,
    "variants": _variants,
    "hours": _hours,
}
