"""Did the counts change at a date: an interrupted series with level, slope, pulse, or suspension and resumption."""

from __future__ import annotations

from typing import Literal

import numpy as np
import pandas as pd

from analysis.errors import ParameterError, check_choice, check_rng
from analysis.results import Alternative, Assumption, Estimate, Finding
from analysis.stats.interruption import card, dispersion, large_sample, poisson
from analysis.stats.interruption.bootstrap import RUNAWAY, Bootstrap
from analysis.stats.interruption.design import Design, Form, design
from analysis.stats.interruption.large_sample import Errors
from analysis.stats.rates import conditional
from analysis.timeline import CountSeries

Method = Literal["small_sample", "wald"]
Family = Literal["poisson", "negative_binomial"]
EFFECTS = {
    "level": "rate ratio, after over before",
    "pulse": "rate ratio, during over outside",
    "suspend_resume": "rate ratio, during over before",
    "level_slope": "rate ratio at the date, after over before",
    "slope": "change of the log rate per unit of time",
}


def interrupted(
    counts: CountSeries,
    *,
    at: float,
    until: float | None = None,
    form: Form = "level",
    trend: bool = False,
    harmonics: int = 0,
    period: float = 365.25,
    covariates: np.ndarray | None = None,
    family: Family = "poisson",
    method: Method = "small_sample",
    errors: Errors = "model",
    lags: int | None = None,
    null_effect: float | None = None,
    alternative: Alternative = "two-sided",
    level: float = 0.95,
    rng: object = None,
    resamples: int = 499,
) -> Finding:
    """An interrupted time series of counts: one coefficient tested, the others adjusted for.

    Parameters
    ----------
    counts : events per bin and the watched time of each, which is the offset; bins that nobody watched are left out
    at, until : edges of bins where the interruption begins and (for "pulse" and "suspend_resume") ends
    form : "level" (another rate from the date on), "slope" (another trend), "level_slope" (both, the level tested),
        "pulse" (another rate until the end, then the old one), "suspend_resume" (another rate until the end, then a
        third)
    trend : adjust for a log-linear trend throughout ("slope" and "level_slope" always do)
    harmonics, period : adjust for a season of so many sine waves; the period in the units of the bins
    covariates : further columns to adjust for, shape (bins,) or (bins, columns)
    family : "poisson", or "negative_binomial" (with method="wald", approximate)
    method : "small_sample" is the exact conditional test where the model is two rates and nothing else, and a
        parametric bootstrap of the likelihood ratio given the number of events otherwise, with limits that invert it;
        "wald" is large-sample, approximate
    errors, lags : of "wald": "model", "quasi" (Poisson errors times the root of the dispersion), "hac" (bins that
        depend on their neighbours)
    null_effect : the effect under the null, a ratio (1) or for "slope" a change of slope (0)
    alternative : "less" means fewer after
    rng, resamples : of the bootstrap; where given, the test of the dispersion is simulated too

    Notes
    -----
    The curve holds, for each watched bin, the count, the fit, and the counterfactual (the fit without the
    interruption), with its limits at the limits of the effect.
    """
    card.checked(alternative, level)
    check_choice("method", method, ("small_sample", "wald"))
    check_choice("family", family, ("poisson", "negative_binomial"))
    if family == "negative_binomial" and method != "wald":
        raise ParameterError("family='negative_binomial' is large-sample: name method='wald' with it")
    if method != "wald" and (errors != "model" or lags is not None):
        raise ParameterError("errors and lags go with method='wald'")
    card.whole("resamples", resamples, 99)
    model = design(
        counts,
        at=at,
        until=until,
        form=form,
        trend=trend,
        harmonics=harmonics,
        period=period,
        covariates=covariates,
    )
    null = _null(null_effect, form)
    settings = {"at": at, "until": until, "form": form, "trend": trend, "harmonics": harmonics, "period": period}
    settings |= {"family": family, "method": method, "errors": errors, "null_effect": null_effect, "level": level}
    settings |= {"bins": int(model.counts.size), "seed": card.seed_text(rng)}
    about = {
        "question": f"Did the count of {counts.label} change at {at:g}?",
        "null": _null_words(model, form, null_effect),
        "method": f"interrupted series, {form.replace('_', ' and ')}, {_words(model, method, family, errors)}",
        "alternative": alternative,
    }
    if method == "wald":
        return _large(model, about, settings, null, family, errors, lags)
    if model.constant:
        return _exact(model, about, settings, null, rng, resamples)
    return _bootstrapped(model, about, settings, null, check_rng(rng, "the null is simulated"), resamples)


