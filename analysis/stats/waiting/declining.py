"""Has it stopped, where the rate was falling anyway?"""

from __future__ import annotations

from fractions import Fraction
from math import comb

import numpy as np

from analysis.errors import check_level
from analysis.results import Assumption, Estimate, Finding
from analysis.stats.waiting import card
from analysis.stats.waiting.open_wait import reading_settings
from analysis.stats.waiting.past import drawn, moment_after, no_silence
from analysis.stats.waiting.spacings import chance_of_none_longer, longest_spacing_pvalue
from analysis.stats.waiting.stopped import QUESTION, reading_pvalues
from analysis.timeline import EventSeries

EXACT_UP_TO = 400
TINY = 1e-200  # below this the chance is worked out by its logarithm


def declining_pvalue(times, span: float) -> float:
    """Solow's (1993) p for an exponentially falling rate: ``F(t_n) / F(T)``.

    Given the sum s of the n times (sufficient for the fall) the chance that no time exceeds x is
    ``F(x) = sum_i (-1)^i C(n, i) (1 - i x / s)_+^(n-1)``, the law of the longest of n parts of s (Solow 1993,
    J. Math. Biol. 32:79-82, eqs. 3-4; Solow 2005, Math. Biosci. 195:47-55, eq. 7). The terms are large and
    cancel, so up to 400 events the sum runs in whole numbers, exactly; above, F is inverted from its
    transform (relative error under 1e-6), and where F is too small for that, as it is from thousands of events on,
    the ratio has its saddlepoint form (relative error under 1 / n).

    Parameters
    ----------
    times : event times since the opening, shape (n,), n >= 2, not all equal
    span : length of the window, at least the last time
    """
    times = np.asarray(times, dtype=float)
    n, last, total = times.size, float(times.max()), float(np.sum(times))
    if n > EXACT_UP_TO:
        early, late = (_none_longer(x / total, n) for x in (last, span))
        if early > TINY:
            return min(1.0, early / late)
        return float(min(1.0, np.exp(_log_none_longer(last, total, n) - _log_none_longer(span, total, n))))
    # Floats are fractions of powers of two: on a common denominator they are whole numbers.
    parts = [Fraction(v) for v in (last, span)]
    whole_sum = sum(Fraction(float(t)) for t in times)
    denominator = max(f.denominator for f in (*parts, whole_sum))
    x, w = (int(f * denominator) for f in parts)
    s = int(whole_sum * denominator)
    return float(Fraction(_exact_sum(x, s, n), _exact_sum(w, s, n)))


def _exact_sum(x: int, s: int, n: int) -> int:
    """``sum_i (-1)^i C(n, i) (s - i x)_+^(n-1)`` in whole numbers."""
    return sum((-1) ** i * comb(n, i) * (s - i * x) ** (n - 1) for i in range(n + 1) if i * x < s)


def _none_longer(share: float, n: int) -> float:
    if share >= 1:
        return 1.0
    p = longest_spacing_pvalue(share, 1.0, n - 1)
    return 1.0 - p if p < 0.5 else chance_of_none_longer(share, n - 1, n)


def _log_none_longer(x: float, total: float, n: int) -> float:
    """Log of F up to a constant: n times uniform up to ``x`` have the density of their sum at ``total``, times x^n."""
    from analysis.stats.trend import tilted

    theta = float(tilted.fitted(total / (n * x)))
    log_density = n * tilted.cumulant(theta) - theta * total / x - 0.5 * np.log(tilted.variance(theta))
    return float(log_density + (n - 1) * np.log(x))


def solow_declining(series: EventSeries, *, level: float = 0.95, rng: object = None, draws: int = 250) -> Finding:
    """Solow's (1993) test that events at an exponentially falling rate have stopped.

    The effect is the upper one-sided limit of the end, in watched time since the window opened, at which
    p = 1 - level; None where no end, however late, is excluded. ``rng`` and ``draws`` are for uncertain dates
    that are to be drawn. There is no estimate of the end.
    """
    check_level(level)
    about = {
        "question": QUESTION,
        "null": "the events go on at a rate that falls exponentially; their number and mean time are kept",
        "method": "Solow's test of a stop, declining rate (exact)",
        "alternative": "greater",
    }
    settings = {"level": level}
    reason = no_silence(series)
    if reason is None and series.n < 2:
        reason = "One event says nothing about how the rate falls."
    times = series.window.clock(series.times)
    if reason is None and np.ptp(times) == 0:
        reason = "All events share one time."
    if reason is not None:
        return card.thin(series, reason=reason, settings=settings, **about)
    seed = card.seed_text(rng) if drawn(series) else None

    def pvalue(reading: EventSeries) -> float:
        return declining_pvalue(reading.window.clock(reading.times), reading.days)

    p = reading_pvalues(series, pvalue, rng=rng, draws=draws)
    high = _end_limit(times, 1 - level)
    return Finding(
        **about,
        statistic=float(times[-1] / series.days),
        statistic_name="last event as a share of the watched time",
        pvalue=float(p.mean()),
        attainable_pvalue=float(p.mean()),
        effect=Estimate(
            name="end of the events since the window opened",
            value=None,
            low=float(times[-1]),
            high=high,
            level=level,
            unit=series.window.unit,
        ),
        n_events=series.n,
        exposure_days=series.days,
        assumptions=(
            Assumption("exponentially falling rate until the end", "unchecked", "a rising rate fits it too"),
            card.WATCHED,
            card.REPORTED,
        ),
        warnings=series.notes,
        settings=card.base_settings(
            series,
            **settings,
            end_upper_at=None if high is None else moment_after(series, high),
            **reading_settings(p),
            seed=seed,
        ),
        vintage=series.vintage,
    )


def _end_limit(times: np.ndarray, alpha: float) -> float | None:
    """The end of the window at which p would be ``alpha``; None where p stays above it for ever."""
    from scipy.optimize import brentq

    last, total = float(times[-1]), float(np.sum(times))
    if declining_pvalue(times, total) > alpha:
        return None
    return float(brentq(lambda t: declining_pvalue(times, t) - alpha, last, total, xtol=1e-10 * total))
