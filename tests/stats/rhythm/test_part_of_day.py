"""Share in named hours: counted by hand, arcs between their bounds, watched time as the measure."""

import pytest

from analysis import EventSeries, ParameterError, Window
from analysis.stats import rhythm


def at_hours(hours, end=20.0, **settings):
    return EventSeries.from_numbers([i + h / 24 for i, h in enumerate(hours)], start=0, end=end, **settings)


def test_share_p_and_limits_by_hand():
    # 23, 2 and 4.9 h lie from 22 to 5, noon does not: 3 of 4 where 7/24 is expected.
    found = rhythm.between_hours(at_hours([23, 12, 2, 4.9]), hours=(22, 5), alternative="greater")
    expected = 7 / 24
    assert found.effect.value == 0.75
    assert found.pvalue == pytest.approx(4 * expected**3 * (1 - expected) + expected**4)
    assert found.settings["surely_inside"] == 3


def test_the_edges_belong_to_the_hour_that_begins():
    found = rhythm.between_hours(at_hours([22, 5]), hours=(22, 5))
    assert found.settings["surely_inside"] == 1
    assert found.settings["surely_outside"] == 1


def test_p_at_a_limit_is_the_level_where_hours_are_known():
    # The share of watched time is 7/24 whatever the hours: the law is turned round by the number inside instead.
    from analysis.stats.rates.share import binomial_pvalue

    effect = rhythm.between_hours(at_hours([23, 12, 2, 4.9, 14, 15]), hours=(22, 5)).effect
    assert binomial_pvalue(3, 6, effect.low, "two-sided") == pytest.approx(0.05)
    assert binomial_pvalue(3, 6, effect.high, "two-sided") == pytest.approx(0.05)


def test_parts_of_the_day_widen_the_limits_and_are_counted():
    # 20:00 to 06:00 may be in or out; 00:00 to 04:00 is in; noon is out.
    early = [0 + 20 / 24, 2.0, 3 + 12 / 24]
    late = [1 + 6 / 24, 2 + 4 / 24, 3 + 12 / 24]
    series = EventSeries(
        [(a + b) / 2 for a, b in zip(early, late, strict=True)], Window(0, 20), earliest=early, latest=late,
        resolution="drawn",
    )  # fmt: skip
    found = rhythm.between_hours(series, hours=(22, 5), rng=1)
    assert (found.settings["surely_inside"], found.settings["surely_outside"]) == (1, 1)
    # Seven of the ten hours of the night lie from 22 to 5: 1 + 0.7 of 3.
    assert found.effect.value == pytest.approx(1.7 / 3, abs=0.05)
    one, two = (rhythm.between_hours(at_hours(h), hours=(22, 5)).effect for h in ([2, 12, 12], [2, 2, 12]))
    assert (found.effect.low, found.effect.high) == pytest.approx((one.low, two.high))
    with pytest.raises(ParameterError, match="rng"):
        rhythm.between_hours(series, hours=(22, 5))


def test_watched_hours_are_the_measure_of_a_share():
    # Only noon to midnight is watched on nine days of ten: 22 to 24 h is much more than a twelfth of it.
    holes = [(float(d), d + 0.5) for d in range(1, 10)]
    series = EventSeries.from_numbers([0.6, 3.97, 5.95], start=0, end=10, holes=holes)
    found = rhythm.between_hours(series, hours=(22, 24 - 1e-9))
    assert found.settings["watched_share"] == pytest.approx(10 * 2 / (10 * 24 - 9 * 12), abs=1e-3)


def test_too_little_is_an_answer_and_nonsense_an_error():
    assert rhythm.between_hours(at_hours([]), hours=(22, 5)).inconclusive
    assert not rhythm.between_hours(at_hours([3]), hours=(22, 5)).inconclusive
    for wrong in ((22, 22), (22, 25), 22, (1, 2, 3)):
        with pytest.raises(ParameterError, match="hour"):
            rhythm.between_hours(at_hours([3]), hours=wrong)
