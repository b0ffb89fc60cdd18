"""The piecewise exponential model: events per watched time with and without a response, exact at any number of events.

Given the events of each piece of the baseline, those under a response are binomial with the share of its exposure;
over several pieces their sum is a convolution of binomials. Limits after Clopper and Pearson (1934), Biometrika
26:404-413, carried to the ratio; the model: Holford (1980) Biometrics 36:299-305.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from scipy import optimize, special

from analysis.errors import ParameterError
from analysis.results import Alternative, Assumption, Estimate, Finding
from analysis.stats.hazard import approximate, card
from analysis.stats.hazard.responses import Response, fixed, response
from analysis.stats.readings import over_readings
from analysis.stats.trend.limits import from_tails, inverted
from analysis.timeline import EventSeries


def piecewise_exponential(
    series: EventSeries,
    interventions: object,
    *,
    response_days: float | None = None,
    pieces: Sequence[object] = (),
    null_ratio: float = 1.0,
    alternative: Alternative = "two-sided",
    level: float = 0.95,
    rng: object = None,
    draws: int = 250,
) -> Finding:
    """Hazard with a response at work over that without, under a baseline that is constant in pieces (exact).

    Parameters
    ----------
    series : events and window; all watched time counts, the stretch before the first event too
    interventions, response_days : as in ``series_hazard``; the response is on or off, it does not fade
    pieces : dates at which the baseline hazard may change; none for one constant baseline
    null_ratio : the hazard ratio under the null
    alternative : "less" means fewer events while a response is at work
    rng, draws : readings of uncertain dates (``resolution="drawn"``); p is their mean, the limits invert it

    Notes
    -----
    No event under a response gives a ratio of 0 with an upper limit; none without one, a lower limit only. The event
    that closed a window is conditioned on and does not count.
    """
    card.checked(alternative, level, "split", "efron")
    if not 0 < null_ratio < np.inf:
        raise ParameterError(f"null_ratio must be a number above 0, got {null_ratio!r}")
    if isinstance(pieces, str) or not isinstance(pieces, Sequence | np.ndarray):
        raise ParameterError(f"pieces must be a list of dates at which the baseline may change; got {pieces!r}")
    window = series.window
    covariate = response(interventions, window, response_days=response_days)
    interventions = fixed(interventions, window)
    cuts = sorted(window.elapsed(c) for c in pieces)
    if any(not 0 < c < window.span for c in cuts):
        raise ParameterError(f"every piece must begin inside the window {window}; got {list(pieces)}")
    about = {
        "question": f"Does the pace of {series.label} differ while a response is at work?",
        "null": "events fall on watched time alike with and without a response; keeps the number of events of every "
        "piece of the baseline, destroys which of them fell under a response",
        "method": "piecewise exponential model, exact conditional test",
        "alternative": alternative,
    }
    drawn = series.resolution == "drawn" and series.uncertain
    settings = {"response_days": response_days, "pieces": [str(window.moment(c)) for c in cuts], "level": level}
    cuts = [window.moment(c) for c in cuts]
    settings |= {"null_ratio": null_ratio, "draws": draws if drawn else None, "seed": card.seed_text(rng)}
    described = card.described(series, covariate, **settings)
    tables = (
        over_readings(series, lambda s: _table(s, interventions, response_days, cuts), rng=rng, draws=draws)
        if drawn
        else _table(series, interventions, response_days, cuts)[None]
    )
    point = _table(series, interventions, response_days, cuts)
    reason = _unfit(point)
    if reason:
        return card.refused(series, covariate, reason, about, described)
    laws = [Law(table) for table in tables]

    def pvalue(log_ratio: float) -> float:
        tails = np.array([law.tails(log_ratio) for law in laws])
        return float(from_tails(tails[:, 0], tails[:, 1], alternative).mean())

    value, centre = _estimate(point)
    low, high = inverted(pvalue, centre, alternative=alternative, level=level, most=60)
    return _finding(series, covariate, about, described, point, pvalue, (value, low, high), null_ratio, level)


def _finding(series, covariate: Response, about, described, point, pvalue, effect, null_ratio, level) -> Finding:
    value, low, high = effect
    return Finding(
        **about,
        **card.counted(series, covariate),
        statistic=float(point[:, 2].sum()),
        statistic_name="events under a response",
        pvalue=pvalue(float(np.log(null_ratio))),
        attainable_pvalue=_smallest(point, about["alternative"], null_ratio),
        effect=Estimate(
            name=card.EFFECT,
            value=value,
            low=0.0 if low is None else float(np.exp(low)),
            high=None if high is None else float(np.exp(high)),
            level=level,
        ),
        assumptions=(
            Assumption("constant baseline within each piece, independent events", "unchecked", "see rates.dispersion"),
            card.CHOSEN_BEFORE,
            card.WATCHED,
            card.REPORTED,
        ),
        warnings=(*_warnings(point, covariate), *series.notes),
        settings=described,
        vintage=series.vintage,
        curve=_pace(series, covariate),
    )


class Law:
    """The law of the events under a response, given the events of every piece."""

    def __init__(self, table: np.ndarray) -> None:
        both = (table[:, 1] > 0) & (table[:, 3] > 0) & (table[:, 0] + table[:, 2] > 0)
        self.off, self.off_days, self.on, self.on_days = table[both].T
        self.n = (self.off + self.on).astype(int)
        self.seen = int(self.on.sum())

    def tails(self, log_ratio: float) -> tuple[float, float]:
        """Chance of as few, and of as many, events under a response as seen."""
        odds = log_ratio + np.log(self.on_days / self.off_days) if self.n.size else np.zeros(0)
        share, rest = special.expit(odds), special.expit(-odds)
        if self.n.size == 0:
            return 1.0, 1.0
        if self.n.size == 1:
            n, k = int(self.n[0]), self.seen
            fewer = float(special.betainc(n - k, k + 1, rest[0])) if k < n else 1.0
            more = float(special.betainc(k, n - k + 1, share[0])) if k else 1.0
            return fewer, more
        mass = np.ones(1)
        for n, p, q in zip(self.n, share, rest, strict=True):
            k = np.arange(n + 1)
            choose = special.gammaln(n + 1) - special.gammaln(k + 1) - special.gammaln(n - k + 1)
            mass = np.convolve(mass, np.exp(choose + special.xlogy(k, p) + special.xlogy(n - k, q)))
        return float(min(1.0, mass[: self.seen + 1].sum())), float(min(1.0, mass[self.seen :].sum()))


def _table(series: EventSeries, interventions: object, response_days, moments: list) -> np.ndarray:
    """A row for each piece: events and watched time without, then with, a response."""
    window = series.window
    cuts = [window.elapsed(m) for m in moments]
    covariate = response(interventions, window, response_days=response_days)
    edges = np.unique(np.concatenate([covariate.edges, np.clip(cuts, 0, window.span)]))
    days = np.diff(window.clock(np.clip(edges, 0, window.span)))
    middle = (edges[:-1] + edges[1:]) / 2
    piece, on = np.searchsorted(cuts, middle, side="right"), covariate.at(middle) > 0
    free = series.times[: series.n - window.closed_by_event]
    where, under = np.searchsorted(cuts, free, side="right"), covariate.at(free) > 0
    rows = range(len(cuts) + 1)
    counts = np.array([[np.sum((where == j) & (under == side)) for side in (False, True)] for j in rows])
    exposed = np.array([[days[(piece == j) & (on == side)].sum() for side in (False, True)] for j in rows])
    return np.column_stack([counts[:, 0], exposed[:, 0], counts[:, 1], exposed[:, 1]]).astype(float)


def _unfit(table: np.ndarray) -> str | None:
    both = (table[:, 1] > 0) & (table[:, 3] > 0)
    if not both.any():
        return "The covariate never changes in watched time: with and without a response cannot be compared."
    if table[both][:, [0, 2]].sum() == 0:
        return "No event where both could be watched: every hazard ratio fits."
    return None


def _estimate(table: np.ndarray) -> tuple[float | None, float]:
    """The conditional estimate of the ratio (None where it has no upper bound), and a log ratio to search from."""
    law = Law(table)
    n, k = law.n, law.seen

    def log_ratio(count: float) -> float:
        def gap(b: float) -> float:
            return float((n * special.expit(b + np.log(law.on_days / law.off_days))).sum()) - count

        return float(optimize.brentq(gap, -60.0, 60.0))

    # Half an event either way gives a finite ratio to search from.
    centre = log_ratio(min(max(k, 0.5), n.sum() - 0.5))
    if k in (0, n.sum()):
        return (0.0 if k == 0 else None), centre
    return float(np.exp(centre)), centre


def _smallest(table: np.ndarray, alternative: Alternative, null_ratio: float) -> float:
    """Smallest p over every count under a response, given the counts without one and all exposures.

    For "less" that is no event under a response; a higher count has no bound, so otherwise it is 0.
    """
    if alternative != "less":
        return 0.0
    none = table.copy()
    none[:, 2] = 0
    return Law(none).tails(float(np.log(null_ratio)))[0]


def _warnings(table: np.ndarray, covariate: Response) -> tuple[str, ...]:
    law = Law(table)
    notes = []
    if law.seen == 0:
        notes.append("No event under a response: the ratio has an upper limit only.")
    if law.seen == law.n.sum():
        notes.append("No event without a response: the ratio has a lower limit only.")
    return (*notes, *approximate.episode(covariate))


def _pace(series: EventSeries, covariate: Response):
    """Rate in every stretch of the covariate, for the figure: start, end, watched, count, response."""
    window = series.window
    inner = covariate.edges[1:-1]
    table = series.binned(edges=np.concatenate([[0.0], inner, [window.span]])).to_frame()
    return table.assign(response=covariate.values)
