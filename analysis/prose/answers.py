"""The claims of the register, each answered from one view of the catalogue."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from analysis.catalogue import select
from analysis.catalogue.claims import Claim
from analysis.errors import ParameterError
from analysis.prose import verdicts
from analysis.prose.tables import short
from analysis.prose.verdicts import Verdict
from analysis.results import Finding, p_text, plain
from analysis.stats import multiplicity, rates
from analysis.timeline import EventSeries


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """A claim with its verdict, the sentence that gives the numbers, and the finding of a test claim."""

    claim: Claim
    verdict: Verdict
    text: str
    finding: Finding | None = None


def answers(
    register: Mapping[str, Claim],
    table: pd.DataFrame,
    *,
    until: str | None = None,
    changes: Mapping[str, Mapping[str, Any]] | None = None,
    **filters: Any,
) -> dict[str, Answer]:
    """Answer every claim from ``table``, a catalogue as it was known on some day.

    Parameters
    ----------
    register : claims by id, from ``analysis.catalogue.claims``
    table : from ``load``
    until : None takes the claim's own window, in which a test splits at the claim's date; a later date takes
        the record up to it, in which a test compares the claimed stretch with all other days
    changes : the multiverse, as settings of ``select`` that differ, by name; run for a claim whose p is under
        its level, since only there it decides
    filters : further settings of ``select``, such as target_class

    Test claims of one family are adjusted together (Holm).
    """
    found = {name: _test(c, table, until, filters) for name, c in register.items() if c.kind == "test"}
    families = {c.family for c in register.values() if c.kind == "test"}
    adjusted = pd.concat(
        [multiplicity.adjust({n: f for n, f in found.items() if register[n].family == family}) for family in families]
        or [multiplicity.adjust({})]
    ).set_index("name")
    results = {}
    for name, claim in register.items():
        if claim.kind == "test":
            again = [
                lambda c=c, claim=claim: _test(claim, table, until, {**filters, **c}) for c in (changes or {}).values()
            ]
            results[name] = _judged(claim, found[name], adjusted.loc[name], agreement(claim, found[name], again))
        elif claim.kind in ("record", "bound"):
            results[name] = _recorded(claim, table, filters)
        else:
            raise ParameterError(f"{claim.id}: a {claim.kind} is not answered by this function")
    return results


def _series(claim: Claim, table: pd.DataFrame, filters: Mapping[str, Any], **more: Any) -> EventSeries:
    start, end = claim.window
    settings = {"weapon": list(claim.weapon), "start": start, "end": end, "opened_by_event": True, **filters, **more}
    return select(table, **settings)


def _recorded(claim: Claim, table: pd.DataFrame, filters: Mapping[str, Any]) -> Answer:
    series = _series(claim, table, filters, resolution="drawn")
    share, what, text = _share(claim, series)
    return Answer(claim=claim, verdict=verdicts.on_record(claim, share, what=what), text=text)


def _share(claim: Claim, series: EventSeries) -> tuple[float, str, str]:
    """Share of the readings of the dates under which a record holds, what holds, and the numbers in a sentence."""
    total = series.n + series.window.opened_by_event
    if claim.at_least is not None:
        text = f"{total} {series.label} on record in the window, {claim.at_least} or more claimed."
        return float(total >= claim.at_least), f"at least {claim.at_least}", text
    if total == 0:
        return 1.0, "none", f"No {series.label} on record in the window."
    if claim.quiet_days_over is not None:
        when = series.window.span - claim.quiet_days_over
        quiet = _between(series.window.span - series.latest.max(initial=0), series.window.span - _last_early(series))
        text = f"The last of {total} {series.label} lies {quiet} days before the end of the window."
        return _none_from(series, when), f"more than {claim.quiet_days_over:g} quiet days", text
    share = _none_from(series, claim.none_after)
    text = (
        f"{share:.0%} of the admissible readings put none of the {total} {series.label} at or after {claim.none_after}."
    )
    return share, f"none after {claim.none_after}", text


def _none_from(series: EventSeries, when: object) -> float:
    """Share of joint readings with no event at or after ``when``; events are read apart from each other."""
    return float(np.prod(1 - series.chance_after(when)))


def _last_early(series: EventSeries) -> float:
    """The earliest the last event can have been: no earlier than any other event's earliest reading."""
    return float(series.earliest.max(initial=0))


