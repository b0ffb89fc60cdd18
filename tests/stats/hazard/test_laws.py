"""The laws behind the hazard tests: against other ways to work them out, p at the limit, size, other clocks, truth."""

from __future__ import annotations

from functools import partial

import numpy as np
import pytest

from analysis import EventSeries, StateSeries
from analysis.stats import hazard, rates
from analysis.stats.hazard import partial as likelihood
from analysis.stats.hazard.placebo import Placebo, pvalue
from analysis.stats.hazard.proportionality import slope_test
from analysis.stats.hazard.responses import response
from analysis.stats.hazard.risk import rows_of, scores

IRREGULAR = [0.4, 1.1, 7.9, 8.0, 23.5, 31.0, 33.2, 47.7]
HOLES = ((3.0, 5.0), (25.0, 28.5))


def series_of(times, end=60.0, **settings):
    return EventSeries.from_numbers(times, start=0, end=end, **settings)


def uniform(n, seed, end=300.0, **settings):
    return series_of(np.sort(np.random.default_rng(seed).uniform(0, end, n)), end, **settings)


def band(share, runs, sds=3.5):
    return share + sds * np.sqrt(share * (1 - share) / runs)


@pytest.mark.parametrize("covariates", ["split", "start"])
@pytest.mark.parametrize("beta", [-2.0, 0.0, 1.3])
@pytest.mark.parametrize(
    "settings",
    [{"opened_by_event": True}, {}, {"opened_by_event": True, "holes": HOLES}],
    ids=["opened", "date", "holes"],
)
def test_the_score_of_many_series_is_that_of_their_rows(covariates, beta, settings):
    # The fast form used by the resampling against the partial likelihood that the reference cases check.
    series = series_of(IRREGULAR, **settings)
    fading = response([6, 30], series.window, response_days=12, decay="linear")
    rows = rows_of(series, [fading], covariates)
    by_rows = likelihood.summed(rows, likelihood.event_times(rows), np.array([beta]), "breslow")[1][0]
    assert scores(series.times[None], series, fading, beta, covariates)[0] == pytest.approx(by_rows, abs=1e-9)


@pytest.mark.parametrize("clock", ["km", "identity", "log", "rank"])
def test_the_fast_check_of_proportionality_is_that_of_the_rows(clock):
    # hazard.zph is held against R's cox.zph in test_reference.
    series = uniform(30, 1, opened_by_event=True)
    on = response([50, 170], series.window, response_days=30)
    rows = rows_of(series, [on], "split")
    fit = hazard.cox(rows.start, rows.stop, rows.event, rows.x, ties="breslow")
    z, slope, usable = slope_test(series.times[None], series, on, "split", clock)
    square, _, one_step = hazard.zph(fit, clock=clock)
    assert usable[0]
    assert z[0] ** 2 == pytest.approx(square, rel=1e-6)
    assert slope[0] == pytest.approx(one_step[0], rel=1e-6)


def test_split_rows_are_those_of_waits_cut_by_hand():
    # Waits 0-10 and 10-30 (open) with a date at 4: the first is cut there, the second begins under the response.
    rows = rows_of(series_of([10.0], 30, opened_by_event=True), [response(4, series_of([], 30).window)], "split")
    assert rows.start == pytest.approx([-1, 4, -1])
    assert rows.stop == pytest.approx([4, 10, 20])
    assert rows.event.tolist() == [False, True, False]
    assert rows.x[:, 0].tolist() == [0, 1, 1]


@pytest.mark.parametrize("alternative", ["two-sided", "less", "greater"])
@pytest.mark.parametrize("method", ["likelihood_ratio", "wald"])
def test_p_at_the_limits_of_the_large_sample_methods_equals_alpha(method, alternative):
    run = partial(hazard.series_hazard, uniform(30, 2), 180, method=method, alternative=alternative)
    found = run().effect
    for end in (found.low, found.high):
        assert not end or run(null_ratio=end).pvalue == pytest.approx(0.05, abs=1e-6)


