"""Simulators give data that have the truth they claim; otherwise every calibration is wrong."""

import numpy as np
import pandas as pd
import pytest
from scipy import integrate, stats

from analysis import ParameterError, Window
from analysis.processes import hawkes, inhomogeneous, poisson, renewal, step, suspended

PLAIN = Window(0.0, 40.0)
HOLED = Window(0.0, 40.0, holes=((0.0, 1.5), (7.0, 12.25), (12.25, 13.0), (38.0, 40.0)))
OPENED = Window(5.0, 45.0, holes=((20.0, 30.0),), opened_by_event=True)
CLOSED = Window(0.0, 40.0, holes=((7.0, 12.0),), closed_by_event=True)
DATED = Window.between("2021-04-14 07:30", "2021-06-04", holes=(("2021-05-01", "2021-05-09 18:00"),))

LAWS = [("exponential", None), ("gamma", 0.4), ("gamma", 3.0), ("weibull", 0.7), ("lognormal", 1.1)]


def simulators(window):
    third, half = window.span / 3, window.span / 2
    if not window.dated:
        third, half = third + window.start, half + window.start
    yield "poisson", lambda rng: poisson(window, rate=0.8, rng=rng)
    yield "poisson n", lambda rng: poisson(window, n=23, rng=rng)
    yield "inhomogeneous", lambda rng: inhomogeneous(window, intensity=lambda t: t / 60, bound=1.0, rng=rng)
    yield (
        "inhomogeneous n",
        lambda rng: inhomogeneous(window, intensity=lambda t: t / 60, bound=1.0, n=23, rng=rng),
    )
    yield "step", lambda rng: step(window, at=third, before=0.3, after=1.5, rng=rng)
    yield "step n", lambda rng: step(window, at=third, before=0.3, after=1.5, n=23, rng=rng)
    yield "suspended", lambda rng: suspended(window, start=third, end=half, rate=0.8, during=0.1, rng=rng)
    if not window.closed_by_event:
        yield "hawkes", lambda rng: hawkes(window, background=0.4, branching=0.6, decay=0.9, rng=rng)
        for law, shape in LAWS:
            yield law, lambda rng, k=law, s=shape: renewal(window, law=k, mean=1.7, shape=s, rng=rng)


EVERY = [
    pytest.param(window, simulate, id=f"{name}-{where}")
    for where, window in {
        "plain": PLAIN,
        "holed": HOLED,
        "opened": OPENED,
        "closed": CLOSED,
        "dated": DATED,
    }.items()
    for name, simulate in simulators(window)
]


@pytest.mark.parametrize(("window", "simulate"), EVERY)
def test_events_fall_into_watched_time_and_a_seed_repeats_them(window, simulate):
    first, again, other = simulate(20210604), simulate(20210604), simulate(20210605)
    assert first.series == again.series
    assert first.series != other.series
    assert first.series.window is window
    assert np.all(np.diff(first.series.times) > 0)
    assert window.is_watched(first.series.times).all()
    if "n" in first.truth and first.truth["n"] is not None:
        assert first.series.n == first.truth["n"]


@pytest.mark.parametrize(("window", "simulate"), EVERY)
def test_without_rng_nothing_is_simulated(window, simulate):
    with pytest.raises(ParameterError, match="rng must be a numpy Generator or a seed"):
        simulate(None)


WITH_MEAN = [case for case in EVERY if "expected_events" in case.values[1](1).truth]


@pytest.mark.parametrize(("window", "simulate"), WITH_MEAN)
def test_mean_counts_are_those_of_the_truth(window, simulate):
    rng = np.random.default_rng(8)
    draws = [simulate(rng) for _ in range(300)]
    expected = draws[0].truth["expected_events"]
    counts = np.array([draw.series.n for draw in draws])
    # 3.7 standard errors: one false alarm in 5000, and the seed is fixed
    assert abs(counts.mean() - expected) <= 3.7 * counts.std(ddof=1) / np.sqrt(counts.size) + 1e-9


def test_waits_of_a_steady_pace_are_exponential():
    series = poisson(Window(0.0, 20_000.0, opened_by_event=True), rate=0.25, rng=1).series
    waits = series.waits().query("not censored")["days"]
    assert stats.kstest(waits, stats.expon(scale=4).cdf).pvalue > 0.01


def test_given_the_count_events_are_uniform_on_watched_time():
    series = poisson(HOLED, n=4000, rng=2).series
    assert stats.kstest(HOLED.clock(series.times) / HOLED.days, "uniform").pvalue > 0.01


@pytest.mark.parametrize("n", [0, 1])
def test_no_event_and_one_event_can_be_asked_for(n):
    assert poisson(HOLED, n=n, rng=3).series.n == n
    assert inhomogeneous(HOLED, intensity=lambda t: 0 * t + 1, bound=2, n=n, rng=3).series.n == n
    assert step(HOLED, at=5, before=0.1, after=2, n=n, rng=3).series.n == n


