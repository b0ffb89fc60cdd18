"""Large-sample tests of Cox's hazard ratios, Wald and likelihood ratio, offered by name only."""

from __future__ import annotations

from typing import Literal

import numpy as np
from scipy import optimize, special

from analysis.errors import ParameterError, check_choice
from analysis.results import Assumption, Estimate, Finding
from analysis.stats.hazard import card, partial
from analysis.stats.hazard.cox import CoxFit, cox
from analysis.stats.hazard.partial import Rows
from analysis.stats.hazard.responses import Response
from analysis.stats.hazard.risk import rows_of
from analysis.timeline import EventSeries

Errors = Literal["model", "robust"]
METHODS = ("likelihood_ratio", "wald")
FEWEST = 5
MEASURED = {
    "likelihood_ratio": "rejects a constant rate in 2 to 3, 5 to 6 and 3 to 5 % at n = 10, 30 and 100, nominal 5 %",
    "model": "rejects a constant rate in 0 to 2, 4 and 2 to 5 % at n = 10, 30 and 100, nominal 5 %",
    "robust": "rejects a constant rate in 4 to 7, 6 to 8 and 5 % at n = 10, 30 and 100, nominal 5 %",
}


def check_exact_dates(series: EventSeries, method: str) -> None:
    """Large-sample methods take dates as they are."""
    if series.resolution == "drawn" and series.uncertain:
        raise ParameterError(
            f"method={method!r} takes dates as they are, and these are to be drawn; use method='placebo_dates', "
            "or one reading: series.draw(rng)"
        )


def finding(
    series: EventSeries, responses: list[Response], at: int, *, about, method, errors: Errors, settings, curve: bool
) -> Finding:
    """The finding on one of the covariates, the others adjusted for."""
    check_choice("errors", errors, ("model", "robust"))
    if errors == "robust" and method != "wald":
        raise ParameterError("errors='robust' goes with method='wald'; a likelihood ratio has no robust form here")
    covariate, alternative, level = responses[at], about["alternative"], settings["level"]
    described = card.described(series, covariate, **settings, errors=errors)
    reason = card.unfit(series, covariate)
    if reason is None and settings["waits"] < FEWEST:
        reason = f"Fewer than {FEWEST} complete waits: large-sample errors mean nothing; use method='placebo_dates'."
    if reason:
        return card.refused(series, covariate, reason, about, described)
    rows = rows_of(series, responses, settings["covariates"])
    fit = cox(rows.start, rows.stop, rows.event, rows.x, ties=settings["ties"], clusters=np.cumsum(rows.start < 0))
    if fit.separated[at] or not fit.contrast[at]:
        why = "The likelihood has no maximum (no event with, or none without, a response, or no contrast at risk)"
        return card.refused(series, covariate, f"{why}: see method='placebo_dates'.", about, described)
    null = float(np.log(settings["null_ratio"]))
    root, ends = _wald(fit, at, errors) if method == "wald" else _profile(fit, at)
    z = root(null)
    low, high = ends(float(special.ndtri((1 + level) / 2 if alternative == "two-sided" else level)))
    tails = {"less": special.ndtr(z), "greater": special.ndtr(-z), "two-sided": 2 * special.ndtr(-abs(z))}
    return Finding(
        **about,
        **card.counted(series, covariate),
        statistic=z,
        statistic_name="Wald z" if method == "wald" else "signed root of the likelihood ratio",
        pvalue=float(tails[alternative]),
        attainable_pvalue=0.0,
        effect=Estimate(
            name=card.EFFECT,
            value=ratio(fit, at),
            low=0.0 if alternative == "less" or low is None else float(np.exp(low)),
            high=None if alternative == "greater" or high is None else float(np.exp(high)),
            level=level,
        ),
        assumptions=(
            Assumption("approximate", "doubtful", MEASURED[errors if method == "wald" else method]),
            card.SAME_BASELINE,
            card.CHOSEN_BEFORE,
            card.WATCHED,
            card.REPORTED,
        ),
        warnings=(*warnings_of(fit, at, covariate), *series.notes),
        settings=described | {"coefficient": float(fit.coefficients[at]), "error": _error(fit, at, errors)},
        vintage=series.vintage,
        curve=card.cumulative(rows) if curve else None,
    )


def ratio(fit: CoxFit, at: int) -> float | None:
    """The hazard ratio; 0 where no event happened under the response, None where none happened without."""
    if fit.separated[at]:
        return 0.0 if fit.coefficients[at] < 0 else None
    return float(np.exp(fit.coefficients[at]))


def warnings_of(fit: CoxFit, at: int, covariate: Response) -> tuple[str, ...]:
    """What the reader has to know about the estimate."""
    if not fit.separated[at]:
        return episode(covariate)
    side = "under" if fit.coefficients[at] < 0 else "without"
    return (f"No wait ended {side} a response while both were at risk: no finite ratio.", *episode(covariate))


def episode(covariate: Response) -> tuple[str, ...]:
    """That one intervention is one episode."""
    return (card.ONE_EPISODE,) if covariate.onsets.size == 1 else ()


def _error(fit: CoxFit, at: int, errors: Errors) -> float:
    return float((fit.errors if errors == "model" else fit.robust_errors)[at])


def _wald(fit: CoxFit, at: int, errors: Errors):
    estimate, error = float(fit.coefficients[at]), _error(fit, at, errors)
    return lambda null: (estimate - null) / error, lambda z: (estimate - z * error, estimate + z * error)


def _profile(fit: CoxFit, at: int):
    """Signed root of the likelihood ratio of one coefficient, and the limits that invert it."""
    estimate, best = float(fit.coefficients[at]), fit.loglik[1]
    rows, times = fit.rows, partial.event_times(fit.rows)
    others = [j for j in range(rows.x.shape[1]) if j != at]

    def root(null: float) -> float:
        start = fit.coefficients.copy()
        start[at] = null
        reached = _profiled(rows, times, start, others, fit.ties)
        return float(np.sign(estimate - null) * np.sqrt(max(0.0, 2 * (best - reached))))

    def ends(z: float) -> tuple[float | None, float | None]:
        return _crossing(root, estimate, -1, z), _crossing(root, estimate, 1, z)

    return root, ends


def _profiled(rows: Rows, times: list, beta: np.ndarray, others: list[int], ties: str) -> float:
    """Log partial likelihood with one coefficient fixed and the others at their best."""
    loglik, score, information = partial.summed(rows, times, beta, ties)
    for _ in range(30 if others else 0):
        step = np.zeros_like(beta)
        step[others] = np.linalg.pinv(information[np.ix_(others, others)], hermitian=True) @ score[others]
        new = partial.summed(rows, times, beta + step, ties)
        if new[0] <= loglik + 1e-12:
            break
        beta, (loglik, score, information) = beta + step, new
    return loglik


def _crossing(root, estimate: float, side: int, z: float) -> float | None:
    reach = 0.5
    while abs(root(estimate + side * reach)) < z:
        reach *= 2
        if reach > 40:
            return None
    found = optimize.brentq(lambda d: abs(root(estimate + side * d)) - z, 0.0, reach, xtol=1e-10)
    return float(estimate + side * found)
