"""The record as it stood on a day: what was not yet public is left out, coded corrections are undone."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path

import pandas as pd

from analysis.catalogue.cells import cells, problem
from analysis.catalogue.codebook import Codebook, codebook
from analysis.catalogue.files import shown
from analysis.catalogue.schema import FIRST_YEAR, LAST_YEAR, dates
from analysis.catalogue.validate import cell_problems, problems, refuse, rule_problems
from analysis.errors import ParameterError

ONE_DAY = pd.Timedelta(days=1)


def local_moment(value: object, setting: str, tz: str | None = None) -> pd.Timestamp:
    """A Timestamp from an ISO text (date, or date with time), a date or a Timestamp.

    Naive ones are local to ``tz``; without ``tz`` the moment is returned as it was given.
    Words such as "today" are refused: a report has to mean the same tomorrow.

    Raises
    ------
    ParameterError : no such moment, a year outside 1900-2100, or no clear meaning in the time zone
    """
    moment = None
    if isinstance(value, str) and re.fullmatch(
        r"[0-9]{4}-[0-9]{2}-[0-9]{2}([T ][0-9]{2}:[0-9]{2}(:[0-9]{2})?)?", value
    ):
        try:
            moment = pd.Timestamp(value)
        except ValueError:
            moment = None
    elif isinstance(value, dt.date):  # Timestamp and datetime are dates too
        moment = pd.Timestamp(value)
    if moment is None or moment is pd.NaT:
        raise ParameterError(f"{setting} must be a date such as 2021-06-04 or 2021-06-04 18:02, got {value!r}")
    if not FIRST_YEAR <= moment.year <= LAST_YEAR:
        raise ParameterError(f"{setting} must lie between the years {FIRST_YEAR} and {LAST_YEAR}, got {value!r}")
    if tz is None:
        return moment
    try:
        return moment.tz_localize(tz) if moment.tz is None else moment.tz_convert(tz)
    except Exception as error:  # an unknown zone, or a time the clocks skipped or passed twice
        raise ParameterError(f"{setting} {value!r} has no clear meaning in the time zone {tz!r}: {error}") from None


def public_from(table: pd.DataFrame) -> pd.Series:
    """The day each row became public: first_reported, or the day after the attack where that is blank."""
    return table["first_reported"].fillna(table["date_latest"] + ONE_DAY)


def end_of_record(table: pd.DataFrame) -> str | None:
    """The day from which nothing is coded (not included), as the catalogue states it; None where it does not.

    A table loaded with an earlier ``as_of`` ends on that day.
    """
    coverage, as_of = table.attrs.get("coverage"), table.attrs.get("as_of")
    ends = [end for end in (coverage and coverage["end"], as_of) if end]
    return min(ends, default=None)


def unseen(table: pd.DataFrame, start: pd.Timestamp, end: pd.Timestamp) -> str:
    """Why the record can hold nothing of a window ``[start, end)``; empty where it can.

    A silence that nobody could have broken is no silence. A window that only reaches beyond the record holds
    something: that is told in the notes of its series.
    """
    first, last = (moment.tz_localize(None) for moment in (start, end))
    coverage, as_of = table.attrs.get("coverage"), table.attrs.get("as_of")
    asked = f"the window {first:%Y-%m-%d} to {last:%Y-%m-%d}"
    if coverage and (last <= pd.Timestamp(coverage["start"]) or first >= pd.Timestamp(coverage["end"])):
        coded = f"coded from {coverage['start']} to {coverage['end']} (end not included)"
        return f"{asked} lies wholly outside the record, which was {coded}: nobody looked there"
    if as_of and first >= pd.Timestamp(as_of) + ONE_DAY:
        return f"{asked} opens after the as_of, {as_of}: nothing of it could be known that day"
    return ""


def revisions_beside(path: Path) -> Path | None:
    """The file of later corrections that belongs to a catalogue, ``<stem>_revisions.csv``, or None."""
    beside = path.with_name(f"{path.stem}_revisions.csv")
    return beside if beside.is_file() else None


def undo_revisions(
    frame: pd.DataFrame, book: Codebook, path: Path, as_of: pd.Timestamp
) -> tuple[pd.DataFrame, list[tuple[str, str]]]:
    """The text of a table with the corrections undone that became public after ``as_of``.

    Parameters
    ----------
    frame : text of the catalogue, indexed by line, with event_id
    path : file of revisions

    Returns
    -------
    the text as it stood, and for each cell undone its event_id and a sentence

    Raises
    ------
    CatalogueError : the revisions break their codebook, name an unknown row or column, or break a row
    """
    name = shown(path)
    found = cells(path)
    breaches = problems(found, codebook("attacks_revisions"))
    refuse(breaches, name)
    listed = found.frame.assign(public=dates(found.frame["public_from"]))
    refuse(_unknown(listed, frame), name)
    # Several corrections of one cell are undone from the latest to the earliest.
    later = listed[listed["public"] > as_of].sort_values("public", ascending=False, kind="stable")
    before, said = frame.copy(), []
    for row in later.itertuples():
        line = before.index[before["event_id"] == row.event_id][0]
        value = None if pd.isna(row.value_before) else row.value_before
        before.loc[line, row.column] = value
        told = f"{row.column} is {value or 'blank'}, the correction of {row.public_from} undone"
        said.append((row.event_id, f"{row.event_id}: {told}"))
    touched = before.loc[before["event_id"].isin(later["event_id"])]
    # The lines are those of the catalogue, not of the revisions: that is where the row can be looked at.
    changed = touched[list(dict.fromkeys(later["column"]))]
    refuse(cell_problems(changed, book) + rule_problems(touched, book), name)
    return before, said


def _unknown(listed: pd.DataFrame, frame: pd.DataFrame) -> list[dict]:
    breaches = []
    for line, row in listed.iterrows():
        if row["event_id"] not in set(frame["event_id"]):
            told = ("names no row of the catalogue", "use an event_id of the catalogue")
            breaches.append(problem(int(line), "event_id", row["event_id"], *told))
        if row["column"] == "event_id" or row["column"] not in frame:
            told = ("names no column of the catalogue that can be corrected", "use a column of the catalogue")
            breaches.append(problem(int(line), "column", row["column"], *told))
    return breaches
