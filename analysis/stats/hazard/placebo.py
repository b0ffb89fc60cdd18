"""Placebo intervention dates: the p-value of one covariate and the hazard ratios it does not reject."""

from __future__ import annotations

from typing import Literal

import numpy as np

from analysis.processes.placing import placed
from analysis.results import Alternative
from analysis.stats.hazard.responses import Response
from analysis.stats.hazard.risk import Frozen, scores
from analysis.timeline import EventSeries

Statistic = Literal["events", "cox"]
Shuffle = Literal["placebo_dates", "shuffled_waits", "uniform_times"]
# Log hazard ratios searched for limits: ratios from 1/8100 to 8100.
REACH, HALVINGS = 9.0, 10
NEAR = np.array([-18, -12, -9, -7, -5.5, -4.5, -3.5, -2.5, -2, -1.5, -1, -0.75, -0.5, -0.25, 0])
NEAR = np.unique(np.concatenate([NEAR, -NEAR]))
SLACK = 1e-9


class Placebo:
    """The test of one log hazard ratio after another, on the same random lags.

    Under a ratio ``exp(beta)`` the attacks are moved on the clock that runs ``exp(beta x(t))`` as fast: there, a
    constant baseline has events that are uniform given their number, so that every lag round the circle is as likely
    as the one seen ("placebo_dates"), and so is every order of the waits where they are independent
    ("shuffled_waits"). The closing event stays.
    """

    def __init__(
        self,
        series: EventSeries,
        covariate: Response,
        *,
        covariates: Frozen,
        null: Shuffle,
        resamples: int,
        seed: int,
        statistic: Statistic = "events",
    ) -> None:
        self.statistic = statistic
        self.series, self.covariate, self.covariates = series, covariate, covariates
        self.null, self.resamples, self.seed = null, resamples, seed
        self.free = series.times[: series.n - series.window.closed_by_event]
        knots = series.window.clock(covariate.edges)
        self.knots = knots[np.append(True, covariate.watched)]
        self.values = covariate.values[covariate.watched]

    def tails(self, beta: float) -> tuple[float, float]:
        """Chance of a score as low, and as high, as the one seen: (k + 1) / (resamples + 1)."""
        seen = self.seen(beta)
        null = self.statistics(self.moved(beta), beta)
        slack = SLACK * max(1.0, abs(seen))
        whole = null.size + 1
        return (1 + int((null <= seen + slack).sum())) / whole, (1 + int((null >= seen - slack).sum())) / whole

    def seen(self, beta: float) -> float:
        """The statistic of the record itself."""
        return float(self.statistics(self.series.times[None, :], beta)[0])

    def statistics(self, times: np.ndarray, beta: float) -> np.ndarray:
        """The statistic of each row of times.

        "events": the covariate summed over the events (the number of events under a response), the score of a
        constant baseline up to a constant. "cox": Cox's score.
        """
        if self.statistic == "cox":
            return scores(times, self.series, self.covariate, beta, self.covariates)
        if self.covariates == "split":
            return self.covariate.at(times).sum(axis=1)
        begins = np.hstack([np.zeros((times.shape[0], 1)), times[:, :-1]])
        return self.covariate.at(begins if times.shape[1] else times).sum(axis=1)

    def moved(self, beta: float) -> np.ndarray:
        """Times under the null, sorted in each row, rounded as the data are; shape (resamples, n)."""
        rng = np.random.default_rng(self.seed)
        window = self.series.window
        pace = np.exp(beta * self.values - max(beta, 0.0))
        fast = np.append(0.0, np.cumsum(pace * np.diff(self.knots)))
        u = np.interp(window.clock(self.free), self.knots, fast)
        if self.null == "placebo_dates":
            rows = (u + fast[-1] * rng.random((self.resamples, 1))) % fast[-1]
            rows.sort(axis=1)
        elif self.null == "uniform_times":
            rows = np.sort(fast[-1] * rng.random((self.resamples, u.size)), axis=1)
        else:
            first = 0 if window.opened_by_event else 1
            waits = np.tile(np.diff(u, prepend=0.0), (self.resamples, 1))
            waits[:, first:] = rng.permuted(waits[:, first:], axis=1)
            rows = np.minimum(np.cumsum(waits, axis=1), fast[-1])
        times = placed(window, np.interp(rows, fast, self.knots))
        if self.series.precision > 0:
            times = self._rounded(times, rng)
        closing = np.full((self.resamples, int(window.closed_by_event)), window.span)
        return np.hstack([times, closing])

    def _rounded(self, times: np.ndarray, rng: np.random.Generator) -> np.ndarray:
        if not self.series.window.opened_by_event:
            return self.series.coarsen(times, rng)
        return np.stack([self.series.coarsen(row, rng) for row in times])


def pvalue(tests: list[Placebo], beta: float, alternative: Alternative) -> float:
    """p of one log hazard ratio, the mean over readings of the dates; two-sided is central."""
    p = [_from_tails(*t.tails(beta), alternative) for t in tests]
    return float(np.mean(p))


def limits(
    tests: list[Placebo], centre: float | None, *, alternative: Alternative, level: float
) -> tuple[float, float | None]:
    """Hull of the hazard ratios that are not rejected: p crosses 1 - level at its ends.

    0 stands where no lower limit exists, None where no upper one does.
    """

    def kept(beta: float) -> bool:
        return pvalue(tests, beta, alternative) > 1 - level

    # p is no smooth curve: a lag moves every attack at once. The ratios are searched, closer by the estimate.
    start = 0.0 if centre is None else float(np.clip(centre, -REACH, REACH))
    grid = np.unique(np.clip(start + NEAR, -REACH, REACH))
    inside = [b for b in grid if kept(b)]
    if not inside:
        inside = [max(grid, key=lambda b: pvalue(tests, b, alternative))]
    low = high = None
    if alternative != "less" and inside[0] > -REACH:
        low = _edge(kept, inside[0], float(grid[grid < inside[0]][-1]))
    if alternative != "greater" and inside[-1] < REACH:
        high = _edge(kept, inside[-1], float(grid[grid > inside[-1]][0]))
    return 0.0 if low is None else float(np.exp(low)), None if high is None else float(np.exp(high))


def _edge(kept, inside: float, outside: float) -> float:
    """The last log ratio kept between one that is and one that is not."""
    for _ in range(HALVINGS):
        middle = (inside + outside) / 2
        inside, outside = (middle, outside) if kept(middle) else (inside, middle)
    return float(inside)


def _from_tails(low: float, high: float, alternative: Alternative) -> float:
    return {"less": low, "greater": high, "two-sided": min(1.0, 2 * min(low, high))}[alternative]
