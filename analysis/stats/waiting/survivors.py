"""How long waits last: the share that is still open after each number of days."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.errors import check_level
from analysis.results import Assumption, Estimate, Finding
from analysis.stats.waiting import card
from analysis.stats.waiting.product_limit import COLUMNS, crossing, kaplan_meier
from analysis.timeline import EventSeries

ABOUT = {
    "question": "How long do the waits last?",
    "null": "none: the waits are described, no hypothesis is tested",
    "method": "Kaplan-Meier survival of waits, log-log limits",
}
NO_TEST = "An estimate, not a test: it has no p-value."


def survival(series: EventSeries, *, level: float = 0.95) -> Finding:
    """Kaplan-Meier and Nelson-Aalen of the waits, the open one censored; the effect is the median wait.

    A wait across a hole is censored where watching stopped and enters again, left-truncated, where it went
    on. The stretch before the first event is not a wait unless an event opened the window. Limits of the
    median after Brookmeyer and Crowley (1982, Biometrics 38:29-41), read from the log-log band; None where
    the band does not come down to one half.

    ``curve``: a row at 0, at each event time, and where the last wait was last watched, with days, at_risk,
    events, survival, low, high, cumulative_hazard, std_error. Where survival has reached 0 the upper limit is
    carried on (survival falls, so it stays valid) and the error is missing.
    """
    check_level(level)
    table = series.waits()
    table = table[(table["kind"] != "entry") & (table["days"] > table["entered"] - 1e-12)]
    table = table[~table["censored"] | (table["days"] > table["entered"])]
    observed = ~table["censored"].to_numpy()
    settings = {"level": level, "waits": len(table), "ended": int(observed.sum())}
    settings["open_wait_days"] = None if series.window.closed_by_event else series.quiet_days
    if not observed.any():
        reason = "No wait has ended inside the window."
        return card.thin(series, reason=reason, settings=settings, **ABOUT)
    ages = table[["days", "entered"]].to_numpy()
    steps = kaplan_meier(ages[:, 0], observed, entered=ages[:, 1], level=level)
    days = steps["days"].to_numpy()
    median = crossing(days, steps["survival"].to_numpy(), 0.5)
    low, high = (crossing(days, steps[side].to_numpy(), 0.5) for side in ("low", "high"))
    reasons = [NO_TEST]
    if median is None:
        reasons.append("More than half of the waits are still open at the longest one seen: no median.")
    if steps["survival"].iloc[-1] == 0 and ages[:, 0].max() > days[-1]:
        reasons.append("Survival reached 0 while older waits were still to be seen: the risk set was too small.")
    return Finding(
        **ABOUT,
        statistic=median,
        statistic_name="median wait",
        effect=Estimate(name="median wait", value=median, low=low, high=high, level=level, unit=series.window.unit),
        n_events=series.n,
        exposure_days=series.days,
        assumptions=(
            Assumption("waits end independently of when watching stops", "unchecked", "the end is fixed by date"),
            Assumption("one law of waits throughout", "unchecked", "see the trend tests"),
            *_holes(series),
        ),
        warnings=(*reasons, *series.notes),
        settings=card.base_settings(series, **settings),
        vintage=series.vintage,
        curve=_curve(steps, ages),
    )


def _curve(steps: pd.DataFrame, ages: np.ndarray) -> pd.DataFrame:
    """The steps with a row at 0 and one where the last wait was last watched."""
    first = pd.DataFrame([[0.0, int((ages[:, 1] == 0).sum()), 0, 1.0, 1.0, 1.0, 0.0, 0.0]], columns=COLUMNS)
    parts = [steps] if steps["days"].iloc[0] == 0 else [first, steps]
    longest = ages[:, 0].max()
    if longest > steps["days"].iloc[-1]:
        left = int(((ages[:, 0] >= longest) & (ages[:, 1] < longest)).sum())
        last = steps.iloc[[-1]].assign(days=longest, at_risk=float(left), events=0.0)
        parts.append(last)
    curve = pd.concat(parts, ignore_index=True).astype(float)
    over = curve["survival"] == 0
    curve.loc[over, "low"] = 0.0
    curve["high"] = curve["high"].fillna(curve["high"].ffill()).fillna(1.0)
    return curve


def _holes(series: EventSeries) -> tuple[Assumption, ...]:
    if not series.window.holes:
        return ()
    return (Assumption("no event fell into a hole", "unchecked", "a missed one would make a wait too long"),)
