"""Does one kind of event take over from another? The share of a kind over time, exact given all the dates.

Given every date, and how many events are of the kind, each choice of dates for them is alike under the null. Their
sum T of days has the law ``c(t) / sum c``, with c(t) the number of choices that give t; under odds that grow as
``exp(beta t)`` it is ``c(t) exp(beta t) / sum`` (exact conditional logistic regression: Cox 1970; Hirji, Mehta and
Patel 1987, JASA 82:1110; at beta = 0 the exact form of Cochran and Armitage).
"""

from __future__ import annotations

import numpy as np

from analysis.errors import ParameterError, check_rng
from analysis.results import Alternative, Assumption, Estimate, Finding
from analysis.stats.rates.share import clopper_pearson
from analysis.stats.trend import card
from analysis.timeline import EventSeries
from analysis.timeline.readings import one_each

CELLS = 12_000  # sums of days told apart; beyond it days are put together, which keeps the test exact
STEEP = 200.0
NULL = (
    "the share does not change: given every date and the number of events of each kind, any dates are those of the "
    "kind alike; the dates of all events together, bursts and trends included, are kept"
)


def share(
    series: EventSeries,
    other: EventSeries,
    *,
    per_days: float = 30.0,
    alternative: Alternative = "two-sided",
    level: float = 0.95,
    bin_days: float = 60.0,
    rng: object = None,
    draws: int = 50,
) -> Finding:
    """Does the share of ``series`` among both series rise with time?

    Parameters
    ----------
    series, other : two kinds of events in windows with the same edges and holes
    per_days : the effect is the factor on the odds of ``series`` in so many of the window's unit
    alternative : "greater" means a rising share
    bin_days : width of the stretches in ``curve``
    rng, draws : needed where ``resolution="drawn"`` leaves dates open by more than a day; p is then of the mean tails

    Returns
    -------
    Finding. The effect is an odds ratio with exact limits (None on a side the data do not bound). ``curve`` has a row
    for each stretch: start, end, events (of the kind), total, share, low, high (Clopper and Pearson). The settings
    hold the fitted course, for ``logistic``

    Raises
    ------
    ParameterError : windows that differ, a width or a unit of time that is not above 0
    """
    card.checked(alternative, level)
    for name, value in (("per_days", per_days), ("bin_days", bin_days)):
        if not 0 < value < np.inf:
            raise ParameterError(f"{name} must be a number above 0, got {value!r}")
    _same_window(series, other)
    free = [_free(each) for each in (series, other)]
    n = tuple(int(f.stop) for f in free)
    about = {
        "question": f"Does the share of {series.label} among these and {other.label} change with time?",
        "null": NULL,
        "method": "share over time, exact conditional logistic",
        "alternative": alternative,
    }
    shared = {
        "n_events": n,
        "exposure_days": (series.days, other.days),
        "settings": card.base_settings(series, per_days=per_days, level=level, seed=card.seed_text(rng)),
        "vintage": series.vintage,
    }
    notes = tuple(dict.fromkeys((*series.notes, *other.notes)))
    days = [_days(each, f, rng, draws) for each, f in zip((series, other), free, strict=True)]
    reason = _thin(n, days)
    if reason:
        return Finding(**about, **shared, warnings=(reason, *notes), inconclusive=True)
    laws = _laws(*_paired(*days))
    greater, less = (lambda beta, up=up: np.mean([law.tail(beta, up) for law in laws]) for up in (True, False))
    p = _pvalue(greater(0.0), less(0.0), alternative)
    ends = [law.ends(alternative) for law in laws]
    beta = _root(lambda b: np.mean([law.mean(b) - law.seen for law in laws]))
    low = None if alternative == "less" else _root(lambda b: greater(b) - _alpha(level, alternative))
    high = None if alternative == "greater" else _root(lambda b: _alpha(level, alternative) - less(b))
    times = [series.times[free[0]], other.times[free[1]]]
    shared["settings"] |= {"fit": _fitted(times, beta)}
    factor = [_factor(b, per_days) for b in (beta, low, high)]
    return Finding(
        **about,
        **shared,
        statistic=float(np.mean([law.seen for law in laws]) / n[0]),
        statistic_name=f"mean day of {series.label}",
        pvalue=p,
        attainable_pvalue=float(np.mean(ends)),
        effect=Estimate(
            name=f"odds ratio in {per_days:g} {series.window.unit}s",
            value=0.0 if all(law.lowest for law in laws) else factor[0],
            low=0.0 if factor[1] is None else factor[1],
            high=factor[2],
            level=level,
        ),
        assumptions=(
            Assumption("both kinds as likely to be recorded at any time", "unchecked", "attention may follow one kind"),
            Assumption(
                "kinds independent given the dates", "unchecked", "a night or burst of one kind is one decision"
            ),
        ),
        warnings=notes,
        curve=_curve(series.window, times, bin_days, level),
    )


