"""What every test of coincidence says to thin, tied, uncertain and broken records: an answer, never an exception."""

from __future__ import annotations

import warnings
from dataclasses import replace

import numpy as np
import pytest

from analysis import EventSeries, ParameterError, Window
from analysis.processes import local_jitter
from analysis.stats import coincidence
from analysis.timeline import StateSeries

FEW = {"rng": 3, "resamples": 99}
PAIRED = {
    "event_coincidence": lambda a, b: coincidence.event_coincidence(a, b, window_days=2, draws=5, **FEW),
    "trigger": lambda a, b: coincidence.event_coincidence(a, b, window_days=2, rate="trigger", draws=5, **FEW),
    "jitter": lambda a, b: coincidence.event_coincidence(a, b, window_days=2, null=local_jitter(3), draws=5, **FEW),
    "shuffled": lambda a, b: coincidence.event_coincidence(a, b, window_days=2, null="shuffled_waits", draws=5, **FEW),
    "poisson": lambda a, b: coincidence.event_coincidence(a, b, window_days=2, method="poisson", draws=5, **FEW),
    "correlogram": lambda a, b: coincidence.cross_correlogram(a, b, bin_days=1, max_lag=5, draws=5, **FEW),
    "knox": lambda a, b: coincidence.knox(a, b, days=2, draws=5, **FEW),
    "hawkes": lambda a, b: coincidence.two_way_hawkes(a, b, draws=2, **FEW),
}
STATED = {
    "rate_while": lambda a, s: coincidence.rate_while(a, s, rng=3, draws=20),
    "rate_while, shift": lambda a, s: coincidence.rate_while(a, s, rng=3, draws=20, method="circular_shift"),
    "rate_while, less": lambda a, s: coincidence.rate_while(a, s, rng=3, draws=20, alternative="less"),
    "episodes_needed": lambda a, s: coincidence.episodes_needed(a, s),
}
IRREGULAR = [0.4, 1.1, 7.9, 8.0, 23.5, 29.75]
OTHER = [0.9, 3.3, 7.5, 12.25, 22.75, 29.0]


def numbers(times, end=30.0, **settings):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return EventSeries.from_numbers(times, start=0, end=end, **settings)


def uncertain(shift=0.0, resolution="drawn", **settings):
    times = np.array([3.5, 9.5, 10.5, 24.5, 27.5, 30.5]) + shift
    window = Window.between("2021-04-14", "2021-06-04", **settings)
    opener = (0.0, 1.0, 1.0) if settings.get("opened_by_event") else None
    parts = {"earliest": times - 0.5, "latest": times + 0.5, "opener": opener, "precision": 1.0}
    return EventSeries(times, window, resolution=resolution, **parts)


RECORDS = {
    "irregular": (numbers(IRREGULAR), numbers(OTHER)),
    "none": (numbers([]), numbers(OTHER)),
    "none of the other": (numbers(IRREGULAR), numbers([])),
    "none at all": (numbers([]), numbers([])),
    "one each": (numbers([4.0]), numbers([3.0])),
    "two each": (numbers([4.0, 20.0]), numbers([3.0, 19.5])),
    "all tied": (numbers([4.0] * 6), numbers([4.0] * 6)),
    "equal waits": (numbers(np.arange(1.0, 29, 4)), numbers(np.arange(3.0, 29, 4))),
    "on the edges": (numbers([0.0, 10.0, 29.999999]), numbers([0.0, 5.0, 29.999999])),
    "opened": (numbers(IRREGULAR, opened_by_event=True), numbers(OTHER)),
    "both opened, days": (
        numbers([0, 3, 7, 7, 9, 23], opened_by_event=True, precision=1),
        numbers([1, 3, 8, 9, 20, 23], opened_by_event=True, precision=1),
    ),
    "closed": (numbers([*IRREGULAR, 30], closed_by_event=True), numbers(OTHER)),
    "both closed": (numbers([*IRREGULAR, 30], closed_by_event=True), numbers([*OTHER, 30], closed_by_event=True)),
    "only the closing": (numbers([30], closed_by_event=True), numbers(OTHER)),
    "holes": (
        numbers(IRREGULAR, holes=[(9, 12), (16, 20)]),
        numbers([0.9, 3.3, 7.5, 12.25, 25, 29], holes=[(9, 12), (16, 20)]),
    ),
    "days": (
        numbers([0.5, 3.5, 7.5, 7.5, 9.5, 23.5], precision=1),
        numbers([0.5, 3.5, 8.5, 9.5, 20.5, 23.5], precision=1),
    ),
    "one episode": (numbers(np.arange(12) + 0.3), numbers(20 + np.arange(12) / 2)),
    "drawn": (uncertain(), uncertain(1.0)),
    "drawn, opener uncertain": (uncertain(opened_by_event=True), uncertain(1.0)),
    "whole days": (uncertain(resolution="day"), uncertain(1.0, resolution="day")),
}


