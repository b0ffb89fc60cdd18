"""The laws behind the tests: against other ways to work them out, p at the limit, size, coverage, other clocks."""

from __future__ import annotations

from functools import partial

import numpy as np
import pytest
from scipy import stats

from analysis import EventSeries
from analysis.stats import trend
from analysis.stats.trend import tilted
from analysis.stats.trend.limits import inverted
from analysis.stats.trend.mann import lengthening

IRREGULAR = [0.4, 1.1, 7.9, 8.0, 23.5]
RUNS = 200


def series_of(times, end=30.0, **settings):
    return EventSeries.from_numbers(times, start=0, end=end, **settings)


def band(share, runs, sds=3.5):
    return share + sds * np.sqrt(share * (1 - share) / runs)


@pytest.mark.parametrize("n", [1, 2, 3, 7, 19])
def test_the_sum_of_uniforms_has_irwin_and_halls_law(n):
    law = stats.irwinhall(n)
    sums = n * np.array([0.02, 0.3, 0.5, 0.61, 0.97])
    low, high = tilted.ExactSum(sums, n).tails(0.0)
    assert low == pytest.approx(law.cdf(sums), abs=1e-9)
    assert low + high == pytest.approx(1.0)


@pytest.mark.parametrize("theta", [-40.0, -6.0, -0.001, 3.0, 24.9, 25.1])
def test_the_tilted_law_is_that_of_simulated_sums(theta):
    # Positions by inverting their distribution function, (exp(theta u) - 1) / (exp(theta) - 1).
    u = np.random.default_rng(2).random((40000, 4))
    drawn = np.sort(
        np.log1p(u * np.expm1(theta)) / theta if theta < 0 else 1 + np.log(u + (1 - u) * np.exp(-theta)) / theta
    )
    sums = np.quantile(drawn.sum(axis=1), [0.03, 0.4, 0.9])
    assert tilted.ExactSum(sums, 4).tails(theta)[0] == pytest.approx([0.03, 0.4, 0.9], abs=0.009)


@pytest.mark.parametrize("n", [20, 60, 100])
def test_the_saddlepoint_form_is_off_by_less_than_it_says(n):
    for theta in (-12.0, -1.0, 0.0, 4.0):
        spread = np.sqrt(n * tilted.variance(theta))
        sums = n * tilted.mean(theta) + spread * np.array([-2.5, -1.0, 0.01, 1.5])
        exact, quick = (law(sums, n).tails(theta)[0] for law in (tilted.ExactSum, tilted.SaddleSum))
        assert quick == pytest.approx(exact, abs=5e-4)


@pytest.mark.parametrize("alternative", ["two-sided", "less", "greater"])
@pytest.mark.parametrize(("n", "method"), [(5, "exact"), (5, "normal"), (40, "exact"), (150, "exact")])
def test_p_at_laplaces_limits_equals_alpha(n, method, alternative):
    times = IRREGULAR if n == 5 else np.sort(30 * np.random.default_rng(n).random(n) ** 1.3)
    run = partial(trend.laplace, series_of(times), method=method, alternative=alternative)
    ends = [e for e in (run().effect.low, run().effect.high) if e is not None]
    assert len(ends) == (2 if alternative == "two-sided" else 1)
    for end in ends:
        assert run(null_change=end).pvalue == pytest.approx(0.05, abs=1e-6)


@pytest.mark.parametrize("alternative", ["two-sided", "less", "greater"])
@pytest.mark.parametrize("closed", [True, False])
def test_p_at_the_limits_of_the_shape_equals_alpha(alternative, closed):
    times = [*IRREGULAR, 30.0] if closed else IRREGULAR
    run = partial(trend.milhdbk189, series_of(times, closed_by_event=closed), alternative=alternative)
    for end in (run().effect.low, run().effect.high):
        assert end is None or run(null_shape=end).pvalue == pytest.approx(0.05, abs=1e-7)
    free = 5
    if alternative == "two-sided":  # by hand, from the quantiles of chi-square
        by_hand = stats.chi2.ppf([0.025, 0.975], 2 * free) / run().statistic
        assert [run().effect.low, run().effect.high] == pytest.approx(by_hand)


