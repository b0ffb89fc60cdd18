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
    findings : by the name of the row; a log change is drawn as the ratio it stands for, a
        share of the clock as the rate in those hours over the rate at others
    regions : the claimed region by the same names, on the scale of the effect; high None for no upper edge
    """
    shown = {name: _as_ratio(finding) for name, finding in findings.items()}
    claimed = {name: tuple(_ratio(f, x) for x in regions[name]) for name, f in findings.items()}
    return forest.ratios(shown, claimed=claimed, what="ratio that each claim is about", ax=ax)


def _ratio(finding: Finding, value: float | None) -> float | None:
    """A value of the effect as a ratio: of a log change, or of a share over the share that chance would give."""
    if value is None or finding.effect is None:
        return value
    if finding.effect.name.startswith("log-"):
        return math.exp(value)
    chance = finding.settings.get("watched_share")
    if chance is None:
        return value
    return None if value >= 1 - 1e-9 else value / (1 - value) * (1 - chance) / chance


def _as_ratio(finding: Finding) -> Finding:
    """The finding with its effect as a ratio, and one count for all its groups."""
    effect = finding.effect
    if effect is not None:
        effect = replace(effect, **{k: _ratio(finding, getattr(effect, k)) for k in ("value", "low", "high")})
    counts = {"n_events": int(np.sum(finding.n_events)), "exposure_days": float(np.sum(finding.exposure_days))}
    return replace(finding, effect=effect, **counts)
