"""Which law do the waits follow: maximum likelihood with limits."""

from __future__ import annotations

from typing import Literal

import numpy as np
import pandas as pd

from analysis.errors import check_choice, check_level
from analysis.results import Assumption, Estimate, Finding
from analysis.stats.waiting import card
from analysis.stats.waiting.law_limits import aicc, finite, lifted_waits, limits_of, too_thin
from analysis.stats.waiting.likelihood import LAWS, Law, Waits, maximum_likelihood
from analysis.stats.waiting.shape_test import shape_against_one
from analysis.timeline import EventSeries

LawName = Literal["exponential", "weibull", "gamma", "lognormal"]
EFFECTS = {"exponential": "mean", "weibull": "shape", "gamma": "shape", "lognormal": "sigma"}
NO_TEST = "A fit, not a test: it has no p-value."


def law(
    series: EventSeries, name: LawName, *, level: float = 0.95, rng: object = None, resamples: int = 9999
) -> Finding:
    """The law of the waits by maximum likelihood, open waits censored, re-entered ones left-truncated.

    Parameters
    ----------
    name : "exponential" (effect: the mean), "weibull" or "gamma" (the shape), "lognormal" (sd of the logs)
    level : of the limits: exact chi-square for the exponential mean, profile likelihood for the others, with
        its threshold raised by 1 + 1.5 / n for n waits that ended
    rng : seed or Generator; with it the Weibull shape is tested against 1 (see ``shape_against_one``) and its
        limits are those of the test; without it there is no p-value
    resamples : simulated windows of that test

    The settings hold every parameter with its limits, log-likelihood, AICc and mean; ``curve`` the fitted
    survival.
    """
    check_choice("name", name, tuple(LAWS))
    check_level(level)
    about = {
        "question": f"Which {name} law do the waits of {series.label} follow?",
        "null": "none: the law is fitted, no hypothesis is tested",
        "method": f"{name} law of waits, maximum likelihood",
    }
    settings = {"law": name, "level": level}
    waits, lifted = lifted_waits(series)
    reason = too_thin(name, waits)
    if reason is not None:
        return card.thin(series, reason=reason, settings=settings, **about)
    chosen = LAWS[name]
    theta, top = maximum_likelihood(chosen, waits)
    limits = [limits_of(chosen, waits, i, theta, top, level) for i in range(theta.size)]
    test = None
    if name == "weibull" and rng is not None:
        test = shape_against_one(series, level=level, rng=rng, resamples=resamples)
        limits[0] = (test.effect.low, test.effect.high) if test.pvalue is not None else limits[0]
        about |= {"null": test.null} if test.pvalue is not None else {}
    shown = chosen.parameters.index(EFFECTS[name])
    fitted = dict(zip(chosen.parameters, (float(v) for v in theta), strict=True))
    tested = test is not None and test.pvalue is not None
    return Finding(
        **about,
        statistic=float(theta[shown]),
        statistic_name=EFFECTS[name],
        pvalue=test.pvalue if tested else None,
        attainable_pvalue=test.attainable_pvalue if tested else None,
        effect=Estimate(
            name=f"{name} {EFFECTS[name]}",
            value=float(theta[shown]),
            low=limits[shown][0],
            high=limits[shown][1],
            level=level,
            unit=series.window.unit if EFFECTS[name] == "mean" else "",
        ),
        n_events=series.n,
        exposure_days=series.days,
        assumptions=(
            Assumption("independent waits with one law throughout", "unchecked", "see memory and trend tests"),
            *((APPROXIMATE,) if name != "exponential" and not tested else ()),
        ),
        warnings=(*lifted, *(() if tested else (_no_test(name, rng, test),)), *series.notes),
        settings=card.base_settings(
            series,
            **settings,
            **fitted,
            **{
                f"{p}_{side}": v
                for p, pair in zip(chosen.parameters, limits, strict=True)
                for side, v in zip(("low", "high"), pair, strict=True)
            },
            mean_of_law=finite(chosen.mean(*theta)),
            log_likelihood=top,
            aicc=aicc(top, theta.size, waits.n),
            waits=waits.n,
            censored=int((~waits.ended).sum()),
            **({"resamples": resamples, "seed": card.seed_text(rng)} if tested else {}),
        ),
        vintage=series.vintage,
        curve=_curve(chosen, theta, waits),
    )


APPROXIMATE = Assumption(
    "approximate limits", "holds", "profile likelihood; covers 92 to 97 % at nominal 95 % (4 to 100 waits)"
)


def _curve(chosen: Law, theta, waits: Waits) -> pd.DataFrame:
    days = np.linspace(0.0, 1.1 * float(waits.age.max()), 200)
    return pd.DataFrame({"days": days, "survival": np.exp(chosen.log_survival(days, *theta))})


def _no_test(name: str, rng: object, test: Finding | None) -> str:
    if test is not None:
        return test.warnings[0]
    return NO_TEST + (" Pass rng to test the shape against 1." if name == "weibull" else "")
