"""How many attacks are missing: what the time before leads to expect, less what came, with limits."""

from __future__ import annotations

import numpy as np

from analysis.errors import check_rng
from analysis.results import Alternative, Assumption, Estimate, Finding
from analysis.stats.interruption import card, dispersion
from analysis.stats.interruption.design import Design, design
from analysis.stats.interruption.prediction import Prediction
from analysis.timeline import CountSeries

# Events before for each coefficient of a course: with 9 of them the prediction failed in 11 % instead of 5 %.
PER_COEFFICIENT = 20


def missing(
    counts: CountSeries,
    *,
    at: float,
    until: float | None = None,
    trend: bool = False,
    harmonics: int = 0,
    period: float = 365.25,
    alternative: Alternative = "two-sided",
    level: float = 0.95,
    rng: object = None,
    resamples: int = 999,
) -> Finding:
    """Attacks that did not come (above 0) or came beyond what was to be expected (below 0), with predictive limits.

    Parameters
    ----------
    counts : events per bin and the watched time of each
    at, until : edges of bins: what came before ``at`` predicts the count from ``at`` to ``until`` (None: the end)
    trend, harmonics, period : the course fitted to the time before, as in ``interrupted``
    alternative : "less" means that fewer came than expected
    rng, resamples : needed with a trend or a season

    Notes
    -----
    With one rate before, the limits hold every count that the exact conditional test of an unchanged rate does not
    reject, less what came; 0 lies inside exactly when p is above 1 - level. With a trend or season the prediction is
    calibrated by simulation: the time before is simulated from its fit and fitted anew, and the root-transformed
    error of the prediction gives the limits and p.
    """
    card.checked(alternative, level)
    card.whole("resamples", resamples, 99)
    form = "level" if until is None else "pulse"
    model = design(
        counts, at=at, until=until, form=form, trend=trend, harmonics=harmonics, period=period, covariates=None
    )
    before = model.middle < float(at)
    constant = model.others.shape[1] == 1
    about = {
        "question": f"How many {counts.label} are missing after {at:g}?",
        "null": "the course of the time before goes on; keeps the counts before, destroys what came after",
        "method": f"attacks missing, {'exact conditional' if constant else 'calibrated'} prediction",
        "alternative": alternative,
    }
    settings = {"at": at, "until": until, "trend": trend, "harmonics": harmonics, "period": period, "level": level}
    settings |= {"resamples": None if constant else resamples, "seed": card.seed_text(rng)}
    generator = None if constant else check_rng(rng, "the prediction is calibrated by simulation")
    least = 1 if constant else PER_COEFFICIENT * model.others.shape[1]
    reason = _unfit(model, before, least)
    if reason:
        return card.refused(model, reason, about, settings)
    part = Prediction(model, before)
    if constant:
        p, ends, thrown = part.exact(alternative, level)
    else:
        p, ends, thrown = part.calibrated(alternative, level, generator, resamples)
    return _finding(part, about, settings, p, ends, thrown)


def _finding(part: Prediction, about, settings, p: float, ends, thrown) -> Finding:
    spread, told = _spread(part, thrown)
    # Many to come are many missing: the ends keep their order.
    low, high = (None if e is None else float(e - part.came) for e in ends)
    less = about["alternative"] == "less"
    wide = "The counts before spread more than Poisson ones: the limits are too narrow."
    return Finding(
        **about,
        n_events=(part.past, int(part.came)),
        exposure_days=(part.days, part.ahead_days),
        statistic=part.came,
        statistic_name="events after",
        pvalue=p,
        attainable_pvalue=part.smallest(settings["resamples"]) if less else 0.0,
        effect=Estimate(
            name="attacks missing",
            value=float(part.expected.sum() - part.came),
            low=low,
            high=high,
            level=settings["level"],
            interval="predictive",
        ),
        assumptions=(
            spread,
            Assumption("the course of the time before would have gone on", "unchecked", "the further, the less sure"),
            card.CHOSEN_BEFORE,
            card.WATCHED_ALIKE,
        ),
        warnings=(wide,) if spread.status == "fails" else (),
        settings=settings | told | {"expected": float(part.expected.sum()), "bins": int(part.counts.size)},
        curve=part.curve(settings["level"]),
    )


def _unfit(model: Design, before: np.ndarray, least: int) -> str | None:
    if model.watched[model.after].sum() <= 0 or model.watched[before].sum() <= 0:
        return "Nobody watched on one side of the date: there is nothing to compare."
    n = int(model.counts[before].sum())
    if n < least:
        return f"Fewer than {least} events before the date: what was to be expected cannot be fitted."
    columns = model.others[before]
    if np.linalg.matrix_rank(columns) < columns.shape[1]:
        return "Too few bins before the date for the trend or season."
    return None


def _spread(part: Prediction, thrown: np.ndarray | None) -> tuple[Assumption, dict]:
    """The dispersion of the time before."""
    fit = dispersion.Fit(part.counts, part.columns, part.offset)
    return dispersion.judged(fit, thrown)
