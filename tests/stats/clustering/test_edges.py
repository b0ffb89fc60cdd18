"""What every test of clustering says to thin, tied, uncertain and broken records: an answer, never an exception."""

from __future__ import annotations

import warnings
from functools import partial

import numpy as np
import pytest

from analysis import EventSeries, ParameterError, Window
from analysis.processes import local_jitter, simulate
from analysis.stats import clustering

FEW = {"rng": 3, "resamples": 99, "draws": 3}
TESTS = {
    "burstiness": partial(clustering.burstiness, **FEW),
    "memory": partial(clustering.memory, **FEW),
    "fano": partial(clustering.fano, **FEW),
    "fano, shuffled": partial(clustering.fano, null="shuffled_waits", **FEW),
    "allan": partial(clustering.allan, alternative="greater", **FEW),
    "hawkes": partial(clustering.hawkes, limit_resamples=99, **FEW),
    "hawkes_residuals": partial(clustering.hawkes_residuals, **FEW),
    "hawkes_forecast": partial(clustering.hawkes_forecast, horizon=7.0, rng=3, simulations=99, refits=20, draws=3),
}


def numbers(times, end=30.0, **settings):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return EventSeries.from_numbers(times, start=0, end=end, **settings)


def uncertain(**settings):
    times = np.array([3.5, 9.5, 10.5, 24.5, 27.5])
    window = Window.between("2021-04-14", "2021-06-04", **settings)
    return EventSeries(times, window, earliest=times - 0.5, latest=times + 0.5, resolution="drawn")


IRREGULAR = [0.4, 1.1, 7.9, 8.0, 23.5]
RECORDS = {
    "none": numbers([]),
    "none, opened": numbers([], opened_by_event=True),
    "one": numbers([7.9]),
    "one, opened": numbers([7.9], opened_by_event=True),
    "one, closed": numbers([30.0], closed_by_event=True),
    "two": numbers([7.9, 8.0]),
    "two, opened": numbers([7.9, 8.0], opened_by_event=True),
    "all tied": numbers([7.9] * 4, opened_by_event=True),
    "all tied, not opened": numbers([7.9] * 4),
    "all tied, in whole days": numbers([7.5] * 4, precision=1),
    "even waits": numbers([5, 10, 15, 20], opened_by_event=True),
    "all at the opening": numbers([0.0, 0.0, 0.0]),
    "on the opening, opened": numbers([0.0, 1.1, 7.9], opened_by_event=True),
    "all at the end": numbers([30.0] * 3, closed_by_event=True),
    "just before the end": numbers([np.nextafter(30, 0)] * 3, opened_by_event=True),
    "irregular": numbers(IRREGULAR),
    "opened": numbers(IRREGULAR, opened_by_event=True),
    "closed": numbers([*IRREGULAR, 30.0], closed_by_event=True),
    "opened and closed": numbers([*IRREGULAR, 30.0], opened_by_event=True, closed_by_event=True),
    "a hole inside": numbers(IRREGULAR, holes=[(10, 14)]),
    "holes and closed": numbers([*IRREGULAR, 30.0], holes=[(2, 3), (10, 14)], closed_by_event=True),
    "a hole at both ends": numbers(IRREGULAR, holes=[(0, 0.3), (25, 30)], opened_by_event=True),
    "holes apart": numbers([1.0, 9.0, 17.0, 25.0], holes=[(2, 8), (10, 16), (18, 24)]),
    "whole days": numbers([0, 24, 27, 40], end=51, opened_by_event=True, precision=1),
    "mid-days": numbers([3.5, 3.5, 9.5, 10.5, 27.5], precision=1, holes=[(14, 20)]),
    "drawn": uncertain(),
    "drawn, opened": uncertain(opened_by_event=True),
    "hours": numbers(np.array(IRREGULAR) * 24, end=720.0, unit="hour"),
    "eleven": numbers([1, 2, 3, 5, 7, 7, 11, 12, 13, 20, 22], opened_by_event=True),
    "many": numbers(np.sort(np.random.default_rng(5).uniform(0, 30, 120)), opened_by_event=True),
}


@pytest.mark.parametrize("record", RECORDS)
@pytest.mark.parametrize("name", TESTS)
def test_every_legal_record_has_a_finite_answer(name, record):
    finding = TESTS[name](RECORDS[record])
    if finding.inconclusive:
        assert finding.warnings
        assert finding.pvalue is None
    if finding.pvalue is not None:
        assert finding.pvalue >= (finding.attainable_pvalue or 0) * (1 - 1e-9)
    effect = finding.effect
    if name == "hawkes" and effect is not None:
        assert 0 <= effect.low <= effect.value <= effect.high <= 1
        assert (effect.low == 0) == (finding.pvalue > 0.05)
    if effect is not None and finding.curve is not None:
        assert np.isfinite(finding.curve.to_numpy(float)).all()
    str(finding), finding.to_frame(), finding.to_record(), finding._repr_html_()


WITHOUT_ANSWER = {
    "none": set(TESTS),
    "none, opened": set(TESTS),
    "one": set(TESTS),
    "one, opened": set(TESTS),
    "two": {"burstiness", "memory", "fano, shuffled", "hawkes_residuals"},
    "two, opened": {"memory", "hawkes_residuals"},
    "all tied, not opened": {"burstiness", "memory", "fano, shuffled"},
    "even waits": {"memory", "fano, shuffled"},
    "irregular": set(),
    "a hole inside": set(),
    "drawn": set(),
}


