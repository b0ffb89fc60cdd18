"""What the reports page says of one report: how it stands, its headline, what changed, the runs before."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from analysis.results import Estimate, p_text, with_unit
from analysis.runs import record
from analysis.runs.pages import history, moved, trace
from analysis.runs.pages.history import PastRun
from analysis.runs.pages.kept import Unreadable

LISTED = 100  # runs of a report
MOST_TEXT = 1500  # characters of an error
UNFINISHED = ("running", "stopped")
WORDS = {"ok": "good", "failed": "failed", "running": "unfinished", "stopped": "stopped", "unreadable": "unreadable"}
RANKS = {"failed": 0, "unreadable": 1, "stopped": 2, "running": 3, "ok": 4}
COLOURS = re.compile(r"\x1b\[[0-9;]*[A-Za-z]")


@dataclass(frozen=True, slots=True)
class Line:
    """One run in the list of runs."""

    status: str
    word: str
    when: str
    moment: str
    as_of: str
    headline: str
    link: str | None
    folder: str
    said: str
    latest: bool


@dataclass(frozen=True, slots=True)
class Headline:
    """The headline of a run, ready to be read: value with unit, limits, p, and the words around them."""

    what: str
    value: str
    limits: str
    pvalue: str
    number: float | None
    verdict: str
    rule: str
    name: str
    question: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Card:
    """One report on the page; its ``statuses`` are those it can be found by."""

    name: str
    title: str
    question: str
    status: str
    word: str
    statuses: tuple[str, ...]
    rank: int
    latest: Line | None
    newest: Line
    headline: Headline | None
    verdicts: tuple[tuple[str, str, str], ...]
    failure: Line | None
    unfinished: tuple[Line, ...]
    unreadable: tuple[Line, ...]
    trace: trace.Trace | None
    comparison: moved.Comparison | None
    changed: str
    runs: tuple[Line, ...]
    more_runs: int


def card(name: str, past: list[PastRun]) -> Card:
    """What the page says of the report ``name``, from its runs, newest first; at least one."""
    lead = history.latest(past)
    ended = next((run for run in past if run.status in ("ok", "failed")), past[0])
    told = (lead or ended).manifest or {}  # one refused before it began knows no title
    comparison, why_not = _comparison(past, lead)
    found = {kind: tuple(_line(run) for run in past if run.status in kinds) for kind, kinds in _KINDS.items()}
    return Card(
        name=shown(name),
        title=shown(told.get("notebook", {}).get("title") or name),
        question=shown(told.get("question", "")),
        status=ended.status,
        word=WORDS[ended.status],
        statuses=tuple(dict.fromkeys([ended.status, *(run.status for run in past if run.status in _TROUBLE)])),
        rank=RANKS[ended.status],
        latest=lead and _line(lead),
        newest=_line(ended),
        headline=lead and _headline(lead),
        verdicts=_verdicts(lead),
        failure=_line(ended) if ended.status == "failed" else None,
        unfinished=found["unfinished"],
        unreadable=found["unreadable"],
        trace=lead and trace.trace(past, lead),
        comparison=comparison,
        changed=_changed(comparison) if comparison else why_not,
        runs=tuple(_line(run) for run in past[:LISTED]),
        more_runs=max(len(past) - LISTED, 0),
    )


_TROUBLE = (*UNFINISHED, "unreadable")
_KINDS = {"unfinished": UNFINISHED, "unreadable": ("unreadable",)}


def shown(text: Any) -> str:
    """A text from a file or a name as a page can hold it: without colours of a terminal, in what UTF-8 can write."""
    return COLOURS.sub("", str(text)).encode("utf-8", "replace").decode("utf-8")


def _link(run: PastRun) -> str | None:
    """Where the HTML of a run lies, from the reports folder; None where there is none."""
    page = run.folder / "report.html"
    if not page.is_file():
        return None
    return "/".join(quote(os.fsencode(part)) for part in (run.name, run.folder.name, page.name))


def _line(run: PastRun) -> Line:
    told, began = run.manifest or {}, run.started
    lead = told.get("headline")
    effect = lead and lead.get("effect")
    return Line(
        status=run.status,
        word=WORDS[run.status],
        when="no time told" if began is None else f"{began:%Y-%m-%d %H:%M}",
        moment="" if began is None else began.isoformat(timespec="seconds"),
        as_of=shown(told.get("as_of") or ""),
        headline=shown(trace.short(effect) if effect else record.verdict_word(lead and lead.get("verdict"))),
        link=_link(run),
        folder=shown(run.folder.name),
        said=_said(run),
        latest=run.latest,
    )


def _said(run: PastRun) -> str:
    """Why a run is no good one: its error with the cell, or what is wrong with its folder."""
    error = (run.manifest or {}).get("error")
    if run.status == "failed" and error:
        where = "" if error.get("cell") is None else f"cell [{error['cell']}]: "
        text = shown(error.get("text") or "")
        text = text if len(text) <= MOST_TEXT else f"{text[:MOST_TEXT]}… (cut; the report has all of it)"
        return f"{where}{shown(error['name'])}{': ' if text else ''}{text}"
    if run.status == "running":
        return "under way, or left behind by a run that was killed"
    if run.status == "stopped":
        return "stopped by a signal before its end"
    return shown(run.problem or "")


def _headline(run: PastRun) -> Headline | None:
    told = run.manifest.get("headline")
    if not told:
        return None
    effect, p, verdict = told.get("effect"), told.get("pvalue"), told.get("verdict")
    value = limits = what = ""
    if effect:
        what = effect["name"]
        value = "no estimate" if effect["value"] is None else with_unit(effect["value"], effect["unit"])
        limits = str(Estimate(**effect)).removeprefix(f"{what} {value} (").removesuffix(")")
    return Headline(
        what=shown(what),
        value=shown(value),
        limits=shown(limits),
        pvalue="" if p is None else f"p {'' if p < 0.0001 else '= '}{p_text(p)}",
        number=effect and effect["value"],
        verdict=shown(record.verdict_word(verdict)),
        rule=shown(verdict.get("rule") or "") if isinstance(verdict, dict) else "",
        name=shown(told["name"]),
        question=shown(told.get("question", "")),
        sentence=shown(told.get("sentence", "")),
    )


def _verdicts(run: PastRun | None) -> tuple[tuple[str, str, str], ...]:
    told = (run.manifest.get("verdicts") or {}) if run else {}
    rules = {name: each.get("rule") or "" if isinstance(each, dict) else "" for name, each in told.items()}
    return tuple((shown(n), shown(record.verdict_word(each)), shown(rules[n])) for n, each in told.items())


def _comparison(past: list[PastRun], lead: PastRun | None) -> tuple[moved.Comparison | None, str]:
    """The latest run held against the good one before it, or why it is not."""
    if lead is None:
        return None, "No good run yet"
    earlier = history.before(past, lead)
    if earlier is None:
        return None, "The first good run: nothing to compare it with"
    try:
        return moved.compare(earlier, lead), ""
    except Unreadable as error:
        return None, f"Not compared with the run before: {error}"


def _changed(found: moved.Comparison) -> str:
    """What changed since the run before, in a line."""
    if found.equal:
        return f"Since the run before: {found.why}; nothing moved"
    shift = found.headline.shift() if found.headline else ""
    told = f"{len(found.findings)} of {len(found.findings) + found.still} findings moved"
    return f"Since the run before: {found.why}; {told}{f', the headline by {shift}' if shift else ''}"
