"""The pandera schema of a table, built from its codebook."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pandas as pd

from analysis.catalogue.codebook import Codebook, Column

if TYPE_CHECKING:
    import pandera.pandas as pa

FIRST_YEAR, LAST_YEAR = 1900, 2100
YEARS = (str(FIRST_YEAR), str(LAST_YEAR))
DATE = r"[0-9]{4}-[0-9]{2}-[0-9]{2}"
MONTH = r"[0-9]{4}-[0-9]{2}"
TIME = r"(?:[01][0-9]|2[0-3]):[0-5][0-9]"
NUMBER = r"[-+]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][-+]?[0-9]+)?"
WHOLE = r"[0-9]{1,15}"

Test = Callable[[pd.Series], pd.Series]


def schema(book: Codebook) -> pa.DataFrameSchema:
    """A schema for the text of the table, as it stands in the file.

    It checks text, not converted values, so that a problem can show the cell as it was written. Columns
    that the codebook does not know are let through. Each check is called after the rule it holds:
    see ``checks``.
    """
    import pandera.pandas as pa

    parts = {}
    for column in book.columns.values():
        tests = [pa.Check(test, name=name, error=name) for name, test in checks(column).items()]
        parts[column.name] = pa.Column(
            None,
            checks=tests,
            nullable=column.blank,
            unique=column.unique,
            report_duplicates="exclude_first",
            required=column.required,
        )
    return pa.DataFrameSchema(parts)


def checks(column: Column) -> dict[str, Test]:
    """The tests of one column by name; each takes the filled cells as text and gives True where they pass."""
    tests: dict[str, Test] = {}
    if column.type == "choice" and column.allowed:
        tests["allowed"] = lambda s: s.isin(list(column.allowed))
    if column.type in ("date", "date_or_month", "moment"):
        kind = column.type
        tests[kind] = lambda s: _dates(s, kind).notna()
        tests["year"] = lambda s: ~s.str.match("[0-9]{4}-") | s.str.slice(0, 4).between(*YEARS)
    if column.type == "time":
        tests["time"] = lambda s: s.str.fullmatch(TIME)
    if column.type == "whole":
        tests["whole"] = lambda s: s.str.fullmatch(WHOLE)
    if column.type == "number":
        tests["number"] = lambda s: numbers(s).notna()
    if column.type == "url":
        tests["url"] = lambda s: s.str.match(r"https?://[^\s]+$")
    if column.minimum is not None or column.maximum is not None:
        low = -float("inf") if column.minimum is None else column.minimum
        high = float("inf") if column.maximum is None else column.maximum
        # What is no number at all is told by the check of its type, once.
        tests["range"] = lambda s: (
            ~tests.get("whole", tests.get("number", _anything))(s) | numbers(s).between(low, high)
        )
    if column.pattern is not None:
        tests["pattern"] = lambda s: s.str.fullmatch(column.pattern)
    return tests


def dates(text: pd.Series) -> pd.Series:
    """Texts such as 2021-05-08 as timestamps; NaT where one is no date, or outside 1900-2100."""
    parsed = _dates(text, "date")
    return parsed.where(parsed.dt.year.between(FIRST_YEAR, LAST_YEAR))


def moments(text: pd.Series) -> pd.Series:
    """Texts such as 2021-05-10T23:50 as timestamps; NaT where a text is none."""
    return _dates(text, "moment")


def numbers(text: pd.Series) -> pd.Series:
    """Texts as floats; missing where a text is no plain finite number."""
    plain = text.where(text.str.fullmatch(NUMBER).fillna(False).astype(bool))
    parsed = pd.to_numeric(plain, errors="coerce").astype(float)
    return parsed.where(parsed.abs() < float("inf"))


def _anything(text: pd.Series) -> pd.Series:
    return pd.Series(True, index=text.index)


def _dates(text: pd.Series, kind: str) -> pd.Series:
    shapes = {"date": DATE, "date_or_month": f"{DATE}|{MONTH}", "moment": f"{DATE}T{TIME}"}
    filled = text.str.fullmatch(shapes[kind]).fillna(False).astype(bool)
    day = text.str.slice(0, 10).where(text.str.len() > 7, text.str.slice(0, 7) + "-01")
    # Years before 1678 are legal here: they are a breach of the rule on years, not of the rule on dates.
    parsed = pd.to_datetime(day.where(filled), format="%Y-%m-%d", errors="coerce")
    if kind == "moment":
        parsed = parsed + pd.to_timedelta(text.str.slice(11, 16).where(filled) + ":00", errors="coerce")
    return parsed
