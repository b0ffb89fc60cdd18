"""Typed parameters: what is given is held against what the notebook declares, all problems told at once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from analysis.errors import ParameterError, nearest
from analysis.runs.declared import Declared, check_name
from analysis.runs.domains import Domain, domain, is_date


def from_text(declared: Iterable[Declared], given: Mapping[str, str]):
    """The settings of a run from the texts of a command line; what is not given keeps its default.

    Texts are read by the declared type and never evaluated: a list is ``a,b`` or JSON, a yes or no is
    ``true`` or ``false``, a date is ``YYYY-MM-DD``. Raises one ParameterError with every problem.
    """
    declared = tuple(declared)
    domains, problems = _domains(declared)
    problems += _unknown(given, domains)
    values = {each.name: each.default for each in declared}
    for name in [n for n in given if n in domains]:
        try:
            values[name] = domains[name].read(given[name])
        except (ValueError, RecursionError):
            problems.append(_problem(name, domains[name], given[name]))
            domains.pop(name)
    return _settings(domains, values, problems)


def from_values(declared: Iterable[Declared], values: Mapping[str, Any]):
    """The settings of a run from Python values, as the set-up cell of a notebook passes them.

    A declared parameter that is not passed would silently keep its default, so it is a problem too.
    """
    declared = tuple(declared)
    domains, problems = _domains(declared)
    problems += _unknown(values, domains)
    problems += [f"{name} is declared and not passed to open_run" for name in domains if name not in values]
    return _settings(domains, dict(values), problems)


def changed(declared: Iterable[Declared], settings) -> dict[str, Any]:
    """The settings that differ from the declared defaults."""
    used = settings.model_dump()
    return {each.name: used[each.name] for each in declared if used[each.name] != each.default}


def _domains(declared: tuple[Declared, ...]) -> tuple[dict[str, Domain], list[str]]:
    found, problems = {}, []
    for each in declared:
        try:
            check_name(each.name)
            found[each.name] = domain(each.name, each.default)
        except ParameterError as error:
            problems.append(str(error))
    return found, problems


def _unknown(names: Iterable[str], known: Mapping[str, Domain]) -> list[str]:
    problems = []
    for name in names:
        if name in known:
            continue
        try:
            check_name(name)
            has = f"the notebook has {', '.join(known)}" if known else "the notebook has no parameters"
            problems.append(f"{name} is unknown.{nearest(name, known)} ({has})")
        except ParameterError as error:
            problems.append(str(error))
    return problems


def _settings(domains: dict[str, Domain], values: dict[str, Any], problems: list[str]):
    from pydantic import BaseModel, ConfigDict, ValidationError, create_model

    taken = [name for name in domains if hasattr(BaseModel, name)]
    problems += [f"{name!r} cannot be the name of a parameter; take another word" for name in taken]
    values = {name: values[name] for name in domains if name in values and name not in taken}
    config = ConfigDict(strict=True, frozen=True, extra="forbid", protected_namespaces=())
    fields = {name: (domains[name].annotation, ...) for name in values}
    wrong: set[str] = set()
    settings = None
    try:
        settings = create_model("Settings", __config__=config, **fields)(**values)
    except ValidationError as error:
        wrong = {detail["loc"][0] for detail in error.errors()}
        problems += [_problem(name, domains[name], values[name]) for name in values if name in wrong]
    problems += _out_of_order({name: value for name, value in values.items() if name not in wrong})
    if problems:
        count = "a problem" if len(problems) == 1 else f"{len(problems)} problems"
        raise ParameterError(f"{count} with the parameters:\n" + "\n".join(f"- {problem}" for problem in problems))
    return settings


def _problem(name: str, domain: Domain, value: Any) -> str:
    return f"{name}: expected {domain.expected}; got {value!r}"


def _out_of_order(values: Mapping[str, Any]) -> list[str]:
    problems = []
    for name, start in values.items():
        if not is_date(name) or not (name == "start" or name.endswith("_start")):
            continue
        other = name.removesuffix("start") + "end"
        end = values.get(other)
        if start and end and end < start:
            problems.append(f"{other}: must not lie before {name}; got {start} to {end}")
    return problems
