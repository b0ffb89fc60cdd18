"""One line of a check: what was varied, and what the test then says."""

from __future__ import annotations

from analysis.results import Finding

COLUMNS = ("variation", "n_events", "effect", "low", "high", "pvalue", "attainable", "note")


def row(variation: str, finding: Finding) -> dict[str, object]:
    """``finding`` as one row with the columns of ``COLUMNS``; n_events is the number in all groups together."""
    n, effect = finding.n_events, finding.effect
    return {
        "variation": variation,
        "n_events": sum(n) if isinstance(n, tuple) else n,
        "effect": None if effect is None else effect.value,
        "low": None if effect is None else effect.low,
        "high": None if effect is None else effect.high,
        "pvalue": finding.pvalue,
        "attainable": finding.attainable_pvalue,
        "note": finding.warnings[0] if finding.inconclusive and finding.warnings else "",
    }
