"""The schedule: reports by name, each with its notebook, parameters, cadence and how long its runs are kept."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from analysis.errors import ParameterError
from analysis.runs import places
from analysis.runs.request import Request, prepare_values
from analysis.runs.schedules.cadence import Cadence, cadence

NAME = re.compile(r"[a-z0-9][a-z0-9_-]*")
SLOT = re.compile(r"\{slot(?:\s*([+-])\s*(\d{1,4})\s*(day|week)s?)?\}")
OPEN = re.compile(r"\{\s*slot[^}]*\}?")
FILE = "schedule.yml"


@dataclass(frozen=True, slots=True)
class Keep:
    """How many good runs are kept, for how many days at most (None for ever), and how many failed ones."""

    runs: int = 30
    days: int | None = None
    failed: int = 5


@dataclass(frozen=True, slots=True)
class Scheduled:
    """A named report of the schedule."""

    name: str
    notebook: str
    cadence: Cadence
    parameters: dict[str, Any]
    timeout: float
    keep: Keep

    def request(self, slot: datetime, reports: Path) -> Request:
        """The report of one slot, checked; raises ParameterError or CatalogueError where it cannot be run."""
        values = {k: _at(v, self.cadence.day(slot)) for k, v in self.parameters.items()}
        return prepare_values(self.notebook, values, folder=reports / self.name)


@dataclass(frozen=True, slots=True)
class Schedule:
    """The reports that can be run, and of each other one what is wrong with it."""

    path: Path
    reports: dict[str, Scheduled]
    broken: dict[str, ParameterError] = field(default_factory=dict)


def read(path: Path | None = None) -> Schedule:
    """Read a schedule; by default the one in the reports folder.

    What is wrong with one report is that report's: it stands in ``broken`` with every problem, and the others run.

    Raises
    ------
    ParameterError : there is no file, it is no YAML, a name stands twice, or its outline is not that of a schedule
    """
    path = path or places.reports() / FILE
    content = _content(path)
    _check_outline(content, path)
    reports, broken = {}, {}
    for name, entry in content["reports"].items():
        try:
            reports[str(name)] = _scheduled(str(name), entry, content.get("timezone", "UTC"))
        except ParameterError as error:
            broken[str(name)] = error
    return Schedule(path, reports, broken)


def _content(path: Path) -> Any:
    import yaml

    class Loader(yaml.SafeLoader):
        """YAML in which a key that stands twice is an error: the first would vanish without a word."""

    def mapping(loader: yaml.SafeLoader, node: yaml.MappingNode) -> dict:
        keys = [loader.construct_object(key) for key, _ in node.value]
        twice = sorted({str(key) for key in keys if keys.count(key) > 1})
        if twice:
            raise yaml.MarkedYAMLError(problem=f"{', '.join(twice)} stands twice", problem_mark=node.start_mark)
        return yaml.SafeLoader.construct_mapping(loader, node, deep=True)

    Loader.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, mapping)
    try:
        return yaml.load(path.read_text(encoding="utf-8"), Loader=Loader)
    except FileNotFoundError:
        raise ParameterError(f"there is no schedule {places.shown(path)}; docs/scheduling.md shows one") from None
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise ParameterError(f"{places.shown(path)} is not YAML: {error}") from None


def _check_outline(content: Any, path: Path) -> None:
    where = places.shown(path)
    if not isinstance(content, dict) or not isinstance(content.get("reports"), dict) or not content["reports"]:
        raise ParameterError(f"{where} names no reports; write 'reports:' and below it a name for each report")
    extra = sorted(str(key) for key in content if key not in ("reports", "timezone"))
    if extra:
        raise ParameterError(f"{where}: {extra[0]!r} is unknown at the top; there are 'timezone' and 'reports'")


def _scheduled(name: str, entry: Any, timezone: str) -> Scheduled:
    """One entry, checked; raises one ParameterError with every problem."""
    from pydantic import ValidationError

    problems = []
    if not NAME.fullmatch(name):
        problems.append(f"the name {name!r} becomes a folder; write small letters, digits, - and _")
    try:
        found = _entry().model_validate(entry)
    except ValidationError as error:
        problems += [_problem(each) for each in error.errors()]
        raise _refused(problems) from None
    rule, parameters = None, dict(found.parameters)
    try:
        rule = cadence(found.every, found.timezone or timezone)
    except ParameterError as error:
        problems.append(str(error))
    if found.data is not None:
        if "catalogue" in parameters:
            problems.append("data and parameters.catalogue name the same thing; leave one out")
        parameters["catalogue"] = found.data
    problems += _misread_slots(parameters)
    if problems or rule is None:
        raise _refused(problems)
    keep = Keep(**found.keep.model_dump())
    return Scheduled(name, found.notebook, rule, _plain(parameters), found.timeout, keep)


def _entry():
    """What an entry of the schedule may hold; made on first use, since pydantic takes a while to import."""
    from pydantic import BaseModel, ConfigDict, Field

    strict = ConfigDict(strict=True, extra="forbid")

    class KeepEntry(BaseModel):
        model_config = strict
        runs: int = Field(30, ge=1)
        days: int | None = Field(None, ge=1)
        failed: int = Field(5, ge=0)

    class Entry(BaseModel):
        model_config = strict
        notebook: str = Field(min_length=1)
        every: str
        timezone: str | None = None
        data: str | None = None
        parameters: dict[str, Any] = Field(default_factory=dict)
        timeout: float = Field(3600, gt=0, allow_inf_nan=False, strict=False)
        keep: KeepEntry = Field(default_factory=KeepEntry)

    return Entry


def _problem(detail: Mapping[str, Any]) -> str:
    where = ".".join(str(part) for part in detail["loc"]) or "the entry"
    if detail["type"] == "missing":
        return f"{where} is missing"
    if detail["type"] == "extra_forbidden":
        known = "notebook, every, timezone, data, parameters, timeout, keep (runs, days, failed)"
        return f"{where} is unknown; there are {known}"
    return f"{where}: {detail['msg']}; got {detail['input']!r}"


def _refused(problems: list[str]) -> ParameterError:
    return ParameterError("\n".join(f"- {problem}" for problem in problems))


def _plain(value: Any) -> Any:
    """YAML reads an unquoted date as one; parameters hold it as the text it was written as."""
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, dict):
        return {str(k): _plain(v) for k, v in value.items()}
    return [_plain(v) for v in value] if isinstance(value, list) else value


def _texts(value: Any) -> list[str]:
    if isinstance(value, dict):
        return [text for each in value.values() for text in _texts(each)]
    if isinstance(value, list):
        return [text for each in value for text in _texts(each)]
    return [value] if isinstance(value, str) else []


def _misread_slots(parameters: Mapping[str, Any]) -> list[str]:
    wrong = [m[0] for text in _texts(dict(parameters)) for m in OPEN.finditer(text) if not SLOT.fullmatch(m[0])]
    return [f"parameters: {w!r} is not understood; write '{{slot}}' or '{{slot - 30 days}}'" for w in wrong]


def _at(value: Any, day: str) -> Any:
    """A parameter with the day of the slot in the place of ``{slot}``."""
    if isinstance(value, dict):
        return {k: _at(v, day) for k, v in value.items()}
    if isinstance(value, list):
        return [_at(v, day) for v in value]
    if not isinstance(value, str):
        return value

    def moved(found: re.Match) -> str:
        sign, number, unit = found.groups()
        days = 0 if number is None else int(number) * (7 if unit == "week" else 1) * (-1 if sign == "-" else 1)
        return (date.fromisoformat(day) + timedelta(days=days)).isoformat()

    return SLOT.sub(moved, value)
