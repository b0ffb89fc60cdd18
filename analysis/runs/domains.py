"""What values a parameter can take: by its name where that is well known, else by the type of its default."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any

from analysis.errors import ParameterError

INTEGER = re.compile(r"-?(0|[1-9][0-9]*)")
NUMBER = re.compile(r"-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?")
DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
DATES = ("as_of", "as_of_later", "start", "end")
FRACTIONS = ("level", "alpha")
COUNTS = ("resamples", "draws")
WORDS = ("weapon", "target_class", "outcome", "confidence", "exclude")
MANY = 10_000_000


@dataclass(frozen=True, slots=True)
class Domain:
    """The values a parameter can take.

    ``annotation`` is the type for pydantic, ``expected`` says in words what is asked for, and ``read`` turns
    the text of a command line into a value (ValueError where the text is no such thing).
    """

    annotation: Any
    expected: str
    read: Callable[[str], Any]


def domain(name: str, default: Any) -> Domain:
    """The domain of a parameter from its name and its default value."""
    if is_date(name):
        return _date(optional=default == "")
    if name.endswith("_dates"):
        return _list(_date(optional=False))
    if is_file(name):
        return _file(optional=default == "" or name != "catalogue")
    if name in FRACTIONS:
        return _fraction()
    if name == "seed":
        return _whole(0, None)
    if name in COUNTS:
        return _whole(1, MANY)
    if name in WORDS:
        return _list(_word())
    return _of(default, name)


def is_date(name: str) -> bool:
    """Whether a parameter of this name is a date."""
    return name in DATES or name.endswith(("_start", "_end", "_date"))


def is_file(name: str) -> bool:
    """Whether a parameter of this name is the path of a data file."""
    return name == "catalogue" or name.endswith("_file")


def _of(default: Any, name: str) -> Domain:
    if isinstance(default, bool):
        return Domain(bool, "true or false", _read_bool)
    if isinstance(default, int):
        return _whole(None, None)
    if isinstance(default, float):
        return _number()
    if isinstance(default, str):
        return Domain(str, "a text", str)
    if isinstance(default, list):
        return _list(_common([_of(item, name) for item in default], name))
    if isinstance(default, dict):
        return Domain(dict[str, Any], 'a dictionary written as JSON, for example {"a": 1}', _read_dict)
    raise ParameterError(f"{name}: a parameter cannot be {default!r}")


def _common(items: list[Domain], name: str) -> Domain:
    """The one domain of the items of a list; whole numbers may stand among numbers."""
    kinds = {item.expected: item for item in items}
    if not kinds:
        return _word()
    if set(kinds) == {_number().expected, _whole(None, None).expected}:
        return _number()
    if len(kinds) > 1:
        raise ParameterError(f"{name}: the items of a list must be of one kind, got {' and '.join(kinds)}")
    return items[0]


def _date(*, optional: bool) -> Domain:
    from pydantic import AfterValidator

    def real(value: str) -> str:
        if value or not optional:
            _check_date(value)
        return value

    blank = ", or nothing" if optional else ""
    return Domain(Annotated[str, AfterValidator(real)], f"a date written YYYY-MM-DD{blank}", str)


def _check_date(value: str) -> None:
    if not DATE.fullmatch(value):
        raise ValueError("not written as a date")
    date.fromisoformat(value)


def _file(*, optional: bool) -> Domain:
    from pydantic import Field

    blank = ", or nothing" if optional else ""
    return Domain(Annotated[str, Field(min_length=0 if optional else 1)], f"the path of a file{blank}", str)


def _fraction() -> Domain:
    from pydantic import Field

    return Domain(Annotated[float, Field(gt=0, lt=1)], "a number between 0 and 1", _read_number)


def _number() -> Domain:
    from pydantic import Field

    return Domain(Annotated[float, Field(allow_inf_nan=False)], "a number", _read_number)


def _whole(least: int | None, most: int | None) -> Domain:
    from pydantic import Field

    reach = "" if least is None else f" of {least} or more" if most is None else f" from {least} to {most}"
    return Domain(Annotated[int, Field(ge=least, le=most)], f"a whole number{reach}", _read_integer)


def _word() -> Domain:
    from pydantic import Field

    return Domain(Annotated[str, Field(min_length=1)], "a text", str)


def _list(item: Domain) -> Domain:
    return Domain(list[item.annotation], f"a list, each item {item.expected}", lambda text: _read_list(text, item))


def _read_bool(text: str) -> bool:
    if text not in ("true", "false"):
        raise ValueError("neither true nor false")
    return text == "true"


def _read_integer(text: str) -> int:
    if not INTEGER.fullmatch(text):
        raise ValueError("not a whole number")
    return int(text)


def _read_number(text: str) -> float:
    if not NUMBER.fullmatch(text):
        raise ValueError("not a number")
    return float(text)


def _read_list(text: str, item: Domain) -> list:
    if text.lstrip().startswith("["):
        return _read_json(text)
    return [item.read(part.strip()) for part in text.split(",")] if text.strip() else []


def _read_dict(text: str) -> dict:
    value = _read_json(text)
    if not isinstance(value, dict):
        raise ValueError("not a dictionary")
    return value


def _read_json(text: str) -> Any:
    def refuse(word: str) -> None:
        raise ValueError(f"{word} is not a number")

    return json.loads(text, parse_constant=refuse)
