"""Findings and verdicts as tables for reading: questions down the side, views across."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from analysis.prose.text import Text, listed, safe
from analysis.prose.verdicts import Verdict
from analysis.results import Finding, p_is, p_text, plain, with_unit
from analysis.timeline import EventSeries


def side_by_side(answers: Mapping[str, Mapping[str, Finding]]) -> pd.DataFrame:
    """The findings of ``ask`` as text: a row a question, a column a series."""
    rows = {NAMED.get(q, q): {name: cell(f) for name, f in row.items()} for q, row in answers.items()}
    return pd.DataFrame(rows).T


def cell(finding: Finding) -> str:
    """Effect with its interval, then p and the smallest p; the reason where there is no answer."""
    parts = [] if finding.effect is None else [short(finding)]
    if finding.pvalue is not None:
        reach = finding.attainable_pvalue
        floor = f" (at best {p_text(reach)})" if reach and reach > 1e-4 and reach != finding.pvalue else ""
        parts.append(f"{p_is(finding.pvalue)}{floor}")
    parts.append(f"n = {_counts(finding.n_events)}")
    if finding.inconclusive and finding.warnings:
        parts.append(f"inconclusive: {finding.warnings[0]}")
    return "; ".join(parts)


def short(finding: Finding) -> str:
    """The effect as "0 (0 to 3.91)", with its unit."""
    effect = finding.effect
    value = "no estimate" if effect.value is None else with_unit(effect.value, effect.unit)
    if effect.low is None and effect.high is None:
        return value
    low = "no lower limit" if effect.low is None else plain(effect.low)
    high = "no upper limit" if effect.high is None else plain(effect.high)
    word = "" if effect.interval == "confidence" else f"{effect.interval}: "
    return f"{value} ({word}{low} to {high})"


def said(verdict: Verdict) -> str:
    """The word of a verdict, marked where it is fragile."""
    return verdict.word + (" (fragile)" if verdict.fragile else "")


def _counts(n: int | tuple[int, ...]) -> str:
    return " and ".join(map(str, n)) if isinstance(n, tuple) else str(n)


def record(events: pd.DataFrame, then: pd.DataFrame) -> pd.DataFrame:
    """The attacks behind a series for reading, from ``catalogue.events``; ``then`` is the table as once known.

    Columns: date, dates allowed, time, place, outcome, confidence, first public, known then, counted.
    """
    first, last = (events[c].dt.strftime("%Y-%m-%d") for c in ("date_earliest", "date_latest"))
    public = events["first_reported"].dt.strftime("%Y-%m-%d").fillna("not known")
    columns = {
        "date": events["date_local"].dt.strftime("%Y-%m-%d"),
        "dates allowed": first.where(first == last, first + " to " + last),
        "time": events["time_local"].fillna(events["part_of_day"]).fillna("not reported"),
        "place": events["site"].fillna("not reported"),
        "outcome": events["outcome"].fillna("not reported"),
        "confidence": events["confidence"].fillna("not stated"),
        "first public": public,
        f"known on {then.attrs.get('as_of')}": events["event_id"]
        .isin(then["event_id"])
        .map({True: "yes", False: "no"}),
        "in the series": events["role"].map({"opening": "opens the window", "event": "counts"}),
    }
    return pd.DataFrame(columns).set_index("date")


def notes(series: Mapping[str, EventSeries]) -> Text:
    """What was left out, moved or merged before the attacks were counted, each said once for the views it holds for."""
    views: dict[str, list[str]] = {}
    for name, each in series.items():
        for note in each.notes:
            views.setdefault(note, []).append(name)
    told = {note: len(names) == len(series) or note.startswith("as of") for note, names in views.items()}
    where = {note: "" if told[note] else f" ({safe(listed(names))})" for note, names in views.items()}
    lines = [f"- {safe(note)}{where[note]}." for note in views]
    return Text("\n".join(["**What was done to the record before counting.**", "", *lines])) if lines else Text("")


def disclosure(findings: Mapping[str, Finding]) -> pd.DataFrame:
    """Late disclosure by view: chances that no attack of the quiet time was known, a row per share known by then."""
    curves = {name: f.curve.set_index("known").round(2) for name, f in findings.items() if f.curve is not None}
    table = pd.concat(curves, axis=1) if curves else pd.DataFrame()
    return table.rename(columns=lambda name: name.removeprefix("chance_").replace("_", " "))


UNSEEN = ("poorly watched", "says nothing", "unevenly covered")
NAMED = {
    "laplace": "Laplace",
    "lewis_robinson": "Lewis-Robinson",
    "milhdbk189": "MIL-HDBK-189",
    "mann": "Mann",
    "kuiper": "Kuiper",
    "watson": "Watson",
    "rao": "Rao",
}
HEADS = {
    "n_events": "n",
    "low": "lower limit",
    "high": "upper limit",
    "pvalue": "p",
    "attainable": "smallest p",
}


def spoken(table: pd.DataFrame) -> pd.DataFrame:
    """A table with its columns headed in words: no underscores, "p" for a p-value; yes and no for true and false."""
    told = {c: table[c].map({True: "yes", False: "no"}) for c in table if table[c].dtype == bool}
    table = table.assign(**told)
    heads = {c: HEADS.get(c, c.replace("_", " ")) for c in table.columns if isinstance(c, str)}
    return table.rename(columns=heads).rename_axis(index=lambda name: str(name).replace("_", " ") if name else name)


def checked(table: pd.DataFrame) -> pd.DataFrame:
    """A table of ``checks`` for reading: rounded, with a dash where there is no number, headed in words."""
    said = spoken(rounded(table)).set_index("variation")
    return said if said["note"].fillna("").str.len().any() else said.drop(columns="note")


def rounded(table: pd.DataFrame) -> pd.DataFrame:
    """A table of ``checks`` with its numbers as text: rounded, with a dash where there is none."""
    words = {c: table[c].map(lambda x: "-" if pd.isna(x) else plain(x)) for c in ("effect", "low", "high", "n_events")}
    ps = {c: table[c].map(lambda x: "-" if pd.isna(x) else p_text(x)) for c in ("pvalue", "attainable")}
    return table.assign(**words, **ps)


def claim_findings(columns: Mapping[str, Mapping[str, object]]) -> dict[str, Finding]:
    """The findings behind the claims, by "claim / view"; further ones by "claim, test / view"."""
    pairs = {}
    for view, answers in columns.items():
        for name, a in answers.items():
            pairs |= {f"{name} / {view}": a.finding}
            pairs |= {f"{name}, {other.replace('_', ' ')} / {view}": f for other, f in a.others.items()}
    return {name: finding for name, finding in pairs.items() if finding is not None}


def claim_verdicts(columns: Mapping[str, Mapping[str, object]]) -> dict[str, Verdict]:
    """The verdicts by "claim / view"."""
    return {f"{name} / {view}": a.verdict for view, answers in columns.items() for name, a in answers.items()}


def laws(table: pd.DataFrame) -> pd.DataFrame:
    """``waiting.silence_by_law`` for reading: rounded, with a dash where a law has no answer."""
    numbers = {"pvalue": p_text, "after_an_event": p_text, "on_a_day": p_text, "days_needed": plain}
    words = {c: table[c].map(lambda x, say=say: "-" if pd.isna(x) else say(x)) for c, say in numbers.items()}
    spoken = {c: c.replace("_", " ").replace("pvalue", "p") for c in table.columns}
    return table.assign(**words).rename(columns=spoken).set_index("law")


def by_weapon(answers: Mapping[str, Mapping[str, Finding]], adjusted: pd.DataFrame) -> pd.DataFrame:
    """The findings of ``ask`` with a row for each weapon, the adjusted p of the first question, and the caveats.

    ``adjusted`` is from ``multiplicity.adjust``; a caveat is printed beside the result it belongs to.
    """
    table = side_by_side(answers).T
    p = adjusted.set_index("name")["adjusted"]
    table["adjusted p"] = [p_text(x) if pd.notna(x) else "-" for x in p.reindex(table.index)]
    first = next(iter(answers.values()))
    table["days watched"] = [plain(first[name].exposure_days) for name in table.index]
    table["caveats"] = ["; ".join(caveats(first[name])) or "-" for name in table.index]
    return table


def caveats(finding: Finding) -> list[str]:
    """What the finding's notes say about stretches that few or nobody watched, and about uneven coverage."""
    return [w for w in finding.warnings if any(words in w for words in UNSEEN)]
