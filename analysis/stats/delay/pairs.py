"""Whole days from event to first report, with the longest delay each event could have shown by now."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.errors import ParameterError

NEEDED = ("date_local", "first_reported")


@dataclass(frozen=True, slots=True)
class Delays:
    """Delays seen by ``as_of``: ``delay`` of each event, ``reach`` the largest it could have had, both in whole days.

    ``unknown`` counts events without a first report, ``early`` those reported before the date coded for them,
    ``later`` those reported after ``as_of``: all three are left out.
    """

    delay: np.ndarray
    reach: np.ndarray
    as_of: int
    unknown: int = 0
    early: int = 0
    later: int = 0

    @property
    def n(self) -> int:
        return int(self.delay.size)


def day_number(value: object, setting: str) -> int:
    """A day as a whole number: days since 1970-01-01 for a date, a number rounded down for a number."""
    if isinstance(value, int | float | np.number) and not isinstance(value, bool) and np.isfinite(value):
        return int(np.floor(value))
    try:
        moment = pd.Timestamp(value)
    except (TypeError, ValueError):
        moment = pd.NaT
    if moment is pd.NaT or isinstance(value, bool):
        raise ParameterError(f"{setting} must be a day such as '2021-06-04', or a number of days; got {value!r}")
    return int((moment.tz_localize(None).normalize() - pd.Timestamp(0)) // pd.Timedelta(days=1))


def delays_of(data: object, as_of: object) -> Delays:
    """Delays of a catalogue table, or of a pair of arrays ``(occurred, reported)`` of dates or day numbers."""
    if isinstance(data, pd.DataFrame):
        absent = [c for c in NEEDED if c not in data.columns]
        if absent:
            raise ParameterError(f"a table of delays needs the columns {', '.join(NEEDED)}; {absent} is missing")
        occurred, reported = data["date_local"], data["first_reported"]
    elif isinstance(data, tuple | list) and len(data) == 2 and len(data[0]) == len(data[1]):
        occurred, reported = data
    else:
        raise ParameterError("give a table from load, or a pair (occurred, reported) of equally long arrays")
    last = day_number(as_of, "as_of")
    days = [
        (day_number(a, "occurred"), day_number(b, "reported"))
        for a, b in zip(occurred, reported, strict=True)
        if not pd.isna(a) and not pd.isna(b)
    ]
    pairs = np.array(days, dtype=int).reshape(-1, 2)
    seen = pairs[:, 1] <= last
    delay = pairs[:, 1] - pairs[:, 0]
    kept = seen & (delay >= 0)
    return Delays(
        delay=delay[kept],
        reach=last - pairs[kept, 0],
        as_of=last,
        unknown=len(occurred) - len(days),
        early=int(np.sum(seen & (delay < 0))),
        later=int(np.sum(~seen)),
    )
