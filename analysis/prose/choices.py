"""How far an answer depends on the choices of those who ask, as a table and as paragraphs."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from analysis.prose.sentences import reads
from analysis.prose.text import Text, safe
from analysis.results import Finding, p_is, p_text, plain

AGREEMENT = 0.8  # the share that the verdict rules ask for


def choices_table(table: pd.DataFrame) -> pd.DataFrame:
    """``checks.by_choice`` for reading: rounded, shares in percent."""
    ps = {c: table[c].map(p_text) for c in ("lowest p", "median p", "highest p")}
    effect = table["median effect"].map(lambda x: "-" if pd.isna(x) else plain(x))
    return table.assign(
        **ps, **{"median effect": effect, "share at the level": table["share at the level"].map("{:.0%}".format)}
    )


def depends(
    many: Mapping[str, Finding],
    moving: Mapping[str, tuple[str, float, float] | None],
    single: Mapping[str, pd.DataFrame],
) -> Text:
    """A paragraph for each question, the first one to be quoted, then what would change them.

    Parameters
    ----------
    many : findings of ``checks.multiverse``, by question
    moving : ``checks.most_moving`` of each
    single : tables in which one attack or one source at a time was left out, by name
    """
    heads = {q: safe(q[:1].upper() + q[1:]) for q in many}
    parts = [f"**{heads[q]}.** {_many(f)} {_moving(moving[q])}".rstrip() for q, f in many.items()]
    if parts:
        first = heads[next(iter(many))]
        parts[0] = parts[0].replace(f"**{first}.**", f"**To be quoted.** {first}.", 1)
    lines = [_single(name, table) for name, table in single.items()]
    parts.append("\n".join(["**One attack, one source.**", "", *lines]))
    parts.append(
        "**What would change this.** An agreed rule, fixed before looking, on which attacks count and where the window "
        "opens would leave one way of asking instead of many; a primary source for a date in doubt would close that "
        "choice. Ways of asking that count other attacks answer another question and say nothing against the first."
    )
    return Text("\n\n".join(parts))


def _many(finding: Finding) -> str:
    s, curve = finding.settings, finding.curve
    p = curve["pvalue"].dropna().astype(float)
    total = int(s["specifications"])
    asked = f"Asked in {total} way{'' if total == 1 else 's'} ({s['distinct']} different series)"
    if finding.inconclusive or p.empty:
        reason = safe(finding.warnings[0]) if finding.warnings else "the data are too thin."
        return f"{asked}, there is no answer to compare: {reason}"
    alpha = 1 - s["level"]
    share = "none" if s["share_under"] == 0 else f"{s['share_under']:.0%}"
    said = (
        f"{asked}, p runs from {p_text(p.min())} to {p_text(p.max())} with the median at {p_text(s['median_p'])}; "
        f"{share} of the ways have p at most {alpha:.2g}."
    )
    if finding.pvalue is not None:
        said += (
            f" All together they are {reads(finding.pvalue, s['level'])} chance (joint {p_is(finding.pvalue)}, "
            f"from {s['resamples']} redrawn records, at best {p_text(finding.attainable_pvalue)})."
        )
    return said + _agreeing(s) + _elsewhere(curve)


def _agreeing(settings: Mapping) -> str:
    """Agreement with the answer given; fragile where those that count the same attacks disagree too often."""
    agreement, alike = settings["agreement"], settings["agreement_same_question"]
    if agreement is None:
        return ""
    stands = agreement if alike is None else alike
    word = "" if stands >= AGREEMENT else ", so that the answer is **fragile**"
    among = "" if alike is None else f" ({alike:.0%} of those that count the same attacks)"
    return f" {agreement:.0%} of the other ways agree with the answer given in sign and level{among}{word}."


def _elsewhere(curve: pd.DataFrame) -> str:
    n = int(curve["question"].ne("the same").sum())
    return f" {n} of the ways count other attacks and so answer another question." if n else ""


def _moving(moving: tuple[str, float, float] | None) -> str:
    if moving is None:
        return ""
    axis, low, high = moving
    if low == high:
        return "Among those that count the same attacks no single choice moves the median p."
    return (
        f"Among those that count the same attacks “{safe(axis)}” moves the answer most: by it the median p is "
        f"{p_text(low)} to {p_text(high)}."
    )


def _single(name: str, table: pd.DataFrame) -> str:
    p = table["pvalue"].astype(float)
    rest = p.iloc[1:].dropna()
    if len(table) < 2 or rest.empty:
        return f"- {safe(name[:1].upper() + name[1:])}: nothing could be left out and asked again."
    given = "no answer" if pd.isna(p.iloc[0]) else f"{p_is(p.iloc[0])}"
    lost = int(p.iloc[1:].isna().sum())
    none = f", and no answer in {lost} of {len(table) - 1}" if lost else ""
    low, high = p_text(rest.min()), p_text(rest.max())
    span = low if low == high else f"{low} to {high}"
    return f"- {safe(name[:1].upper() + name[1:])}: {given} as given; {span} without one{none}."
