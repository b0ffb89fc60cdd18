"""Events that may have changed the pace, and the stretches of time they open and close."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import Literal

import pandas as pd

from analysis.catalogue.codebook import read_yaml
from analysis.catalogue.files import resolve, shown
from analysis.catalogue.load import read_table
from analysis.catalogue.sources import joined
from analysis.catalogue.vintage import ONE_DAY, local_moment
from analysis.errors import CatalogueError, ParameterError, check_choice, nearest
from analysis.timeline import StateSeries, Window

Edges = Literal["days", "moments"]
EDGES: tuple[Edges, ...] = ("days", "moments")


def interventions(path: str | os.PathLike = "data/interventions.csv") -> pd.DataFrame:
    """The interventions as a table, sorted by date_start; dates are naive local midnights, date_end included.

    An event with two sets of sources has two rows of one intervention_id. The dates are a duration for wars,
    talks and holidays, but an uncertainty for visits known to a few days: see ``note``.

    Raises
    ------
    CatalogueError : the file is not there or breaks its codebook
    """
    table = read_table(path)
    _need(table, ("intervention_id", "date_start", "date_end", "kind", "label"))
    attrs = dict(table.attrs)
    table = table.sort_values(["date_start", "date_end"], kind="stable").reset_index(drop=True)
    table.attrs = attrs
    return table


def moments(path: str | os.PathLike = "data/moments.yml") -> pd.DataFrame:
    """Moments known more precisely than the day, one row per name.

    Returns
    -------
    Index: name. Columns: when (Timestamp with time zone), label, opens and closes (lists of intervention
    ids), source, source_url, source_date, confidence, note

    Raises
    ------
    CatalogueError : the file is not there, or a moment lacks its time or zone
    """
    file = resolve(path)
    content = read_yaml(file)
    entries = content.get("moments") if isinstance(content, dict) else None
    if not isinstance(entries, dict) or not entries:
        raise CatalogueError(f"{shown(file)} needs a key moments with one entry per name")
    rows = {str(name): _moment(str(name), said, shown(file)) for name, said in entries.items()}
    return pd.DataFrame.from_dict(rows, orient="index").rename_axis("name")


def spells(
    table: pd.DataFrame,
    window: Window,
    *,
    ids: str | Sequence[str] | None = None,
    kind: str | Sequence[str] | None = None,
    edges: Edges = "days",
    label: str | None = None,
) -> StateSeries:
    """The stretches in which some interventions were on, cut to ``window`` and joined where they touch.

    Parameters
    ----------
    table : from ``interventions``
    window : a dated window
    ids, kind : one of the two: intervention ids, or kinds such as "war" and "diplomacy"
    edges : "days" takes whole local days, the last one included: a war from 10 to 21 May is
        [10 May, 22 May). "moments" takes the clock times of ``data/moments.yml`` where there are any
    label : caption; by default the label of the interventions, or the kind

    Returns
    -------
    StateSeries, without a spell where none falls into the window

    Raises
    ------
    ParameterError : unknown id or kind, or a window without dates
    """
    check_choice("edges", edges, EDGES)
    if not window.dated:
        raise ParameterError("interventions have dates, so they need a window with dates, not one of plain numbers")
    if (ids is None) == (kind is None):
        raise ParameterError("give either ids or kind")
    column, wanted = ("intervention_id", ids) if kind is None else ("kind", kind)
    chosen = table[table[column].isin(_known(table, column, wanted))]
    tz = table.attrs.get("time_zone", "Asia/Baghdad")
    exact = moments() if edges == "moments" else None
    spans = sorted(_span(row, tz, exact) for row in chosen.itertuples())
    return StateSeries.clipped(joined(spans), window, label or "; ".join(dict.fromkeys(chosen["label"])))


def _known(table: pd.DataFrame, column: str, wanted: object) -> list[str]:
    setting = "ids" if column == "intervention_id" else "kind"
    names = [wanted] if isinstance(wanted, str) else list(wanted)
    known = sorted(set(table[column]))
    for name in names:
        if name not in known:
            raise ParameterError(
                f"{setting} names {name!r}, which is no intervention of the table.{nearest(str(name), known)}"
            )
    if not names:
        raise ParameterError(f"{setting} is an empty list; name at least one")
    return names


def _span(row, tz: str, exact: pd.DataFrame | None) -> tuple[pd.Timestamp, pd.Timestamp]:
    start = row.date_start.tz_localize(tz)
    end = (row.date_end + ONE_DAY).tz_localize(tz)
    if exact is None:
        return start, end
    opens = exact.loc[[row.intervention_id in ids for ids in exact["opens"]], "when"]
    closes = exact.loc[[row.intervention_id in ids for ids in exact["closes"]], "when"]
    start = opens.iloc[0].tz_convert(tz) if len(opens) else start
    end = closes.iloc[0].tz_convert(tz) if len(closes) else end
    return start, end


def _moment(name: str, said: object, where: str) -> dict[str, object]:
    if not isinstance(said, dict) or "local" not in said or "time_zone" not in said:
        raise CatalogueError(f"{where}: {name} needs local (2021-05-10T18:02) and time_zone (Asia/Jerusalem)")
    try:
        when = local_moment(str(said["local"]), name, str(said["time_zone"]))
    except ParameterError as error:
        raise CatalogueError(f"{where}: {error}") from None
    lists = {k: list(said.get(k, ())) for k in ("opens", "closes")}
    words = {k: str(said.get(k, "")) for k in ("label", "source", "source_url", "source_date", "confidence", "note")}
    return {"when": when, **lists, **words}


def _need(table: pd.DataFrame, columns: tuple[str, ...]) -> None:
    missing = [c for c in columns if c not in table]
    if missing:
        file = table.attrs.get("file", "the table")
        raise CatalogueError(f"{file} is no table of interventions: it has no column {', '.join(missing)}")
