"""Does the hazard ratio of a response change with the age of the wait? A check of the Cox model's assumption."""

from __future__ import annotations

import numpy as np

from analysis.errors import check_choice, check_rng
from analysis.results import Alternative, Assumption, Estimate, Finding
from analysis.stats.hazard import approximate, card
from analysis.stats.hazard.cox import CLOCKS, Clock
from analysis.stats.hazard.placebo import Placebo
from analysis.stats.hazard.responses import Decay, Response, response
from analysis.stats.hazard.risk import Frozen, sums
from analysis.stats.hazard.series_hazard import fitted
from analysis.timeline import EventSeries

# Newton steps that are enough for one coefficient started at the estimate.
STEPS = 12


def proportionality(
    series: EventSeries,
    interventions: object,
    *,
    response_days: float | None = None,
    decay: Decay = "none",
    covariates: Frozen = "split",
    clock: Clock = "km",
    alternative: Alternative = "two-sided",
    level: float = 0.95,
    rng: object = None,
    resamples: int = 499,
) -> Finding:
    """Schoenfeld residuals against the age of the wait (Grambsch and Therneau 1994), with a simulated p.

    The score test of adding ``x g(age)`` to the Cox model. Its null is simulated: the fitted ratio, a constant
    baseline, the same number of events, the ratio estimated anew in every simulated series.

    Parameters
    ----------
    series, interventions, response_days, decay, covariates : as in ``series_hazard``
    clock : g, the transformed age: "km" (one minus Kaplan-Meier), "identity", "log" or "rank"
    alternative : "greater" means that the hazard ratio grows with the age of the wait
    level : of the range that the null gives the slope; the slope itself is a one-step estimate
    rng, resamples : p = (k + 1) / (resamples + 1) on each side

    Raises
    ------
    ParameterError : dates that are to be drawn: pass one reading, ``series.draw(rng)``
    """
    card.checked(alternative, level, covariates, "breslow")
    check_choice("clock", clock, CLOCKS)
    card.whole("resamples", resamples, 99)
    approximate.check_exact_dates(series, "proportionality")
    generator = check_rng(rng, "the null is simulated")
    covariate = response(interventions, series.window, response_days=response_days, decay=decay)
    about = {
        "question": f"Does the effect of a response on {series.label} change with the age of the wait?",
        "null": "one hazard ratio at every age and a constant baseline; keeps the number of events and the ratio",
        "method": f"proportional hazards, score test of Schoenfeld residuals ({clock}), simulated null",
        "alternative": alternative,
    }
    settings = {"response_days": response_days, "decay": decay, "covariates": covariates, "clock": clock}
    settings |= {"level": level, "resamples": resamples, "seed": card.seed_text(rng)}
    described = card.described(series, covariate, **settings)
    reason = card.unfit(series, covariate)
    seen = None if reason else slope_test(series.times[None, :], series, covariate, covariates, clock)
    if reason is None and not seen[2][0]:
        reason = "No finite hazard ratio, or too few event times with both at risk, to see it change with age."
    if reason:
        return card.refused(series, covariate, reason, about, described)
    fit = fitted(series, [covariate], covariates, "breslow")
    seed = int(generator.integers(2**63))
    test = Placebo(series, covariate, covariates=covariates, null="uniform_times", resamples=resamples, seed=seed)
    z, slope, usable = slope_test(test.moved(float(fit.coefficients[0])), series, covariate, covariates, clock)
    # A simulated series that says nothing counts as no departure at all.
    z, slope = np.where(usable, z, 0.0), slope[usable]
    slack = 1e-9 * max(1.0, abs(seen[0][0]))
    less, greater = (
        (1 + int(k)) / (resamples + 1) for k in ((z <= seen[0] + slack).sum(), (z >= seen[0] - slack).sum())
    )
    p = {"less": less, "greater": greater, "two-sided": min(1.0, 2 * min(less, greater))}[alternative]
    low, high = np.quantile(slope, [(1 - level) / 2, (1 + level) / 2]) if slope.size else (None, None)
    return Finding(
        **about,
        **card.counted(series, covariate),
        statistic=float(seen[0][0]),
        statistic_name="signed root of the score test",
        pvalue=p,
        attainable_pvalue=(2 if alternative == "two-sided" else 1) / (resamples + 1),
        effect=Estimate(
            name=f"change of the log hazard ratio per unit of {clock} age",
            value=float(seen[1][0]),
            low=None if low is None else float(low),
            high=None if high is None else float(high),
            level=level,
            interval="null range",
        ),
        assumptions=(
            Assumption("constant baseline hazard under the null", "unchecked", "ranks of ages depend little on it"),
            card.SAME_BASELINE,
        ),
        warnings=(*approximate.warnings_of(fit, 0, covariate), *series.notes),
        settings=described | {"hazard_ratio": approximate.ratio(fit, 0)},
        vintage=series.vintage,
    )


