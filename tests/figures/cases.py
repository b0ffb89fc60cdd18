"""Series, tables and findings to draw, irregular on purpose."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.results import Estimate, Finding
from analysis.stats import coincidence as coincident
from analysis.stats import delay as delays
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
