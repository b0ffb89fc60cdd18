"""Test claims judged: their power, what the multiverse says, and the words beside the verdict."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from analysis.catalogue.claims import Claim
from analysis.prose.answers.questions import question_of
from analysis.prose.answers.view import View
from analysis.prose.tables import short
from analysis.results import Finding, p_is, plain
from analysis.stats import coincidence, rates, trend

EPISODES = ("coincidence.rate_while", "hazard.piecewise_exponential", "hazard.series_hazard")


def variants(view: View, claim: Claim) -> dict[str, Claim]:
    """The claim with the other dates and starts that were fixed before, by what differs; those the view can see."""
    found = {}
    for variant in claim.variants:
        settings: dict[str, Any] = dict(variant)
        name = ", ".join(f"{k} {v}" for k, v in settings.items() if k != "exclude")
        name = f"with {name}" if name else f"without {len(settings['exclude'])} weakly sourced rows"
        if "start" in settings:
            settings["window"] = (settings.pop("start"), claim.window[1])
        found[name] = replace(claim, **settings)
    return {name: other for name, other in found.items() if not view.unseen(other)}


def multiverse(
    view: View, claim: Claim, changes: Mapping[str, Mapping[str, Any]] | None
) -> list[Callable[[], Finding]]:
    """The test on every variation: other settings of ``select``, and the claim's own variants."""
    ask = question_of(claim, claim.tests[0])
    own = {"opened_by_event": claim.opened_by_event, **view.filters}
    others = [c for c in (changes or {}).values() if any(k not in own or own[k] != v for k, v in c.items())]
    again = [lambda c=c: ask(view.changed(c), claim) for c in others]
    return again + [lambda v=v: ask(view, v) for v in variants(view, claim).values()] if changes else again


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
    """-1 for an effect below none, 1 above; one without an estimate has no event before the date and is above."""
    value = finding.effect.value
    none = 0.0 if finding.effect.name.startswith("log") else finding.settings.get("watched_share", 1.0)
    return 1.0 if value is None else float(np.sign(value - none))


def power(claim: Claim, finding: Finding) -> float | None:
    """Prospective power at the edge of the claimed region nearest to no effect, from the rate before the date."""
    edge = claim.region[1] if claim.region[1] is not None else claim.region[0]
    alpha = 1 - claim.level
    if finding.inconclusive:
        return None
    if claim.tests[0] in ("rates.contrast", "rates.share_ratio"):
        return rates.contrast_power(_with_table(finding), ratio=edge, alpha=alpha)
    if claim.tests[0] == "rhythm.between_hours":
        design = {"share": claim.region[0], "against": finding.settings["watched_share"]}
        return rates.share_power(finding.n_events, **design, alternative=claim.alternative, alpha=alpha)
    if claim.tests[0] == "trend.laplace":
        n = finding.settings["free_events"]
        return trend.laplace_power(n, change=edge, alternative=claim.alternative, alpha=alpha)
    (before, _), (before_days, after_days) = finding.n_events, finding.exposure_days
    if before == 0:
        return 0.0
    design = {"before_days": before_days, "after_days": after_days, "rate": before / before_days, "before": before}
    return rates.power(ratio=edge, alternative=claim.alternative, alpha=alpha, **design)


def _with_table(finding: Finding) -> Finding:
    """The finding with its 2 by 2 table in the settings, as ``contrast_power`` reads it."""
    if "table" in finding.settings:
        return finding
    (k, n), (k2, n2) = finding.settings["counts"], finding.settings["others"]
    return replace(finding, settings={**finding.settings, "table": [[k, k2], [n - k, n2 - k2]]})


def episodes(view: View, claim: Claim) -> tuple[int, int] | None:
    """Episodes seen, and the fewest at which any result could be significant; None where the claim has none."""
    if claim.tests[0] not in EPISODES:
        return None
    seen = view.state(claim, view.series(claim).window).episodes
    return seen, coincidence.least_episodes(alternative=claim.alternative, level=claim.level)


def numbers(finding: Finding) -> str:
    """Effect with limits, p and counts, in a sentence."""
    if finding.effect is None:
        return "There is no effect to give."
    name = finding.effect.name
    p = "" if finding.pvalue is None else f", {p_is(finding.pvalue)}"
    return f"{name[0].upper()}{name[1:]}: {short(finding)}{p}; {counts(finding)}."


def counts(finding: Finding) -> str:
    """How many events in how much watched time, "2 and 0 events in 27 and 24 days"."""
    n, days = finding.n_events, finding.exposure_days
    if "watched_share" in finding.settings:
        return f"{finding.statistic:g} of {n}, against {finding.settings['watched_share']:.0%} of watched time"
    many = f"{n[0]} and {n[1]} events" if isinstance(n, tuple) else f"{n} events"
    if {"table", "counts"} & set(finding.settings) or not np.any(days):
        return many
    watched = " and ".join(map(plain, days)) if isinstance(days, tuple) else plain(days)
    return f"{many} in {watched} days"


def beside(view: View, claim: Claim, others: Mapping[str, Finding]) -> str:
    """What the other tests and the variants say, one short sentence each."""
    said = [_brief(name, finding) for name, finding in others.items()]
    thin = before_the_window(view, claim) if claim.tests[0] == "rates.ratio" else ""
    return " ".join([*said, thin]).strip()


def _brief(name: str, finding: Finding) -> str:
    if finding.effect is None:
        return f"{_words(name)}: no answer."
    if name == "changepoint.scan" and "date" in finding.settings:
        return _date(finding)
    if name == "rates.bayes_factor":
        return f"The Bayes factor of a full stop over no change is {plain(finding.statistic)}."
    if name == "rates.share_ratio":
        return f"Share {finding.settings['of_kind']}: {_shares(finding)}"
    words, effect = _words(name), finding.effect.name
    p = "" if finding.pvalue is None else f", {p_is(finding.pvalue)}"
    # A variant asks the claim's own question again, whose effect has been named.
    own = effect == words.lower() or name.startswith("with") or name == "rates.share"
    return f"{words}{'' if own else f' ({effect})'}: {short(finding)}{p}."


def _shares(finding: Finding) -> str:
    (k, n), (k2, n2) = finding.settings["counts"], finding.settings["others"]
    late, early = f"{k} of {n} {finding.settings['label']}", f"{k2} of {n2} {finding.settings['other_label']}"
    return f"{late}, against {early}, {p_is(finding.pvalue)}."


def _words(name: str) -> str:
    """A test's name, or what differs in a variant, as a reader would say it."""
    words = name.rpartition(".")[2].replace("_", " ")
    return {"lewis robinson": "Lewis-Robinson test", "v test": "V test", "share": "The share itself"}.get(
        words, words.capitalize()
    )


def before_the_window(view: View, claim: Claim) -> str:
    """How many attacks are on record before a claim's window opens, where the record reaches back further."""
    coverage = view.table.attrs.get("coverage")
    start = claim.window[0]
    if claim.opened_by_event or coverage is None or coverage["start"] >= start:
        return ""
    series = view.series(claim, start=coverage["start"], end=start)
    rows = len(view.rows(claim, start=coverage["start"], end=start))
    return (
        f"Before {start} the record holds {series.n} night{'' if series.n == 1 else 's'} with attacks ({rows} rows) in "
        f"{plain(series.days)} days, too thin to compare with."
    )


def _date(finding: Finding) -> str:
    return f"The date at which the pace changed most: {finding.settings['date'][:10]}, {p_is(finding.pvalue)}."
