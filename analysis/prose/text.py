"""Paragraphs that a notebook shows as text."""

from __future__ import annotations

import re
from collections.abc import Mapping


class Text(str):
    """A text that notebooks show as Markdown; what comes from data is put in through ``safe``."""

    __slots__ = ()

    def _repr_markdown_(self) -> str:
        return str(self)

    def __repr__(self) -> str:
        return str(self)


def safe(words: object) -> str:
    """Words from a data file, with every character that Markdown or HTML would read marked as plain."""
    plain = re.sub(r"\s+", " ", str(words)).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return re.sub(r"([\\`*_{}\[\]()#+!|~$])", r"\\\1", plain)


def capital(words: str) -> str:
    """Words with their first letter a capital and all others as they are: names keep theirs."""
    return words[:1].upper() + words[1:]


def together(told: Mapping[str, str]) -> dict[str, str]:
    """What is said of each view, by view, with the views of which the same is said put together, "a and b"."""
    views: dict[str, list[str]] = {}
    for view, words in told.items():
        views.setdefault(words, []).append(safe(view))
    return {listed(names): words for words, names in views.items()}


def listed(words: list[str]) -> str:
    """ "a, b and c"."""
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}" if words else "nothing"
