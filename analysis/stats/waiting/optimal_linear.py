"""When was, or will be, the last event: the optimal linear estimate from the latest ones."""

from __future__ import annotations

import numpy as np
from scipy import special

from analysis.errors import ParameterError, check_level
from analysis.results import Assumption, Estimate, Finding
from analysis.stats.waiting import card
from analysis.stats.waiting.open_wait import reading_settings
from analysis.stats.waiting.past import drawn, moment_after
from analysis.stats.waiting.stopped import QUESTION, reading_pvalues
from analysis.timeline import EventSeries

FEWEST = 4


def tail_shape(latest: np.ndarray) -> float:
    """Shape v of the joint Weibull form of the latest k times, newest first (Roberts and Solow 2003).

    ``sum_{i=1}^{k-2} ln((t_1 - t_k) / (t_1 - t_{i+1})) / (k - 1)``.
    """
    k = latest.size
    return float(np.log((latest[0] - latest[-1]) / (latest[0] - latest[1:-1])).sum() / (k - 1))


def linear_weights(v: float, k: int) -> np.ndarray:
    """Weights of the best linear unbiased combination, shape (k,): ``L^-1 e / (e' L^-1 e)``.

    ``L_ij = Gamma(2v + i) Gamma(v + j) / (Gamma(v + i) Gamma(j))`` for j <= i, symmetric.
    """
    i, j = np.indices((k, k)) + 1
    i, j = np.maximum(i, j), np.minimum(i, j)
    log_l = special.gammaln(2 * v + i) + special.gammaln(v + j) - special.gammaln(v + i) - special.gammaln(j)
    weights = np.linalg.solve(np.exp(log_l), np.ones(k))
    return weights / weights.sum()


def upper_limit(latest: np.ndarray, alpha: float) -> float:
    """Time at which p is ``alpha``: ``(t_1 - c t_k) / (1 - c)``, ``c = (k / -ln alpha)^-v``.

    Infinite where c is 1 or more.
    """
    k, v = latest.size, tail_shape(latest)
    c = (k / -np.log(alpha)) ** -v
    return float((latest[0] - c * latest[-1]) / (1 - c)) if c < 1 else float("inf")


def ole_pvalue(latest: np.ndarray, now: float) -> float:
    """Chance that a record still going on shows nothing from its latest time until now.

    ``exp(-k ((T - t_1) / (T - t_k))^(1/v))``.
    """
    k, v = latest.size, tail_shape(latest)
    return float(np.exp(-k * ((now - latest[0]) / (now - latest[-1])) ** (1 / v)))


def last_event_ole(
    series: EventSeries, *, k: int = 10, level: float = 0.95, rng: object = None, draws: int = 250
) -> Finding:
    """Optimal linear estimate of the end of the events (Roberts and Solow 2003, Nature 426:245).

    Uses the latest ``k`` events (all, where there are fewer; the one that opened the window included),
    whatever the rate before them. The effect is the end in watched time since the window opened, with the
    last event as its lower and the one-sided ``level`` limit as its upper limit, at which p = 1 - level; the
    settings hold the two-sided one and the moments. ``rng`` and ``draws`` are for uncertain dates that are to
    be drawn.
    """
    check_level(level)
    if not isinstance(k, int) or k < FEWEST:
        raise ParameterError(f"k must be a whole number of {FEWEST} or more, got {k!r}")
    about = {
        "question": QUESTION,
        "null": "the events go on: the latest are the newest of an unfinished record (extreme-value form)",
        "method": "optimal linear estimate of the last event (approximate)",
        "alternative": "greater",
    }
    settings = {"k": k, "level": level}
    latest = latest_times(series, k)
    reason = _thin(series, latest)
    if reason is not None:
        return card.thin(series, reason=reason, settings=settings, **about)
    seed = card.seed_text(rng) if drawn(series) else None

    def pvalue(reading: EventSeries) -> float:
        return ole_pvalue(latest_times(reading, k), reading.days)

    p = reading_pvalues(series, pvalue, rng=rng, draws=draws)
    v = tail_shape(latest)
    end = max(float(linear_weights(v, latest.size) @ latest), float(latest[0]))
    one_sided, two_sided = (_finite(upper_limit(latest, (1 - level) / s)) for s in (1, 2))
    return Finding(
        **about,
        statistic=v,
        statistic_name="shape of the tail",
        pvalue=float(p.mean()),
        attainable_pvalue=float(p.mean()),
        effect=Estimate(
            name="end of the events since the window opened",
            value=end,
            low=float(latest[0]),
            high=one_sided,
            level=level,
            unit=series.window.unit,
        ),
        n_events=series.n,
        exposure_days=series.days,
        assumptions=(
            Assumption("approximate", "doubtful" if latest.size < 10 else "holds", MEASURED),
            card.WATCHED,
            card.REPORTED,
        ),
        warnings=series.notes,
        settings=card.base_settings(
            series,
            **settings,
            used=latest.size,
            upper_two_sided=two_sided,
            end_at=moment_after(series, end),
            end_upper_at=None if one_sided is None else moment_after(series, one_sided),
            **reading_settings(p),
            seed=seed,
        ),
        vintage=series.vintage,
    )


MEASURED = "for an unfinished record at a constant rate rejects 1, 2 and 5 % at nominal 5 % (k = 4, 5 and 10)"


def latest_times(series: EventSeries, k: int) -> np.ndarray:
    """The latest k times on the watched clock, newest first, an opening event included."""
    times = series.times if not series.window.opened_by_event else np.append(0.0, series.times)
    return series.window.clock(times)[::-1][:k]


def _thin(series: EventSeries, latest: np.ndarray) -> str | None:
    if latest.size < FEWEST:
        return f"{latest.size} events; the estimate needs {FEWEST}."
    if latest[0] <= latest[1]:
        return "The two latest events share one time, so the tail has no shape."
    if series.window.closed_by_event or series.days <= latest[0]:
        return "Nothing was watched after the last event."
    return None


def _finite(value: float) -> float | None:
    return value if np.isfinite(value) else None
