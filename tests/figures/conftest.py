"""Series and findings to draw, irregular on purpose, and a way to read what a figure shows."""

from __future__ import annotations

from functools import cache, partial

import numpy as np
import pandas as pd
import pytest

from analysis.checks import placebo_dates, power_ahead
from analysis.figures import (
    changepoint,
    claims,
    clustering,
    coincidence,
    coverage,
    delay,
    forecast,
    hazard,
    interruption,
    multiverse,
    placebo,
    power,
    rates,
    rhythm,
    sequential,
    style,
    timeline,
    trend,
    waiting,
)
from analysis.results import Estimate, Finding
from analysis.stats import clustering as clusters
from analysis.stats import coincidence as coincident
from analysis.stats import delay as delays
from analysis.stats import hazard as responses
from analysis.stats import interruption as interrupting
from analysis.stats import rates as tested_rates
from analysis.stats import rhythm as clocked
from analysis.stats import sequential as watched
from analysis.stats import trend as tested
from analysis.stats import waiting as tested_waits
from analysis.stats.changepoint import one_change, scan
from analysis.timeline import EventSeries, StateSeries, Window

TZ = "Asia/Baghdad"
NASTY = "<script>alert('$x$')</script> $\\frac{1}{"
ARTICLE = ("2021-04-14", "2021-06-04")


def dated(times, start, end, *, label="drone", half=0.0, holes=(), opened=False) -> EventSeries:
    """A series between local dates; ``half`` is how far each time may be off, in days."""
    window = Window.between(start, end, holes=holes, opened_by_event=opened)
    times = np.asarray(times, dtype=float)
    early, late = np.maximum(times - half, 0), np.minimum(times + half, window.span)
    return EventSeries(times, window, label=label, earliest=early, latest=late)


def numbers(times, start=0.0, end=30.0, **settings) -> EventSeries:
    return EventSeries.from_numbers(times, start=start, end=end, **settings)


def finding(**parts) -> Finding:
    plain = {"question": "q", "null": "n", "method": "m", "warnings": ("made for a test",)}
    return Finding(**plain | parts)


def ratio_of(value, low, high, n=(2, 0), days=(27.0, 24.0), level=0.95) -> Finding:
    effect = Estimate(name="rate ratio", value=value, low=low, high=high, level=level)
    return finding(effect=effect, n_events=n, exposure_days=days)


# Days 0, 24, 27 of 51: the article's drone strikes, the window opened by the first.
WORKED = dated([24.0, 27.0], *ARTICLE, opened=True)
NONE_OPENED = dated([], *ARTICLE, opened=True)
NONE_WITH_HOLE = dated([], *ARTICLE, label="rocket", holes=[("2021-04-20", "2021-04-28")])
ONE = dated([7.5], "2021-05-01", "2021-06-04", label=NASTY)
TIES = dated(
    [3.0, 3.0, 3.0, 9.5, 30.0],
    "2021-04-01",
    "2021-05-20",
    label="ied",
    half=1.5,
    holes=[("2021-04-15", "2021-04-22")],
)
HOURS = numbers([0.4, 1.1, 7.9, 8.0, 23.5], unit="hour", holes=[(10, 14)], label="pumps")
CLOSED = numbers([0.4, 1.1, 7.9, 8.0, 23.5], end=23.5, unit="year", closed_by_event=True, label="failures")
_times = np.sort(np.random.default_rng(7).gamma(0.6, 9.0, 60).cumsum() % 440)
YEAR = dated(
    _times[(_times < 360) | (_times > 374)],
    "2020-10-01",
    "2021-12-20",
    label="rocket",
    half=0.5,
    holes=[("2021-09-26", "2021-10-10")],
)
DENSE = dated(np.random.default_rng(1).uniform(0, 60, 700), "2021-04-01", "2021-05-31", label="mortar")
WAR = StateSeries(
    ((pd.Timestamp("2021-05-10 18:02", tz=TZ), pd.Timestamp("2021-05-21 02:00", tz=TZ)),),
    WORKED.window,
    "war",
)
MOMENTS = {
    "Contractors leave Balad": "2021-05-10",
    "Curfew": "2021-05-12",
    "Eid": "2021-05-13",
    "Threat": "2021-05-23",
}