@pytest.mark.parametrize("record", WITHOUT_ANSWER)
def test_records_without_an_answer_are_inconclusive(record):
    assert {name for name in TESTS if TESTS[name](RECORDS[record]).inconclusive} == WITHOUT_ANSWER[record]


@pytest.mark.parametrize("seed", range(12))
@pytest.mark.parametrize("opened", [True, False])
def test_no_short_simulated_record_stops_the_fit(seed, opened):
    # Short records put the fit on every edge of its range: no excitation, ratio 1, lags of the whole window.
    rng = np.random.default_rng(seed)
    window = Window(0.0, 12.0, holes=((3.0, 4.0),) if seed % 2 else (), opened_by_event=opened)
    drawn = simulate.hawkes(window, background=0.3, branching=0.7, decay=[0.05, 1.0, 500.0][seed % 3], rng=rng).series
    finding = clustering.hawkes(drawn, rng=1, resamples=99, limit_resamples=99)
    assert finding.inconclusive == (drawn.n < 2)
    forecast = clustering.hawkes_forecast(drawn, horizon=5.0, rng=1, simulations=99, refits=20)
    assert forecast.inconclusive or forecast.effect.low >= 0


@pytest.mark.parametrize("name", [name for name in TESTS if name != "memory"])
def test_a_seed_is_asked_for(name):
    with pytest.raises(ParameterError, match="rng"):
        TESTS[name](RECORDS["irregular"], rng=None)


def test_memory_asks_for_a_seed_only_where_it_draws():
    assert clustering.memory(RECORDS["irregular"]).pvalue > 0
    for record in ("many", "drawn"):
        with pytest.raises(ParameterError, match="rng"):
            clustering.memory(RECORDS[record])


@pytest.mark.parametrize("name", TESTS)
@pytest.mark.parametrize("record", ["drawn", "mid-days", "a hole inside"])
def test_the_same_seed_gives_the_same_answer(name, record):
    assert TESTS[name](RECORDS[record]).to_record() == TESTS[name](RECORDS[record]).to_record()


def test_wrong_settings_name_the_rule():
    series = RECORDS["irregular"]
    for wrong in ({"alternative": "more"}, {"level": 95}, {"resamples": 10}, {"draws": 0}):
        for test in (clustering.burstiness, clustering.fano, clustering.hawkes, clustering.memory):
            with pytest.raises(ParameterError):
                test(series, rng=1, **wrong)
    for test in (clustering.hawkes, clustering.hawkes_residuals):
        with pytest.raises(ParameterError, match="'greater'"):
            test(series, rng=1, alternative="two-sided")
    with pytest.raises(ParameterError, match="'uniform_times', 'shuffled_waits'"):
        clustering.fano(series, rng=1, null="uniform")
    with pytest.raises(ParameterError, match="do not fit"):
        clustering.allan(series, rng=1, lengths=[20.0])
    with pytest.raises(ParameterError, match="lengths"):
        clustering.fano(series, rng=1, lengths=[0.0, 1.0])
    with pytest.raises(ParameterError, match="horizon"):
        clustering.hawkes_forecast(series, horizon=0, rng=1)
    for wrong in ({"background": -1}, {"branching": np.nan}, {"decay": 0}):
        with pytest.raises(ParameterError, match=next(iter(wrong))):
            clustering.hawkes_loglikelihood([1.0], 3.0, **{"background": 1.0, "branching": 0.2, "decay": 1.0, **wrong})


@pytest.mark.parametrize("name", [name for name in TESTS if name != "hawkes_forecast"])
@pytest.mark.parametrize("level", [0.2, 0.9995])
def test_a_level_beyond_what_was_simulated_gives_wide_limits(name, level):
    finding = TESTS[name](RECORDS["many"], level=level)
    low, value, high = finding.effect.low, finding.effect.value, finding.effect.high
    inside = (low is None or low <= value + 1e-9) and (high is None or value <= high + 1e-9)
    assert inside or finding.pvalue <= 1 - level
    if finding.curve is not None:
        assert np.isfinite(finding.curve.to_numpy(float)).all()


def test_a_null_of_the_readers_own_is_taken():
    found = clustering.fano(RECORDS["many"], null=local_jitter(2.0), rng=1, resamples=99)
    assert "timing finer than 2" in found.null


def test_exact_ties_are_told_and_rounded_ones_are_drawn_apart():
    tied = clustering.hawkes(RECORDS["all tied"], rng=1, resamples=99, limit_resamples=99)
    assert any("precision" in w for w in tied.warnings)
    rounded = clustering.hawkes(RECORDS["all tied, in whole days"], rng=1, resamples=99, limit_resamples=99)
    assert rounded.settings["readings"] == 20
    assert not any("precision" in w for w in rounded.warnings)


def test_holes_are_told_of():
    for name in ("hawkes", "hawkes_residuals", "hawkes_forecast"):
        told = [a.name for a in TESTS[name](RECORDS["a hole inside"]).assumptions]
        assert "events in the holes excited nothing after them" in told
