"""Does one series excite or inhibit the other, beyond what each does to itself? A two-way Hawkes process."""

from __future__ import annotations

import numpy as np

from analysis.errors import ParameterError, check_rng
from analysis.results import Alternative, Assumption, Estimate, Finding
from analysis.stats.coincidence import card
from analysis.stats.coincidence.episodes import least_episodes
from analysis.stats.coincidence.hawkes_fit import MOST_COUPLING, Fit, decay_grid, fitted
from analysis.stats.coincidence.hawkes_limits import limits
from analysis.stats.coincidence.hawkes_null import Nulls, signed_roots, simulated_roots, turned_roots
from analysis.stats.coincidence.hawkes_record import episodes_of, laid, recorded, spread
from analysis.stats.coincidence.reading import is_drawn, read_pair
from analysis.stats.coincidence.simulated import per_reading
from analysis.timeline import EventSeries

LEAST = 5


def two_way_hawkes(
    series: EventSeries,
    other: EventSeries,
    *,
    alternative: Alternative = "two-sided",
    level: float = 0.95,
    decays: np.ndarray | None = None,
    episode_gap: float | None = None,
    rng: object = None,
    resamples: int = 499,
    draws: int = 5,
) -> Finding:
    """Does each event of ``other`` raise or lower the pace of ``series`` for a while?

    Parameters
    ----------
    series, other : events watched over one stretch. Ask again with the two exchanged for the other direction
    alternative : "less" for inhibition, "greater" for excitation
    decays : the decays tried (per unit of time); 8 from a quarter of the mean wait to a sixth of the window
    episode_gap : events of ``other`` further apart than this belong to different episodes; the mean wait of
        ``series``, so that between two episodes an event of it was due
    rng, resamples : records simulated from the fit without coupling, and as many turned, p = (k + 1) / (resamples + 1)
    draws : readings of dates known to the day or otherwise uncertain; either p is taken over all of them

    Returns
    -------
    Finding; the effect is the coupling: events of ``series`` that each event of ``other`` brings about (negative:
    holds off). Limits are the couplings whose likelihood ratio, against the same two nulls, has p above 1 - level, so
    that 0 lies outside them exactly where p is at most 1 - level; None where the likelihood sets none (an inhibition
    may be complete). With one episode of ``other`` it is inconclusive, and says how many would be needed

    Notes
    -----
    Intensity ``max(0, mu + own + coupling)``, exponential kernels of one decay for each receiving series. The
    statistic is the signed root of the likelihood ratio of the coupling against none. Two nulls: records simulated
    from the fit without it, the other direction kept as fitted, rounded and read as the data are; and the record with
    ``series`` turned round the circle of watched time. The turn is exact for events independent of ``other`` whose
    law no turn changes, whatever their clustering; the simulation allows for ``series`` moving ``other``. A bootstrap
    alone rejected up to 8 % of 5 %; the larger p holds its size where either does. Decays are a grid, the same in
    every record. Events in holes are unseen and excite nothing in the fit.
    """
    card.checked(alternative, level)
    card.same_window(series, other)
    card.whole("resamples", resamples, 99)
    card.whole("draws", draws, 1)
    decays = _decays(decays, series, other)
    if episode_gap is None:
        episode_gap = series.days / max(1, series.n)
    episodes = episodes_of(other, card.length("episode_gap", episode_gap))
    settings = {"level": level, "seed": card.seed_text(rng), "episodes": episodes, "episode_gap": float(episode_gap)}
    settings |= {"decays": [float(d) for d in decays]}
    about = {
        "question": f"Does each event of {other.label} raise or lower the pace of {series.label} for a while?",
        "null": (
            f"{other.label} do nothing to {series.label}: both simulated from the fit without that coupling (keeps "
            f"what each series does to itself and {series.label} to {other.label}), and {series.label} turned round "
            f"the watched time (keeps the waits of both); the window and its holes are kept, the larger p counts"
        ),
        "method": "two-way Hawkes process, the larger p of parametric bootstrap and circular shift",
        "alternative": alternative,
    }
    reason = _too_thin(series, other, episodes, alternative, level)
    if reason:
        return card.thin_pair(series, other, reason, about=about, settings=settings)
    rng = check_rng(rng, "null records are simulated")
    record = recorded(series, other)
    many = is_drawn(series, other) or record.rounded
    times = [spread(*read_pair(series, other, rng), rng) for _ in range(draws if many else 1)]
    readings = [laid(record, *each) for each in times]
    full, none, back = (
        [fitted(at, 0, decays) for at in readings],
        [fitted(at, 0, decays, coupling=0.0) for at in readings],
        fitted(readings[0], 1, decays),
    )
    roots = np.array([signed_roots(a, b)[0] for a, b in zip(full, none, strict=True)])
    simulated = simulated_roots(record, none[0], back, decays, resamples, rng)
    size = per_reading(resamples, len(times))
    nulls = Nulls(simulated, np.array([turned_roots(record, *each, decays, size, rng) for each in times]))
    p_simulated, p_turned = nulls.pvalues(roots, alternative)
    low, high = limits(readings, full, decays, nulls, alternative, level)
    value = float(np.mean([f.theta[0, 2] for f in full]))
    at_edge = abs(value) > 0.99 * MOST_COUPLING
    return Finding(
        **about,
        statistic=float(roots.mean()),
        statistic_name="signed root of the likelihood ratio",
        pvalue=max(p_simulated, p_turned),
        attainable_pvalue=nulls.attainable,
        effect=Estimate(
            name=f"{series.label} brought about by each of {other.label}",
            value=None if at_edge else value,
            low=low if low is None or at_edge else min(low, value),
            high=high if high is None or at_edge else max(high, value),
            level=level,
        ),
        **card.pair_fields(series, other),
        assumptions=_assumptions(series, many),
        warnings=(*_edges(at_edge, value), *card.notes(series, other)),
        settings=card.base_settings(
            series,
            **settings,
            **_parameters(full[0], back),
            readings=len(readings),
            resamples=resamples,
            bootstrap_pvalue=p_simulated,
            shift_pvalue=p_turned,
        ),
    )


