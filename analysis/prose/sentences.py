"""One sentence for one finding: effect and interval first, p after, the assumption in the same breath."""

from __future__ import annotations

from analysis.prose.text import safe
from analysis.results import Finding, p_is, p_text, plain


def reads(pvalue: float, level: float = 0.95) -> str:
    """What a p-value allows to say: never more than "hard to square with"."""
    return "hard to square with" if pvalue <= 1 - level else "consistent with"


def silence_sentence(finding: Finding, *, level: float = 0.95) -> str:
    """A sentence on ``waiting.silence``."""
    if finding.pvalue is None:
        return f"Whether the silence is long cannot be said: {_reason(finding)}"
    s = finding.settings
    n, quiet = finding.n_events, plain(s["quiet"])
    return (
        f"{_count(quiet, 'quiet day')} after {_count(n, 'attack')} in the "
        f"{_count(plain(s['watched_to_last_event']), 'day')} before {'is' if quiet == '1' else 'are'} "
        f"{reads(finding.pvalue, level)} the earlier pace going on ({p_is(finding.pvalue)}, one-sided, with the "
        f"rate unknown and constant); p falls to 0.05 after {plain(s['days_needed_at_0_05'])} quiet days."
    )


def longest_sentence(finding: Finding, *, level: float = 0.95) -> str:
    """A sentence on ``waiting.longest_silence``."""
    if finding.pvalue is None:
        return f"Whether the longest silence is long cannot be said: {_reason(finding)}"
    days = _count(plain(finding.effect.value), "day")
    return (
        f"Under a constant rate some stretch of {days} or more turns up with chance "
        f"{p_text(finding.pvalue)}: the longest silence of the record is {reads(finding.pvalue, level)} chance."
    )


def ratio_sentence(finding: Finding, where: str, *, level: float = 0.95) -> str:
    """A sentence on ``rates.ratio``; ``where`` names the date or the stretch, as in "after the last strike"."""
    if finding.pvalue is None or finding.effect is None:
        return f"The rate {where} cannot be compared: {_reason(finding)}"
    e = finding.effect
    if e.value is None:
        counts = [f"{n} in {plain(d)} days" for n, d in zip(finding.n_events, finding.exposure_days, strict=True)]
        return (
            f"The rate {where} has no ratio to the rate otherwise, with {counts[1]} against {counts[0]}, which is "
            f"{reads(finding.pvalue, level)} no change ({p_is(finding.pvalue)}, {finding.alternative})."
        )
    high = "no upper limit" if e.high is None else plain(e.high)
    return (
        f"The rate {where} was {plain(e.value)} times the rate otherwise ({e.level:.0%} limits {plain(e.low or 0)} to "
        f"{high}; {_count(finding.n_events[1], 'attack')} in {plain(finding.exposure_days[1])} days against "
        f"{finding.n_events[0]} in {plain(finding.exposure_days[0])}), which is {reads(finding.pvalue, level)} no "
        f"change ({p_is(finding.pvalue)}, {finding.alternative}, constant rates and independent attacks assumed)."
    )


def reach_sentence(finding: Finding, *, level: float = 0.95) -> str:
    """What the design could have shown at best; empty where that is no limit."""
    reach = finding.attainable_pvalue
    if reach is None or reach <= 1 - level:
        return ""
    return (
        f"The smallest p this design can reach is {p_text(reach)}: no outcome, total cessation included, "
        f"could have been told from chance."
    )


def _count(number: object, what: str) -> str:
    return f"{number} {what}{'' if str(number) == '1' else 's'}"


def _reason(finding: Finding) -> str:
    return safe(finding.warnings[0]) if finding.warnings else "the data are too thin."
