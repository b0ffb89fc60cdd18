"""Whether attacks speed up and one kind takes over, in sentences made from findings."""

from __future__ import annotations

from collections.abc import Mapping

from analysis.prose.sentences import reads
from analysis.prose.tables import caveats, short
from analysis.prose.text import Text, safe
from analysis.results import Finding, p_text, plain

CHANGES = (
    "**What would change this.** A longer record. With two or three attacks no order of the waits reaches a small p. "
    "What the rate alone shows, and not the order of the waits, may be a burst, or the choice of the window."
)


def trend_sentence(constant: Finding, order: Finding, *, level: float = 0.95) -> str:
    """Two trend tests on one series, of the log-rate: ``laplace``, and ``lewis_robinson``, which allows for bursts."""
    if constant.pvalue is None or order.pvalue is None:
        reason = (constant if constant.pvalue is None else order).warnings[0]
        return f"No trend can be told: {safe(reason[:1].lower() + reason[1:])}"
    told = (
        f"{constant.n_events} attacks in {plain(constant.exposure_days)} days watched: log-rate change over the window "
        f"{short(constant)}, {reads(constant.pvalue, level)} a constant rate (p = {p_text(constant.pvalue)}, "
        f"independent attacks); the order of the waits is {reads(order.pvalue, level)} no trend "
        f"(p = {p_text(order.pvalue)}"
    )
    reach = order.attainable_pvalue
    floor = f", and could not be under {p_text(reach)} in any order" if reach and reach > 1 - level else ""
    return f"{told}{floor}). {_together(constant, order, level)}"


def _together(constant: Finding, order: Finding, level: float) -> str:
    small = [f.pvalue <= 1 - level for f in (constant, order)]
    way = "faster" if constant.effect.value is not None and constant.effect.value > 0 else "more slowly"
    if all(small):
        return f"Both speak for attacks that come {way} with time."
    if small[0]:
        return f"Attacks came {way} with time, but a burst would look the same."
    if small[1]:
        return "Only the order of the waits speaks for a trend."
    return "No trend can be told from none."


def takeover_sentence(share: Finding, *, level: float = 0.95) -> str:
    """A sentence on ``trend.share``."""
    if share.pvalue is None:
        return f"Whether the share changed cannot be said: {safe(share.warnings[0])}"
    own, rest = share.n_events
    reach = share.attainable_pvalue
    floor = f", at best {p_text(reach)}" if reach and reach > 1 - level else ""
    return (
        f"{own} of {own + rest} attacks were of the kind; {safe(share.effect.name)} {short(share)}, "
        f"{reads(share.pvalue, level)} a share that does not change (p = {p_text(share.pvalue)}{floor})."
    )


def speeding_conclusion(
    trends: Mapping[str, Mapping[str, Finding]],
    takeover: Mapping[str, Finding],
    bursts: Mapping[str, Mapping[str, Finding]],
    *,
    level: float = 0.95,
) -> Text:
    """Paragraphs on the trend in each view, on the share, and on bursts; the first view is the article's own.

    Parameters
    ----------
    trends : findings of ``ask`` with the questions "laplace" and "lewis_robinson"
    takeover : ``trend.share`` by view
    bursts : findings of ``ask`` on bursts, by question
    """
    views = trends["laplace"]
    said = {v: trend_sentence(views[v], trends["lewis_robinson"][v], level=level) for v in views}
    ends = dict.fromkeys((next(iter(views)), list(views)[-1]))
    paragraphs = ["**To be quoted.** " + " ".join(f"{_name(v)}: {said[v]}" for v in ends)]
    paragraphs += [f"**{_name(v)}.** {words}{_caveat(views[v])}" for v, words in said.items() if v not in ends]
    shares = [f"{_name(v)}: {takeover_sentence(f, level=level)}" for v, f in takeover.items()]
    told = [_burst(q, v, f, level) for q, row in bursts.items() for v, f in row.items()]
    paragraphs += [f"**One kind for another.** {' '.join(shares)}", f"**Bursts.** {' '.join(told)}"]
    return Text("\n\n".join([*paragraphs, CHANGES]))


def _name(view: str) -> str:
    return safe(view[:1].upper() + view[1:])


def _caveat(finding: Finding) -> str:
    notes = "; ".join(safe(w) for w in caveats(finding))
    return f" *{notes.capitalize()}.*" if notes else ""


def _burst(question: str, view: str, finding: Finding, level: float) -> str:
    lead = f"{_name(question)}, {safe(view)}:"
    if finding.pvalue is None:
        return f"{lead} nothing can be said."
    return f"{lead} {short(finding)}, {reads(finding.pvalue, level)} a constant rate (p = {p_text(finding.pvalue)})."
