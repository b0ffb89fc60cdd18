"""Cells of an export as text: a column under any of its names, whole numbers written as such."""

from __future__ import annotations

from collections.abc import Collection

import pandas as pd


def column(frame: pd.DataFrame, *names: str) -> pd.Series:
    """The first of these columns that the release has; missing where it has none."""
    for name in names:
        if name in frame:
            return frame[name]
    return pd.Series(pd.NA, index=frame.index, dtype="str")


def whole(cell: pd.Series) -> pd.Series:
    """Some exports write whole numbers as 1.0."""
    return cell.str.replace(r"\.0+$", "", regex=True)


def constant(frame: pd.DataFrame, word: str) -> pd.Series:
    """One word in every row."""
    return pd.Series(word, index=frame.index, dtype="str")


def renamed(frame: pd.DataFrame, taken: Collection[str], producer: str) -> dict[str, pd.Series]:
    """The export's own columns, with the producer's name before those whose names are taken."""
    return {f"{producer}_{c}" if c in taken else c: frame[c] for c in frame.columns}
