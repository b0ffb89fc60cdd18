"""What every trend test says to thin, tied, uncertain and broken records: an answer, never an exception or inf."""

from __future__ import annotations

import warnings
from functools import partial

import numpy as np
import pytest

from analysis import EventSeries, ParameterError, Window
from analysis.stats import trend

SEED = {"rng": 3}
SIMULATED = {"rng": 3, "resamples": 199}
TESTS = {
    "laplace": partial(trend.laplace, **SEED, draws=20),
    "laplace, normal": partial(trend.laplace, method="normal", **SEED, draws=20),
    "milhdbk189": partial(trend.milhdbk189, **SEED, draws=20),
    "lewis_robinson": partial(trend.lewis_robinson, **SIMULATED, draws=10),
    "lewis_robinson, normal": partial(trend.lewis_robinson, method="normal", **SIMULATED, draws=10),
    "mann": partial(trend.mann, **SEED, draws=20),
    "cramer_von_mises": partial(trend.cramer_von_mises, **SIMULATED, draws=20),
    "cramer_von_mises, power law": partial(trend.cramer_von_mises, null="power_law", **SIMULATED, draws=20),
    "power_law": partial(trend.power_law, **SEED, draws=20),
    "power_law, scale": partial(trend.power_law, parameter="scale", **SEED, draws=20),
    "pooled": lambda s: trend.pooled([s, s], **SEED, draws=20),
    "pooled, milhdbk189": lambda s: trend.pooled([s, s], test="milhdbk189", **SEED, draws=20),
    "progress_curve": partial(trend.progress_curve, **SEED, draws=20),
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
    "tied waits": numbers([1, 2, 3, 5, 7, 7, 11, 12, 13, 20, 22], opened_by_event=True),
    "even waits": numbers([5, 10, 15, 20], opened_by_event=True),
    "all at the opening": numbers([0.0, 0.0, 0.0]),
    "one at the opening": numbers([0.0, 1.1, 7.9, 23.5]),
    "on the opening, opened": numbers([0.0, 1.1, 7.9], opened_by_event=True),
    "all at the end": numbers([30.0] * 3, closed_by_event=True),
    "just before the end": numbers([np.nextafter(30, 0)] * 3, opened_by_event=True),
    "irregular": numbers(IRREGULAR),
    "opened": numbers(IRREGULAR, opened_by_event=True),
    "closed": numbers([*IRREGULAR, 30.0], closed_by_event=True),
    "opened and closed": numbers([*IRREGULAR, 30.0], opened_by_event=True, closed_by_event=True),
    "a hole inside": numbers(IRREGULAR, holes=[(10, 14)]),
    "a hole at the end": numbers(IRREGULAR, holes=[(25, 30)], opened_by_event=True),
    "whole days": numbers([0, 24, 27, 40], end=51, opened_by_event=True, precision=1),
    "drawn": uncertain(),
    "drawn, opened": uncertain(opened_by_event=True),
    "many": numbers(np.sort(np.random.default_rng(5).uniform(0, 30, 200)), opened_by_event=True),
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
    if effect is not None and effect.interval == "confidence" and effect.value is not None:
        assert effect.low is None or effect.low <= effect.value + 1e-9
        assert effect.high is None or effect.high >= effect.value - 1e-9
    str(finding), finding.to_frame(), finding._repr_html_()


WAITS = {"lewis_robinson", "lewis_robinson, normal", "mann", "progress_curve"}
WITHOUT_ANSWER = {
    "none": set(TESTS),
    "none, opened": set(TESTS),
    "one, closed": set(TESTS),
    "one": WAITS,
    "two": WAITS,
    "all tied, not opened": WAITS,
    "a hole inside": WAITS,
    "all at the opening": set(TESTS) - {"cramer_von_mises"},
    "opened": {"lewis_robinson, normal"},
}


@pytest.mark.parametrize("record", WITHOUT_ANSWER)
def test_records_without_an_answer_are_inconclusive(record):
    silent = {name for name in TESTS if TESTS[name](RECORDS[record]).inconclusive}
    power = {"cramer_von_mises, power law"} if record == "one" else set()
    assert silent == WITHOUT_ANSWER[record] | power


def test_a_wait_across_a_hole_is_refused_and_one_outside_is_not():
    for test in ("lewis_robinson", "mann", "progress_curve"):
        assert "hole" in TESTS[test](RECORDS["a hole inside"]).warnings[0]
        assert not TESTS[test](RECORDS["a hole at the end"]).inconclusive


def test_time_in_a_hole_does_not_count():
    # The same watched clock without the hole: 23.5 is 19.5 of 26.
    whole = numbers([0.4, 1.1, 7.9, 8.0, 19.5], end=26.0)
    for name in ("laplace", "milhdbk189", "power_law", "pooled"):
        assert TESTS[name](RECORDS["a hole inside"]).pvalue == pytest.approx(TESTS[name](whole).pvalue)


def test_what_is_left_out_is_said():
    assert "the stretch before the first event and the open wait" in " ".join(trend.mann(RECORDS["irregular"]).warnings)
    assert "Complete waits only: the open wait left out" in " ".join(trend.lewis_robinson(RECORDS["opened"]).warnings)
    assert not any("Complete waits" in w for w in trend.mann(RECORDS["opened and closed"]).warnings)


def test_an_opened_window_has_one_wait_more():
    assert trend.mann(RECORDS["opened"]).settings["waits"] == trend.mann(RECORDS["irregular"]).settings["waits"] + 1


@pytest.mark.parametrize("name", ["laplace", "milhdbk189", "lewis_robinson", "mann", "power_law", "progress_curve"])
def test_uncertain_dates_need_a_seed(name):
    with pytest.raises(ParameterError, match="rng"):
        getattr(trend, name)(RECORDS["drawn"])
    with pytest.raises(ParameterError, match="rng"):
        trend.cramer_von_mises(RECORDS["irregular"])


@pytest.mark.parametrize("name", TESTS)
def test_the_same_seed_gives_the_same_answer(name):
    assert TESTS[name](RECORDS["drawn"]).to_record() == TESTS[name](RECORDS["drawn"]).to_record()


def test_wrong_settings_name_the_rule():
    series = RECORDS["irregular"]
    for wrong in ({"alternative": "fewer"}, {"level": 95}, {"null_change": np.inf}, {"method": "wald"}):
        with pytest.raises(ParameterError):
            trend.laplace(series, **wrong)
    with pytest.raises(ParameterError, match="null_shape"):
        trend.milhdbk189(series, null_shape=0)
    with pytest.raises(ParameterError, match="'constant', 'power_law'"):
        trend.cramer_von_mises(series, null="uniform", rng=1)
    with pytest.raises(ParameterError, match="at least one"):
        trend.pooled([])
    with pytest.raises(ParameterError, match="units"):
        trend.pooled([series, numbers(IRREGULAR, unit="year")])
    with pytest.raises(ParameterError, match="at random"):
        trend.lewis_robinson(RECORDS["many"])
