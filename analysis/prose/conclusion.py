"""The closing paragraphs of a report, put together from its findings and answers."""

from __future__ import annotations

from collections.abc import Mapping

from analysis.prose.answers import Answer
from analysis.prose.briefing import change, quoted
from analysis.prose.sentences import longest_sentence, ratio_sentence, silence_sentence
from analysis.prose.tables import caveats
from analysis.prose.text import Text, capital, safe, together
from analysis.results import Finding


def conclusion(
    columns: Mapping[str, Mapping[str, Answer]],
    *,
    headline: str,
    silence: Mapping[str, Finding],
    longest: Mapping[str, Finding],
    dated: Mapping[str, Finding] | None = None,
    date: str = "",
) -> Text:
    """Paragraphs on the headline claim, on the views of the record, on the other claims, and on what would change them.

    Views of which the same is to be said share a paragraph.

    Parameters
    ----------
    columns : answers by claim id for each view, by its heading; the first heading is the article's own view.
        Answers may be empty, where no register was given
    headline : id of the claim that leads
    silence, longest : findings of ``waiting.silence`` and ``waiting.longest_silence`` by view
    dated, date : findings of ``rates.ratio`` at a date that was named, by view, and that date
    """
    judged = all(headline in answers for answers in columns.values())
    at = {name: ratio_sentence(finding, f"from {date} on") for name, finding in (dated or {}).items()}
    told = together({name: _view(silence[name], longest[name], at.get(name, "")) for name in silence})
    views = [f"**{capital(names)}.** {words}" for names, words in told.items()]
    if judged:
        paragraphs = [f"**To be quoted.** {quoted(headline, columns)}", *views]
    else:
        paragraphs = [f"**To be quoted.** {views[0].replace('**', '')}", *views[1:]] if views else []
    paragraphs += [_others(columns, headline), _changes(columns)]
    return Text("\n\n".join(p for p in paragraphs if p))


def _view(silence: Finding, longest: Finding, dated: str) -> str:
    notes = "; ".join(safe(w) for w in caveats(silence))
    caveat = f" *{capital(notes)}.*" if notes else ""
    words = " ".join(filter(None, [silence_sentence(silence), longest_sentence(longest), dated]))
    return f"{words}{caveat}"


def _others(columns: Mapping[str, Mapping[str, Answer]], headline: str) -> str:
    lines = [f"- {quoted(name, columns)}" for name in next(iter(columns.values())) if name != headline]
    return "\n".join(["**The other claims.**", "", *lines]) if lines else ""


def _changes(columns: Mapping[str, Mapping[str, Answer]]) -> str:
    lines = [change(answer.claim) for answer in next(iter(columns.values())).values()]
    if not lines:
        return "**What would change this.** More attacks on record before the silence, or a longer silence after it."
    return "\n".join(["**What would change this.**", "", *lines])
