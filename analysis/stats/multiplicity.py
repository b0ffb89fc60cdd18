"""Several questions asked of one record: p-values adjusted for the asking."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

import numpy as np
import pandas as pd

from analysis.errors import check_choice
from analysis.results import Finding

METHODS = ("holm", "benjamini-hochberg")


def adjust(
    findings: Mapping[str, Finding], *, method: Literal["holm", "benjamini-hochberg"] = "holm", level: float = 0.95
) -> pd.DataFrame:
    """Adjusted p-values of a family of findings.

    Parameters
    ----------
    findings : the family, by name; one without a p-value stays in the table and out of the family
    method : "holm" controls the chance of any false rejection (Holm 1979), "benjamini-hochberg" the
        expected share of false ones (Benjamini and Hochberg 1995)

    Returns
    -------
    DataFrame with columns name, pvalue, adjusted, attainable (smallest p the design can reach),
    strictest (the smallest level the adjustment could ask of a member: (1 - level) / family size)
    """
    check_choice("method", method, METHODS)
    rows = [(name, f.pvalue, f.attainable_pvalue) for name, f in findings.items()]
    table = pd.DataFrame(rows, columns=["name", "pvalue", "attainable"]).astype({"pvalue": float, "attainable": float})
    asked = table["pvalue"].notna()
    table["adjusted"] = np.nan
    if asked.any():
        table.loc[asked, "adjusted"] = adjusted(table.loc[asked, "pvalue"].to_numpy(), method=method)
    table["strictest"] = (1 - level) / max(1, int(asked.sum()))
    return table[["name", "pvalue", "adjusted", "attainable", "strictest"]]


def adjusted(pvalues: np.ndarray, *, method: str = "holm") -> np.ndarray:
    """Adjusted p-values, shape (n,), in the order given.

    The same numbers as statsmodels' multipletests, which collects garbage at every call: a tenth of a second
    each in a notebook, longer than everything else a report does with them.
    """
    order = np.argsort(pvalues, kind="stable")
    n, rank = pvalues.size, np.arange(1, pvalues.size + 1)
    if method == "holm":
        rising = np.maximum.accumulate(pvalues[order] * (n - rank + 1))
    else:
        rising = np.minimum.accumulate((pvalues[order] * n / rank)[::-1])[::-1]
    out = np.empty(n)
    out[order] = np.minimum(rising, 1.0)
    return out
