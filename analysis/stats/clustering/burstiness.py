"""Are the waits more uneven than those of a constant rate?"""

from __future__ import annotations

import numpy as np

from analysis.errors import check_rng
from analysis.results import Alternative, Assumption, Estimate, Finding
from analysis.stats.clustering import card
from analysis.stats.clustering.wait_statistics import wait_statistics
from analysis.stats.clustering.waits_within import complete, rows_of_waits, steady_rows, variation
from analysis.stats.waiting.past import drawn
from analysis.timeline import EventSeries

ABOUT = {
    "question": "Are the waits more uneven than those of a constant rate?",
    "null": card.POISSON_NULL,
    "method": "burstiness: CV of the complete waits, simulated constant rate",
}


def burstiness(
    series: EventSeries,
    *,
    alternative: Alternative = "two-sided",
    level: float = 0.95,
    rng: object = None,
    resamples: int = 1999,
    refractory: float = 0.0,
    draws: int = 100,
) -> Finding:
    """Coefficient of variation of the complete waits against that of a constant rate in the same window.

    Parameters
    ----------
    series : events and window; waits that reach across a hole are left out, in the data and under the null
    alternative : "greater" for bursts, "less" for regularity
    rng : seed or Generator; None raises, since the null is simulated
    resamples : records of a constant rate; p = (k + 1)/(resamples + 1)
    refractory : time after an event in which none can follow (the R of LvR)
    draws : readings of dates that are to be drawn

    Returns
    -------
    Finding; effect: the CV over its mean under the null, 1 for a constant rate at any n, with the range of the
    null (a value outside it has p of 1 - level or less). ``settings``: cv, cv2, lv, lvr, burstiness (Goh and
    Barabasi, standard deviation with n - 1 and with n) and its form for finite n (Kim and Jo).

    Notes
    -----
    Given their number the events of a constant rate are uniform in watched time whatever the rate, so that the
    simulated p is exact at any n. Few waits have a CV well below 1 under a constant rate (0.75 in the mean of
    three events): the CV itself says little, its ratio to the null's mean is comparable. Goh and Barabasi (2008)
    EPL 81:48002; Kim and Jo (2016) Phys. Rev. E 94:032311.
    """
    card.checked(alternative, level, resamples=resamples, draws=draws)
    generator = check_rng(rng, "the null is simulated")
    settings = {"level": level, "resamples": resamples, "seed": card.seed_text(rng)}
    about = {**ABOUT, "alternative": alternative}
    reason = _thin(series)
    if reason:
        return card.thin(series, reason=reason, settings=settings, **about)
    read = [series.draw(generator) for _ in range(draws)] if drawn(series) else [series]
    seen = np.array([_cv(reading) for reading in read])
    defined = np.isfinite(seen)
    if not defined.any():
        reason = "No reading of the dates leaves two complete waits that are not all 0."
        return card.thin(series, reason=reason, settings=settings, **about)
    null = _steady(series, resamples, generator)
    if null.size < 99:
        reason = "Under a constant rate hardly any record in this window has two complete waits: nothing to compare."
        return card.thin(series, reason=reason, settings=settings, **about)
    centre = float(null.mean())
    low, high = card.spread(null, alternative, level)
    waits = np.concatenate([part for reading in read for part in complete(reading)])
    return Finding(
        **about,
        statistic=float(seen[defined].mean()),
        statistic_name="CV of the complete waits",
        pvalue=card.pvalue(seen[defined], null, alternative),
        attainable_pvalue=min(1.0, (2 if alternative == "two-sided" else 1) / (null.size + 1)),
        effect=Estimate(
            name="CV ratio",
            value=float(seen[defined].mean()) / centre,
            low=None if low is None else low / centre,
            high=None if high is None else high / centre,
            level=level,
            interval="null range",
        ),
        n_events=series.n,
        exposure_days=series.days,
        assumptions=(card.STEADY, card.WATCHED, card.REPORTED, *_left_out(series)),
        warnings=series.notes,
        settings=card.base_settings(
            series,
            **settings,
            null_cv=centre,
            readings=len(read),
            waits=waits.size // len(read),
            **_statistics(read, refractory),
        ),
        vintage=series.vintage,
    )


def _steady(series: EventSeries, size: int, rng: np.random.Generator) -> np.ndarray:
    """CVs of records of a constant rate that have one; where holes leave few of them, up to 20 times as many drawn."""
    found = np.empty(0)
    for _ in range(20):
        rows = steady_rows(series, size, rng)
        cvs = np.concatenate([variation(*rows_of_waits(chunk, series.window)) for chunk in rows])
        found = np.append(found, cvs[np.isfinite(cvs)])
        if found.size >= size:
            break
    return found[:size]


def _cv(series: EventSeries) -> float:
    return float(variation(*rows_of_waits(series.times[None], series.window))[0])


def _thin(series: EventSeries) -> str | None:
    if sum(part.size for part in complete(series)) < 2:
        return "Fewer than two complete waits: they have no spread."
    if not drawn(series) and not np.isfinite(_cv(series)):
        return "All complete waits are 0: the events share one time."
    return None


def _statistics(read: list[EventSeries], refractory: float) -> dict[str, float | None]:
    """The statistics of the waits, in the mean over readings; neighbours within one watched stretch only."""
    names = ("cv", "cv2", "lv", "lvr", "burstiness", "burstiness_n", "burstiness_finite")
    rows = []
    for reading in read:
        parts = complete(reading)
        whole = wait_statistics(np.concatenate(parts), refractory=refractory)
        with_n = wait_statistics(np.concatenate(parts), ddof=0)
        near = [wait_statistics(part, refractory=refractory) for part in parts if part.size > 1 and part.any()]
        weights = [part.size - 1 for part in parts if part.size > 1 and part.any()]
        local = {
            name: float(np.average([getattr(f, name) for f in near], weights=weights)) if near else None
            for name in ("cv2", "lv", "lvr")
        }
        row = {"cv": whole.cv, "burstiness": whole.burstiness, "burstiness_n": with_n.burstiness, **local}
        rows.append([row.get(name, whole.burstiness_finite) for name in names])
    return {name: _mean([row[i] for row in rows]) for i, name in enumerate(names)}


def _mean(values: list[float | None]) -> float | None:
    known = [v for v in values if v is not None]
    return float(np.mean(known)) if known else None


def _left_out(series: EventSeries) -> tuple[Assumption, ...]:
    if not series.window.holes:
        return ()
    return (Assumption("waits across holes left out", "holds", "in the simulated records too"),)
