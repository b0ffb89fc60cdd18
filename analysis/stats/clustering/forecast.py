"""How many events are to come? The fitted self-exciting process run on from the end of the window."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.errors import ParameterError, check_level, check_rng
from analysis.results import Assumption, Estimate, Finding
from analysis.stats.clustering import card, limits
from analysis.stats.clustering.fit import Record, fitted, record_of, searched
from analysis.stats.clustering.hawkes import UNSEEN
from analysis.stats.clustering.likelihood import state_at
from analysis.timeline import EventSeries

ABOUT = {
    "question": "How many events will come?",
    "null": "none: the fitted process is carried forward, no hypothesis is tested",
    "method": "self-exciting process, run on",
}
NO_TEST = "A forecast tests nothing, so it has no p-value."


def expected_ahead(background: float, branching: float, decay: float, state: float, horizon: float) -> float:
    """Mean number of events in the next ``horizon``; ``state`` is the sum of ``exp(-decay * age)`` now.

    The mean intensity m obeys ``m' = decay (background - (1 - branching) m)`` (Hawkes and Oakes 1974).
    """
    now = background + branching * decay * state
    fading = decay * (1.0 - branching)
    if fading * horizon < 1e-9:
        return now * horizon + 0.5 * decay * background * horizon**2
    lasting = background / (1.0 - branching)
    return float(lasting * horizon - (now - lasting) * np.expm1(-fading * horizon) / fading)


def hawkes_forecast(
    series: EventSeries,
    *,
    horizon: float,
    level: float = 0.9,
    rng: object = None,
    simulations: int = 2000,
    refits: int = 199,
    draws: int = 10,
) -> Finding:
    """Predictive number of events in the ``horizon`` after the window, with limits.

    Parameters
    ----------
    series : events and window. Times on a lattice and uncertain dates are drawn within what is known of them
    horizon : watched time ahead, in the unit of the window
    level : of the central predictive interval
    rng : seed or Generator; None raises
    simulations : futures drawn
    refits : records simulated from the fit and fitted anew; the futures run on their parameters, so that the limits
        allow for these being estimated
    draws : readings of times that are drawn

    Returns
    -------
    Finding; effect: median number of events, predictive limits (whole numbers that hold at least the level).
    ``settings``: expected (mean at the fit), chance_of_none. ``curve``: events, chance_at_most.
    """
    check_level(level)
    if isinstance(horizon, bool) or not isinstance(horizon, int | float) or not 0 < horizon < np.inf:
        raise ParameterError(f"horizon must be a finite time above 0, got {horizon!r}")
    for name, value, least in (("simulations", simulations, 99), ("refits", refits, 20), ("draws", draws, 1)):
        card.whole(name, value, least)
    generator = check_rng(rng, "futures are simulated")
    settings = {"level": level, "horizon": float(horizon), "simulations": simulations, "seed": card.seed_text(rng)}
    if series.n < 2:
        reason = "Fewer than two events: no self-exciting process can be fitted."
        return card.thin(series, reason=reason, settings=settings, **ABOUT)
    records = [record_of(reading) for reading in card.readings(series, generator, draws)]
    share = int(np.ceil(simulations / len(records)))
    futures = [_futures(data, horizon, generator, share, max(20, refits // len(records))) for data in records]
    counts = np.sort(np.concatenate([f[0] for f in futures]))
    tail = (1 - level) / 2
    low, median, high = (float(counts[min(counts.size - 1, int(q * counts.size))]) for q in (tail, 0.5, 1 - tail))
    values, often = np.unique(counts, return_counts=True)
    expected = float(np.mean([f[1] for f in futures]))
    return Finding(
        **ABOUT,
        statistic=expected,
        statistic_name="expected number",
        effect=Estimate(
            name=f"events in the next {horizon:g} {series.window.unit}s",
            value=median,
            low=low,
            high=high,
            level=level,
            interval="predictive",
        ),
        n_events=series.n,
        exposure_days=series.days,
        assumptions=(
            Assumption("the process goes on as it was", "unchecked", "a forecast of continuation"),
            card.WATCHED,
            card.REPORTED,
            *((UNSEEN,) if series.window.holes else ()),
        ),
        warnings=(NO_TEST, *series.notes),
        settings=card.base_settings(
            series,
            expected=expected,
            chance_of_none=float(np.mean(counts == 0)),
            refits=refits,
            readings=len(records),
            **settings,
        ),
        vintage=series.vintage,
        curve=pd.DataFrame({"events": values.astype(int), "chance_at_most": np.cumsum(often) / counts.size}),
    )


def _futures(data: Record, horizon: float, rng, size: int, refits: int) -> tuple[np.ndarray, float]:
    """Counts in ``size`` futures of one reading, and the mean count at its fit."""
    from analysis.stats.clustering.drawing_kernels import counts_ahead

    _, mu, eta, decay = fitted(data)
    ahead = horizon / data.scale
    points = np.append(0.0, data.times) if data.opened else data.times
    now = float(state_at(points, np.array([data.end * (1 + 1e-12)]), decay)[0])
    pick = rng.integers(0, refits, size)
    table = _refitted(data, mu, eta, decay, rng, refits)[pick]
    state = np.array([float(state_at(points, np.array([data.end * (1 + 1e-12)]), b)[0]) for b in table[:, 2]])
    most = int(50 * (data.times.size + 20) * max(1.0, ahead / data.end))
    counts = counts_ahead(rng, table[:, 0], np.minimum(table[:, 1], 0.99), table[:, 2], state, ahead, most)
    return counts, expected_ahead(mu, eta, decay, now, ahead)


def _refitted(data: Record, mu: float, eta: float, decay: float, rng, refits: int) -> np.ndarray:
    """Parameters fitted to records of the fitted process, however many events those have; shape (refits, 3)."""
    from analysis.stats.clustering.drawing_kernels import rows

    n = data.times.size
    most = 20 * n + 100
    found, sizes = rows(
        rng, refits, mu, min(eta, 0.99), decay, data.opened, data.end, data.holes, 0, most, 0, 0.0, limits.TRIES
    )
    out = np.empty((refits, 3))
    for r, m in enumerate(sizes):
        if m < 1:
            out[r] = 0.0, 0.0, 1.0
            continue
        like = Record(np.ascontiguousarray(found[r, :m]), data.holes, data.end, data.watched, data.opened, 1.0)
        out[r] = searched(like, decays=data.decays, turns=limits.TURNS)[1:]
    return out
