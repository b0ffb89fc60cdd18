"""The parameters a notebook declares, read from its parameters cell without running it."""

from __future__ import annotations

import ast
import io
import keyword
import re
import tokenize
from dataclasses import dataclass
from typing import Any

from analysis.errors import ParameterError

# Values are written into the report and its manifest, where a secret has no business.
SECRET = re.compile(
    r"(^|_)(tokens?|passwords?|passwd|passphrase|pwd|secrets?|credentials?|api_?keys?|access_?keys?|private_?keys?)($|_)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Declared:
    """A parameter as the notebook declares it: ``name = default  # comment``."""

    name: str
    default: Any
    comment: str = ""


def declared(source: str) -> tuple[Declared, ...]:
    """The parameters declared in the source of a parameters cell, in order.

    Raises ParameterError with every line that is not ``name = plain literal``: a number, a text, true or
    false, a list or a dictionary of these.
    """
    try:
        tree = ast.parse(source)
    except SyntaxError as error:
        raise ParameterError(f"the parameters cell is not Python: {error.msg} in line {error.lineno}") from None
    comments = _comments(source)
    found: dict[str, Declared] = {}
    problems = []
    for statement in tree.body:
        try:
            each = _parameter(statement, comments)
            if each.name in found:
                raise ParameterError(f"{each.name} is declared twice")
            found[each.name] = each
        except ParameterError as error:
            problems.append(f"line {statement.lineno}: {error}")
    if problems:
        raise ParameterError(
            "the parameters cell holds more than plain values:\n" + "\n".join(f"- {p}" for p in problems)
        )
    return tuple(found.values())


def _parameter(statement: ast.stmt, comments: dict[int, str]) -> Declared:
    if not isinstance(statement, ast.Assign):
        raise ParameterError(f"write name = value, got {ast.unparse(statement)!r}")
    if len(statement.targets) != 1 or not isinstance(statement.targets[0], ast.Name):
        raise ParameterError(f"one name to a line, got {ast.unparse(statement)!r}")
    name = statement.targets[0].id
    check_name(name)
    try:
        default = plain_value(ast.literal_eval(statement.value))
    except (ValueError, TypeError):
        written = ast.unparse(statement.value)
        raise ParameterError(
            f"{name} = {written} is not a plain value; write a number, a text, True or False, a list or a "
            "dictionary, and compute anything else in the set-up cell"
        ) from None
    lines = range(statement.lineno, statement.end_lineno + 1)
    return Declared(name, default, " ".join(comments[line] for line in lines if line in comments))


def check_name(name: str) -> None:
    """Raise ParameterError for a name that holds a secret, or that cannot be a setting."""
    if SECRET.search(name):
        raise ParameterError(
            f"{name} looks like a secret, and parameters are written into the report; "
            "let the code that needs it read it from the environment"
        )
    if not name.isidentifier() or keyword.iskeyword(name) or name.startswith("_"):
        raise ParameterError(f"{name!r} cannot be the name of a parameter; take another word")


def plain_value(value: Any) -> Any:
    """``value`` if it is a plain literal without None and tuples all the way down; else ValueError."""
    if isinstance(value, list):
        return [plain_value(item) for item in value]
    if isinstance(value, dict):
        if not all(isinstance(key, str) for key in value):
            raise ValueError("keys must be text")
        return {key: plain_value(item) for key, item in value.items()}
    if isinstance(value, bool | int | float | str) and value == value and value not in (float("inf"), float("-inf")):
        return value
    raise ValueError(f"not a plain value: {value!r}")


def _comments(source: str) -> dict[int, str]:
    tokens = tokenize.generate_tokens(io.StringIO(source).readline)
    return {t.start[0]: t.string.lstrip("# ").rstrip() for t in tokens if t.type == tokenize.COMMENT}
