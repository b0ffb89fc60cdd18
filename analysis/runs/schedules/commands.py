"""The commands of a schedule: ``run-due`` runs what is due, ``next`` shows what comes, ``keep`` marks a run."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path

import click

from analysis.runs.exits import FINE

FOLDER = click.Path(path_type=Path, file_okay=False)
FILE = click.Path(path_type=Path, dir_okay=False)
schedule_option = click.option(
    "--schedule", "path", type=FILE, metavar="FILE", help="The schedule.  [default: schedule.yml in the reports folder]"
)
reports_option = click.option("--reports", type=FOLDER, help="Folder of all reports.  [default: reports/]")


class Moment(click.ParamType):
    """A time with its zone, such as 2026-03-29T06:00+02:00; without one it is in UTC."""

    name = "time"

    def convert(self, value, param, ctx) -> datetime:
        if isinstance(value, datetime):
            return value
        try:
            found = datetime.fromisoformat(value)
        except ValueError:
            self.fail(f"{value!r} is no time; write 2026-03-29T06:00 or 2026-03-29T06:00+02:00", param, ctx)
        return found if found.tzinfo else found.replace(tzinfo=UTC)


at_option = click.option("--at", type=Moment(), metavar="TIME", help="Answer as if it were this time.")


@click.command("run-due")
@click.argument("names", nargs=-1, metavar="[REPORT]...")
@schedule_option
@reports_option
@click.option("--dry-run", is_flag=True, help="Say what would be run and why; run and write nothing.")
@at_option
@click.option("--jobs", type=click.IntRange(1), default=2, show_default=True, help="Reports run at once.")
@click.option("--quiet", is_flag=True, help="Say only what failed.")
def run_due(names, path, reports, dry_run, at, jobs, quiet) -> None:
    """Run the reports of the schedule that are due: all of them, or the named ones.

    A report is due when a slot has come since its last run, once however many slots were missed; when it has never
    been run; and when it failed and its inputs have changed since. What has been run with the same inputs is not run
    again. Two of these at once do not run a report twice: the second says so and ends with 0. Meant to be called
    often, by cron or a timer.

    \b
    Examples:
      python -m analysis run-due
      python -m analysis run-due --dry-run
      python -m analysis run-due silence-daily --schedule my-schedule.yml --reports my-reports
    """
    from analysis.runs.pages import index
    from analysis.runs.schedules import due, ledger

    schedule, reports = _read(path, names, reports)
    now = at or datetime.now(UTC)
    if dry_run:
        _say_what_would_run(schedule, reports, now)
        return
    width = max(map(len, [*schedule.reports, *schedule.broken]))

    def tell(ended) -> None:
        if ended.code == FINE and quiet:
            return
        words = (ended.said or "ok") if ended.code == FINE else f"failed with exit code {ended.code}\n{ended.said}"
        click.echo(f"{ended.name:{width}}  {ended.seconds:6.1f} s  {words}", err=ended.code != FINE)

    try:
        ended = due.run(schedule, reports, now, at_once=jobs, tell=tell)
    except ledger.Busy as busy:
        if not quiet:
            click.echo(f"Another run-due is at work ({busy}); nothing is done.", err=True)
        return
    finally:
        index.refresh(reports)
    if not ended and not quiet:
        click.echo("Nothing is due.")
    sys.exit(max((one.code for one in ended), default=FINE))


@click.command("next")
@click.argument("names", nargs=-1, metavar="[REPORT]...")
@schedule_option
@reports_option
@at_option
def next_(names, path, reports, at) -> None:
    """Show when each report of the schedule comes next, and how its last run ended.

    \b
    Example:
      python -m analysis next
    """
    from analysis.runs.schedules import due, ledger

    schedule, reports = _read(path, names, reports)
    now = at or datetime.now(UTC)
    waiting = {each.report.name: each for each in due.due(schedule, reports, now)}
    following = {name: report.cadence.following(now) for name, report in schedule.reports.items()}
    width = max(map(len, [*schedule.reports, *schedule.broken]))
    for name in sorted(following, key=lambda name: (name not in waiting, following[name])):
        report, last = schedule.reports[name], ledger.read(reports, name)
        came = "never run" if last is None else f"last for {due.told(last.at, report)}, {_outcome(last.code)}"
        state = f"due now ({waiting[name].why})" if name in waiting else came
        click.echo(f"{name:{width}}  {due.told(following[name], report)}  {report.cadence.every}; {state}")
    _say_what_is_broken(schedule, width)


def _outcome(code: int) -> str:
    return "good" if code == FINE else f"failed with exit code {code}"


@click.command()
@click.argument("run", type=click.Path(path_type=Path, exists=True, file_okay=False))
@click.option("--undo", is_flag=True, help="Take the mark away.")
def keep(run: Path, undo: bool) -> None:
    """Mark RUN, the folder of a run, so that it is kept whatever its age.

    \b
    Example:
      python -m analysis keep reports/briefing/latest
    """
    from analysis.runs import places
    from analysis.runs.schedules import retention

    run = run.resolve()
    retention.mark(run, keep=not undo)
    click.echo(f"{places.shown(run)} {'is kept like any other from now on' if undo else 'is kept from now on'}")


def _read(path: Path | None, names: tuple[str, ...], reports: Path | None):
    from analysis.runs import places
    from analysis.runs.schedules import due, schedule

    reports = (reports or places.reports()).absolute()
    # The schedule lies beside the reports, unless it is named.
    own = reports / schedule.FILE
    return due.chosen(schedule.read(path or (own if own.is_file() else None)), names), reports


def _say_what_would_run(schedule, reports: Path, now: datetime) -> None:
    from analysis.runs import execute
    from analysis.runs.schedules import due

    listed = due.due(schedule, reports, now)
    width = max(map(len, [*schedule.reports, *schedule.broken]))
    for each in listed:
        if each.error is not None:
            what = f"would fail:\n{each.error}"
        elif execute.is_known(each.request):
            what = f"has been run with the same inputs ({each.request.run_id}) and would not be run again"
        else:
            what = f"would be run as {each.request.run_id}"
        click.echo(f"{each.report.name:{width}}  {each.why}; {what}")
    _say_what_is_broken(schedule, width)
    if not listed and not schedule.broken:
        click.echo("Nothing is due.")


def _say_what_is_broken(schedule, width: int) -> None:
    for name, error in schedule.broken.items():
        click.echo(f"{name:{width}}  cannot be run; its entry in the schedule is wrong:\n{error}", err=True)
