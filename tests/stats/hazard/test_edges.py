"""What the hazard tests say at the edges: few events, no contrast, ties, holes, uncertain dates, wrong input."""

from __future__ import annotations

import numpy as np
import pytest

from analysis import EventSeries, ParameterError, StateSeries, Window
from analysis.stats import hazard

ASKS = {
    "placebo": lambda s, when, **k: hazard.series_hazard(s, when, rng=1, resamples=99, **k),
    "shuffled": lambda s, when, **k: hazard.series_hazard(s, when, method="shuffled_waits", rng=1, resamples=99, **k),
    "wald": lambda s, when, **k: hazard.series_hazard(s, when, method="wald", **k),
    "ratio": lambda s, when, **k: hazard.series_hazard(s, when, method="likelihood_ratio", **k),
    "piecewise": hazard.piecewise_exponential,
    "proportionality": lambda s, when, **k: hazard.proportionality(s, when, rng=1, resamples=99, **k),
}


def series_of(times, end=60.0, **settings):
    return EventSeries.from_numbers(times, start=0, end=end, **settings)


def drawn(times, end=60.0):
    times = np.asarray(times, dtype=float)
    window = series_of([], end).window
    early, late = np.maximum(times - 0.5, 0), np.minimum(times + 0.5, end)
    return EventSeries(times, window, earliest=early, latest=late, resolution="drawn")


@pytest.mark.parametrize("ask", ASKS.values(), ids=ASKS)
@pytest.mark.parametrize("opened", [True, False])
@pytest.mark.parametrize("times", [[], [7.0], [7.0, 31.0], [7.0, 7.0, 7.0], [0.0, 30.0, 59.9999], [10, 20, 30, 40, 50]])
def test_every_thin_or_tied_record_has_an_answer(ask, times, opened):
    if opened and times and times[0] == 0:
        times = times[1:]
    found = ask(series_of(times, opened_by_event=opened), [30.0], response_days=10)
    assert found.inconclusive or found.pvalue is not None
    assert not found.inconclusive or found.warnings[0].endswith(".")
    record = found.to_record()
    assert record["n_events"][0] + record["n_events"][1] == len(times)


@pytest.mark.parametrize("name", ["placebo", "piecewise"])
def test_no_event_under_a_response_gives_an_upper_limit_and_a_p(name):
    # By hand for the piecewise model: all 8 events in 40 of 60 days, (40/60)^8.
    times = [2.0, 5.0, 9.0, 14.0, 45.0, 48.0, 52.0, 57.0]
    found = ASKS[name](series_of(times, opened_by_event=True), [20.0], response_days=20, alternative="less")
    assert found.effect.value == found.effect.low == 0
    assert found.effect.high is not None
    assert not found.inconclusive
    assert "upper limit only" in found.warnings[0]
    if name == "piecewise":
        assert found.pvalue == pytest.approx((2 / 3) ** 8)
        assert found.attainable_pvalue == pytest.approx((2 / 3) ** 8)


def test_coxs_score_is_silent_on_a_silence_at_ages_no_other_wait_reached():
    # The response covers ages 6 to 26 of the one long wait; all other waits were over by age 5.
    times = [2.0, 5.0, 9.0, 14.0, 45.0, 48.0, 52.0, 57.0]
    found = ASKS["placebo"](series_of(times, opened_by_event=True), [20.0], response_days=20, statistic="cox")
    assert found.inconclusive


@pytest.mark.parametrize("name", ["placebo", "piecewise"])
def test_events_under_a_response_only_give_a_lower_limit(name):
    times = [20.5, 23.0, 24.1, 28.0, 31.0, 33.0, 38.0, 39.5]
    found = ASKS[name](series_of(times, opened_by_event=True), [20.0], response_days=20)
    assert found.effect.high is None
    if name == "piecewise":
        assert found.effect.value is None
        assert found.effect.low > 1


@pytest.mark.parametrize("name", ["wald", "ratio"])
def test_large_sample_methods_refuse_separation_and_few_waits_in_words(name):
    split = [2.0, 5.0, 9.0, 14.0, 45.0, 48.0, 52.0, 57.0]
    found = ASKS[name](series_of(split, opened_by_event=True), [20.0], response_days=20)
    assert found.inconclusive
    assert found.effect is None
    few = ASKS[name](series_of([10.0, 25.0, 44.0]), [20.0], response_days=20)
    assert few.inconclusive
    assert "placebo_dates" in few.warnings[0]


@pytest.mark.parametrize("ask", ASKS.values(), ids=ASKS)
def test_a_covariate_that_never_changes_says_so(ask):
    found = ask(series_of([3.0, 9.0, 14.0, 33.0, 41.0, 52.0]), [-5.0])
    assert found.inconclusive
    assert "never changes in watched time" in found.warnings[0]


@pytest.mark.parametrize("ask", ASKS.values(), ids=ASKS)
def test_a_change_inside_a_hole_is_no_change(ask):
    series = series_of([3.0, 9.0, 14.0, 33.0, 41.0, 52.0], holes=[(20, 30)])
    assert ask(series, [21.0], response_days=5).inconclusive


def test_equal_waits_leave_no_order_to_shuffle():
    found = ASKS["shuffled"](series_of([10, 20, 30, 40, 50], opened_by_event=True), [30.0])
    assert found.pvalue == 1


