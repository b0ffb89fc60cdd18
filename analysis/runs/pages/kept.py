"""What a run has left on disk, read back and checked, so that what is damaged is told and stops nothing."""

from __future__ import annotations

import datetime
import hashlib
import json
import re
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from analysis.errors import AnalysisError
from analysis.results import Estimate
from analysis.runs import manifest

MOST_BYTES = 50_000_000  # what is larger was not written here
# Infinity can be read as 1e999, and half of a surrogate pair as well; neither can be written again.
SUSPECT = re.compile(rb"\\u[dD][89a-fA-F]|[0-9][eE]\+?[0-9]{3}")
PARTS = ("name", "value", "low", "high", "level", "unit", "interval")


class Unreadable(AnalysisError):
    """A file of a run that is missing, damaged, of another format, or not as it was written."""


def moment(text: str) -> datetime.datetime:
    """A time as a manifest writes it; one without a zone is taken for UTC. Raises ValueError."""
    found = datetime.datetime.fromisoformat(text)
    return found.astimezone(datetime.UTC) if found.tzinfo else found.replace(tzinfo=datetime.UTC)


def _moment(text: str) -> str:
    moment(text)
    return text


def _effect(record: dict[str, Any] | None) -> dict[str, Any] | None:
    """An effect as a finding writes it: every part there, and one that an Estimate takes."""
    if record is None:
        return None
    try:
        for part in PARTS:
            kinds = (str,) if part in ("name", "unit", "interval") else (int, float, type(None))
            if not isinstance(record[part], kinds) or isinstance(record[part], bool):
                raise TypeError(f"{part} cannot be {record[part]!r:.40}")
        Estimate(**record)
    except (KeyError, TypeError, OverflowError, AnalysisError) as error:
        raise ValueError(f"no effect: {error}") from None
    return record


Effect = Annotated[dict[str, Any] | None, AfterValidator(_effect)]
Chance = Annotated[float | None, Field(ge=0, le=1)]


class _Part(BaseModel):
    """Fields that are read; what a later version adds does not matter."""

    model_config = ConfigDict(extra="allow", strict=True)


class _Notebook(_Part):
    name: str
    title: str = ""


class _Error(_Part):
    name: str
    text: str = ""
    cell: int | None = None


class _File(_Part):
    parameter: str
    path: str
    sha256: str
    bytes: int | None = None


class _Code(_Part):
    commit: str | None = None
    dirty: bool | None = None


class _Headline(_Part):
    name: str
    question: str = ""
    sentence: str = ""
    effect: Effect = None
    pvalue: Chance = None
    verdict: Any = None


class _Manifest(_Part):
    format: Literal[manifest.FORMAT]
    run_id: str
    status: Literal["running", "ok", "failed", "stopped"]
    notebook: _Notebook
    started: Annotated[str, AfterValidator(_moment)]
    question: str = ""
    parameters: dict[str, Any]
    as_of: str | None = None
    data: list[_File]
    inputs: dict[str, str]
    versions: dict[str, str]
    code: _Code = _Code()
    sources: dict[str, str] = {}
    platform: dict[str, Any] = {}
    error: _Error | None = None
    findings_sha256: str | None = None
    verdicts: dict[str, Any] = {}
    headline: _Headline | None = None


class _Assumption(_Part):
    name: str
    status: str


class _Finding(_Part):
    question: str
    effect: Effect
    pvalue: Chance
    n_events: Any
    inconclusive: bool
    assumptions: list[_Assumption] = []
    warnings: list[str] = []


class _Entry(_Part):
    name: str
    finding: _Finding


MANIFEST, FINDINGS = TypeAdapter(_Manifest), TypeAdapter(list[_Entry])


def read_manifest(folder: Path) -> dict[str, Any]:
    """The manifest of a run's folder, as it was written; raises Unreadable with the reason."""
    return _checked(MANIFEST, _parsed(_bytes(folder / manifest.NAME), manifest.NAME), manifest.NAME)


def read_findings(folder: Path, found: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """The findings of a run by name, as records; none where it left none.

    Raises Unreadable where the file is not the one that the manifest ``found`` tells of.
    """
    told = found.get("findings_sha256")
    if told is None:
        return {}
    name = "findings.json"
    raw = _bytes(folder / name)
    if hashlib.sha256(raw).hexdigest() != told:
        raise Unreadable(f"{name} is not as it was written")
    entries = _checked(FINDINGS, _parsed(raw, name), name)
    return {entry["name"]: entry["finding"] for entry in entries}


def _bytes(path: Path) -> bytes:
    try:
        if not path.is_file():  # asked first: a pipe of that name would keep us waiting
            raise Unreadable(f"there is no {path.name}")
        if path.stat().st_size > MOST_BYTES:
            raise Unreadable(f"{path.name} is larger than any that is written here")
        return path.read_bytes()
    except OSError as error:
        raise Unreadable(f"{path.name} cannot be read: {error.strerror or error}") from None


def _parsed(raw: bytes, name: str) -> Any:
    try:
        value = json.loads(raw.decode("utf-8"), parse_constant=_no_number)
        if SUSPECT.search(raw):
            json.dumps(value, ensure_ascii=False, allow_nan=False).encode("utf-8")
        return value
    except (ValueError, RecursionError) as error:
        raise Unreadable(f"{name} is not whole JSON: {str(error)[:200]}") from None


def _no_number(text: str) -> None:
    raise ValueError(f"{text} is no number")


def _checked(shape: TypeAdapter, value: Any, name: str) -> Any:
    told = value.get("format") if isinstance(value, dict) else None
    if shape is MANIFEST and told != manifest.FORMAT:
        raise Unreadable(f"{name} is of format {str(told)[:40]}, and format {manifest.FORMAT} is read here")
    try:
        shape.validate_python(value)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(map(str, first["loc"])) or "its shape"
        raise Unreadable(f"{name} is not as it is written here: {where}: {first['msg'][:200]}") from None
    return value
