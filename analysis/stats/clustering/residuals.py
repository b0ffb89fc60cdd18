"""Does the fitted self-exciting process fit? Waits on its own clock against exponential ones."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.errors import ParameterError, check_rng
from analysis.results import Alternative, Assumption, Estimate, Finding
from analysis.stats.clustering import card, limits
from analysis.stats.clustering.fit import Record, fitted, record_of, searched
from analysis.stats.clustering.hawkes import UNSEEN, _lattice
from analysis.stats.clustering.likelihood import rescaled
from analysis.timeline import EventSeries

ABOUT = {
    "question": "Does a self-exciting process with an exponential kernel fit these times?",
    "null": (
        "the fitted Hawkes process: the window, its holes and about as many events are kept; what the three "
        "parameters do not say of the waits is not; every simulated record is fitted anew"
    ),
    "method": "time rescaling, Kolmogorov-Smirnov distance, parametric bootstrap",
}


def rescaled_distance(waits: np.ndarray) -> float:
    """Kolmogorov-Smirnov distance of waits, shape (n,), from the unit exponential law."""
    u = -np.expm1(-np.sort(waits))
    n = u.size
    return float(max(np.max(np.arange(1, n + 1) / n - u), np.max(u - np.arange(n) / n)))


def hawkes_residuals(
    series: EventSeries,
    *,
    alternative: Alternative = "greater",
    level: float = 0.95,
    rng: object = None,
    resamples: int = 199,
    draws: int = 10,
) -> Finding:
    """Distance of the rescaled waits from the exponential law, with a bootstrap p.

    Parameters
    ----------
    series : events and window. Times on a lattice and uncertain dates are drawn within what is known of them
    alternative : "greater" only: a distance can only be too large
    rng : seed or Generator; None raises
    resamples : records simulated from the fit, each fitted anew; p = (k + 1)/(resamples + 1)
    draws : readings of times that are drawn

    Returns
    -------
    Finding; effect: the distance with its range under the fitted process. ``curve``: observed (rescaled waits in
    order of size, as chances under the exponential law), expected, low, high (simultaneous band).

    Notes
    -----
    On the clock that runs as the expected number of events, a right model leaves waits of law exp(1) (Brown et al.
    2002, Neural Comput. 14:325). The wait from the opening to the first event is one of them; the open wait is not.
    The tabled Kolmogorov-Smirnov law would hardly ever reject, since the parameters were fitted: hence the
    bootstrap, which is approximate in so far as it draws from the fit and not from the truth.
    """
    card.checked(alternative, level, resamples=resamples, draws=draws)
    if alternative != "greater":
        raise ParameterError(f"a distance can only be too large, so alternative must be 'greater', got {alternative!r}")
    generator = check_rng(rng, "the fitted process is simulated")
    settings = {"level": level, "resamples": resamples, "seed": card.seed_text(rng)}
    about = {**ABOUT, "alternative": alternative}
    if series.n < 3:
        reason = "Fewer than three events: three parameters leave nothing to judge."
        return card.thin(series, reason=reason, settings=settings, **about)
    records = [record_of(reading) for reading in card.readings(series, generator, draws)]
    fits = [fitted(data) for data in records]
    waits = [np.diff(rescaled(data, *fit[1:]), prepend=0.0) for data, fit in zip(records, fits, strict=True)]
    seen = np.array([rescaled_distance(w) for w in waits])
    middle = int(np.argsort(seen)[seen.size // 2])
    base, fit = records[middle], fits[middle]
    null = simulated_distances(base, fit[1:], generator, resamples, _lattice(series))
    if null.size < 99:
        reason = "Records of the fitted process hardly ever have about as many events: nothing to compare."
        return card.thin(series, reason=reason, settings=settings, **about)
    reach = min(1.0, limits.upper(null, level))
    return Finding(
        **about,
        statistic=float(seen.mean()),
        statistic_name="Kolmogorov-Smirnov distance",
        pvalue=card.pvalue(seen, null, "greater"),
        attainable_pvalue=1 / (null.size + 1),
        effect=Estimate(
            name="distance of rescaled waits",
            value=float(seen.mean()),
            low=0.0,
            high=reach,
            level=level,
            interval="null range",
        ),
        n_events=series.n,
        exposure_days=series.days,
        assumptions=(
            Assumption("drawn from the fit, not from the truth", "doubtful", "size measured: see docs/methods"),
            card.WATCHED,
            card.REPORTED,
            *((UNSEEN,) if series.window.holes else ()),
        ),
        warnings=series.notes,
        settings=card.base_settings(
            series,
            background=fit[1] / base.scale,
            branching=fit[2],
            decay=fit[3] / base.scale if fit[2] > 1e-3 else None,
            readings=len(records),
            **settings,
        ),
        vintage=series.vintage,
        curve=_curve(waits[middle], reach),
    )


def simulated_distances(data: Record, fit: tuple, rng, resamples: int, step: float) -> np.ndarray:
    """Distances of records of the fitted process, each on the clock of its own fit."""
    rows, sizes, closing = limits.records_like(data, *fit, rng=rng, resamples=resamples, step=step)
    found = np.empty(sizes.size)
    for r, n in enumerate(sizes):
        times = np.ascontiguousarray(rows[r, :n])
        end = float(times[-1]) if closing else data.end
        hidden = float(np.clip(end - data.holes[:, 0], 0.0, np.diff(data.holes, axis=1)[:, 0]).sum())
        like = Record(times, data.holes, end, end - hidden, data.opened, 1.0, closing)
        again = searched(like, decays=data.decays, turns=limits.TURNS)
        found[r] = rescaled_distance(np.diff(rescaled(like, *again[1:]), prepend=0.0))
    return found


def _curve(waits: np.ndarray, reach: float) -> pd.DataFrame:
    n = waits.size
    expected = (np.arange(n) + 0.5) / n
    return pd.DataFrame(
        {
            "expected": expected,
            "observed": -np.expm1(-np.sort(waits)),
            "low": np.clip(expected - reach, 0.0, 1.0),
            "high": np.clip(expected + reach, 0.0, 1.0),
        }
    )