OTHER_THEATRE = dated(
    [t for t in np.sort(np.random.default_rng(5).uniform(0, 440, 40)) if not 360 < t < 374],
    "2020-10-01",
    "2021-12-20",
    label="launches",
    holes=[("2021-09-26", "2021-10-10")],
)
TALKS = StateSeries(
    tuple(
        (pd.Timestamp(a, tz=TZ), pd.Timestamp(b, tz=TZ))
        for a, b in (("2021-04-06", "2021-05-19"), ("2021-06-12", "2021-06-20"), ("2021-11-29", "2021-12-17"))
    ),
    YEAR.window,
    "Vienna talks",
)
WAR_OF_YEAR = StateSeries(WAR.spells, YEAR.window, "Gaza war")
RIVALS = coincident.rivals(
    YEAR, {"Gaza war": WAR_OF_YEAR, "Vienna talks": TALKS}, placebos={NASTY: OTHER_THEATRE}, rng=1
)

# Kaplan-Meier of waits of 24 and 3 days and an open one of 24, by hand: 2/3, then 1/3.
STEPS = pd.DataFrame(
    {
        "days": [3.0, 24.0],
        "at_risk": [3, 2],
        "events": [1, 1],
        "survival": [2 / 3, 1 / 3],
        "low": [0.054, 0.009],
        "high": [0.945, 0.774],
    }
)
SURVIVAL = finding(n_events=2, exposure_days=51.0, curve=STEPS, settings={"open_wait_days": 24.0, "level": 0.95})
_quiet = np.linspace(0, 120, 241)
SILENCE = finding(
    statistic=24.0,
    pvalue=(27 / 51) ** 2,
    effect=Estimate(name="silence", value=24.0, low=0.0, high=93.7477, interval="null range"),
    n_events=2,
    exposure_days=51.0,
    curve=pd.DataFrame({"quiet_days": _quiet, "pvalue": (27 / (27 + _quiet)) ** 2}),
    settings={"days_needed": 93.7477, "level": 0.05},
)
LAWS = {
    "exponential": (27 / (27 + _quiet)) ** 2,
    "Weibull": (27 / (27 + 0.6 * _quiet)) ** 1.3,
    "rate known": np.exp(-_quiet * 2 / 27),
}
BY_LAW = finding(
    statistic=24.0,
    pvalue=(27 / 51) ** 2,
    effect=Estimate(name="silence", value=24.0, low=0.0, high=93.7477, interval="null range"),
    n_events=2,
    exposure_days=51.0,
    curve=pd.concat([pd.DataFrame({"quiet_days": _quiet, "pvalue": p, "law": law}) for law, p in LAWS.items()]),
    settings={"quiet_days": 24.0, "days_needed": {"exponential": 93.7477}, "level": 0.05},
)
THIN = finding(
    warnings=(f"Two events are needed; {NASTY} has one.",), n_events=1, exposure_days=51.0, inconclusive=True
)
RATIOS = {
    "drone, Harir on 11 May": ratio_of(0.0, 0.0, 5.99),
    "drone, Harir on 10 May": ratio_of(1.04, 0.013, 81.6, (1, 1), (26.0, 25.0)),
    "none before": ratio_of(None, 0.3, None, (0, 3)),
    "none at all": ratio_of(None, None, None, (0, 0)),
    NASTY: THIN,
}
RATES = pd.DataFrame(
    {
        "label": ["before", NASTY, "unwatched"],
        "rate": [0.074, 0.0, np.nan],
        "low": [0.009, 0.0, np.nan],
        "high": [0.268, np.nan, np.nan],
        "n_events": [2, 0, 0],
        "exposure_days": [27.0, 11.5, 0.0],
    }
)
FEW = {"resamples": 99, "limit_resamples": 99}

MONTHS = YEAR.binned(edges=[*range(0, 360, 15), 360, 374, 389, 404, 419, 434, 446.0])
FEW_COUNTS = WORKED.binned(width=3.0)
NO_COUNTS = NONE_OPENED.binned(width=3.0)

