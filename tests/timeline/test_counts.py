"""Counts in bins: a bin that was half watched must not look half as busy."""

import numpy as np
import pytest

from analysis import CountSeries, ParameterError


def test_counts_by_year_are_fully_watched():
    counts = CountSeries.from_counts([4, 5, 4, 0, 1], start=1851, label="disasters")
    assert counts.edges.tolist() == [1851, 1852, 1853, 1854, 1855, 1856]
    assert (counts.n, counts.days, counts.label) == (14, 5.0, "disasters")
    assert CountSeries.from_counts([2, 3], width=7).days == 14


def test_a_table_has_a_row_for_each_bin():
    frame = CountSeries([0, 7, 10], [2, 0], [7, 1.5]).to_frame()
    assert frame.to_dict("list") == {"start": [0, 7], "end": [7, 10], "watched": [7, 1.5], "count": [2, 0]}


@pytest.mark.parametrize(
    ("edges", "counts", "watched", "complaint"),
    [
        ([0], [], [], "at least two"),
        ([0, 7, 7], [1, 1], [7, 0], "rising"),
        ([0, np.nan], [1], [1], "rising"),
        ([0, 7], [1, 2], [7, 7], "1 bins need as many counts and watched times; got 2 and 2"),
        ([0, 7], [1.5], [7], "whole numbers"),
        ([0, 7], [-1], [7], "whole numbers of 0 or more"),
        ([0, 7], [np.nan], [7], "whole numbers"),
        ([0, 7], [1], [7.5], "between 0 and the width"),
        ([0, 7], [1], [-0.5], "between 0 and the width"),
        ([0, 7], [1], [0], "a bin that nobody watched cannot hold an event"),
    ],
)
def test_impossible_counts_are_refused(edges, counts, watched, complaint):
    with pytest.raises(ParameterError, match=complaint):
        CountSeries(edges, counts, watched)


def test_nobody_can_change_the_counts():
    counts = CountSeries.from_counts([1, 2])
    with pytest.raises(ValueError, match="read-only"):
        counts.counts[0] = 5
    assert counts.counts.dtype == np.int64


def test_watched_time_must_be_known():
    with pytest.raises(ParameterError, match="watched"):
        CountSeries([0, 7], [1], [np.nan])
