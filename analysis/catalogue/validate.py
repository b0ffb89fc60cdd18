"""Every breach of the codebook at once, each with its line, column, value, rule and way out."""

from __future__ import annotations

import difflib
from collections.abc import Sequence

import pandas as pd

from analysis.catalogue.cells import NOT_UTF8, Cells, problem
from analysis.catalogue.codebook import Codebook, Column, Rule
from analysis.catalogue.schema import FIRST_YEAR, LAST_YEAR, dates, numbers, schema
from analysis.errors import CatalogueError, nearest

SHOWN = 50
RULES = {
    "date": ("must be a date of the calendar", "write it as YYYY-MM-DD, for example 2021-05-08"),
    "date_or_month": ("must be a date or a month", "write it as YYYY-MM-DD or YYYY-MM"),
    "moment": ("must be a date with a time", "write it as YYYY-MM-DDTHH:MM, for example 2021-05-10T18:02"),
    "year": (
        f"the year must lie between {FIRST_YEAR} and {LAST_YEAR}",
        "write the year with its four digits, as in 2021",
    ),
    "time": ("must be a time of the day between 00:00 and 23:59", "write it as HH:MM, for example 02:20"),
    "whole": (
        "must be a whole number of 0 or more",
        "write digits only; leave it blank if it was not reported",
    ),
    "number": ("must be a number", "write it with a point and without a unit, for example 33.786"),
    "url": ("must be a web address", "write it from http:// or https:// on, without blanks"),
}


def problems(found: Cells, book: Codebook) -> list[dict]:
    """All breaches of ``book`` in the cells of a file, sorted by line and column.

    Each is a dictionary with the keys row (line in the file, header = line 1), column, value, rule and
    way_out. A missing column or a bad row does not keep the others from being checked.
    """
    breaches = list(found.problems)
    if len(found.frame.columns):
        breaches += _missing_columns(found.frame, book)
        breaches += cell_problems(found.frame, book)
        breaches += rule_problems(found.frame, book)
    return _sorted(_once(breaches), list(found.frame.columns))


def problem_report(problems: Sequence[dict], *, name: str = "the file", limit: int = SHOWN) -> str:
    """The problems as a list for reading, one line each; after ``limit`` of them only how many more."""
    if not problems:
        return f"{name} has no problems."
    n = len(problems)
    lines = [f"{name} has {n} problem{'s' if n > 1 else ''}:"]
    lines += [f"  {_line(p)}" for p in problems[:limit]]
    if n > limit:
        lines.append(f"  ... and {n - limit} more.")
    return "\n".join(lines)


def refuse(problems: Sequence[dict], name: str) -> None:
    """Raise a CatalogueError that holds all problems, if there are any."""
    if problems:
        raise CatalogueError(problem_report(problems, name=name), problems)


def missing_columns(present: Sequence[str], book: Codebook) -> list[str]:
    """Required columns that are not there."""
    return [c for c in book.required if c not in present]


def rule_problems(frame: pd.DataFrame, book: Codebook) -> list[dict]:
    """Breaches of the rules between columns, in every row whose cells can be read."""
    return [breach for rule in book.rules for breach in _rule_problems(frame, book, rule)]


def _line(breach: dict) -> str:
    row = breach["row"]
    where = ["file"] if row is None else [f"line {row}"]
    if breach["column"]:
        where.append(str(breach["column"]))
    value = breach["value"]
    shown = "" if value is None or value == "" else f" {_short(value)}"
    return f"{', '.join(where)}{shown}: {breach['rule']}; {breach['way_out']}"


def _short(value: object, width: int = 60) -> str:
    text = repr(value) if isinstance(value, str) else str(value)
    text = text.replace("\\\\x", "\\x")  # an escaped byte is shown as \xff, not as \\xff
    return text if len(text) <= width else f"{text[: width - 4]}...'"


def _missing_columns(frame: pd.DataFrame, book: Codebook) -> list[dict]:
    unknown = {str(c).strip().casefold(): c for c in frame.columns if c not in book.columns}
    breaches = []
    for name in missing_columns(list(frame.columns), book):
        close = difflib.get_close_matches(name, list(unknown), n=1, cutoff=0.6)
        example = book.columns[name].example
        way_out = f"rename the column {unknown[close[0]]!r}" if close else f"add it, with values such as {example}"
        breaches.append(problem(1, name, "", "this column has to be there", way_out))
    return breaches


def cell_problems(frame: pd.DataFrame, book: Codebook) -> list[dict]:
    """What the pandera schema finds, in our words."""
    from pandera.errors import SchemaErrors

    try:
        schema(book).validate(frame, lazy=True)
    except SchemaErrors as error:
        cases = error.failure_cases
    else:
        return []
    breaches = []
    for case in cases.itertuples():
        if case.check == "column_in_dataframe":  # told by _missing_columns, with the nearest name
            continue
        value = "" if pd.isna(case.failure_case) else str(case.failure_case)
        rule, way_out = _words(case.check, book.columns[case.column], value, frame)
        breaches.append(problem(int(case.index), case.column, value, rule, way_out))
    return breaches


