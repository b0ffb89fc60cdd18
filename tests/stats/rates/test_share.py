"""Shares with exact limits, against published values, scipy and hand counts."""

import numpy as np
import pytest
from scipy import stats

from analysis import ParameterError
from analysis.stats import rates


def test_none_of_three_leaves_a_share_of_two_thirds_open():
    # The zero-numerator limit 1 - alpha^(1/n): Hanley and Lippman-Hand (1983), JAMA 249:1743, 0 of 3 -> 63 %.
    bound = rates.share_of_counts(0, 3, alternative="less").effect
    assert bound.high == pytest.approx(1 - 0.05 ** (1 / 3))
    assert round(bound.high, 2) == 0.63
    assert (bound.value, bound.low) == (0, 0)


@pytest.mark.parametrize(("count", "total"), [(0, 7), (2, 3), (5, 7), (7, 7), (13, 130)])
@pytest.mark.parametrize("alternative", ["two-sided", "less", "greater"])
def test_limits_are_those_of_clopper_and_pearson(count, total, alternative):
    effect = rates.share_of_counts(count, total, alternative=alternative, level=0.9).effect
    expected = stats.binomtest(count, total, alternative=alternative).proportion_ci(0.9, "exact")
    assert (effect.low, effect.high) == (pytest.approx(expected.low), pytest.approx(expected.high))


def test_p_at_the_limit_is_alpha():
    high = rates.share_of_counts(2, 9, alternative="less").effect.high
    assert stats.binom.cdf(2, 9, high) == pytest.approx(0.05)


def test_the_limits_cover_at_every_share():
    # Exact by summing outcomes; a default interval must hold its level at n = 3.
    for share in np.linspace(0.01, 0.99, 25):
        covered = 0.0
        for k in range(4):
            e = rates.share_of_counts(k, 3).effect
            covered += stats.binom.pmf(k, 3, share) * (e.low <= share <= e.high)
        assert covered >= 0.95 - 1e-12


def test_none_of_none_is_no_share():
    found = rates.share_of_counts(0, 0)
    assert found.inconclusive
    assert found.effect is None


@pytest.mark.parametrize("counts", [(3, 2), (-1, 2), (1.5, 2), (True, 2)])
def test_counts_that_are_no_share_are_refused(counts):
    with pytest.raises(ParameterError, match="0 <= count <= total"):
        rates.share_of_counts(*counts)


def test_two_shares_are_fishers_tea_lady():
    # Fisher (1935), The Design of Experiments: 3 of 4 cups right, p = 17/70; 4 of 4 are the best she can do, 1/70.
    found = rates.shares_of_counts(3, 4, 1, 4, alternative="greater")
    assert found.pvalue == pytest.approx(17 / 70)
    assert found.attainable_pvalue == pytest.approx(1 / 70)
    # R's fisher.test prints the conditional estimate 6.408309 and the lower limit 0.3135693 for this table.
    assert found.effect.value == pytest.approx(6.408309, rel=1e-5)
    assert found.effect.low == pytest.approx(0.3135693, abs=1e-5)


def test_two_shares_do_not_depend_on_which_side_is_named_first():
    one = rates.shares_of_counts(2, 3, 1, 4)
    other = rates.shares_of_counts(1, 4, 2, 3)
    assert one.pvalue == pytest.approx(other.pvalue)
    assert one.effect.value == pytest.approx(1 / other.effect.value)


@pytest.mark.parametrize("counts", [(0, 0, 1, 4), (0, 3, 0, 4), (3, 3, 4, 4)])
def test_two_shares_with_nothing_to_compare_are_inconclusive(counts):
    found = rates.shares_of_counts(*counts)
    assert found.inconclusive
    assert found.pvalue is None
