"""Claims on the record itself: whether they hold under the readings that the sources allow."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.catalogue.claims import Claim
from analysis.prose import verdicts
from analysis.prose.answers.counted import casualties
from analysis.prose.answers.view import View
from analysis.prose.text import listed
from analysis.prose.verdicts import Verdict
from analysis.stats import rates
from analysis.timeline import EventSeries


def judged(view: View, claim: Claim) -> tuple[Verdict, str]:
    """The verdict on a record or a bound, and the numbers in sentences."""
    if claim.casualties is not None:
        return _unhurt(view, claim)
    series = view.series(claim, own_window=True, resolution="drawn")
    share, what, text = _share(claim, series)
    return verdicts.on_record(claim, share, what=what), text


def _share(claim: Claim, series: EventSeries) -> tuple[float, str, str]:
    """Share of the readings of the dates under which a record holds, what holds, and the numbers in a sentence."""
    total = series.n + series.window.opened_by_event
    if claim.at_least is not None:
        text = f"{total} {series.label} on record in the window, {claim.at_least} or more claimed."
        return float(total >= claim.at_least), f"at least {claim.at_least}", text
    if total == 0:
        return 1.0, "none", f"No {series.label} on record in the window."
    if claim.quiet_days_over is not None:
        when = series.window.span - claim.quiet_days_over
        quiet = _between(series.window.span - series.latest.max(initial=0), series.window.span - _last_early(series))
        text = f"The last of {total} {series.label} lies {quiet} days before the end of the window."
        return _none_from(series, when), f"more than {claim.quiet_days_over:g} quiet days", text
    text = f"{total} {series.label} on record in the window.{_after(series, claim)}"
    return _none_from(series, claim.none_after), f"none after {claim.none_after}", text


def _after(series: EventSeries, claim: Claim) -> str:
    """Which attacks lie after the moment, and on which it hangs, since their readings lie on both sides of it."""
    chance = series.chance_after(claim.none_after)
    sure = [_days(series, i) for i in range(series.n) if chance[i] == 1]
    doubtful = [_days(series, i) for i in range(series.n) if 0 < chance[i] < 1]
    said = f" That of {listed(sure)} lies after it." if sure else ""
    if doubtful:
        which = f"the attack of {listed(doubtful)} lies before the moment or after"
        said += f" It hangs on which source has the date right: {which}."
    return said


def _days(series: EventSeries, i: int) -> str:
    first, last = (series.window.moment(float(t)) for t in (series.earliest[i], series.latest[i] - 1e-6))
    first, last = (str(m)[:10] for m in (first, last))
    return first if first == last else f"{first} or {last}"


def _none_from(series: EventSeries, when: object) -> float:
    """Share of joint readings with no event at or after ``when``; events are read apart from each other."""
    return float(np.prod(1 - series.chance_after(when)))


def _last_early(series: EventSeries) -> float:
    """The earliest the last event can have been: no earlier than any other event's earliest reading."""
    return float(series.earliest.max(initial=0))


def _between(low: float, high: float) -> str:
    low, high = f"{low:.1f}", f"{high:.1f}"
    return low if low == high else f"{low} to {high}"


def _unhurt(view: View, claim: Claim) -> tuple[Verdict, str]:
    """No casualties: of the attacks the claim speaks of, and beside it of all that it is set against."""
    rows = view.rows(claim, own_window=True)
    hurt, told = casualties(rows)
    narrow, _ = casualties(rows, without=claim.depends)
    holds = float(np.mean([not hurt.any(), not narrow.any()]))
    of = "of the word casualty"
    verdict = verdicts.on_record(claim, holds, what="no US casualty", readings=of)
    text = _exact(hurt, told, " and ".join(claim.weapon), claim)
    everything = {"weapon": list(claim.against)}
    text += " " + _both(view.rows(claim, own_window=True, **everything), claim, "all attacks with " + _weapons(claim))
    if view.until is not None:
        text += " " + _both(view.rows(claim, **everything), claim, "the same, to the end of the record")
    return verdict, text


def _weapons(claim: Claim) -> str:
    """The weapons a claim is set against, "rockets or drones"."""
    return " or ".join(f"{w}s" for w in claim.against)


def _exact(hurt: pd.Series, told: pd.Series, label: str, claim: Claim) -> str:
    count, total = int((hurt & told).sum()), int(told.sum())
    silent = int((~told).sum())
    blank = f" ({silent} without a report on it)" if silent else ""
    bound = rates.share(count, total, alternative=claim.alternative, level=claim.level)
    if bound.effect is None:
        return f"No {label} attack on record in the window{blank}."
    high = f"{bound.effect.high:.0%}"
    return (
        f"{count} of {total} {label} attacks had US casualties{blank}: a share of {high} at most ({claim.level:.0%})."
    )


def _both(rows: pd.DataFrame, claim: Claim, label: str) -> str:
    """Both definitions: with the casualties that depend on it, and without."""
    told = casualties(rows)[1]
    wide, narrow = casualties(rows)[0], casualties(rows, without=claim.depends)[0]
    n = int(told.sum())
    if n == 0:
        return f"{label.capitalize()}: none on record."
    bounds = [rates.share(int(h.sum()), n, level=claim.level).effect for h in (wide, narrow)]
    parts = [f"{int(h.sum())} ({b.low:.0%} to {b.high:.0%})" for h, b in zip((wide, narrow), bounds, strict=True)]
    if int(wide.sum()) == int(narrow.sum()):
        return f"{label.capitalize()}: {parts[0]} of {n}."
    disputed = listed(sorted(rows.loc[wide & ~narrow, "event_id"]))
    return f"{label.capitalize()}: {parts[0]} of {n}, or {parts[1]} where {disputed} is no casualty of the attack."