def test_a_broken_wait_enters_late():
    # Events at 10 and 40 with a hole from 20 to 30: by hand, rows (0, 10], and of the second wait (0, 10] censored
    # and (20, 30] to its event; the open wait (0, 20].
    from analysis.stats.hazard.responses import response
    from analysis.stats.hazard.risk import rows_of

    series = series_of([10.0, 40.0], holes=[(20, 30)], opened_by_event=True)
    rows = rows_of(series, [response(35.0, series.window)], "start")
    assert rows.start.tolist() == [-1, -1, 20, -1]
    assert rows.stop.tolist() == [10, 10, 30, 20]
    assert rows.event.tolist() == [True, False, True, False]


def test_an_event_at_the_very_date_falls_after_it():
    found = hazard.piecewise_exponential(series_of([10.0, 30.0, 50.0]), 30.0)
    assert found.n_events == (1, 2)
    placebo = ASKS["placebo"](series_of([10.0, 30.0, 50.0], opened_by_event=True), 30.0)
    assert placebo.n_events == (1, 2)


def test_the_closing_event_is_conditioned_on():
    series = series_of([10.0, 30.0, 60.0], closed_by_event=True, opened_by_event=True)
    # By hand: one free event on either side of the middle; the closing one does not count.
    assert hazard.piecewise_exponential(series, 30.0 - 1e-6).statistic == 1
    assert ASKS["placebo"](series, 30.0).pvalue is not None


def test_uncertain_dates_are_drawn_or_refused_by_name():
    series = drawn([3.5, 9.5, 14.5, 29.5, 30.5, 52.5])
    for name in ("wald", "ratio", "proportionality"):
        with pytest.raises(ParameterError, match=r"series\.draw"):
            ASKS[name](series, [30.0])
    with pytest.raises(ParameterError, match="rng"):
        hazard.piecewise_exponential(series, [30.0])
    exact = hazard.piecewise_exponential(series, [30.0], rng=1, draws=50)
    again = hazard.piecewise_exponential(series, [30.0], rng=1, draws=50, null_ratio=exact.effect.high)
    assert again.pvalue == pytest.approx(0.05, abs=1e-6)
    placebo = hazard.series_hazard(series, [30.0], rng=1, draws=5, resamples=99)
    assert 0 < placebo.pvalue <= 1


def test_dates_states_and_texts_say_the_same():
    window = Window.between("2021-04-01", "2021-06-30", opened_by_event=True)
    series = EventSeries(np.array([3.2, 9.0, 20.7, 41.0, 47.5, 60.0, 80.3]), window)
    stamp = window.moment(40.0)
    state = StateSeries(((stamp, window.moment(60.0)),), window)
    by = [hazard.piecewise_exponential(series, w, response_days=20) for w in (stamp, "2021-05-11", 40.0)]
    by.append(hazard.piecewise_exponential(series, state))
    assert len({f.pvalue for f in by}) == 1


def test_whole_days_are_rounded_in_the_null_too():
    window = Window(0.0, 60.0)
    series = EventSeries(np.array([3.5, 9.5, 9.5, 30.5, 41.5, 52.5]), window, precision=1.0, resolution="day")
    one, two = (ASKS["placebo"](series, [30.0]) for _ in range(2))
    assert one.to_record() == two.to_record()


@pytest.mark.parametrize(
    ("settings", "match"),
    [
        ({"interventions": []}, "no intervention"),
        ({"interventions": 70.0}, "no effect inside"),
        ({"interventions": {"a": 3.0}}, "adjusted"),
        ({"interventions": 30.0, "response_days": 0}, "response_days"),
        ({"interventions": 30.0, "decay": "linear"}, "needs response_days"),
        ({"interventions": 30.0, "method": "placebo"}, "placebo_dates"),
        ({"interventions": 30.0, "covariates": "cut"}, "split"),
        ({"interventions": 30.0, "null_ratio": 0}, "null_ratio"),
        ({"interventions": 30.0, "errors": "robust"}, "wald"),
        ({"interventions": 30.0, "resamples": 5}, "resamples"),
        ({"interventions": 30.0, "rng": None}, "rng"),
    ],
)
def test_wrong_settings_raise_and_name_the_way_out(settings, match):
    with pytest.raises(ParameterError, match=match):
        hazard.series_hazard(series_of([10.0, 20.0]), **{"rng": 1} | settings)


def test_wrong_rows_raise():
    with pytest.raises(ParameterError, match="row 1 stops"):
        hazard.cox([0, 5], [3, 5], [1, 0], [0, 1])
    with pytest.raises(ParameterError, match="no row ends"):
        hazard.cox([0, 0], [3, 5], [0, 0], [0, 1])
    with pytest.raises(ParameterError, match="one row each"):
        hazard.cox([0, 0], [3, 5], [0, 1], [0, 1, 1])


def test_response_lengths_by_name():
    found = hazard.by_window(series_of([3.0, 9.0, 14.0, 33.0, 41.0, 52.0]), [20.0], days=(5, 15), rng=1, resamples=99)
    assert list(found) == ["5 days", "15 days"]
    assert found["15 days"].exposure_days == pytest.approx((45, 15))
