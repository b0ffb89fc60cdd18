"""Statistics of plain waits against published and textbook numbers, with ties and at any size."""

from __future__ import annotations

import numpy as np
import pytest

from analysis import ParameterError
from analysis.stats.clustering import wait_statistics
from analysis.stats.clustering.wait_statistics import burstiness_finite

# The row on which the unit tests of elephant (elephant/test/test_statistics.py) hold their published targets.
ROW = [
    1, 28, 4, 47, 5, 16, 2, 5, 21, 12, 4, 12, 59, 2, 4, 18, 33, 25, 2, 34, 4, 1, 1, 14, 8, 1, 10, 1, 8, 20,
    5, 1, 6, 5, 12, 2, 8, 8, 2, 8, 2, 10, 2, 1, 1, 2, 15, 3, 20, 6, 11, 6, 18, 2, 5, 17, 4, 3, 13, 6,
    1, 18, 1, 16, 12, 2, 52, 2, 5, 7, 6, 25, 6, 5, 3, 15, 4, 3, 16, 3, 6, 5, 24, 21, 3, 3, 4, 8, 4, 11,
    5, 7, 5, 6, 8, 11, 33, 10, 7, 4,
]  # fmt: skip


def test_local_variation_is_that_of_elephant():
    found = wait_statistics(ROW, refractory=5)
    assert found.cv2 == pytest.approx(1.0022235296529176, abs=1e-12)
    assert found.lv == pytest.approx(0.971826029994, abs=1e-11)
    assert found.lvr == pytest.approx(2.1845363464753134, abs=1e-12)
    assert found.cv == pytest.approx(np.std(ROW, ddof=1) / np.mean(ROW))


@pytest.mark.parametrize("shape", [0.5, 1.0, 2.0, 6.0])
def test_local_variation_of_gamma_waits(shape):
    # Shinomoto, Miura and Koyama (2005) BioSystems 79:67: LV = 3 / (2 k + 1), CV = 1 / sqrt(k). By hand: the share
    # of the first of two waits is beta(k, k), of variance 1 / (4 (2 k + 1)).
    found = wait_statistics(np.random.default_rng(6).gamma(shape, size=200_000))
    assert found.lv == pytest.approx(3 / (2 * shape + 1), rel=0.01)
    assert found.cv == pytest.approx(1 / np.sqrt(shape), rel=0.01)


def test_burstiness_of_coal_mining(reference):
    coal = reference("01_coal_mining")
    gaps = coal.csv("events.csv")["gap_days"].dropna().to_numpy()
    found = wait_statistics(gaps)
    coal.check("gap_mean_days", found.mean)
    coal.check("gap_sd_days_n-1", found.cv * found.mean)
    coal.check("burstiness_B_sd_n-1", found.burstiness)
    coal.check("burstiness_B_sd_n", wait_statistics(gaps, ddof=0).burstiness)


@pytest.mark.parametrize("n", [2, 3, 10, 1000])
def test_the_finite_form_has_the_ends_kim_and_jo_ask_for(n):
    # Kim and Jo (2016): -1 where all waits are equal, 1 where one of them takes all the time.
    assert wait_statistics(np.full(n, 2.5)).burstiness_finite == pytest.approx(-1)
    assert wait_statistics(np.append(np.zeros(n - 1), 7.0)).burstiness_finite == pytest.approx(1)


@pytest.mark.parametrize("n", [5, 20])
def test_the_finite_form_is_0_at_the_spread_of_uniform_spacings(n):
    # n spacings of n - 1 uniform points: mean square 2 T^2 / (n (n + 1)), so the mean of r^2 is (n - 1)/(n + 1).
    spacings = np.random.default_rng(n).dirichlet(np.ones(n), size=4000)
    squares = [wait_statistics(row, ddof=0).cv ** 2 for row in spacings]
    assert np.mean(squares) == pytest.approx((n - 1) / (n + 1), rel=0.03)
    assert burstiness_finite(np.sqrt((n - 1) / (n + 1)), n) == pytest.approx(0, abs=1e-12)


def test_compiled_and_plain_passes_agree():
    waits = np.random.default_rng(4).gamma(0.4, size=30_000)
    waits[[3, 4, 5, 100]] = 0.0
    a, b = waits[:-1], waits[1:]
    both = np.where(a + b > 0, a + b, 1.0)
    contrast = (a - b) / both
    found = wait_statistics(waits, refractory=0.01)
    assert found.cv == pytest.approx(waits.std(ddof=1) / waits.mean())
    assert found.cv2 == pytest.approx(2 * np.abs(contrast).mean())
    assert found.lv == pytest.approx(3 * (contrast**2).mean())
    assert found.lvr == pytest.approx(3 * (contrast**2 * (1 + 0.04 / both)).mean())
    half = wait_statistics(waits[:15_000], refractory=0.01)
    assert half.cv == pytest.approx(waits[:15_000].std(ddof=1) / waits[:15_000].mean())


@pytest.mark.parametrize("scale", [1 / 24, 365.25])
def test_the_unit_of_time_does_not_matter(scale):
    one, other = wait_statistics(ROW, refractory=5), wait_statistics(np.array(ROW) * scale, refractory=5 * scale)
    for name in ("cv", "cv2", "lv", "lvr", "burstiness", "burstiness_finite"):
        assert getattr(one, name) == pytest.approx(getattr(other, name))


def test_too_few_and_tied_waits_have_an_answer():
    assert wait_statistics([]).cv is None
    assert wait_statistics([3.0]).mean == 3.0
    assert wait_statistics([3.0]).lv is None
    assert wait_statistics([0.0, 0.0]).cv is None
    assert wait_statistics([2.0, 2.0]).burstiness == -1
    assert wait_statistics([0.0, 0.0, 3.0]).lv == pytest.approx(1.5)  # pairs (0, 0), equal, and (0, 3)


@pytest.mark.parametrize("wrong", [[-1.0, 2.0], [np.nan, 1.0], [np.inf, 1.0], [[1.0, 2.0]]])
def test_what_is_no_row_of_waits_is_refused(wrong):
    with pytest.raises(ParameterError, match="waits"):
        wait_statistics(wrong)