# Two choices crossed: a ratio of 0, one without an event before, and one without any answer among them.
SPECIFICATIONS = pd.DataFrame(
    {
        "n_events": [7, 5, 3, 0],
        "effect": [0.4, 0.0, np.nan, np.nan],
        "low": [0.1, 0.0, 0.7, np.nan],
        "high": [0.9, 1.8, np.nan, np.nan],
        "pvalue": [0.03, 0.2, 1.0, np.nan],
        "weapon": ["as given", "as given", NASTY, NASTY],
        "merged": ["as given", "none", "as given", "none"],
        "question": ["the same", "the same", "other weapons", "other weapons"],
        "same_as": ["", "", "", ""],
        "agrees": [True, False, False, False],
    }
)
MULTIVERSE = finding(
    pvalue=0.12,
    effect=Estimate(
        name="median rate ratio over 4 specifications", value=0.4, low=0.2, high=3.1, interval="null range"
    ),
    n_events=(4, 3),
    exposure_days=(27.0, 24.0),
    curve=SPECIFICATIONS,
    settings={
        "axes": {"weapon": ["as given", NASTY], "merged": ["as given", "none"]},
        "agreement": 0.0,
        "statistic": "median p",
    },
)
POWER = pd.DataFrame(
    {"effect": [1.0, 0.5, 0.1, 0.0], "power": [0.04, 0.41, 0.96, 1.0], "low": [0.02, 0.34, 0.92, 0.98]}
).assign(high=[0.08, 0.48, 0.99, 1.0], runs=200)
SMALLEST = finding(
    effect=Estimate(name="smallest rate ratio found with chance 0.8", value=0.22, low=0.17, high=0.27),
    curve=POWER,
    settings={"power": 0.8},
)
_hours = (22 + np.random.default_rng(2).vonmises(0, 2, 20) * 12 / np.pi) % 24 / 24
GATHERED = dated(np.arange(20) * 2 + _hours, "2021-04-01", "2021-05-20", label="rocket")
_day = np.random.default_rng(3).integers(0, 120, 80)
_wait = np.random.default_rng(4).geometric(0.12, 80) - 1
DELAYS = delays.law((_day, _day + _wait), as_of=119)
RECENT = numbers(np.sort(_day[(_day + _wait < 120) & (_day > 95)]) + 0.5, start=95, end=120, label="rocket")
COMING = delays.still_to_come(RECENT, DELAYS, as_of=119)

ROWS = pd.DataFrame(
    {"ied": [14, 16, 2], "drone": [1, 2, 0]}, index=pd.period_range("2021-04", "2021-06", freq="M", name="month")
)
KNOWN = pd.DataFrame(
    {
        "rows": [10, 4, 14],
        "minute": [0, 3, 3],
        "hour": [1, 0, 1],
        "part_of_day": [2, 1, 3],
        "day": [7, 0, 7],
        "two_dates": [1, 2, 3],
        "no_first_report": [6, 0, 6],
    },
    index=["ied", NASTY, "all"],
)
HALVED = EventSeries(YEAR.times[::2], YEAR.window, label="rocket")

