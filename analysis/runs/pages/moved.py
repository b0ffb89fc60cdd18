"""What moved between two runs: each finding by how much, which appeared or went, and verdicts that changed."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from analysis.results import Estimate, p_text, with_unit
from analysis.runs import record
from analysis.runs.domains import DATE
from analysis.runs.pages import history, reasons

ROUNDING = 1e-9  # relative; libraries and processors differ by less without the answer being another
NUMBERS = ("value", "low", "high")


@dataclass(frozen=True, slots=True)
class Moved:
    """One finding in two runs.

    ``by`` holds the differences of value, low and high in the finding's unit, None where one side has none or the
    effect is another one; ``called`` is the earlier name where the later run has another day in it.
    """

    name: str
    called: str | None
    before: dict[str, Any]
    after: dict[str, Any]
    by: dict[str, float | None]
    notes: tuple[str, ...]

    @property
    def changed(self) -> bool:
        """Whether more than a name or the last digits differ."""
        return bool(self.notes) or not _same(self.before, self.after)

    def __str__(self) -> str:
        return "; ".join((*self.words(), *self.notes))

    def words(self) -> tuple[str, ...]:
        """Effect, what it moved by, and p, each in a few words; only what there is."""
        old, new = effect_text(self.before["effect"]), effect_text(self.after["effect"])
        again = f"{self.after['effect']['name']} " if same_effect(self.before["effect"], self.after["effect"]) else ""
        told = [f"{old} → {new.removeprefix(again)}" if old != new else new]
        if shift := self.shift():
            told.append(f"moved by {shift}")
        p = [None if each["pvalue"] is None else p_text(each["pvalue"]) for each in (self.before, self.after)]
        if p[0] != p[1]:
            told.append(f"p {p[0] or 'none'} → {p[1] or 'none'}")
        return tuple(told)

    def shift(self) -> str:
        """What the value moved by, with its sign and unit; nothing where it did not."""
        by = self.by["value"]
        if by is None or math.isclose(by, 0, abs_tol=1e-12):
            return ""
        unit = self.after["effect"]["unit"]
        return f"{'+' if by > 0 else '−'}{with_unit(abs(by), unit)}"


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two runs of a report held against each other.

    ``verdicts`` has name, word before and word after of those that changed, None where there was none; ``still`` is
    the number of findings that did not move.
    """

    before: history.PastRun
    after: history.PastRun
    reasons: tuple[reasons.Reason, ...]
    headline: Moved | None
    findings: tuple[Moved, ...]
    still: int
    appeared: tuple[str, ...]
    went: tuple[str, ...]
    verdicts: tuple[tuple[str, str | None, str | None], ...]

    @property
    def equal(self) -> bool:
        """Whether the two found the same."""
        return not (self.findings or self.appeared or self.went or self.verdicts)

    @property
    def why(self) -> str:
        """Why they differ, in a few words."""
        return reasons.in_short(self.reasons)

    def to_record(self) -> dict[str, Any]:
        """The comparison as JSON can hold it."""
        return {
            **{side: _run_record(run) for side, run in (("before", self.before), ("after", self.after))},
            "equal": self.equal,
            "why": self.why,
            "reasons": [{"kind": r.kind, "differences": list(r.lines)} for r in self.reasons],
            "headline": self.headline and _moved_record(self.headline),
            "moved": [_moved_record(each) for each in self.findings],
            "still": self.still,
            "appeared": list(self.appeared),
            "went": list(self.went),
            "verdicts": [dict(zip(("name", "before", "after"), each, strict=True)) for each in self.verdicts],
        }


def compare(before: history.PastRun, after: history.PastRun) -> Comparison:
    """Hold two runs against each other; both need a manifest.

    Findings of one name belong together; so do those whose names differ only by a day that is a parameter of both
    runs, as in "silence / as of 2021-06-04". Raises Unreadable where the findings of one cannot be read.
    """
    from analysis.runs.pages.kept import read_findings

    old, new = (read_findings(run.folder, run.manifest) for run in (before, after))
    paired, appeared, went = _paired(old, new, before.manifest, after.manifest)
    found = [_moved(name, called, old[called], new[name]) for name, called in paired.items()]
    changed = tuple(each for each in found if each.changed)
    return Comparison(
        before=before,
        after=after,
        reasons=reasons.reasons(before.manifest, after.manifest),
        headline=_headline(before.manifest, after.manifest),
        findings=changed,
        still=len(found) - len(changed),
        appeared=tuple(appeared),
        went=tuple(went),
        verdicts=_verdicts(before.manifest, after.manifest),
    )


def effect_text(effect: Mapping[str, Any] | None) -> str:
    """An effect with its limits in words."""
    return "no effect" if effect is None else str(Estimate(**effect))


def same_headline(one: dict[str, Any], other: dict[str, Any]) -> bool:
    """Whether the headlines of two manifests are of the same finding, measured in the same way."""
    a, b = one.get("headline"), other.get("headline")
    if not (a and b and _paired([a["name"]], [b["name"]], one, other)[0]):
        return False
    kinds = [each.get("effect") and _kind(each["effect"]) for each in (a, b)]
    return kinds[0] == kinds[1]


