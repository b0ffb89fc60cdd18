"""A ceasefire and its end in words: the pace before, during and after, and the dates on which it may have ended."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from analysis.prose.pace import day
from analysis.prose.text import Text, capital, listed, safe, together
from analysis.results import Finding, p_is, p_text, plain
from analysis.stats import multiplicity
from analysis.timeline import EventSeries

NEAR = "A date near a change is shown along with it: this does not say that the change came on that date."
THIN = 5  # attacks under which a period is called thin


def periods(rates: Mapping[str, Finding]) -> pd.DataFrame:
    """Rates of the periods, from ``rates.rate`` by name: attacks, days watched, attacks in 30 days with limits."""
    rows = {}
    for name, finding in rates.items():
        effect = finding.effect
        ends = [effect.value, effect.low, effect.high] if effect else [None] * 3
        value, low, high = ("none" if e is None else plain(30 * e) for e in ends)
        thin = "thin" if np.sum(finding.n_events) < THIN else "-"
        rows[name] = {
            "attacks": int(np.sum(finding.n_events)),
            "days watched": plain(float(np.sum(finding.exposure_days))),
            "in 30 days": f"{value} ({low} to {high})",
            "note": thin,
        }
    return pd.DataFrame(rows).T


def ends(dated: Mapping[str, Finding], *, level: float = 0.95) -> pd.DataFrame:
    """The candidate dates side by side: counts, ratio after over before, p and p adjusted for all of them (Holm)."""
    adjusted = multiplicity.adjust(dated, level=level).set_index("name")["adjusted"]
    rows = {}
    for name, finding in dated.items():
        effect = finding.effect
        value, low, high = (effect.value, effect.low, effect.high) if effect else (None, None, None)
        (before, after), (before_days, after_days) = _pair(finding.n_events), _pair(finding.exposure_days)
        rows[name] = {
            "before": f"{before} in {plain(before_days)} days",
            "after": f"{after} in {plain(after_days)} days",
            "rate after over before": "no estimate" if value is None else plain(value),
            "limits": f"{'no lower limit' if low is None else plain(low)} to "
            f"{'no upper limit' if high is None else plain(high)}",
            "p": "-" if finding.pvalue is None else p_text(finding.pvalue),
            "p adjusted": "-" if pd.isna(adjusted[name]) else p_text(adjusted[name]),
            "note": finding.warnings[0] if finding.inconclusive else "-",
        }
    return pd.DataFrame(rows).T


def varied(found: Mapping[str, Mapping[str, Finding]], *, level: float = 0.95) -> pd.DataFrame:
    """A row for each selection, a column for each date: the ratio, and p adjusted for the dates of the row (Holm)."""
    rows = {}
    for view, dated in found.items():
        adjusted = multiplicity.adjust(dated, level=level).set_index("name")["adjusted"]
        rows[view] = {name: _short(finding, adjusted[name]) for name, finding in dated.items()}
    return pd.DataFrame(rows).T.fillna("-")


def stands(found: Mapping[str, Mapping[str, Finding]], *, level: float = 0.95) -> Text:
    """Which dates keep their answer in every selection of ``varied``, whose first row is the answer given."""
    shown: dict[str, list[bool]] = {}
    for dated in found.values():
        adjusted = multiplicity.adjust(dated, level=level).set_index("name")["adjusted"]
        for name in dated:
            shown.setdefault(name, []).append(bool(adjusted[name] <= 1 - level))
    moved = {name: sum(x != each[0] for x in each[1:]) for name, each in shown.items()}
    words = [f"{safe(name)} (in {n} of {len(shown[name]) - 1})" for name, n in moved.items() if n]
    if not words:
        return Text("No other selection changes the answer on any of the dates.")
    return Text(f"**Fragile:** other selections change the answer on {listed(words)}.")


def _short(finding: Finding, adjusted: float) -> str:
    if finding.pvalue is None or finding.effect is None:
        return "no answer"
    value = finding.effect.value
    return f"{'none before' if value is None else plain(value)}; p adjusted {p_text(adjusted)}"


def near(posterior: Finding, series: EventSeries, dates: Mapping[str, object], *, days: float = 14) -> pd.DataFrame:
    """How much of the posterior of one change lies within ``days`` of each date, and how much of the watched time.

    Parameters
    ----------
    posterior : from ``changepoint.one_change`` on ``series``
    dates : dates by name; those outside the window have no share
    """
    rows = {}
    for name, date in dates.items():
        at = series.window.elapsed(date)
        if posterior.curve is None or not 0 < at < series.window.span:
            rows[name] = {"share of the posterior": "-", "share of the days": "-", "times as much": "-"}
            continue
        own = share(posterior.curve, at - days, at + days)
        flat = series.window.watched(max(0.0, at - days), min(series.window.span, at + days)) / series.days
        times = plain(own / flat) if flat else "-"
        rows[name] = {"share of the posterior": plain(own), "share of the days": plain(flat), "times as much": times}
    return pd.DataFrame(rows).T


def share(curve: pd.DataFrame, low: float, high: float) -> float:
    """The part of a density (columns date, density) between two elapsed times, by the trapezoidal rule."""
    t, density = curve["date"].to_numpy(float), curve["density"].to_numpy(float)
    whole = float(np.trapezoid(density, t))
    inner = (t > low) & (t < high)
    ends = np.array([max(low, t[0]), min(high, t[-1])])
    at = np.concatenate([ends[:1], t[inner], ends[1:]])
    values = np.concatenate([np.interp(ends[:1], t, density), density[inner], np.interp(ends[1:], t, density)])
    return float(np.trapezoid(values, at)) / whole if whole > 0 else 0.0


def onsets(found: Mapping[str, Finding]) -> pd.DataFrame:
    """The weight of each candidate date after looking, from ``interruption.onset_among`` by view, and the ratio."""
    columns = {}
    for view, finding in found.items():
        rows = {}
        if finding.curve is not None:
            rows = {row.name: plain(float(row.posterior)) for row in finding.curve.itertuples(index=False)}
        effect = finding.effect
        rows["rate after over before, averaged"] = str(effect) if effect else finding.warnings[0]
        rows["p"] = "-" if finding.pvalue is None else p_text(finding.pvalue)
        columns[view] = rows
    return pd.DataFrame(columns).fillna("-")


def conclusion(
    before: Finding | None,
    before_rows: int,
    dated: Mapping[str, Mapping[str, Finding]],
    changed: Mapping[str, tuple[Finding, EventSeries]],
    *,
    level: float = 0.95,
) -> Text:
    """What may be quoted; the thin period before; the candidate dates and the search by view; what would change it.

    Parameters
    ----------
    before : rate of the period before the ceasefire, ``before_rows`` the rows of the catalogue in it
    dated : ratios at the candidate dates, by view
    changed : finding of ``changepoint.scan`` with its series, by view
    """
    answers = together({view: _answer(found, level) for view, found in dated.items()})
    quote = " ".join(f"{capital(views)}: {words}." for views, words in answers.items())
    lines = [f"**To be quoted.** {quote} {NEAR}"] if answers else []
    lines += [_before(before, before_rows)] if before else ["**Before.** Nobody watched before the ceasefire."]
    told = together({view: _view(found, changed.get(view), level) for view, found in dated.items()})
    lines += [f"**{capital(views)}.** {words}" for views, words in told.items()]
    lines += [_fragile(dated, level)]
    lines.append(
        "**What would change this.** Attacks of the months before the ceasefire, which alone can say "
        "what the ceasefire changed; a date of its end that its authors agree on; and attacks found later in poorly "
        "watched months. A date that is itself an attack is conditioned on, and does not count for either side."
    )
    return Text("\n\n".join(line for line in lines if line))


def _before(before: Finding, rows: int) -> str:
    nights, days = int(np.sum(before.n_events)), plain(float(np.sum(before.exposure_days)))
    thin = ": too thin to say by how much the ceasefire lowered the pace" if nights < THIN else ""
    return (
        f"**Before.** The record holds {rows} attack{'' if rows == 1 else 's'} on {nights} "
        f"night{'' if nights == 1 else 's'} in the {days} days before the ceasefire{thin}."
    )


def _answer(found: Mapping[str, Finding], level: float) -> str:
    """On which of the dates the pace changed, in as few words as hold."""
    if not any(f.pvalue is not None for f in found.values()):
        return "whether the pace changed on any of the dates named cannot be said"
    adjusted = multiplicity.adjust(found, level=level).set_index("name")["adjusted"]
    shown = [name for name in found if pd.notna(adjusted[name]) and adjusted[name] <= 1 - level]
    words = [f"{_side(found[n])} from {safe(n)} on" for n in shown]
    dates = f"of {len(found)} dates named as the end, tested together,"
    return f"{dates} the pace is {listed(words)} than before" if shown else f"{dates} none is shown to change the pace"


def _view(found: Mapping[str, Finding], changed, level: float) -> str:
    adjusted = multiplicity.adjust(found, level=level).set_index("name")["adjusted"] if found else {}
    said = [_ratio(name, finding, adjusted[name]) for name, finding in found.items()]
    first = f"The rate from each date on, against that before: {'; '.join(said)}." if said else "No date has an answer."
    return f"{first} {_searched(changed, level)}".rstrip() if changed else first


def _side(finding: Finding) -> str:
    value = finding.effect.value
    return "lower" if value is not None and value < 1 else "higher"


def _fragile(dated: Mapping[str, Mapping[str, Finding]], level: float) -> str:
    """The dates whose answer is not the same in every view."""
    answers: dict[str, set[bool]] = {}
    for found in dated.values():
        table = multiplicity.adjust(found, level=level).dropna(subset=["adjusted"])
        for row in table.itertuples():
            answers.setdefault(row.name, set()).add(bool(row.adjusted <= 1 - level))
    names = [safe(name) for name, said in answers.items() if len(said) > 1]
    if not names:
        return ""
    return (
        f"**Fragile.** The answer on {listed(names)} is not the same in every view: it hangs on the day on which the "
        f"record ends, or on whether the stretches that few watched count."
    )


def _ratio(name: str, finding: Finding, adjusted: float) -> str:
    if finding.pvalue is None or finding.effect is None:
        return f"{safe(name)}: no answer"
    value = finding.effect.value
    low, high = finding.effect.low, finding.effect.high
    limits = f"{plain(low or 0)} to {'no upper limit' if high is None else plain(high)}"
    ratio = "none before it" if value is None else f"{plain(value)} times"
    return f"{safe(name)}: {ratio} ({limits}), {p_is(finding.pvalue)}, adjusted {p_text(adjusted)}"


def _searched(changed: tuple[Finding, EventSeries], level: float) -> str:
    finding, series = changed
    if finding.pvalue is None:
        return f"When it changed cannot be searched: {safe(finding.warnings[0])}"
    date, s = day(series, finding.effect.value), finding.settings
    ratio = "" if s["ratio"] is None else f", after which the rate was {plain(s['ratio'])} times that before"
    shown = "a change is shown" if finding.pvalue <= 1 - level else "no change is shown"
    limits = (finding.effect.low, finding.effect.high)
    spread = "" if None in limits else f" ({level:.0%} limits {' to '.join(day(series, e) for e in limits)})"
    return (
        f"With no date named {shown}: the best is {date}{spread}{ratio}, {p_is(finding.pvalue)} over all dates, "
        f"constant rates and independent attacks assumed."
    )


def _pair(values: object) -> tuple:
    return values if isinstance(values, tuple) else (0, values)
