"""Which of four laws fits the waits best."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.stats.waiting.law_limits import aicc, finite, lifted_waits, too_thin
from analysis.stats.waiting.likelihood import LAWS, maximum_likelihood
from analysis.timeline import EventSeries


def laws(series: EventSeries) -> pd.DataFrame:
    """The four laws side by side, best AICc first.

    Columns: law, parameters (text), log_likelihood, aicc (None where there are too few waits for it),
    difference from the best, weight (Akaike), mean (of the law), note (why a law could not be fitted).
    """
    waits, lifted = lifted_waits(series)
    rows = []
    for name, chosen in LAWS.items():
        reason = too_thin(name, waits)
        if reason is not None:
            rows.append({"law": name, "note": reason})
            continue
        theta, top = maximum_likelihood(chosen, waits)
        pairs = zip(chosen.parameters, theta, strict=True)
        rows.append(
            {
                "law": name,
                "parameters": ", ".join(f"{p} {v:.4g}" for p, v in pairs),
                "log_likelihood": top,
                "aicc": aicc(top, theta.size, waits.n),
                "mean": finite(chosen.mean(*theta)),
                "note": " ".join(lifted),
            }
        )
    columns = ["law", "parameters", "log_likelihood", "aicc", "difference", "weight", "mean", "note"]
    table = pd.DataFrame(rows, columns=columns)
    score = table["aicc"].astype(float)
    if score.notna().any():
        table["difference"] = score - score.min()
        weight = np.exp(-0.5 * table["difference"])
        table["weight"] = weight / weight.sum()
        table = table.sort_values("aicc", kind="stable", na_position="last", ignore_index=True)
    return table
