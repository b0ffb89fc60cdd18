"""Every claim of a register answered, its test claims adjusted for each other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from analysis.catalogue.claims import Claim
from analysis.prose import verdicts
from analysis.prose.answers import foretold, judged, recorded
from analysis.prose.answers.questions import question_of
from analysis.prose.answers.view import View
from analysis.prose.verdicts import Verdict
from analysis.results import Finding
from analysis.stats import multiplicity


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """A claim with its verdict, the sentences that give the numbers, and the findings behind them.

    ``finding`` is that of the first test the claim names, ``others`` those of its further tests and variants by
    name, ``adjusted`` the p-value of a test claim adjusted within its family.
    """

    claim: Claim
    verdict: Verdict
    text: str
    finding: Finding | None = None
    adjusted: float | None = None
    others: Mapping[str, Finding] = field(default_factory=dict)


def answers(
    register: Mapping[str, Claim],
    table: pd.DataFrame,
    *,
    until: str | None = None,
    then: pd.DataFrame | None = None,
    seed: int | None = None,
    responses: pd.DataFrame | None = None,
    changes: Mapping[str, Mapping[str, Any]] | None = None,
    only: Sequence[str] | None = None,
    **filters: Any,
) -> dict[str, Answer]:
    """Answer every claim from ``table``, a catalogue as it was known on some day.

    Parameters
    ----------
    register : claims by id, from ``analysis.catalogue.claims``
    table : from ``load``
    until : None takes the claim's own window, in which a test splits at the claim's date; a later date takes
        the record up to it, in which a test compares the claimed stretch with all other days
    then : the catalogue as it was when the claims were made, from which forecasts start; None for ``table``
    seed : for the tests that draw at random; without it a claim that names one raises
    responses : table of interventions; None for the project's own
    changes : the multiverse, as settings of ``select`` that differ, by name; run for a claim whose p is under
        its level, since only there it decides
    only : ids to answer; None for all. The family is that of all test claims even so
        but those whose window lies outside the record, which are asked nothing and cannot be told
    filters : further settings of ``select``, such as target_class

    Test claims of one family are adjusted together (Holm).

    Raises
    ------
    ParameterError : a test without a rule here, an unknown intervention, or a missing seed
    """
    view = View(table=table, until=until, then=then, seed=seed, responses=responses, filters=filters)
    wanted = list(register) if only is None else [name for name in register if name in set(only)]
    unseen = {name: reason for name, claim in register.items() if (reason := view.unseen(claim))}
    first = {
        name: question_of(claim, claim.tests[0])(view, claim)
        for name, claim in register.items()
        if name not in unseen and (claim.kind == "test" or name in wanted)
    }
    family = adjusted(register, first)
    return {
        name: _untold(register[name], unseen[name])
        if name in unseen
        else _answer(view, register[name], first[name], family.get(name), changes)
        for name in wanted
    }


def _untold(claim: Claim, reason: str) -> Answer:
    return Answer(claim=claim, verdict=Verdict(claim=claim.id, word=verdicts.CANNOT, rule=reason), text=reason)


def adjusted(register: Mapping[str, Claim], findings: Mapping[str, Finding]) -> dict[str, pd.Series]:
    """Adjusted p and strictest level of every test claim, each within its family."""
    rows = {}
    for family in {claim.family for claim in register.values() if claim.kind == "test"}:
        own = {n: f for n, f in findings.items() if register[n].kind == "test" and register[n].family == family}
        rows |= {row["name"]: row for _, row in multiplicity.adjust(own).iterrows()}
    return rows


def _answer(view: View, claim: Claim, finding: Finding, family: pd.Series | None, changes) -> Answer:
    others = {name: question_of(claim, name)(view, claim) for name in claim.tests[1:]}
    if claim.kind == "forecast":
        verdict, text = foretold.judged(view, claim, finding)
        return Answer(claim=claim, verdict=verdict, text=text, finding=finding, others=others)
    if claim.kind in ("record", "bound"):
        verdict, text = recorded.judged(view, claim)
        text = f"{text} {judged.beside(view, claim, others)}".rstrip()
        return Answer(claim=claim, verdict=verdict, text=text, finding=finding, others=others)
    return _tested(view, claim, finding, family, changes, others)


def _tested(view: View, claim: Claim, finding: Finding, family: pd.Series, changes, others) -> Answer:
    ask = question_of(claim, claim.tests[0])
    others = {name: ask(view, variant) for name, variant in judged.variants(view, claim).items()} | others
    p = None if pd.isna(family["adjusted"]) else float(family["adjusted"])
    verdict = verdicts.on_test(
        claim,
        finding,
        adjusted=p,
        strictest=float(family["strictest"]),
        power=judged.power(claim, finding),
        agreement=judged.agreement(claim, finding, judged.multiverse(view, claim, changes)),
        episodes=judged.episodes(view, claim),
    )
    text = f"{judged.numbers(finding)} {verdict.rule} {judged.beside(view, claim, others)}".rstrip()
    return Answer(claim=claim, verdict=verdict, text=text, finding=finding, adjusted=p, others=others)