def _between(low: float, high: float) -> str:
    low, high = f"{low:.1f}", f"{high:.1f}"
    return low if low == high else f"{low} to {high}"


def _test(claim: Claim, table: pd.DataFrame, until: str | None, filters: Mapping[str, Any]) -> Finding:
    series = _series(claim, table, filters, **({} if until is None else {"end": until}))
    where = {"at": claim.date} if until is None else {"inside": claim.stretch}
    if claim.tests[0] == "rates.ratio":
        return rates.ratio(series, alternative=claim.alternative, level=claim.level, chosen=claim.date_chosen, **where)
    if claim.tests[0] == "rates.contrast":
        # Both kinds in one window, or the watched time would not cancel.
        more = {"weapon": list(claim.against), "opened_by_event": False, "start": series.window.start}
        other = _series(claim, table, filters, **more, end=until or claim.window[1])
        return rates.contrast(series, other, alternative=claim.alternative, level=claim.level, **where)
    raise ParameterError(
        f"{claim.id}: no rule for the test {claim.tests[0]!r}; a test claim asks a ratio or a contrast"
    )


def agreement(claim: Claim, finding: Finding, again: Sequence[Callable[[], Finding]]) -> float | None:
    """Share of the multiverse that agrees in sign and level; None where it was not needed or not given.

    ``again`` makes the finding of each variation; one without an answer does not agree.
    """
    alpha = 1 - claim.level
    if not again or finding.pvalue is None or finding.pvalue > alpha:
        return None
    others = [test() for test in again]
    return float(np.mean([f.pvalue is not None and f.pvalue <= alpha and _sign(f) == _sign(finding) for f in others]))


def _sign(finding: Finding) -> float:
    """-1 for a ratio below 1, 1 above; a ratio without an estimate has no event before the date and is above."""
    value = finding.effect.value
    return 1.0 if value is None else float(np.sign(value - 1))


def _judged(claim: Claim, finding: Finding, family: pd.Series, agreement: float | None) -> Answer:
    power = _power(claim, finding)
    verdict = verdicts.on_test(
        claim,
        finding,
        adjusted=None if pd.isna(family["adjusted"]) else float(family["adjusted"]),
        strictest=float(family["strictest"]),
        power=power,
        agreement=agreement,
    )
    return Answer(claim=claim, verdict=verdict, text=f"{_numbers(finding)} {verdict.rule}", finding=finding)


def _power(claim: Claim, finding: Finding) -> float | None:
    """Prospective power at the edge of the claimed region nearest to no effect, from the rate before the date."""
    edge = claim.region[1] if claim.region[1] is not None else claim.region[0]
    if finding.inconclusive:
        return None
    if claim.tests[0] == "rates.contrast":
        return rates.contrast_power(finding, ratio=edge, alpha=1 - claim.level)
    (before, _), (before_days, after_days) = finding.n_events, finding.exposure_days
    if before == 0:
        return 0.0
    design = {"before_days": before_days, "after_days": after_days, "rate": before / before_days, "before": before}
    return rates.power(ratio=edge, alternative=claim.alternative, alpha=1 - claim.level, **design)


def _numbers(finding: Finding) -> str:
    if finding.effect is None or finding.pvalue is None:
        return "No answer."
    days = finding.exposure_days
    watched = f"{plain(days[0])} and {plain(days[1])} days" if finding.method.startswith("exact") else "the same days"
    counts = f"{finding.n_events[0]} and {finding.n_events[1]} events in {watched}"
    return f"{finding.effect.name.capitalize()} {short(finding)}, p = {p_text(finding.pvalue)} ({counts})."
