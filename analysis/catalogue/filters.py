"""Which rows of a catalogue are meant: filters are lists of allowed values, never code."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from analysis.catalogue.readings import check_ids
from analysis.errors import ParameterError, nearest

UNFIRED = "found_unfired"
Box = tuple[float, float, float, float]


def kept(
    table: pd.DataFrame,
    attrs: Mapping,
    *,
    weapon: str | Sequence[str] | None = None,
    target_class: str | Sequence[str] | None = None,
    outcome: str | Sequence[str] | None = None,
    confidence: str | Sequence[str] | None = None,
    area: str | Sequence[str] | Box | None = None,
    exclude: str | Sequence[str] = (),
    counted: pd.Series | None = None,
) -> tuple[pd.DataFrame, list[str]]:
    """The rows that pass every filter, and a sentence for what was left out for want of a value.

    ``table`` is bare, ``attrs`` are those of the table that was loaded; ``counted`` marks the rows that the
    sentences speak of (those inside the window).
    """
    counted = pd.Series(True, index=table.index) if counted is None else counted
    inside, notes = pd.Series(True, index=table.index), []
    lists = {"weapon": weapon, "target_class": target_class, "outcome": outcome, "confidence": confidence}
    for name, wanted in lists.items():
        if wanted is None:
            continue
        passes = table[name].isin(_values(table, attrs, name, wanted))
        inside, said = _narrowed(inside, passes, table[name].isna(), counted, name)
        notes += said
    if area is not None:
        here, unknown = _in_area(table, attrs, area)
        inside, said = _narrowed(inside, here, unknown, counted, "a known place")
        notes += said
    if outcome is None:
        unfired = inside & table["outcome"].eq(UNFIRED).fillna(False)
        inside &= ~unfired
        if n := int((unfired & counted).sum()):
            notes.append(f"{_rows(n)} found unfired left out: nothing was attacked at a known time")
    named = _names(exclude, "exclude")
    check_ids(table, named, "exclude", attrs)
    out = inside & table["event_id"].isin(named)
    if left := table.loc[out & counted, "event_id"].tolist():
        notes.append(f"left out by name: {', '.join(left)}")
    return table[inside & ~out], notes


def _narrowed(
    inside: pd.Series, passes: pd.Series, unknown: pd.Series, counted: pd.Series, name: str
) -> tuple[pd.Series, list[str]]:
    lost = int((inside & unknown & counted).sum())
    notes = [f"{_rows(lost)} without {name} left out"] if lost else []
    return inside & passes.fillna(False).astype(bool), notes


def _rows(n: int) -> str:
    return f"{n} row{'s' if n > 1 else ''}"


def _names(given: object, setting: str) -> list[str]:
    """A list of texts; a bare text is a list of one."""
    values = [given] if isinstance(given, str) else given
    if not isinstance(values, list | tuple | set | frozenset) or not all(isinstance(v, str) for v in values):
        raise ParameterError(f"{setting} must be a text or a list of texts, got {given!r}")
    return list(values)


def _values(table: pd.DataFrame, attrs: Mapping, name: str, wanted: object, setting: str | None = None) -> list[str]:
    setting = setting or name
    values = _names(wanted, setting)
    if not values:
        raise ParameterError(
            f"{setting} is an empty list, which would select nothing; leave it out to select everything"
        )
    known = attrs.get("vocabulary", {}).get(name)
    known = sorted(table[name].dropna().unique()) if known is None else known
    for value in values:
        if value not in known:
            listed = ", ".join(map(repr, known))
            raise ParameterError(f"{setting} must be among {listed}; got {value!r}.{nearest(value, known)}")
    return values


def _in_area(table: pd.DataFrame, attrs: Mapping, area: object) -> tuple[pd.Series, pd.Series]:
    """Whether each row lies in the area, and whether that cannot be told."""
    if isinstance(area, list | tuple) and area and not any(isinstance(v, str) for v in area):
        west, south, east, north = _box(area)
        here = table["lon"].between(west, east) & table["lat"].between(south, north)
        return here, table["lat"].isna() | table["lon"].isna()
    return table["governorate"].isin(_values(table, attrs, "governorate", area, "area")), table["governorate"].isna()


def _box(area: Sequence) -> Box:
    numbers = [v for v in area if isinstance(v, int | float) and not isinstance(v, bool)]
    if len(area) == 4 and len(numbers) == 4:
        west, south, east, north = map(float, numbers)
        if -180 <= west < east <= 180 and -90 <= south < north <= 90:
            return west, south, east, north
    raise ParameterError(
        "area must be a governorate, a list of them, or a box (west, south, east, north) in degrees "
        f"with west < east and south < north; got {area!r}"
    )
