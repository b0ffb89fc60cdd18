"""One change and two dates: coverage under the prior, integrals by another way, what is said of nothing."""

import numpy as np
import pytest
from scipy import integrate, special

from analysis import CountSeries, EventSeries, Window
from analysis.processes import poisson, step, suspended
from analysis.stats import changepoint
from analysis.stats.changepoint.date_posterior import date_posterior, log_density
from analysis.stats.changepoint.stretches import log_fallen, stretches

IRREGULAR = np.array([0.4, 1.1, 7.9, 8.0, 23.5, 24.1, 31.7])


@pytest.mark.parametrize(("shape", "days"), [(0.5, 0.0), (1.0, 6.0)])
@pytest.mark.parametrize("end", [40.0, 400.0])
def test_the_masses_are_those_of_a_general_integrator(shape, days, end):
    posterior = date_posterior(IRREGULAR, end, shape=shape, days=days)
    pieces = list(zip([0.0, *IRREGULAR], [*IRREGULAR, end], strict=True))

    def density(angle, k):
        t = end * np.sin(angle) ** 2
        return np.exp(log_density(t, k, 7, end, shape, days) - posterior.log_mass) * end * np.sin(2 * angle)

    total = 0.0
    for k, (a, b) in enumerate(pieces):
        low, high = np.arcsin(np.sqrt(np.array([a, b]) / end))
        total += integrate.quad(density, low + 1e-9, high - 1e-9, args=(k,), epsabs=1e-12, limit=200)[0]
        assert posterior.cdf(b) == pytest.approx(total, abs=1e-6)


def test_the_interval_covers_under_its_own_prior():
    rng = np.random.default_rng(12)
    runs, dates, ratios = 60, 0, 0
    for _ in range(runs):
        before, after = rng.gamma(2.0, 1 / 10.0, size=2)
        at = rng.uniform(0, 100)
        series = step(Window(0, 100.0), at=at, before=before, after=after, rng=rng).series
        if series.n == 0:
            continue
        found = changepoint.one_change(series, prior_shape=2.0, prior_mean_wait=5.0, level=0.8)
        dates += found.effect.low <= at <= found.effect.high
        ratios += found.settings["ratio_limits"][0] <= after / before <= found.settings["ratio_limits"][1]
    assert dates / runs == pytest.approx(0.8, abs=4 * np.sqrt(0.16 / runs))
    assert ratios / runs == pytest.approx(0.8, abs=4 * np.sqrt(0.16 / runs))


def test_many_events_in_the_first_half_leave_no_doubt():
    # The log density moves by hundreds within the last gap: it is cut until the rule holds.
    times = np.linspace(0.1, 50, 300)
    found = changepoint.one_change(EventSeries.from_numbers(times, start=0, end=100))
    assert 49.9 < found.effect.low < found.effect.high < 51.5
    assert found.settings["log_bayes_factor"] > 100
    assert found.curve["below"].is_monotonic_increasing


@pytest.mark.parametrize("scale", [1 / 24, 365.25])
def test_another_unit_of_time_gives_the_same_answer(scale):
    first = changepoint.one_change(EventSeries.from_numbers(IRREGULAR, start=0, end=40))
    second = changepoint.one_change(EventSeries.from_numbers(IRREGULAR * scale, start=0, end=40 * scale))
    assert second.effect.value == pytest.approx(first.effect.value * scale)
    assert second.statistic == pytest.approx(first.statistic)
    assert second.settings["ratio"] == pytest.approx(first.settings["ratio"])


def test_the_evidence_for_two_dates_is_a_double_integral():
    times, total, shape, days = np.array([2.0, 3.5, 9.0]), 12.0, 1.0, 4.0
    found = stretches(times, total, shape=shape, days=days)
    rng = np.random.default_rng(5)
    pairs = np.sort(rng.uniform(0, total, (400_000, 2)), axis=1)
    k = np.searchsorted(times, pairs[:, 1]) - np.searchsorted(times, pairs[:, 0])
    draws = np.exp(log_fallen(k, pairs[:, 1] - pairs[:, 0], 3, total, shape, days))
    assert found.log_two == pytest.approx(
        np.log(draws.mean()), abs=4 * draws.std() / draws.mean() / np.sqrt(4e5) + 2e-3
    )
    one = integrate.quad(
        lambda t: np.exp(log_fallen(3 - np.searchsorted(times, t), total - t, 3, total, shape, days)),
        0,
        total,
        points=list(times),
    )[0]
    assert found.log_one == pytest.approx(np.log(one / total), abs=1e-4)


