"""Published and independent numbers on coincidence: Hawkes likelihoods, Knox's table, coincidence rates by hand."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from analysis import EventSeries, Window
from analysis.stats import coincidence
from analysis.timeline import StateSeries


@pytest.fixture(scope="module")
def hawkes(reference):
    return reference("11_hawkes")


def numbers(times, end=30.0, **settings):
    return EventSeries.from_numbers(times, start=0, end=end, **settings)


def test_the_bivariate_log_likelihood_is_that_of_tick(hawkes):
    table = hawkes.csv("tick_bivariate.csv")
    setting = {"background": [1, 3], "branching": [[2, 3], [4, 1]], "decay": 2}
    found = coincidence.hawkes_loglik(table["t"], table["node"], end=4.25, **setting)
    hawkes.check("tick_bivariate_loglik", found)
    # tick's loss is -(log-likelihood + dimensions times T) over the number of events.
    hawkes.check("tick_bivariate_loss", -(found + 2 * 4.25) / len(table))


def test_a_series_without_events_still_has_its_compensator():
    # By hand: node 1 is silent, its intensity 3 + 4 (1 - exp(-2 (4.25 - t))) summed over node 0's events.
    times, a, b = np.array([0.31, 0.93, 1.29]), 4.0, 2.0
    silent = -3 * 4.25 - a * np.sum(1 - np.exp(-b * (4.25 - times)))
    own = np.log(1.0) - 4.25
    setting = {"background": [1, 3], "branching": [[0, 0], [4, 1]], "decay": 2}
    found = coincidence.hawkes_loglik(times, [0, 0, 0], end=4.25, **setting)
    assert found == pytest.approx(own + silent)


def test_a_sparse_record_has_the_loss_of_tick(hawkes):
    table = hawkes.csv("tick_bivariate.csv")
    # The same test file with its second node emptied: an event of node 1 excites nobody and counts nowhere.
    first = table.loc[table["node"] == 0, "t"]
    setting = {"background": [1, 3], "branching": [[2, 3], [4, 1]], "decay": 2}
    found = coincidence.hawkes_loglik(first, np.zeros(len(first), dtype=int), end=4.25, **setting)
    hawkes.check("tick_sparse_loss", -(found + 2 * 4.25) / len(first))


def test_ten_thousand_events_of_two_series_are_fitted_as_by_another_implementation(hawkes):
    table = hawkes.csv("hawkeslib_bivariate.csv")
    found = coincidence.hawkes_fit(table["t"], table["node"], end=table["t"].max())
    hawkes.check("bivariate_mle_mu", found["background"])
    hawkes.check("bivariate_mle_A", found["branching"])
    hawkes.check("bivariate_mle_decay", found["decay"])
    hawkes.check("bivariate_max_loglik", found["loglik"])
    # hawkeslib tests its own fit against the generating parameters with a relative tolerance of 0.2.
    target = hawkes.value("bivariate_hawkeslib_test_targets")
    assert found["background"] == pytest.approx(target["mu"], rel=0.2)
    assert found["branching"].ravel() == pytest.approx(np.ravel(target["A"]), rel=0.2)
    assert found["decay"] == pytest.approx(target["decay"], rel=0.2)


def test_the_compensator_of_an_inhibited_series_is_that_of_brute_force():
    # Independent of the closed form: the positive part summed over a fine grid.
    times, nodes, end = np.array([1.0, 2.5, 2.7, 6.0]), np.array([1, 1, 0, 1]), 9.0
    mu, own, cross, decay = 0.7, 0.3, -1.4, 0.8
    # On the grid the mid-points stand for their cells.
    grid = (np.arange(900_000) + 0.5) * 1e-5
    lags = grid[:, None] - times
    kernel = np.where(lags > 0, decay * np.exp(-decay * np.maximum(lags, 0)), 0.0)
    intensity = np.maximum(mu + kernel @ np.where(nodes == 0, own, cross), 0.0)
    at = 2.7 - times[:2]
    seen = np.log(mu + cross * decay * np.exp(-decay * at).sum()) if mu > 1.2 else None
    assert seen is None  # with these numbers the event at 2.7 meets an intensity of 0
    free = {"background": [mu, 0.1], "branching": [[own, cross], [0, 0]], "decay": decay}
    assert coincidence.hawkes_loglik(times, nodes, end=end, **free) == -np.inf
    from analysis.stats.coincidence.hawkes_model import laid_out, positive_part, stretches

    sequence = laid_out(times[None, :], nodes[None, :], np.empty((0, 2)), end=end)
    part = stretches(*sequence, 0, np.array([decay]))
    theta = np.array([[mu, own, cross]])
    quiet, faded = positive_part(part, theta)
    r = own * part.own_after + cross * part.cross_after
    assert float((mu * quiet + r * faded).sum()) == pytest.approx(intensity.sum() * 1e-5, abs=1e-4)


def test_knoxs_leukaemia_table():
    # Knox (1964), Applied Statistics 13:25: 96 cases, 4560 pairs, 152 within 59 days, 25 within 1 km, 5 within both
    # where 0.83 were expected; as a Poisson count 5 or more have chance 0.0017 (Knox 1964; Mantel 1967, table 1).
    expected = coincidence.expected_close_pairs(96 * 95 // 2, 152, 25)
    assert expected == pytest.approx(0.833, abs=5e-4)
    assert stats.poisson.sf(4, expected) == pytest.approx(0.0017, abs=1e-4)


def test_the_expected_close_pairs_are_the_mean_over_every_order():
    # By hand: 2 of 10 pairs close in time, 2 of 10 in space: 0.4 expected over all 120 orders.
    places = [[33, 44], [33, 44.01], [35, 44], [35, 44.01], [36, 40]]
    found = coincidence.knox(numbers([1, 2, 10, 11, 29.0]), places=places, days=2, km=5)
    assert found.settings["expected"] == pytest.approx(0.4)
    curve = found.curve
    assert (curve["matched"] * curve["share"]).sum() == pytest.approx(0.4)
    # Both close pairs: 2! ways to deal the pairs of places to the pairs of times, 2 x 2 within: 8 of 120 orders.
    assert coincidence.knox(
        numbers([1, 2, 10, 11, 29.0]), places=places, days=2, km=5, alternative="greater"
    ).pvalue == pytest.approx(8 / 120)


def test_great_circle_distances():
    # One degree of latitude on a sphere of 6371.0088 km: pi / 180 of its radius, 111.195 km.
    from analysis.stats.coincidence.knox import great_circle

    distances = great_circle(np.array([[33.0, 44.0], [34.0, 44.0], [33.0, 44.0]]))
    assert distances[0, 1] == pytest.approx(111.195, abs=1e-3)
    assert distances[0, 2] == 0


def test_coincidence_rates_by_hand():
    # A = 2, 5, 5.5, 20 and B = 1, 4, 13 with a window of 2: 2, 5 and 5.5 have a B within the 2 days before (3 of 4);
    # 1 and 4 are followed by an A within 2 days (2 of 3). At lag 1: 2 (1), 5 (4), 5.5 (4) and the same two of B.
    a, b = numbers([2, 5, 5.5, 20]), numbers([1, 4, 13.0])
    found = coincidence.event_coincidence(a, b, window_days=2, rng=1, resamples=99)
    assert found.settings["precursor_rate"] == pytest.approx(3 / 4)
    assert found.settings["trigger_rate"] == pytest.approx(2 / 3)
    swapped = coincidence.event_coincidence(b, a, window_days=2, rng=1, resamples=99)
    assert swapped.settings["precursor_rate"] == pytest.approx(1 / 3)  # of B only 4 comes within 2 days after an A, 2
    late = coincidence.event_coincidence(a, b, window_days=2, lag=1.2, rng=1, resamples=99)
    assert late.settings["precursor_matched"] == 1  # only 5.5, 1.5 after 4


def test_the_poisson_form_of_event_coincidence():
    # Donges et al. (2016), eqs. 9 and 10, by hand: 1 - (1 - 2 / 100)^10 = 0.18293; binomial over 12 events.
    chance = coincidence.poisson_coincidences(12, 10, window=2, lag=0, span=100)
    assert chance == pytest.approx(0.182927, abs=1e-6)
    rng = np.random.default_rng(1)
    a, b = (numbers(rng.uniform(0, 100, n), end=100) for n in (12, 10))
    found = coincidence.event_coincidence(a, b, window_days=2, method="poisson", alternative="greater")
    assert found.pvalue == pytest.approx(stats.binom.sf(found.statistic - 1, 12, chance))


def test_the_ratio_is_the_exact_one_of_two_rates(reference):
    # The stroke example of R's poisson.test: 11 in 800 person-years against 21 in 3011.
    case = reference("08_poisson_rates")
    window = Window(0.0, 3811.0)
    # Two episodes of 400 each, 3 + 8 events in them.
    times = np.concatenate([[1, 2, 399], np.linspace(401, 1999, 21), np.linspace(2000, 2399, 8)])
    spells = ((0.0, 400.0), (2000.0, 2400.0))
    found = coincidence.rate_while(EventSeries(times, window), StateSeries(spells, window))
    central = 2 * stats.binom.sf(10, 32, 800 / 3811)
    assert found.pvalue == pytest.approx(central)
    assert found.effect.value == pytest.approx(11 / 800 / (21 / 3011))
    for name in ("r_doc_stroke_ratio", "r_doc_stroke_estimate"):
        if name in case.expected:
            case.check(name, found.effect.value)
    # R documentation of poisson.test, first example: 95 percent interval 0.8584264 to 4.2772659.
    assert (found.effect.low, found.effect.high) == pytest.approx((0.8584264, 4.2772659), abs=1e-6)


def test_five_episodes_one_sided_and_six_two_sided():
    # 2^-5 = 0.031, 2^-4 = 0.0625; 2 x 2^-6 = 0.031.
    assert coincidence.least_episodes(alternative="less") == 5
    assert coincidence.least_episodes() == 6
    assert coincidence.least_episodes(alternative="less", level=0.99) == 7
    assert coincidence.least_episodes(alternative="less", level=0.5) == 1


def test_episodes_for_a_full_stop_by_hand():
    # No event while on, m episodes of equal length on and off: p = 2^-k for k events off, so 5 are needed; with
    # 1 per quiet stretch P(Poisson(m) >= 5) passes 0.8 at m = 7 (0.827; 0.715 at 6).
    assert stats.poisson.sf(4, [6, 7]) == pytest.approx([0.7149, 0.8270], abs=1e-4)
    window = Window(0.0, 40.0)
    state = StateSeries(((10.0, 20.0), (30.0, 40.0)), window)
    found = coincidence.episodes_needed(EventSeries([4.0, 25.0], window), state, ratio=0)
    assert found.effect.value == 7
    assert found.pvalue is None
