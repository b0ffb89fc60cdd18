"""How many waits of the same pace would have to lie before a silence for it to say something?"""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy import optimize

from analysis.errors import check_level
from analysis.results import Estimate, Finding, p_text
from analysis.stats.waiting import card
from analysis.stats.waiting.past import drawn, no_silence, past
from analysis.stats.waiting.renewal import exponential_silence, known_rate_silence
from analysis.timeline import EventSeries

NO_TEST = "A property of the design, not a test: it has no p-value."
MOST = 10_000


def history_needed(series: EventSeries, *, level: float = 0.05) -> Finding:
    """The number of earlier waits at which a silence of this length would have p = ``level``, the pace being the same.

    Parameters
    ----------
    series : events and window; the silence is the open wait, the pace the mean wait up to the last event
    level : the p to be reached

    Returns
    -------
    Finding without a p-value. Its effect is the number of completed waits, a whole number; none where the silence
    would not be enough even were the pace known exactly, which ``settings["pvalue_rate_known"]`` shows. ``curve``
    has waits, pvalue.

    Notes
    -----
    ``(n m / (n m + q))^n`` for n waits of mean m and a silence q, the law of ``silence``. It falls with n towards
    ``exp(-q / m)``, its value were the rate known. Only the number of events and two lengths of time enter, so that
    uncertain dates are taken at their point values.
    """
    check_level(level)
    about = {
        "question": f"How many earlier waits would make a silence this long surprising (p at most {level:g})?",
        "null": "none is tested; attacks of constant pace, independent of each other",
        "method": "history needed, exponential law of unknown rate",
        "alternative": "greater",
    }
    settings = {"level": level}
    if (reason := no_silence(series)) is not None:
        return card.thin(series, reason=reason, settings=settings, **about)
    before = past(series)
    mean, quiet = before.elapsed / before.n, before.quiet
    known = float(known_rate_silence(before.elapsed, quiet, before.n))
    needed = _fewest(mean, quiet, level) if known < level else None
    top = int(min(MOST, max(3 * before.n, 1.5 * (needed or 0), 20)))
    waits = np.unique(np.geomspace(1, top, 60).astype(int))
    said = (NO_TEST,)
    if needed is None:
        said += (f"No number of them would do: with the pace known exactly p would still be {p_text(known)}.",)
    if drawn(series):
        said += ("Uncertain dates were taken at their point values.",)
    unit = series.window.unit
    settings |= {"mean_wait": mean, "quiet": quiet, "waits_so_far": before.n, "pvalue_rate_known": known}
    return Finding(
        **about,
        statistic=float(exponential_silence(before.elapsed, quiet, before.n)),
        statistic_name="p with the waits there are",
        effect=Estimate(name="earlier waits needed", value=needed, low=None, high=None, level=1 - level),
        n_events=series.n,
        exposure_days=series.days,
        assumptions=(card.CONSTANT_PACE, card.WATCHED, card.REPORTED, card.NOT_SEARCHED),
        warnings=(*said, *series.notes),
        settings=card.base_settings(series, **settings) | {"mean_wait_unit": unit},
        vintage=series.vintage,
        curve=pd.DataFrame({"waits": waits, "pvalue": [_chance(n, mean, quiet) for n in waits]}),
    )


def _chance(n: float, mean: float, quiet: float) -> float:
    return float(np.exp(-n * np.log1p(quiet / (n * mean))))


def _fewest(mean: float, quiet: float, level: float) -> int | None:
    """The fewest waits, None above ``MOST``."""
    if _chance(1, mean, quiet) <= level:
        return 1
    if _chance(MOST, mean, quiet) > level:
        return None
    n = optimize.brentq(lambda n: _chance(n, mean, quiet) - level, 1, MOST)
    return int(np.ceil(n - 1e-9))