def sound(finding):
    if finding.inconclusive:
        assert finding.warnings
        assert finding.pvalue is None
    if finding.pvalue is not None:
        assert 0 < finding.pvalue <= 1
        assert finding.pvalue >= (finding.attainable_pvalue or 0) * (1 - 1e-9)
        assert finding.effect is not None
    effect = finding.effect
    if effect is not None and effect.interval == "confidence" and effect.value is not None:
        assert effect.low is None or effect.low <= effect.value + 1e-9
        assert effect.high is None or effect.high >= effect.value - 1e-9
    str(finding), finding.to_frame(), finding._repr_html_()


@pytest.mark.parametrize("record", RECORDS)
@pytest.mark.parametrize("name", PAIRED)
def test_every_legal_pair_has_a_finite_answer_and_the_same_seed_the_same(name, record):
    finding = PAIRED[name](*RECORDS[record])
    sound(finding)
    if name != "hawkes" or finding.inconclusive:
        assert PAIRED[name](*RECORDS[record]).to_record() == finding.to_record()


@pytest.mark.parametrize("record", RECORDS)
@pytest.mark.parametrize("name", STATED)
def test_every_legal_state_has_a_finite_answer(name, record):
    series = RECORDS[record][0]
    w = series.window
    spells = {
        "three": ((2, 4), (7, 9), (20, 24)),
        "one": ((2, 9),),
        "never": (),
        "always": ((0, w.span),),
        "edges on events": ((7.9, 8.0), (23.5, w.span)),
    }
    for pairs in spells.values():
        state = StateSeries(tuple((w.moment(a), w.moment(b)) for a, b in pairs), w)
        sound(STATED[name](series, state))


WITHOUT_ANSWER = {
    "none": set(PAIRED),
    "none of the other": set(PAIRED),
    "none at all": set(PAIRED),
    "only the closing": set(PAIRED),
    "one each": {"shuffled", "poisson", "hawkes"},
    "two each": {"shuffled", "poisson", "hawkes"},
    "irregular": {"poisson"},
    "opened": {"poisson"},
    "holes": {"poisson"},
    "one episode": {"hawkes"},
}


@pytest.mark.parametrize("record", WITHOUT_ANSWER)
def test_records_without_an_answer_are_inconclusive(record):
    silent = {name for name in PAIRED if PAIRED[name](*RECORDS[record]).inconclusive}
    assert silent == WITHOUT_ANSWER[record]


def test_one_episode_is_refused_politely_and_says_how_many_are_needed():
    series = numbers(IRREGULAR)
    war = StateSeries(((10.0, 22.0),), series.window, "war")
    found = coincidence.rate_while(series, war, alternative="less")
    assert found.inconclusive
    assert found.pvalue is None
    assert found.effect.value == 0  # the ratio stands
    assert "one coincidence is one episode" in found.warnings[0]
    assert "5 episodes" in found.warnings[0]
    assert found.settings["pvalue_if_independent"] < 1
    a, b = RECORDS["one episode"]
    refused = coincidence.two_way_hawkes(a, b, rng=1)
    assert "one episode" in refused.warnings[0]
    assert "6 episodes" in refused.warnings[0]


