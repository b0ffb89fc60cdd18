"""How well the rows are known: precision, sources and blanks by weapon, and where few were watching."""

from __future__ import annotations

import pandas as pd

from analysis.catalogue.codebook import codebook
from analysis.catalogue.vintage import public_from

PRECISIONS = ("minute", "hour", "part_of_day", "day")


def quality(table: pd.DataFrame) -> pd.DataFrame:
    """Rows by weapon, with how precisely they are dated, how well sourced and how soon reported.

    Returns
    -------
    One row for each weapon of the table, the most frequent first, and one for all; columns (numbers of rows): rows,
    minute, hour, part_of_day, day (precision of the time), two_dates, two_sources, no_dated_source, high, medium, low
    (confidence), no_first_report, late (public more than a week after)
    """
    late = (public_from(table) - table["date_local"]).dt.days > 7
    marks = {"rows": pd.Series(True, index=table.index)}
    marks |= {name: table["time_precision"].eq(name) for name in PRECISIONS}
    marks["two_dates"] = table["date_latest"] > table["date_earliest"]
    marks["two_sources"] = table["source_1"].notna() & table["source_2"].notna()
    marks["no_dated_source"] = table["source_1_date"].isna() & table["source_2_date"].isna()
    marks |= {name: table["confidence"].eq(name) for name in ("high", "medium", "low")}
    marks |= {"no_first_report": table["first_reported"].isna(), "late": late}
    counts = pd.DataFrame({name: mark.fillna(False).astype(int) for name, mark in marks.items()})
    by_weapon = counts.groupby(table["weapon"]).sum()
    by_weapon = by_weapon.sort_values("rows", ascending=False, kind="stable")
    total = counts.sum().to_frame("all").T
    return pd.concat([by_weapon, total]).rename_axis("weapon")


def blanks(table: pd.DataFrame) -> pd.DataFrame:
    """Columns with empty cells, the emptiest first: blank (rows), share, and what an empty cell means."""
    meaning = {name: column.missing for name, column in codebook("attacks").columns.items()}
    empty = table[[c for c in table.columns if c in meaning]].isna().sum().sort_values(ascending=False, kind="stable")
    empty = empty[empty > 0]
    parts = {"blank": empty, "share": empty / max(len(table), 1), "means": [meaning[name] for name in empty.index]}
    return pd.DataFrame(parts).rename_axis("column")


def thin_stretches(table: pd.DataFrame) -> pd.DataFrame:
    """The stretches in which the coders found little and expect more: weapon, start, end (not included), days, why."""
    parts = (table.attrs.get("coverage") or {}).get("poorly_watched", [])
    rows = [
        {
            "weapon": ", ".join(part["weapon"]),
            "start": part["start"],
            "end": part["end"],
            "days": (pd.Timestamp(part["end"]) - pd.Timestamp(part["start"])).days,
            "why": part["why"],
        }
        for part in parts
    ]
    return pd.DataFrame(rows, columns=["weapon", "start", "end", "days", "why"])
