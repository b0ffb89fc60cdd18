"""The ratio of two rates where counts spread more than Poisson: a negative binomial model (approximate)."""

from __future__ import annotations

import warnings as python_warnings

import numpy as np
from scipy import stats

from analysis.errors import ParameterError, check_choice, check_level, check_rng
from analysis.results import ALTERNATIVES, Alternative, Assumption, Estimate, Finding
from analysis.timeline import EventSeries

# Below this many events, or with an empty side, the likelihood gives limits that mean nothing.
FEWEST_EVENTS = 10


def negative_binomial_ratio(
    series: EventSeries,
    *,
    at: object,
    width: float,
    alternative: Alternative = "two-sided",
    level: float = 0.95,
    rng=None,
    resamples: int = 199,
) -> Finding:
    """Rate after over before from binned counts, with overdispersion estimated (NB2, Wald on the log ratio).

    Parameters
    ----------
    series, at : as in ``ratio``; the bin that holds the date is cut in two
    width : width of the bins, in the series' unit
    rng, resamples : with a seed the size at this n is measured under the null by simulation
    """
    check_choice("alternative", alternative, ALTERNATIVES)
    check_level(level)
    if not width > 0:
        raise ParameterError(f"width must be above 0, got {width!r}")
    split = series.split(at) if series.last is not None or at != "last_event" else None
    if split is None or split.before + split.after < FEWEST_EVENTS or not split.before or not split.after:
        return _too_few(series, split, alternative)
    counts, watched, after = _bins(series, split.at, width)
    fit = _fit(counts, watched, after)
    if fit is None:
        return _too_few(series, split, alternative, "The likelihood has no maximum for these counts.")
    slope, error, alpha = fit
    pvalue = wald_pvalue(slope / error, alternative)
    reach = stats.norm.ppf((1 + level) / 2 if alternative == "two-sided" else level)
    return Finding(
        question=f"Did the rate of {series.label} change at {split.label}, allowing for bursts?",
        null="one rate on both sides, counts overdispersed alike",
        method="negative binomial ratio (approximate)",
        alternative=alternative,
        statistic=slope / error,
        statistic_name="Wald z of the log ratio",
        pvalue=pvalue,
        effect=Estimate(
            name="rate ratio, after over before",
            value=np.exp(slope),
            low=0.0 if alternative == "less" else np.exp(slope - reach * error),
            high=None if alternative == "greater" else np.exp(slope + reach * error),
            level=level,
        ),
        attainable_pvalue=0.0,
        n_events=(split.before, split.after),
        exposure_days=(split.before_days, split.after_days),
        assumptions=(_measured(counts.sum(), watched, after, alpha, alternative, level, rng, resamples),),
        warnings=series.notes,
        settings={"width": width, "dispersion": alpha, "at": split.label, "resamples": resamples},
        vintage=series.vintage,
    )


def wald_pvalue(z: float, alternative: Alternative) -> float:
    """p of a standard normal statistic."""
    tails = {"less": stats.norm.cdf(z), "greater": stats.norm.sf(z), "two-sided": 2 * stats.norm.sf(abs(z))}
    return float(tails[alternative])


def _bins(series: EventSeries, at: float, width: float):
    regular = np.arange(0, series.window.span, width)
    edges = np.unique(np.concatenate([regular, [at, series.window.span]]))
    counts = series.binned(edges=edges)
    seen = counts.watched > 0
    return counts.counts[seen], counts.watched[seen], (counts.edges[:-1] >= at)[seen].astype(float)


def _fit(counts, watched, after) -> tuple[float, float, float] | None:
    """Log ratio, its standard error and the dispersion; None where the fit fails."""
    from statsmodels.discrete.discrete_model import NegativeBinomial

    design = np.column_stack([np.ones_like(after), after])
    with np.errstate(all="ignore"), python_warnings.catch_warnings():
        python_warnings.simplefilter("ignore")
        try:
            fit = NegativeBinomial(counts, design, exposure=watched).fit(disp=0, maxiter=200)
        except (np.linalg.LinAlgError, ValueError):
            return None
    slope, error, alpha = float(fit.params[1]), float(fit.bse[1]), float(fit.params[2])
    usable = np.isfinite(slope) and np.isfinite(error) and error > 0
    return (slope, error, alpha) if usable else None


def _measured(n, watched, after, alpha, alternative, level, rng, resamples) -> Assumption:
    if rng is None:
        return Assumption("approximate", "unchecked", "size at this n not measured: pass rng to measure it")
    rng = check_rng(rng, "the size is measured by simulation")
    mean = n * watched / watched.sum()
    shape = 1 / max(alpha, 1e-6)
    rejected = done = 0
    for _ in range(resamples):
        counts = rng.poisson(rng.gamma(shape, mean / shape))
        fit = _fit(counts, watched, after) if counts[after > 0].any() and counts[after == 0].any() else None
        done += 1
        rejected += fit is not None and wald_pvalue(fit[0] / fit[1], alternative) <= 1 - level
    size = rejected / done
    status = "doubtful" if size > 2 * (1 - level) else "holds"
    return Assumption("approximate", status, f"rejected {size:.1%} of {done} simulated nulls at {1 - level:.0%}")


def _too_few(series, split, alternative, reason=None) -> Finding:
    reason = reason or f"Fewer than {FEWEST_EVENTS} events, or none on one side: use the exact ratio."
    counts = (0, 0) if split is None else (split.before, split.after)
    days = (0.0, series.days) if split is None else (split.before_days, split.after_days)
    return Finding(
        question=f"Did the rate of {series.label} change, allowing for bursts?",
        null="one rate on both sides, counts overdispersed alike",
        method="negative binomial ratio (approximate)",
        alternative=alternative,
        n_events=counts,
        exposure_days=days,
        warnings=(reason, *series.notes),
        vintage=series.vintage,
        inconclusive=True,
    )
