"""Sentences on the record, on speeding up and on hours: numbers from findings, modest words."""

import pytest

from analysis import EventSeries
from analysis.prose import hours_sentence, share_sentence, shares_table, takeover_sentence, trend_sentence
from analysis.stats import rates, rhythm, trend


def series(values, end=60.0, **settings):
    return EventSeries.from_numbers(values, start=0, end=end, **settings)


def test_a_share_of_none_gives_its_upper_limit():
    # By hand: 1 - 0.05 ** (1 / 3) = 63 %.
    assert "0 of 3, consistent with up to 63%" in share_sentence(rates.share(0, 3, alternative="less"), "drones, hurt")
    assert "nothing can be said" in share_sentence(rates.share(0, 0), "drones")
    table = shares_table(rates.shares({"a": (2, 3), "b": (0, 0)}))
    assert table.loc["a", "limits"] == "9.4% to 99.2%"
    assert table.loc["b", "share"] == "-"


@pytest.mark.parametrize(
    ("times", "words"),
    [
        ([12.0, 20.0, 41.0], "No trend can be told from none"),
        ([30.0, 50.0, 55.0, 57.0, 58.0, 59.0, 59.5], "Both speak for attacks that come faster"),
        ([50.0, 50.5, 51.5, 52.0, 53.5, 54.0], "faster with time, but a burst would look the same"),
        ([], "No trend can be told"),
    ],
)
def test_a_trend_is_told_only_where_the_order_of_the_waits_agrees(times, words):
    said = trend_sentence(trend.laplace(series(times)), trend.lewis_robinson(series(times), rng=1, resamples=1999))
    assert words in said
    assert "because" not in said


def test_a_takeover_names_the_smallest_p_where_nothing_could_be_shown():
    said = takeover_sentence(trend.share(series([50.5]), series([1.5, 4.5])))
    assert "at best 0.67" in said  # one choice in three, twice
    assert "cannot be said" in takeover_sentence(trend.share(series([]), series([1.5])))


def test_hours_are_told_with_their_bounds_and_with_those_left_out():
    at = series([0.98, 3.06, 5.5])
    said = hours_sentence(rhythm.between_hours(at, hours=(22, 5)), rhythm.rayleigh(at))
    assert "Of 3 attacks" in said
    assert "2 fell from 22:00 to 05:00" in said
    assert "29%" in said
    none = series([])
    assert "nothing can be said" in hours_sentence(rhythm.between_hours(none, hours=(22, 5)), rhythm.rayleigh(none))
