"""The calibration as a page: what exceeds its promise first, then size and coverage of every test."""

from __future__ import annotations

import pandas as pd

from analysis.checks.calibration.case import SCHEMES

NONE = ""


def exceeding(found: pd.DataFrame) -> list[str]:
    """One sentence for each cell in which a default test breaks its promise."""
    return [_told(row) for row in found[found["exceeds"]].itertuples()]


def wide(found: pd.DataFrame, what: str) -> pd.DataFrame:
    """One row a test, one column an n or a way of observing; ``what`` is "size" or "coverage", in percent.

    An entry in brackets is approximate and breaks the nominal value by more than the simulation explains; an
    exclamation mark is a broken promise.
    """
    given = found[found[what].notna()]
    silent = found["refused"].ne("") | found["inconclusive"].eq(found["runs"])
    known = found[found[what].notna() | (silent & found["name"].isin(given["name"]))]
    cells = pd.Series([_entry(row, what) for row in known.itertuples()], index=known.index, dtype=object)
    columns = pd.Series([_column(n, s) for n, s in zip(known["n"], known["scheme"], strict=True)], index=known.index)
    table = pd.DataFrame({"test": known["name"], "column": columns, "entry": cells})
    names, order = list(dict.fromkeys(table["test"])), _ordered(columns)
    table = table.pivot(index="test", columns="column", values="entry")
    return table.reindex(index=names, columns=order).fillna(NONE)


def page(found: pd.DataFrame, *, command: str) -> str:
    """The whole calibration in Markdown."""
    broken = exceeding(found)
    lines = ["# Calibration", "", INTRODUCTION.format(command=command), ""]
    lines += ["## What exceeds its promise", ""]
    lines += [f"- {b}" for b in broken] or ["Nothing, beyond what the simulation itself leaves open."]
    lines += ["", "## Ways of observing", ""]
    lines += [f"- **{name}**: {meaning}" for name, meaning in SCHEMES.items()]
    for what, title in (("size", "Size: rejections of a true null at 5 %"), ("coverage", "Coverage of the intervals")):
        lines += ["", f"## {title}, in percent", ""]
        families = found["name"].str.partition(".")[0]
        for family in dict.fromkeys(families):
            table = wide(found[families == family], what)
            if not table.empty:
                lines += [f"### {family}", "", markdown(table), ""]
    return "\n".join(lines).rstrip() + "\n"


INTRODUCTION = """Every test of the package on data whose truth is known, made by `{command}`.
"4.8 ± 0.7" is a share in percent and its Monte Carlo standard error; columns are the number of events with a plain
window, then the ways of observing at 10 events. Tests are held to 5 % and intervals to their level (95 % where
nothing is said): "!" marks a default test beyond that by more than chance gives in 1 of 4000 cells, square brackets
an approximate one, offered by name only. A test may reject less: with few events the exact ones must. "43 % told: 4.1
± 0.9" has an answer in 43 % of the records and is inconclusive, with its reason, in the others. "refused" raises and
says what to do instead. An empty field has no p-value or no limits of a parameter."""


def markdown(table: pd.DataFrame) -> str:
    """A frame of texts as a Markdown table, its index first."""
    head = [table.index.name, *table.columns]
    rows = [[name, *entries] for name, entries in zip(table.index, table.to_numpy().tolist(), strict=True)]
    lines = ["| " + " | ".join(r) + " |" for r in (head, ["---"] * len(head), *rows)]
    return "\n".join(lines)


def _entry(row, what: str) -> str:
    if row.refused:
        return "refused"
    if row.inconclusive == row.runs:
        return "inconclusive"
    share, error, of = (
        (row.size, row.size_error, row.tested) if what == "size" else (row.coverage, row.coverage_error, row.limited)
    )
    text = f"{100 * share:.1f} ± {100 * error:.1f}"
    answered = round(100 * of / row.runs)
    text = text if answered >= 95 else f"{answered} % told: {text}"
    if not (row.too_large if what == "size" else row.too_small):
        return text
    return f"[{text}]" if row.approximate else f"{text} !"


def _column(n: int, scheme: str) -> str:
    return f"n = {n}" if scheme == "plain" else scheme


def _ordered(columns: pd.Series) -> list[str]:
    plain = sorted({c for c in columns if c.startswith("n = ")}, key=lambda c: int(c[4:]))
    return plain + [s for s in SCHEMES if s in set(columns)]


def _told(row) -> str:
    where = f"{row.name} at n = {row.n}" + ("" if row.scheme == "plain" else f", {SCHEMES[row.scheme]}")
    parts = []
    if row.too_large:
        parts.append(f"rejects {100 * row.size:.1f} ± {100 * row.size_error:.1f} % of 5 %")
    if row.too_small:
        parts.append(
            f"its limits hold {100 * row.coverage:.1f} ± {100 * row.coverage_error:.1f} % of {100 * row.level:g} %"
        )
    return f"{where} {' and '.join(parts)}"