GALLERY = {
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
    "factor curve": lambda ax=None: clustering.factor_curve(clusters.fano(YEAR, rng=1, resamples=199), ax=ax),
    "factor curve, many": lambda ax=None: clustering.factor_curve(clusters.allan(DENSE, rng=1, resamples=99), ax=ax),
    "factor curve in hours": lambda ax=None: clustering.factor_curve(clusters.fano(HOURS, rng=1), ax=ax),
    "factor curve, thin": lambda ax=None: clustering.factor_curve(clusters.fano(ONE, rng=1), ax=ax),
    "intensity": lambda ax=None: clustering.intensity(clusters.hawkes(YEAR, rng=1, **FEW), YEAR, ax=ax),
    "intensity in hours": lambda ax=None: clustering.intensity(clusters.hawkes(HOURS, rng=1, **FEW), HOURS, ax=ax),
    "intensity, closed": lambda ax=None: clustering.intensity(clusters.hawkes(CLOSED, rng=1, **FEW), CLOSED, ax=ax),
    "intensity of nothing": lambda ax=None: clustering.intensity(
        clusters.hawkes(NONE_WITH_HOLE, rng=1), NONE_WITH_HOLE, ax=ax
    ),
    "rescaled waits": lambda ax=None: clustering.rescaled_waits(
        clusters.hawkes_residuals(YEAR, rng=1, resamples=99), ax=ax
    ),
    "rescaled waits, few": lambda ax=None: clustering.rescaled_waits(
        clusters.hawkes_residuals(HOURS, rng=1, resamples=99), ax=ax
    ),
    "rescaled waits, thin": lambda ax=None: clustering.rescaled_waits(clusters.hawkes_residuals(WORKED, rng=1), ax=ax),
    "branching": lambda ax=None: clustering.branching_profile(clusters.hawkes(YEAR, rng=1, **FEW), ax=ax),
    "branching, few": lambda ax=None: clustering.branching_profile(clusters.hawkes(HOURS, rng=1, **FEW), ax=ax),
    "branching, thin": lambda ax=None: clustering.branching_profile(clusters.hawkes(ONE, rng=1), ax=ax),
    "correlogram": lambda ax=None: coincidence.correlogram(
        coincident.cross_correlogram(YEAR, OTHER_THEATRE, bin_days=2, max_lag=20, rng=1, resamples=199), ax=ax
    ),
    "correlogram, less": lambda ax=None: coincidence.correlogram(
        coincident.cross_correlogram(
            YEAR, OTHER_THEATRE, bin_days=7, max_lag=30, alternative="less", rng=1, resamples=199
        ),
        ax=ax,
    ),
    "correlogram without attacks": lambda ax=None: coincidence.correlogram(
        coincident.cross_correlogram(NONE_OPENED, WORKED, bin_days=1, max_lag=5, rng=1), ax=ax
    ),
    "matches": lambda ax=None: coincidence.matched(
        coincident.event_coincidence(YEAR, OTHER_THEATRE, window_days=3, rng=1, resamples=499), ax=ax
    ),
    "matches, thin": lambda ax=None: coincidence.matched(THIN, ax=ax),
    "while on": lambda ax=None: coincidence.while_on(coincident.rate_while(YEAR, TALKS, rng=1), YEAR, TALKS, ax=ax),
    "while on, one episode": lambda ax=None: coincidence.while_on(
        coincident.rate_while(WORKED, WAR), WORKED, WAR, ax=ax
    ),
    "while on without attacks": lambda ax=None: coincidence.while_on(
        coincident.rate_while(NONE_OPENED, WAR), NONE_OPENED, WAR, ax=ax
    ),
    "rivals": lambda ax=None: coincidence.rivals(RIVALS.findings, claimed=(0, 0.2), ax=ax),
    "hazard ratios": lambda ax=None: hazard.ratios(
        responses.by_window(YEAR, ["2021-01-03", "2021-02-25", "2021-06-27"], rng=1, resamples=99), ax=ax
    ),
    "hazard ratios, inconclusive": lambda ax=None: hazard.ratios(
        {"30 days": RATIOS["none at all"], NASTY: THIN}, ax=ax
    ),
    "hazard ratios of nothing": lambda ax=None: hazard.ratios({}, ax=ax),
    "cumulative hazard": lambda ax=None: hazard.cumulative(
        responses.series_hazard(YEAR, ["2021-02-25", "2021-06-27"], response_days=60, rng=1, resamples=99), ax=ax
    ),
    "cumulative hazard in hours": lambda ax=None: hazard.cumulative(
        responses.series_hazard(HOURS, 7.95, rng=1, resamples=99), ax=ax
    ),
    "cumulative hazard, thin": lambda ax=None: hazard.cumulative(THIN, ax=ax),
    "interrupted": lambda ax=None: interruption.counterfactual(
        interrupting.interrupted(MONTHS, at=225.0, form="level_slope", rng=1, resamples=99), MONTHS, ax=ax
    ),
    "interrupted on dates": lambda ax=None: interruption.counterfactual(
        interrupting.interrupted(MONTHS, at=225.0), MONTHS, window=YEAR.window, ax=ax
    ),
    "interrupted by a silence": lambda ax=None: interruption.counterfactual(
        interrupting.interrupted(FEW_COUNTS, at=27.0), FEW_COUNTS, window=WORKED.window, ax=ax
    ),
    "attacks missing": lambda ax=None: interruption.counterfactual(
        interrupting.missing(MONTHS, at=150.0, until=240.0), MONTHS, ax=ax
    ),
    "interrupted, thin": lambda ax=None: interruption.counterfactual(
        interrupting.interrupted(NO_COUNTS, at=27.0), NO_COUNTS, ax=ax
    ),
    "onset": lambda ax=None: interruption.onset(
        interrupting.uncertain_onset(MONTHS, prior={210.0: 1, 225.0: 2, 240.0: 1}, rng=1, resamples=99), ax=ax
    ),
    "onset, thin": lambda ax=None: interruption.onset(
        interrupting.uncertain_onset(NO_COUNTS, prior={27.0: 1}, rng=1, resamples=99), ax=ax
    ),
    "specification curve": lambda ax=None: multiverse.specification_curve(MULTIVERSE, ax=ax),
    "specification curve, thin": lambda ax=None: multiverse.specification_curve(THIN, ax=ax),
    "placebo dates": lambda ax=None: placebo.dates(
        placebo_dates(YEAR, partial(tested_rates.ratio, alternative="less"), at="2021-05-10"), YEAR, ax=ax
    ),
    "placebo dates, thin": lambda ax=None: placebo.dates(THIN, WORKED, ax=ax),
    "power": lambda ax=None: power.curve(SMALLEST, name="true ratio", ax=ax),
    "power from a table": lambda ax=None: power.curve(POWER, wanted=0.9, ax=ax),
    "power ahead": lambda ax=None: power.ahead(power_ahead(WORKED), ax=ax),
    "power ahead in hours": lambda ax=None: power.ahead(power_ahead(HOURS), ax=ax),
    "power ahead, thin": lambda ax=None: power.ahead(power_ahead(NONE_OPENED), ax=ax),
    "fan": lambda ax=None: forecast.fan(
        tested_rates.fan(WORKED, days=range(1, 91)), numbers([2.0, 6, 10, 18.1, 49], end=211), ax=ax
    ),
    "fan before the first": lambda ax=None: forecast.fan(tested_rates.fan(HOURS, days=[1, 3, 9]), ax=ax),
    "fan with one so far": lambda ax=None: forecast.fan(
        tested_rates.fan(NONE_OPENED, days=range(1, 31)), numbers([2.0], end=11), name=NASTY, ax=ax
    ),
    "pit": lambda ax=None: forecast.pit(tested_waits.backtest(YEAR, rng=1), ax=ax),
    "pit of few": lambda ax=None: forecast.pit(tested_waits.backtest(WORKED, rng=1), ax=ax),
    "pit, thin": lambda ax=None: forecast.pit(tested_waits.backtest(NONE_OPENED), ax=ax),
    "power of nothing": lambda ax=None: power.curve(POWER.iloc[:0], ax=ax),
    "hours": lambda ax=None: rhythm.hours(clocked.rayleigh(GATHERED), fit=clocked.von_mises(GATHERED), ax=ax),
    "hours of many": lambda ax=None: rhythm.hours(clocked.kuiper(DENSE, rng=1, resamples=99), ax=ax),
    "hours, thin": lambda ax=None: rhythm.hours(clocked.rayleigh(ONE), ax=ax),
    "weekdays": lambda ax=None: rhythm.weekdays(clocked.weekday(TIES), ax=ax),
    "weekdays of a year": lambda ax=None: rhythm.weekdays(clocked.weekday(YEAR, day="Friday"), ax=ax),
    "weekdays, thin": lambda ax=None: rhythm.weekdays(clocked.weekday(NONE_WITH_HOLE), ax=ax),
    "law of delay": lambda ax=None: delay.law(DELAYS, ax=ax),
    "law of delay, thin": lambda ax=None: delay.law(THIN, ax=ax),
    "known by now": lambda ax=None: delay.known(COMING, RECENT, ax=ax),
    "known by now, thin": lambda ax=None: delay.known(THIN, RECENT, ax=ax),
    "evidence": lambda ax=None: sequential.evidence(watched.evidence(TIES, reference=0.2), TIES, ax=ax),
    "evidence, closed": lambda ax=None: sequential.evidence(watched.evidence(CLOSED, reference=0.2), CLOSED, ax=ax),
    "limits of a year": lambda ax=None: sequential.limits(watched.confidence_sequence(YEAR, expected=0.1), YEAR, ax=ax),
    "limits of one": lambda ax=None: sequential.limits(watched.confidence_sequence(ONE, expected=0.1), ONE, ax=ax),
    "evidence, thin": lambda ax=None: sequential.evidence(THIN, WORKED, ax=ax),
    "months": lambda ax=None: coverage.months(
        ROWS, ["ied", "drone"], thin={"ied": [("2021-04-09", "2021-04-27")]}, until="2021-06-04", ax=ax
    ),
    "months of nothing": lambda ax=None: coverage.months(ROWS, ["mortar"], ax=ax),
    "precision": lambda ax=None: coverage.precision(KNOWN, ax=ax),
    "precision of nothing": lambda ax=None: coverage.precision(KNOWN.iloc[:0], ax=ax),
    "shares": lambda ax=None: trend.shares(tested.share(YEAR, HALVED, bin_days=90), YEAR, ax=ax),
    "shares, thin": lambda ax=None: trend.shares(tested.share(NONE_WITH_HOLE, NONE_WITH_HOLE), NONE_WITH_HOLE, ax=ax),
    "rate bars of nothing": lambda ax=None: rates.rate_bars(RATES.iloc[:0], ax=ax),
}


