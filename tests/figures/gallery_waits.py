"""Standard pictures of the record, of waits, rates, trends and changes, by name."""

from __future__ import annotations

from analysis.figures import changepoint, claims, rates, timeline, trend, waiting
from analysis.stats import trend as tested
from analysis.stats.changepoint import one_change, scan

from .cases import (
    BY_LAW,
    CLOSED,
    DENSE,
    HOURS,
    MOMENTS,
    NASTY,
    NONE_OPENED,
    NONE_WITH_HOLE,
    ONE,
    RATES,
    RATIOS,
    SILENCE,
    SURVIVAL,
    THIN,
    TIES,
    WAR,
    WORKED,
    YEAR,
)

PICTURES = {
    "timeline": lambda ax=None: timeline.timeline(
        {"drone": WORKED, "ied": TIES}, spells={"Gaza war": WAR}, moments=MOMENTS, ax=ax
    ),
    "timeline of a year": lambda ax=None: timeline.timeline(
        {"drone": WORKED, "rocket": YEAR, "mortar": DENSE}, moments=MOMENTS, ax=ax
    ),
    "timeline without attacks": lambda ax=None: timeline.timeline(
        {"drone": NONE_OPENED, "rocket": NONE_WITH_HOLE, NASTY: ONE}, moments={NASTY: "2021-05-10"}, ax=ax
    ),
    "timeline of nothing": lambda ax=None: timeline.timeline({}, ax=ax),
    "timeline in hours": lambda ax=None: timeline.timeline({"pumps": HOURS}, moments={"repair": 12.0}, ax=ax),
    "wait bars": lambda ax=None: waiting.wait_bars(WORKED, days_needed=93.7477, ax=ax),
    "wait bars without attacks": lambda ax=None: waiting.wait_bars(NONE_OPENED, days_needed=60, ax=ax),
    "wait bars of one hole": lambda ax=None: waiting.wait_bars(NONE_WITH_HOLE, ax=ax),
    "wait bars of one": lambda ax=None: waiting.wait_bars(ONE, days_needed=5000, ax=ax),
    "wait bars with ties": lambda ax=None: waiting.wait_bars(TIES, ax=ax),
    "wait bars in hours": lambda ax=None: waiting.wait_bars(HOURS, days_needed=40, ax=ax),
    "wait bars, closed": lambda ax=None: waiting.wait_bars(CLOSED, ax=ax),
    "wait bars of a year": lambda ax=None: waiting.wait_bars(YEAR, days_needed=50, ax=ax),
    "survival": lambda ax=None: waiting.survival(SURVIVAL, law=13.5, ax=ax),
    "survival, thin": lambda ax=None: waiting.survival(THIN, ax=ax),
    "surprise": lambda ax=None: waiting.surprise(SILENCE, ax=ax),
    "surprise by law": lambda ax=None: waiting.surprise(BY_LAW, ax=ax),
    "surprise, thin": lambda ax=None: waiting.surprise(THIN, ax=ax),
    "cumulative": lambda ax=None: rates.cumulative(WORKED, mark=("2021-05-10", "Gaza war begins"), ax=ax),
    "cumulative without attacks": lambda ax=None: rates.cumulative(NONE_WITH_HOLE, ax=ax),
    "cumulative of one": lambda ax=None: rates.cumulative(ONE, mark={NASTY: "2021-05-20"}, ax=ax),
    "cumulative in hours": lambda ax=None: rates.cumulative(HOURS, ax=ax),
    "cumulative, closed": lambda ax=None: rates.cumulative(CLOSED, ax=ax),
    "cumulative of a year": lambda ax=None: rates.cumulative(YEAR, level=0.9, ax=ax),
    "ratios": lambda ax=None: rates.ratios(RATIOS, claimed=(0, 0.2), ax=ax),
    "claims": lambda ax=None: claims.effects(RATIOS, dict.fromkeys(RATIOS, (0.0, 0.2)), ax=ax),
    "ratios of nothing": lambda ax=None: rates.ratios({}, ax=ax),
    "rate bars": lambda ax=None: rates.rate_bars(RATES, level=0.95, ax=ax),
    "trend": lambda ax=None: trend.fitted(tested.laplace(WORKED), WORKED, ax=ax),
    "trend of a year": lambda ax=None: trend.fitted(tested.power_law(YEAR), YEAR, ax=ax),
    "trend in hours": lambda ax=None: trend.fitted(tested.milhdbk189(HOURS), HOURS, ax=ax),
    "trend, closed": lambda ax=None: trend.fitted(tested.laplace(CLOSED), CLOSED, ax=ax),
    "trend without attacks": lambda ax=None: trend.fitted(tested.laplace(NONE_WITH_HOLE), NONE_WITH_HOLE, ax=ax),
    "trend, thin": lambda ax=None: trend.fitted(THIN, WORKED, ax=ax),
    "progress": lambda ax=None: trend.progress(tested.progress_curve(CLOSED), ax=ax),
    "progress, many": lambda ax=None: trend.progress(tested.progress_curve(DENSE), ax=ax),
    "progress, thin": lambda ax=None: trend.progress(tested.progress_curve(WORKED), ax=ax),
    "date of a change": lambda ax=None: changepoint.date_posterior(one_change(YEAR), YEAR, ax=ax),
    "date of a change, thin": lambda ax=None: changepoint.date_posterior(
        one_change(NONE_WITH_HOLE), NONE_WITH_HOLE, ax=ax
    ),
    "rate steps": lambda ax=None: changepoint.rate_steps(one_change(YEAR), YEAR, ax=ax),
    "search in hours": lambda ax=None: changepoint.scanned(scan(HOURS, rng=1, resamples=99), HOURS, ax=ax),
}
