"""At which hours attacks fell, in sentences made from findings."""

from __future__ import annotations

from collections.abc import Mapping

from analysis.prose.sentences import reads
from analysis.prose.tables import caveats
from analysis.prose.text import Text, capital, safe
from analysis.results import Finding, p_is, percent

CHANGES = (
    "**What would change this.** A clock time for attacks that are known to a part of the day or to the day only: who "
    "reports the hour, and of which attacks, is not chance. Three attacks gather about an hour by chance easily."
)


def hours_sentence(between: Finding, even: Finding, *, level: float = 0.95) -> str:
    """A sentence on ``rhythm.between_hours``, and on a test of even hours for the same series."""
    asked = between.settings
    start, stop = (_clock(h) for h in asked["hours"])
    left = asked["events_without_hour"]
    missing = f" ({left} more are known to the day only)" if left else ""
    if between.effect is None or between.pvalue is None:
        return f"No attack with an hour{missing}: nothing can be said of the time from {start} to {stop}."
    n, inside = between.n_events, asked["surely_inside"]
    most = n - asked["surely_outside"]
    count = f"{inside}" if inside == most else f"at least {inside} and at most {most}" if inside else f"at most {most}"
    e = between.effect
    return (
        f"Of {n} attack{'s'[: n != 1]} whose hour is known at least in part{missing}, {count} fell from {start} to "
        f"{stop}; the share, "
        f"{e.value:.0%} ({percent(e.level)} limits {e.low:.0%} to {e.high:.0%}), is {reads(between.pvalue, level)} the "
        f"{asked['watched_share']:.0%} that even hours give ({p_is(between.pvalue)}). {_mean(even, level)}"
    )


def _mean(even: Finding, level: float) -> str:
    if even.pvalue is None:
        return f"Of a mean hour nothing can be said: {safe(even.warnings[0])}"
    tested = even.settings
    at = f"The mean hour is {_clock(tested['mean_hour'])}, resultant length {tested['resultant_length']:.2f}"
    return f"{at}: {reads(even.pvalue, level)} even hours ({p_is(even.pvalue)})."


def hours_conclusion(
    columns: Mapping[str, Mapping[str, Mapping[str, Finding]]],
    days: Mapping[str, Mapping[str, Finding]],
    *,
    headline: str,
    level: float = 0.95,
) -> Text:
    """Paragraphs on the headline weapon in every view, on the other weapons, and on days of the calendar.

    Parameters
    ----------
    columns : findings of ``ask`` with the questions "share" and "even hours", by view; each by weapon
    days : findings of ``ask`` on weekdays and anniversaries
    headline : the weapon that leads
    """
    told = {view: _each(answers, level) for view, answers in columns.items()}
    first = [
        f"{_capital(view)}, {_attacks(headline)}. {words[headline]}"
        for view, words in told.items()
        if headline in words
    ]
    paragraphs = [f"**To be quoted.** {' '.join(first)}"] if first else []
    for view, words in told.items():
        found = columns[view]["share"]
        others = [
            f"- {_capital(_attacks(name))}. {said}{_caveat(found[name])}"
            for name, said in words.items()
            if name != headline
        ]
        paragraphs += ["\n".join([f"**Other weapons, {safe(view)}.**", "", *others])] if others else []
    said = [_day(question, name, f, level) for question, row in days.items() for name, f in row.items()]
    paragraphs += [
        f"**Days.** {' '.join(said)} {len(said)} questions were asked of days: some p under 0.05 is no surprise."
    ]
    return Text("\n\n".join([*paragraphs, CHANGES]))


def _caveat(finding: Finding) -> str:
    """Where few were watching, beside the result it belongs to."""
    notes = "; ".join(safe(w) for w in caveats(finding))
    return f" *{capital(notes)}.*" if notes else ""


def _each(answers: Mapping[str, Mapping[str, Finding]], level: float) -> dict[str, str]:
    even = answers["even hours"]
    return {name: hours_sentence(found, even[name], level=level) for name, found in answers["share"].items()}


def _day(question: str, name: str, finding: Finding, level: float) -> str:
    if finding.pvalue is None:
        return f"{_capital(question)}, {_attacks(name)}: nothing can be said."
    p = f"({p_is(finding.pvalue)}, n = {finding.n_events})"
    return f"{_capital(question)}, {_attacks(name)}: {reads(finding.pvalue, level)} days all alike {p}."


def _capital(words: str) -> str:
    return safe(capital(words))


def _attacks(weapon: str) -> str:
    """The attacks with a weapon, in words: "drone attacks", "roadside bombs"."""
    return "roadside bombs" if weapon == "ied" else f"{safe(weapon.replace('_', ' '))} attacks"


def _clock(hour: float) -> str:
    minutes = round(hour * 60) % 1440
    return f"{minutes // 60:02d}:{minutes % 60:02d}"
