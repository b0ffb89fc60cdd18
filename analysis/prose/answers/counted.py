"""Shares of attacks: with US casualties, on secretive sites, by drone."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from analysis.catalogue.claims import Claim
from analysis.prose.answers.view import View
from analysis.results import Finding
from analysis.stats import rates


def share(view: View, claim: Claim) -> Finding:
    """The share a claim speaks of, in its own window: with US casualties, or on secretive sites."""
    rows = view.rows(claim, own_window=True)
    if claim.casualties is not None:
        hurt, told = casualties(rows)
        return _share(claim, int(hurt.sum()), int(told.sum()), rows, "with US casualties")
    rating = rated(view, rows)
    return _share(claim, int(rating.eq("yes").sum()), int(rating.notna().sum()), rows, "on secretive sites")


def shares(view: View, claim: Claim) -> Finding:
    """The share on secretive sites against that of the other weapons; else the share of drones, late against early."""
    return _sites(view, claim) if claim.against else _late_and_early(view, claim)


def casualties(rows: pd.DataFrame, *, without: tuple[str, ...] = ()) -> tuple[pd.Series, pd.Series]:
    """Whether each attack had US casualties, and whether any source says so or says not.

    ``without`` are the events whose casualty is none under the narrower definition. A blank is not reported: a row
    with both numbers blank tells nothing.
    """
    numbers = rows[["us_killed", "us_wounded"]] if "us_killed" in rows else pd.DataFrame(index=rows.index)
    hurt = numbers.gt(0).fillna(False).any(axis=1) & ~rows["event_id"].isin(without)
    return hurt, numbers.notna().any(axis=1)


def rated(view: View, rows: pd.DataFrame) -> pd.Series:
    """Whether the site of each attack was called secretive: its own rating, else the one its site has elsewhere."""
    if "site_sensitive" not in rows:
        return pd.Series(pd.NA, index=rows.index, dtype="object")
    known = view.table.dropna(subset=["site_sensitive"]).drop_duplicates("site").set_index("site")["site_sensitive"]
    return rows["site_sensitive"].astype("object").fillna(rows["site"].map(known).astype("object"))


def _share(claim: Claim, count: int, total: int, rows: pd.DataFrame, of: str) -> Finding:
    side = {"alternative": claim.alternative if claim.kind != "test" else "two-sided"}
    return rates.share(count, total, level=claim.level, of_kind=of, **side)


def _sites(view: View, claim: Claim) -> Finding:
    own = rated(view, view.rows(claim, own_window=True))
    other = rated(view, view.rows(claim, own_window=True, weapon=list(claim.against)))
    counts = [int(x) for r in (own, other) for x in (r.eq("yes").sum(), r.notna().sum())]
    names = {"label": " and ".join(claim.weapon) + " attacks", "other_label": " and ".join(claim.against) + " attacks"}
    of = "on secretive sites"
    return _compared(counts, claim, of_kind=of, **names)


def _late_and_early(view: View, claim: Claim) -> Finding:
    """The share of the claim's last weapon in the second half of the window against the first half."""
    newest = claim.weapon[-1]
    rows = view.rows(claim)
    start, end = (pd.Timestamp(d) for d in (claim.window[0], view.until or claim.window[1]))
    late = rows["date_local"] >= start + (end - start) / 2
    new = rows["weapon"].eq(newest).fillna(False)
    counts = [int(x) for half in (late, ~late) for x in ((new & half).sum(), half.sum())]
    names = {
        "label": "attacks of the second half",
        "other_label": "attacks of the first half",
        "of_kind": f"by {newest}",
    }
    return _compared(counts, claim, **names)


def _compared(counts: list[int], claim: Claim, **names: str) -> Finding:
    """The odds ratio; its settings keep the words, so that the counts can be told in a sentence."""
    side = {"alternative": claim.alternative, "level": claim.level}
    found = rates.share_ratio(tuple(counts[:2]), tuple(counts[2:]), **side, **names)
    return replace(found, settings={**found.settings, **names})