def _exact(model: Design, about, settings, null: float, rng, resamples: int) -> Finding:
    reason = card.unfit(model)
    if reason:
        return card.refused(model, reason, about, settings)
    (before, after), (before_days, after_days) = card.counted(model).values()
    table = before, before_days, after, after_days
    alternative, level = about["alternative"], settings["level"]
    p = float(conditional.pvalues(*table, ratio=np.exp(null), alternative=alternative))
    low, high = conditional.limits(*table, alternative=alternative, level=level)
    value = (after / after_days) / (before / before_days) if before else None
    thrown = None
    if rng is not None:
        drawn = check_rng(rng, "the dispersion is tested by simulation")
        sides = [np.where(s, model.watched, 0.0) for s in (~model.after, model.after)]
        thrown = sum(
            drawn.multinomial(k, w / w.sum(), size=resamples).astype(float)
            for k, w in zip((before, after), sides, strict=True)
        )
    smallest = 0.0
    if alternative == "less":
        smallest = float(
            conditional.pvalues(before, before_days, 0, after_days, ratio=np.exp(null), alternative="less")
        )
    logs = (_log(low), None if high is None else _log(high))
    return _finding(model, about, settings, p, (value, low, high), float(after), "events after", thrown, logs, smallest)


def _bootstrapped(model: Design, about, settings, null: float, rng, resamples: int) -> Finding:
    columns = model.others.shape[1] + 1
    reason = card.unfit(model, least=card.PER_COEFFICIENT * columns)
    if reason:
        return card.refused(model, reason, about, settings)
    test = Bootstrap(model, resamples=resamples, rng=rng)
    alternative = about["alternative"]
    p = test.pvalue(null, alternative)
    low, high = test.limits(alternative=alternative, level=settings["level"])
    runaway = abs(test.estimate * test.scale) > RUNAWAY
    root = float(test.roots(null, model.counts[None])[0])
    value = test.estimate
    if settings["form"] != "slope":
        value = (0.0 if value < 0 else None) if runaway else float(np.exp(value))
        ends = (0.0 if low is None else float(np.exp(low)), None if high is None else float(np.exp(high)))
    else:
        value, ends = (None if runaway else value), (low, high)
    thrown = test.thrown(test.mu[0])
    settings = settings | {"resamples": resamples}
    name = "signed root of the likelihood ratio"
    smallest = (2 if alternative == "two-sided" else 1) / (resamples + 1)
    return _finding(model, about, settings, p, (value, *ends), root, name, thrown, (low, high), smallest)


def _large(model: Design, about, settings, null: float, family, errors: Errors, lags) -> Finding:
    reason = card.unfit(model, least=large_sample.FEWEST)
    before, after = card.counted(model)["n_events"]
    if reason is None and 0 in (before, after):
        reason = "No event on one side of the date: large-sample errors mean nothing; use method='small_sample'."
    if reason:
        return card.refused(model, reason, about, settings)
    value, error, told = large_sample.wald(model, family=family, errors=errors, lags=lags)
    alternative, level = about["alternative"], settings["level"]
    z = (value - null) / error
    p = large_sample.pvalue(z, alternative)
    low, high = large_sample.limits(value, error, alternative=alternative, level=level)
    effect = (value, low, high)
    if settings["form"] != "slope":
        effect = (np.exp(value), 0.0 if low is None else np.exp(low), None if high is None else np.exp(high))
    settings = settings | told | {"coefficient": value, "error": error}
    measured = large_sample.MEASURED["negative_binomial" if family == "negative_binomial" else errors]
    approximate = (Assumption("approximate", "doubtful", measured),)
    return _finding(model, about, settings, p, effect, z, "Wald z", None, (low, high), 0.0, approximate)


