"""What the interruption tests say at the edges: few events, no contrast, one side empty, wrong input."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from analysis import CountSeries, EventSeries, ParameterError
from analysis.stats import interruption

ASKS = {
    "level": lambda c, **k: interruption.interrupted(c, at=4.0, **k),
    "slope": lambda c, **k: interruption.interrupted(c, at=4.0, form="slope", rng=1, resamples=99, **k),
    "suspended": lambda c, **k: interruption.interrupted(
        c, at=4.0, until=6.0, form="suspend_resume", rng=1, resamples=99, **k
    ),
    "wald": lambda c, **k: interruption.interrupted(c, at=4.0, method="wald", **k),
    "nb": lambda c, **k: interruption.interrupted(c, at=4.0, method="wald", family="negative_binomial", **k),
    "missing": lambda c, **k: interruption.missing(c, at=4.0, **k),
    "trend missing": lambda c, **k: interruption.missing(c, at=4.0, trend=True, rng=1, resamples=99, **k),
    "onset": lambda c, **k: interruption.uncertain_onset(c, prior={3.0: 1, 4.0: 1}, rng=1, resamples=99, **k),
}
RECORDS = {
    "none": [0] * 8,
    "one": [0, 1, 0, 0, 0, 0, 0, 0],
    "two": [0, 0, 0, 1, 1, 0, 0, 0],
    "before only": [3, 4, 2, 5, 0, 0, 0, 0],
    "after only": [0, 0, 0, 0, 6, 5, 7, 6],
    "one bin": [0, 0, 14, 0, 0, 0, 0, 0],
    "all alike": [2] * 8,
}


@pytest.mark.parametrize("ask", ASKS.values(), ids=ASKS)
@pytest.mark.parametrize("record", RECORDS.values(), ids=RECORDS)
def test_every_thin_record_has_an_answer(ask, record):
    found = ask(CountSeries.from_counts(record))
    assert found.inconclusive == (found.pvalue is None)
    assert not found.inconclusive or found.warnings[0].endswith(".")
    assert np.sum(found.to_record()["n_events"]) == sum(record)
    limits = found.effect
    if limits is not None and limits.low is not None and limits.high is not None:
        assert abs(limits.low) < 1e5
        assert abs(limits.high) < 1e5


@pytest.mark.parametrize("name", ["level", "suspended", "onset"])
def test_nothing_after_gives_an_upper_limit_and_a_p(name):
    found = ASKS[name](CountSeries.from_counts([5, 4, 6, 5, 0, 0, 1 if name == "suspended" else 0, 0]))
    assert found.effect.value == found.effect.low == 0
    assert 0 < found.effect.high < 1
    assert found.pvalue <= 0.05
    if name == "level":
        # By hand: 20 events all in the first half, twice the smaller tail.
        assert found.pvalue == pytest.approx(2 * 0.5**20)


def test_large_sample_methods_refuse_an_empty_side_in_words():
    found = ASKS["wald"](CountSeries.from_counts([5, 4, 6, 5, 0, 0, 0, 0]))
    assert found.inconclusive
    assert "small_sample" in found.warnings[0]


@pytest.mark.parametrize("ask", [a for n, a in ASKS.items() if n != "onset"])
def test_a_side_that_nobody_watched_is_said(ask):
    counts = CountSeries(np.arange(9.0), [2, 3, 2, 3, 0, 0, 0, 0], [1, 1, 1, 1, 0, 0, 0, 0])
    found = ask(counts)
    assert found.inconclusive
    assert "Nobody watched" in found.warnings[0]


def test_columns_that_say_the_same_are_refused_in_words():
    counts = CountSeries.from_counts([2, 3, 4, 3, 2, 1, 1, 0])
    same = (np.arange(8) >= 4).astype(float)
    found = interruption.interrupted(counts, at=4.0, covariates=same, rng=1)
    assert found.inconclusive
    assert "cannot tell" in found.warnings[0]


@pytest.mark.parametrize(
    ("settings", "match"),
    [
        ({"at": 4.5}, "inside a bin"),
        ({"at": pd.Timestamp("2021-05-10", tz="UTC")}, r"window\.elapsed"),
        ({"at": 4.0, "form": "pulse"}, "needs until"),
        ({"at": 4.0, "until": 6.0}, "has no end"),
        ({"at": 4.0, "until": 3.0, "form": "pulse"}, "end after it starts"),
        ({"at": 4.0, "form": "step"}, "form must be one of"),
        ({"at": 4.0, "harmonics": 9}, "harmonics"),
        ({"at": 4.0, "covariates": [1, 2]}, "covariates"),
        ({"at": 4.0, "family": "negative_binomial"}, "method='wald'"),
        ({"at": 4.0, "errors": "hac"}, "method='wald'"),
        ({"at": 4.0, "null_effect": 0}, "above 0"),
        ({"at": 4.0, "trend": True}, "rng"),
        ({"at": 4.0, "level": 1.0}, "level"),
        ({"at": 4.0, "method": "wald", "errors": "quasi", "family": "negative_binomial"}, "errors='model'"),
    ],
)
def test_wrong_settings_raise_and_name_the_way_out(settings, match):
    counts = CountSeries.from_counts([2, 3, 4, 3, 2, 1, 1, 0])
    with pytest.raises(ParameterError, match=match):
        interruption.interrupted(counts, **settings)


def test_wrong_priors_and_events_instead_of_counts_raise():
    counts = CountSeries.from_counts([2, 3, 4, 3])
    for prior, match in (({}, "map edges"), ({1.0: 0}, "above 0"), ({0.0: 1}, "no watched time"), ({1.5: 1}, "inside")):
        with pytest.raises(ParameterError, match=match):
            interruption.uncertain_onset(counts, prior=prior, rng=1)
    series = EventSeries.from_numbers([1.0, 2.0], start=0, end=4)
    with pytest.raises(ParameterError, match="CountSeries"):
        interruption.interrupted(series, at=2.0)
    assert interruption.interrupted(series.binned(1.0), at=2.0).n_events == (1, 1)


def test_the_same_seed_gives_the_same_record():
    counts = CountSeries.from_counts([2, 3, 4, 3, 2, 1, 1, 0])
    for name in ("slope", "trend missing", "onset"):
        assert ASKS[name](counts).to_record() == ASKS[name](counts).to_record()
