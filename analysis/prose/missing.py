"""What a record holds and what is missing from it, in sentences made from its findings."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from analysis.prose.tables import short
from analysis.prose.text import Text, capital, safe, together
from analysis.results import Finding, p_is, percent, plain

CHANGES = (
    "**What would change this.** A fuller list of attacks, or a source on casualties where the record is blank. "
    "One attack disclosed later changes every share of a few; it does not make a few into many."
)


def shares_table(findings: Mapping[str, Finding]) -> pd.DataFrame:
    """Shares for reading, a row each: of the kind, in all, share, limits, and the reason where there is none."""
    rows = {}
    for name, finding in findings.items():
        if finding.effect is None:
            rows[name] = ("-", finding.n_events, "-", "-", finding.warnings[0])
            continue
        e = finding.effect
        limits = f"{e.low:.1%} to {e.high:.1%}"
        rows[name] = (int(finding.statistic), finding.n_events, f"{e.value:.1%}", limits, percent(e.level))
    columns = ["of the kind", "attacks", "share", "limits", "level of the limits"]
    return pd.DataFrame.from_dict(rows, orient="index", columns=columns)


def share_sentence(finding: Finding, what: str) -> str:
    """A sentence on ``rates.share``; ``what`` names the attacks and the kind, "drone attacks with US casualties"."""
    if finding.effect is None:
        return f"{safe(capital(what))}: nothing can be said, {safe(finding.warnings[0].lower())}"
    e, k, n = finding.effect, int(finding.statistic), finding.n_events
    reach = f"{e.low:.0%} to {e.high:.0%}" if e.low > 0 and e.high < 1 else ""
    reach = reach or (f"up to {e.high:.0%}" if e.high < 1 else f"{e.low:.0%} or more" if e.low > 0 else "any share")
    return f"{safe(capital(what))}: {k} of {n}, consistent with {reach} ({percent(e.level)} limits, exact)."


def record_conclusion(
    *,
    rates: Mapping[str, Finding],
    quality: pd.DataFrame,
    delays: Mapping[str, Finding],
    coming: Mapping[str, Finding],
    casualties: Mapping[str, Finding],
    site: Finding,
    sites_compared: Finding,
    agreement: pd.DataFrame,
) -> Text:
    """Paragraphs on what was counted, how well it is known, what may still come, casualties and sites.

    Parameters
    ----------
    rates : ``rates.rate`` by view; the first is the article's own
    quality, agreement : from the catalogue
    delays, coming : ``delay.law`` and ``delay.still_to_come`` by view
    casualties : ``rates.shares`` of ``casualty_counts``
    site, sites_compared : share at the named sites, and the odds ratio against other attacks
    """
    paragraphs = [
        _counted(rates),
        _known(quality),
        *(_coming(name, delays[name], finding) for name, finding in coming.items()),
        _casualties(casualties),
        _sites(site, sites_compared),
        _agreed(agreement),
        CHANGES,
    ]
    return Text("\n\n".join(p for p in paragraphs if p))


def _counted(rates: Mapping[str, Finding]) -> str:
    said = {}
    for name, finding in rates.items():
        n, days, e = finding.n_events, plain(finding.exposure_days), finding.effect
        limits = f"{plain(30 * e.low)} to {plain(30 * e.high)}"
        said[name] = f"at least {n} in {days} days watched, {plain(30 * e.value)} in 30 days ({limits})"
    words = "; ".join(f"{views}, {numbers}" for views, numbers in together(said).items())
    return f"**To be quoted.** Attacks of the kind asked about: {words}. Counts are of what became public."


def _known(quality: pd.DataFrame) -> str:
    total = quality.iloc[-1]
    n = int(total["rows"])
    if n == 0:
        return "**How well it is known.** The record holds no attack."
    timed, to_day = int(total["minute"] + total["hour"]), int(total["day"])
    return (
        f"**How well it is known.** Of {n} rows, {timed} are timed to the hour or better and {to_day} to the day only; "
        f"{int(total['two_dates'])} have more than one admissible date, {int(total['two_sources'])} have two sources, "
        f"{int(total['low'])} are of low confidence, and the day of the first report is not known for "
        f"{int(total['no_first_report'])}."
    )


def _coming(name: str, law: Finding, finding: Finding) -> str:
    lead = f"**Still to come, {safe(name)}.**"
    if law.inconclusive or finding.effect is None:
        reason = (finding if finding.warnings else law).warnings[0]
        return f"{lead} Nothing can be said: {safe(reason[:1].lower() + reason[1:])}"
    within, e = law.settings["within"], finding.effect
    high = "no upper limit" if e.high is None else plain(e.high)
    expected = f"{plain(round(e.value, 1))} more are" if e.value >= 0.95 else "less than one more is"
    return (
        f"{lead} {law.effect.value:.0%} of the attacks with a known first report were public within {within} days "
        f"({law.effect.low:.0%} to {law.effect.high:.0%}); beside the {finding.n_events} known in the window, "
        f"{expected} expected ({plain(e.low)} to {high}, {percent(e.level)} predicted). "
        "Attacks that nobody ever reports are outside this count."
    )


def _casualties(casualties: Mapping[str, Finding]) -> str:
    """Share with US casualties by group; groups in which a blank is left out stand in the table alone."""
    told = {name: f for name, f in casualties.items() if not name.endswith(", reported only")}
    lines = [f"- {share_sentence(f, name)}" for name, f in told.items()]
    return "\n".join(["**US casualties.**", "", *lines]) if lines else ""


def _sites(site: Finding, compared: Finding) -> str:
    words = f"**Sites.** {share_sentence(site, 'attacks at the sites named')}"
    if compared.pvalue is None:
        return f"{words} Against other attacks nothing can be told: {safe(compared.warnings[0])}"
    k, n = compared.settings["others"]
    return (
        f"{words} Of the other attacks {k} of {n} were: odds ratio {short(compared)}, {p_is(compared.pvalue)}. "
        "No share of targets tells what the attackers knew."
    )


def _agreed(agreement: pd.DataFrame) -> str:
    if agreement.empty:
        return ""
    by = agreement.groupby("weapon")["share found"]
    said = [
        f"{name} {low:.0%}" if low == high else f"{name} {low:.0%} to {high:.0%}"
        for name, low, high in zip(by.min().index, by.min(), by.max(), strict=True)
    ]
    return (
        f"**Published totals.** The catalogue holds, of {len(agreement)} totals that agencies printed, by weapon: "
        f"{safe('; '.join(said))}. Over 100% means that it counts more than they did: the totals mix rules."
    )
