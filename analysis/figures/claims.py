"""The effects of the test claims with their limits, each over the effect that was claimed."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from analysis.figures import forest
from analysis.results import Finding


def effects(findings: Mapping[str, Finding], regions: Mapping[str, tuple[float, float | None]], *, ax=None):
    """A row for each claim and view: its ratio with limits, and shaded behind it the ratio that was claimed.

    Parameters
    ----------
    findings : by the name of the row; an effect on a logarithmic scale is drawn as the ratio it stands for
    regions : the claimed region by the same names, on the scale of the effect; high None for no upper edge
    """
    shown = {name: _as_ratio(finding) for name, finding in findings.items()}
    claimed = {name: _exp(regions[name]) if _is_log(f) else regions[name] for name, f in findings.items()}
    return forest.ratios(shown, claimed=claimed, what="ratio that each claim is about", ax=ax)


def _is_log(finding: Finding) -> bool:
    return finding.effect is not None and finding.effect.name.startswith("log-")


def _as_ratio(finding: Finding) -> Finding:
    """The finding with its effect as a ratio, and one count for all its groups."""
    effect = finding.effect
    if _is_log(finding):
        parts = {k: None if (x := getattr(effect, k)) is None else math.exp(x) for k in ("value", "low", "high")}
        effect = replace(effect, name=effect.name.removeprefix("log-"), **parts)
    counts = {"n_events": int(np.sum(finding.n_events)), "exposure_days": float(np.sum(finding.exposure_days))}
    return replace(finding, effect=effect, **counts)


def _exp(region: tuple[float, float | None]) -> tuple[float, float | None]:
    return math.exp(region[0]), None if region[1] is None else math.exp(region[1])
