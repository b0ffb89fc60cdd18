"""Shares: limits that were published, bounds that can be worked out by hand, and tests that agree with them."""

import pytest

from analysis import ParameterError
from analysis.stats import rates


@pytest.mark.parametrize(
    ("k", "n", "low", "high"),
    [(81, 263, 0.2527, 0.3676), (15, 148, 0.0578, 0.1617), (0, 20, 0.0, 0.1684), (1, 29, 0.0009, 0.1776)],
)
def test_limits_are_those_newcombe_printed(k, n, low, high):
    # Newcombe (1998) Statistics in Medicine 17:857, Table I, method 5.
    effect = rates.share(k, n).effect
    assert (effect.low, effect.high) == pytest.approx((low, high), abs=5e-5)


def test_none_of_three_leaves_almost_anything():
    # By hand: the share p at which three in a row without one have chance 0.05 is 1 - 0.05 ** (1 / 3).
    found = rates.share(0, 3, alternative="less")
    assert found.effect.high == pytest.approx(1 - 0.05 ** (1 / 3))
    assert found.effect.low == 0
    assert rates.share(0, 3).effect.high == pytest.approx(1 - 0.025 ** (1 / 3))
    assert found.pvalue is None


def test_p_at_a_limit_is_one_minus_the_level():
    for alternative, end in (("two-sided", "low"), ("two-sided", "high"), ("less", "high"), ("greater", "low")):
        limit = getattr(rates.share(2, 9, alternative=alternative).effect, end)
        # "less" tests a smaller share than the one named: its limit is above.
        assert rates.share(2, 9, against=limit, alternative=alternative).pvalue == pytest.approx(0.05)


def test_fishers_tea_and_the_twins_are_as_r_prints_them():
    # R 4, example(fisher.test): TeaTasting, greater; Convictions, less.
    tea = rates.share_ratio((3, 4), (1, 4), alternative="greater")
    assert tea.pvalue == pytest.approx(0.2429, abs=5e-5)
    assert tea.effect.value == pytest.approx(6.408309, rel=1e-5)
    assert tea.effect.low == pytest.approx(0.3135693, rel=1e-4)
    assert tea.effect.high is None
    twins = rates.share_ratio((2, 17), (10, 13), alternative="less")
    assert twins.pvalue == pytest.approx(0.0004652, rel=1e-3)
    assert twins.effect.value == pytest.approx(0.04693661, rel=1e-5)
    assert twins.effect.high == pytest.approx(0.2849601, rel=1e-4)


def test_the_smallest_p_is_that_of_the_most_uneven_table():
    # By hand: 3 of 3 against 0 of 3, one table in 20.
    found = rates.share_ratio((2, 3), (1, 3), alternative="greater")
    assert found.attainable_pvalue == pytest.approx(1 / 20)
    assert found.pvalue == pytest.approx(10 / 20)


def test_too_little_gives_an_answer_and_wrong_input_an_error():
    assert rates.share(0, 0).inconclusive
    assert rates.share_ratio((0, 3), (0, 9)).inconclusive
    assert rates.share_ratio((3, 3), (0, 0)).inconclusive
    assert rates.share(3, 3).effect.high == 1
    for wrong in ((4, 3), (-1, 3), (1.5, 3), (True, 3)):
        with pytest.raises(ParameterError, match="whole numbers"):
            rates.share(*wrong)
    with pytest.raises(ParameterError, match="against"):
        rates.share(1, 3, against=1.0)
