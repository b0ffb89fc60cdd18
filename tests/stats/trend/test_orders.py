"""Orders of the waits that are counted, not drawn: against every order listed, as groups, and as tests."""

from __future__ import annotations

from functools import partial
from itertools import permutations
from math import factorial

import numpy as np
import pytest

from analysis import EventSeries
from analysis.errors import ParameterError
from analysis.stats import trend
from analysis.stats.trend.orders import SLACK, Orders, affine_orders, mathieu_orders, orders_of

COUNT = partial(orders_of, readings=1, rng=None, resamples=99)
WEIGHTS = {"evenly spaced": lambda n: np.arange(n, 0, -1.0), "logarithms": lambda n: np.log10(np.arange(1, n + 1))}
GROUPS = {"mathieu": (mathieu_orders, 12, 95_040, 5), "affine": (affine_orders, 16, 322_560, 3)}


def waits_of(n, seed=1):
    return np.random.default_rng(seed).gamma(0.6, size=n)


def opened(waits, rest=1.0):
    ends = np.cumsum(waits)
    return EventSeries.from_numbers(ends, start=0, end=float(ends[-1] + rest), opened_by_event=True)


@pytest.mark.parametrize("weights", WEIGHTS)
@pytest.mark.parametrize("n", [5, 6, 7, 8])
@pytest.mark.parametrize("tied", [False, True])
def test_counting_half_by_half_finds_every_order(n, weights, tied):
    values = np.round(waits_of(n), 1) if tied else waits_of(n)
    weights = WEIGHTS[weights](n)
    sums = np.array(list(permutations(weights))) @ values
    halves = Orders(weights, np.arange(n), None, "halves", factorial(n))
    seen = weights @ values
    below, above = halves.tails(values[None])
    assert below[0] == (sums <= seen + SLACK).mean()
    assert above[0] == (sums >= seen - SLACK).mean()
    least, most = halves.ends(values)
    assert least == (sums <= sums.min() + SLACK).mean()
    assert most == (sums >= sums.max() - SLACK).mean()


def test_nine_waits_are_counted_as_if_listed():
    values, weights = waits_of(9), np.arange(9, 0, -1.0)
    found = COUNT(weights)
    assert found.listed is None
    assert found.size == factorial(9)
    sums = np.array(list(permutations(weights))) @ values
    assert found.tails(values[None])[0][0] == (sums <= weights @ values + SLACK).mean()


@pytest.mark.parametrize("name", GROUPS)
def test_fixed_orders_form_a_group(name):
    # Were they no group, a test over them would not be exact: the order seen would not be one among its equals.
    make, places, size, _ = GROUPS[name]
    orders = make().astype(int)
    assert orders.shape == (size, places)
    assert (np.sort(orders, axis=1) == np.arange(places)).all()
    code = orders @ (places ** np.arange(places, dtype=np.uint64)).astype(np.int64)
    assert np.unique(code).size == size
    assert (orders == np.arange(places)).all(axis=1).any()
    rng = np.random.default_rng(2)
    for g in orders[rng.integers(size, size=5)]:
        moved = orders[:, g] @ (places ** np.arange(places, dtype=np.uint64)).astype(np.int64)
        assert set(moved[:2000]) <= set(code)
        assert np.isin(moved, code).all()


@pytest.mark.parametrize("name", GROUPS)
def test_fixed_orders_have_the_moments_of_all_orders(name):
    # Transitive on k places at once, which gives the first k moments of a weighted sum; mean and variance by hand.
    make, places, _, transitive = GROUPS[name]
    orders = make()
    tuples = orders[:, :transitive].astype(int) @ (places ** np.arange(transitive))
    times = np.unique(tuples, return_counts=True)[1]
    assert times.size == np.prod(np.arange(places, places - transitive, -1))
    assert np.ptp(times) == 0
    values, weights = waits_of(places), np.arange(places, 0, -1.0)
    sums = weights[orders.astype(int)] @ values
    spread = values - values.mean()
    contrast = weights - weights.mean()
    assert sums.mean() == pytest.approx(places * weights.mean() * values.mean())
    assert sums.var() == pytest.approx((spread @ spread) * (contrast @ contrast) / (places - 1))


