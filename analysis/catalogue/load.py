"""A catalogue file as a table: checked, typed, and as it stood on a day."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pandas as pd

from analysis.catalogue.cells import Cells, cells
from analysis.catalogue.codebook import Codebook, codebook
from analysis.catalogue.files import resolve, shown
from analysis.catalogue.readers import foreign, reader_of, translated
from analysis.catalogue.schema import FIRST_YEAR, dates, moments, numbers
from analysis.catalogue.sources import coverage_of, entry
from analysis.catalogue.validate import missing_columns, problems, refuse
from analysis.catalogue.vintage import local_moment, public_from, revisions_beside, undo_revisions
from analysis.errors import CatalogueError

Book = Codebook | str | os.PathLike


def load(path: str | os.PathLike, *, as_of: object = None, codebook: Book | None = None) -> pd.DataFrame:
    """A catalogue of attacks as a table, one row per attack in the order of the file.

    Parameters
    ----------
    path : CSV file in UTF-8; from the working directory, else from the project root. An export of UCDP GED is
        recognised by its columns and read as its codebook says
    as_of : a day ("2021-06-04", a date or a Timestamp): only rows public by then, that day included, with
        the coded later corrections undone. A blank first_reported counts as the day after the attack.
        None gives everything
    codebook : name or file of the codebook; by default ``<stem>.codebook.yml`` beside the file, else what
        SOURCES.yml there names, else the packaged codebook of attacks

    Returns
    -------
    table with every column of the codebook (missing where the file lacks it), then the file's further ones.
    Dates are naive local midnights, counts Int64, lat and lon float degrees, the rest text. Blank
    date_earliest and date_latest hold date_local; a blank time_precision is derived as the codebook says.

    ``table.attrs`` has file, stem, sha256, as_of, coverage, time_zone, n_rows, n_not_yet_public,
    not_yet_public (event ids), n_public_by_rule, revisions_undone, extra_columns, vocabulary, hours, notes.

    Raises
    ------
    CatalogueError : the file is not there, or breaks its codebook; ``problems`` holds every breach
    ParameterError : ``as_of`` is no date
    """
    file = resolve(path)
    book = book_for(file, codebook)
    _check_needed(book, file)
    found = _checked(file, book)
    day = None if as_of is None else _day(as_of, book)
    undone: list[tuple[str, str]] = []
    text, beside = found.frame, revisions_beside(file)
    if day is not None and beside is not None:
        text, undone = undo_revisions(text, book, beside, day)
    table = _with_defaults(typed(text, book))
    attrs = _attrs(file, book, found, table) | {"as_of": day and f"{day:%Y-%m-%d}"}
    return _as_of(table, day, undone, attrs)


def check_file(path: str | os.PathLike, *, codebook: Book | None = None) -> list[dict]:
    """Every problem of a data file, as ``CatalogueError.problems`` has them; none makes an empty list.

    The later corrections beside a catalogue, ``<stem>_revisions.csv``, are checked with it.
    """
    try:
        file = resolve(path)
        book = book_for(file, codebook)
    except CatalogueError as error:
        if error.problems:
            return list(error.problems)
        return [
            {
                "row": None,
                "column": None,
                "value": str(path),
                "rule": str(error),
                "way_out": "mend that first",
            }
        ]
    found = _cells(file, book)
    return problems(found, book) or _revision_problems(found, book, file)


def _revision_problems(found: Cells, book: Codebook, file: Path) -> list[dict]:
    """What is wrong with the corrections beside a good catalogue; their columns carry the file's name."""
    beside = revisions_beside(file)
    if beside is None:
        return []
    try:
        undo_revisions(found.frame, book, beside, pd.Timestamp(f"{FIRST_YEAR}-01-01"))
    except CatalogueError as error:
        return [p | {"column": f"{beside.name}: {p['column'] or 'row'}"} for p in error.problems]
    return []


def read_table(path: str | os.PathLike, *, codebook: Book | None = None) -> pd.DataFrame:
    """Any table with a codebook, checked and typed; ``attrs`` has file, sha256, coverage and notes."""
    file = resolve(path)
    book = book_for(file, codebook)
    found = _checked(file, book)
    table = typed(found.frame, book)
    table.attrs = _attrs(file, book, found, table)
    return table


def book_for(file: Path, given: Book | None) -> Codebook:
    """The codebook that a file is held to."""
    if isinstance(given, Codebook):
        return given
    if given is not None:
        return codebook(given)
    beside = file.with_name(f"{file.stem}.codebook.yml")
    if beside.is_file():
        return codebook(beside)
    named = (entry(file) or {}).get("codebook")
    if named and (file.parent / str(named)).is_file():
        return codebook(file.parent / str(named))
    if file.stem.endswith("_revisions"):
        return codebook("attacks_revisions")
    if producer := reader_of(file):
        return codebook(producer.codebook)
    return codebook("attacks")


def typed(text: pd.DataFrame, book: Codebook) -> pd.DataFrame:
    """The text of a checked table as dates, numbers and texts; columns that are not there come as missing."""
    columns: dict[str, pd.Series] = {}
    for name, column in book.columns.items():
        cell = text[name] if name in text else pd.Series(pd.NA, index=text.index, dtype="str")
        columns[name] = _typed(cell, column.type)
    extra = {name: text[name] for name in text.columns if name not in book.columns}
    return pd.DataFrame(columns | extra).reset_index(drop=True)


