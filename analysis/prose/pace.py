"""When the pace changed, in words: the date found, its p over all dates, and the date that somebody named."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from analysis.prose.tables import caveats
from analysis.prose.text import Text, capital, safe, together
from analysis.results import Finding, p_is, p_text, plain
from analysis.stats import multiplicity
from analysis.timeline import EventSeries

Answers = Mapping[str, Mapping[str, Finding]]
WORDS = {"one": "a fall for good", "two": "a fall that ends", "none": "no change shown"}


def changes(
    series: Mapping[str, EventSeries], found: Answers, *, family: bool = True, level: float = 0.95
) -> pd.DataFrame:
    """A row for each series: what the search over all dates says, the posterior, suspend-and-resume and blocks.

    Parameters
    ----------
    series : the series by name
    found : findings of ``ask`` on them under "scan", and where asked "one change", "suspend and resume" and "blocks"
    family : adjust p over all dates for having asked every series (Holm); not where they are one series told in
        several ways
    """
    adjusted = multiplicity.adjust(found["scan"], level=level).set_index("name")["adjusted"]
    rows = {}
    for name, each in series.items():
        rows[name] = {"attacks": each.n, "days watched": plain(each.days), **_scanned(found["scan"][name], each)}
        if family:
            rows[name]["p adjusted"] = "-" if pd.isna(adjusted[name]) else p_text(adjusted[name])
        rows[name]["caveat"] = "; ".join(caveats(found["scan"][name])) or "-"
        for question, words in (("one change", _one), ("suspend and resume", _two), ("blocks", _blocks)):
            if question in found:
                rows[name][question] = words(found[question][name], each)
    table = pd.DataFrame(rows).T
    return table.loc[:, ~table.isin(["not sought", "-"]).all()]


def _scanned(finding: Finding, series: EventSeries) -> dict[str, str]:
    names = ("best date", "limits of the date", "p over all dates", "p as if named before", "rate after over before")
    if finding.pvalue is None:
        return dict.fromkeys(names, "-") | {"best date": finding.warnings[0]}
    s = finding.settings
    ratio = "none before" if s["ratio"] is None else plain(s["ratio"])
    values = (day(series, finding.effect.value), _limits(finding, series), p_text(finding.pvalue))
    return dict(zip(names, (*values, p_text(s["local_pvalue"]), ratio), strict=True))


def _one(finding: Finding, series: EventSeries) -> str:
    if finding.effect is None:
        return finding.warnings[0]
    chance = finding.settings["probability_of_change"]
    middle = day(series, finding.effect.value)
    return f"chance of a change {chance:.2f}; if there was one, {middle} ({_limits(finding, series)})"


def _two(finding: Finding, series: EventSeries) -> str:
    if finding.effect is None:
        return finding.warnings[0]
    s = finding.settings
    chances = ", ".join(f"{k} {v:.2f}" for k, v in s["probabilities"].items())
    stretch = " to ".join(day(series, t) for t in s["most_likely_stretch"])
    p = f"; p of the quietest stretch {p_text(finding.pvalue)}"
    return f"{WORDS[s['answer']]} (chance of dates: {chances}); likeliest stretch {stretch}{p}"


def _blocks(finding: Finding, series: EventSeries) -> str:
    if finding.effect is None:
        return finding.warnings[0]
    edges = finding.settings["edges_elapsed"][1:-1]
    where = f": {', '.join(day(series, t) for t in edges)}" if edges else ""
    p = "" if finding.pvalue is None else f" (p of any change {p_text(finding.pvalue)})"
    return f"{len(edges)} change{'' if len(edges) == 1 else 's'}{where}{p}"


def _quote(finding: Finding, series: EventSeries, level: float) -> str:
    """Whether a change is shown, and when, in as few words as hold."""
    label = safe(series.label)
    if finding.pvalue is None:
        return f"whether the pace of {label} changed cannot be told."
    if finding.pvalue > 1 - level:
        return f"no change in the pace of {label} is shown ({p_is(finding.pvalue)} over all dates)."
    way = "" if finding.settings["ratio"] is None else " fell" if finding.settings["ratio"] < 1 else " rose"
    limits = _limits(finding, series)
    spread = "" if limits == "not sought" else f"{level:.0%} limits {limits}; "
    when = day(series, finding.effect.value)
    return f"the pace of {label}{way or ' rose'} about {when} ({spread}{p_is(finding.pvalue)} over all dates)."


def sentence(finding: Finding, series: EventSeries, *, level: float = 0.95) -> str:
    """One view of the record: whether a change of pace is shown, when, and how its p depends on having searched."""
    label = safe(series.label)
    if finding.pvalue is None:
        return f"When the pace of {label} changed cannot be said: {safe(finding.warnings[0])}"
    s, p = finding.settings, finding.pvalue
    shown = "a change of pace is shown" if p <= 1 - level else "no change of pace is shown"
    ratio = (
        "there was none before it"
        if s["ratio"] is None
        else f"the rate after it was {plain(s['ratio'])} times that before"
    )
    return (
        f"In {label} (n = {series.n}, {plain(series.days)} days watched) {shown}: the date that fits best is "
        f"{day(series, finding.effect.value)} ({level:.0%} limits {_limits(finding, series)}, if there was one change) "
        f"and {ratio} ({s['n_after']} after, {s['n_before']} before); {p_is(p)} over all dates, "
        f"constant rates and independent attacks assumed. Taken as if that date had been named beforehand p would "
        f"read {p_text(s['local_pvalue'])}, which it must not."
    )


def against_named(finding: Finding, series: EventSeries, named: str, *, level: float = 0.95) -> str:
    """Whether a date that somebody named lies among the dates that the record allows for its one change."""
    if finding.pvalue is None or finding.effect.low is None or not named:
        return ""
    window = series.window
    if not window.dated or not window.start <= pd.Timestamp(named, tz=window.start.tz) < window.end:
        return f"The date named, {safe(named)}, lies outside the window."
    inside = finding.effect.low <= window.elapsed(named) <= finding.effect.high
    if finding.pvalue > 1 - level:
        return f"With no change shown, the date named ({safe(named)}) can be neither confirmed nor ruled out."
    if inside:
        return f"The date named ({safe(named)}) lies inside these limits."
    return f"The date named ({safe(named)}) lies outside these limits: a change is shown, but not then."


def conclusion(
    series: Mapping[str, EventSeries],
    found: Mapping[str, Finding],
    *,
    named: str,
    cells: Mapping[str, Finding] | None = None,
    watched: str = "",
    level: float = 0.95,
) -> Text:
    """What may be quoted; each view of the record, with the date that was named; and what would change the answer.

    Parameters
    ----------
    series, found : views of one kind of attack, and the finding of ``changepoint.scan`` on each, by name
    named : a date that somebody named; "" for none
    cells : the finding of ``changepoint.scan`` on other selections of the last view before ``watched``, by name
    watched : name of the view without the stretches that few watched; "" for none
    """
    quotes = together({name: _quote(finding, series[name], level) for name, finding in found.items()})
    said = {}
    for name, finding in found.items():
        words = [sentence(finding, series[name], level=level)]
        words += [against_named(finding, series[name], named, level=level)]
        said[name] = " ".join(w for w in words if w)
    quote = " ".join(f"{capital(views)}: {words}" for views, words in quotes.items())
    paragraphs = [f"**To be quoted.** {quote}"] if quotes else []
    paragraphs += [f"**{capital(views)}.** {words}" for views, words in together(said).items()]
    paragraphs += [_coverage(found, watched, level), _cells(cells or {}, level)]
    paragraphs.append(
        "**What would change this.** Attacks found later in the months that few watched; a date named before looking, "
        "which has to pay for no search; and attacks that come in bursts, which look like changes of pace and are not."
    )
    return Text("\n\n".join(p for p in paragraphs if p))


def _coverage(found: Mapping[str, Finding], watched: str, level: float) -> str:
    """Whether the change stands once the stretches that few watched are out."""
    whole = [f for name, f in found.items() if name != watched and f.pvalue is not None]
    if watched not in found or not whole or whole[-1].pvalue > 1 - level:
        return ""
    p = found[watched].pvalue
    if p is not None and p <= 1 - level:
        return f"The change stands without the stretches that few watched ({p_is(p)} over all dates)."
    words = "has no answer" if p is None else f"reads {p_is(p)}"
    return (
        f"**Fragile.** Without the stretches that few watched the search {words}: the change is consistent with fewer "
        f"attacks and with fewer of them being seen, and the record cannot tell these apart."
    )


def _cells(cells: Mapping[str, Finding], level: float) -> str:
    """Whether the answer is the same in every cell."""
    ps = [f.pvalue for f in cells.values() if f.pvalue is not None]
    if not ps:
        return ""
    under = sum(p <= 1 - level for p in ps)
    same = "the answer is the same in all of them" if under in (0, len(ps)) else "a **fragile** result"
    return (
        f"Over {len(ps)} ways to read the doubtful rows and to choose among the rows, p over all dates runs from "
        f"{p_text(min(ps))} to {p_text(max(ps))}, and is at most {1 - level:.2g} in {under} of them: {same}."
    )


def day(series: EventSeries, elapsed: float) -> str:
    """A moment of the series' window as a day, or as the number it is."""
    moment = series.window.moment(elapsed)
    return f"{moment:%-d %B %Y}" if isinstance(moment, pd.Timestamp) else plain(moment)


def _limits(finding: Finding, series: EventSeries) -> str:
    ends = (finding.effect.low, finding.effect.high)
    return "not sought" if None in ends else " to ".join(day(series, e) for e in ends)
