"""The closing paragraphs of a report, put together from its findings and answers."""

from __future__ import annotations

from collections.abc import Mapping

from analysis.prose.answers import Answer
from analysis.prose.sentences import longest_sentence, reach_sentence, silence_sentence
from analysis.prose.tables import caveats, said
from analysis.prose.text import Text, listed, safe
from analysis.prose.verdicts import CANNOT
from analysis.results import Finding

QUOTE = {
    "supported": "the record supports",
    "consistent with": "the record is consistent with",
    "no evidence for": "there is no evidence for",
    "contradicted": "the record contradicts",
    CANNOT: "these data cannot tell",
}


def conclusion(
    columns: Mapping[str, Mapping[str, Answer]],
    *,
    headline: str,
    silence: Mapping[str, Finding],
    longest: Mapping[str, Finding],
) -> Text:
    """Paragraphs on the headline claim, on each view of the record, on the other claims, and on what would change them.

    Parameters
    ----------
    columns : answers by claim id for each view, by its heading; the first heading is the article's own view.
        Answers may be empty, where no register was given
    headline : id of the claim that leads
    silence, longest : findings of ``waiting.silence`` and ``waiting.longest_silence`` by view
    """
    judged = all(headline in answers for answers in columns.values())
    paragraphs = [_quotable(columns, headline)] if judged else []
    paragraphs += [_view(name, silence[name], longest[name]) for name in silence]
    paragraphs += [_others(columns, headline), _changes(columns)]
    return Text("\n\n".join(p for p in paragraphs if p))


def _quotable(columns: Mapping[str, Mapping[str, Answer]], headline: str) -> str:
    wording = next(iter(columns.values()))[headline].claim.wording
    words = [f"{name}, {QUOTE[a[headline].verdict.word]}" for name, a in columns.items()]
    reach = [reach_sentence(a[headline].finding) for a in columns.values() if a[headline].finding is not None]
    first = next((r for r in reach if r), "")
    return f"**To be quoted.** “{safe(wording)}”: {listed(words)} this claim. {first}".rstrip()


def _view(name: str, silence: Finding, longest: Finding) -> str:
    notes = "; ".join(safe(w) for w in caveats(silence))
    caveat = f" *{notes.capitalize()}.*" if notes else ""
    return f"**{safe(name).capitalize()}.** {silence_sentence(silence)} {longest_sentence(longest)}{caveat}"


def _others(columns: Mapping[str, Mapping[str, Answer]], headline: str) -> str:
    first = next(iter(columns.values()))
    lines = [_other(name, columns) for name in first if name != headline]
    return "\n".join(["**The other claims.**", "", *lines]) if lines else ""


def _other(name: str, columns: Mapping[str, Mapping[str, Answer]]) -> str:
    wording = next(iter(columns.values()))[name].claim.wording
    words = [f"{heading}, {said(answers[name].verdict)}" for heading, answers in columns.items()]
    return f"- {name}, “{safe(wording)}”: {'; '.join(words)}."


def _changes(columns: Mapping[str, Mapping[str, Answer]]) -> str:
    first = next(iter(columns.values()))
    lines = [
        f"- {name}: {safe(a.claim.prediction)} (next look: {safe(a.claim.next_look)})." for name, a in first.items()
    ]
    return "\n".join(["**What would change this.**", "", *lines]) if lines else ""
