"""A date of change on the calendar: its limits as a stretch, its best date as a moment."""

import pytest

from analysis import EventSeries
from analysis.stats import changepoint


def test_the_stretch_runs_from_limit_to_limit_and_holds_the_best_date():
    series = EventSeries.from_numbers([1, 2.2, 3.1, 4.7, 5, 6.3, 7.9, 8.8, 30], start=0, end=60)
    found = changepoint.scan(series, rng=1, resamples=199, alternative="less")
    (low, high), *rest = changepoint.date_limits(series, found).spells
    assert not rest
    assert (low, high) == (pytest.approx(found.effect.low), pytest.approx(found.effect.high))
    best = changepoint.best_date(series, found, label="fell")
    assert low <= best["fell"] <= high


def test_without_a_date_there_is_no_stretch():
    empty = EventSeries.from_numbers([], start=0, end=60)
    found = changepoint.scan(empty, rng=1, resamples=199)
    assert changepoint.date_limits(empty, found).episodes == 0
    assert changepoint.best_date(empty, found) == {}
