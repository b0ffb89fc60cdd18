"""Two theatres in words: what one coincidence can show, its rivals for the same days, and the fire day by day."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from analysis.prose.text import Text, capital, listed, safe, together
from analysis.results import Finding, p_is, p_text, plain
from analysis.stats import multiplicity
from analysis.stats.coincidence import Rivals, least_episodes


def rivals_table(found: Rivals) -> pd.DataFrame:
    """The explanations for reading: counts with the state on and off, ratio with limits, p, and overlap in days."""
    rows = {}
    for row in found.table.itertuples():
        limits = f"{_end(row.low, 'no lower limit')} to {_end(row.high, 'no upper limit')}"
        one = row.episodes == 1
        rows[row.explanation] = {
            "kind": row.kind,
            "episodes": row.episodes,
            "attacks on": f"{row.events_on} in {plain(row.days_on)} days",
            "attacks off": f"{row.events_off} in {plain(row.days_off)} days",
            "ratio on over off": f"{_end(row.ratio, 'no estimate')} ({limits})",
            "p": "none: one episode" if one else _p(row.pvalue),
            "p adjusted": _p(row.adjusted),
            "p of all other dates": _p(row.shift_pvalue),
            "days shared with the favoured one": f"{row.overlap:.0%}" if row.kind == "rival" else "-",
        }
    table = pd.DataFrame(rows).T
    return table.loc[:, ~table.eq("-").all()]


def day_by_day(pairs: Mapping[str, Mapping[str, Finding]], *, level: float = 0.95) -> pd.DataFrame:
    """The questions of ``coincidence.both_ways`` by view, with p adjusted over all of them together (Holm)."""
    named = {(view, q): f for view, found in pairs.items() for q, f in found.items()}
    adjusted = multiplicity.adjust({" / ".join(k): f for k, f in named.items()}, level=level)["adjusted"].to_list()
    rows = []
    for ((view, question), finding), p in zip(named.items(), adjusted, strict=True):
        effect = finding.effect
        rows.append(
            {
                "view": view,
                "question": question,
                "effect": "-" if effect is None else str(effect),
                "n": " and ".join(map(str, finding.n_events)),
                "p": _p(finding.pvalue),
                "p adjusted": _p(p),
                "note": finding.warnings[0] if finding.inconclusive else "-",
            }
        )
    return pd.DataFrame(rows, columns=list(rows[0]) if rows else None).set_index(["view", "question"])


def counts(findings: Mapping[str, Finding]) -> pd.DataFrame:
    """Findings of ``coincidence.rate_while`` by name: attacks and days with the state on and off, and the ratio."""
    rows = {}
    for name, finding in findings.items():
        (off, on), (off_days, on_days), effect = finding.n_events, finding.exposure_days, finding.effect
        parts = (None, None, None) if effect is None else (effect.value, effect.low, effect.high)
        value, low, high = parts
        rows[name] = {
            "attacks on": f"{on} in {plain(on_days)} days",
            "attacks off": f"{off} in {plain(off_days)} days",
            "ratio on over off": f"{_end(value, 'no estimate')} ({_end(low, 'no lower limit')} to "
            f"{_end(high, 'no upper limit')})",
            "p": _p(finding.pvalue),
        }
    return pd.DataFrame(rows).T


def conclusion(
    rivals: Mapping[str, Rivals],
    needed: Mapping[str, Finding],
    pairs: Mapping[str, Mapping[str, Finding]],
    *,
    level: float = 0.95,
) -> Text:
    """What can be told, to be quoted; the coincidence by view, its rivals, the daily fire, and what would change them.

    Views of which the same is to be said are said together.

    Parameters
    ----------
    rivals : by view, the favoured explanation, its rivals and placebos, from ``coincidence.rivals``
    needed : by view, from ``coincidence.episodes_needed``
    pairs : by view, from ``coincidence.both_ways``
    """
    answers = together({view: _answer(found, level) for view, found in rivals.items()})
    several = len(answers) > 1
    quote = " ".join(f"{capital(views)}: {said}" if several else capital(said) for views, said in answers.items())
    told = together({view: _numbers(found, needed.get(view), level) for view, found in rivals.items()})
    paragraphs = [f"**To be quoted.** {quote}"] if answers else []
    paragraphs += [f"**{capital(views)}.** {words}" for views, words in told.items()]
    paragraphs += [_same_days(next(reversed(rivals.values()))), _fire(pairs, level)]
    paragraphs.append(
        "**What would change this.** More episodes, with a start and an end that nobody chose after looking at the "
        "attacks; or a statement by those who attacked. A rival that covers the same days cannot be told from the "
        "favoured explanation by any test of dates, and nothing here speaks of motive."
    )
    return Text("\n\n".join(p for p in paragraphs if p))


def _answer(found: Rivals, level: float) -> str:
    """Whether a pause while the favoured state was on can be told."""
    row = found.table.iloc[0]
    finding = found.findings[row.explanation]
    whether = f"whether attacks paused during “{safe(row.explanation)}” cannot be told"
    if finding.effect is None:
        return f"{whether}: {safe(finding.warnings[0])}"
    if row.episodes > 1:
        less = "are" if row.adjusted is not None and row.adjusted <= 1 - level else "are not"
        return f"attacks {less} shown to be rarer during “{safe(row.explanation)}”."
    least = least_episodes(alternative=finding.alternative, level=level)
    return (
        f"{whether} from these data: one coincidence is one episode, from which no p-value follows, and {least} "
        f"episodes that all go one way are the fewest that could give one under {1 - level:.2g}."
    )


def _numbers(found: Rivals, needed: Finding | None, level: float) -> str:
    row = found.table.iloc[0]
    if found.findings[row.explanation].effect is None:
        return "There is nothing to compare."
    limits = f"{level:.0%} limits {_end(row.low, 'no lower limit')} to {_end(row.high, 'no upper limit')}"
    times = "has no estimate" if pd.isna(row.ratio) else f"was {plain(row.ratio)} times that outside it"
    counts = (
        f"{row.events_on} of {row.events_on + row.events_off} attacks fell into the {plain(row.days_on)} days of "
        f"“{safe(row.explanation)}”; the rate then {times} ({limits}, independent attacks assumed)"
    )
    if row.episodes > 1:
        return f"{counts}; {p_is(row.pvalue)} over {row.episodes} episodes, {_p(row.adjusted)} adjusted."
    more = "" if needed is None or needed.effect is None else _needed(needed)
    return f"{counts}.{more}"


def _needed(needed: Finding) -> str:
    value, power = needed.effect.value, needed.settings["power"]
    words = "more than a thousand" if value is None else plain(value)
    episodes = "episode" if words == "1" else "episodes"
    return f" To find a full stop with a chance of {power:.0%}, {words} such {episodes} would be needed."


def _same_days(found: Rivals) -> str:
    """The rivals that share days with the favoured explanation, and the placebos."""
    table = found.table
    shared = table[(table["kind"] == "rival") & (table["overlap"] > 0)].sort_values("overlap", ascending=False)
    words = [f"{safe(r.explanation)} ({r.overlap:.0%} of its days)" for r in shared.itertuples()]
    if not words:
        return ""
    named = f"“{safe(table.iloc[0].explanation)}”"
    text = (
        f"**Rivals for the same days.** The record is as consistent with what else happened during {named} as with it: "
        f"{listed(words)}. These dates cannot tell them apart."
    )
    placebos = [
        f"{safe(r.explanation)}, {r.events_on} in {plain(r.days_on)} days on and {r.events_off} in "
        f"{plain(r.days_off)} off"
        for r in table[table["kind"] == "placebo"].itertuples()
    ]
    where = "Elsewhere, in a partial sample that carries no rate of its own: "
    return f"{text} {where}{listed(placebos)}." if placebos else text


def _fire(pairs: Mapping[str, Mapping[str, Finding]], level: float) -> str:
    findings = {f"{view} / {q}": f for view, found in pairs.items() for q, f in found.items()}
    answered = {k: f for k, f in findings.items() if f.pvalue is not None}
    if not answered:
        return "**Day by day.** The days of fire and the attacks are too few for any of the questions put to them."
    table = multiplicity.adjust(answered, level=level).sort_values("pvalue", ignore_index=True)
    least = table.iloc[0]
    shown = "at least one stands" if least["adjusted"] <= 1 - level else "none stands"
    return (
        f"**Day by day.** Of {len(findings)} questions put to the days of fire and the attacks {len(answered)} have an "
        f"answer, and {shown} after adjusting for them all (smallest p {p_text(least['pvalue'])}, adjusted "
        f"{p_text(least['adjusted'])}): "
        + ("see the table." if "at least" in shown else "there is no evidence that the two theatres took turns.")
    )


def _end(value: float | None, nothing: str) -> str:
    return nothing if value is None or pd.isna(value) else plain(float(value))


def _p(value: float | None) -> str:
    return "-" if value is None or pd.isna(value) else p_text(float(value))