def test_a_pace_of_zero_gives_silence():
    assert poisson(PLAIN, rate=0, rng=4).series.n == 0
    assert hawkes(PLAIN, background=0, branching=0.9, decay=1, rng=4).series.n == 0
    assert step(PLAIN, at=20, before=0, after=0, rng=4).series.n == 0


def test_the_event_that_closed_the_window_is_one_of_the_count():
    series = poisson(CLOSED, n=1, rng=5).series
    assert series.times.tolist() == [40.0]
    with pytest.raises(ParameterError, match="1 or more, because an event closed the window"):
        poisson(CLOSED, n=0, rng=5)


def test_processes_with_a_memory_refuse_a_closing_event():
    with pytest.raises(ParameterError, match="closed_by_event=False"):
        renewal(CLOSED, law="gamma", shape=2, mean=3, rng=5)
    with pytest.raises(ParameterError, match="closed_by_event=False"):
        hawkes(CLOSED, background=1, branching=0.1, decay=1, rng=5)


def law_of(name, shape, mean):
    """The same laws as scipy parametrises them."""
    if name == "exponential":
        return stats.expon(scale=mean)
    if name == "gamma":
        return stats.gamma(shape, scale=mean / shape)
    if name == "weibull":
        unit = stats.weibull_min(shape).mean()
        return stats.weibull_min(shape, scale=mean / unit)
    return stats.lognorm(shape, scale=mean / np.exp(shape**2 / 2))


@pytest.mark.parametrize(("law", "shape"), LAWS)
def test_waits_follow_the_law_that_was_asked_for(law, shape):
    window = Window(0.0, 5000.0, opened_by_event=True)
    series = renewal(window, law=law, shape=shape, mean=1.7, rng=6).series
    waits = series.waits().query("not censored")["days"]
    assert stats.kstest(waits, law_of(law, shape, 1.7).cdf).pvalue > 0.01


@pytest.mark.parametrize(("law", "shape"), LAWS)
def test_a_window_opened_at_any_time_finds_the_process_in_equilibrium(law, shape):
    # The wait from a fixed instant to the next event has the density S(x) / mean.
    frozen, rng = law_of(law, shape, 1.7), np.random.default_rng(7)
    window = Window(0.0, 60.0)
    draws = [renewal(window, law=law, shape=shape, mean=1.7, rng=rng).series.times for _ in range(600)]
    first = np.array([times[0] for times in draws if times.size])
    assert first.size > 590
    grid = np.linspace(0, 60, 6001)
    cdf = integrate.cumulative_trapezoid(frozen.sf(grid), grid, initial=0) / 1.7
    assert stats.kstest(first, lambda x: np.interp(x, grid, cdf)).pvalue > 0.01


def test_a_renewal_process_goes_on_unseen_in_a_hole():
    drawn = renewal(Window(0.0, 400.0, holes=((100.0, 300.0),)), law="gamma", shape=4, mean=2, rng=8)
    assert drawn.series.n + drawn.truth["unseen"] == pytest.approx(200, abs=15)
    assert drawn.truth["unseen"] == pytest.approx(100, abs=12)


def compensator(times, background, branching, decay, excited):
    """Integral of the pace up to each event, by the definition: every earlier event, one by one."""
    out = np.empty(times.size)
    for i, t in enumerate(times):
        earlier = np.append(times[:i], [0.0] if excited else [])
        out[i] = background * t + branching * np.sum(1 - np.exp(-decay * (t - earlier)))
    return out


@pytest.mark.parametrize("opened", [False, True])
def test_a_self_exciting_process_becomes_a_unit_poisson_process_on_its_own_clock(opened):
    # time-rescaling theorem: exact only if the simulation is
    setting = {"background": 0.3, "branching": 0.7, "decay": 0.5}
    series = hawkes(Window(0.0, 1500.0, opened_by_event=opened), **setting, rng=9).series
    rescaled = np.diff(compensator(series.times, **setting, excited=opened), prepend=0)
    assert series.n > 1000
    assert stats.kstest(rescaled, "expon").pvalue > 0.01
    assert abs(stats.spearmanr(rescaled[1:], rescaled[:-1]).statistic) < 3.5 / np.sqrt(series.n)


def test_the_branching_ratio_is_found_in_the_family_tree_and_in_the_mean_count():
    drawn = hawkes(Window(0.0, 20_000.0), background=0.2, branching=0.6, decay=2, rng=10)
    n, successors = drawn.series.n, np.sum(drawn.truth["generation"] > 0)
    assert drawn.truth["generation"].shape == (n,)
    # every event but the last few has had its chance of successors
    assert successors / n == pytest.approx(0.6, abs=0.02)
    # long-run pace: background / (1 - branching); missing at the opening: 0.2 * 0.6 / (0.4 ** 2 * 2)
    assert drawn.truth["expected_events"] == pytest.approx(0.2 * 20_000 / 0.4 - 0.375)
    assert n == pytest.approx(10_000, rel=0.05)


@pytest.mark.parametrize("branching", [1, 1.0, 1.7])
def test_a_pace_without_end_is_refused_with_the_reason(branching):
    with pytest.raises(ParameterError, match="the pace grows without end"):
        hawkes(PLAIN, background=1, branching=branching, decay=1, rng=1)


