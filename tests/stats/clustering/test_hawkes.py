"""The self-exciting process: published likelihoods, laws known otherwise, size, coverage, limits that agree with p."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from scipy import stats

from analysis import EventSeries, Window
from analysis.processes import simulate
from analysis.stats import clustering
from analysis.stats.clustering import card, limits
from analysis.stats.clustering.fit import record, record_of
from analysis.stats.clustering.forecast import expected_ahead
from analysis.stats.clustering.hawkes import poisson_gains
from analysis.stats.clustering.likelihood import rescaled

IRREGULAR = np.array([0.4, 1.1, 7.9, 8.0, 8.3, 23.5, 24.0])
HOLES = ((2.0, 3.0), (10.0, 14.0), (25.0, 30.0))


def numbers(times, end=30.0, **settings):
    return EventSeries.from_numbers(times, start=0, end=end, **settings)


def band(share, runs, sds=3.5):
    return share + sds * np.sqrt(share * (1 - share) / runs)


def by_hand(times, end, mu, eta, beta, holes, opened):
    """The likelihood as its definition has it: every pair of events, every watched stretch."""
    points = np.append(0.0, times) if opened else times
    total = sum(np.log(mu + eta * beta * np.exp(-beta * (t - points[points < t])).sum()) for t in times)
    for a, b in np.concatenate([[0.0], np.ravel(holes), [end]]).reshape(-1, 2):
        total -= mu * (b - a)
        begun = points[points < b]
        total -= eta * (np.exp(-beta * np.maximum(a - begun, 0)) - np.exp(-beta * (b - begun))).sum()
    return total


@pytest.mark.parametrize("holes", [(), HOLES])
@pytest.mark.parametrize("opened", [True, False])
def test_the_likelihood_in_one_pass_is_that_of_the_definition(holes, opened):
    found = clustering.hawkes_loglikelihood(
        IRREGULAR, 30.0, background=0.1, branching=0.4, decay=1.3, holes=holes, opened_by_event=opened
    )
    assert found == pytest.approx(by_hand(IRREGULAR, 30.0, 0.1, 0.4, 1.3, holes, opened), abs=1e-12)


def test_the_likelihoods_of_hawkeslib(reference):
    case = reference("11_hawkes")
    six = [3, 4, 6, 8.2, 9, 12]
    case.check(
        "hawkeslib_simple_loglik",
        clustering.hawkes_loglikelihood(six, 15.0, background=5, branching=0.2, decay=10),
    )
    times = case.csv("hawkeslib_fixture.csv")["t"].to_numpy()
    for name, mu, eta, beta in (
        ("hawkeslib_fixture_loglik_mu5_a.3_b10", 5, 0.3, 10),
        ("hawkeslib_fixture_loglik_mu.006_a.555_b.1612", 0.006, 0.555, 0.1612),
    ):
        found = clustering.hawkes_loglikelihood(times, times[-1], background=mu, branching=eta, decay=beta)
        case.check(name, found)


def coal(reference):
    days = reference("01_coal_mining").csv("events.csv")["elapsed_days_since_1851_01_01"].to_numpy(float)
    return numbers(np.where(np.append(False, np.diff(days) == 0), days + 0.5, days), end=40907.0)


def test_the_distance_of_coal_minings_rescaled_waits(reference):
    found = clustering.hawkes_residuals(coal(reference), rng=1, resamples=99)
    reference("11_hawkes").check("coal_hawkes_residual_ks_D", found.statistic)
    assert found.pvalue > 0.1


def test_coal_mining_is_no_poisson_process(reference):
    found = clustering.hawkes(coal(reference), rng=1, resamples=199, limit_resamples=99)
    # Twice the difference of the two log-likelihoods of the reference: -1191.5734 and -1216.0556.
    assert found.statistic == pytest.approx(48.964, abs=0.01)
    assert found.pvalue == found.attainable_pvalue == 1 / 200
    assert found.effect.value == pytest.approx(0.75, abs=0.02)


def test_the_intensity_is_the_sum_over_earlier_events():
    at = np.array([0.0, 0.4, 0.41, 8.0, 30.0])
    found = clustering.hawkes_intensity(IRREGULAR, at, background=0.1, branching=0.4, decay=1.3, opened_by_event=True)
    points = np.append(0.0, IRREGULAR)
    naive = [0.1 + 0.4 * 1.3 * np.exp(-1.3 * (t - points[points < t])).sum() for t in at]
    assert found == pytest.approx(naive)


@pytest.mark.parametrize(("n", "runs"), [(3, 3000), (10, 3000), (30, 2000), (100, 800)])
def test_size_of_the_likelihood_ratio(n, runs):
    rng = np.random.default_rng(n)
    data = record(np.sort(rng.random(n)) * n, float(n))
    rows = np.sort(rng.random((runs, n)) * n, axis=1)
    seen = limits.gains(rows, np.full(runs, n), data)
    null = poisson_gains(data, rng, 1999)
    p = [card.pvalue(g, null, "greater") for g in seen]
    # One set of null records serves all, which adds its own scatter.
    assert np.mean(np.array(p) <= 0.05) == pytest.approx(0.05, abs=band(0.05, runs) - 0.05 + 0.012)


def test_size_holds_with_holes_an_opening_and_a_closing_event():
    window = Window(0.0, 30.0, holes=((4.0, 9.0), (20.0, 22.0)), opened_by_event=True, closed_by_event=True)
    rng = np.random.default_rng(2)
    p = []
    for _ in range(300):
        series = simulate.poisson(window, n=12, rng=rng).series
        data = record_of(series)
        p.append(card.pvalue(limits.gain(data), poisson_gains(data, rng, 199), "greater"))
    assert np.mean(np.array(p) <= 0.05) <= band(0.05, 300)


@pytest.mark.parametrize("opened", [True, False])
def test_whole_days_of_a_constant_rate_are_not_taken_for_bursts(opened):
    rng = np.random.default_rng(7)
    window = Window(0.0, 60.0, opened_by_event=opened)
    p = []
    for _ in range(120):
        plain = replace(simulate.poisson(window, n=30, rng=rng).series, precision=1.0)
        rounded = np.sort(plain.coarsen(plain.times, rng))
        series = numbers(rounded, end=60.0, precision=1.0, opened_by_event=opened)
        seen = [limits.gain(record_of(r)) for r in card.readings(series, rng, 8)]
        p.append(card.pvalue(np.array(seen), poisson_gains(record_of(plain), rng, 199), "greater"))
    assert np.mean(np.array(p) <= 0.05) <= band(0.05, 120)


def test_coverage_of_the_branching_ratio_in_short_records():
    runs, truth, rng = 60, 0.5, np.random.default_rng(4)
    held = []
    while len(held) < runs:
        drawn = simulate.hawkes(Window(0.0, 25.0), background=0.5, branching=truth, decay=2.0, rng=rng).series
        if drawn.n >= 2:
            effect = clustering.hawkes(drawn, rng=rng, resamples=99, limit_resamples=99).effect
            held.append(effect.low <= truth <= effect.high)
    assert np.mean(held) >= 0.95 - 3.5 * np.sqrt(0.95 * 0.05 / runs)


def test_the_limits_stand_where_the_deviance_crosses_its_critical_value():
    drawn = simulate.hawkes(Window(0.0, 120.0), background=0.3, branching=0.6, decay=2.0, rng=7).series
    found = clustering.hawkes(drawn, rng=1, resamples=199, limit_resamples=99)
    curve, effect = found.curve, found.effect
    assert 0 < effect.low < effect.value < effect.high < 1
    for end in (effect.low, effect.high):
        over = np.interp(end, curve["branching"], curve["deviance"] - curve["critical"])
        assert over == pytest.approx(0, abs=1e-6)
    assert np.interp(effect.value, curve["branching"], curve["deviance"]) == pytest.approx(0, abs=1e-3)


@pytest.mark.parametrize("scale", [1 / 24, 365.25])
def test_the_unit_of_time_does_not_matter(scale):
    one = clustering.hawkes(numbers(IRREGULAR), rng=5, resamples=99, limit_resamples=99)
    other = clustering.hawkes(numbers(IRREGULAR * scale, end=30 * scale), rng=5, resamples=99, limit_resamples=99)
    assert other.pvalue == one.pvalue
    assert other.effect.high == pytest.approx(one.effect.high, abs=1e-3)
    assert other.settings["mean_lag"] == pytest.approx(one.settings["mean_lag"] * scale, rel=1e-3)
    moved = EventSeries.from_numbers(IRREGULAR + 100, start=100, end=130)
    assert clustering.hawkes(moved, rng=5, resamples=99, limit_resamples=99).pvalue == one.pvalue


def test_standard_errors_are_the_spread_of_fits():
    rng = np.random.default_rng(9)
    window, fits, told = Window(0.0, 800.0), [], []
    for run in range(60):
        drawn = simulate.hawkes(window, background=0.5, branching=0.5, decay=1.5, rng=rng).series
        fit = clustering.fit_hawkes(drawn.times, 800.0)
        fits.append([fit.background, fit.branching, fit.decay])
        if run < 3:
            found = clustering.hawkes(drawn, rng=1, resamples=99, limit_resamples=99)
            told.append(list(found.settings["standard_errors"].values()))
    assert np.mean(told, axis=0) == pytest.approx(np.std(fits, axis=0), rel=0.35)


def test_on_its_own_clock_the_process_is_poisson():
    drawn = simulate.hawkes(Window(0.0, 3000.0), background=0.5, branching=0.6, decay=1.5, rng=2).series
    data = record_of(drawn)
    waits = np.diff(rescaled(data, 0.5 * data.scale, 0.6, 1.5 * data.scale), prepend=0.0)
    assert stats.kstest(waits, "expon").pvalue > 0.01
    assert waits.mean() == pytest.approx(1, abs=0.06)


def test_bursts_that_no_kernel_explains_are_told_by_the_residuals():
    # Events at even times: the Poisson process is the best of the kind, and does not fit.
    even = numbers(np.arange(0.5, 40.0), end=40.0)
    assert clustering.hawkes_residuals(even, rng=1, resamples=99).pvalue == 0.01


def test_the_expected_number_ahead_is_the_mean_of_simulated_ones():
    # By hand at branching 0, and by simulation after an event that opens the window.
    assert expected_ahead(0.3, 0.0, 1.0, 5.0, 10.0) == pytest.approx(3.0)
    window = Window(0.0, 6.0, opened_by_event=True)
    counts = [
        simulate.hawkes(window, background=0.3, branching=0.7, decay=0.8, rng=seed).series.n for seed in range(3000)
    ]
    error = np.std(counts) / np.sqrt(3000)
    assert expected_ahead(0.3, 0.7, 0.8, 1.0, 6.0) == pytest.approx(np.mean(counts), abs=3.5 * error)
    assert expected_ahead(0.3, 1.0, 0.8, 1.0, 6.0) == pytest.approx(
        expected_ahead(0.3, 1 - 1e-9, 0.8, 1.0, 6.0), rel=1e-5
    )


def test_forecasts_hold_what_comes():
    rng = np.random.default_rng(12)
    held, runs = [], 80
    while len(held) < runs:
        whole = simulate.hawkes(Window(0.0, 60.0), background=0.4, branching=0.5, decay=1.0, rng=rng).series
        seen, came = whole.times[whole.times < 45], int(np.sum(whole.times >= 45))
        if seen.size >= 2:
            series = numbers(seen, end=45.0)
            found = clustering.hawkes_forecast(series, horizon=15.0, rng=rng, simulations=400, refits=50)
            held.append(found.effect.low <= came <= found.effect.high)
    assert np.mean(held) >= 0.9 - 3.5 * np.sqrt(0.09 / runs)


def test_a_burst_at_the_end_raises_the_forecast():
    quiet = numbers([1, 1.2, 1.3, 9, 9.1, 9.3, 14, 14.1, 18, 18.2, 18.3], end=30.0)
    burst = numbers([1, 1.2, 1.3, 9, 9.1, 9.3, 14, 14.1, 29.7, 29.8, 29.9], end=30.0)
    ahead = [clustering.hawkes_forecast(s, horizon=1.0, rng=1, simulations=500, refits=50) for s in (quiet, burst)]
    assert ahead[1].settings["expected"] > 2 * ahead[0].settings["expected"]