@pytest.mark.parametrize("n", [13, 15, 16, 18, 19])
def test_every_order_of_a_group_gets_the_rank_it_has(n):
    # The share of orders with p at most alpha is then at most alpha: exact in size.
    weights, values = np.arange(n, 0, -1.0), waits_of(n)
    found = COUNT(weights)
    group = (mathieu_orders if found.kind == "mathieu" else affine_orders)().astype(int)
    moved, rng = found.moved, np.random.default_rng(3)
    sums = weights[moved][group] @ values[moved]
    for g in group[rng.integers(len(group), size=5)]:
        other = values.copy()
        other[moved] = values[moved][g]
        seen = weights[moved] @ other[moved]
        assert found.tails(other[None])[1][0] == pytest.approx((sums >= seen - SLACK).mean(), abs=1e-12)
    ranks = np.sort(sums)[::-1]
    assert np.mean(sums >= ranks[int(0.05 * len(ranks)) - 1] - SLACK) <= 0.05 + 1e-12


@pytest.mark.parametrize("n", [13, 14, 15, 17, 18, 19])
def test_places_left_in_their_order_are_those_that_say_least(n):
    found = COUNT(np.arange(n, 0, -1.0))
    left = np.setdiff1d(np.arange(n), found.moved)
    assert left.tolist() == list(range((n - left.size) // 2, (n + left.size) // 2))
    contrast = np.arange(n) - (n - 1) / 2
    assert (contrast[left] ** 2).sum() / (contrast @ contrast) < 0.008


def test_no_randomness_up_to_19_waits_and_never_without_saying_so_beyond():
    for n in (2, 8, 9, 13, 19):
        series = opened(waits_of(n, seed=n))
        first, second = trend.lewis_robinson(series), trend.lewis_robinson(series, rng=n)
        assert first.pvalue == second.pvalue
        assert first.effect == second.effect
        assert trend.progress_curve(series, alternative="less").pvalue is None or n > 2
    with pytest.raises(ParameterError, match="20 waits are shuffled at random"):
        trend.lewis_robinson(opened(waits_of(20)))
    with pytest.raises(ParameterError, match="rng"):
        trend.progress_curve(opened(waits_of(20)), alternative="less")


@pytest.mark.parametrize("n", [9, 12, 13, 16])
def test_p_crosses_alpha_at_the_limits_however_orders_are_counted(n):
    run = partial(trend.lewis_robinson, opened(waits_of(n, seed=n)), alternative="greater" if n % 2 else "less")
    found = run().effect
    end, inward = (found.low, 1e-6) if n % 2 else (found.high, -1e-6)
    assert {found.low, found.high} == {end, None}
    assert run(null_change=end - inward).pvalue <= 0.05 < run(null_change=end + inward).pvalue


@pytest.mark.parametrize("alternative", ["less", "greater"])
@pytest.mark.parametrize("n", [5, 10, 14, 25])
def test_p_of_a_progress_curve_crosses_alpha_at_its_one_sided_limit(n, alternative):
    run = partial(trend.progress_curve, opened(waits_of(n, seed=n)), alternative=alternative, rng=1, resamples=999)
    effect = run().effect
    end, inward = (effect.high, -1e-6) if alternative == "less" else (effect.low, 1e-6)
    assert {effect.low, effect.high} == {end, None}
    assert run(null_b=end - inward).pvalue <= 0.05 < run(null_b=end + inward).pvalue


def test_the_order_of_a_progress_curve_by_hand():
    # Waits 1, 3, 4 lengthen: of 3! orders no other has so large a sum of log number times log wait.
    series = opened([1.0, 3.0, 4.0])
    assert trend.progress_curve(series, alternative="less").pvalue == pytest.approx(1 / 6)
    assert trend.progress_curve(series, alternative="less").attainable_pvalue == pytest.approx(1 / 6)
    assert trend.progress_curve(series, alternative="greater").pvalue == 1
    assert trend.progress_curve(series, alternative="less").effect.high is None  # three waits cannot reach 0.05


def test_ordered_waits_reach_the_smallest_p_of_their_orders():
    for n, size in ((12, factorial(12)), (15, 95_040), (19, 322_560)):
        found = trend.lewis_robinson(opened(np.sort(waits_of(n))), alternative="less")
        assert found.pvalue == found.attainable_pvalue == pytest.approx(1 / size)
