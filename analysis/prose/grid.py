"""What becomes of results within the grid of doubtful rows, as a table and as a sentence."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from analysis.prose.tables import rounded
from analysis.prose.text import Text, listed, safe
from analysis.results import p_text


def grid_table(results: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """The tables of ``checks.over_grid`` side by side: a row for each cell, a column for each question.

    A cell that changes the answer given says in what: its sign, the level of p, or whether there is an answer.
    """
    columns = {q: {row.variation: _cell(row) for row in rounded(table).itertuples()} for q, table in results.items()}
    return pd.DataFrame(columns)


def _cell(row) -> str:
    limits = "" if row.low == row.high == "-" else f" ({row.low} to {row.high})"
    p = "" if row.pvalue == "-" else f"; p {'' if row.pvalue.startswith('under') else '= '}{row.pvalue}"
    changed = f"; changes the {row.changes.replace(', ', ' and the ')}" if row.changes else ""
    return f"{row.effect}{limits}{p}; n = {row.n_events}{changed}{'; ' + row.note if row.note else ''}"


def grid_sentence(results: Mapping[str, pd.DataFrame]) -> Text:
    """Which results stand in every cell of their grid, and which are fragile and in what; one sentence for each."""
    if all(len(table) < 2 for table in results.values()):
        return Text("No row that the grid doubts is in this record, so that there is no grid to stand.")
    return Text(" ".join(_said(question, table) for question, table in results.items()))


def _said(question: str, table: pd.DataFrame) -> str:
    name, cells = safe(question[:1].upper() + question[1:]), len(table) - 1
    if cells < 1:
        return f"{name}: no doubtful row divides the record, so there is no grid."
    p = table["pvalue"].dropna()
    span = f" (p {p_text(p.min())} to {p_text(p.max())})" if len(p) else ""
    moved = table[table["changes"].ne("")]
    if moved.empty:
        return f"{name}: the answer stands in all {cells} cells of the grid{span}."
    words = [f"{safe(row.variation)} ({row.changes})" for row in moved.itertuples()]
    return f"{name}: **fragile**; {len(moved)} of {cells} cells of the grid change it{span}: {listed(words)}."