def test_p_crosses_alpha_at_the_limits_of_lewis_and_robinson():
    series = series_of([1.0, 2.2, 2.9, 7.0, 8.5, 14.0, 22.1], opened_by_event=True)
    run = partial(trend.lewis_robinson, series)
    found = run().effect
    for end, inward in ((found.low, 1e-6), (found.high, -1e-6)):
        assert run(null_change=end - inward).pvalue <= 0.05 < run(null_change=end + inward).pvalue


def test_p_at_the_limit_equals_alpha_over_drawn_dates_too():
    times = np.array([3.5, 9.5, 10.5, 24.5, 27.5])
    window = series_of([], end=51.0).window
    series = EventSeries(times, window, earliest=times - 0.5, latest=times + 0.5, resolution="drawn")
    found = trend.laplace(series, rng=7, draws=50).effect
    for end in (found.low, found.high):
        assert trend.laplace(series, rng=7, draws=50, null_change=end).pvalue == pytest.approx(0.05, abs=1e-6)
    shape = trend.milhdbk189(series, rng=7, draws=50).effect
    assert trend.milhdbk189(series, rng=7, draws=50, null_shape=shape.low).pvalue == pytest.approx(0.05, abs=1e-6)


@pytest.mark.parametrize("n", [3, 10, 30, 100])
@pytest.mark.parametrize("name", ["mann", "progress_curve"])
def test_size_of_tests_of_the_waits_under_a_constant_rate(name, n):
    rng = np.random.default_rng(n)
    p = []
    for _ in range(RUNS):
        series = series_of(np.sort(rng.uniform(0, 30, n)), opened_by_event=True)
        p.append(getattr(trend, name)(series).pvalue)
    assert np.mean(np.array(p) <= 0.05) <= band(0.05, RUNS)


@pytest.mark.parametrize("truth", [0.0, -2.0])
@pytest.mark.parametrize("n", [3, 10, 30, 100])
def test_size_of_laplace_and_coverage_of_its_limits(n, truth):
    # Given p at the limit equals alpha, a limit misses the truth when p there is below alpha: one count for both.
    runs = 4000
    u = np.random.default_rng(n).random((runs, n))
    positions = np.sort(np.log1p(u * np.expm1(truth)) / truth if truth else u)
    law = (tilted.ExactSum if n < 20 else tilted.SaddleSum)(positions.sum(axis=1), n)
    p = np.minimum(1, 2 * np.minimum(*law.tails(truth)))
    assert np.mean(p <= 0.05) == pytest.approx(0.05, abs=band(0.05, runs) - 0.05)
    for row in range(3):
        found = trend.laplace(series_of(30 * positions[row]), null_change=truth)
        assert found.pvalue == pytest.approx(p[row], abs=1e-3)
        assert (found.effect.low <= truth <= found.effect.high) == (found.pvalue > 0.05)


@pytest.mark.parametrize("n", [3, 10, 30, 100])
def test_size_of_the_handbooks_test_and_coverage_of_its_limits(n):
    runs, truth = 4000, 0.6
    positions = np.sort(np.random.default_rng(n).random((runs, n))) ** (1 / truth)
    chi2 = -2 * truth * np.log(positions).sum(axis=1)
    p = 2 * np.minimum(stats.chi2.cdf(chi2, 2 * n), stats.chi2.sf(chi2, 2 * n))
    assert np.mean(p <= 0.05) == pytest.approx(0.05, abs=band(0.05, runs) - 0.05)
    for row in range(3):
        found = trend.milhdbk189(series_of(30 * positions[row]), null_shape=truth)
        assert found.pvalue == pytest.approx(p[row])
        assert (found.effect.low <= truth <= found.effect.high) == (found.pvalue > 0.05)


@pytest.mark.parametrize("n", [3, 10, 30])
def test_size_of_lewis_and_robinson_under_bursty_waits(n):
    # Gamma waits of shape 0.4, whose coefficient of variation is 1.6: Laplace's test would reject too often.
    rng = np.random.default_rng(n)
    p = []
    for _ in range(150):
        times = np.cumsum(rng.gamma(0.4, size=n + 1))
        series = series_of(times[:-1], end=times[-1], opened_by_event=True)
        p.append(trend.lewis_robinson(series, rng=rng, resamples=199, level=0.5).pvalue)
    assert np.mean(np.array(p) <= 0.05) <= band(0.05, 150)


