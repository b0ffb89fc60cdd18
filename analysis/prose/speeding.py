"""Whether attacks speed up and one kind takes over, in sentences made from findings."""

from __future__ import annotations

from collections.abc import Mapping

from analysis.prose.sentences import reads
from analysis.prose.tables import caveats, short
from analysis.prose.text import Text, capital, safe, together
from analysis.results import Finding, p_is, p_text, plain

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
        f"{constant.n_events} attacks{_after(constant)} in {plain(constant.exposure_days)} days watched: log-rate "
        f"change over the window {short(constant)}, {reads(constant.pvalue, level)} a constant rate "
        f"({p_is(constant.pvalue)}, independent attacks); the order of the waits is "
        f"{reads(order.pvalue, level)} no trend ({p_is(order.pvalue)}"
    )
    reach = order.attainable_pvalue
    floor = f", and could not be under {p_text(reach)} in any order" if reach and reach > 1 - level else ""
    return f"{told}{floor}). {_together(constant, order, level)}"


def _quote(constant: Finding, order: Finding, level: float) -> str:
    """What the two tests say together, with how many attacks and both p."""
    if constant.pvalue is None or order.pvalue is None:
        return "no trend can be told."
    attacks = f"{constant.n_events} attack{'s'[: constant.n_events != 1]}{_after(constant)}"
    return (
        f"{attacks} in {plain(constant.exposure_days)} days watched; against a constant rate {p_is(constant.pvalue)}, "
        f"for the order of the waits {p_is(order.pvalue)}. {_together(constant, order, level)}"
    )


def _after(finding: Finding) -> str:
    return " after the first" if "opened by" in str(finding.settings.get("window")) else ""


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
        f"{reads(share.pvalue, level)} a share that does not change ({p_is(share.pvalue)}{floor})."
    )


def speeding_conclusion(
    trends: Mapping[str, Mapping[str, Finding]],
    takeover: Mapping[str, Finding],
    bursts: Mapping[str, Mapping[str, Finding]],
    *,
    level: float = 0.95,
) -> Text:
    """Paragraphs on the trend in each view, on the share, and on bursts; the first view is the article's own.

    The first view and the last are to be quoted: the last should leave out time that few watched.

    Parameters
    ----------
    trends : findings of ``ask`` with the questions "laplace" and "lewis_robinson"
    takeover : ``trend.share`` by view
    bursts : findings of ``ask`` on bursts, by question
    """
    views, order = trends["laplace"], trends["lewis_robinson"]
    ends = dict.fromkeys((next(iter(views)), list(views)[-1]))
    quoted = together({v: _quote(views[v], order[v], level) for v in ends})
    told = together({v: trend_sentence(views[v], order[v], level=level) + _caveat(views[v]) for v in views})
    paragraphs = ["**To be quoted.** " + " ".join(f"{capital(names)}: {words}" for names, words in quoted.items())]
    paragraphs += [f"**{capital(names)}.** {words}" for names, words in told.items()]
    shares = [f"{_name(v)}: {takeover_sentence(f, level=level)}" for v, f in takeover.items()]
    bursty = [_burst(q, v, f, level) for q, row in bursts.items() for v, f in row.items()]
    paragraphs += [f"**One kind for another.** {' '.join(shares)}", f"**Bursts.** {' '.join(bursty)}"]
    return Text("\n\n".join([*paragraphs, CHANGES]))


def _name(view: str) -> str:
    return safe(view[:1].upper() + view[1:])


def _caveat(finding: Finding) -> str:
    notes = "; ".join(safe(w) for w in caveats(finding))
    return f" *{capital(notes)}.*" if notes else ""


def _burst(question: str, view: str, finding: Finding, level: float) -> str:
    lead = f"{_name(question)}, {safe(view)}:"
    if finding.pvalue is None:
        return f"{lead} nothing can be said."
    return f"{lead} {short(finding)}, {reads(finding.pvalue, level)} a constant rate ({p_is(finding.pvalue)})."
