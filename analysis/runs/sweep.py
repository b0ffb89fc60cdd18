"""One notebook over many choices: every combination of the values given, and one table of what came out."""

from __future__ import annotations

import csv
import io
import itertools
import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import click

from analysis.errors import ParameterError
from analysis.runs import manifest, places, several
from analysis.runs.exits import FINE
from analysis.runs.request import Request, prepare
from analysis.runs.worker import Ended

MOST = 1000  # combinations; beyond that somebody has mistyped
SUFFIX = "-sweep"  # of the folder, so that ``latest`` of the report stays what it was
COLUMNS = ("exit_code", "headline", "value", "low", "high", "level", "unit", "pvalue", "verdict", "run")


@dataclass(frozen=True, slots=True)
class Combination:
    """One choice of values, as texts of a command line, and the report asked for with it."""

    values: dict[str, str]
    request: Request

    @property
    def name(self) -> str:
        """The values, for a reader."""
        return ", ".join(f"{name}={value}" for name, value in self.values.items())


def combinations(
    notebook: str, given: Mapping[str, str], over: Mapping[str, Sequence[str]], reports: Path | None
) -> list[Combination]:
    """Every combination of the values of ``over``, checked before the first is run; one that says the same is left out.

    Raises one ParameterError with every problem, each told once.
    """
    if not over:
        raise ParameterError("name at least one parameter to go over, such as --over level=0.9 --over level=0.95")
    twice = sorted(set(over) & set(given))
    if twice:
        raise ParameterError(f"{twice[0]} is given once and gone over as well; leave one out")
    chosen = [dict(zip(over, values, strict=True)) for values in itertools.product(*over.values())]
    if len(chosen) > MOST:
        raise ParameterError(f"{len(chosen)} combinations are more than {MOST}; give fewer values")
    found, problems = {}, {}
    for values in chosen:
        try:
            request = prepare(notebook, {**given, **values}, reports=reports)
        except ParameterError as error:
            problems[str(error)] = None
            continue
        folder = request.reports.with_name(request.reports.name + SUFFIX)
        found.setdefault(request.run_id, Combination(values, replace(request, reports=folder)))
    if problems:
        raise ParameterError("\n".join(problems))
    return list(found.values())


def row(combination: Combination, ended: Ended) -> dict[str, Any]:
    """What came of one combination: its values, its headline with limits, and where its run lies."""
    head: dict[str, Any] = {}
    if ended.code == FINE and ended.folder is not None:
        head = json.loads((ended.folder / manifest.NAME).read_text(encoding="utf-8")).get("headline") or {}
    effect, verdict = head.get("effect") or {}, head.get("verdict") or {}
    told = {
        "exit_code": ended.code,
        "headline": head.get("name"),
        **{part: effect.get(part) for part in ("value", "low", "high", "level", "unit")},
        "pvalue": head.get("pvalue"),
        "verdict": verdict.get("word"),
        "run": None if ended.folder is None else ended.folder.name,
    }
    return combination.values | told


def table(rows: Sequence[Mapping[str, Any]]) -> str:
    """The rows as a csv; what is not known is blank."""
    text = io.StringIO()
    writer = csv.DictWriter(text, list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


@click.command()
@click.argument("notebook")
@click.option("--over", "pairs", multiple=True, metavar="NAME=VALUE", help="A value to go over; repeat it for others.")
@click.option("-p", "--parameter", "fixed", multiple=True, metavar="NAME=VALUE", help="A value for every combination.")
@click.option("--as-of", metavar="DATE", help="The record as it stood on this day; short for -p as_of=DATE.")
@click.option("--force", is_flag=True, help="Run again although the same inputs have been run.")
@click.option("--timeout", type=float, default=3600, show_default=True, metavar="SECONDS", help="Limit of each run.")
@click.option("--reports", type=click.Path(path_type=Path, file_okay=False), help="Folder of all reports.")
@click.option("--jobs", type=click.IntRange(1), default=2, show_default=True, help="Reports run at once.")
def sweep(notebook, pairs, fixed, as_of, force, timeout, reports, jobs) -> None:
    """Run NOTEBOOK for every combination of values and put the headlines into one table.

    The runs lie in reports/NOTEBOOK-sweep, the table in sweep.csv there; its path is the last line. To choose a
    result by its p-value afterwards is to ask many questions: say how many were asked.

    \b
    Example:
      python -m analysis sweep silence_and_suspension --over weapon=drone --over weapon=rocket \\
          --over start=2021-01-01 --over start=2021-04-01 -p level=0.9
    """
    from analysis.runs.pages.index import refresh
    from analysis.runs.pairs import given

    over: dict[str, list[str]] = {}
    for pair in pairs:
        for name, value in given((pair,), None).items():
            over.setdefault(name, []).append(value)
    chosen = combinations(notebook, given(fixed, as_of), over, reports)
    named = {combination.name: combination for combination in chosen}
    width = max(map(len, named))

    def tell(ended: Ended) -> None:
        words = (ended.said or "ok") if ended.code == FINE else f"failed with exit code {ended.code}\n{ended.said}"
        click.echo(f"{ended.name:{width}}  {ended.seconds:5.1f} s  {words}", err=True)

    asked = [several.Job(name, combination.request, timeout, force) for name, combination in named.items()]
    done = several.run(asked, at_once=jobs, tell=tell)
    path = chosen[0].request.reports / "sweep.csv"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(table([row(named[ended.name], ended) for ended in done]), encoding="utf-8", newline="\n")
    refresh(path.parents[1])
    click.echo(places.shown(path))
    sys.exit(max(ended.code for ended in done))