def same_effect(one: Mapping[str, Any] | None, other: Mapping[str, Any] | None) -> bool:
    """Whether two effects are of the same name and unit, so that one can be taken from the other."""
    return one is not None and other is not None and _kind(one) == _kind(other)


def _headline(before: dict[str, Any], after: dict[str, Any]) -> Moved | None:
    if not same_headline(before, after):
        return None
    old, new = before["headline"], after["headline"]
    words = [record.verdict_word(each.get("verdict")) for each in (old, new)]
    notes = () if words[0] == words[1] else (f"verdict {words[0] or 'none'} → {words[1] or 'none'}",)
    called = old["name"] if old["name"] != new["name"] else None
    sides = [{"effect": each.get("effect"), "pvalue": each.get("pvalue")} for each in (old, new)]
    return Moved(new["name"], called, *sides, _by(*sides), notes)


def _moved(name: str, called: str, old: dict[str, Any], new: dict[str, Any]) -> Moved:
    sides = [{"effect": each["effect"], "pvalue": each["pvalue"]} for each in (old, new)]
    return Moved(name, called if called != name else None, *sides, _by(*sides), _notes(old, new))


def _by(old: dict[str, Any], new: dict[str, Any]) -> dict[str, float | None]:
    a, b = old["effect"], new["effect"]
    if not same_effect(a, b):
        return dict.fromkeys(NUMBERS)
    return {k: None if a[k] is None or b[k] is None else b[k] - a[k] for k in NUMBERS}


def _kind(effect: Mapping[str, Any]) -> tuple[str, str]:
    return effect["name"], effect["unit"]


def _same(old: dict[str, Any], new: dict[str, Any]) -> bool:
    a, b = old["effect"] or {}, new["effect"] or {}
    words = all(a.get(k) == b.get(k) for k in (a | b).keys() - set(NUMBERS))
    return words and _near(old["pvalue"], new["pvalue"]) and all(_near(a.get(k), b.get(k)) for k in NUMBERS)


def _near(one: float | None, other: float | None) -> bool:
    if one is None or other is None:
        return one is other
    return math.isclose(one, other, rel_tol=ROUNDING, abs_tol=1e-12)


def _notes(old: dict[str, Any], new: dict[str, Any]) -> tuple[str, ...]:
    """What changed besides the numbers: thin data, events, assumptions, warnings."""
    notes = []
    if old["inconclusive"] != new["inconclusive"]:
        notes.append("inconclusive now" if new["inconclusive"] else "no longer inconclusive")
    if old["n_events"] != new["n_events"]:
        notes.append(f"events {_events(old['n_events'])} → {_events(new['n_events'])}")
    held, holds = ({a["name"]: a["status"] for a in each.get("assumptions", [])} for each in (old, new))
    both = [name for name in holds if name in held and held[name] != holds[name]]
    return (*notes, *(f"{name}: {held[name]} → {holds[name]}" for name in both))


def _events(n: Any) -> str:
    return " and ".join(map(str, n)) if isinstance(n, list) else str(n)


def _verdicts(before: dict[str, Any], after: dict[str, Any]) -> tuple[tuple[str, str | None, str | None], ...]:
    old, new = (each.get("verdicts") or {} for each in (before, after))
    paired, appeared, went = _paired(old, new, before, after)
    words = [(name, record.verdict_word(old[was]), record.verdict_word(new[name])) for name, was in paired.items()]
    found = [each for each in words if each[1] != each[2]]
    found += [(name, None, record.verdict_word(new[name])) for name in appeared]
    return (*found, *((name, record.verdict_word(old[name]), None) for name in went))


def _paired(
    old: Iterable[str], new: Iterable[str], before: dict[str, Any], after: dict[str, Any]
) -> tuple[dict[str, str], list[str], list[str]]:
    """Later name to earlier name, those that appeared and those that went, in the order of the runs."""
    old, new = list(old), list(new)
    paired = {name: name for name in new if name in old}
    days = [k for k, both in reasons.changed(before, after).items() if all(_is_day(each) for each in both)]
    # Where one day is two parameters a name may mean either; the day of the record is the likelier one.
    for first in sorted(days, key=lambda k: k != "as_of"):
        order = [first, *(k for k in days if k != first)]
        undated = {_undated(name, order, before["parameters"]): name for name in old if name not in paired.values()}
        for name in new:
            called = undated.get(_undated(name, order, after["parameters"]))
            if name not in paired and called is not None and called not in paired.values():
                paired[name] = called
    was = set(paired.values())
    ordered = {name: paired[name] for name in new if name in paired}
    return ordered, [name for name in new if name not in paired], [name for name in old if name not in was]


def _is_day(value: Any) -> bool:
    return isinstance(value, str) and bool(DATE.fullmatch(value))


def _undated(name: str, days: list[str], parameters: dict[str, Any]) -> str:
    for k in days:
        name = name.replace(parameters[k], f"\0{k}\0")
    return name


def _run_record(run: history.PastRun) -> dict[str, Any]:
    told = {k: run.manifest.get(k) for k in ("run_id", "started", "as_of")}
    return {"report": run.name, "folder": run.folder.name, "status": run.status, **told}


def _moved_record(each: Moved) -> dict[str, Any]:
    return asdict(each) | {"notes": list(each.notes), "changed": each.changed, "words": str(each)}
