"""The command line: ``python -m analysis run``, ``list`` and ``check``, and the commands of other files."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from analysis import __version__
from analysis.errors import AnalysisError
from analysis.runs.calibrate import calibrate
from analysis.runs.claims_table import claims
from analysis.runs.exits import DATA, FAILED, Stopped, exit_code
from analysis.runs.pages.compare import compare
from analysis.runs.pages.index import index, refresh
from analysis.runs.pairs import given
from analysis.runs.rerun import rerun
from analysis.runs.schedules.commands import keep, next_, run_due
from analysis.runs.sweep import sweep

HOUR = 3600


class Commands(click.Group):
    """Commands whose errors are told in words; the traceback is for who asks for it."""

    def invoke(self, ctx: click.Context):
        try:
            return super().invoke(ctx)
        except (click.exceptions.Exit, click.ClickException, click.Abort):
            raise
        except (Exception, Stopped) as error:
            if ctx.params.get("debug"):
                raise
            click.echo(_words(error), err=True)
            if getattr(error, "folder", None):
                click.echo(_where(error.folder), err=True)
            ctx.exit(exit_code(error))


def _words(error: BaseException) -> str:
    if isinstance(error, AnalysisError | Stopped):
        return str(error)
    if isinstance(error, ImportError):
        return f"{error}: the environment is not complete; 'make report' makes one"
    kind = "" if isinstance(error, OSError) else "; 'python -m analysis --debug ...' shows where"
    return f"{type(error).__name__}: {error}{kind}"


def _where(folder: Path) -> str:
    from analysis.runs.places import shown

    page = folder / "report.html"
    return f"What there is of it: {shown(page if page.exists() else folder)}"


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--debug", is_flag=True, help="Show the traceback of an error.")
@click.version_option(__version__, prog_name="attack-timing")
def main(debug: bool) -> None:
    """Test claims about the timing of attacks.

    \b
    Exit codes: 0 fine, 1 a report failed, 2 invalid parameters or usage,
    3 data missing or invalid, 4 environment or kernel, 5 time limit.

    \b
    Examples:
      python -m analysis list
      python -m analysis run silence_and_suspension --as-of 2021-06-04
      python -m analysis check data/attacks.csv
      python -m analysis index
      python -m analysis compare silence_and_suspension
      python -m analysis calibrate --quick
    """


for command in (calibrate, claims, compare, index, run_due, next_, keep, rerun, sweep):
    main.add_command(command)


@main.command()
@click.argument("notebooks", nargs=-1, metavar="NOTEBOOK...")
@click.option("--all", "everything", is_flag=True, help="Every notebook of the project, the briefing last.")
@click.option(
    "-p", "--parameter", "pairs", multiple=True, metavar="NAME=VALUE", help="Set a parameter of the notebook."
)
@click.option("--as-of", metavar="DATE", help="The record as it stood on this day; short for -p as_of=DATE.")
@click.option("--force", is_flag=True, help="Run again although the same inputs have been run.")
@click.option(
    "--timeout",
    type=float,
    default=HOUR,
    show_default=True,
    metavar="SECONDS",
    help="Time limit of the whole run.",
)
@click.option(
    "--reports",
    type=click.Path(path_type=Path, file_okay=False),
    help="Folder of all reports.  [default: reports/]",
)
@click.option("--jobs", type=click.IntRange(1), default=2, show_default=True, help="Reports run at once.")
@click.option("--quiet", is_flag=True, help="Print the path of the report and nothing else.")
def run(
    notebooks: tuple[str, ...],
    everything: bool,
    pairs: tuple[str, ...],
    as_of: str | None,
    force: bool,
    timeout: float,
    reports: Path | None,
    jobs: int,
    quiet: bool,
) -> None:
    """Run NOTEBOOK, a path or a name in notebooks/, and print the path of its HTML report.

    Several are checked first and then run side by side; one that fails does not stop the others. The last line is
    the path of the last one, and the exit code that of the worst.

    \b
    Values are read by the type the notebook declares:
      a list      weapon=drone,rocket   or   weapon='["drone"]'
      yes or no   true or false
      a date      2021-06-04

    \b
    Examples:
      python -m analysis run silence_and_suspension
      python -m analysis run silence_and_suspension --as-of 2021-06-04
      python -m analysis run silence_and_suspension -p weapon=drone -p level=0.9
      python -m analysis run notebooks/silence_and_suspension.ipynb --force
      python -m analysis run --all
    """
    if everything == bool(notebooks):
        raise click.UsageError("name the notebooks to run, or give --all")
    if everything or len(notebooks) > 1:
        _run_several(notebooks, given(pairs, as_of), force, timeout, reports, jobs, quiet)
        return
    from analysis.runs import execute
    from analysis.runs.places import shown
    from analysis.runs.request import prepare

    request = prepare(notebooks[0], given(pairs, as_of), reports=reports)
    bar = not quiet and sys.stderr.isatty()
    try:
        outcome = execute.run(request, force=force, limit=timeout, bar=bar)
    finally:
        if request.reports.is_dir():
            refresh(request.reports.parent)
    if outcome.recognised and not quiet:
        click.echo("The same inputs have been run before; --force runs them again.", err=True)
    click.echo(shown(outcome.html))


def _run_several(names, values, force, timeout, reports, at_once, quiet) -> None:
    from analysis.runs import places, several
    from analysis.runs.places import shown

    names = names or several.everything()
    requests = several.prepared(names, values, reports)

    def tell(ended: several.Ended) -> None:
        if quiet and ended.html:
            return
        words = (ended.said or "ok") if ended.html else f"failed with exit code {ended.code}\n{ended.said}"
        click.echo(f"{ended.name:{max(map(len, names))}}  {ended.seconds:5.1f} s  {words}", err=True)

    jobs = [several.Job(name, request, timeout, force) for name, request in requests.items()]
    done = several.run(jobs, at_once=at_once, tell=tell)
    refresh((reports or places.reports()).absolute())
    for ended in done:
        if ended.html:
            click.echo(shown(ended.html))
    sys.exit(max(ended.code for ended in done))


@main.command("list")
def list_() -> None:
    """List the notebooks: their question, their parameters with defaults, what each means.

    \b
    Example:
      python -m analysis list
    """
    from analysis.runs import notebook, places

    names = notebook.stems()
    if not names:
        click.echo(f"There are no notebooks in {places.shown(places.notebooks())}.")
    worst = 0
    for name in names:
        try:
            click.echo(_described(notebook.read(notebook.find(name))))
        except AnalysisError as error:
            worst = FAILED
            click.echo(f"{name}\n  cannot be run: {error}\n")
    sys.exit(worst)


def _described(book) -> str:
    import json
    import textwrap

    lines = [book.name, *textwrap.wrap(book.title, 100, initial_indent="  ", subsequent_indent="  ")]
    lines += textwrap.wrap(book.question, 100, initial_indent="  ", subsequent_indent="  ")
    values = [f"{d.name} = {json.dumps(d.default, ensure_ascii=False)}" for d in book.declared]
    width = min(max((len(v) for v in values), default=0), 44)
    lines += [f"    {v:{width}}  {d.comment}".rstrip() for v, d in zip(values, book.declared, strict=True)]
    return "\n".join(lines) + "\n"


@main.command()
@click.argument("file", type=click.Path(path_type=Path))
def check(file: Path) -> None:
    """Check a data FILE against its codebook and print every problem.

    \b
    Example:
      python -m analysis check data/attacks.csv
    """
    from analysis.runs import data

    if not file.is_file():
        click.echo(f"there is no file {str(file)!r}", err=True)
        sys.exit(DATA)
    problems = _check_file()(file)
    if problems:
        click.echo(data.told(str(file), problems))
        sys.exit(DATA)
    click.echo(f"{file}: no problems, {data.rows(file)} rows")
    if said := data.read_as(file):
        click.echo(said)


def _check_file():
    from analysis.catalogue import check_file

    return check_file
