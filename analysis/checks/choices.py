"""Which choice moves the answer: the specifications of a multiverse, summed up by the value chosen on each axis."""

from __future__ import annotations

import pandas as pd

from analysis.results import Finding

CHOICES = ("specifications", "median effect", "lowest p", "median p", "highest p", "share at the level", "question")


def by_choice(finding: Finding) -> pd.DataFrame:
    """One row per axis and value, from a finding of ``multiverse``: how the specifications that chose it came out.

    Columns: specifications, median effect (the lower of two middle ones; without an estimate left out), lowest,
    median and highest p (one without an answer counts as 1), share at the level (p at most 1 - level), question ("the
    same", or whose attacks are counted instead on that value alone).
    """
    curve, axes = finding.curve, finding.settings.get("axes", {})
    alpha = 1 - float(finding.settings.get("level", 0.95))
    rows = {}
    for axis, values in axes.items():
        for value in values:
            part = curve[curve[axis].eq(value)]
            p = part["pvalue"].astype(float).fillna(1.0)
            effect = part["effect"].dropna().astype(float).sort_values()
            middle = float(effect.iloc[(len(effect) - 1) // 2]) if len(effect) else None
            words = [set(q.split(", ")) - {"the same"} for q in part["question"]]
            always = set.intersection(*words) if words else set()
            share = float((p <= alpha * (1 + 1e-12)).mean())
            question = ", ".join(sorted(always)) or "the same"
            rows[axis, value] = (len(part), middle, p.min(), p.median(), p.max(), share, question)
    index = pd.MultiIndex.from_tuples(list(rows), names=["axis", "choice"]) if rows else None
    return pd.DataFrame(list(rows.values()), index=index, columns=list(CHOICES))


def most_moving(finding: Finding) -> tuple[str, float, float] | None:
    """The axis whose choices lie furthest apart in median p, with the smallest and largest of these; None for none.

    Specifications that count other attacks answer another question and are left out.
    """
    curve = finding.curve[finding.curve["question"].eq("the same")]
    p = curve["pvalue"].astype(float).fillna(1.0)
    best = None
    for axis in finding.settings.get("axes", {}):
        medians = p.groupby(curve[axis], sort=False).median()
        low, high = float(medians.min()), float(medians.max())
        if len(medians) > 1 and (best is None or high - low > best[2] - best[1]):
            best = (str(axis), low, high)
    return best
