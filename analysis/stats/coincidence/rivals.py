"""The favoured explanation and its rivals, each put through the same test, one table."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.errors import ParameterError, check_choice, check_level, check_rng
from analysis.results import Alternative, Finding
from analysis.stats import multiplicity
from analysis.stats.coincidence import card
from analysis.stats.coincidence.rate_while import Method, rate_while
from analysis.timeline import EventSeries, StateSeries


@dataclass(frozen=True, slots=True, eq=False)
class Rivals:
    """Findings by explanation, and their table.

    ``table`` has one row each: explanation, kind (favoured, rival or placebo), episodes, events_on, days_on,
    events_off, days_off, ratio, low, high, pvalue, adjusted, attainable, shift_pvalue, pvalue_if_independent (where
    one episode allows no other), overlap (share of the favoured state's watched time that this one covers) and
    inconclusive.
    """

    findings: Mapping[str, Finding]
    table: pd.DataFrame
    method: str

    def __str__(self) -> str:
        rows = (f"{name}: {finding.effect}" for name, finding in self.findings.items())
        return "\n".join(rows)


def rivals(
    series: EventSeries,
    states: Mapping[str, StateSeries],
    *,
    favoured: str | None = None,
    placebos: Mapping[str, EventSeries] | None = None,
    method: Method = "exact",
    alternative: Alternative = "two-sided",
    level: float = 0.95,
    adjustment: str = "holm",
    rng: object = None,
    draws: int = 100,
) -> Rivals:
    """``rate_while`` for every state, p adjusted over all of them together.

    Parameters
    ----------
    series : the events to be explained
    states : the favoured explanation and its rivals by name; all over the window of ``series``
    favoured : which is the favoured one; the first, unless said
    placebos : events elsewhere that the favoured state should not move, by name: each is tested against it
    method, alternative, level, rng, draws : as in ``rate_while``
    adjustment : "holm" or "benjamini-hochberg", over every finding that has a p-value

    Notes
    -----
    A rival on the same dates cannot be told from the favoured one by any test of this record: ``overlap`` says how
    far the dates are the same. A placebo that moves as the series does speaks against the favoured explanation.
    """
    card.checked(alternative, level)
    check_level(level)
    check_choice("adjustment", adjustment, multiplicity.METHODS)
    if not states:
        raise ParameterError("states needs the favoured explanation and its rivals by name; it is empty")
    favoured = next(iter(states)) if favoured is None else check_choice("favoured", favoured, states)
    placebos = dict(placebos or {})
    twice = set(placebos) & set(states)
    if twice:
        raise ParameterError(f"{sorted(twice)} names a state and a placebo; give each explanation its own name")
    generator = None if rng is None else check_rng(rng, "uncertain dates are drawn")
    how = {"method": method, "alternative": alternative, "level": level, "rng": generator, "draws": draws}
    findings = {name: rate_while(series, state, **how) for name, state in states.items()}
    findings |= {name: rate_while(other, states[favoured], **how) for name, other in placebos.items()}
    adjusted = multiplicity.adjust(findings, method=adjustment, level=level).set_index("name")
    rows = []
    for name, finding in findings.items():
        kind = "favoured" if name == favoured else "placebo" if name in placebos else "rival"
        state = states[favoured] if name in placebos else states[name]
        rows.append(_row(name, kind, finding, state, states[favoured]) | {"adjusted": adjusted.loc[name, "adjusted"]})
    table = pd.DataFrame(rows)
    order = [*table.columns[:11], "adjusted", *table.columns[11:-1]]
    return Rivals(findings, table[order], adjustment)


def _row(name: str, kind: str, finding: Finding, state: StateSeries, favoured: StateSeries) -> dict:
    effect, settings = finding.effect, finding.settings
    ends = (None, None, None) if effect is None else (effect.value, effect.low, effect.high)
    ratio, low, high = (np.nan if x is None else x for x in ends)
    return {
        "explanation": name,
        "kind": kind,
        "episodes": settings["episodes"],
        "events_on": finding.n_events[1],
        "days_on": finding.exposure_days[1],
        "events_off": finding.n_events[0],
        "days_off": finding.exposure_days[0],
        "ratio": ratio,
        "low": low,
        "high": high,
        "pvalue": _number(finding.pvalue),
        "attainable": _number(finding.attainable_pvalue),
        "shift_pvalue": _number(settings.get("shift_pvalue", finding.pvalue)),
        "pvalue_if_independent": _number(settings.get("pvalue_if_independent", finding.pvalue)),
        "overlap": overlap(favoured, state),
        "inconclusive": finding.inconclusive,
    }


def overlap(first: StateSeries, second: StateSeries) -> float:
    """Share of the first state's watched time that the second covers; 0 where the first was never on."""
    window = first.window
    shared = sum(
        window.watched(max(a, c), min(b, d)) for a, b in first.edges for c, d in second.edges if max(a, c) < min(b, d)
    )
    return float(shared / first.days_on) if first.days_on > 0 else 0.0


def _number(value: float | None) -> float:
    return np.nan if value is None else float(value)