@pytest.mark.parametrize("alternative", ["two-sided", "less", "greater"])
@pytest.mark.parametrize("pieces", [(), (20.0, 40.0)])
def test_p_at_the_limits_of_the_exact_model_equals_alpha(pieces, alternative):
    run = partial(
        hazard.piecewise_exponential,
        series_of(IRREGULAR, holes=((9, 12),)),
        [6, 30],
        response_days=9,
        pieces=pieces,
        alternative=alternative,
    )
    found = run().effect
    for end in (found.low, found.high):
        assert not end or run(null_ratio=end).pvalue == pytest.approx(0.05, abs=1e-7)


@pytest.mark.parametrize("statistic", ["events", "cox"])
def test_p_crosses_alpha_at_the_limits_of_placebo_dates(statistic):
    run = partial(
        hazard.series_hazard,
        uniform(12, 5),
        [60, 200],
        response_days=45,
        statistic=statistic,
        rng=4,
        resamples=199,
    )
    found = run().effect
    assert 0 < found.low < found.value < found.high
    for end, inward in ((found.low, 1.001), (found.high, 0.999)):
        # Inside the limit p is above alpha; a thousandth further out it is not.
        assert run(null_ratio=end).pvalue > 0.05
        assert run(null_ratio=end / inward**3).pvalue <= 0.05


def test_one_baseline_piece_is_the_exact_ratio_of_two_rates():
    # rates.ratio is held against published tables; one date and no pieces ask the same question.
    series = series_of(IRREGULAR, holes=HOLES)
    mine, theirs = hazard.piecewise_exponential(series, 20.0), rates.ratio(series, at=20.0)
    assert mine.pvalue == pytest.approx(theirs.pvalue, rel=1e-9)
    assert [mine.effect.value, mine.effect.low, mine.effect.high] == pytest.approx(
        [theirs.effect.value, theirs.effect.low, theirs.effect.high], rel=1e-7
    )


def test_pieces_of_the_baseline_take_its_steps_out():
    # 40 events in the first half, 4 in the second, alike with and without a response inside each half: the response
    # covers a tenth of the first half and half of the second, so one baseline sees a fall that is not there.
    first = np.linspace(0.5, 99.5, 40)
    series = series_of([*first, 110.0, 130.0, 160.0, 190.0], 200)
    state = StateSeries(((90.0, 150.0),), series.window)
    assert hazard.piecewise_exponential(series, state, alternative="less").pvalue < 0.05
    assert hazard.piecewise_exponential(series, state, pieces=[100.0], alternative="less").pvalue > 0.5


def test_the_convolution_is_the_law_of_the_count_under_a_response():
    series = series_of([*IRREGULAR[:5], 41.0, 44.0, 47.7])
    found = hazard.piecewise_exponential(series, [6, 40], response_days=10, pieces=[30.0], null_ratio=2.0)
    rng = np.random.default_rng(1)
    # Pieces 0-30 and 30-60 hold 5 and 3 events; 10 of 30 days of each are under a response, at twice the pace.
    drawn = rng.binomial(5, 20 / 40, 200000) + rng.binomial(3, 20 / 40, 200000)
    seen = found.statistic
    assert seen == 5
    assert found.pvalue == pytest.approx(min(1, 2 * min((drawn <= seen).mean(), (drawn >= seen).mean())), abs=0.006)


@pytest.mark.parametrize("scale", [1 / 24, 7.0])
def test_another_clock_and_another_opening_change_nothing(scale):
    times, when = np.array(IRREGULAR), np.array([6.0, 30.0])
    plain = series_of(times, holes=HOLES[1:])
    moved = EventSeries.from_numbers(
        100 + scale * times, start=100, end=100 + 60 * scale, holes=[tuple(100 + scale * np.array(HOLES[1]))]
    )
    asks = {
        hazard.series_hazard: {"rng": 3, "resamples": 99},
        hazard.piecewise_exponential: {},
        hazard.proportionality: {"rng": 3, "resamples": 99},
    }
    for ask, more in asks.items():
        one = ask(plain, list(when), response_days=9, **more)
        two = ask(moved, list(100 + scale * when), response_days=9 * scale, **more)
        assert two.pvalue == pytest.approx(one.pvalue, abs=1e-9)
        if ask is not hazard.proportionality:
            ends = [one.effect.value, one.effect.low, one.effect.high]
            assert [two.effect.value, two.effect.low, two.effect.high] == pytest.approx(ends, rel=1e-6)