def _decays(decays, series: EventSeries, other: EventSeries) -> np.ndarray:
    if decays is None:
        return decay_grid(series.window.span, series.n + other.n)
    array = np.atleast_1d(np.asarray(decays, dtype=float))
    if array.ndim != 1 or array.size == 0 or not np.all(np.isfinite(array) & (array > 0)):
        raise ParameterError(f"decays must be finite numbers above 0, got {decays!r}")
    return np.unique(array)


def _too_thin(series, other, episodes: int, alternative: Alternative, level: float) -> str | None:
    if series.n < LEAST or other.n < LEAST:
        return f"{series.n} and {other.n} events: a coupling is not fitted to fewer than {LEAST} of either."
    if series.has_ties and np.unique(series.times).size < 2:
        return f"All {series.label} stand at one instant: there is no pace to change."
    if episodes <= 1:
        needed = least_episodes(alternative=alternative, level=level)
        return (
            f"{other.label} are one episode: one coincidence is one episode, whatever the number of events in it. "
            f"{needed} episodes that all go one way would be the fewest to reach p = {1 - level:.3g}; see "
            "episodes_needed for the power."
        )
    return None


def _parameters(full: Fit, back: Fit) -> dict:
    mu, own, cross = full.theta[0]
    other_mu, other_own, other_cross = back.theta[0]
    return {
        "background": [float(mu), float(other_mu)],
        "branching": [[float(own), float(cross)], [float(other_cross), float(other_own)]],
        "decay": [float(full.decay[0]), float(back.decay[0])],
    }


def _edges(at_edge: bool, value: float) -> tuple[str, ...]:
    if not at_edge:
        return ()
    what = "a complete inhibition" if value < 0 else "an excitation without bound"
    return (f"The likelihood still rises at {what}: the coupling has no estimate.",)


def _assumptions(series: EventSeries, many: bool) -> tuple[Assumption, ...]:
    shown = [
        Assumption("exponential fading of every influence", "unchecked", "the same decay for own and other events")
    ]
    shown.append(
        Assumption(
            "null records like the fit without coupling, or a turn of the record",
            "unchecked",
            "either is enough: the larger p counts",
        )
    )
    shown.append(Assumption("steady background", "unchecked", "a trend common to both looks like excitation"))
    if series.window.holes:
        shown.append(Assumption("nothing unseen excited", "doubtful", "events in holes are unknown"))
    if many:
        shown.append(Assumption("readings of rounded times", "holds", "spread within their precision, as in the null"))
    return (*shown, card.ONE_CAUSE, card.WATCHED, card.REPORTED)
