"""What a record could have shown at all, as paragraphs."""

from __future__ import annotations

from collections.abc import Mapping

from analysis.prose.text import Text, capital, safe, together
from analysis.results import Finding, p_is, p_text, plain


def could_show(
    silence: Mapping[str, Finding],
    needed: Mapping[str, Finding],
    history: Mapping[str, Finding],
    episodes: Mapping[str, Finding],
    alarms: Mapping[str, Finding],
) -> Text:
    """A paragraph for each view of the record, then what would change it.

    Parameters
    ----------
    silence, needed, history : from ``waiting.silence``, ``silence_needed`` and ``history_needed``, by view
    episodes : from ``coincidence.episodes_needed``, by view
    alarms : from ``sequential.alarm``, by view
    """
    said = {}
    for name in silence:
        parts = (
            reach_of_silence(silence[name], needed[name]),
            history_sentence(history[name]),
            episodes_sentence(episodes[name]),
            alarm_sentence(alarms[name]),
        )
        said[name] = " ".join(filter(None, parts))
    views = [f"**{capital(names)}.** {text}" for names, text in together(said).items()]
    if views:
        views[0] = f"**To be quoted.** {views[0].replace('**', '')}"
    change = (
        "**What would change this.** More attacks before the date, or more quiet days after it. Another test would "
        "not: where the smallest p of the exact test is above the level, a smaller one comes from an approximation "
        "that does not hold at so few attacks, or from another question. All numbers assume attacks that come "
        "independently of each other at one pace; attacks that come in bursts need more of everything."
    )
    return Text("\n\n".join([*views, change]))


def reach_of_silence(silence: Finding, needed: Finding, *, level: float = 0.95) -> str:
    """Whether the silence could have been told from chance, and the quiet days at which it could."""
    if silence.pvalue is None:
        reason = safe(silence.warnings[0]) if silence.warnings else "the data are too thin."
        return f"What this silence could show cannot be said: {reason}"
    quiet, n = plain(silence.settings["quiet"]), silence.n_events
    attacks = "1 attack" if n == 1 else f"{n} attacks"
    days = f"{plain(silence.settings['watched_to_last_event'])} days"
    smallest = silence.attainable_pvalue
    # The wait is open: the record as it is shows the longest silence that it can.
    if smallest is not None and smallest > 1 - level:
        said = (
            f"After {attacks} in {days}, {quiet} quiet days could not have been told from chance whatever the reason "
            f"for them: no outcome of these days has a p under {p_text(smallest)}."
        )
    else:
        said = (
            f"After {attacks} in {days}, {quiet} quiet days could be told from chance ({p_is(silence.pvalue)}), "
            f"if no attack went unseen."
        )
    if needed.effect is None or needed.effect.value is None:
        return said
    when = str(needed.settings["reached_at"])[:10]
    known = plain(needed.settings["needed_rate_known"])
    return (
        f"{said} The level of {1 - needed.effect.level:.2g} is reached by {plain(needed.effect.value)} quiet days, "
        f"that is on {when}; by {known} were the pace known exactly."
    )


def history_sentence(finding: Finding) -> str:
    """How many earlier waits a silence of this length would have needed; empty without an answer."""
    if finding.effect is None:
        return ""
    level, known = finding.settings["level"], finding.settings["pvalue_rate_known"]
    if finding.effect.value is None:
        return (
            f"A longer history of the same pace would not have helped: with the pace known exactly, p would still be "
            f"{p_text(known)}."
        )
    waits = plain(finding.effect.value)
    return f"At this pace {waits} earlier wait{'' if waits == '1' else 's'} bring a silence this long to p = {level:g}."


def episodes_sentence(finding: Finding) -> str:
    """How many episodes of a state there were, and how many a comparison needs; empty without a rate or an episode."""
    seen = finding.settings["episodes"]
    if finding.effect is None:
        return ""
    label = safe(str(finding.settings["state"]).split(";")[0])
    have = f"{seen} such episode{'' if seen == 1 else 's'}"
    if finding.effect.value is None:
        return f"As for a stop while “{label}” was on: no number of episodes up to 1000 would show it."
    need = plain(finding.effect.value)
    high = "more than 1000" if finding.effect.high is None else plain(finding.effect.high)
    return (
        f"A stop while “{label}” was on would take {need} episodes to show with chance "
        f"{finding.settings['power']:.2g} ({finding.effect.level:.0%} limits {plain(finding.effect.low)} to {high}); "
        f"there is a record of {have}."
    )


def alarm_sentence(finding: Finding) -> str:
    """When a watch that looks as often as it likes could first call the quiet evidence."""
    if finding.effect is None:
        return ""
    further = finding.effect.value
    mean = plain(1 / finding.settings["reference"])
    if not further:
        return f"A watch that looks at any time, against a mean wait of {mean} days, has raised its alarm already."
    return (
        f"A watch that looks at any time, against a mean wait of {mean} days named beforehand, raises its alarm after "
        f"{plain(further)} further quiet days."
    )
