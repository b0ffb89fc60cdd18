"""Names that find their place, and time axes in local time."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from analysis.errors import ParameterError
from analysis.figures import clock, flags, style, tags, words
from analysis.timeline import Window


def test_text_from_data_becomes_one_plain_line():
    assert words.plain_text("a\n b\t\x07c\u202e") == "a b c"
    assert words.plain_text("x" * 100, 10) == "x" * 9 + "…"


@pytest.mark.parametrize(("level", "said"), [(0.95, "95%"), (0.975, "97.5%"), (0.9, "90%"), (0.995, "99.5%")])
def test_a_level_is_not_rounded_away(level, said):
    assert words.percent(level) == said


@pytest.mark.parametrize(
    ("days", "said"),
    [(1, "1 day"), (0, "0 days"), (93.7477, "93.7 days"), (3.25, "3.25 days"), (5000, "5,000 days")],
)
def test_lengths_of_time_carry_their_unit(days, said):
    assert clock.units(days, "day") == said


def test_notes_are_broken_between_notes_and_never_at_an_equals_sign():
    lines = words.packed(["given n = 35", "hatched: not watched", "x"], 34)
    assert lines == ["given n = 35; hatched: not watched", "x"]
    assert words.packed(["of the records, n = 35"], 19) == ["of the records,", "n = 35"]


def boxes(ax):
    return [text.get_window_extent() for text in ax.texts if text.get_gid() == "flag"]


def test_names_of_close_moments_are_staggered_and_none_is_crossed():
    _, ax = style.new()
    ax.set_xlim(0, 100)
    words.settle(ax)
    wanted = [flags.Flag(x, f"moment number {x}") for x in (40, 41.5, 42, 44, 46, 97)]
    assert flags.hoist(ax, wanted) == []
    found = boxes(ax)
    assert len(found) == 6
    for i, a in enumerate(found):
        assert not any(a.overlaps(b) for b in found[i + 1 :])
    # the line of each name runs from the axes up to it, and through no other name
    for text in (t for t in ax.texts if t.get_gid() == "flag"):
        x = ax.transData.transform((text.xy[0], 0))[0]
        lower = [b for b in found if b.y1 < text.get_window_extent().y0]
        assert not any(b.x0 < x < b.x1 for b in lower)


def test_two_names_for_one_moment_stand_on_one_line():
    _, ax = style.new()
    ax.set_xlim(0, 100)
    words.settle(ax)
    assert flags.hoist(ax, [flags.Flag(40, "curfew"), flags.Flag(40, "holiday"), flags.Flag(40, "lull")]) == []
    found = boxes(ax)
    assert not any(a.overlaps(b) for i, a in enumerate(found) for b in found[i + 1 :])


def test_names_without_room_are_handed_back():
    _, ax = style.new(width=2.0, height=2.0)
    ax.set_xlim(0, 1)
    words.settle(ax)
    wanted = [flags.Flag(0.5 + i / 1000, "a name of some length") for i in range(12)]
    left = flags.hoist(ax, wanted, rows=3)
    assert len(left) + len(boxes(ax)) == 12
    assert len(boxes(ax)) <= 6


def test_a_name_keeps_off_the_line_it_names():
    _, ax = style.new()
    x = np.linspace(0, 10, 50)
    (line,) = ax.plot(x, np.exp(-x / 2))
    words.settle(ax)
    tags.attach(ax, [tags.Tag(2.0, np.exp(-1.0), "a point on the curve"), tags.Tag(2.1, 0.35, "its neighbour")])
    dots = line.get_transform().transform(np.column_stack([np.linspace(0, 10, 5000), np.exp(-np.linspace(0, 5, 5000))]))
    first, second = (t.get_window_extent() for t in ax.texts if t.get_gid() == "tag")
    assert not first.overlaps(second)
    for box in (first, second):
        inside = (dots > [box.x0, box.y0]).all(axis=1) & (dots < [box.x1, box.y1]).all(axis=1)
        assert not inside.any()


def test_dates_on_the_axis_are_local():
    window = Window.between("2021-05-10", "2021-05-12")
    _, ax = style.new()
    label = clock.axis(ax, window, *clock.extent([window]), inches=6)
    assert label == "local date (Asia/Baghdad)"
    words.settle(ax)
    low = ax.get_xlim()[0]
    midnights = [
        at
        for at, tick in zip(ax.get_xticks(), ax.get_xticklabels(), strict=True)
        if tick.get_text().startswith("00:00")
    ]
    # 9 May 21:00 UTC is midnight of 10 May in Baghdad
    utc = pd.Timestamp("2021-05-09 21:00", tz="UTC")
    assert midnights[0] == pytest.approx((utc - pd.Timestamp(0, tz="UTC")) / pd.Timedelta(days=1))
    assert low < midnights[0]


def test_the_year_stands_under_the_first_date_and_where_it_changes():
    dates = list(pd.to_datetime(["2020-11-01", "2020-12-01", "2021-01-01", "2021-02-01"]))
    assert clock.date_labels(dates) == ["Nov\n2020", "Dec", "Jan\n2021", "Feb"]
    assert clock.date_labels(list(pd.to_datetime(["2021-04-15", "2021-05-01"]))) == ["15 Apr\n2021", "1 May"]
    assert clock.date_labels(list(pd.to_datetime(["2020-01-01", "2021-01-01"]))) == ["2020", "2021"]


def test_unwatched_time_is_holes_and_what_lies_outside():
    window = Window(10.0, 20.0, holes=((12.0, 13.0),), unit="hour")
    assert clock.unwatched(window, 5.0, 20.0) == [(5.0, 10.0), (12.0, 13.0)]
    assert clock.unwatched(window, 10.0, 20.0) == [(12.0, 13.0)]


def test_dates_and_hours_do_not_share_an_axis():
    with pytest.raises(ParameterError, match="two figures"):
        clock.common([Window.between("2021-05-10", "2021-05-12"), Window(0.0, 2.0)])
    with pytest.raises(ParameterError, match="two figures"):
        clock.common([Window(0.0, 2.0, unit="hour"), Window(0.0, 2.0)])