def _words(check: str, column: Column, value: str, frame: pd.DataFrame) -> tuple[str, str]:
    if check in RULES:
        return RULES[check]
    if check == "not_nullable":
        return "must not be blank", f"fill it in, for example {column.example}, or take the row out"
    if check == "field_uniqueness":
        first = int(frame.index[frame[column.name] == value][0])
        return (
            f"must not stand twice; it stands on line {first} too",
            "give the row a name of its own, or take it out",
        )
    if check == "allowed":
        close = nearest(value, column.allowed)
        rule = f"must be one of {', '.join(column.allowed)}"
        meant = f"did{close.removeprefix(' Did')} If not, " if close else ""
        return (
            rule,
            f"{meant}choose one of them, or add it under also_allowed in a codebook beside the file (data/README.md)",
        )
    if check == "range":
        return _limits(column), f"check the number ({column.unit})" if column.unit else "check the number"
    if check == "pattern":
        return f"must look like {column.example}", "write it in that form"
    return f"must pass the check {check}", f"for example {column.example}"


def _limits(column: Column) -> str:
    if column.minimum is None:
        return f"must be at most {column.maximum:g}"
    if column.maximum is None:
        return f"must be at least {column.minimum:g}"
    return f"must lie between {column.minimum:g} and {column.maximum:g}"


def _rule_problems(frame: pd.DataFrame, book: Codebook, rule: Rule) -> list[dict]:
    if rule.kind == "needed_when":
        return _needed_when(frame, book, rule)
    if rule.kind == "needed_with":
        return _needed_with(frame, book, rule)
    return _out_of_order(frame, book, rule)


def _needed_when(frame: pd.DataFrame, book: Codebook, rule: Rule) -> list[dict]:
    breaches = []
    for other, values in rule.other.items():
        if other not in frame:
            continue
        blank = frame[rule.column].isna() if rule.column in frame else pd.Series(True, index=frame.index)
        for line in frame.index[frame[other].isin(values) & blank]:
            value = frame.at[line, other]
            way_out = f"fill it in, for example {book.columns[rule.column].example}, or change {other}"
            breaches.append(problem(int(line), rule.column, "", f"is needed where {other} is {value}", way_out))
    return breaches


def _needed_with(frame: pd.DataFrame, book: Codebook, rule: Rule) -> list[dict]:
    if rule.other not in frame:
        return []
    blank = frame[rule.column].isna() if rule.column in frame else pd.Series(True, index=frame.index)
    way_out = f"fill it in, for example {book.columns[rule.column].example}, or leave {rule.other} blank too"
    lines = frame.index[frame[rule.other].notna() & blank]
    return [problem(int(n), rule.column, "", f"is needed where {rule.other} is given", way_out) for n in lines]


def _out_of_order(frame: pd.DataFrame, book: Codebook, rule: Rule) -> list[dict]:
    """Cells before (below) or after (above) the first filled one of the other columns."""
    others = [name for name in rule.other if name in frame]
    if rule.column not in frame or not others:
        return []
    values = _readable(frame, book, rule.column)
    bound = _readable(frame, book, others[0])
    for name in others[1:]:
        bound = bound.fillna(_readable(frame, book, name))
    low = rule.kind in ("not_before", "not_below")
    wrong = (values < bound) if low else (values > bound)
    word = rule.kind.removeprefix("not_")
    breaches = []
    for line in frame.index[wrong]:
        other = next(name for name in others if pd.notna(frame.at[line, name]))
        told = f"must not lie {word} {other} ({frame.at[line, other]})"
        way_out = "check both: they may have been exchanged, or one of them mistyped"
        breaches.append(problem(int(line), rule.column, frame.at[line, rule.column], told, way_out))
    return breaches


def _readable(frame: pd.DataFrame, book: Codebook, name: str) -> pd.Series:
    dated = book.columns[name].type == "date"
    return dates(frame[name]) if dated else numbers(frame[name])


def _once(breaches: list[dict]) -> list[dict]:
    """A cell that is not UTF-8 cannot pass other checks either: it is told once."""
    unreadable = {(b["row"], b["column"]) for b in breaches if b["rule"] == NOT_UTF8}
    return [b for b in breaches if b["rule"] == NOT_UTF8 or (b["row"], b["column"]) not in unreadable]


def _sorted(breaches: list[dict], columns: list[str]) -> list[dict]:
    place = {name: i for i, name in enumerate(columns)}
    return sorted(breaches, key=lambda b: (b["row"] or 0, place.get(b["column"], -1)))
