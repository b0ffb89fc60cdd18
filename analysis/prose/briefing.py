"""The briefing: every claim with its verdict, the headline first, and the day on which the pace did fall."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from analysis.catalogue.claims import Claim
from analysis.prose import pace
from analysis.prose.answers import Answer
from analysis.prose.sentences import reach_sentence
from analysis.prose.tables import caveats, checked, said, short
from analysis.prose.text import Text, capital, listed, safe
from analysis.prose.verdicts import CANNOT
from analysis.results import Finding, p_is, p_text, percent, plain
from analysis.timeline import EventSeries

QUOTED = {
    "supported": "the record supports it",
    "consistent with": "the record is consistent with it",
    "no evidence for": "there is no evidence for it",
    "contradicted": "the record contradicts it",
    CANNOT: "these data cannot tell",
}
WATCHED = ", where watched"
Columns = Mapping[str, Mapping[str, Answer]]


def ordered(columns: Columns, headline: Sequence[str]) -> list[str]:
    """Ids of the claims answered, those of the headline first."""
    names = list(next(iter(columns.values()), {}))
    return [n for n in headline if n in names] + [n for n in names if n not in headline]


def verdict_table(columns: Columns, headline: Sequence[str] = ()) -> pd.DataFrame:
    """The claims down the side, their verdicts in each column, the claims of the headline first."""
    rows = {}
    for name in ordered(columns, headline):
        claim = next(iter(columns.values()))[name].claim
        rows[name] = {"claim": claim.wording, **{h: said(answers[name].verdict) for h, answers in columns.items()}}
    return pd.DataFrame.from_dict(rows, orient="index", columns=["claim", *columns])


def evidence_table(columns: Columns, headline: Sequence[str] = ()) -> pd.DataFrame:
    """A row for each claim and view: verdict, effect with limits, p and its adjustment, n, exposure."""
    rows = []
    for name in ordered(columns, headline):
        for heading, answers in columns.items():
            answer = answers[name]
            rows.append({"claim": name, "view": heading, "verdict": said(answer.verdict)} | _numbers(answer))
    names = ["claim", "view", "verdict", "effect", "p", "n", "days watched"]
    return pd.DataFrame(rows, columns=names).set_index(["claim", "view"])


def _numbers(answer: Answer) -> dict[str, str]:
    finding = answer.finding
    if finding is None:
        return dict.fromkeys(("effect", "p", "n", "days watched"), "-")
    p = "-" if finding.pvalue is None else p_text(finding.pvalue)
    return {
        "effect": "-" if finding.effect is None else f"{finding.effect.name}: {short(finding)}",
        "p": p if answer.adjusted is None else f"{p} (adjusted {p_text(answer.adjusted)})",
        "n": _each(finding.n_events) if answer.claim.tests[0] != "rates.share" else _of(finding),
        "days watched": _each(finding.exposure_days) if any(_tuple(finding.exposure_days)) else "-",
    }


def _tuple(value: object) -> tuple:
    return value if isinstance(value, tuple) else (value,)


def _each(value: object) -> str:
    # No line break inside a pair of counts.
    return "\u00a0and\u00a0".join(map(plain, _tuple(value)))


def _of(finding: Finding) -> str:
    return f"{finding.statistic:g}\u00a0of\u00a0{finding.n_events}" if finding.statistic is not None else "0"


def effects(columns: Columns) -> tuple[dict[str, Finding], dict[str, tuple[float, float | None]]]:
    """The findings of the test claims and their claimed regions, by "claim, view", for the figure."""
    findings, regions = {}, {}
    for name in next(iter(columns.values()), {}):
        for heading, answers in columns.items():
            answer = answers[name]
            if answer.claim.kind == "test" and answer.finding is not None:
                findings[f"{name}, {heading}"] = answer.finding
                regions[f"{name}, {heading}"] = answer.claim.region
    return findings, regions


def answers_text(columns: Columns, names: Sequence[str] | None = None, *, but: Sequence[str] = ()) -> Text:
    """For each claim what may be quoted, and for each view the verdict, the rule that fired, and the numbers.

    ``names`` are the claims wanted, in order; None for all, ``but`` those named.
    """
    known = ordered(columns, ())
    wanted = [n for n in (known if names is None else names) if n in known and n not in but]
    if not wanted:
        return Text("None of these claims is in the register." if known else "No claim was given to judge.")
    return Text("\n\n".join(_answers(name, columns) for name in wanted))


def _answers(name: str, columns: Columns) -> str:
    first = next(iter(columns.values()))[name]
    lines = [f"**{name}. “{safe(first.claim.wording)}”** {capital(_quoted(name, columns))}"]
    for heading, answers in columns.items():
        answer = answers[name]
        rule = "" if answer.verdict.rule in answer.text else f"{answer.verdict.rule} "
        lines.append(f"- *{capital(heading)}:* **{said(answer.verdict)}.** {safe(rule + answer.text)}")
    lines.append(f"- *What would change it:* {safe(first.claim.prediction)}.")
    return lines[0] + "\n\n" + "\n".join(lines[1:])


def quoted(name: str, columns: Columns) -> str:
    """A claim by its id and wording, and what may be said of it in each view."""
    claim = next(iter(columns.values()))[name].claim
    return f"{name}, “{safe(claim.wording)}”: {_quoted(name, columns)}"


def change(claim: Claim) -> str:
    """What would change the answer to a claim, and when to look again, as a line of a list."""
    return f"- {claim.id}: {safe(claim.prediction)} (next look: {safe(claim.next_look)})."


def _quoted(name: str, columns: Columns) -> str:
    """What may be said of a claim, in each view, in one sentence."""
    said_of = {heading: QUOTED[answers[name].verdict.word] for heading, answers in columns.items()}
    if len(set(said_of.values())) == 1:
        words = [f"{' and '.join(said_of)}, {next(iter(said_of.values()))}"]
    else:
        words = [f"{heading}, {word}" for heading, word in said_of.items()]
    fragile = [heading for heading, answers in columns.items() if answers[name].verdict.fragile]
    more = (
        f" Fragile {listed(fragile)}: it changes with choices that could have been made otherwise." if fragile else ""
    )
    stops = [a[name].finding for a in columns.values() if a[name].claim.region == (0.0, 0.0)]
    reach = [r for finding in stops if finding is not None and (r := reach_sentence(finding))]
    return f"{'; '.join(words)}.{more} {' '.join(reach[:1])}".rstrip()


def fall_text(
    series: Mapping[str, EventSeries], findings: Mapping[str, Finding], *, named: str, level: float = 0.95
) -> Text:
    """When the pace fell, if it did, in each view: the date with its limits, both rates, p for the whole search.

    Parameters
    ----------
    series, findings : by view; the findings are of ``changepoint.scan`` with alternative "less". A view called
        "..., where watched" is that of the same name without the stretches in which few were watching
    named : the date at which the pace was said to have fallen
    """
    lines = [f"- {safe(name)}: {_fall(series[name], findings[name], named, level)}" for name in findings]
    leaning = [n for n, f in findings.items() if _shown(f, level) and not _shown(findings.get(n + WATCHED, f), level)]
    names = listed([f"“{safe(name)}”" for name in leaning])
    lean = f"falls of {names} lean" if len(leaning) > 1 else f"fall of {names} leans"
    last = f"\n\nThe {lean} on the quiet of stretches in which few were watching: without them no fall is shown."
    return Text("\n".join(["**Did the pace fall, and when?**", "", *lines]) + (last if leaning else ""))


def falls_table(series: Mapping[str, EventSeries], found: Mapping[str, Mapping[str, Finding]]) -> pd.DataFrame:
    """The search for a fall and for a stretch, a row for each view; ``found`` has "fall" and "suspend and resume"."""
    asked = {"scan": found["fall"], "suspend and resume": found["suspend and resume"]}
    return pace.changes(series, asked, family=False)


def fall_checked(series: EventSeries, table: pd.DataFrame) -> pd.DataFrame:
    """A table of ``checks`` on the search for a fall, for reading: the best date of each variation, and its p."""
    dates = [_day(series, None if pd.isna(x) else float(x)) for x in table["effect"]]
    said = checked(table).drop(columns=["effect", "lower limit", "upper limit"])
    said.insert(1, "best date", dates)
    return said


def fall_quoted(
    series: Mapping[str, EventSeries], findings: Mapping[str, Finding], *, named: str, level: float = 0.95
) -> list[str]:
    """Of each kind of attack whether its pace fell, about when, and whether that leans on poorly watched time."""
    said = []
    for name, finding in findings.items():
        if name.endswith(WATCHED):
            continue
        lead = f"The pace of {safe(series[name].label)}"
        if finding.pvalue is None or not _shown(finding, level):
            said.append(f"{lead}: no fall is shown.")
            continue
        low, high = (_day(series[name], x) for x in (finding.effect.low, finding.effect.high))
        lean = not _shown(findings.get(name + WATCHED, finding), level)
        but = "; without the stretches in which few were watching no fall is shown" if lean else ""
        when = _day(series[name], finding.effect.value)
        outside = "" if "no" in low + high or low <= named <= high else f", not about {named}"
        spread = f"{percent(finding.effect.level)} limits {low} to {high}, {p_is(finding.pvalue)} over all dates"
        said.append(f"{lead} fell about {when} ({spread}){outside}{but}.")
    return said


def _shown(finding: Finding, level: float) -> bool:
    return finding.pvalue is not None and finding.pvalue <= 1 - level


def _fall(series: EventSeries, finding: Finding, named: str, level: float) -> str:
    if finding.pvalue is None:
        return f"cannot be told. {safe(finding.warnings[0])}"
    shown, s = _shown(finding, level), finding.settings
    low, high = (_day(series, x) for x in (finding.effect.low, finding.effect.high))
    total = finding.exposure_days
    days = series.window.watched(0, finding.effect.value)
    pace = f"{s['n_before']} attacks in {plain(days)} days until then, {s['n_after']} in {plain(total - days)} after"
    limits = f"{percent(finding.effect.level)} limits {low} to {high}"
    what = "the pace fell" if shown else "no fall is shown; the best date would be"
    first = f"{what} about {_day(series, finding.effect.value)} ({limits}; {pace})"
    note = "; ".join(safe(w) for w in caveats(finding))
    tail = f" *{note[0].upper()}{note[1:]}.*" if note else ""
    search = "with the search for the date repeated under a constant pace"
    return f"{first}, {p_is(finding.pvalue)} {search}.{_where(low, high, named, shown)}{tail}"


def _where(low: str, high: str, named: str, shown: bool) -> str:
    """Whether the date that was named could be the date of the fall."""
    if not shown or "no" in (low, high):
        return ""
    inside = low <= named <= high
    return f" {named}, the date that was named, lies {'within' if inside else 'outside'} these limits."


def _day(series: EventSeries, elapsed: float | None) -> str:
    return "no limit" if elapsed is None else str(series.window.moment(elapsed))[:10]


def rivals_text(register: Mapping[str, Claim], moments: Mapping[str, pd.Timestamp]) -> Text:
    """What else happened on the dates that the claims name; ``moments`` are from ``first_days``."""
    if not moments:
        return Text("")
    named = listed([f"{safe(label)} ({when:%Y-%m-%d})" for label, when in moments.items()])
    return Text(f"**Other things on the same dates,** any of which explains a pause as well: {named}.")


def closing_text(columns: Columns, headline: Sequence[str] = (), also: Sequence[str] = ()) -> Text:
    """The closing paragraphs: what may be quoted on each claim, and ``also``; and what would change it."""
    first = next(iter(columns.values()), {})
    if not first:
        return Text("No claims were given: the register is empty.")
    names = ordered(columns, headline)
    lines = [f"- {quoted(name, columns)}" for name in names] + [f"- {sentence}" for sentence in also]
    changes = [change(first[name].claim) for name in names]
    return Text("\n".join(["**To be quoted.**", "", *lines, "", "**What would change this.**", "", *changes]))