def test_both_dates_of_a_suspension_are_found():
    rng = np.random.default_rng(20)
    said, held, small = [], 0, 0
    for _ in range(12):
        series = suspended(Window(0, 300.0), start=100, end=180, rate=0.3, during=0.01, rng=rng).series
        found = changepoint.suspend_resume(series, rng=rng, resamples=99)
        said.append(found.settings["answer"])
        held += found.effect.low <= 100 <= found.effect.high
        held += found.settings["resumed_limits"][0] <= 180 <= found.settings["resumed_limits"][1]
        small += found.pvalue <= 0.05
    assert said.count("two") >= 10
    assert held >= 20
    assert small >= 11


def test_nothing_and_a_fall_for_good_are_told_from_a_suspension():
    rng = np.random.default_rng(21)
    window = Window(0, 300.0)
    steady = [poisson(window, rate=0.2, rng=rng).series for _ in range(12)]
    fallen = [step(window, at=150, before=0.3, after=0.03, rng=rng).series for _ in range(8)]
    of_steady = [changepoint.suspend_resume(s, rng=rng, resamples=19).settings["answer"] for s in steady]
    of_fallen = [changepoint.suspend_resume(s, rng=rng, resamples=19).settings["answer"] for s in fallen]
    assert of_steady.count("none") >= 11
    assert of_fallen.count("one") >= 6


@pytest.mark.parametrize("n", [3, 10, 30])
def test_the_search_for_a_stretch_holds_its_size(n):
    rng = np.random.default_rng(n)
    runs = 40
    series = (poisson(Window(0, 90.0), n=n, rng=rng).series for _ in range(runs))
    rejected = sum(changepoint.suspend_resume(s, rng=rng, resamples=19).pvalue <= 0.05 for s in series)
    assert rejected / runs <= 0.05 + 3 * np.sqrt(0.05 * 0.95 / runs)


ODD = {
    "none": ([], {}),
    "one": ([3.0], {}),
    "one, opened": ([24.0], {"opened_by_event": True}),
    "two": ([24, 27], {"opened_by_event": True}),
    "all at one time": ([5.0, 5.0, 5.0], {}),
    "at the opening": ([0.0, 20.0], {}),
    "closed": ([12.0, 30.0, 51.0], {"closed_by_event": True}),
    "closed alone": ([51.0], {"closed_by_event": True}),
    "days": ([0, 0, 50], {"opened_by_event": True, "precision": 1}),
    "a hole": ([1.0, 30.0], {"holes": [(5.0, 29.0)]}),
    "coarse": ([10.0, 20.0], {"precision": 30}),
    "a year": ([10.0, 20.0], {"precision": 365}),
}


@pytest.mark.filterwarnings("ignore::analysis.errors.TiesWarning")
@pytest.mark.parametrize("name", ODD)
def test_odd_records_have_a_defined_answer(name):
    times, about = ODD[name]
    series = EventSeries.from_numbers(times, start=0, end=51, **about)
    for found in (
        changepoint.one_change(series),
        changepoint.one_change(series, prior_shape=1, prior_mean_wait=10),
        changepoint.scan(series, rng=1, resamples=49, date_resamples=19),
        changepoint.scan(series, rng=1, resamples=49, alternative="less", date_resamples=19),
        changepoint.suspend_resume(series, rng=1, resamples=49),
    ):
        record = str(found.to_record()) + str(found)
        assert "nan" not in record.replace("resonan", "")
        assert "inf" not in record.replace("inference", "")
        assert found.inconclusive or found.effect is not None
        if found.curve is not None:
            assert np.isfinite(found.curve.to_numpy(float)).all()


def test_counts_of_nothing_and_of_one_bin_are_inconclusive():
    assert changepoint.one_change_counts(CountSeries.from_counts([0, 0, 0])).inconclusive
    assert changepoint.one_change_counts(CountSeries.from_counts([4])).inconclusive
    unwatched = CountSeries([0, 1, 2, 3], [3, 0, 1], [1, 0, 1])
    found = changepoint.one_change_counts(unwatched)
    assert found.settings["bins"] == 2
    assert found.effect.value == 1


def test_a_bayes_factor_of_counts_is_the_ratio_of_two_sums():
    # By hand for counts 3, 0 and Gamma(1, 1): one split, m1 = 3!/2^4 * 1/2, m0 = 3!/3^4.
    found = changepoint.one_change_counts(CountSeries.from_counts([3, 0]), prior_shape=1, prior_mean_wait=1.0)
    assert found.statistic == pytest.approx(np.log((6 / 16 * 0.5) / (6 / 81)))
    assert found.settings["probability_of_change"] == pytest.approx(special.expit(found.statistic))
