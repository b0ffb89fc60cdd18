"""Do events bring about further events? A self-exciting process against a Poisson process."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.errors import ParameterError, check_rng
from analysis.results import Alternative, Assumption, Estimate, Finding
from analysis.stats.clustering import card, limits
from analysis.stats.clustering.fit import Record, fitted, record_of
from analysis.timeline import EventSeries

ABOUT = {
    "question": "Does each event bring about further ones?",
    "null": card.POISSON_NULL,
    "method": "self-exciting process (Hawkes, exponential kernel), likelihood ratio",
}
ASSUMED = (
    card.STEADY,
    Assumption("every event excites alike, at exponential lags", "unchecked", "see hawkes_residuals"),
    card.WATCHED,
    card.REPORTED,
)
UNSEEN = Assumption(
    "events in the holes excited nothing after them",
    "unchecked",
    "none were seen; nothing is expected in the holes; simulated records hide theirs alike",
)
EDGE = 1e-3


def hawkes(
    series: EventSeries,
    *,
    alternative: Alternative = "greater",
    level: float = 0.95,
    rng: object = None,
    resamples: int = 999,
    limit_resamples: int = 199,
    draws: int = 20,
) -> Finding:
    """Fit of a Hawkes process with background, branching ratio and decay all estimated, tested against Poisson.

    Parameters
    ----------
    series : events and window. Times on a lattice and uncertain dates are drawn within what is known of them
    alternative : "greater" only: the process excites; for inhibition see coincidence, for regularity burstiness
    rng : seed or Generator; None raises, since the null is simulated
    resamples : Poisson records for the p-value, (k + 1)/(resamples + 1)
    limit_resamples : records at each of eight branching ratios for the limits
    draws : readings of times that are drawn

    Returns
    -------
    Finding; effect: branching ratio, the mean number of events each event brings about. ``settings``: background,
    decay, mean_lag, log-likelihoods, standard errors (observed information; None on an edge of the range).
    ``curve``: branching, deviance, critical, background, decay.

    Notes
    -----
    On the edge of the range (no excitation) the likelihood ratio has no chi-square law, and the decay means
    nothing there; given the number of events its law under a constant rate does not depend on the rate, so that the
    simulated p is exact. Limits: the branching ratios whose profile deviance is not above its level in records
    simulated there (up to 300 events; chi-square beyond); 0 lies within them if and only if p is above 1 - level.
    The branching ratio is held to at most 1, the mean lag between a thousandth of the mean wait and the window.
    Hawkes (1971) Biometrika 58:83; Ozaki (1979) Ann. Inst. Statist. Math. 31:145.
    """
    card.checked(alternative, level, resamples=resamples, limit_resamples=limit_resamples, draws=draws)
    if alternative != "greater":
        raise ParameterError(
            f"a self-exciting process only excites, so alternative must be 'greater', got {alternative!r}; use "
            "burstiness for regularity, coincidence for inhibition"
        )
    generator = check_rng(rng, "the null is simulated")
    settings = {"level": level, "resamples": resamples, "seed": card.seed_text(rng)}
    about = {**ABOUT, "alternative": alternative}
    if series.n < 2:
        reason = "Fewer than two events: none can be seen to bring about another."
        return card.thin(series, reason=reason, settings=settings, **about)
    records = [record_of(reading) for reading in card.readings(series, generator, draws)]
    base = records[0]
    observed = np.array([limits.gain(data) for data in records])
    null = poisson_gains(base, generator, resamples)
    p = card.pvalue(observed, null, "greater")
    best = records[int(np.argsort(observed)[len(records) // 2])]
    ll, mu, eta, decay = fitted(best)
    curve = limits.profile(records, _grid(best, eta, mu, decay))
    if len(records) > 1:
        j = int(np.argmin(curve.deviance))
        eta, mu, decay = curve.branching[j], curve.background[j] * best.scale, curve.decay[j] * best.scale
    step = _lattice(series)
    bar = limits.critical(base, curve, null, level=level, rng=generator, resamples=limit_resamples, step=step)
    low, high = limits.crossings(curve, bar, eta, p, level)
    fit = _fit(records, best, ll, mu, eta, decay)
    return Finding(
        **about,
        statistic=float(observed.mean()),
        statistic_name="likelihood ratio, 2 log",
        pvalue=p,
        attainable_pvalue=1 / (resamples + 1),
        effect=Estimate(name="branching ratio", value=float(eta), low=float(low), high=float(high), level=level),
        n_events=series.n,
        exposure_days=series.days,
        assumptions=(*ASSUMED, *((UNSEEN,) if series.window.holes else ())),
        warnings=(*_edges(series, best, eta, decay), *series.notes),
        settings=card.base_settings(series, **settings, **fit),
        vintage=series.vintage,
        curve=_frame(curve, bar),
    )


def _fit(records: list[Record], data: Record, ll: float, mu: float, eta: float, decay: float) -> dict[str, object]:
    """The fit in the unit of the series; over several readings its log-likelihoods are those of the middle one."""
    none = eta < EDGE
    return {
        "background": mu / data.scale,
        "branching": float(eta),
        "decay": None if none else decay / data.scale,
        "mean_lag": None if none else data.scale / decay,
        "loglik": ll + data.shift,
        "poisson_loglik": data.poisson + data.shift,
        "standard_errors": None if len(records) > 1 else standard_errors(data, mu, eta, decay),
        "limits": "simulated" if data.times.size <= limits.SIMULATED_UP_TO else "chi-square",
        "readings": len(records),
    }


def _frame(curve: limits.Profile, bar: np.ndarray) -> pd.DataFrame:
    columns = {
        "branching": curve.branching,
        "deviance": curve.deviance,
        "critical": bar,
        "background": curve.background,
        "decay": curve.decay,
    }
    return pd.DataFrame(columns)


def poisson_gains(data: Record, rng: np.random.Generator, resamples: int) -> np.ndarray:
    """Likelihood ratios of records of a constant rate with as many events in the same window, shape (resamples,)."""
    n = data.times.size
    free = n - int(data.closed)
    chunk = max(1, 2_000_000 // n)
    found = []
    for start in range(0, resamples, chunk):
        size = min(chunk, resamples - start)
        times = np.sort(rng.random((size, free)), axis=1) * data.watched
        for a, b in data.holes:
            times += np.where(times >= a, b - a, 0.0)
        if data.closed:
            times = np.column_stack([times, np.full(size, data.end)])
        found.append(limits.gains(np.ascontiguousarray(times), np.full(size, n), data))
    return np.concatenate(found)


def standard_errors(data: Record, background: float, branching: float, decay: float) -> dict[str, float] | None:
    """From the observed information, in the unit of the series; None where the fit lies on an edge."""
    from analysis.stats.clustering.kernels import curvature

    if not (EDGE < branching < 1 - EDGE and background > 0):
        return None
    bend = -curvature(*data.about, background, branching, decay)[2]
    if np.linalg.eigvalsh(bend)[0] <= 1e-12 * np.abs(bend).max():
        return None
    error = np.sqrt(np.diag(np.linalg.inv(bend)))
    return {
        "background": float(error[0] / data.scale),
        "branching": float(error[1]),
        "decay": float(error[2] / data.scale),
    }


def _grid(data: Record, eta: float, mu: float, decay: float) -> np.ndarray:
    """Branching ratios on trial: all of 0 to 1, or for a long record those near the estimate."""
    errors = standard_errors(data, mu, eta, decay)
    if data.times.size <= 10 * limits.SIMULATED_UP_TO or errors is None:
        return np.unique(np.append(np.linspace(0, 1, 51), eta))
    reach = 4 * errors["branching"]
    near = np.linspace(max(0.0, eta - reach), min(1.0, eta + reach), 25)
    return np.unique(np.concatenate([[0.0], near, [eta]]))


def _lattice(series: EventSeries) -> float:
    """The width within which a time is known, for simulated records: the lattice, or the middle width of a reading."""
    if series.resolution != "drawn":
        return series.precision
    spread = series.latest - series.earliest
    return float(np.median(spread)) if series.n else 0.0


def _edges(series: EventSeries, data: Record, eta: float, decay: float) -> tuple[str, ...]:
    """What a fit on the edge of its range, or of tied times, should be told of."""
    told = []
    if eta < EDGE:
        told.append("No excitation is estimated: the best fit is a Poisson process, and its decay means nothing.")
    elif eta > 1 - EDGE:
        told.append("The branching ratio stands at 1, the most a lasting process can have.")
    low, high = data.decays
    if eta >= EDGE and not 1.05 * low < decay < high / 1.05:
        side = "the whole window" if decay < 2 * low else "a thousandth of the mean wait"
        told.append(f"The mean lag stands at the edge of the range searched, {side}: it is not identified.")
    if series.has_ties and not card.redrawn(series):
        told.append(
            "Events share one time, taken as exact: such a pair is overwhelming evidence of excitation. Give the "
            "series its precision if times were rounded."
        )
    return tuple(told)