def _finding(
    model: Design, about, settings, p, effect, statistic, name, thrown, logs, smallest, approximate=()
) -> Finding:
    value, low, high = effect
    full = np.column_stack([model.others, model.tested])
    spread, found = dispersion.judged(dispersion.Fit(model.counts, full, model.offset), thrown)
    wide = settings["errors"] != "model" or settings["family"] != "poisson"
    notes = card.zero_counts(model) if settings["form"] in ("level", "pulse") else ()
    if spread.status == "fails" and not wide:
        notes += ("The counts spread more than the model allows: p is too small. See family='negative_binomial'.",)
    return Finding(
        **about,
        **card.counted(model),
        statistic=statistic,
        statistic_name=name,
        pvalue=p,
        attainable_pvalue=smallest,
        effect=Estimate(name=EFFECTS[settings["form"]], value=value, low=low, high=high, level=settings["level"]),
        assumptions=(*approximate, spread, card.CHOSEN_BEFORE, card.NOTHING_ELSE, card.WATCHED_ALIKE),
        warnings=notes,
        settings=settings | found,
        curve=_curve(model, logs),
    )


def _curve(model: Design, logs: tuple[float | None, float | None]) -> pd.DataFrame:
    """Count, fit and counterfactual of each watched bin, the latter with limits where the effect has them."""
    full = np.column_stack([model.others, model.tested])
    counts = model.counts[None]
    beta, mu = poisson.fitted(counts, full, model.offset)

    def without(b: float | None) -> np.ndarray:
        """What the bins would have held without an interruption of coefficient ``b``."""
        if b is None or not np.isfinite(b):
            return np.full(model.counts.size, np.nan)
        held = poisson.fitted(counts, model.others, model.offset + b * model.tested)[1][0]
        return held * np.exp(-b * model.tested)

    ends = np.array([without(b) for b in logs])
    plain = mu[0] * np.exp(np.clip(-beta[0, -1] * model.tested, -30, 30))
    # Without an event inside the interruption its coefficient has run away: the other side says what was to come.
    ran = abs(beta[0, -1]) * float(np.ptp(model.tested)) > RUNAWAY
    if ran:
        plain = without(-RUNAWAY / float(np.ptp(model.tested)) * np.sign(-beta[0, -1]))
    return pd.DataFrame(
        {
            "middle": model.middle,
            "watched": model.watched,
            "count": model.counts,
            "after": model.after,
            "fitted": mu[0],
            "counterfactual": np.where(model.tested != 0, plain, mu[0]),
            "low": ends.min(axis=0),
            "high": ends.max(axis=0),
        }
    )


def _log(ratio: float) -> float | None:
    return None if ratio <= 0 else float(np.log(ratio))


def _null(null_effect: float | None, form: str) -> float:
    """The tested coefficient under the null."""
    if null_effect is None:
        return 0.0
    number = isinstance(null_effect, int | float | np.number) and np.isfinite(null_effect)
    if not number or (form != "slope" and null_effect <= 0):
        need = "a number" if form == "slope" else "a ratio above 0"
        raise ParameterError(f"null_effect must be {need}, got {null_effect!r}")
    return float(null_effect) if form == "slope" else float(np.log(null_effect))


def _null_words(model: Design, form: str, null_effect: float | None) -> str:
    if null_effect is not None:
        return f"the {EFFECTS[form]} is {null_effect:g}"
    if model.constant:
        return "one rate throughout; keeps the number of events and the watched times, destroys which bin each fell in"
    return "no change at the date beyond what is adjusted for; keeps the number of events and the fitted course"


def _words(model: Design, method: str, family: str, errors: str) -> str:
    if method == "wald":
        law = "negative binomial" if family == "negative_binomial" else f"Poisson with {errors} errors"
        return f"{law}, Wald (approximate)"
    return "exact conditional test" if model.constant else "bootstrap of the likelihood ratio"
