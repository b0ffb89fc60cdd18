"""Tests of rhythm under even hours and even days, arcs and days between dates included; the fit under its own law."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.checks.calibration.case import Case, poisson_series
from analysis.stats import rhythm
from analysis.timeline import EventSeries, Window

ABOUT_ONE = 1.5  # concentration under which the fit is judged
QUARTER = 0.25


def parts_of_the_day(n: int, rng: np.random.Generator) -> EventSeries:
    """Even hours, of which six in ten are known as a quarter of the day only."""
    times = np.sort(rng.random(n) * 4 * n)
    early = np.where(rng.random(n) < 0.6, np.floor(times / QUARTER) * QUARTER, times)
    late = np.where(early < times, early + QUARTER, times)
    return EventSeries((early + late) / 2, Window(0, 4 * n), earliest=early, latest=late, resolution="drawn")


def von_mises_hours(n: int, rng: np.random.Generator) -> EventSeries:
    """One event a day about noon."""
    hours = (12 + rng.vonmises(0, ABOUT_ONE, n) / np.pi * 12) % 24
    return EventSeries(np.arange(n) + hours / 24, Window(0, n))


def dated(n: int, rng: np.random.Generator) -> EventSeries:
    """Even days of a window between dates, eleven watched days for two events and one week unwatched."""
    end = pd.Timestamp("2021-01-05") + pd.Timedelta(days=int(5.5 * n) + 9)
    window = Window.between("2021-01-05", f"{end:%Y-%m-%d}", holes=[("2021-01-08", "2021-01-13")])
    return EventSeries(window.unclock(np.sort(rng.random(n)) * window.days), window)


def _hours(name: str, *, variant: str = "", null=poisson_series, approximate=False, **settings) -> Case:
    def test(series, rng):
        return getattr(rhythm, name)(series, rng=rng, draws=20, resamples=199, **settings)

    takes = "series" if null is poisson_series else "coarse hours"
    shown = f"rhythm.{name}" + (f" ({variant})" if variant else "")
    return Case(name=shown, takes=takes, test=test, null=null, approximate=approximate, runs=150)


def _between(variant: str = "", null=poisson_series) -> Case:
    """Eight hours, a third of the clock where it was watched alike; the truth is the share of watched time."""

    def test(series, rng):
        return rhythm.between_hours(series, hours=(22, 6))

    takes = "series" if null is poisson_series else "coarse hours"
    name = "rhythm.between_hours" + (f" ({variant})" if variant else "")
    return Case(name=name, takes=takes, test=test, null=null, truth=1 / 3 if variant else None, runs=600)


def _fit(parameter: str, truth: float) -> Case:
    def test(series, rng):
        return rhythm.von_mises(series, parameter=parameter, against=truth, rng=rng)

    name = f"rhythm.von_mises ({parameter})"
    return Case(name=name, takes="von Mises hours", test=test, null=von_mises_hours, truth=truth, runs=50)


CASES = (
    _hours("rayleigh"),
    _hours("rayleigh", variant="series", approximate=True, method="series"),
    _hours("rayleigh", variant="arcs", null=parts_of_the_day),
    _hours("v_test", hour=2.0),
    _hours("kuiper"),
    _hours("watson"),
    _hours("rao"),
    _between(),
    _between("arcs", parts_of_the_day),
    _fit("mean_hour", 12.0),
    _fit("concentration", ABOUT_ONE),
    Case(
        name="rhythm.weekday",
        takes="dated series",
        test=lambda data, rng: rhythm.weekday(data, rng=rng, resamples=199),
        null=dated,
        runs=200,
    ),
    Case(
        name="rhythm.weekday (Friday)",
        takes="dated series",
        test=lambda data, rng: rhythm.weekday(data, day="Friday", rng=rng),
        null=dated,
        truth=1.0,
    ),
    Case(
        name="rhythm.anniversary",
        takes="dated series",
        test=lambda data, rng: rhythm.anniversary(data, dates=["01-14"], within=5, alternative="two-sided", rng=rng),
        null=dated,
        truth=1.0,
    ),
    Case(
        name="rhythm.heaping",
        takes="series",
        test=lambda data, rng: rhythm.heaping(data, alternative="two-sided"),
        null=lambda n, rng: poisson_series(n, rng),
        truth=1 / 60,
    ),
)