def _typed(cell: pd.Series, kind: str) -> pd.Series:
    if kind == "date":
        return dates(cell).astype("datetime64[us]")
    if kind == "moment":
        return moments(cell).astype("datetime64[us]")
    if kind == "whole":
        return numbers(cell).astype("Int64")
    if kind == "number":
        return numbers(cell)
    return cell


def _check_needed(book: Codebook, file: Path) -> None:
    known = codebook("attacks").columns
    missing = [c for c in known if c not in book.columns or _kind(book.columns[c].type) != _kind(known[c].type)]
    if missing:
        told = f"{shown(file)} is held to the codebook {book.table!r}, which lacks {', '.join(missing[:5])}"
        way_out = "give a file of attacks, or a codebook that says 'extends: attacks'; read_table reads others"
        raise CatalogueError(f"{told}; {way_out}")


def _kind(name: str) -> str:
    """A choice is a text of few values: another producer may have many."""
    return "text" if name == "choice" else name


def _checked(file: Path, book: Codebook) -> Cells:
    try:
        found = _cells(file, book)
    except OSError as error:
        raise CatalogueError(f"{shown(file)} cannot be read: {error.strerror}; check the rights of the file") from None
    refuse(problems(found, book), shown(file))
    assert not missing_columns(list(found.frame.columns), book)
    return found


def _cells(file: Path, book: Codebook) -> Cells:
    """The text of a file, an export of another producer in the columns of a catalogue of attacks."""
    found = cells(file)
    if not found.problems:
        found.frame = translated(found.frame, book.table)
    return found


def _day(as_of: object, book: Codebook) -> pd.Timestamp:
    moment = local_moment(as_of, "as_of", book.time_zone)
    return moment.tz_localize(None).normalize()


def _with_defaults(table: pd.DataFrame) -> pd.DataFrame:
    """Blank readings filled as the codebook says: the only date there is, the precision that was given."""
    for name in ("date_earliest", "date_latest"):
        table[name] = table[name].fillna(table["date_local"])
    precision = pd.Series("day", index=table.index, dtype="str")
    precision = precision.mask(table["part_of_day"].notna(), "part_of_day").mask(table["time_local"].notna(), "minute")
    table["time_precision"] = table["time_precision"].fillna(precision)
    return table


def _attrs(file: Path, book: Codebook, found: Cells, table: pd.DataFrame) -> dict[str, Any]:
    said = entry(file) or {}
    notes = list(found.notes)
    if said.get("sha256") not in (None, found.sha256):
        notes.append(f"{file.name} is not the file that SOURCES.yml describes: its checksum differs")
    extra = [str(c) for c in found.frame.columns if c not in book.columns]
    if producer := foreign(found.frame, book.table):
        notes.append(producer)
    elif extra:
        notes.append(f"columns that the codebook does not know were kept unchecked: {', '.join(extra)}")
    words = {c.name: [*c.allowed, *c.usual] for c in book.columns.values() if c.allowed or c.usual}
    for name, usual in words.items():  # values in use where the codebook only lists the usual ones
        words[name] = list(dict.fromkeys([*usual, *table[name].dropna()]))
    return {
        "file": shown(file),
        "stem": file.stem,
        "sha256": found.sha256,
        "as_of": None,
        "coverage": coverage_of(book.coverage or said.get("coverage"), file.name),
        "time_zone": book.time_zone,
        "n_rows": len(found.frame),
        "extra_columns": extra,
        "vocabulary": words,
        "hours": {k: list(v) for c in book.columns.values() for k, v in c.hours.items()},
        "notes": notes,
    }


def _as_of(
    table: pd.DataFrame, day: pd.Timestamp | None, undone: list[tuple[str, str]], attrs: dict[str, Any]
) -> pd.DataFrame:
    """Only the rows public by ``day``, with the counts that say what was left out."""
    kept = pd.Series(True, index=table.index) if day is None else public_from(table) <= day
    said_undone = [said for event_id, said in undone if event_id in set(table.loc[kept, "event_id"])]
    by_rule = int((kept & table["first_reported"].isna()).sum())
    notes = list(attrs["notes"])
    if not len(table):
        notes.append(f"{attrs['file']} holds no attacks")
    if day is not None:
        left = int((~kept).sum())
        notes.append(f"as of {day:%Y-%m-%d}: {int(kept.sum())} of {len(table)} attacks were public, {left} not yet")
        notes += [f"as of {day:%Y-%m-%d}: {said}" for said in said_undone]
    if by_rule and day is not None:
        told = f"first_reported is blank in {by_rule} of {int(kept.sum())} rows"
        notes.append(f"{told}; they count as public the day after the attack")
    later = table.loc[~kept, "event_id"].tolist()
    table = table[kept].reset_index(drop=True)
    table.attrs = attrs | {
        "n_not_yet_public": len(later),
        "not_yet_public": later,
        "n_public_by_rule": by_rule,
        "revisions_undone": said_undone,
        "notes": notes,
    }
    return table