class _Law:
    """The law of the sum of the kind's days, given all the days; lattice steps of ``step`` days."""

    def __init__(self, own: np.ndarray, rest: np.ndarray) -> None:
        days = np.concatenate([own, rest])
        few, first = min(own.size, rest.size), int(days.min())
        self.step = max(1, int(np.ceil((int(days.max()) - first) * few / CELLS)))
        lattice = (days - first) // self.step
        # Choosing who is of the kind is choosing who is not: count the fewer.
        ways = choices(lattice, few, unit=1e-300)  # so that the ways of a thousand events are numbers
        if few < own.size:
            ways = ways[::-1]
            offset = int(lattice.sum()) - (ways.size - 1)
        else:
            offset = 0
        sums = np.arange(ways.size) + offset
        kept = ways > 0
        self.sums, self.log = sums[kept], np.log(ways[kept])
        self.at = int(lattice[: own.size].sum())
        self.middle = self.sums.mean()
        self.seen = self.at * self.step + first * own.size
        self._size, self._first = own.size, first

    def weights(self, beta: float) -> np.ndarray:
        log = self.log + beta * self.step * (self.sums - self.middle)
        weight = np.exp(log - log.max())
        return weight / weight.sum()

    @property
    def lowest(self) -> bool:
        """Whether no choice of dates gives a smaller sum."""
        return bool(self.at == self.sums[0])

    def tail(self, beta: float, up: bool) -> float:
        chosen = self.sums >= self.at if up else self.sums <= self.at
        return float(min(1.0, self.weights(beta)[chosen].sum()))

    def mean(self, beta: float) -> float:
        return float((self.weights(beta) * self.sums).sum() * self.step + self._first * self._size)

    def ends(self, alternative: Alternative) -> float:
        """The smallest p that these dates could give."""
        weight = self.weights(0.0)
        if alternative == "two-sided":
            return float(min(1.0, 2 * min(weight[0], weight[-1])))
        return float(weight[-1] if alternative == "greater" else weight[0])


def choices(lattice: np.ndarray, size: int, *, unit: float = 1.0) -> np.ndarray:
    """Number of ways to choose ``size`` of the whole numbers so that they add up to 0, 1, 2, ..., times ``unit``."""
    lattice = np.sort(np.asarray(lattice, dtype=int))
    most = int(lattice[lattice.size - size :].sum()) if size else 0
    ways = np.zeros((size + 1, most + 1))
    ways[0, 0] = unit
    for day in lattice:
        if day == 0:
            ways[1:] += ways[:-1].copy()
        elif day <= most:
            ways[1:, day:] += ways[:-1, :-day].copy()
    return ways[size]


def _laws(own: np.ndarray, rest: np.ndarray) -> list[_Law]:
    known: dict[tuple, _Law] = {}
    keys = [(tuple(np.sort(a)), tuple(np.sort(b))) for a, b in zip(own.tolist(), rest.tolist(), strict=True)]
    for key in keys:
        if key not in known:
            known[key] = _Law(*(np.array(days) for days in key))
    return [known[key] for key in keys]