def test_spells_that_nobody_watched_or_that_meet_are_no_further_episodes():
    series = numbers([0.4, 1.1, 7.9, 8.0, 23.5], holes=[(10, 14)])
    window = series.window
    split = StateSeries(((6.0, 8.0), (8.0, 10.0), (11.0, 13.0), (14.0, 15.0)), window)
    assert coincidence.rate_while(series, split).settings["episodes"] == 1
    apart = StateSeries(((6.0, 8.0), (20.0, 21.0)), window)
    assert coincidence.rate_while(series, apart).settings["episodes"] == 2


def test_time_in_a_hole_counts_neither_as_on_nor_as_off():
    series = numbers([0.4, 1.1, 7.9, 8.0, 23.5], holes=[(10, 14)])
    state = StateSeries(((6.0, 12.0), (20.0, 24.0)), series.window)
    found = coincidence.rate_while(series, state)
    assert found.exposure_days == (18.0, 8.0)  # by hand: 26 watched, 4 + 4 of them on
    # The same watched clock without the hole.
    whole = numbers([0.4, 1.1, 7.9, 8.0, 19.5], end=26)
    same = coincidence.rate_while(whole, StateSeries(((6.0, 10.0), (16.0, 20.0)), whole.window))
    assert found.pvalue == pytest.approx(same.pvalue)
    assert found.settings["shift_pvalue"] == pytest.approx(same.settings["shift_pvalue"])


def test_a_closing_event_is_conditioned_on():
    plain, closed = (numbers([4.0, 11.0, *end], closed_by_event=bool(end)) for end in ([], [30.0]))
    spells = ((3.0, 5.0), (20.0, 30.0))
    a = coincidence.rate_while(plain, StateSeries(spells, plain.window))
    b = coincidence.rate_while(closed, StateSeries(spells, closed.window))
    assert (a.pvalue, a.n_events, a.settings["shift_pvalue"]) == (b.pvalue, b.n_events, b.settings["shift_pvalue"])


def test_an_opening_event_excites_and_is_not_counted():
    times = np.sort(np.random.default_rng(1).uniform(0, 30, 12))
    a, b = numbers(times), numbers(OTHER)
    opened = numbers(times, opened_by_event=True)
    plain = coincidence.two_way_hawkes(a, b, **FEW)
    other = coincidence.two_way_hawkes(opened, b, **FEW)
    assert plain.n_events == other.n_events == (12, 6)
    assert plain.statistic != other.statistic


def test_randomness_is_passed_in():
    a, b = RECORDS["irregular"]
    for call in (
        lambda: coincidence.event_coincidence(a, b, window_days=2),
        lambda: coincidence.cross_correlogram(a, b, bin_days=1, max_lag=5),
        lambda: coincidence.knox(a, b, days=2),
        lambda: coincidence.two_way_hawkes(a, b),
        lambda: coincidence.rate_while(uncertain(), StateSeries((), uncertain().window)),
    ):
        with pytest.raises(ParameterError, match="rng"):
            call()
    assert not coincidence.rate_while(a, StateSeries(((2, 4), (7, 9)), a.window)).inconclusive  # exact: needs none


