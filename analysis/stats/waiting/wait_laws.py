"""Which law do the waits follow: maximum likelihood with limits, and the laws compared."""

from __future__ import annotations

from typing import Literal

import numpy as np
import pandas as pd
from scipy import special

from analysis.errors import check_choice, check_level
from analysis.results import Assumption, Estimate, Finding
from analysis.stats.waiting import card
from analysis.stats.waiting.likelihood import LAWS, Law, Waits, maximum_likelihood, profile, waits_of
from analysis.stats.waiting.shape_test import shape_against_one
from analysis.timeline import EventSeries

LawName = Literal["exponential", "weibull", "gamma", "lognormal"]
FEWEST = {"exponential": 1, "weibull": 3, "gamma": 3, "lognormal": 3}
EFFECTS = {"exponential": "mean", "weibull": "shape", "gamma": "shape", "lognormal": "sigma"}
NO_TEST = "A fit, not a test: it has no p-value."
FARTHEST = 1e4


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
    limits = [_limits(chosen, waits, i, theta, top, level) for i in range(theta.size)]
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
            **{f"{p}_{side}": v for p, pair in zip(chosen.parameters, limits, strict=True) for side, v in
               zip(("low", "high"), pair, strict=True)},
            mean_of_law=_finite(chosen.mean(*theta)),
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


def laws(series: EventSeries) -> pd.DataFrame:
    """The four laws side by side, best AICc first.

    Columns: law, parameters (text), log_likelihood, aicc (None where there are too few waits for it),
    difference from the best, weight (Akaike), mean (of the law), note (why a law could not be fitted).
    """
    waits, lifted = lifted_waits(series)
    rows = []
    for name, chosen in LAWS.items():
        reason = too_thin(name, waits)
        if reason is not None:
            rows.append({"law": name, "note": reason})
            continue
        theta, top = maximum_likelihood(chosen, waits)
        pairs = zip(chosen.parameters, theta, strict=True)
        rows.append(
            {
                "law": name,
                "parameters": ", ".join(f"{p} {v:.4g}" for p, v in pairs),
                "log_likelihood": top,
                "aicc": aicc(top, theta.size, waits.n),
                "mean": _finite(chosen.mean(*theta)),
                "note": " ".join(lifted),
            }
        )
    columns = ["law", "parameters", "log_likelihood", "aicc", "difference", "weight", "mean", "note"]
    table = pd.DataFrame(rows, columns=columns)
    score = table["aicc"].astype(float)
    if score.notna().any():
        table["difference"] = score - score.min()
        weight = np.exp(-0.5 * table["difference"])
        table["weight"] = weight / weight.sum()
        table = table.sort_values("aicc", kind="stable", na_position="last", ignore_index=True)
    return table


def aicc(log_likelihood: float, k: int, n: int) -> float | None:
    """Akaike's criterion with the small-sample term (Hurvich and Tsai 1989); None up to k + 1 ended waits."""
    if n <= k + 1:
        return None
    return -2.0 * log_likelihood + 2.0 * k + 2.0 * k * (k + 1) / (n - k - 1)


def lifted_waits(series: EventSeries) -> tuple[Waits, tuple[str, ...]]:
    """The waits for a likelihood; those of 0 in a rounded record stand as half of its precision."""
    waits = waits_of(series)
    zero = waits.ended & (waits.age <= waits.entered)
    if not zero.any() or series.precision <= 0:
        return waits, ()
    half = series.precision / 2
    age = np.where(zero, waits.entered + half, waits.age)
    text = f"{int(zero.sum())} waits of 0 {series.window.unit}s stand as {half:g}, half of the recorded precision."
    return Waits(age, waits.entered, waits.ended), (text,)


def too_thin(name: str, waits: Waits) -> str | None:
    """Why the law cannot be fitted, in a sentence, or None."""
    if waits.n < FEWEST[name]:
        return f"{waits.n} ended waits; the {name} law needs {FEWEST[name]} or more."
    if waits.watched <= 0:
        return "All waits are 0."
    if name == "exponential":
        return None
    if np.any(waits.age[waits.ended] <= 0):
        return f"A wait of 0 has no likelihood under the {name} law: give the record's precision, or draw the dates."
    alike = np.ptp(waits.age[waits.ended]) == 0 and np.all(waits.age[~waits.ended] <= waits.age[waits.ended][0])
    return "All waits are equal: no law with a spread fits." if alike else None


def _limits(chosen: Law, waits: Waits, which: int, theta, top: float, level: float):
    """Limits of one parameter; a side without any within a factor of 10^4 is None."""
    if chosen.name == "exponential":
        # With time-censoring the mean's limits are those of a Poisson count (Garwood 1936).
        n, watched = waits.n, waits.watched
        extra = 0 if waits.ended.all() else 1
        low = watched / special.gammaincinv(n + extra, 0.5 + level / 2)
        return float(low), float(watched / special.gammaincinv(n, 0.5 - level / 2))
    from scipy.optimize import brentq

    # The plain chi-square threshold covers 87 to 92 % at 5 waits; this factor, found by simulation for the
    # shapes of the three laws, brings it to 92 to 97 % from 4 waits on (a Bartlett correction by hand).
    drop = 0.5 * float(special.chdtri(1, 1 - level)) * (1 + 1.5 / waits.n)
    best = float(np.log(theta[which]))

    def above(log_value: float) -> float:
        return profile(chosen, waits, which, float(np.exp(log_value)), theta) - (top - drop)

    found = []
    for side in (-1.0, 1.0):
        step = 0.25
        while above(best + side * step) > 0 and step < np.log(FARTHEST):
            step *= 1.6
        if step >= np.log(FARTHEST):
            found.append(None)
            continue
        found.append(float(np.exp(brentq(above, *sorted((best, best + side * step)), xtol=1e-8))))
    return tuple(found)


def _curve(chosen: Law, theta, waits: Waits) -> pd.DataFrame:
    days = np.linspace(0.0, 1.1 * float(waits.age.max()), 200)
    return pd.DataFrame({"days": days, "survival": np.exp(chosen.log_survival(days, *theta))})


def _finite(value: float) -> float | None:
    return float(value) if np.isfinite(value) and value < 1e300 else None


def _no_test(name: str, rng: object, test: Finding | None) -> str:
    if test is not None:
        return test.warnings[0]
    return NO_TEST + (" Pass rng to test the shape against 1." if name == "weibull" else "")
