"""Circular statistics against numbers that others published or computed."""

from __future__ import annotations

import numpy as np
import pytest

from analysis import EventSeries
from analysis.stats import rhythm
from analysis.stats.rhythm import angles, concentration, fit, resultant

TURN = 2 * np.pi


@pytest.fixture(scope="module")
def icu(reference):
    return reference("13_circular_icu")


@pytest.fixture(scope="module")
def arrivals(icu):
    return icu.csv("icu_arrivals.csv")["decimal_hour"].to_numpy(float)


@pytest.fixture(scope="module")
def small(icu):
    return np.radians(icu.csv("astropy_small.csv")["deg"].to_numpy(float))


def test_statistics_of_254_arrivals_agree_with_r_circular(icu, arrivals):
    theta = arrivals / 24 * TURN
    direction, length = angles.resultant(theta)
    icu.check("n", theta.size)
    icu.check("mean_resultant_length", length)
    icu.check("rayleigh_statistic_Rbar", length)
    icu.check("rayleigh_z_nRbar2", 254 * length**2)
    icu.check("rayleigh_log10_p_exp_minus_z", -254 * length**2 / np.log(10))
    icu.check("mean_direction_hours_R", direction / TURN * 24)
    icu.check("rayleigh_p_mardia_jupp_series", resultant.rayleigh_series(254, length))
    icu.check("kuiper_statistic_Vstar", angles.kuiper_statistic(theta))
    icu.check("watson_U2", angles.watson_statistic(theta))
    icu.check("rao_spacing_deg", angles.rao_statistic(theta))
    mu, kappa = fit.fit_angles(theta)
    # R inverts A by Fisher's approximation; the likelihood's own maximum lies within 0.0003 here.
    icu.check("vonmises_kappa", concentration.kappa_by_fisher(length))
    assert kappa == pytest.approx(icu.value("vonmises_kappa"), abs=5e-4)
    icu.check("vonmises_mu_hours", mu / TURN * 24)


def test_the_same_numbers_come_out_of_the_public_tests(icu, arrivals):
    # Days apart, so that each arrival keeps its own hour on the local clock.
    series = EventSeries.from_numbers(np.arange(254) + arrivals / 24, start=0, end=254, label="arrivals")
    found = rhythm.rayleigh(series)
    icu.check("rayleigh_statistic_Rbar", found.statistic)
    assert found.pvalue == pytest.approx(icu.value("rayleigh_p_mardia_jupp_series"), rel=1e-3)
    icu.check("mean_direction_hours_R", found.settings["mean_hour"])
    icu.check("kuiper_statistic_Vstar", rhythm.kuiper(series, rng=1, resamples=99).statistic)
    icu.check("watson_U2", rhythm.watson(series, rng=1, resamples=99).statistic)
    icu.check("rao_spacing_deg", rhythm.rao(series, rng=1, resamples=99).statistic)
    icu.check("vonmises_mu_hours", rhythm.von_mises(series).effect.value)
    kappa = rhythm.von_mises(series, parameter="concentration").effect.value
    assert kappa == pytest.approx(icu.value("vonmises_kappa"), abs=5e-4)
    heaped = rhythm.heaping(series)
    icu.check("share_on_full_hour", heaped.effect.value)
    assert heaped.pvalue < 1e-10


def test_chi_square_of_the_hours_agrees_with_r(icu, arrivals):
    counts = np.bincount(np.floor(arrivals).astype(int), minlength=24)
    icu.check("hour_chi2_df23", angles.chi_square(counts))


def test_small_examples_of_the_textbooks(icu, small):
    length = angles.resultant(small)[1]
    for quantity in ("small_rbar", "small_rbar_R"):
        icu.check(quantity, length)
    for quantity in ("small_rayleigh_p", "small_rayleigh_p_circular"):
        icu.check(quantity, resultant.rayleigh_series(small.size, length))
    icu.check("small_vtest_p_mu0_0", resultant.component_series(small.size, np.cos(small).mean()))