def test_the_thinned_process_follows_its_curve():
    window = Window(0.0, 100.0, holes=((30.0, 55.0),))
    drawn = inhomogeneous(window, intensity=lambda t: t, bound=100, rng=11)
    assert drawn.series.n == pytest.approx((100**2 - 55**2 + 30**2) / 2, rel=0.06)
    t = drawn.series.times
    share = np.where(t < 30, t**2, t**2 - 55**2 + 30**2) / (100**2 - 55**2 + 30**2)
    assert stats.kstest(share, "uniform").pvalue > 0.01


@pytest.mark.parametrize(
    ("intensity", "complaint"),
    [
        (lambda t: t, "between 0 and bound=1"),
        (lambda t: -t, "between 0 and bound=1"),
        (lambda t: t * np.nan, "between 0 and bound=1"),
        (lambda t: 0.2, "one value for each time"),
    ],
)
def test_a_curve_that_breaks_its_bound_is_refused(intensity, complaint):
    with pytest.raises(ParameterError, match=complaint):
        inhomogeneous(PLAIN, intensity=intensity, bound=1, rng=12)


def test_events_are_not_waited_for_where_the_curve_is_zero():
    with pytest.raises(ParameterError, match="only 0 of n=2 events were kept"):
        inhomogeneous(PLAIN, intensity=lambda t: 0 * t, bound=1, n=2, rng=12)


def test_a_step_holds_both_rates_and_its_date():
    drawn = step(DATED, at="2021-05-10", before=40, after=10, rng=13)
    at = pd.Timestamp("2021-05-10", tz="Asia/Baghdad")
    assert drawn.truth["at"] == at
    assert drawn.truth["ratio"] == 0.25
    split = drawn.series.split(at)
    assert split.before / split.before_days == pytest.approx(40, rel=0.15)
    assert split.after / split.after_days == pytest.approx(10, rel=0.2)


def test_given_the_count_only_the_ratio_of_the_rates_matters():
    slow = step(PLAIN, at=10, before=0.2, after=0.1, n=500, rng=14).series
    fast = step(PLAIN, at=10, before=20, after=10, n=500, rng=14).series
    assert slow == fast
    # 2 : 1 in 10 and 30 days makes 2 in 5
    assert slow.split(10).before / 500 == pytest.approx(0.4, abs=0.08)


def test_nothing_happens_in_a_full_suspension():
    drawn = suspended(DATED, start="2021-05-10", end="2021-05-20 12:00", rate=30, during=0, rng=15)
    assert drawn.truth["end"] == pd.Timestamp("2021-05-20 12:00", tz="Asia/Baghdad")
    split = drawn.series.inside("2021-05-10", "2021-05-20 12:00")
    assert split.after == 0
    assert split.before / split.before_days == pytest.approx(30, rel=0.15)
    assert drawn.truth["ratio"] == 0


def test_a_ratio_to_nothing_is_left_open():
    assert step(PLAIN, at=20, before=0, after=1, rng=16).truth["ratio"] is None


@pytest.mark.parametrize(
    ("call", "complaint"),
    [
        (lambda: poisson(PLAIN, rng=1), "either a rate or a count"),
        (lambda: poisson(PLAIN, rate=1, n=1, rng=1), "either a rate or a count"),
        (lambda: poisson(PLAIN, rate=-1, rng=1), "rate must be a finite number of 0 or more"),
        (lambda: poisson(PLAIN, rate=True, rng=1), "rate must be"),
        (lambda: poisson(PLAIN, n=2.5, rng=1), "n must be a whole number"),
        (lambda: renewal(PLAIN, law="gama", shape=1, mean=1, rng=1), "Did you mean 'gamma'"),
        (lambda: renewal(PLAIN, law="gamma", mean=1, rng=1), "needs its shape"),
        (lambda: renewal(PLAIN, law="exponential", shape=2, mean=1, rng=1), "has no shape"),
        (lambda: renewal(PLAIN, law="weibull", shape=0.001, mean=1, rng=1), "beyond what a float can hold"),
        (
            lambda: renewal(PLAIN, law="weibull", shape=2, mean=0, rng=1),
            "mean must be a finite number above 0",
        ),
        (lambda: hawkes(PLAIN, background=1, branching=0.5, decay=0, rng=1), "decay must be"),
        (lambda: hawkes(PLAIN, background=float("inf"), branching=0.5, decay=1, rng=1), "background must be"),
        (lambda: step(PLAIN, at=41, before=1, after=1, rng=1), "at=41 lies outside the window"),
        (lambda: step(PLAIN, at=10, before=0, after=0, n=3, rng=1), "every rate is 0"),
        (lambda: suspended(PLAIN, start=9, end=9, rate=1, during=0, rng=1), "must end after it starts"),
    ],
)
def test_impossible_settings_are_refused_by_name(call, complaint):
    with pytest.raises(ParameterError, match=complaint):
        call()
