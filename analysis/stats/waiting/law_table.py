"""The open wait under every law, side by side."""

from __future__ import annotations

import pandas as pd

from analysis.errors import check_level, check_rng
from analysis.stats.waiting.chances import (
    BRANCHING_GRID,
    DELAY_GRID,
    LAWS,
    SHAPE_GRID,
    LawChoice,
    chances,
    records_of,
)
from analysis.stats.waiting.past import Past, no_silence, past
from analysis.stats.waiting.renewal import known_rate_needed, known_rate_silence
from analysis.timeline import EventSeries

COLUMNS = ["law", "parameters", "pvalue", "after_an_event", "on_a_day", "days_needed", "note"]


def silence_by_law(
    series: EventSeries, *, rng: object, level: float = 0.05, draws: int = 250, resamples: int = 1999
) -> pd.DataFrame:
    """The silence under every law side by side.

    Columns: law, parameters, pvalue (the larger of the next two), after_an_event, on_a_day, days_needed
    (silence at which p = ``level``), note. A law that cannot be tested has a row with the reason.
    """
    rng = check_rng(rng, "two of the laws are simulated")
    check_level(level)
    reason = no_silence(series)
    if reason is not None:
        rows = [{"law": law, "parameters": "", "note": reason} for law in LAWS]
        return pd.DataFrame(rows, columns=COLUMNS)
    record = past(series)
    rate = record.n / record.elapsed
    choices = [LawChoice("exponential")]
    for law in ("weibull", "gamma"):
        choices += [LawChoice(law, k) for k in SHAPE_GRID if k != 1] + [LawChoice(law, resamples=resamples)]
    choices += [
        LawChoice("self-exciting", branching=b, decay=rate / d, resamples=resamples)
        for b in BRANCHING_GRID
        for d in DELAY_GRID
    ]
    records = records_of(series, rng=rng, draws=draws)
    rows = [_row(records, c, rng=rng, level=level) for c in choices]
    known = {
        "law": "exponential",
        "parameters": f"rate known: {rate:.3g} a {series.window.unit}",
        "pvalue": float(known_rate_silence(record.elapsed, record.quiet, record.n)),
        "days_needed": float(known_rate_needed(record.elapsed, level, record.n)),
        "note": "as if the rate were known exactly",
    }
    return pd.DataFrame([rows[0], known, *rows[1:]], columns=COLUMNS)


def grid_table(records: list[Past], choice: LawChoice, *, rng: object, level: float) -> pd.DataFrame | None:
    """p over a printed grid of what the caller left open; None where no value would help."""
    record = records[0]
    if record.crossed or record.waits.sum() <= 0 or choice.law == "exponential":
        return None
    if choice.law != "self-exciting":
        grid = [LawChoice(choice.law, k) for k in SHAPE_GRID]
    else:
        rate = record.n / record.elapsed
        grid = [
            LawChoice(choice.law, branching=b, decay=rate / d, resamples=choice.resamples)
            for b in BRANCHING_GRID
            for d in DELAY_GRID
        ]
        rng = check_rng(rng, "p under law='self-exciting' is simulated")
    return pd.DataFrame([_row(records, c, rng=rng, level=level) for c in grid], columns=COLUMNS)


def _row(records: list[Past], choice: LawChoice, *, rng: object, level: float) -> dict:
    row = {"law": choice.law, "parameters": parameters(choice)}
    reason = choice.lacks(records[0])
    if reason is not None:
        return {**row, "note": reason}
    chance = chances(records, choice, rng=rng)
    if chance.found:
        row["parameters"] = f"shape {chance.found['estimated_shape']:.2f}, estimated"
    after, day = (float(x.mean()) for x in chance.both(chance.quiet))
    p = float(chance.each(chance.quiet).mean())
    return {
        **row,
        "pvalue": p,
        "after_an_event": after,
        "on_a_day": day,
        "days_needed": chance.needed(level),
        "note": "simulated" if choice.simulated else "closed form",
    }


def parameters(choice: LawChoice) -> str:
    if choice.law == "exponential":
        return "rate unknown"
    if choice.law == "self-exciting":
        return f"branching {choice.branching:g}, mean delay {1 / choice.decay:.3g}"
    return "shape estimated" if choice.shape is None else f"shape {choice.shape:g}"
