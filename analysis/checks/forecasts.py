"""Forecasts held against what came: the next wait, and the number in stretches ahead."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from analysis.results import Finding
from analysis.stats import rates, waiting
from analysis.stats.rates.predict import METHOD
from analysis.timeline import EventSeries

WAITS = ("forecast", "low", "high", "came after", "inside", "pit", "log_score", "crps", "note")
COUNTS = ("forecast", "low", "high", "chance of none", "came", "inside", "pit", "log_score", "crps", "note")
NOT_YET = "none has come by the end of the record"
RUNNING = "the stretch reaches past the end of the record"


def score_waits(forecasts: Mapping[str, Finding], came: Mapping[str, EventSeries | None]) -> pd.DataFrame:
    """Each forecast of the next event beside when it came, with its scores; a row a forecast.

    Parameters
    ----------
    forecasts : findings of ``waiting.forecast``, by name
    came : by the same names the events after the forecast, in a window that opens where the forecast was made;
        None where the record ends there
    """
    rows = {}
    for name, finding in forecasts.items():
        after = came[name]
        first = float(after.window.clock(after.times[0])) if after is not None and after.n else None
        scores = waiting.score(finding, first) if first is not None else dict.fromkeys(("pit", "log_score", "crps"))
        note = finding.warnings[0] if finding.inconclusive else NOT_YET if first is None else ""
        rows[name] = _ends(finding) | {"came after": first} | scores | {"note": note}
    return _table(rows, WAITS)


def score_counts(counts: Mapping[str, Mapping[str, Finding]], came: Mapping[str, EventSeries | None]) -> pd.DataFrame:
    """Each predicted count beside the number that came, with its scores where a law was predicted.

    Parameters
    ----------
    counts : ``{question: {name: finding}}`` of ``rates.predict_count`` or ``clustering.hawkes_forecast``
    came : as in ``score_waits``; a stretch that reaches past its watched time is not scored
    """
    rows = {}
    for question, row in counts.items():
        for name, finding in row.items():
            after, horizon = came[name], finding.settings["horizon"]
            over = after is not None and after.days >= horizon * (1 - 1e-9)
            seen = int((after.window.clock(after.times) < horizon).sum()) if over else None
            scores: dict[str, object] = {"inside": None}
            if seen is not None and finding.effect is not None:
                scores = {"inside": bool(finding.effect.low <= seen <= finding.effect.high)}
                scores |= rates.score_count(finding, seen) if finding.method == METHOD else {}
            note = finding.warnings[0] if finding.inconclusive else "" if over else RUNNING
            none = {"chance of none": finding.settings.get("chance_of_none")}
            rows[question, name] = _ends(finding) | none | {"came": seen} | scores | {"note": note}
    return _table(rows, COUNTS)


def _ends(finding: Finding) -> dict[str, object]:
    effect = finding.effect
    return {k: None if effect is None else getattr(effect, v) for k, v in _PARTS.items()}


_PARTS = {"forecast": "value", "low": "low", "high": "high"}


def _table(rows: Mapping, columns: tuple[str, ...]) -> pd.DataFrame:
    table = pd.DataFrame([{c: row.get(c) for c in columns} for row in rows.values()], columns=list(columns))
    several = bool(rows) and isinstance(next(iter(rows)), tuple)
    table.index = (
        pd.MultiIndex.from_tuples(list(rows), names=["question", "series"])
        if several
        else pd.Index(list(rows), name="series")
    )
    return table