def _paired(own: np.ndarray, rest: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Readings of both kinds side by side, as many of one as of the other."""
    size = max(len(own), len(rest))
    return np.broadcast_to(own, (size, own.shape[1])), np.broadcast_to(rest, (size, rest.shape[1]))


def _free(series: EventSeries) -> slice:
    """The events that may be of either kind: one that closed the window is conditioned on."""
    return slice(0, series.n - 1 if series.window.closed_by_event and series.n else series.n)


def _days(series: EventSeries, free: slice, rng: object, draws: int) -> np.ndarray:
    """Whole days since the window opened, shape (readings, n)."""
    parts = [getattr(series, name)[free] for name in ("earliest", "latest", "width")]
    if series.resolution == "drawn" and np.any(np.floor(parts[0]) < np.floor(parts[1] - 1e-9)):
        rng = check_rng(rng, "dates that are open by more than a day are drawn")
        drawn = one_each(*(np.tile(part, draws) for part in parts), rng)
        return np.floor(drawn).astype(int).reshape(draws, -1)
    return np.floor(series.times[free]).astype(int)[None, :]


def _thin(n: tuple[int, int], days: list[np.ndarray]) -> str | None:
    if min(n) == 0:
        return "One kind has no event in the window: its share cannot change."
    if all(np.ptp(np.concatenate(pair)) == 0 for pair in zip(*_paired(*days), strict=True)):
        return "Every event falls on the same day: there is no time over which a share could change."
    return None


def _same_window(series: EventSeries, other: EventSeries) -> None:
    one, two = series.window, other.window
    if one.start != two.start or one.end != two.end or one.holes != two.holes:
        raise ParameterError(
            f"both kinds must be watched over the same time: {one} and {two}; select or cut both to one window"
        )


def _pvalue(greater: float, less: float, alternative: Alternative) -> float:
    p = {"greater": greater, "less": less, "two-sided": 2 * min(greater, less)}[alternative]
    return float(min(1.0, p))


def _alpha(level: float, alternative: Alternative) -> float:
    return (1 - level) / (2 if alternative == "two-sided" else 1)


def _root(rising) -> float | None:
    """Where a rising function of beta crosses 0; None where it never does."""
    from scipy.optimize import brentq

    reach = 0.01
    while rising(-reach) > 0 or rising(reach) < 0:
        reach *= 4
        if reach > STEEP:
            return None
    return float(brentq(rising, -reach, reach, xtol=1e-12))


def _factor(beta: float | None, per_days: float) -> float | None:
    if beta is None or abs(beta * per_days) > 50:
        return None
    return float(np.exp(beta * per_days))


def _curve(window, times: list[np.ndarray], bin_days: float, level: float):
    """Shares by stretches of ``bin_days``."""
    import pandas as pd

    number = max(1, int(np.ceil(window.span / bin_days - 1e-9)))
    edges = np.append(np.arange(number) * bin_days, window.span)
    own, rest = (np.histogram(t, edges)[0] for t in times)
    total = own + rest
    limits = np.array([clopper_pearson(int(k), int(m), level=level) for k, m in zip(own, total, strict=True)])
    with np.errstate(invalid="ignore"):
        observed = np.where(total > 0, own / np.maximum(total, 1), np.nan)
    parts = {"start": edges[:-1], "end": edges[1:], "events": own, "total": total, "share": observed}
    parts |= {"low": limits[:, 0], "high": limits[:, 1]}
    return pd.DataFrame(parts)


def _fitted(times: list[np.ndarray], beta: float | None) -> dict[str, float] | None:
    """The logistic course whose slope is ``beta`` and whose number of the kind is that seen; see ``logistic``."""
    if beta is None:
        return None
    pooled = np.concatenate(times)
    fit = {"slope": beta, "middle": float(pooled.mean())}
    height = _root(lambda a: logistic(pooled, height=a, **fit).sum() - times[0].size)
    return None if height is None else {"height": height, **fit}


def logistic(elapsed: np.ndarray, *, height: float, slope: float, middle: float) -> np.ndarray:
    """The fitted share at elapsed times, from ``settings["fit"]``."""
    return 1 / (1 + np.exp(-np.clip(height + slope * (np.asarray(elapsed, dtype=float) - middle), -500, 500)))