def test_wrong_settings_name_the_rule():
    a, b = RECORDS["irregular"]
    eca = coincidence.event_coincidence
    for wrong in ({"alternative": "fewer"}, {"level": 95}, {"window_days": -1}, {"lag": np.inf}, {"rate": "both"}):
        with pytest.raises(ParameterError):
            eca(a, b, **{"window_days": 2.0} | wrong, rng=1)
    with pytest.raises(ParameterError, match="Did you mean 'circular_shift'"):
        eca(a, b, window_days=2, null="circular_shifts", rng=1)
    with pytest.raises(ParameterError, match=r"local_jitter\(7\)"):
        eca(a, b, window_days=2, null="local_jitter", rng=1)
    with pytest.raises(ParameterError, match="one stretch watched for both"):
        eca(a, numbers(OTHER, end=40), window_days=2, rng=1)
    with pytest.raises(ParameterError, match="one stretch watched for both"):
        coincidence.rate_while(a, StateSeries(((2, 4),), numbers([], end=40).window))
    with pytest.raises(ParameterError, match="wider bins"):
        coincidence.cross_correlogram(a, b, bin_days=0.001, max_lag=20, rng=1)
    with pytest.raises(ParameterError, match="either other="):
        coincidence.knox(a, days=2, rng=1)
    with pytest.raises(ParameterError, match="km="):
        coincidence.knox(a, places=np.zeros((6, 2)), days=2, rng=1)
    with pytest.raises(ParameterError, match="each of the 6 events"):
        coincidence.knox(a, places=np.zeros((5, 2)), days=2, km=1, rng=1)
    with pytest.raises(ParameterError, match="latitude"):
        coincidence.knox(a, places=np.full((6, 2), 91.0), days=2, km=1, rng=1)
    with pytest.raises(ParameterError, match="no effect"):
        coincidence.episodes_needed(a, StateSeries((), a.window), ratio=1)
    with pytest.raises(ParameterError, match="empty"):
        coincidence.rivals(a, {})
    with pytest.raises(ParameterError, match="decays"):
        coincidence.two_way_hawkes(a, b, decays=[0.0], rng=1)
    with pytest.raises(ParameterError, match="2 x 2"):
        coincidence.hawkes_loglik([1.0], [0], end=2, background=[1], branching=[[0, 0], [0, 0]], decay=1)


def test_places_travel_with_their_events_when_dates_are_drawn():
    # Two nights whose readings overlap may change order; the places must not change owner.
    times = np.array([3.5, 4.0, 20.5, 21.0, 30.5, 40.5, 45.5, 48.5])
    window = Window.between("2021-04-14", "2021-06-04")
    series = EventSeries(times, window, earliest=times - 1, latest=times + 1, resolution="drawn")
    places = np.array([[33, 44], [33, 44.01], [35, 44], [35, 44.01], [36, 40], [37, 40], [38, 40], [39, 40.0]])
    found = coincidence.knox(series, places=places, days=3, km=5, rng=1, resamples=199, draws=20)
    assert found.statistic > 1.9
    exact = replace(series, earliest=None, latest=None, width=None, resolution="exact")
    assert coincidence.knox(exact, places=places, days=3, km=5, rng=1, resamples=199).statistic == 2


def test_events_without_a_place_are_left_out_and_counted():
    places = np.array([[33, 44], [33, 44.01], [np.nan, np.nan], [35, 44.01], [35, 44], [36, 40]])
    found = coincidence.knox(numbers([1, 2, 3, 10, 11, 29]), places=places, days=2, km=5)
    assert found.settings["without_place"] == 1
    assert "1 of 6 without a place" in " ".join(found.warnings)
    assert found.statistic == 2


def test_more_episodes_are_needed_for_a_weaker_effect_and_a_rarer_event():
    window = Window(0.0, 60.0)
    state = StateSeries(((10.0, 20.0), (40.0, 50.0)), window)
    series = numbers([1, 2, 5, 22, 23, 24, 30, 31, 55, 56], end=60)
    stop, half = (coincidence.episodes_needed(series, state, ratio=r) for r in (0.0, 0.5))
    assert stop.effect.value < half.effect.value
    rarer = coincidence.episodes_needed(numbers([1, 22, 56], end=60), state, ratio=0.5)
    assert rarer.effect.value > half.effect.value
    assert half.effect.low <= half.effect.value <= half.effect.high
    # So many events that the exact sum is left for the normal form: an answer, not an overflow.
    busy = numbers(np.sort(np.random.default_rng(1).uniform(0, 60, 5000)), end=60)
    assert coincidence.episodes_needed(busy, state, ratio=0.97).effect.value >= 5
