"""A CSV file as text: every cell with its line number, and every reason why a line cannot be read."""

from __future__ import annotations

import csv
import hashlib
import io
import re
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd

NOT_UTF8 = "must be text in UTF-8"
SAVE_UTF8 = "save the file as UTF-8 (in a spreadsheet: 'CSV UTF-8')"
SAVE_CSV = "save the table as CSV with commas, in UTF-8"
# A byte that is no UTF-8 is carried through the CSV reader as one of these, so that its cell can be named.
UNREADABLE = re.compile("[\udc80-\udcff]")


@dataclass(slots=True)
class Cells:
    """The text of a table: ``frame`` has one row per record (index: line in the file), blanks as missing."""

    frame: pd.DataFrame
    sha256: str
    problems: list[dict] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def problem(row: int | None, column: str | None, value: object, rule: str, way_out: str) -> dict:
    """One breach of the codebook, as it stands in ``CatalogueError.problems``."""
    return {"row": row, "column": column, "value": value, "rule": rule, "way_out": way_out}


def cells(path: Path) -> Cells:
    """Read a CSV file as text. Nothing is guessed, evaluated or repaired; problems are collected, not raised.

    ``row`` of a problem is the line in the file, the header being line 1.
    """
    raw = path.read_bytes()
    found = Cells(pd.DataFrame(), hashlib.sha256(raw).hexdigest())
    wrong = _not_a_table(raw)
    if wrong is not None:
        found.problems.append(wrong)
        return found
    text = raw.decode("utf-8-sig", errors="surrogateescape")
    header, records = _records(text, found.problems)
    header = _checked_header(header, found.problems)
    rows, lines = _rows(header, records, found)
    found.frame = pd.DataFrame(rows, columns=pd.Index(header, dtype=object), index=lines, dtype="str")
    return found


def _not_a_table(raw: bytes) -> dict | None:
    if not raw.strip():
        return problem(
            1,
            None,
            "",
            "the file is empty",
            "put the header in the first line and one attack in each further line",
        )
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        return problem(1, None, "UTF-16", NOT_UTF8, SAVE_UTF8)
    if raw.startswith(b"PK\x03\x04"):
        return problem(1, None, "a spreadsheet or zip file", "must be a CSV file", SAVE_CSV)
    if b"\0" in raw:
        line = raw[: raw.index(b"\0")].count(b"\n") + 1
        return problem(line, None, "a zero byte", "must be a CSV file: text, not a binary file", SAVE_CSV)
    return None


def _records(text: str, problems: list[dict]) -> tuple[list[str], list[tuple[int, list[str]]]]:
    """The header, and each further record with the line it begins on."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    records, begins = [], 1
    try:
        for record in reader:
            records.append((begins, record))
            begins = reader.line_num + 1
    except csv.Error as error:
        way_out = 'look for a quotation mark that is never closed; write a quotation mark inside a text as ""'
        problems.append(problem(begins, None, "", f"cannot be read as CSV from here on ({error})", way_out))
    header = records[0][1] if records else []
    return header, records[1:]


def _checked_header(header: list[str], problems: list[dict]) -> list[str]:
    while header and not header[-1].strip():
        header = header[:-1]
    if len(header) == 1:
        for mark, name in ((";", "semicolons"), ("\t", "tabs"), ("|", "bars")):
            if mark in header[0]:
                problems.append(problem(1, None, header[0], f"columns must be parted by commas, not {name}", SAVE_CSV))
    names = []
    for name in header:
        if UNREADABLE.search(name):
            problems.append(problem(1, _escaped(name), _escaped(name), NOT_UTF8, SAVE_UTF8))
        if not name.strip():
            problems.append(problem(1, None, name, "every column needs a name", "name the column, or delete it"))
        if name in names:
            problems.append(problem(1, name, name, "a column may stand only once", "rename or delete the second one"))
        while name in names:
            name += " (again)"
        names.append(name if not UNREADABLE.search(name) else _escaped(name))
    return names


def _rows(header: list[str], records: list[tuple[int, list[str]]], found: Cells) -> tuple[list[list], list[int]]:
    rows, lines, blank = [], [], 0
    for line, record in records:
        if not any(value.strip() for value in record):
            blank += 1
            continue
        while len(record) > len(header) and not record[-1].strip():
            record = record[:-1]
        if len(record) != len(header):
            rule = f"has {len(record)} cells where the header has {len(header)}"
            way_out = "put texts with commas or line breaks in quotation marks; keep a comma for each blank cell"
            found.problems.append(problem(line, None, _escaped(record[0]), rule, way_out))
            continue
        rows.append([_cell(line, name, value, found.problems) for name, value in zip(header, record, strict=True)])
        lines.append(line)
    if blank:
        found.notes.append(f"{blank} blank lines were passed over")
    return rows, lines


def _cell(line: int, column: str, value: str, problems: list[dict]) -> str | None:
    if value.isascii():
        return value if value.strip() else None
    if UNREADABLE.search(value):
        value = _escaped(value)
        problems.append(problem(line, column, value, NOT_UTF8, SAVE_UTF8))
    return value if value.strip() else None


def _escaped(text: str) -> str:
    return text.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")
