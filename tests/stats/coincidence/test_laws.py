"""Laws that every test of coincidence keeps: agreement of p and range, invariance, truth recovered, exact shifts."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis import EventSeries, Window
from analysis.processes import hawkes, local_jitter, poisson
from analysis.stats import coincidence
from analysis.stats.coincidence.hawkes_simulate import simulated_pairs
from analysis.stats.coincidence.shift import turned, watched_spells
from analysis.stats.coincidence.simulated import Among
from analysis.timeline import StateSeries

A = [0.4, 1.1, 7.9, 8.0, 23.5, 25.25]
B = [0.9, 3.3, 7.5, 12.25, 22.75, 29.0]
HOLES = ((9.5, 12.0), (16.0, 20.0))
SPELLS = ((1.0, 3.0), (7.0, 9.25), (14.0, 22.0))


def numbers(times, *, scale=1.0, moved=0.0, end=30.0, holes=(), **given):
    holes = [(a * scale + moved, b * scale + moved) for a, b in holes]
    times = np.asarray(times, dtype=float) * scale + moved
    return EventSeries.from_numbers(times, start=moved, end=end * scale + moved, holes=holes, **given)


def state_of(window, scale=1.0, moved=0.0):
    return StateSeries(tuple((a * scale + moved, b * scale + moved) for a, b in SPELLS), window, "war")


def answers(scale=1.0, moved=0.0, order=slice(None)):
    """Every test on one irregular record, in another unit, on another calendar, or in another order of rows."""
    a = numbers(np.array(A)[order], scale=scale, moved=moved, holes=HOLES)
    b = numbers(np.array(B)[[0, 1, 2, 4, 3, 5]][order], scale=scale, moved=moved, holes=((9.5, 12.0), (16.0, 20.0)))
    few = {"rng": 5, "resamples": 199}
    state = state_of(a.window, scale, moved)
    return [
        coincidence.event_coincidence(a, b, window_days=2 * scale, **few),
        coincidence.event_coincidence(a, b, window_days=2 * scale, rate="trigger", null="shuffled_waits", **few),
        coincidence.event_coincidence(a, b, window_days=2 * scale, null=local_jitter(3 * scale), **few),
        coincidence.cross_correlogram(a, b, bin_days=1.3 * scale, max_lag=8 * scale, **few),
        coincidence.knox(a, b, days=1.7 * scale, **few),
        coincidence.rate_while(a, state),
        coincidence.rate_while(a, state, method="circular_shift"),
        coincidence.two_way_hawkes(a, b, rng=5, resamples=99),
        coincidence.episodes_needed(a, state, ratio=0.2),
    ]


@pytest.mark.parametrize(("scale", "moved"), [(1 / 24, 0.0), (365.25, 0.0), (1.0, 1000.0)])
def test_no_unit_and_no_calendar_changes_an_answer(scale, moved):
    for plain, other in zip(answers(), answers(scale, moved), strict=True):
        assert other.pvalue == (None if plain.pvalue is None else pytest.approx(plain.pvalue)), plain.method
        assert other.inconclusive == plain.inconclusive
        if plain.effect is not None:
            assert other.effect.value == pytest.approx(plain.effect.value, rel=1e-3, abs=1e-6), plain.method
            for side in ("low", "high"):
                mine, theirs = getattr(plain.effect, side), getattr(other.effect, side)
                assert (mine is None) == (theirs is None)
                assert mine is None or theirs == pytest.approx(mine, rel=1e-3, abs=1e-5), plain.method


def test_the_order_of_rows_does_not_matter():
    for plain, other in zip(answers(), answers(order=slice(None, None, -1)), strict=True):
        assert plain.to_record() == other.to_record()


@given(
    null=st.lists(st.integers(0, 6), min_size=99, max_size=99),
    observed=st.integers(0, 6),
    alternative=st.sampled_from(["two-sided", "less", "greater"]),
    level=st.sampled_from([0.5, 0.8, 0.9, 0.95]),
    exact=st.booleans(),
)
@settings(deadline=None, max_examples=150)
def test_a_value_leaves_the_null_range_exactly_where_p_says_so(null, observed, alternative, level, exact):
    null = np.append(null, observed) if exact else np.array(null)
    found = Among(np.array([float(observed)]), null[None, :].astype(float), exact)
    low, high = found.limits(alternative, level)
    outside = (low is not None and observed < low) or (high is not None and observed > high)
    assert outside == (found.pvalue(alternative) <= 1 - level + 1e-12)
    assert found.attainable(alternative) <= found.pvalue(alternative)


def test_the_correlogram_leaves_its_simultaneous_envelope_exactly_where_p_says_so():
    rng = np.random.default_rng(8)
    seen = set()
    for i in range(30):
        a = numbers(rng.uniform(0, 30, 12))
        b = numbers(np.clip(a.times - 1 + rng.normal(0, 0.2, 12), 0, 29.9) if i % 2 else rng.uniform(0, 30, 12))
        for alternative in ("two-sided", "greater", "less"):
            found = coincidence.cross_correlogram(
                a, b, bin_days=1, max_lag=5, alternative=alternative, rng=i, resamples=199
            )
            curve = found.curve
            # Below 0 there is nothing: a bound at 0 means that no count is too small.
            out = (curve["pairs"] > curve["high_all"] + 1e-9).any() or (curve["pairs"] < curve["low_all"] - 1e-9).any()
            assert out == (found.pvalue <= 0.05 + 1e-12)
            seen.add(bool(out))
    assert seen == {True, False}


def test_a_lagged_response_stands_out_at_its_lag_and_nowhere_in_the_order_reversed():
    rng = np.random.default_rng(3)
    b = numbers(np.sort(rng.uniform(0, 95, 25)), end=100)
    a = numbers(b.times + 3 + rng.normal(0, 0.1, 25), end=100)
    found = coincidence.cross_correlogram(a, b, bin_days=1, max_lag=10, null="shuffled_waits", rng=1)
    assert found.settings["lag"] == 3
    assert found.pvalue < 0.001
    # A shift by less than max_lag only moves the peak to another lag, so that this null is blunt in a short window.
    shifted = coincidence.cross_correlogram(a, b, bin_days=1, max_lag=10, rng=1)
    assert 0.01 < shifted.pvalue < 0.1
    assert coincidence.cross_correlogram(b, a, bin_days=1, max_lag=10, rng=1).settings["lag"] == -3
    matched = coincidence.event_coincidence(a, b, window_days=1, lag=2.5, rng=1, alternative="greater")
    assert matched.effect.value > 0.95
    assert matched.pvalue < 0.01


def test_bursts_that_meet_by_chance_reject_under_uniform_times_and_not_under_a_shift():
    # Two independent bursty series: the null that keeps clustering holds its size, the one that does not, does not.
    rng = np.random.default_rng(11)
    window = Window(0.0, 200.0)
    rejected = {"circular_shift": 0, "uniform_times": 0}
    for _ in range(100):
        a, b = (hawkes(window, background=0.05, branching=0.8, decay=1.0, rng=rng).series for _ in range(2))
        for null in rejected:
            found = coincidence.event_coincidence(a, b, window_days=3, null=null, rng=rng, resamples=99)
            rejected[null] += not found.inconclusive and found.pvalue <= 0.05
    assert rejected["circular_shift"] <= 12  # binomial(100, 0.05) exceeds 12 once in 700
    assert rejected["uniform_times"] > 2 * rejected["circular_shift"]


@pytest.mark.parametrize("holes", [(), HOLES])
def test_the_law_of_the_shifted_state_is_that_of_many_lags(holes):
    # Independent of the sweep: the state turned by 4001 lags, the events counted inside one by one.
    series = numbers([t for t in A if not holes or t not in (16.5,)], holes=holes)
    state = state_of(series.window)
    law = turned(series, watched_spells(state))
    days, clock, spells = series.days, series.window.clock(series.times), watched_spells(state)
    lags = days * (np.arange(4001) + 0.5) / 4001
    turns = np.mod(clock[None, :] - lags[:, None], days)
    counts = sum(((turns >= a) & (turns < b)).sum(axis=1) for a, b in spells)
    shares = np.bincount(counts, minlength=law.values.size) / lags.size
    assert law.shares == pytest.approx(shares, abs=0.003)
    assert law.shares.sum() == pytest.approx(1)


def test_the_exact_limits_are_where_p_is_one_minus_level():
    series = numbers(A)
    state = state_of(series.window)
    found = coincidence.rate_while(series, state)
    from analysis.stats.rates import conditional

    (off, on), (off_days, on_days) = found.n_events, found.exposure_days
    for limit in (found.effect.low, found.effect.high):
        p = conditional.pvalues(off, off_days, on, on_days, ratio=limit)
        assert float(p) == pytest.approx(0.05)


def test_a_state_that_stops_attacks_is_found_and_its_episodes_counted():
    rng = np.random.default_rng(2)
    window = Window(0.0, 200.0)
    spells = tuple((20.0 * k + 5, 20.0 * k + 15) for k in range(10))
    state = StateSeries(spells, window, "war")
    times = poisson(window, n=60, rng=rng).series.times
    series = EventSeries(times[~state.is_on(times)], window)
    found = coincidence.rate_while(series, state, alternative="less")
    assert found.effect.value == 0
    assert found.effect.high < 0.2
    assert found.settings["episodes"] == 10
    assert found.pvalue < 1e-6
    # Turned round, ten regular spells meet the quiet stretches again every 20 days: the shift is blunter, and says so.
    shifted = coincidence.rate_while(series, state, alternative="less", method="circular_shift")
    assert shifted.pvalue >= shifted.attainable_pvalue > 1e-3


def pair(seed, coupling, end=300.0, own=0.2):
    rng = np.random.default_rng(seed)
    times, nodes = simulated_pairs(
        1, end=end, background=[0.4, 0.2], branching=[[own, coupling], [0.0, 0.3]], decay=[0.3, 0.3], rng=rng
    )
    window = Window(0.0, end)
    return (EventSeries(times[0][nodes[0] == k], window, label=f"series {k}") for k in (0, 1))


def test_a_negative_coupling_is_recovered():
    a, b = pair(5, -0.7)
    found = coincidence.two_way_hawkes(a, b, rng=1, resamples=199)
    assert found.pvalue < 0.05
    assert found.effect.low is None or found.effect.low < -0.7
    assert -0.7 < found.effect.high < 0
    assert coincidence.two_way_hawkes(a, b, rng=1, resamples=199, alternative="less").pvalue < 0.05
    assert coincidence.two_way_hawkes(a, b, rng=1, resamples=199, alternative="greater").pvalue > 0.9


def test_a_positive_coupling_is_recovered_with_its_direction():
    a, b = pair(9, 0.6)
    found = coincidence.two_way_hawkes(a, b, rng=1, resamples=199, alternative="greater")
    assert found.pvalue < 0.05
    assert found.effect.low > 0
    assert coincidence.two_way_hawkes(b, a, rng=1, resamples=199).pvalue > 0.05


@pytest.mark.parametrize("alternative", ["two-sided", "less", "greater"])
def test_no_coupling_lies_outside_the_limits_exactly_where_p_says_so(alternative):
    seen = set()
    for seed, coupling in [(5, -0.7), (2, 0.0), (9, 0.6)]:
        a, b = pair(seed, coupling)
        found = coincidence.two_way_hawkes(a, b, rng=seed, resamples=99, alternative=alternative)
        low, high = found.effect.low, found.effect.high
        outside = (low is not None and low > 0) or (high is not None and high < 0)
        assert outside == (found.pvalue <= 0.05 + 1e-12)
        seen.add(outside)
    assert True in seen


@pytest.mark.parametrize("alternative", ["two-sided", "less", "greater"])
def test_the_coupling_s_limits_agree_with_p_over_all_readings_of_its_dates(alternative):
    # Days are read several times: the limits must use every reading, as p does.
    seen = set()
    for seed, coupling in [(5, -0.9), (2, 0.0), (9, 0.8)]:
        a, b = (
            EventSeries(np.floor(s.times) + 0.5, s.window, resolution="day", precision=1.0)
            for s in pair(seed, coupling)
        )
        found = coincidence.two_way_hawkes(a, b, rng=seed, resamples=99, draws=3, alternative=alternative)
        low, high = found.effect.low, found.effect.high
        outside = (low is not None and low > 0) or (high is not None and high < 0)
        assert outside == (found.pvalue <= 0.05 + 1e-12)
        seen.add(outside)
    assert True in seen


def test_p_of_a_coupling_is_the_larger_of_bootstrap_and_turn():
    for seed, coupling in [(5, -0.7), (2, 0.0)]:
        a, b = pair(seed, coupling)
        found = coincidence.two_way_hawkes(a, b, rng=1, resamples=99)
        both = found.settings["bootstrap_pvalue"], found.settings["shift_pvalue"]
        assert found.pvalue == max(both)
        assert both[0] != both[1]
        assert found.attainable_pvalue == 0.01


def test_a_turn_keeps_every_wait_but_the_one_it_cuts(monkeypatch):
    # Were a wait lost or the closing event moved, the null would not keep each series' own clustering.
    from analysis.stats.coincidence import hawkes_null
    from analysis.stats.coincidence.hawkes_record import recorded

    laid = []
    monkeypatch.setattr(hawkes_null, "laid_rows", lambda record, rows, other: laid.append((rows, other)))
    monkeypatch.setattr(hawkes_null, "_roots_of", lambda sequence, decays: None)
    for closed in (False, True):
        series = numbers([*A, *([30.0] if closed else [])], holes=HOLES, closed_by_event=closed)
        other = numbers(B, holes=HOLES)
        hawkes_null.turned_roots(recorded(series, other), series.times, other.times, None, 50, np.random.default_rng(1))
        rows, kept = laid[-1]
        assert (kept == other.times).all()
        assert not closed or (rows[:, -1] == 30.0).all()
        clock = series.window.clock(rows[:, : len(A)])
        days = series.window.days
        round_ = np.sort(np.diff(clock, axis=1, append=clock[:, :1] + days), axis=1)
        seen = series.window.clock(np.array(A))
        assert round_ == pytest.approx(np.tile(np.sort(np.diff(seen, append=seen[0] + days)), (50, 1)))
        assert np.unique(clock[:, 0]).size > 40


def test_simulated_pairs_have_the_mean_counts_of_the_linear_process():
    # Hawkes (1971): mean rates solve m = mu + A m, here (0.3 + 0.2 m2) / 0.6 and (0.2 + 0.3 m1) / 0.9 per unit.
    branching = np.array([[0.4, 0.2], [0.3, 0.1]])
    mean = np.linalg.solve(np.eye(2) - branching, [0.3, 0.2])
    times, nodes = simulated_pairs(
        300, end=200.0, background=[0.3, 0.2], branching=branching, decay=[2.0, 3.0], rng=np.random.default_rng(1)
    )
    counts = [(nodes == k).sum(axis=1).mean() for k in (0, 1)]
    assert counts == pytest.approx(200 * mean, rel=0.03)
    assert np.all(np.diff(times, axis=1) >= 0)


def test_time_rescaled_by_the_fitted_intensity_is_unit_exponential():
    # Papangelou: the compensator between events of an inhibited series is standard exponential at the true parameters.
    from scipy import stats

    from analysis.stats.coincidence.hawkes_model import laid_out, positive_part, stretches

    times, nodes = simulated_pairs(
        1, end=2000.0, background=[0.4, 0.3], branching=[[0.3, -0.8], [0, 0.3]], decay=[0.4, 0.4],
        rng=np.random.default_rng(4),
    )  # fmt: skip
    part = stretches(*laid_out(times, nodes, np.empty((0, 2)), end=2000.0), 0, np.array([0.4]))
    theta = np.array([[0.4, 0.3, -0.8]])
    quiet, faded = positive_part(part, theta)
    steps = (0.4 * quiet + (0.3 * part.own_after - 0.8 * part.cross_after) * faded)[0]
    at = np.cumsum(np.append(0.0, steps[:-1]))[part.event[0]]
    assert stats.kstest(np.diff(at, prepend=0.0), "expon").pvalue > 0.01


def test_a_rival_on_the_same_dates_overlaps_and_a_family_is_adjusted():
    series = numbers(A)
    war = state_of(series.window)
    talks = StateSeries(((1.5, 4.0), (8.0, 9.25), (25.0, 27.0)), series.window, "talks")
    found = coincidence.rivals(series, {"war": war, "talks": talks}, placebos={"elsewhere": numbers(B)})
    table = found.table.set_index("explanation")
    assert list(table["kind"]) == ["favoured", "rival", "placebo"]
    # by hand: war is on for 12.25, shared with talks 1.5 to 3 and 8 to 9.25
    assert table.loc["talks", "overlap"] == pytest.approx((1.5 + 1.25) / 12.25)
    assert table.loc["talks", "pvalue"] == coincidence.rate_while(series, talks).pvalue
    smallest = table["pvalue"].idxmin()
    assert table.loc[smallest, "adjusted"] == pytest.approx(min(1.0, 3 * table.loc[smallest, "pvalue"]))
    assert table.loc["elsewhere", "events_on"] == coincidence.rate_while(numbers(B), war).n_events[1]
