"""Does the catalogue agree with the totals that agencies printed at the time?"""

from __future__ import annotations

import os
from typing import Any

import pandas as pd

from analysis.catalogue.codebook import read_yaml
from analysis.catalogue.files import resolve, shown
from analysis.catalogue.filters import UNFIRED
from analysis.errors import CatalogueError

FIELDS = {"since", "since_read", "printed", "count", "about", "weapon", "source", "said"}
COLUMNS = ("from", "to", "weapon", "published", "in the catalogue", "share found", "source", "said", "doubt")


def published_counts(path: str | os.PathLike = "data/published_counts.yml") -> dict[str, Any]:
    """The totals as the file has them: ``counts`` (a list) and ``left_out`` (values by column); "" for none.

    Raises
    ------
    CatalogueError : the file is not there, or an entry lacks a field
    """
    if path == "":
        return {"counts": [], "left_out": {}}
    file = resolve(path)
    content = read_yaml(file) or {}
    entries = content.get("counts") if isinstance(content, dict) else None
    if not isinstance(entries, list):
        raise CatalogueError(f"{shown(file)} needs a key counts with a list of entries")
    wrong = [(i, FIELDS ^ set(e)) for i, e in enumerate(entries, 1) if not isinstance(e, dict) or FIELDS ^ set(e)]
    if wrong:
        told = "; ".join(f"entry {i}: {', '.join(sorted(names))}" for i, names in wrong)
        raise CatalogueError(f"{shown(file)} has fields too many or too few: {told}")
    return {"counts": entries, "left_out": content.get("left_out") or {}}


def agreement(table: pd.DataFrame, published: dict[str, Any]) -> pd.DataFrame:
    """Each printed total beside the number of attacks that the catalogue has in the same days.

    Parameters
    ----------
    table : from ``load``; totals printed after its ``as_of``, or of days it does not cover, are left out
    published : from ``published_counts``

    Returns
    -------
    One row for each total: from, to (days, both included), weapon, published, in the catalogue (attacks fired at the
    targets that the agencies count), share found (catalogue over published), source, said, doubt
    """
    rows = table[table["outcome"].ne(UNFIRED).fillna(True)]
    for column, values in published["left_out"].items():
        rows = rows[~rows[column].isin(values)]
    return pd.DataFrame([_row(rows, e) for e in published["counts"] if _covered(table, e)], columns=list(COLUMNS))


def _covered(table: pd.DataFrame, entry: dict[str, Any]) -> bool:
    coverage, as_of = table.attrs.get("coverage"), table.attrs.get("as_of")
    inside = coverage is None or coverage["start"] <= entry["since"] <= entry["printed"] < coverage["end"]
    return inside and (as_of is None or entry["printed"] <= as_of)


def _row(rows: pd.DataFrame, entry: dict[str, Any]) -> dict[str, Any]:
    meant = rows["date_local"].between(pd.Timestamp(entry["since"]), pd.Timestamp(entry["printed"]))
    if entry["weapon"]:
        meant &= rows["weapon"].isin(entry["weapon"])
    found = int(meant.sum())
    doubts = [
        "a round number" if entry["about"] else "",
        "first day inferred" if entry["since_read"] != "stated" else "",
    ]
    return {
        "from": entry["since"],
        "to": entry["printed"],
        "weapon": ", ".join(entry["weapon"]) or "all",
        "published": entry["count"],
        "in the catalogue": found,
        "share found": found / entry["count"] if entry["count"] else None,
        "source": entry["source"],
        "said": entry["said"],
        "doubt": ", ".join(filter(None, doubts)) or "-",
    }
