"""One view of the catalogue from which claims are answered: what was known, until when, with which filters."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import pandas as pd

from analysis.catalogue import events, interventions, select, spells
from analysis.catalogue.claims import Claim
from analysis.catalogue.vintage import unseen
from analysis.errors import ParameterError, nearest
from analysis.timeline import EventSeries, StateSeries, Window

ONE_DAY = pd.Timedelta(days=1)


@dataclass(frozen=True, kw_only=True)
class View:
    """A catalogue as it was known on some day, ``table``, and how to look at it.

    ``until`` is None for the claim's own window, else the date to which the record goes on. ``then`` is the table as
    it was when the article was printed, from which forecasts are made. ``filters`` are settings of ``select``.
    """

    table: pd.DataFrame
    until: str | None = None
    then: pd.DataFrame | None = None
    seed: int | None = None
    responses: pd.DataFrame | None = None
    filters: Mapping[str, Any] = field(default_factory=dict)
    _kept: dict[str, Any] = field(default_factory=dict, repr=False, compare=False)

    def changed(self, change: Mapping[str, Any]) -> View:
        """The same view with other settings of ``select``."""
        return replace(self, filters={**self.filters, **change})

    def series(self, claim: Claim, *, own_window: bool = False, **more: Any) -> EventSeries:
        """The attacks a claim speaks of; ``own_window`` ends with the claim's window whatever the view."""
        return self._once(select, self._settings(claim, own_window, more))

    def rows(self, claim: Claim, *, own_window: bool = False, **more: Any) -> pd.DataFrame:
        """The attacks themselves, every one a row, unmerged."""
        more = {"merge": "none", "opened_by_event": False, **more}
        return self._once(events, self._settings(claim, own_window, more))

    def unseen(self, claim: Claim) -> str:
        """Why nothing of a claim's window could be known in this view, as a sentence; empty where something could."""
        table = self.then if claim.kind == "forecast" and self.then is not None else self.table
        reason = unseen(table, *(pd.Timestamp(moment) for moment in claim.window))
        return f"{reason[:1].upper()}{reason[1:]}." if reason else ""

    def _once(self, ask: Callable[..., Any], settings: Mapping[str, Any]) -> Any:
        """Several tests of one claim ask for the same attacks: they are selected once."""
        key = f"{ask.__name__} {sorted(settings.items())!r}"
        if key not in self._kept:
            self._kept[key] = ask(self.table, **settings)
        return self._kept[key]

    def _settings(self, claim: Claim, own_window: bool, more: Mapping[str, Any]) -> dict[str, Any]:
        start, end = claim.window
        known = set(self.table["event_id"])
        settings = {
            "weapon": list(claim.weapon),
            "start": start,
            "end": end if own_window else self.until or end,
            "opened_by_event": claim.opened_by_event,
            "exclude": [i for i in claim.exclude if i in known],
        }
        return {**settings, **self.filters, **more}

    def rng(self, claim: Claim, test: str) -> np.random.Generator:
        """Random numbers for one test of one claim: from the seed and their names, so that no draw moves another."""
        if self.seed is None:
            raise ParameterError(
                f"{claim.id}: {test} draws at random; give answers() a seed, for example seed=20210604"
            )
        key = hashlib.sha256(f"{claim.id} {test}".encode()).digest()
        return np.random.default_rng([self.seed, int.from_bytes(key[:8], "big")])

    def state(self, claim: Claim, window: Window) -> StateSeries:
        """When what is said to matter was on: the days of the interventions, or so many days after each."""
        table = self._interventions(claim)
        if claim.response_days is None:
            return spells(table, window, ids=list(claim.interventions), label=self._label(table, claim))
        length = pd.Timedelta(days=claim.response_days)
        spans = [(day, day + length) for day in self.dates(claim, window)]
        label = f"{claim.response_days:g} days after {self._label(table, claim)}"
        return StateSeries.clipped(spans, window, label)

    def dates(self, claim: Claim, window: Window) -> list[pd.Timestamp]:
        """The first days of a claim's interventions inside a window."""
        table = self._interventions(claim)
        chosen = table[table["intervention_id"].isin(claim.interventions)].drop_duplicates("intervention_id")
        zone = table.attrs.get("time_zone", "Asia/Baghdad")
        days = sorted(chosen["date_start"].dt.tz_localize(zone))
        return [day for day in days if window.start < day < window.end]

    def _interventions(self, claim: Claim) -> pd.DataFrame:
        if self.responses is None and "interventions" not in self._kept:
            self._kept["interventions"] = interventions()
        table = self._kept["interventions"] if self.responses is None else self.responses
        known = set(table["intervention_id"])
        for i in claim.interventions:
            if i not in known:
                raise ParameterError(f"{claim.id}: no intervention {i!r} in the table.{nearest(i, known)}")
        return table

    def _label(self, table: pd.DataFrame, claim: Claim) -> str:
        labels = table.loc[table["intervention_id"].isin(claim.interventions), ["intervention_id", "label", "kind"]]
        labels = labels.drop_duplicates("intervention_id")
        return labels["label"].iloc[0] if len(labels) == 1 else f"a {labels['kind'].iloc[0]}"