def test_jammalamadaka_and_sengupta_page_23(icu):
    direction, length = angles.resultant(np.radians([51, 67, 40, 109, 31, 358]))
    icu.check("js2001_p23_mean_deg", np.degrees(direction))
    icu.check("js2001_mean_deg_R", np.degrees(direction))
    icu.check("js2001_p23_circvar", 1 - length)
    icu.check("js2001_circvar_R", 1 - length)


def test_von_mises_fit_of_ten_angles(icu):
    ten = [3.3699057, 4.0411630, 0.5014477, 2.6223103, 3.7336524, 1.8136389, 4.1566039, 2.7806317, 2.4672173, 2.8493644]
    mu, kappa = fit.fit_angles(np.array(ten))
    by_fisher = concentration.kappa_by_fisher(angles.resultant(np.array(ten))[1])
    icu.check("vm10_mu_kappa", (mu, by_fisher))
    icu.check("vm10_mu_kappa_R", (mu, by_fisher))
    # The maximum of the likelihood solves A(kappa) = length, which Fisher's form misses by 0.007.
    assert concentration.length_of(kappa) == pytest.approx(angles.resultant(np.array(ten))[1], abs=1e-12)
    assert kappa == pytest.approx(1.4807, abs=1e-4)


# Critical mean resultant lengths at 10, 5, 2.5 and 1 %, from Mardia (1972) Statistics of Directional Data, as reprinted
# in Davis (2002) Statistics and Data Analysis in Geology, table A.10. Three digits; below n = 6 the printed values are
# off by up to 0.015 (the exact tails at them are 0.023 and 0.006 instead of 0.025 and 0.01 at n = 4).
MARDIA = {
    6: (0.618, 0.690, 0.753, 0.825),
    8: (0.535, 0.602, 0.660, 0.725),
    10: (0.478, 0.540, 0.594, 0.655),
    15: (0.391, 0.443, 0.489, 0.542),
    20: (0.339, 0.385, 0.425, 0.472),
}


@pytest.mark.parametrize("n", MARDIA)
def test_critical_values_of_mardia_are_those_of_the_exact_law(n):
    ours = [resultant.critical(resultant.rayleigh_pvalue, n, alpha) for alpha in (0.1, 0.05, 0.025, 0.01)]
    assert ours == pytest.approx(MARDIA[n], abs=0.004 if n == 6 else 0.0015)


def test_stephens_critical_values_of_kuiper_and_watson():
    # Stephens (1970) JRSS B 32:115, modified forms: 1.747 and 0.187 at 5 %, for any n.
    theta = np.random.default_rng(3).random((40_000, 20)) * TURN
    assert np.mean(angles.kuiper_statistic(theta) > 1.747) == pytest.approx(0.05, abs=0.004)
    assert np.mean(angles.watson_statistic(theta) > 0.187) == pytest.approx(0.05, abs=0.004)


@pytest.mark.parametrize(("n", "length"), [(2, 0.4), (3, 0.2), (3, 0.8), (4, 0.5), (7, 0.3), (30, 0.2)])
def test_exact_tails_agree_with_simulation(n, length):
    theta = np.random.default_rng(n).random((100_000, n)) * TURN
    far = np.mean(angles.resultant(theta)[1] >= length)
    assert resultant.rayleigh_pvalue(n, length) == pytest.approx(far, abs=0.005)
    toward = np.mean(np.cos(theta).mean(axis=1) >= length)
    assert resultant.component_pvalue(n, length) == pytest.approx(toward, abs=0.005)
    if n > 2:
        assert concentration.length_tails(n, np.array([n * length]), 0.0)[1][0] == pytest.approx(far, abs=0.006)


@pytest.mark.parametrize("n", [2, 3, 4, 5, 9, 40])
def test_a_random_walk_of_n_steps_ends_within_one_step_with_chance_one_in_n_plus_one(n):
    # Kluyver (1906), Rayleigh (1919): P(R < 1) = 1 / (n + 1).
    assert 1 - resultant.rayleigh_pvalue(n, 1 / n) == pytest.approx(1 / (n + 1), abs=2e-5)
