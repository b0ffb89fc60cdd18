"""Calibrate many tests: which cells there are, on all cores, and what exceeds its promise."""

from __future__ import annotations

import importlib
from collections.abc import Iterable
from dataclasses import asdict, dataclass

import pandas as pd

from analysis.checks.calibration.case import Case
from analysis.checks.calibration.measure import Measured, measured
from analysis.checks.simulation import mapped
from analysis.errors import ParameterError, check_choice

FAMILIES = (
    "rates",
    "waiting",
    "trend",
    "changepoint",
    "clustering",
    "coincidence",
    "hazard",
    "interruption",
    "rhythm",
    "delay",
    "sequential",
)
SCHEMES_AT = 10  # the n at which every way of observing is tried
QUICK_RUNS, QUICK_SIZES = (10, 40), (3, 10)
COLUMNS = ["size", "size_error", "coverage", "coverage_error", "too_large", "too_small", "exceeds"]


@dataclass(frozen=True, slots=True)
class Cell:
    """One case at one n under one way of observing."""

    case: Case
    n: int
    scheme: str
    runs: int


def cases(families: Iterable[str] | None = None) -> tuple[Case, ...]:
    """The cases of some families, or of all, in the order of ``FAMILIES``."""
    wanted = FAMILIES if families is None else [check_choice("family", f, FAMILIES) for f in families]
    rooms = (importlib.import_module(f"analysis.checks.calibration.{f}") for f in FAMILIES if f in wanted)
    return tuple(case for room in rooms for case in room.CASES)


def cells(
    wanted: Iterable[Case],
    *,
    quick: bool = False,
    runs: int | None = None,
    sizes: Iterable[int] | None = None,
) -> list[Cell]:
    """What is to be measured: every n with a plain window, and every way of observing at n = 10.

    ``quick`` takes few data sets at n = 3 and 10; ``runs`` and ``sizes`` say how many and where.
    """
    if runs is not None and (isinstance(runs, bool) or not isinstance(runs, int) or runs < 1):
        raise ParameterError(f"runs must be a whole number of 1 or more, got {runs!r}")
    found = []
    for case in wanted:
        for n in sizes or (QUICK_SIZES if quick else case.sizes):
            for scheme in case.schemes if n == SCHEMES_AT else ("plain",):
                found.append(Cell(case, n, scheme, runs or (quick_runs(case, scheme) if quick else case.runs)))
    return found


def quick_runs(case: Case, scheme: str) -> int:
    """Data sets of a quick look: a twentieth of the full number within limits, fewer for the ways of observing."""
    fewest, most = QUICK_RUNS
    return min(max(fewest, case.runs // 20), most if scheme == "plain" else fewest)


def calibrate(
    families: Iterable[str] | None = None,
    *,
    quick: bool = False,
    runs: int | None = None,
    sizes: Iterable[int] | None = None,
    seed: int = 1,
    workers: int | None = None,
    progress: bool | None = None,
) -> pd.DataFrame:
    """Size and coverage of every test of the package under its null, one row a cell.

    Parameters
    ----------
    families : names of families; None for all
    quick : few data sets, few n: a look, not a proof
    runs, sizes : data sets a cell and numbers of events, in place of those of the cases
    seed : each cell is seeded by it and by what it is, so that a cell has one answer, whoever asks
    workers, progress : as in ``analysis.checks.simulated``

    Returns
    -------
    columns of ``Measured`` and ``size``, ``size_error``, ``coverage``, ``coverage_error``, ``too_large``,
    ``too_small``, ``exceeds``
    """
    wanted = cells(cases(families), quick=quick, runs=runs, sizes=sizes)

    def task(cell: Cell, _) -> Measured:
        return measured(cell.case, cell.n, scheme=cell.scheme, runs=cell.runs, seed=seed)

    found = mapped(task, wanted, rng=seed, workers=workers, progress=progress, label="cells")
    return frame(found)


def frame(found: Iterable[Measured]) -> pd.DataFrame:
    """What was measured as a table, one row a cell."""
    return pd.DataFrame([asdict(m) | {c: getattr(m, c) for c in COLUMNS} for m in found])
