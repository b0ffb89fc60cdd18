"""The record and what is missing from it: counts by month, and how well the rows are known."""

from __future__ import annotations

import pandas as pd


def coverage(table: pd.DataFrame) -> pd.DataFrame:
    """Rows by month and weapon, with how precisely they are dated and how well they are sourced.

    Parameters
    ----------
    table : from ``load``

    Returns
    -------
    One row per month from the first to the last of the record (of the stated coverage where there is one),
    months without a row included; the index is the month. Columns: one per weapon, total, then how many
    of the rows are found_unfired, timed (to the minute or hour), to_part_of_day, to_day, two_dates (more than
    one admissible date), two_sources, low_confidence, no_first_report
    """
    month = table["date_local"].dt.to_period("M")
    weapons = list(table.attrs.get("vocabulary", {}).get("weapon", sorted(table["weapon"].unique())))
    marks = {name: table["weapon"].eq(name) for name in weapons}
    marks["total"] = pd.Series(True, index=table.index)
    marks["found_unfired"] = table["outcome"].eq("found_unfired")
    marks["timed"] = table["time_precision"].isin(["minute", "hour"])
    marks["to_part_of_day"] = table["time_precision"].eq("part_of_day")
    marks["to_day"] = table["time_precision"].eq("day")
    marks["two_dates"] = table["date_latest"] > table["date_earliest"]
    marks["two_sources"] = table["source_1"].notna() & table["source_2"].notna()
    marks["low_confidence"] = table["confidence"].eq("low")
    marks["no_first_report"] = table["first_reported"].isna()
    counts = pd.DataFrame({name: mark.fillna(False).astype(int) for name, mark in marks.items()})
    by_month = counts.groupby(month).sum().reindex(_months(table, month), fill_value=0)
    return by_month.rename_axis("month")


def _months(table: pd.DataFrame, month: pd.Series) -> pd.PeriodIndex:
    stated, as_of = table.attrs.get("coverage"), table.attrs.get("as_of")
    firsts = [month.min()] if len(month) else []
    lasts = [month.max()] if len(month) else []
    if stated:
        firsts.append(pd.Period(stated["start"], "M"))
        end = min(filter(None, (stated["end"], as_of)))
        lasts.append((pd.Timestamp(end) - pd.Timedelta(days=0 if as_of == end else 1)).to_period("M"))
    if not firsts:
        return pd.PeriodIndex([], freq="M")
    return pd.period_range(min(firsts), max(lasts), freq="M")
