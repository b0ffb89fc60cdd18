"""Were the clock times rounded? The share of them that stand on the full hour."""

from __future__ import annotations

import numpy as np
from scipy import special, stats

from analysis.errors import check_choice, check_level
from analysis.results import ALTERNATIVES, Alternative, Estimate, Finding
from analysis.stats.rhythm import card
from analysis.stats.rhythm.days import to_minute
from analysis.stats.rhythm.hours import TURN, clock_angles, day_length
from analysis.timeline import EventSeries


def heaping(series: EventSeries, *, alternative: Alternative = "greater", level: float = 0.95) -> Finding:
    """Do more clock times stand on the full hour than the 1 in 60 that chance puts there? Exact binomial.

    Only times known to the minute count; those known as an hour, a part of the day or a day are rounded by
    declaration. The effect is the share on the full hour with Clopper-Pearson limits; the settings hold the share
    on the half hour too. Heaped times are ties, which raise Rao's and Kuiper's statistics.
    """
    check_choice("alternative", alternative, ALTERNATIVES)
    check_level(level)
    day_length(series.window)
    known = to_minute(series) & (series.resolution != "day")
    minutes = np.floor(clock_angles(series.window, series.times[known]) / TURN * 1440 + 1e-6).astype(int)
    n, full, half = minutes.size, int(np.sum(minutes % 60 == 0)), int(np.sum(minutes % 60 == 30))
    about = {
        "question": f"Are the clock times of the {series.label} heaped on full hours?",
        "null": "every minute of the hour alike: the number of times known to the minute is kept",
        "method": "heaping on full hours, exact binomial",
        "alternative": alternative,
    }
    left = series.n - n
    settings = {"level": level, "on_full_hour": full, "on_half_hour": half, "not_to_the_minute": left}
    if n == 0:
        return card.thin(series, reason="No time is known to the minute.", settings=settings, **about)
    tail = (1 - level) / 2 if alternative == "two-sided" else 1 - level
    low = float(special.betaincinv(full, n - full + 1, tail)) if full and alternative != "less" else 0.0
    high = float(special.betaincinv(full + 1, n - full, 1 - tail)) if full < n and alternative != "greater" else 1.0
    return Finding(
        **about,
        statistic=float(full),
        statistic_name="times on the full hour",
        pvalue=_p(full, n, alternative),
        attainable_pvalue=min(_p(0, n, alternative), _p(n, n, alternative)),
        effect=Estimate(name="share on the full hour", value=full / n, low=low, high=high, level=level),
        n_events=n,
        exposure_days=series.days,
        assumptions=(card.INDEPENDENT,),
        warnings=series.notes,
        settings=card.base_settings(series, **settings),
        vintage=series.vintage,
    )


def _p(k: int, n: int, alternative: Alternative) -> float:
    less, greater = stats.binom.cdf(k, n, 1 / 60), stats.binom.sf(k - 1, n, 1 / 60)
    return float(min(1.0, {"less": less, "greater": greater, "two-sided": 2 * min(less, greater)}[alternative]))
