"""Thin and odd records: an answer each, never an exception, never inf or nan."""

from __future__ import annotations

import itertools
import json
import math
import warnings

import numpy as np
import pytest

from analysis.results import Finding
from analysis.stats import waiting
from analysis.timeline import EventSeries, Window

ASK = {
    "silence": waiting.silence,
    "silence weibull": lambda s: waiting.silence(s, law="weibull", rng=1, resamples=99),
    "silence gamma 2": lambda s: waiting.silence(s, law="gamma", shape=2.0),
    "silence self-exciting": lambda s: waiting.silence(
        s, law="self-exciting", branching=0.5, decay=1.0, rng=1, resamples=99
    ),
    "longest": waiting.longest_silence,
    "needed": waiting.silence_needed,
    "surprise": waiting.surprise,
    "survival": waiting.survival,
    "exponential": lambda s: waiting.law(s, "exponential"),
    "weibull": lambda s: waiting.law(s, "weibull", rng=1, resamples=99),
    "mean": waiting.mean_wait,
    "bootstrap": lambda s: waiting.mean_wait(s, method="bootstrap", rng=1, resamples=99),
    "solow": waiting.solow,
    "declining": waiting.solow_declining,
    "last event": waiting.last_event_ole,
    "forecast": waiting.forecast,
    "distance": lambda s: waiting.exponentiality(s, rng=1, resamples=99),
    "shape": lambda s: waiting.shape_against_one(s, rng=1, resamples=99),
    "late": waiting.late_disclosure,
}
TIMES = {
    "none": [],
    "one": [5],
    "two on one day": [5, 5],
    "four on one day": [5, 5, 5, 5],
    "at the opening": [0.0],
    "just before the end": [50.999999],
    "three": [1, 2, 3],
    "equal waits": [10, 20, 30, 40],
    "many": [3, 3, 9, 9, 9, 20, 33.5],
}
HOLES = {
    "no hole": (),
    "hole at the end": ((45, 51),),
    "hole at the start": ((0, 1.5),),
    "hole within": ((11, 19),),
}


def records():
    for (name, times), (hole, holes), opened, closed in itertools.product(
        TIMES.items(), HOLES.items(), (False, True), (False, True)
    ):
        if closed and hole == "hole at the end":
            continue
        kept = [t for t in times if not any(a <= t < b for a, b in holes)] + ([51.0] if closed else [])
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            series = EventSeries.from_numbers(
                kept, start=0, end=51, holes=holes, opened_by_event=opened, closed_by_event=closed
            )
        yield f"{name}, {hole}, opened {opened}, closed {closed}", series


def unfinished(value) -> bool:
    """Whether an infinite or undefined number hides in a record."""
    if isinstance(value, dict):
        return any(map(unfinished, value.values()))
    if isinstance(value, list | tuple):
        return any(map(unfinished, value))
    return isinstance(value, float) and not math.isfinite(value)


@pytest.mark.parametrize("name", list(ASK))
def test_every_record_has_an_answer(name):
    # The scheduled run must not die on a quiet quarter, and must not print inf.
    for label, series in records():
        finding = ASK[name](series)
        assert isinstance(finding, Finding), label
        assert not unfinished(dict(finding.settings)), label
        assert json.dumps(finding.to_record()), label
        assert str(finding), label
        if finding.inconclusive:
            assert finding.warnings, label
        if finding.curve is not None and not finding.inconclusive:
            numbers = finding.curve.drop(columns="std_error", errors="ignore").select_dtypes("number")
            assert np.isfinite(numbers.to_numpy(float)).all(), label


def test_tables_and_groups_have_an_answer():
    picked = [series for _, series in records()][::11]
    for series in picked:
        assert len(waiting.laws(series)) == 4
        assert len(waiting.silence_by_law(series, rng=1, resamples=99)) >= 4
    for a, b in itertools.product(picked[::2], picked[1::2]):
        for settings in ({}, {"statistic": "logrank"}, {"statistic": "logrank", "pvalue": "chi2"}):
            assert isinstance(waiting.compare(a, b, rng=1, resamples=99, **settings), Finding)


def test_no_history_is_no_evidence():
    # One strike opened the window and nothing followed: any silence is possible.
    finding = waiting.silence(EventSeries.from_numbers([], start=0, end=99, opened_by_event=True))
    assert finding.inconclusive
    assert finding.pvalue is None
    assert finding.effect.value == 99


def test_vintage_notes_and_unit_travel_along():
    window = Window(0.0, 51.0, opened_by_event=True, unit="hour")
    vintage = {"sha256": "ab", "as_of": "2021-06-04"}
    series = EventSeries(np.array([24.0, 27.0]), window, vintage=vintage, notes=("One source is missing.",))
    for name, ask in ASK.items():
        finding = ask(series)
        assert finding.vintage == vintage, name
        assert "One source is missing." in finding.warnings, name
        assert finding.settings["unit"] == "hour", name
        if finding.effect is not None and finding.effect.unit:
            assert finding.effect.unit == "hour", name
