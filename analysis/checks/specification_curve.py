"""What a whole curve of specifications says: its statistics, its agreement, and what has to be said beside it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

import numpy as np
import pandas as pd

from analysis.checks.axes import Specification
from analysis.results import Finding

Statistic = Literal["median p", "share", "smallest p"]
STATISTICS: tuple[Statistic, ...] = ("median p", "share", "smallest p")


def side(finding: Finding) -> float:
    """The effect as a number that says on which side of no effect it lies; inf for a ratio without a denominator."""
    if finding.effect is None or finding.inconclusive:
        return np.nan
    if finding.effect.value is None:
        return np.inf if finding.effect.low is not None and finding.effect.high is None else np.nan
    return finding.effect.value


def sign(value: float | np.ndarray, finding: Finding) -> np.ndarray:
    """-1, 0 or 1: on which side of no effect; ratios and shapes are held against 1, everything else against 0."""
    name = "" if finding.effect is None else finding.effect.name
    return np.sign(value - (1.0 if "ratio" in name or "shape" in name else 0.0))


def statistics(p: np.ndarray, signs: np.ndarray, alpha: float, two_sided: bool) -> dict[str, np.ndarray]:
    """Each statistic of every record, small where the curve speaks against the null; p of shape (records, curve)."""
    p = np.where(np.isnan(p), 1.0, p)
    under = p <= alpha * (1 + 1e-12)
    share = under.mean(axis=1)
    if two_sided:
        share = np.maximum((under & (signs > 0)).mean(axis=1), (under & (signs < 0)).mean(axis=1))
    return {"median p": np.median(p, axis=1), "share": -share, "smallest p": p.min(axis=1)}


def agrees(finding: Finding | str, given: Finding | str, alpha: float) -> bool:
    if isinstance(finding, str) or isinstance(given, str) or finding.pvalue is None or given.pvalue is None:
        return False
    under = [f.pvalue <= alpha * (1 + 1e-12) for f in (finding, given)]
    return under[0] == under[1] and sign(side(finding), finding) == sign(side(given), given)


def warnings(curve: pd.DataFrame, specifications: list[Specification], settings: Mapping[str, Any]) -> list[str]:
    total = len(curve)
    said = []
    if settings["agreement"] is not None:
        said.append(
            f"{settings['agreement']:.0%} of the other specifications agree with the answer given in sign and level."
        )
    elsewhere = curve.loc[~curve["question"].eq("the same"), "question"]
    if len(elsewhere):
        whose = ", ".join(dict.fromkeys(word for words in elsewhere for word in words.split(", ")))
        alike = settings["agreement_same_question"]
        among = "" if alike is None else f"; among those that ask the same, {alike:.0%} agree"
        said.append(
            f"{len(elsewhere)} of {total} specifications answer a different question: they count the attacks of "
            f"{whose}{among}."
        )
    merges = {s.settings.get("merge", "night") for s in specifications}
    if "none" in merges and len(merges) > 1:
        said.append(
            "Some specifications count nights and some count attacks: another unit, under which ratios can be compared "
            "and rates cannot; attacks of one night are not independent."
        )
    refused = curve["pvalue"].isna() & curve["effect"].isna()
    if refused.any():
        first = curve.loc[refused, "note"].iloc[0]
        said.append(f"{int(refused.sum())} of {total} specifications have no answer and count as p = 1: {first}")
    if settings["distinct"] < total:
        said.append(f"Only {settings['distinct']} of {total} specifications differ in their series.")
    return said


def median(effects: np.ndarray) -> float:
    known = effects[~np.isnan(effects)]
    # The lower of two middle ones: half of infinity says nothing.
    return float(np.sort(known)[(known.size - 1) // 2]) if known.size else np.nan


def limits(medians: list[float], level: float) -> tuple[float | None, float | None]:
    known = np.sort([m for m in medians if m == m])
    if not known.size:
        return None, None
    ends = np.quantile(known, [(1 - level) / 2, (1 + level) / 2], method="inverted_cdf")
    return tuple(float(e) if np.isfinite(e) else None for e in ends)
