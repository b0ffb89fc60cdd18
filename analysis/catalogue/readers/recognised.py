"""Which producer a file comes from, told by its columns, and its cells in the columns of a catalogue of attacks."""

from __future__ import annotations

import csv
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from analysis.catalogue.readers import acled, gtd, ucdp_ged


@dataclass(frozen=True, slots=True)
class Reader:
    """One producer's export.

    codebook : name of the packaged codebook that says what its columns become
    columns : sets of columns; a header that holds all of one set is of this producer
    said : a sentence on the table for its notes
    translate : from the text of the export to the text of a catalogue of attacks, row by row
    """

    codebook: str
    columns: tuple[frozenset[str], ...]
    said: str
    translate: Callable[[pd.DataFrame], pd.DataFrame]

    def knows(self, header: Sequence[str]) -> bool:
        """Whether a header is one of this producer's."""
        return any(wanted <= set(header) for wanted in self.columns)


READERS = (
    Reader("ucdp_ged", ucdp_ged.COLUMNS, ucdp_ged.SAID, ucdp_ged.translate),
    Reader("acled", acled.COLUMNS, acled.SAID, acled.translate),
    Reader("gtd", gtd.COLUMNS, gtd.SAID, gtd.translate),
)


def reader_of(file: Path) -> Reader | None:
    """The reader whose columns the first line of ``file`` holds; None for a catalogue of our own, or no CSV at all."""
    try:
        with file.open(encoding="utf-8-sig", errors="replace", newline="") as lines:
            header = next(csv.reader(lines), [])
    except (OSError, csv.Error):
        return None
    return next((reader for reader in READERS if reader.knows(header)), None)


def translated(frame: pd.DataFrame, book: str) -> pd.DataFrame:
    """``frame`` in the columns of a catalogue of attacks where ``book`` is the codebook of a reader that knows it."""
    for reader in READERS:
        if reader.codebook == book and reader.knows(list(frame.columns)):
            return reader.translate(frame)
    return frame


def foreign(frame: pd.DataFrame, book: str) -> str | None:
    """What the notes of a translated table say of its producer; None for a catalogue of our own."""
    return next((r.said for r in READERS if r.codebook == book and "event_id" in frame), None)
