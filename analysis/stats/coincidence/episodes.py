"""How many episodes of a state would be needed: one coincidence is one episode."""

from __future__ import annotations

import math

import numpy as np
from scipy import special

from analysis.errors import ParameterError, check_level
from analysis.results import Alternative, Assumption, Estimate, Finding
from analysis.stats.coincidence import card, shift
from analysis.stats.rates.power import power as rate_power
from analysis.timeline import EventSeries, StateSeries

MOST = 1000
MOST_OUTCOMES = 1e6


def least_episodes(*, alternative: Alternative = "two-sided", level: float = 0.95) -> int:
    """The fewest episodes at which any result can be significant, each episode one observation.

    Each episode is compared with the quiet stretch beside it and goes one way or the other, alike under the null;
    m that all go one way have chance ``2 ** -m`` (twice that two-sided): the sign test. 5 one-sided and 6 two-sided
    at the level 0.95.
    """
    card.checked(alternative, level)
    sides = 2 if alternative == "two-sided" else 1
    return math.ceil(math.log2(sides / (1 - level)) - 1e-9)


def episodes_needed(
    series: EventSeries,
    state: StateSeries,
    *,
    ratio: float = 0.0,
    alternative: Alternative = "less",
    level: float = 0.95,
    power: float = 0.8,
) -> Finding:
    """How many episodes like those seen would be needed to find a rate ratio (on over off) with a given power.

    Parameters
    ----------
    series, state : the events and the state seen so far: they give the rate with the state off, and the mean
        watched length of an episode and of the quiet stretch that goes with it
    ratio : the claimed ratio of rates, on over off; 0 is a full stop
    alternative : "less" for fewer events while on; "greater" needs a ratio above 1
    power : chance wanted of p at most 1 - level

    Returns
    -------
    Finding without a p-value: the number of episodes needed, with limits that follow from those of the rate with
    the state off. It is the larger of two numbers (both in the settings): the fewest at which episodes taken as one
    observation each can reach the level (``least_episodes``), and the fewest at which the exact conditional test
    of the two rates has the power, with events independent. ``curve`` has episodes and power

    Notes
    -----
    Power uses the rate with the state off and its Garwood limits, never the ratio observed. None above 1000.
    """
    card.checked(alternative, level)
    card.same_window(series, state)
    check_level(power, "power")
    ratio = card.length("ratio", ratio, or_zero=True)
    wrong = {"less": ratio >= 1, "greater": ratio <= 1, "two-sided": ratio == 1}[alternative]
    if wrong:
        raise ParameterError(f"a ratio of {ratio:g} is no effect for alternative {alternative!r}; choose another")
    spells, off_days = shift.watched_spells(state), state.days_off
    off, on = shift.inside(series, spells)
    about = {
        "question": f"How many episodes of {state.label} would show a rate ratio of {ratio:g} in {series.label}?",
        "null": "one rate with the state on and off",
        "method": "episodes needed",
        "alternative": alternative,
    }
    settings = {"state": state.label, "ratio": ratio, "level": level, "power": power, "episodes": len(spells)}
    reason = None
    if len(spells) == 0:
        reason = f"{state.label} was never on while anybody watched: the length of an episode is unknown."
    elif off_days <= shift.SLACK * series.days:
        reason = f"{state.label} was on all the time: the rate without it is unknown."
    elif off == 0:
        reason = f"No event of {series.label} with the state off: the rate to start from is unknown."
    if reason:
        return _answer(series, state, about, settings, (off, on), warnings=(reason,))
    on_each, off_each = state.days_on / len(spells), off_days / len(spells)
    design = {"on_each": on_each, "off_each": off_each, "ratio": ratio, "alternative": alternative}
    design |= {"level": level, "power": power}
    least = least_episodes(alternative=alternative, level=level)
    alpha = 1 - level
    rates = {
        "value": off / off_days,
        "low": special.gammaincinv(off + 1, 1 - alpha / 2) / off_days,
        "high": special.gammaincinv(off, alpha / 2) / off_days,
    }
    found = {name: by_power(float(rate), **design) for name, rate in rates.items()}
    needed = {name: None if m is None else float(max(m, least)) for name, m in found.items()}
    settings |= {"least_to_reach_level": least, "needed_for_power": found["value"], "rate_off": rates["value"]}
    settings |= {"days_each_episode": on_each, "quiet_days_each": off_each}
    words = () if needed["value"] is not None else (f"More than {MOST} episodes: this design will not tell.",)
    enough = needed["value"] is not None and len(spells) >= needed["value"]
    more = "" if enough or needed["value"] is None else f"; {int(needed['value'])} are needed"
    words += (f"{len(spells)} episode{'s' if len(spells) != 1 else ''} so far{more}. This is a design, not a test.",)
    effect = Estimate(name="episodes needed", **needed, level=level) if needed["value"] is not None else None
    return _answer(
        series,
        state,
        about,
        settings,
        (off, on),
        effect=effect,
        warnings=words,
        curve=_curve(float(rates["value"]), needed["value"], design),
        statistic=needed["value"],
    )


def by_power(rate: float, *, on_each, off_each, ratio, alternative, level, power) -> int | None:
    """The fewest episodes at which the exact conditional test keeps the power; None above ``MOST``."""

    def enough(m: int) -> bool:
        return _power(m, rate, on_each, off_each, ratio, alternative, level) >= power

    high = 1
    while not enough(high):
        high *= 2
        if high > MOST:
            return None
    low = high // 2
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if enough(middle) else (middle, high)
    return high


def _power(m, rate, on_each, off_each, ratio, alternative, level) -> float:
    counts = m * off_each * rate, m * on_each * rate * ratio
    if counts[0] * counts[1] > MOST_OUTCOMES:
        # So many events that the log ratio is normal; the exact sum would not fit into memory.
        sides = 2 if alternative == "two-sided" else 1
        z = abs(math.log(ratio)) / math.sqrt(1 / counts[0] + 1 / counts[1])
        return float(special.ndtr(z + special.ndtri((1 - level) / sides)))
    return rate_power(
        before_days=m * off_each,
        after_days=m * on_each,
        rate=rate,
        ratio=ratio,
        alternative=alternative,
        alpha=1 - level,
    )


def _curve(rate: float, needed: float | None, design: dict):
    import pandas as pd

    top = int(min(MOST, 1.6 * (needed or 20) + 3))
    episodes = np.unique(np.linspace(1, top, 30).astype(int))
    keys = ("on_each", "off_each", "ratio", "alternative", "level")
    powers = [_power(int(m), rate, *(design[k] for k in keys)) for m in episodes]
    return pd.DataFrame({"episodes": episodes, "power": powers})


def _answer(series, state, about, settings, counts, *, effect=None, warnings=(), curve=None, statistic=None):
    off, on = counts
    return Finding(
        **about,
        statistic=statistic,
        statistic_name="episodes needed",
        effect=effect,
        n_events=(off, on),
        exposure_days=(float(max(state.days_off, 0.0)), float(state.days_on)),
        assumptions=(
            Assumption("episodes to come are like those seen", "unchecked", "in length, and in the quiet between"),
            Assumption("events independent of each other", "unchecked", "bursts need more episodes"),
        ),
        warnings=(*warnings, *card.notes(series)),
        settings=card.base_settings(series, **settings),
        vintage=series.vintage,
        curve=curve,
        inconclusive=effect is None,
    )
