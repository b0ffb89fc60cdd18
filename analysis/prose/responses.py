"""Responses in words: the next attack after one, the hazard by how long one works, and how many would be needed."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from analysis.prose.text import Text, capital, listed, safe, together
from analysis.results import Finding, p_text, plain
from analysis.stats import multiplicity


def waits(after: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """``hazard.next_after`` by view for reading: days from each response to the next attack, and its place."""
    rows = []
    for view, table in after.items():
        for row in table.itertuples():
            date = f"{row.date:%Y-%m-%d}" if isinstance(row.date, pd.Timestamp) else plain(row.date)
            rows.append(
                {
                    "view": view,
                    "response": date,
                    "days to the next attack": f"{'over ' if row.open else ''}{plain(row.days)}",
                    "days with one as soon": f"{row.as_short:.0%}",
                    "days with one as late": f"{row.as_long:.0%}",
                    "days compared": row.n_days,
                }
            )
    columns = ["view", "response", "days to the next attack", "days with one as soon", "days with one as late"]
    return pd.DataFrame(rows, columns=[*columns, "days compared"]).set_index(["view", "response"])


def hazards(
    model: Mapping[str, Mapping[str, Finding]], exact: Mapping[str, Mapping[str, Finding]], *, level: float = 0.95
) -> pd.DataFrame:
    """Hazard ratios by view and response length: the series hazard model, and beside it the exact one.

    Parameters
    ----------
    model : from ``hazard.by_window`` by view; p is that of placebo dates, adjusted over the lengths of a view (Holm)
    exact : from ``hazard.piecewise_exponential`` by view and length; its p takes the attacks for independent
    """
    rows = []
    for view, found in model.items():
        adjusted = multiplicity.adjust(found, level=level).set_index("name")["adjusted"]
        for length, finding in found.items():
            without, under = _counts(finding)
            beside = exact.get(view, {}).get(length)
            rows.append(
                {
                    "view": view,
                    "response works": length,
                    "attacks without": without,
                    "attacks with": under,
                    "hazard ratio": _effect(finding),
                    "p of placebo dates": _p(finding.pvalue),
                    "p adjusted": _p(adjusted[length]),
                    "exact ratio": "-" if beside is None else _effect(beside),
                    "p if independent": "-" if beside is None else _p(beside.pvalue),
                }
            )
    return pd.DataFrame(rows).set_index(["view", "response works"]) if rows else pd.DataFrame()


def conclusion(
    responses: Mapping[str, int],
    model: Mapping[str, Mapping[str, Finding]],
    needed: Mapping[str, Finding],
    *,
    least: int,
    level: float = 0.95,
) -> Text:
    """What can be told, to be quoted; each view; how many responses it would take; and what would change the answer.

    Parameters
    ----------
    responses : number of responses inside the window, by view
    model : from ``hazard.by_window``, by view
    needed : from ``coincidence.episodes_needed``, by view
    least : the fewest episodes at which any result can be significant, from ``coincidence.least_episodes``
    """
    answers = together({view: _answer(n, model.get(view, {}), least, level) for view, n in responses.items()})
    quote = " ".join(f"{capital(views)}: {said}" for views, said in answers.items())
    if responses and all(0 < n < least and _answered(model.get(view, {})) for view, n in responses.items()):
        counts = together({view: f"from {n} response{'s'[: n != 1]}" for view, n in responses.items()})
        spread = "; ".join(f"{views}, {words}" for views, words in counts.items())
        quote = f"Whether the next attack comes sooner without a response cannot be told: {spread}. {_too_few(least)}"
    told = together({view: _numbers(n, model.get(view, {})) for view, n in responses.items()})
    lines = [f"**To be quoted.** {quote}", *(f"**{capital(v)}.** {words}" for v, words in told.items() if words)]
    lines.append(_needed(needed, least))
    lines.append(
        "**What would change this.** More responses on dates that owe nothing to the attacks. A response that answers "
        "an attack comes when attacks are frequent, and frequent attacks are followed by attacks: a raised pace after "
        "it is no sign that it raised the pace, and a slower one no sign that it deterred."
    )
    return Text("\n\n".join(line for line in lines if line))


def _answer(n: int, found: Mapping[str, Finding], least: int, level: float) -> str:
    """Whether the next attack comes sooner without a response, as far as it can be told from ``n`` of them."""
    answered = _answered(found)
    if n == 0 or not answered:
        return "no response with attacks to compare lies inside the window: nothing can be told."
    word = "response" if n == 1 else "responses"
    if n < least:
        return (
            f"whether the next attack comes sooner without a response cannot be told from {n} {word}. {_too_few(least)}"
        )
    table = multiplicity.adjust(answered, level=level).dropna(subset=["adjusted"])
    p = table["adjusted"].min() if len(table) else None
    shown = "is" if p is not None and p <= 1 - level else "is not"
    return f"over {n} {word} a difference {shown} shown (smallest p adjusted {_p(p)})."


def _answered(found: Mapping[str, Finding]) -> dict[str, Finding]:
    return {length: f for length, f in found.items() if f.effect is not None}


def _too_few(least: int) -> str:
    return f"One response is one episode, and at least {least} that all go one way would be needed."


def _numbers(n: int, found: Mapping[str, Finding]) -> str:
    """The hazard ratio for each response length, in one sentence; empty where there is none."""
    said = [f"{plain_ratio(f)} over {length}" for length, f in found.items() if f.effect is not None]
    if n == 0 or not said:
        return ""
    return f"The hazard of the next attack while a response was at work was {listed(said)}."


def _needed(needed: Mapping[str, Finding], least: int) -> str:
    said = []
    for view, finding in needed.items():
        if finding.effect is None or "needed_for_power" not in finding.settings:
            continue
        value, s = finding.effect.value, finding.settings
        number = "more than a thousand" if value is None else plain(value)
        said.append(f"{number} at the pace of “{safe(view)}”")
    if not said:
        return ""
    return (
        f"**How many it would take.** To find a pace {s['ratio']:g} times as high after a response, with a chance of "
        f"{s['power']:.0%}: {listed(said)} (and never fewer than {least})."
    )


def plain_ratio(finding: Finding) -> str:
    """ "1.4 times that without one (0.2 to 4.4; 6 attacks with, 13 without)"."""
    effect, (without, under) = finding.effect, _counts(finding)
    value = "not estimated" if effect.value is None else f"{plain(effect.value)} times that without one"
    high = "no upper limit" if effect.high is None else plain(effect.high)
    return f"{value} ({plain(effect.low or 0)} to {high}; {under} attacks with, {without} without)"


def _counts(finding: Finding) -> tuple[int, int]:
    return finding.n_events if isinstance(finding.n_events, tuple) else (finding.n_events, 0)


def _effect(finding: Finding) -> str:
    effect = finding.effect
    if effect is None:
        return finding.warnings[0]
    value = "no estimate" if effect.value is None else plain(effect.value)
    high = "no upper limit" if effect.high is None else plain(effect.high)
    return f"{value} ({plain(effect.low or 0)} to {high})"


def _p(value: float | None) -> str:
    return "-" if value is None or pd.isna(value) else p_text(float(value))
