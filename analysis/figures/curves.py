"""The curve of a finding, ready to be drawn, or the sentence that stands in its place."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.errors import ParameterError
from analysis.figures import clock, words
from analysis.results import Finding


def curve_of(finding: Finding, *needed: str) -> pd.DataFrame | None:
    """The finding's curve without undefined rows; None where there is nothing to draw.

    ``needed`` names the columns; rows without a value in the first two are left out. A conclusive finding
    whose curve has other columns belongs to another figure, and raises.
    """
    curve = finding.curve
    if curve is None or curve.empty:
        return None
    absent = [c for c in needed if c not in curve.columns]
    if absent and finding.inconclusive:
        return None
    if absent:
        raise ParameterError(
            f"the curve of {finding.method!r} has no column {', '.join(absent)}; it has "
            f"{', '.join(map(str, curve.columns))}. Was the finding meant for another figure?"
        )
    curve = curve.dropna(subset=list(needed[:2])).sort_values(needed[0], kind="stable")
    return None if curve.empty else curve.reset_index(drop=True)


def unit_of(finding: Finding, unit: str | None) -> str:
    """The unit asked for, else that of the finding's window."""
    return unit or str(finding.settings.get("unit", "day"))


def missing(finding: Finding, what: str, unit: str) -> str:
    """The sentence in place of a curve: what is missing, and the finding's own reason."""
    n, days = int(np.sum(finding.n_events)), float(np.sum(finding.exposure_days))
    attacks = {0: "no attack", 1: "1 attack"}.get(n, f"{n} attacks")
    reason = f" {words.plain_text(finding.warnings[0], 200)}" if finding.warnings else ""
    return f"No {what}: {attacks} in this selection, {clock.units(days, unit)} watched.{reason}"
