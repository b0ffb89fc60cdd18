"""From a catalogue to a series: the attacks meant, inside the window in which they would have been seen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from analysis.catalogue.caveats import on_coverage, on_dates, on_merging
from analysis.catalogue.filters import Box, kept
from analysis.catalogue.merge import MERGES, Merge, merged
from analysis.catalogue.readings import Dates, bare, timed
from analysis.catalogue.series import Picked, localized, series
from analysis.catalogue.vintage import ONE_DAY, local_moment, unseen
from analysis.errors import ParameterError, check_choice
from analysis.timeline import EventSeries, Window
from analysis.timeline.events import RESOLUTIONS, Resolution

NEEDED = ("event_id", "date_local", "date_earliest", "date_latest", "first_reported", "weapon", "outcome")
Span = tuple[object, object]


def select(
    table: pd.DataFrame,
    *,
    weapon: str | Sequence[str] | None = None,
    target_class: str | Sequence[str] | None = None,
    outcome: str | Sequence[str] | None = None,
    confidence: str | Sequence[str] | None = None,
    area: str | Sequence[str] | Box | None = None,
    start: object = None,
    end: object = None,
    holes: Sequence[Span] = (),
    opened_by_event: bool = False,
    resolution: Resolution = "day",
    merge: Merge = "night",
    exclude: str | Sequence[str] = (),
    dates: Dates | Mapping[str, object] = "point",
    label: str | None = None,
    tz: str | None = None,
) -> EventSeries:
    """The selected attacks as a series inside the window ``[start, end)``.

    Parameters
    ----------
    table : from ``load``
    weapon, target_class, confidence : allowed values, a list or one of them; None for all
    outcome : the same; None leaves out what was found unfired, which has no time of attack
    area : governorate, list of them, or box (west, south, east, north) in degrees
    start, end : dates or times, local; a bare date is its midnight, the end is not included. Always to be
        given, except that ``end`` may be left to the table's ``as_of``
    holes : pairs (from, to) in which nobody was watching; attacks in them are left out, with a note
    opened_by_event : open the window at the first selected attack in ``[start, end)``, which then does not
        count. Where there is none, the window opens at ``start``
    resolution : "day" counts whole days: from the day of the opening attack, or with attacks at mid-day in a
        window opened by a date. "drawn" takes the middle of each reading and keeps the readings to draw
        from. "exact" takes the middles alone
    merge : "night": attacks of one night are one decision, wherever they were; "place": those at one place;
        "none": every row counts. A night merged is dated by its first attack
    exclude : event ids to leave out
    dates : "point", "earliest", "latest", or dates by event id that are taken as known
    label : caption; by default the weapons
    tz : time zone in which the catalogue's dates, and start, end and holes, are local; by default the one
        its codebook names (Asia/Baghdad)

    Returns
    -------
    EventSeries in days, with the vintage of the table, and in ``notes`` everything that was left out

    Raises
    ------
    ParameterError : an unknown value, a window that is not given, is empty or lies wholly outside the record, or
        a time of day where whole days are counted

    Notes
    -----
    Filters come first, then nights are merged, then the window is laid: a night that began before the window
    is outside it, with all its attacks.
    """
    picked = _picked(
        table,
        filters={
            "weapon": weapon,
            "target_class": target_class,
            "outcome": outcome,
            "confidence": confidence,
            "area": area,
            "exclude": exclude,
        },
        span=(start, end),
        holes=holes,
        opened_by_event=opened_by_event,
        resolution=resolution,
        merge=merge,
        dates=dates,
        tz=tz,
    )
    return series(picked, label or _label(weapon), table)


def events(
    table: pd.DataFrame,
    *,
    start: object = None,
    end: object = None,
    resolution: Resolution = "day",
    **settings,
) -> pd.DataFrame:
    """The attacks behind ``select`` with the same settings, as rows, in the order of the series.

    Returns
    -------
    The columns of the catalogue, those of ``merge_nights``, and ``role``: "opening" for the attack that
    opened the window, "event" for those that the series counts.
    """
    known = ("weapon", "target_class", "outcome", "confidence", "area", "exclude")
    filters = {"exclude": (), **{k: settings.pop(k) for k in known if k in settings}}
    settings.pop("label", None)
    rest = {"holes": (), "opened_by_event": False, "merge": "night", "dates": "point", "tz": None}
    unknown = [k for k in settings if k not in rest]
    if unknown:
        raise ParameterError(f"events() has no setting {unknown[0]!r}; it takes those of select()")
    picked = _picked(table, filters=filters, span=(start, end), resolution=resolution, **(rest | settings))
    role = ["event"] * len(picked.rows)
    if picked.opener is None:
        return picked.rows.assign(role=role)
    both = pd.concat([picked.opener.assign(role="opening"), picked.rows.assign(role=role)], ignore_index=True)
    both.attrs = dict(table.attrs)
    return both


def _picked(table, *, filters, span, holes, opened_by_event, resolution, merge, dates, tz) -> Picked:
    """The rows inside the window, and the window with the event that opened it."""
    _check_table(table)
    check_choice("resolution", resolution, RESOLUTIONS)
    check_choice("merge", merge, MERGES)
    tz = tz or table.attrs.get("time_zone", "Asia/Baghdad")
    notes = list(table.attrs.get("notes", ("the table carries no provenance: its attrs were lost",)))
    start, end, said = _bounds(table, *span, tz)
    if reason := unseen(table, start, end):
        raise ParameterError(f"{reason}; give a start and an end that overlap the record, or a later as_of")
    spans = [s for s in (_span(h, start, end, tz) for h in holes) if s]
    if resolution == "day":
        _check_midnights(start, end, *(m for s in spans for m in s))
    rows = timed(bare(table), dates, table.attrs)
    at = _placed(rows, resolution)
    rows, left_out = kept(rows, table.attrs, **filters, counted=_within(at, start, end))
    notes += [*said, *on_dates(rows, dates), *left_out]
    rows = merged(rows, by=merge)
    rows, hidden = _inside(rows, start, end, spans, resolution)
    notes += [*on_merging(rows), *hidden, *on_coverage(table, start, end, filters.get("weapon"), spans)]
    return _opened(rows, start, end, spans, opened_by_event, resolution, notes)


def _check_table(table: object) -> None:
    if not isinstance(table, pd.DataFrame) or any(c not in table for c in NEEDED):
        raise ParameterError("select() takes the table that load() gives; call load('data/attacks.csv') first")


def _bounds(table: pd.DataFrame, start: object, end: object, tz: str) -> tuple[pd.Timestamp, pd.Timestamp, list[str]]:
    if start is None:
        raise ParameterError(
            "start is missing: the window is always given, never guessed from the attacks; "
            "give for example start='2021-04-01'"
        )
    notes = []
    if end is None:
        end = table.attrs.get("as_of")
        if end is None:
            stated = table.attrs.get("coverage")
            hint = f"the record ends on {stated['end']}" if stated else "the first day that nobody watched"
            raise ParameterError(f"end is missing, and the table has no as_of to end on; give end=..., {hint}")
        notes.append(f"no end was given: the window ends with the midnight that begins {end}, the as_of")
    first, last = local_moment(start, "start", tz), local_moment(end, "end", tz)
    if not last > first:
        raise ParameterError(
            f"the window must end after it starts: start {first:%Y-%m-%d %H:%M}, end {last:%Y-%m-%d %H:%M}"
        )
    return first, last, notes


def _span(hole: object, start: pd.Timestamp, end: pd.Timestamp, tz: str) -> tuple[pd.Timestamp, pd.Timestamp] | None:
    """A hole cut to the window; None where it lies outside."""
    if isinstance(hole, str) or not isinstance(hole, Sequence) or len(hole) != 2:
        raise ParameterError(f"a hole must be a pair (from, to) of dates, got {hole!r}")
    a, b = local_moment(hole[0], "hole start", tz), local_moment(hole[1], "hole end", tz)
    if not b > a:
        raise ParameterError(f"a hole must end after it starts: {hole[0]} .. {hole[1]}")
    return (max(a, start), min(b, end)) if a < end and b > start else None


def _check_midnights(*moments: pd.Timestamp) -> None:
    for moment in moments:
        if moment != moment.normalize():
            raise ParameterError(
                f"resolution='day' counts whole days, so {moment:%Y-%m-%d %H:%M} must be a midnight; "
                "give a date, or use resolution='drawn'"
            )


def _placed(rows: pd.DataFrame, resolution: Resolution) -> pd.Series:
    """Where each attack stands on the local calendar: its day at noon, or its point time."""
    return rows["day"] + ONE_DAY / 2 if resolution == "day" else rows["point"]


def _within(at: pd.Series, start: pd.Timestamp, end: pd.Timestamp) -> pd.Series:
    return (at >= start.tz_localize(None)) & (at < end.tz_localize(None))


def _inside(rows, start, end, spans, resolution) -> tuple[pd.DataFrame, list[str]]:
    """The rows in the window and outside its holes, and sentences on those that were not counted."""
    at = _placed(rows, resolution)
    inside = _within(at, start, end)
    hidden = pd.Series(False, index=rows.index)
    for a, b in spans:
        hidden |= inside & _within(at, a, b)
    notes = []
    if n := int(hidden.sum()):
        named = "; ".join(rows.loc[hidden, "merged_ids"])
        notes.append(f"{n} attack{'s' if n > 1 else ''} inside holes of the window left out: {named}")
    first, last = start.tz_localize(None), end.tz_localize(None)
    doubtful = ~inside & (rows["latest"] > first) & (rows["earliest"] < last)
    doubtful |= inside & ~hidden & ((rows["earliest"] < first) | (rows["latest"] > last))
    if doubtful.any():
        named = "; ".join(rows.loc[doubtful, "event_id"])
        notes.append(f"the sources also allow dates on the other side of the window's edge for {named}")
    order = ["day", "point"] if resolution == "day" else ["point"]
    return rows[inside & ~hidden].sort_values(order, kind="stable", ignore_index=True), notes


def _opened(rows, start, end, spans, opened_by_event, resolution, notes) -> Picked:
    opener, opened = None, start
    if not len(rows):
        notes.append("no attack was selected in the window" + (", so none opens it" if opened_by_event else ""))
    elif opened_by_event:
        opener, rows = rows.iloc[:1], rows.iloc[1:].reset_index(drop=True)
        at = opener["day"].iloc[0] if resolution == "day" else opener["point"].iloc[0]
        opened = localized(pd.Series([at]), start.tz)[0]
        spans = [(a, b) for a, b in spans if a >= opened]
    window = Window(opened, end, tuple(spans), opened_by_event=opener is not None)
    return Picked(rows, opener, window, start, resolution, tuple(dict.fromkeys(notes)))


def _label(weapon: object) -> str:
    names = [weapon] if isinstance(weapon, str) else list(weapon or ())
    words = " and ".join({"ied": "roadside bomb"}.get(n, n.replace("_", " ")) for n in names)
    return f"{words} attacks" if words else "attacks"
