"""One kind of event against another: Fisher's exact test by hand, and empty margins."""

import pytest

from analysis import EventSeries
from analysis.stats import rates

DRONES = EventSeries.from_numbers([24, 27], start=0, end=51, label="drones")
ROCKETS = EventSeries.from_numbers([4, 8, 18, 19, 20, 40], start=0, end=51, label="rockets")


def test_by_hand():
    # Seven events before day 30, one after; the one is a rocket: (6 choose 1)/(8 choose 1) = 6/8.
    finding = rates.contrast(DRONES, ROCKETS, at=30)
    assert finding.pvalue == pytest.approx(6 / 8)
    assert finding.attainable_pvalue == pytest.approx(6 / 8)
    assert finding.effect.value == 0


def test_p_at_the_limit_equals_alpha():
    # The conditional odds ratio's own law (noncentral hypergeometric) at the upper limit.
    from scipy import stats

    one = EventSeries.from_numbers([1, 2, 3, 4, 5, 40], start=0, end=51)
    two = EventSeries.from_numbers([1, 20, 31, 33, 36, 40, 44], start=0, end=51)
    finding = rates.contrast(one, two, at=30)
    law = stats.nchypergeom_fisher(13, 6, 6, finding.effect.high)
    assert law.cdf(1) == pytest.approx(0.05, abs=1e-6)


def test_an_empty_margin_is_inconclusive():
    assert rates.contrast(DRONES, EventSeries.from_numbers([], start=0, end=51), at=30).inconclusive
    assert rates.contrast(DRONES, ROCKETS, at=50).inconclusive
