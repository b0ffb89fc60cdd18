"""Paragraphs that a notebook shows as text."""

from __future__ import annotations

import re


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


def listed(words: list[str]) -> str:
    """ "a, b and c"."""
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}" if words else "nothing"
