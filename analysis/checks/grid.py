"""Does the answer hang on rows that the sources leave in doubt? Every combination of the doubts, one line each."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from typing import Any

import pandas as pd

from analysis.catalogue import grid_changes, select
from analysis.checks.row import COLUMNS, row
from analysis.checks.specification_curve import side, sign
from analysis.errors import ParameterError, check_level
from analysis.results import Finding
from analysis.timeline import EventSeries

GIVEN = "as given"


def grid(
    table: pd.DataFrame, base: Mapping[str, Any], file: str | os.PathLike = "data/grid.yml"
) -> dict[str, EventSeries]:
    """The series as chosen, and the series in every cell of the grid of doubts, by name.

    Parameters
    ----------
    table : the catalogue, from ``load``
    base : settings of ``select`` for the answer given, which comes first under the name "as given"; ids that it
        excludes stay excluded, dates that it fixes stay fixed where the grid does not speak of them
    file : the doubts, as in ``catalogue.grid_changes``; "" for none

    Raises
    ------
    ParameterError : ``base`` takes every date at its earliest or latest, which leaves nothing to read in two ways
    """
    dates, exclude = base.get("dates", "point"), base.get("exclude", ())
    if isinstance(dates, str) and dates != "point":
        raise ParameterError(f"dates={dates!r} fixes every date; the grid needs dates='point' or dates by event id")
    fixed = {} if isinstance(dates, str) else dict(dates)
    left = [exclude] if isinstance(exclude, str) else list(exclude)
    found = {GIVEN: select(table, **base)}
    for name, change in grid_changes(table, file).items():
        both = {"dates": {**fixed, **change["dates"]}, "exclude": [*left, *change["exclude"]]}
        found[name] = select(table, **{**base, **both})
    return found


def over_grid(
    series: Mapping[str, EventSeries], test: Callable[[EventSeries], Finding], *, level: float = 0.95
) -> pd.DataFrame:
    """``test`` in every cell of a grid, and what changes there; the first series is the answer given.

    Parameters
    ----------
    series : from ``grid``
    test : called with each series; cells with the very same series share one call
    level : of the decision: p is held against 1 - level

    Returns
    -------
    Columns as ``analysis.checks.row.COLUMNS``, and ``changes``: "sign" where the effect lies on the other side of no
    effect, "level" where p is under 1 - level in one of the two only, "answer" where one of the two has no
    answer, and "" where the answer stands. ``fragile`` sums it up
    """
    known: dict[tuple, Finding] = {}
    found = {}
    for name, each in series.items():
        key = _key(each)
        if key not in known:
            known[key] = test(each)
        found[name] = known[key]
    return gridded(found, level=level)


def gridded(found: Mapping[str, Finding], *, level: float = 0.95) -> pd.DataFrame:
    """The table of ``over_grid`` from findings by cell; the first is the answer given."""
    alpha = 1 - check_level(level)
    given = next(iter(found.values()), None)
    rows = [row(name, f) | {"changes": ", ".join(changes(f, given, alpha))} for name, f in found.items()]
    return pd.DataFrame(rows, columns=[*COLUMNS, "changes"])


def fragile(table: pd.DataFrame) -> bool:
    """Whether a result changes within its grid, and so is no result; ``table`` is from ``over_grid``."""
    return bool(table["changes"].ne("").any())


def changes(finding: Finding, given: Finding, alpha: float) -> list[str]:
    """In what ``finding`` differs from the answer given: "answer", "sign", "level"."""
    if finding.inconclusive or given.inconclusive:
        return [] if finding.inconclusive == given.inconclusive else ["answer"]
    sides = [float(sign(side(f), f)) for f in (finding, given)]
    said = [] if sides[0] == sides[1] or any(s != s for s in sides) else ["sign"]
    under = [None if f.pvalue is None else f.pvalue <= alpha * (1 + 1e-12) for f in (finding, given)]
    return said if under[0] == under[1] else [*said, "answer" if None in under else "level"]


def _key(series: EventSeries) -> tuple:
    parts = (getattr(series, name) for name in ("times", "earliest", "latest", "width"))
    return (series.window, series.opener, *(None if p is None else p.tobytes() for p in parts))
