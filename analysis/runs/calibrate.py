"""The command ``calibrate``: every test under its null, printed as it stands, with what exceeds its promise."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from analysis.runs.exits import FAILED


@click.command()
@click.argument("families", nargs=-1)
@click.option("--quick", is_flag=True, help="Few data sets at n = 3 and 10: a look, not a proof.")
@click.option("--runs", type=click.IntRange(min=1), metavar="N", help="Data sets a cell, in place of each test's own.")
@click.option("--sizes", metavar="N,N", help="Numbers of events.  [default: 3,10,30,100]")
@click.option("--seed", type=click.IntRange(min=0), default=1, show_default=True, help="Seed of the simulations.")
@click.option("--workers", type=click.IntRange(min=1), metavar="N", help="Processes.  [default: one a core]")
@click.option("--output", type=click.Path(path_type=Path, dir_okay=False), help="Write the page here as well.")
def calibrate(
    families: tuple[str, ...],
    quick: bool,
    runs: int | None,
    sizes: str | None,
    seed: int,
    workers: int | None,
    output: Path | None,
) -> None:
    """Run every test under its null and print size and coverage; exit with 1 if one exceeds its promise.

    \b
    Examples:
      python -m analysis calibrate --quick
      python -m analysis calibrate trend --sizes 3,10
      python -m analysis calibrate --output docs/calibration.md
    """
    from analysis.checks import calibration

    found = calibration.calibrate(
        families or None, quick=quick, runs=runs, sizes=_numbers(sizes), seed=seed, workers=workers
    )
    page = calibration.page(found, command=_command(families, quick, runs, sizes, seed))
    click.echo(page, nl=False)
    if output is not None:
        output.write_text(page, encoding="utf-8")
    sys.exit(FAILED if calibration.exceeding(found) else 0)


def _numbers(text: str | None) -> tuple[int, ...] | None:
    if text is None:
        return None
    parts = [part.strip() for part in text.split(",")]
    if not all(part.isdigit() for part in parts):
        raise click.UsageError(f"--sizes takes numbers of events such as 3,10,30; got {text!r}")
    return tuple(int(part) for part in parts)


def _command(families, quick, runs, sizes, seed) -> str:
    parts = ["python -m analysis calibrate", *families]
    parts += ["--quick"] if quick else []
    parts += [f"--{k} {v}" for k, v in (("runs", runs), ("sizes", sizes)) if v is not None]
    return " ".join(parts + ([f"--seed {seed}"] if seed != 1 else []))