class Seen:
    """What an axes shows, by the names (gid) the figures give to what they draw."""

    def __init__(self, ax) -> None:
        self.ax = ax
        self.fig = ax.get_figure(root=True)

    def lines(self, gid: str) -> list:
        return [line for line in self.ax.lines if line.get_gid() == gid]

    def patches(self, gid: str) -> list:
        return [patch for patch in self.ax.patches if patch.get_gid() == gid]

    def collections(self, gid: str) -> list:
        return [found for found in self.ax.collections if found.get_gid() == gid]

    def texts(self) -> list:
        """Every text that can be read, ticks and labels included.

        Ticks are made when they are first asked for, with the settings of that moment: here, as when a page is drawn.
        """
        with style.printed():
            axes = (self.ax.xaxis, self.ax.yaxis)
            ticks = [
                label
                for axis in axes
                for at, label in zip(axis.get_ticklocs(), axis.get_ticklabels(), strict=False)
                if min(axis.get_view_interval()) <= at <= max(axis.get_view_interval())
            ]
            found = [*self.ax.texts, *ticks, *(axis.label for axis in axes), self.ax.title]
            return [text for text in found if text.get_visible() and text.get_text().strip()]

    def words(self) -> str:
        return " | ".join(" ".join(text.get_text().split()) for text in self.texts())

    def named(self, gid: str) -> list[str]:
        return [text.get_text() for text in self.ax.texts if text.get_gid() == gid]


@pytest.fixture
def seen():
    return Seen


@pytest.fixture
def gallery():
    return GALLERY


@cache
def hung(name: str):
    """A picture of the gallery, drawn once for all tests that only look."""
    return GALLERY[name]()


@pytest.fixture(params=sorted(GALLERY))
def name(request):
    """Every standard figure in turn."""
    return request.param


@pytest.fixture
def picture(name):
    """The axes of every standard figure in turn, to be looked at and not touched."""
    return hung(name)


@pytest.fixture
def cases():
    """The series and findings by name."""
    return {name: value for name, value in globals().items() if name.isupper()}
