"""The data files a run reads: found, checked against their codebook, and known by their sha256."""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from analysis.errors import CatalogueError, ParameterError, nearest
from analysis.runs import places
from analysis.runs.declared import Declared
from analysis.runs.domains import WORDS, is_file


@dataclass(frozen=True, slots=True)
class DataFile:
    """A data file of a run: the parameter that names it, how that is written, and where the file is."""

    parameter: str
    name: str
    path: Path
    sha256: str
    bytes: int


def beside_caller(given: Mapping[str, str]) -> dict[str, str]:
    """Texts of a command line with paths of data files as seen from the project folder.

    A path typed at a command line is meant from where its writer stands; a notebook sees the project folder.
    """
    return {name: _from_root(text) if is_file(name) and text else text for name, text in given.items()}


def beside_notebook(declared: Iterable[Declared], given: Mapping[str, Any], folder: Path) -> dict[str, Any]:
    """``given``, and with it the data files that a notebook names as they lie beside it.

    A notebook that was copied out of the project names the files of its own folder. Where the project folder, from
    which it is run, has no such file, the one beside the notebook is meant, else one where the caller stands.
    """
    found = dict(given)
    for each in declared:
        text = each.default
        if each.name in given or not is_file(each.name) or not isinstance(text, str) or not text:
            continue
        if Path(text).is_absolute() or (places.root() / text).is_file():
            continue
        beside = next((p for p in (folder / text, Path.cwd() / text) if p.is_file()), None)
        if beside is not None:
            found[each.name] = str(beside.resolve())
    return found


def read_as(path: Path) -> str:
    """How a data file is read that holds to its codebook: its time zone, and what its record covers, for the reader.

    Of a table that is no catalogue of attacks nothing is said.
    """
    from analysis.catalogue.load import book_for
    from analysis.catalogue.sources import coverage_of, entry

    book = book_for(path, None)
    if not {"weapon", "date_local"} <= set(book.columns):
        return ""
    covered = coverage_of(book.coverage or (entry(path) or {}).get("coverage"), path.name)
    span = "what the record covers is not stated"
    if covered:
        span = f"the record covers {covered['start']} to {covered['end']}, end not included"
    return f"dates are local to {book.time_zone}; {span}; either is set in {path.stem}.codebook.yml (data/README.md)"


def _from_root(text: str) -> str:
    path = Path(text).expanduser()
    if not path.is_absolute() and not path.exists():
        return text
    path, root = path.resolve(), places.root()
    return path.relative_to(root).as_posix() if path.is_relative_to(root) else str(path)


def located(text: str) -> Path:
    """Where a data file lies: below the project folder, else below the folder one stands in."""
    path = Path(text).expanduser()
    if path.is_absolute():
        return path
    below = places.root() / path
    return below if below.exists() or not path.exists() else path.absolute()


def files(settings: Mapping[str, Any]) -> tuple[DataFile, ...]:
    """The data files that the settings name; raises CatalogueError with each one that is missing."""
    named = [(k, v) for k, v in settings.items() if is_file(k) and isinstance(v, str) and v]
    problems = [_missing(k, v) for k, v in named if not located(v).is_file()]
    if problems:
        raise CatalogueError("\n".join(p["rule"] for p in problems), problems)
    return tuple(_measured(k, v) for k, v in named)


def _missing(parameter: str, text: str) -> dict[str, Any]:
    rule = f"{parameter}: there is no file {text!r} (looked for {located(text)})"
    way_out = "give the path of a file that exists"
    return {"row": None, "column": None, "value": text, "rule": rule, "way_out": way_out}


def _measured(parameter: str, text: str) -> DataFile:
    path = located(text)
    return DataFile(parameter, text, path, sha256(path), path.stat().st_size)


def sha256(path: Path) -> str:
    """The sha256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def check(found: Iterable[DataFile]) -> None:
    """Hold every file to its codebook; raises CatalogueError with every problem of every one.

    A file that is no csv has no codebook: whoever reads it checks it.
    """
    from analysis.catalogue import check_file

    listed, problems = [], []
    for each in found:
        held = each.parameter == "catalogue" or each.path.suffix.lower() == ".csv"
        if broken := check_file(each.path) if held else []:
            listed.append(told(each.name, broken))
            problems += broken
    if problems:
        raise CatalogueError("\n".join(listed), problems)


def told(name: str, problems: list[dict]) -> str:
    """All problems of a file as a list to read."""
    from analysis.catalogue import problem_report

    return problem_report(problems, name=name, limit=len(problems))


def check_words(settings: Mapping[str, Any], found: Iterable[DataFile]) -> None:
    """Raise ParameterError for each value of a filter, such as a weapon, that the codebook lacks."""
    catalogue = next((each for each in found if each.parameter == "catalogue"), None)
    filters = {name: settings[name] for name in WORDS if name != "exclude" and settings.get(name)}
    if catalogue is None or not filters:
        return
    problems = [problem for name, values in filters.items() for problem in _unknown(name, values, catalogue.path)]
    if problems:
        raise ParameterError("\n".join(problems))


def _unknown(name: str, values: list[str], path: Path) -> list[str]:
    from analysis.catalogue.load import book_for

    try:
        column = book_for(path, None).columns.get(name)
    except CatalogueError:
        return []  # the check of the file will tell
    allowed = list(column.allowed or ()) if column else []
    listed = f"(one of {', '.join(allowed)})"
    return [f"{name}: {v!r} is unknown.{nearest(v, allowed)} {listed}" for v in values if allowed and v not in allowed]


def rows(path: Path) -> int:
    """The number of records of a csv file, its heading not counted."""
    with path.open(newline="", encoding="utf-8-sig") as file:
        return max(sum(1 for record in csv.reader(file) if record) - 1, 0)
