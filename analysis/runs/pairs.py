"""Parameter values as they are typed at a command line."""

from __future__ import annotations

import click


def given(pairs: tuple[str, ...], as_of: str | None) -> dict[str, str]:
    """Parameter values as texts by name, from ``name=value`` pairs."""
    if as_of is not None:
        pairs = (*pairs, f"as_of={as_of}")
    found: dict[str, str] = {}
    for pair in pairs:
        name, equals, value = pair.partition("=")
        if not equals or not name.strip():
            raise click.UsageError(f"a parameter is given as name=value, got {pair!r}")
        if name.strip() in found:
            raise click.UsageError(f"{name.strip()} is given twice")
        found[name.strip()] = value
    return found
