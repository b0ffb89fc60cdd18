"""Changes in counts per bin, as many as pay for themselves."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.errors import ParameterError, check_choice, check_rng
from analysis.results import Assumption, Estimate, Finding
from analysis.stats.changepoint import card
from analysis.stats.changepoint.partition import COSTS, Cost, calibrated, check_penalty, cut, dearest_change
from analysis.timeline import CountSeries, EventSeries

ABOUT = {
    "question": "After which bins did the rate change?",
    "null": "one constant rate; keeps the number of events and the watched time of each bin",
}
NO_PVALUE = "The penalty was given and not calibrated, so there is no p-value: give false_alarm= and rng=."


def pelt(
    counts: CountSeries | EventSeries,
    *,
    width: float | None = None,
    penalty: float | None = None,
    false_alarm: float | None = None,
    cost: Cost = "poisson",
    min_bins: int = 1,
    rng: object = None,
    resamples: int = 999,
) -> Finding:
    """The cheapest cut of the bins into runs of one rate (PELT), every change costing a penalty.

    Parameters
    ----------
    counts : a CountSeries, or an EventSeries with the ``width`` of its bins; bins nobody watched are left out.
        Dates to be drawn are refused: a reading may move an event to another bin
    penalty : cost of a change: for "poisson" on the scale of twice a log-likelihood (2 log(bins) is BIC's), for
        "l2" in squared counts
    false_alarm : share of constant-rate records in which any change is found, instead of a penalty; the penalty is
        calibrated to it by simulation (multinomial counts)
    cost : "poisson", or "l2" (squares about the mean; for bins watched alike)
    min_bins : fewest bins in a run
    rng, resamples : for ``false_alarm``; None raises there

    Notes
    -----
    Memory grows with the number of bins. So does the time where changes come as the record grows, since pruning drops
    the starts before them; without changes it grows with the square (Killick et al. 2012, theorem 3.2).
    """
    check_choice("cost", cost, COSTS)
    check_penalty(penalty, false_alarm)
    card.check_count("min_bins", min_bins)
    card.check_count("resamples", resamples)
    if isinstance(counts, EventSeries):
        if width is None:
            raise ParameterError("an EventSeries needs width=, the width of the bins")
        if counts.resolution == "drawn" and counts.uncertain:
            about = {**ABOUT, "method": f"PELT, {'Poisson' if cost == 'poisson' else 'L2'} cost"}
            shown = {"cost": cost, "min_bins": min_bins, "false_alarm": false_alarm}
            return card.thin(counts, reason=card.NO_DRAWING, settings=shown, **about)
        counts = counts.binned(width)
    generator = check_rng(rng, "the penalty is calibrated by simulation") if false_alarm is not None else None
    seen = counts.watched > 0
    y, w = counts.counts[seen].astype(float), counts.watched[seen]
    how = {"cost": cost, "least": min_bins}
    shown = {"cost": cost, "min_bins": min_bins, "false_alarm": false_alarm, "bins": int(y.size)}
    about = {**ABOUT, "method": f"PELT, {'Poisson' if cost == 'poisson' else 'L2'} cost"}
    if y.sum() == 0 or y.size < 2 * min_bins:
        return Finding(
            **about,
            n_events=counts.n,
            exposure_days=counts.days,
            warnings=("No event, or too few watched bins for two runs: nothing to cut.",),
            settings=shown,
            inconclusive=True,
        )
    p = None
    if false_alarm is not None:
        draws = generator.multinomial(int(y.sum()), w / w.sum(), size=resamples).astype(float)
        null = np.array([dearest_change(row, w, **how) for row in draws])
        penalty = calibrated(null, false_alarm) * (1 + 1e-9)
        p = float((np.sum(null >= dearest_change(y, w, **how) - 1e-9) + 1) / (resamples + 1))
        shown |= {"resamples": resamples, "seed": card.seed_text(rng)}
    ends, objective = cut(y, w, penalty=penalty, **how)
    starts = np.concatenate([[0], ends[:-1]])
    left, right = counts.edges[:-1][seen], counts.edges[1:][seen]
    n_in, w_in = np.add.reduceat(y, starts), np.add.reduceat(w, starts)
    changes = int(ends.size - 1)
    return Finding(
        **about,
        statistic=objective,
        statistic_name="cost with penalties",
        pvalue=p,
        attainable_pvalue=None if p is None else 1 / (resamples + 1),
        effect=Estimate(
            name="changes of rate",
            value=changes,
            low=None if p is None else 0,
            high=None if p is None else 0,
            level=0.95 if p is None else 1 - false_alarm,
            interval="null range",
        ),
        n_events=counts.n,
        exposure_days=counts.days,
        assumptions=(Assumption("counts independent and Poisson between the changes", "unchecked", "see dispersion"),),
        warnings=() if p is not None else (NO_PVALUE,),
        settings={
            **shown,
            "penalty": float(penalty),
            "ends": ends.tolist(),
            "edges": left[starts[1:]].tolist(),
            "answer": "change" if changes else "no change",
        },
        curve=pd.DataFrame({"start": left[starts], "end": right[ends - 1], "n_events": n_in, "rate": n_in / w_in}),
    )
