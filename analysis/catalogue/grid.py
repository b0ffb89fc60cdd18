"""The doubts about single rows that a result has to stand: readings of a date, and rows on weak sources."""

from __future__ import annotations

import itertools
import os
from collections.abc import Iterable, Mapping
from typing import Any

import pandas as pd

from analysis.catalogue.codebook import read_yaml
from analysis.catalogue.files import resolve, shown
from analysis.catalogue.readings import check_ids
from analysis.catalogue.vintage import local_moment
from analysis.errors import CatalogueError, ParameterError

NEEDED = {"dates": {"event_id", "name", "readings"}, "leave_out": {"name"}}
KNOWN = {"dates": NEEDED["dates"] | {"why"}, "leave_out": {"name", "event_ids", "confidence", "why"}}
Change = dict[str, Any]


def grid_changes(table: pd.DataFrame, path: str | os.PathLike = "data/grid.yml") -> dict[str, Change]:
    """Settings of ``select`` for every cell of the grid of doubts, by a name that says what was taken as known.

    Parameters
    ----------
    table : from ``load``
    path : the file of doubts; "" for none

    Returns
    -------
    For each combination the settings ``dates`` (event_id to the day taken as known) and ``exclude`` (event ids), for
    example under "Harir on 10 May 2021, without the weak rows of 14 and 22 June". Only what divides the table: a
    date is read in two ways where the table allows both, rows are left out where they are in it. Empty where
    nothing does, as for another catalogue

    Raises
    ------
    CatalogueError : the file is not there, or an entry lacks a field or has one that is not known
    """
    if path == "":
        return {}
    content = _read(path)
    axes = [_readings(table, entry) for entry in content["dates"]]
    axes += [_left_out(table, entry) for entry in content["leave_out"]]
    axes = [axis for axis in axes if len(axis) > 1]
    return dict(_joined(cells) for cells in itertools.product(*(axis.items() for axis in axes))) if axes else {}


def _joined(cells: Iterable[tuple[str, Change]]) -> tuple[str, Change]:
    names, changes = zip(*cells, strict=True)
    dates = {k: v for change in changes for k, v in change.get("dates", {}).items()}
    exclude = list(dict.fromkeys(name for change in changes for name in change.get("exclude", ())))
    return ", ".join(names), {"dates": dates, "exclude": exclude}


def _readings(table: pd.DataFrame, entry: Mapping[str, Any]) -> dict[str, Change]:
    """The days that the table allows the attack, by name; none where the attack is not in the table."""
    name = entry["event_id"]
    row = table[table["event_id"] == name]
    if row.empty:
        return {}
    days = [local_moment(str(day), f"the reading of {name}") for day in entry["readings"]]
    first, last = row["date_earliest"].iloc[0], row["date_latest"].iloc[0]
    return {
        f"{entry['name']} on {day.day} {day:%B %Y}": {"dates": {name: f"{day:%Y-%m-%d}"}}
        for day in days
        if first <= day <= last
    }


def _left_out(table: pd.DataFrame, entry: Mapping[str, Any]) -> dict[str, Change]:
    """With and without the rows; none where no row is in the table."""
    named = [str(name) for name in entry.get("event_ids", ())]
    here = table["event_id"].isin(named) | table["confidence"].isin(list(entry.get("confidence", ())))
    if not here.any():
        return {}
    check_ids(table, named, f"{entry['name']!r} in the grid", table.attrs)
    ids = table.loc[here, "event_id"].tolist()
    return {f"with {entry['name']}": {}, f"without {entry['name']}": {"exclude": ids}}


def _read(path: str | os.PathLike) -> dict[str, list[dict[str, Any]]]:
    file = resolve(path)
    content = read_yaml(file) or {}
    if not isinstance(content, dict) or set(content) - set(KNOWN):
        raise CatalogueError(f"{shown(file)} needs the keys dates and leave_out, each a list of entries")
    parts = {part: content.get(part) or [] for part in KNOWN}
    problems = [p for part, entries in parts.items() for i, e in enumerate(entries, 1) for p in _problems(part, i, e)]
    if problems:
        lines = "\n".join(f"  {p['column']}, entry {p['row']}: {p['rule']} ({p['way_out']})" for p in problems)
        raise CatalogueError(f"{shown(file)} has {len(problems)} problem{'s'[: len(problems) > 1]}:\n{lines}", problems)
    return parts


def _problems(part: str, number: int, entry: object) -> list[dict[str, Any]]:
    """What is wrong with one entry, as ``CatalogueError.problems`` has it."""
    fields = set(entry) if isinstance(entry, dict) else set()
    said = [f"lacks {name}" for name in sorted(NEEDED[part] - fields)]
    said += [f"has the unknown field {name}" for name in sorted(fields - KNOWN[part])]
    if part == "leave_out" and not fields & {"event_ids", "confidence"}:
        said.append("names no rows")
    if part == "dates" and not said:
        try:
            [local_moment(str(day), "a reading") for day in entry["readings"]]
        except (ParameterError, TypeError) as error:
            said.append(f"has readings that are no dates: {error}")
    way_out = f"an entry has {', '.join(sorted(KNOWN[part]))}"
    return [{"row": number, "column": part, "value": entry, "rule": rule, "way_out": way_out} for rule in said]