def test_the_order_of_rows_and_of_dates_does_not_matter():
    rng = np.random.default_rng(8)
    start, x = rng.uniform(0, 3, 25), rng.normal(size=(25, 2))
    stop, event, label = start + rng.exponential(5, 25).round(0) + 1, rng.random(25) < 0.7, rng.integers(0, 9, 25)
    order = rng.permutation(25)
    one = hazard.cox(start, stop, event, x, clusters=label)
    two = hazard.cox(start[order], stop[order], event[order], x[order], clusters=label[order])
    assert one.coefficients == pytest.approx(two.coefficients)
    assert one.robust_errors == pytest.approx(two.robust_errors)
    series = series_of(IRREGULAR)
    ask = partial(hazard.series_hazard, series, response_days=9, method="likelihood_ratio")
    assert ask([30, 6]).pvalue == ask([6, 30]).pvalue


@pytest.mark.parametrize("design", [{"interventions": [50, 170], "response_days": 30}, {"interventions": 180}])
@pytest.mark.parametrize(
    ("n", "statistic"), [(3, "events"), (10, "events"), (30, "events"), (100, "events"), (10, "cox")]
)
def test_size_of_placebo_dates_under_a_constant_rate(n, statistic, design):
    runs, p = 400, []
    for i in range(runs):
        series = uniform(n, [n, i], opened_by_event=bool(i % 2))
        on = response(**design, window=series.window)
        test = Placebo(series, on, covariates="split", null="placebo_dates", statistic=statistic, resamples=99, seed=i)
        p.append(pvalue([test], 0.0, "two-sided"))
    assert np.mean(np.array(p) <= 0.05) <= band(0.05, runs)


def test_coverage_of_the_placebo_limits_where_the_ratio_is_not_one():
    # Under a true ratio of 3 the same test of 3 has its size, so its limits have their coverage.
    runs, p, rng = 300, [], np.random.default_rng(4)
    for i in range(runs):
        # 60 of 300 days at three times the pace: a share of 180 / 420 of the events.
        under = rng.random(10) < 180 / 420
        inside = rng.uniform(0, 60, 10)
        outside = rng.uniform(0, 240, 10)
        inside = np.where(inside < 30, 50 + inside, 140 + inside)
        outside = np.where(outside < 50, outside, np.where(outside < 140, outside + 30, outside + 60))
        series = series_of(np.sort(np.where(under, inside, outside)), 300)
        on = response([50, 170], series.window, response_days=30)
        test = Placebo(series, on, covariates="split", null="placebo_dates", resamples=99, seed=i)
        p.append(pvalue([test], np.log(3), "two-sided"))
    assert np.mean(np.array(p) <= 0.05) <= band(0.05, runs)


def test_a_simulated_truth_comes_back():
    # 800 events, a third of the pace under a response: the estimate within four of its errors of log(1/3).
    rng = np.random.default_rng(3)
    times = np.sort(rng.uniform(0, 1000, 1600))
    under = (times % 200) < 50
    series = series_of(times[~under | (rng.random(1600) < 1 / 3)], 1000, opened_by_event=True)
    dates = [0.0, 200.0, 400.0, 600.0, 800.0]
    found = hazard.series_hazard(series, dates, response_days=50, method="wald")
    assert abs(found.settings["coefficient"] + np.log(3)) < 4 * found.settings["error"]
    assert found.settings["error"] < 0.15
    exact = hazard.piecewise_exponential(series, dates, response_days=50)
    assert exact.effect.low < 1 / 3 < exact.effect.high


def test_a_ratio_that_fades_with_age_is_told():
    # Waits under a response are exponential, the others regular: the ratio falls steeply with age.
    rng = np.random.default_rng(6)
    waits = np.concatenate([rng.gamma(8, 10 / 8, 60), rng.exponential(10, 60)])
    times = np.cumsum(waits)
    series = series_of(times[:-1], times[-1], opened_by_event=True)
    found = hazard.proportionality(series, float(times[59]), rng=1, resamples=199)
    assert found.effect.value < 0
    assert found.pvalue <= 0.05
