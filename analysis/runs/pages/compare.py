"""The command ``compare``: which findings moved between two runs of a report, by how much, and why."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from analysis.errors import ParameterError, nearest

if TYPE_CHECKING:
    from analysis.runs.pages.history import PastRun
    from analysis.runs.pages.moved import Comparison, Moved


@click.command()
@click.argument("runs", nargs=-1, required=True, metavar="RUN [RUN]")
@click.option("--json", "as_json", is_flag=True, help="Print it as JSON.")
@click.option(
    "--reports",
    type=click.Path(path_type=Path, file_okay=False),
    help="Folder of all reports.  [default: reports/]",
)
def compare(runs: tuple[str, ...], as_json: bool, reports: Path | None) -> None:
    """Print which findings moved between two runs, earlier first, by how much, and why the runs differ.

    A RUN is the folder of a run, or REPORT/RUN-ID below the reports folder. REPORT alone compares its latest run with
    the good one before it; beside another run it stands for its latest. The exit code is 0 whether or not something
    moved, and 2 for a run that is not there.

    \b
    Examples:
      python -m analysis compare silence_and_suspension
      python -m analysis compare briefing/20210604-91f808fbb5 briefing/latest
      python -m analysis compare --json reports/record/20210604-8b79eb6161 record
    """
    from analysis.runs import record
    from analysis.runs.pages import moved
    from analysis.runs.pages.cards import shown
    from analysis.runs.pages.kept import Unreadable

    if len(runs) > 2:
        raise click.UsageError(f"two runs are compared, got {len(runs)}")
    try:
        found = moved.compare(*asked_for(runs, reports))
    except Unreadable as error:
        raise ParameterError(f"one of the two runs cannot be compared: {error}") from None
    click.echo(shown(record.dumps(found.to_record()) if as_json else text(found)), nl=not as_json)


def asked_for(names: tuple[str, ...], reports: Path | None = None) -> tuple[PastRun, PastRun]:
    """The two runs that are meant, earlier first where one report is named alone.

    Raises ParameterError for a run that is not there, one without a readable manifest, or a report of one run.
    """
    from analysis.runs import places
    from analysis.runs.pages import history

    below = reports or places.reports()
    if len(names) == 2:
        first, second = (_run(name, below) for name in names)
        return first, second
    past = _report(names[0], below)
    after = past and history.latest(past)
    before = after and history.before(past, after)
    if not past and any((folder / "manifest.json").exists() for folder in (Path(names[0]), below / names[0])):
        raise ParameterError(f"{names[0]} is one run: name the run to compare it with as well")
    if not past:
        raise _missing(names[0], below, "report")
    if not before:
        good = "no good run" if not after else "one good run only"
        raise ParameterError(f"{names[0]} has {good}: there is nothing to compare; run it again with other inputs")
    return before, after


def _run(name: str, below: Path) -> PastRun:
    from analysis.runs.pages import history

    for folder in (Path(name), below / name):
        if not folder.is_dir():
            continue
        found = history.latest(_report(name, below)) or history.read(folder.resolve())
        if found and found.manifest is not None:
            return found
        why = found.problem if found and found.problem else "it has no manifest yet"
        raise ParameterError(f"{name} is no run that can be compared: {why}")
    raise _missing(name, below, "run")


def _report(name: str, below: Path) -> list[PastRun]:
    """The runs of a report by its name or its folder; none where it is something else."""
    from analysis.runs.pages import history

    for folder in (Path(name), below / name):
        if folder.is_dir() and not (folder / "manifest.json").exists():
            found = history.runs(folder.resolve())
            if any(run.manifest for run in found):
                return found
    return []


def _missing(name: str, below: Path, what: str) -> ParameterError:
    from analysis.runs import places
    from analysis.runs.pages import history

    known = dict(history.reports(below))
    names = [*known, *(f"{report}/{run.folder.name}" for report, past in known.items() for run in past)]
    return ParameterError(f"there is no {what} {name!r} here or in {places.shown(below)}.{nearest(name, names)}")


def text(found: Comparison) -> str:
    """A comparison to be read."""
    lines = [_heading("before", found.before), _heading("after ", found.after), "", f"Why they differ: {found.why}"]
    lines += [f"  {reason.kind}: {line}" for reason in found.reasons for line in reason.lines]
    if not found.reasons and not found.equal:
        lines += [*_machines(found), "  Equal inputs should give equal findings: this should not be so."]
    lines.append("")
    if found.headline:
        lines += [f"Headline: {_named(found.headline)}", f"  {_told(found.headline)}"]
    if found.equal:
        return "\n".join([*lines, f"Nothing moved: all {_findings(found.still)} and all verdicts are equal."])
    total = len(found.findings) + found.still
    lines.append(f"Findings that moved: {len(found.findings)} of {total}")
    for each in found.findings:
        lines += [f"  {_named(each)}", f"    {each}"]
    for word, names in (("appeared", found.appeared), ("went", found.went)):
        if names:
            lines += [f"Findings that {word}: {len(names)}", *(f"  {name}" for name in names)]
    if found.verdicts:
        lines.append(f"Verdicts that changed: {len(found.verdicts)}")
        lines += [f"  {name}: {was or 'none'} → {now or 'none'}" for name, was, now in found.verdicts]
    return "\n".join(lines)


def _heading(side: str, run: PastRun) -> str:
    as_of = f", as of {run.manifest['as_of']}" if run.manifest.get("as_of") else ""
    failed = "" if run.status == "ok" else f", {run.status}"
    return f"{side}  {run.name}/{run.folder.name}  started {run.started:%Y-%m-%d %H:%M} UTC{as_of}{failed}"


def _machines(found: Comparison) -> list[str]:
    old, new = (run.manifest.get("platform") or {} for run in (found.before, found.after))
    return [f"  machine: {k} {old.get(k)} → {new.get(k)}" for k in old | new if old.get(k) != new.get(k)]


def _named(each: Moved) -> str:
    return each.name if each.called is None else f"{each.name} (before: {each.called})"


def _told(each: Moved) -> str:
    return str(each) if each.changed else f"{each.words()[0]}, as before"


def _findings(n: int) -> str:
    return f"{n} finding{'' if n == 1 else 's'}"
