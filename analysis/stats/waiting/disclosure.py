"""What if an event in the quiet time was not yet known?"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from analysis.errors import ParameterError
from analysis.results import Assumption, Estimate, Finding
from analysis.stats.waiting import card
from analysis.stats.waiting.past import no_silence, past
from analysis.stats.waiting.renewal import exponential_silence, known_rate_silence
from analysis.timeline import EventSeries

ABOUT = {
    "question": "Had the earlier pace gone on, how likely is it that no event of the quiet time is known?",
    "null": "the earlier pace went on, and each event was known by the end with a given chance",
    "method": "late disclosure, thinned Poisson process",
    "alternative": "greater",
}


def late_disclosure(series: EventSeries, *, known: Sequence[float] = (1.0, 0.8, 0.5)) -> Finding:
    """Chance that no event is known in the quiet time if each is known by now with chance ``known``.

    A Poisson process thinned by ``c`` is one of ``c`` times the rate: ``exp(-n c quiet / elapsed)`` with the
    rate known, ``(elapsed / (elapsed + c quiet))^n`` with it unknown. The curve has the columns known,
    chance_rate_known, chance_rate_unknown; the effect is the chance at the smallest ``known``, rate unknown.
    """
    shares = np.asarray(known, dtype=float).reshape(-1)
    if shares.size == 0 or not np.all((shares >= 0) & (shares <= 1)):
        raise ParameterError(f"known must be chances between 0 and 1, got {known!r}")
    settings = {"known": shares.tolist()}
    reason = no_silence(series)
    if reason is not None:
        return card.thin(series, reason=reason, settings=settings, **ABOUT)
    p = past(series)
    curve = pd.DataFrame(
        {
            "known": shares,
            "chance_rate_known": known_rate_silence(p.elapsed, shares * p.quiet, p.n),
            "chance_rate_unknown": exponential_silence(p.elapsed, shares * p.quiet, p.n),
        }
    )
    least = curve.loc[curve["known"].idxmin()]
    return Finding(
        **ABOUT,
        statistic=p.quiet,
        statistic_name=f"quiet {series.window.unit}s",
        effect=Estimate(
            name=f"chance that no event is known when each is with chance {least['known']:g}",
            value=float(least["chance_rate_unknown"]),
            low=None,
            high=None,
        ),
        n_events=p.n,
        exposure_days=series.days,
        assumptions=(
            card.CONSTANT_PACE,
            card.WATCHED,
            Assumption("events become known independently, with one chance", "unchecked", "given, not estimated"),
        ),
        warnings=("A table of chances for given assumptions, not a test: no p-value.", *series.notes),
        settings=card.base_settings(series, **settings),
        vintage=series.vintage,
        curve=curve,
    )