def slope_test(
    times: np.ndarray, series: EventSeries, covariate: Response, covariates: Frozen, clock: Clock
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """For each row of times: the signed root of the score test, the one-step slope, and whether there is one.

    Breslow ties; one covariate. Newton's method runs on all rows at once.
    """
    beta = np.zeros(times.shape[0])
    for _ in range(STEPS):
        found = sums(times, series, covariate, beta, covariates)
        score, information = (found.own - found.mean).sum(axis=1), found.variance.sum(axis=1)
        beta = beta + np.clip(np.where(information > 1e-9, score / np.maximum(information, 1e-9), 0.0), -2, 2)
    found = sums(times, series, covariate, beta, covariates)
    variance = found.variance
    g = _transformed(times, series, covariate, covariates, found.age, clock)
    g = g - g.mean(axis=1, keepdims=True) if g.shape[1] else g
    score = (g * (found.own - found.mean)).sum(axis=1)
    plain, once, twice = (((g**k) * variance).sum(axis=1) for k in range(3))
    usable = (plain > 1e-6) & (np.abs(beta) < 12)
    left = twice - once**2 / np.where(usable, plain, 1.0)
    usable &= left > 1e-9 * np.maximum(twice, 1e-300)
    safe = np.where(usable, left, 1.0)
    return np.where(usable, score / np.sqrt(safe), 0.0), np.where(usable, score / safe, 0.0), usable


def _transformed(times, series, covariate, covariates, age: np.ndarray, clock: Clock) -> np.ndarray:
    if clock == "identity":
        return age
    if clock == "log":
        above = np.where(age > 0, age, np.inf).min(axis=1, keepdims=True, initial=np.inf)
        return np.log(np.maximum(age, np.where(np.isfinite(above), above / 2, 1.0)))
    order = np.argsort(age, axis=1, kind="stable")
    rank = np.argsort(order, axis=1, kind="stable")
    if clock == "rank":
        return rank + 1.0
    at_risk = sums(times, series, covariate, 0.0, covariates, powers=1).total
    by_age = np.take_along_axis(at_risk, order, axis=1)
    # Tied ages: each event in its turn takes one off those at risk.
    tied = np.take_along_axis(age, order, axis=1)
    turn = np.zeros_like(by_age)
    for k in range(1, by_age.shape[1]):
        turn[:, k] = np.where(tied[:, k] == tied[:, k - 1], turn[:, k - 1] + 1, 0)
    kept = np.cumprod(1 - 1 / np.maximum(by_age - turn, 1.0), axis=1)
    before = np.concatenate([np.ones((age.shape[0], 1)), kept[:, :-1]], axis=1)
    for k in range(1, by_age.shape[1]):
        before[:, k] = np.where(turn[:, k] > 0, before[:, k - 1], before[:, k])
    return np.take_along_axis(1 - before, rank, axis=1)
