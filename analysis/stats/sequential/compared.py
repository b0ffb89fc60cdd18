"""The rate after a date over the rate before it, both unknown, watched as the after period goes on."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.errors import ParameterError
from analysis.results import Alternative, Estimate, Finding
from analysis.stats.sequential import card
from analysis.stats.sequential.mixtures import beta_mixture
from analysis.timeline import EventSeries

STRENGTH = 2.0


def ratio(
    series: EventSeries,
    *,
    at: object,
    until: object,
    null_ratio: float = 1.0,
    strength: float = STRENGTH,
    alternative: Alternative = "two-sided",
    level: float = 0.95,
) -> Finding:
    """Ratio of rates after over before, with evidence and limits that hold at every look up to a planned end.

    Parameters
    ----------
    series : the record up to now; its window ends at the present look
    at : the date that parts before from after, fixed before looking; an event at that instant falls after it
    until : the planned end of the after period, fixed before looking: a date, or elapsed time, now or later
    null_ratio : the ratio tested, above 0
    strength : weight of the beta law over alternatives, in events; its mean is that of a ratio of 1

    Notes
    -----
    The before period is played back beside the after period: when a share u of the planned after time has been
    watched, the first share u of the before time is shown too. Both are Poisson, so that each event shown is one of
    the after period with chance ``theta A / (B + theta A)``, independently, B and A the planned watched times:
    given the sum the counts are binomial at every look, whatever the rates. The evidence is the likelihood ratio
    of the labels averaged over a beta law (Ville 1939; Robbins 1970). What of the before period has not yet been
    shown is not used, the price of exactness: at the planned end nothing is left out.
    """
    card.checked(alternative, level)
    null_ratio, strength = card.above_zero(null_ratio, "null_ratio"), card.above_zero(strength, "strength")
    card.refuse_drawn(series)
    before, after, exposure, shown, planned = _played(series, at, until)
    label = np.concatenate([np.zeros(before.size), np.ones(after.size)])
    share_at = np.concatenate([before, after])
    order = np.argsort(share_at, kind="stable")
    # Looks fall after all events of one instant.
    last = np.append(np.diff(share_at[order]) > 0, True)[: order.size].astype(bool)
    k, m = np.cumsum(label[order])[last], (np.arange(order.size) + 1)[last]
    k, m = np.append(0, k), np.append(0, m)
    even = planned[1] / (planned[0] + planned[1])
    prior = {"expected": even, "strength": strength, "alternative": alternative}

    def logs_of(theta: float) -> np.ndarray:
        share = theta * planned[1] / (planned[0] + theta * planned[1])
        return beta_mixture(k, m, share=share, **prior)

    logs = logs_of(null_ratio)
    b, a = int(m[-1] - k[-1]), int(k[-1])
    crude = (a + 0.5) / (b + 0.5) * planned[0] / planned[1]
    low, high = card.limits(logs_of, crude, alternative=alternative, level=level)
    value = None if b == 0 else a / b * planned[0] / planned[1]
    effect = Estimate(name="rate ratio", value=value, low=low, high=high, level=level)
    thin = m[-1] == 0
    elapsed = np.append(0.0, share_at[order][last])
    return Finding(
        question=f"Has the rate of {series.label} changed after the date, whenever one looks?",
        null=f"the rate after is {null_ratio:g} times the rate before; looks and stop may follow the data",
        method="beta-mixture e-process of the labels",
        alternative=alternative,
        statistic=float(np.exp(min(logs[-1], 700.0))),
        statistic_name="evidence now (e-value)",
        pvalue=None if thin else card.pvalue(logs),
        attainable_pvalue=None if thin else 0.0,
        effect=effect,
        n_events=(b, a),
        exposure_days=exposure,
        assumptions=card.ASSUMED,
        warnings=(("No event has been shown yet.",) if thin else card.left_over(effect, "ratio")) + series.notes,
        settings=card.base_settings(
            series,
            at=str(at),
            until=str(until),
            null_ratio=null_ratio,
            strength=strength,
            level=level,
            share_shown=shown,
        ),
        vintage=series.vintage,
        curve=pd.DataFrame(
            {"share": elapsed, "before": m - k, "after": k, "evidence": np.exp(np.clip(logs, -700, 700))}
        ),
        inconclusive=bool(thin),
    )


def _played(series: EventSeries, at: object, until: object):
    """Shares of the planned time at which events of both periods are shown, watched time shown, and planned times."""
    window = series.window
    cut, end = window.elapsed(at), window.elapsed(until)
    if not 0 < cut < window.span:
        raise ParameterError(f"the date {at} must lie inside the window {window}")
    if end < window.span * (1 - 1e-9):
        raise ParameterError(
            f"the planned end {until} lies before the present end of the window {window}; cut the series there"
        )
    before, after = window.watched(0, cut), window.watched(cut)
    # Beyond the present the watch is taken to go on without holes.
    planned = after + (end - window.span)
    if before <= 0 or after <= 0:
        raise ParameterError(f"nobody watched on one side of {at} in {window}")
    shown = after / planned
    early, late = series.times[series.times < cut], series.times[series.times >= cut]
    first = window.clock(early) / before
    second = (window.clock(late) - window.clock(cut)) / planned
    first = first[first <= shown]
    return first, second, (before * shown, after), float(shown), (before, planned)
