"""What of a schedule is due, why, and running it: once for any number of missed slots, by one process at a time."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from analysis.errors import AnalysisError, ParameterError, nearest
from analysis.runs import folder, manifest, several
from analysis.runs.exits import ENVIRONMENT, FINE, exit_code
from analysis.runs.kernels import kernel
from analysis.runs.request import Request
from analysis.runs.schedules import ledger, refusal, retention
from analysis.runs.schedules.schedule import Schedule, Scheduled
from analysis.runs.worker import Ended

STOPPED = 128  # exit codes from here on tell of a signal
TRIES = 3  # of a slot whose kernel was lost: that may pass, while an error in a cell comes again


@dataclass(frozen=True, slots=True)
class Due:
    """A report that is due: for which slot and why; its request, or what forbids it."""

    report: Scheduled
    slot: datetime
    why: str
    tries: int
    request: Request | None
    error: AnalysisError | None


def chosen(schedule: Schedule, names: Sequence[str]) -> Schedule:
    """The schedule of these reports alone; all of them where none is named."""
    known = [*schedule.reports, *schedule.broken]
    unknown = [name for name in names if name not in known]
    if unknown:
        raise ParameterError(
            f"no report {unknown[0]!r} in the schedule.{nearest(unknown[0], known)} (there are {', '.join(known)})"
        )
    if not names:
        return schedule
    pick = lambda found: {k: v for k, v in found.items() if k in names}  # noqa: E731
    return Schedule(schedule.path, pick(schedule.reports), pick(schedule.broken))


def due(schedule: Schedule, reports: Path, now: datetime) -> list[Due]:
    """The reports that are due, in the order of the schedule; nothing is written."""
    found = (_due(report, reports, now) for report in schedule.reports.values())
    return [each for each in found if each]


def _due(report: Scheduled, reports: Path, now: datetime) -> Due | None:
    slot = report.cadence.latest(now)
    if slot is None:
        return None
    last = ledger.read(reports, report.name)
    request, error = None, None
    if last is not None and last.at >= slot and last.code == FINE:
        return None
    try:
        request = report.request(slot, reports)
    except AnalysisError as refused:
        error = refused
    if last is None:
        return Due(report, slot, "never run", 1, request, error)
    if last.at < slot:
        missed = report.cadence.missed(last.at, slot)
        why = f"due since {told(slot, report)}" + (f", and {missed - 1} slots before it missed" if missed > 1 else "")
        return Due(report, slot, why, 1, request, error)
    if request is not None and request.run_id != last.run_id:
        return Due(report, slot, "failed, and its inputs have changed since", 1, request, error)
    if last.code == ENVIRONMENT and last.tries < TRIES:
        tries = last.tries + 1
        return Due(report, slot, f"its kernel was lost, try {tries} of {TRIES}", tries, request, error)
    return None


def told(slot: datetime, report: Scheduled) -> str:
    """A slot as a reader of the report sees it: local time with its zone."""
    return f"{slot.astimezone(report.cadence.zone):%Y-%m-%d %H:%M} {report.cadence.zone.key}"


def run(
    schedule: Schedule,
    reports: Path,
    now: datetime,
    *,
    at_once: int = 2,
    tell: Callable[[Ended], None] = lambda ended: None,
) -> list[Ended]:
    """Run what is due and write down what came of it; one that fails does not stop the others.

    What a killed run has left is cleared away first. A report that cannot even be asked for, since its parameters or
    its data are wrong, is kept as a failed run with its error.

    Raises
    ------
    ledger.Busy : another process is at it; nothing is done
    """
    with ledger.held(reports):
        _clear(schedule, reports)
        listed = due(schedule, reports, now)
        ended = []

        def settle(one: Ended, each: Due) -> None:
            _settle(one, each, reports)
            ended.append(one)
            tell(one)

        for name, error in schedule.broken.items():
            ended.append(_refused(name, error, reports))
            tell(ended[-1])
        for each in listed:
            if each.error is not None:
                settle(_refused(each.report.name, each.error, reports, each.report.notebook), each)
        ready = {each.report.name: each for each in listed if each.request is not None}
        jobs = [several.Job(name, each.request, each.report.timeout) for name, each in ready.items()]
        several.run(jobs, at_once=at_once, tell=lambda one: settle(one, ready[one.name]))
        return ended


def _refused(name: str, error: AnalysisError, reports: Path, notebook: str = "") -> Ended:
    try:
        kept = refusal.keep(reports / name, notebook or name, error)
    except OSError as full:  # that it cannot be kept stops no other report
        return Ended(name, ENVIRONMENT, None, f"{error}\nand this could not be kept: {full}", 0.0)
    return Ended(name, exit_code(error), None, str(error), 0.0, kept)


def _settle(one: Ended, each: Due, reports: Path) -> None:
    if one.code >= STOPPED:
        return  # somebody wanted it to stop, for now: it stays due
    run_id = each.request.run_id if each.request else ""
    entry = ledger.Entry(each.slot.isoformat(), manifest.now(), one.code, run_id, one.said[:2000], each.tries)
    ledger.write(reports, each.report.name, entry)
    retention.prune(reports / each.report.name, each.report.keep)


def _clear(schedule: Schedule, reports: Path) -> None:
    """Remove what processes that were killed have left."""
    kernel.clear_abandoned()
    ledger.clear(reports)
    for name in schedule.reports:
        if (reports / name).is_dir():
            folder.clear_stale(reports / name)
