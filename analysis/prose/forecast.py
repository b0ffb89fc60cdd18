"""What was forecast and what came, as tables and as paragraphs."""

from __future__ import annotations

import pandas as pd

from analysis.prose.sentences import reads
from analysis.prose.text import Text, safe
from analysis.results import Finding, p_is, percent, plain


def forecast_table(table: pd.DataFrame) -> pd.DataFrame:
    """``checks.score_waits`` or ``score_counts`` for reading: rounded, with a dash where there is no number."""
    words = {c: table[c].map(_cell) for c in table.columns if c != "note"}
    notes = table["note"].fillna("").astype(str)
    said = table.assign(**words, note=notes.replace("", "-"))
    if not notes.str.len().any():
        said = said.drop(columns="note")
    return said.rename(columns=lambda c: c.replace("_", " ").replace("pit", "PIT").replace("crps", "CRPS"))


def forecast_conclusion(
    waits: pd.DataFrame,
    counts: pd.DataFrame,
    tested: Finding,
    doubts: pd.DataFrame,
    *,
    when: str,
    level: float,
    headline: str,
) -> Text:
    """The forecast of the headline series, to be quoted; the other series; the back-test; what would change it.

    Parameters
    ----------
    waits, counts : from ``checks.score_waits`` and ``checks.score_counts``
    tested : from ``waiting.backtest`` of the headline series over the whole record
    doubts : counts of the headline series held against what came in every cell of the grid of doubts
    when : the day from which the forecasts look ahead
    level : of their limits
    headline : name of the series that leads
    """
    parts = [
        f"**To be quoted.** {_wait(waits.loc[headline], headline, when, level)} {_numbers(counts, headline)}".rstrip()
    ]
    if said := _doubtful(doubts):
        parts.append(f"**Doubtful rows.** {said}")
    others = [f"- {_wait(waits.loc[name], name, when, level)}" for name in waits.index if name != headline]
    if others:
        parts.append("\n".join(["**The others.**", "", *others]))
    parts.append(f"**Over the whole record.** {backtest_sentence(tested)}")
    parts.append(
        "**What would change this.** The forecast carries one pace forward and asks nothing else: it knows no "
        "ceasefire, no war and no reason. One outcome inside wide limits says little for it; many waits outside "
        "theirs, or an attack that becomes public late, would say something against it."
    )
    return Text("\n\n".join(parts))


def backtest_sentence(finding: Finding) -> str:
    """A sentence on ``waiting.backtest``."""
    if finding.pvalue is None:
        return f"No wait could be forecast and then seen: {safe(finding.warnings[0])}"
    e, s = finding.effect, finding.settings
    share = f"{percent(e.level)} limits of that share {e.low:.0%} to {e.high:.0%}"
    return (
        f"Of {s['waits']} waits, each forecast from what was before it, {e.value:.0%} fell inside their "
        f"{percent(s['level'])} limits ({share}); the chances that the forecasts gave to what came are "
        f"{reads(finding.pvalue)} right forecasts ({p_is(finding.pvalue)}, one constant pace assumed)."
    )


def _wait(row: pd.Series, name: str, when: str, level: float) -> str:
    label = safe(name)
    if pd.isna(row["low"]):
        return f"On {when} nothing could be forecast for {label}: {safe(row['note'])}"
    said = (
        f"On {when} the pace of the record put the next attack ({label}) {plain(row['low'])} to "
        f"{plain(row['high'])} days ahead ({percent(level)} limits, median {plain(row['forecast'])})"
    )
    if pd.isna(row["came after"]):
        return f"{said}; none has come yet, so that nothing can be scored."
    came = f"it came after {plain(float(row['came after']))} days"
    if row["inside"]:
        return f"{said}; {came}, which is consistent with attacks going on at the earlier pace."
    return f"{said}; {came}, outside these limits."


def _numbers(counts: pd.DataFrame, headline: str) -> str:
    rows = (
        counts.xs(headline, level="series") if headline in counts.index.get_level_values("series") else counts.iloc[:0]
    )
    words = []
    for question, row in rows.iterrows():
        if pd.isna(row["low"]) or pd.isna(row["came"]):
            continue
        where = "inside" if row["inside"] else "outside"
        words.append(
            f"{int(row['came'])} {safe(question)} ({plain(row['low'])} to {plain(row['high'])} forecast, {where})"
        )
    return f"Counted: {'; '.join(words)}." if words else ""


def _doubtful(doubts: pd.DataFrame) -> str:
    """How many came where the doubtful rows are read otherwise; empty without a grid or before the stretch is over."""
    words = []
    for question, part in doubts.groupby(level="question", sort=False):
        seen = part["came"].dropna().astype(int)
        if len(part) < 2 or seen.empty:
            continue
        span = str(seen.min()) if seen.min() == seen.max() else f"{seen.min()} to {seen.max()}"
        inside = part.loc[seen.index, "inside"].astype(bool)
        verdict = "inside the limits in every cell" if inside.all() else "outside in every cell"
        verdict = (
            verdict if inside.nunique() == 1 else "**fragile**, inside the limits in some cells and outside in others"
        )
        words.append(f"{safe(question)}: {span} came, {verdict}")
    return f"Within the grid of doubts, {'; '.join(words)}." if words else ""


def _cell(value: object) -> str:
    if value is None or value is pd.NA or (isinstance(value, float) and value != value):
        return "-"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return plain(value)