@pytest.mark.parametrize("null", ["constant", "power_law"])
@pytest.mark.parametrize("n", [3, 30])
def test_size_of_the_distance(n, null):
    rng = np.random.default_rng(n)
    p = []
    for _ in range(200):
        series = series_of(30 * np.sort(rng.random(n)) ** (1 if null == "constant" else 2))
        p.append(trend.cramer_von_mises(series, null=null, rng=rng, resamples=199).pvalue)
    assert np.mean(np.array(p) <= 0.05) <= band(0.05, 200)


@pytest.mark.parametrize("expected", [3, 30])
def test_the_limits_of_the_scale_hold_at_least_their_level(expected):
    rng = np.random.default_rng(expected)
    truth, missed = 30 * expected ** (-1 / 0.6), []  # (30 / scale)^0.6 events are expected
    for n in rng.poisson(expected, 120):
        if n:
            series = series_of(30 * np.sort(rng.random(n)) ** (1 / 0.6))
            scale = trend.power_law(series, parameter="scale").effect
            missed.append(not ((scale.low or 0) <= truth and (scale.high is None or truth <= scale.high)))
    assert np.mean(missed) <= band(0.05, len(missed))


def test_dates_known_to_the_day_do_not_break_the_size():
    # Times floored to midnight make MIL-HDBK-189 reject 9 to 28 %; mid-days do not.
    rng = np.random.default_rng(4)
    p = []
    for _ in range(RUNS):
        days = np.floor(np.sort(rng.uniform(0, 51, 10))) + 0.5
        p.append(trend.milhdbk189(series_of(days, end=51.0, precision=1.0)).pvalue)
    assert np.mean(np.array(p) <= 0.05) <= band(0.05, RUNS)


@pytest.mark.parametrize("scale", [1 / 24, 365.25])
@pytest.mark.parametrize("name", ["laplace", "milhdbk189", "lewis_robinson", "mann", "power_law", "progress_curve"])
def test_changing_the_clock_does_not_change_the_answer(name, scale):
    plain = getattr(trend, name)(series_of(IRREGULAR, opened_by_event=True))
    moved = EventSeries.from_numbers(
        [scale * t - 77 for t in IRREGULAR], start=-77, end=30 * scale - 77, opened_by_event=True
    )
    other = getattr(trend, name)(moved)
    assert other.pvalue == pytest.approx(plain.pvalue)
    assert other.effect.value == pytest.approx(plain.effect.value, rel=1e-6)
    for end in ("low", "high"):
        before, after = getattr(plain.effect, end), getattr(other.effect, end)
        assert before is after is None or after == pytest.approx(before, rel=1e-5)


@pytest.mark.parametrize("name", ["laplace", "milhdbk189", "lewis_robinson", "mann", "progress_curve"])
def test_less_means_a_falling_rate_in_every_test(name):
    slowing = series_of([0.5, 1.2, 2.4, 4.8, 9.0, 17.5], opened_by_event=True)
    less, greater = (getattr(trend, name)(slowing, alternative=a).pvalue for a in ("less", "greater"))
    assert less < 0.06 < greater


def test_the_order_of_waits_by_hand():
    # Waits 1, 2, 4: the sum of times is 3 + 2 * 2 + 4 = 11, the smallest of 3! orders; so p = 1/6 and 2/6.
    series = series_of([1, 3, 7], opened_by_event=True)
    assert trend.lewis_robinson(series, alternative="less").pvalue == pytest.approx(1 / 6)
    assert trend.lewis_robinson(series).attainable_pvalue == pytest.approx(1 / 3)
    assert trend.mann(series, alternative="less").pvalue == pytest.approx(1 / 6)


def test_pooling_one_series_changes_nothing_and_two_add_up():
    one, two = series_of(IRREGULAR), series_of([2.0, 3.1, 9.9], end=12.0)
    assert trend.pooled([one]).pvalue == pytest.approx(trend.laplace(one).pvalue)
    both = trend.pooled([one, two], test="milhdbk189")
    assert both.statistic == pytest.approx(trend.milhdbk189(one).statistic + trend.milhdbk189(two).statistic)
    assert both.n_events == (5, 3)


