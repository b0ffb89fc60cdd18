"""Every combination of choices that researchers could have made otherwise."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from analysis.catalogue.merge import MERGES
from analysis.catalogue.readings import DATES
from analysis.errors import ParameterError

Axes = Mapping[str, Mapping[str, Mapping[str, Any]]]
GIVEN = "as given"
# Settings of ``select`` that change whose attacks are counted, and so the question.
POPULATION = {
    "weapon": "other weapons",
    "target_class": "other targets",
    "area": "another area",
    "outcome": "other outcomes",
}
MOST = 5000


@dataclass(frozen=True, slots=True)
class Specification:
    """One way to answer: the value chosen on each axis, and the settings of ``select`` that follow."""

    choices: tuple[tuple[str, str], ...]
    settings: Mapping[str, Any]
    question: str

    @property
    def name(self) -> str:
        """The choices that differ from the answer given, in words."""
        changed = [f"{axis}: {value}" for axis, value in self.choices if value != GIVEN]
        return "; ".join(changed) or GIVEN


def usual_axes(table: pd.DataFrame, base: Mapping[str, Any]) -> dict[str, dict[str, dict[str, Any]]]:
    """The axes that are crossed unless others are given: ``{axis: {value: settings of select that differ}}``.

    What opens the window, where it starts, weapon, target class, confidence, merge rule and readings of the dates.
    Balad with its US contractors is coded "other": the target axis has it in and out.
    """
    opened = bool(base.get("opened_by_event", False))
    other = "by the date" if opened else "by the first attack"
    axes: dict[str, dict[str, dict[str, Any]]] = {"window opened": {GIVEN: {}, other: {"opened_by_event": not opened}}}
    stated = table.attrs.get("coverage")
    if stated and base.get("start") is not None and str(stated["start"]) < str(base["start"])[:10]:
        axes["window start"] = {GIVEN: {}, "start of the record": {"start": str(stated["start"])}}
    if base.get("weapon") is not None:
        axes["weapon"] = {GIVEN: {}, "every weapon": {"weapon": None}}
    axes["targets"] = _targets(base.get("target_class"), set(table["target_class"].dropna()))
    axes["confidence"] = _others("confidence", base, {"no low": ["high", "medium"], "high only": ["high"]})
    axes["merged"] = _others("merge", base, {m: m for m in MERGES}, "night")
    axes["dates"] = _others("dates", base, {d: d for d in DATES}, "point")
    return {axis: values for axis, values in axes.items() if len(values) > 1}


def crossed(base: Mapping[str, Any], axes: Axes) -> list[Specification]:
    """Every combination of one value per axis, the answer given first.

    Raises
    ------
    ParameterError : an axis that is no mapping, two axes that set the same setting, or too many combinations
    """
    whole = {axis: _with_given(axis, values) for axis, values in axes.items()}
    owners: dict[str, str] = {}
    for axis, values in whole.items():
        for setting in {s for change in values.values() for s in change}:
            if owners.setdefault(setting, axis) != axis:
                raise ParameterError(
                    f"axes {owners[setting]!r} and {axis!r} both set {setting!r}; put it on one of them"
                )
    total = 1
    for values in whole.values():
        total *= len(values)
    if total > MOST:
        raise ParameterError(f"{total} specifications; more than {MOST} are not crossed: take values or axes away")
    found = []
    for values in itertools.product(*(v.items() for v in whole.values())):
        changes = {setting: value for _, change in values for setting, value in change.items()}
        choices = tuple((axis, name) for axis, (name, _) in zip(whole, values, strict=True))
        asked = [word for key, word in POPULATION.items() if key in changes and not _same(changes[key], base.get(key))]
        found.append(Specification(choices, {**base, **changes}, ", ".join(asked) or "the same"))
    return found


def _with_given(axis: str, values: object) -> dict[str, Mapping[str, Any]]:
    if not isinstance(values, Mapping) or not all(isinstance(change, Mapping) for change in values.values()):
        raise ParameterError(
            f"axis {axis!r} must map the name of each value to settings of select, "
            f"for example {{'without low confidence': {{'confidence': ['high', 'medium']}}}}; got {values!r}"
        )
    return {GIVEN: {}} | {name: change for name, change in values.items() if name != GIVEN}


def _targets(given: object, known: set[str]) -> dict[str, dict[str, Any]]:
    if given is None:
        return {GIVEN: {}, "without 'other'": {"target_class": sorted(known - {"other"})}} if "other" in known else {}
    chosen = [given] if isinstance(given, str) else list(given)
    values: dict[str, dict[str, Any]] = {GIVEN: {}}
    if "other" in chosen and len(chosen) > 1:
        values["without 'other'"] = {"target_class": [c for c in chosen if c != "other"]}
    elif "other" in known:
        values["with 'other'"] = {"target_class": [*chosen, "other"]}
    return values | {"every target": {"target_class": None}}


def _others(setting: str, base: Mapping, values: Mapping[str, Any], usual: Any = None) -> dict[str, dict[str, Any]]:
    given = base.get(setting, usual)
    return {GIVEN: {}} | {name: {setting: value} for name, value in values.items() if not _same(value, given)}


def _same(one: object, other: object) -> bool:
    def plain(value: object) -> object:
        value = [value] if isinstance(value, str) else value
        return (
            sorted(value) if isinstance(value, list | tuple | set) and all(isinstance(v, str) for v in value) else value
        )

    return plain(one) == plain(other)