def test_a_bad_progress_curve_is_said():
    series = series_of(np.cumsum([3, 8, 1, 4, 0.5, 9, 2.6, 5.3, 5.8, 0.7, 9.7, 1.9]), end=60, opened_by_event=True)
    found = trend.progress_curve(series)
    assert found.settings["r_squared"] < 0.1
    assert "fits badly" in found.warnings[0]


def test_pairs_of_a_long_record_are_counted_as_those_of_a_short_one():
    lengths = np.random.default_rng(8).integers(1, 60, 500).astype(float)
    by_hand = np.triu(lengths[:, None] < lengths[None, :], 1).sum(), np.triu(lengths[:, None] == lengths, 1).sum()
    assert lengthening(lengths) == by_hand


def test_a_hundred_thousand_events_fit_into_memory():
    series = series_of(np.sort(np.random.default_rng(8).uniform(0, 30, 100_000)), opened_by_event=True)
    for name in ("laplace", "milhdbk189", "mann", "power_law", "progress_curve"):
        assert getattr(trend, name)(series).pvalue > 1e-4
    assert "normal law" in trend.lewis_robinson(series, rng=1).method
    assert trend.lewis_robinson(series, method="normal").pvalue > 1e-4


def test_all_orders_by_their_normal_law_agree_with_random_ones():
    # More waits than fit into memory in random orders: the law of the sum with its exact mean and variance.
    times = np.sort(np.random.default_rng(5).uniform(0, 100, 2001) ** 1.03)
    series = EventSeries.from_numbers(times, start=0, end=120)
    drawn = trend.lewis_robinson(series, rng=1, resamples=4999)
    whole = trend.lewis_robinson(series, rng=1, resamples=30_000)
    assert "random orders" in drawn.method
    assert "normal law" in whole.method
    assert whole.pvalue == pytest.approx(drawn.pvalue, abs=4 * np.sqrt(0.25 / 5000))
    assert whole.effect.value == pytest.approx(drawn.effect.value)
    assert whole.effect.low == pytest.approx(drawn.effect.low, abs=0.05)
    # p at the limit is one minus the level
    edge = trend.lewis_robinson(series, null_change=whole.effect.high, rng=1, resamples=30_000)
    assert edge.pvalue == pytest.approx(0.05, abs=1e-6)
    assert any(a.name == "approximate" for a in whole.assumptions)


def test_limits_stay_open_where_the_statistic_ends_before_they_are_reached():
    # A p that is nan further out excludes nothing there; one that falls to 0.05 before does.
    assert inverted(lambda t: 0.4 if t > -3 else np.nan, 0.0, alternative="greater", level=0.95) == (None, None)
    low, high = inverted(lambda t: np.exp(-abs(t)) if t > -2.5 else np.nan, 0.0, alternative="two-sided", level=0.95)
    assert low is None
    assert high == pytest.approx(-np.log(0.05), abs=1e-9)
    # Late events side by side: on a clock that all but stops before them every wait is 0 and z has no value.
    late = series_of([*(19.6765 + 0.0001 * np.arange(8)), 19.75008371, 24.20023973])
    found = trend.lewis_robinson(late, method="normal")
    assert found.effect.low is None
    assert found.pvalue > 0.05


def test_the_normal_law_of_z_is_withheld_where_it_would_mislead():
    times = np.array([1.0, 2.2, 2.9, 7.0, 8.5, 14.0, 22.1, 24.0])
    few, enough = series_of(times), series_of(times, opened_by_event=True)  # seven complete waits, and eight
    told, held = trend.lewis_robinson(enough, method="normal"), trend.lewis_robinson(few, method="normal")
    assert told.pvalue is not None
    assert not told.inconclusive
    assert held.pvalue is None
    assert held.inconclusive
    assert held.effect.low is held.effect.high is None
    assert np.isfinite(held.statistic)  # the textbook's z stands
    assert "method='permutation'" in held.warnings[0]
