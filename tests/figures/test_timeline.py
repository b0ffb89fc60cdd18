"""Attacks on the calendar: where every mark lies, and what is hatched."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from analysis.errors import ParameterError
from analysis.figures import style, timeline
from analysis.timeline import EventSeries, StateSeries

EPOCH = pd.Timestamp(0, tz="UTC")


def day(text):
    """Axis position of a local time: days since 1970 in UTC."""
    return (pd.Timestamp(text, tz="Asia/Baghdad") - EPOCH) / pd.Timedelta(days=1)


def test_marks_stand_at_their_dates_and_the_opening_attack_is_hollow(cases, seen):
    shown = seen(timeline.timeline({"drone": cases["WORKED"]}))
    (marks,) = shown.lines("attacks")
    np.testing.assert_allclose(marks.get_xdata(), [day("2021-05-08"), day("2021-05-11")])
    assert marks.get_marker() == style.LOOKS["drone"].marker
    (opening,) = shown.lines("opening")
    np.testing.assert_allclose(opening.get_xdata(), [day("2021-04-14")])
    assert opening.get_markerfacecolor() == "white"
    assert shown.named("numbers") == ["n = 2 (+1)"]
    assert "hollow (+1): the attack that opened the window" in shown.words()


def test_a_whisker_spans_the_dates_the_sources_allow(cases, seen):
    shown = seen(timeline.timeline({"ied": cases["TIES"]}))
    (whiskers,) = shown.collections("readings")
    ends = np.array([segment[:, 0] for segment in whiskers.get_segments()]) - day("2021-04-01")
    np.testing.assert_allclose(ends, [[1.5, 4.5]] * 3 + [[8.0, 11.0], [28.5, 31.5]])
    assert "whisker: the dates the sources allow" in shown.words()


def test_attacks_of_one_day_are_stacked_so_that_all_can_be_counted(cases, seen):
    shown = seen(timeline.timeline({"ied": cases["TIES"]}))
    (marks,) = shown.lines("attacks")
    heights = marks.get_ydata()
    assert len(set(heights[:3])) == 3
    np.testing.assert_allclose(np.diff(sorted(heights[:3])), [1, 1])
    assert len({(x, y) for x, y in marks.get_xydata()}) == 5


def test_stacked_marks_do_not_touch(cases, seen):
    shown = seen(timeline.timeline({"rocket": cases["YEAR"]}))
    (marks,) = shown.lines("attacks")
    shown.fig.draw_without_rendering()
    at = shown.ax.transData.transform(marks.get_xydata()) * 72 / shown.fig.dpi
    for i, one in enumerate(at):
        for other in at[i + 1 :]:
            assert np.abs(one - other).max() > 5.4  # the width of a mark in points


def test_time_that_nobody_watched_is_hatched_row_by_row(cases, seen):
    shown = seen(timeline.timeline({"drone": cases["WORKED"], "ied": cases["TIES"]}))
    hatched = sorted((p.get_x(), p.get_x() + p.get_width(), p.get_y()) for p in shown.patches("not watched"))
    assert all(p.get_hatch() for p in shown.patches("not watched"))
    spans = [(a, b) for a, b, _ in hatched]
    expected = [("2021-04-01", "2021-04-14"), ("2021-04-15", "2021-04-22"), ("2021-05-20", "2021-06-04")]
    np.testing.assert_allclose(spans, [[day(a), day(b)] for a, b in expected])
    drone, ied = hatched[0][2], hatched[1][2]
    assert drone > ied  # the first row is the upper one
    assert "hatched: not watched" in shown.words()


def test_wars_are_shaded_and_moments_are_lines_with_their_names(cases, seen, gallery):
    shown = seen(gallery["timeline"]())
    (war,) = shown.patches("spell")
    edges = war.get_x(), war.get_x() + war.get_width()
    np.testing.assert_allclose(edges, [day("2021-05-10 18:02"), day("2021-05-21 02:00")])
    lines = [line.get_xdata()[0] for line in shown.lines("moment")]
    np.testing.assert_allclose(lines, [day(date) for date in cases["MOMENTS"].values()])
    assert set(shown.named("flag")) == {"Gaza war", *cases["MOMENTS"]}


def test_moments_outside_the_time_shown_are_counted_and_left_out(cases, seen):
    moments = {"before": "2020-01-03", "inside": "2021-05-20", "after": "2022-01-01"}
    shown = seen(timeline.timeline({"drone": cases["WORKED"]}, moments=moments))
    assert shown.named("flag") == ["inside"]
    assert "2 further moments lie outside the time shown" in style.alt_text(shown.fig)


def test_moments_without_room_are_named_below(cases, seen):
    crowd = {f"the long name of moment {i}": f"2021-05-{i:02d}" for i in range(1, 29)}
    shown = seen(timeline.timeline({"drone": cases["WORKED"]}, moments=crowd))
    named = shown.named("flag")
    assert 3 < len(named) < 28
    assert len(shown.lines("moment")) == 28
    assert f"and {28 - len(named) - 3} more" in shown.words()


def test_each_row_says_how_many_and_an_empty_one_that_nothing_was_seen(cases, seen):
    shown = seen(timeline.timeline({"drone": cases["NONE_OPENED"], "rocket": cases["NONE_WITH_HOLE"]}))
    assert shown.named("numbers") == ["n = 0 (+1)", "n = 0"]
    assert shown.named("sentence") == [
        "No attack in this selection, 51 days watched.",
        "No attack in this selection, 43 days watched.",
    ]


def test_too_many_attacks_for_a_stack_become_strokes(cases, seen):
    shown = seen(timeline.timeline({"mortar": cases["DENSE"]}))
    (strokes,) = shown.collections("attacks")
    assert len(strokes.get_segments()) == 700
    assert "strokes: attacks too close together" in shown.words()


def test_a_numeric_window_has_its_unit_on_the_axis(cases, seen):
    night = StateSeries(((5.0, 9.0),), cases["HOURS"].window, "night")
    shown = seen(timeline.timeline({"pumps": cases["HOURS"]}, spells={"night": night}, moments={"repair": 12.0}))
    assert "time (hours)" in shown.words()
    (marks,) = shown.lines("attacks")
    assert marks.get_xdata().tolist() == [0.4, 1.1, 7.9, 8.0, 23.5]
    assert shown.lines("moment")[0].get_xdata()[0] == 12.0
    assert (shown.patches("spell")[0].get_x(), shown.patches("spell")[0].get_width()) == (5.0, 4.0)


def test_dates_and_numbers_are_not_mixed(cases):
    with pytest.raises(ParameterError, match="two figures"):
        timeline.timeline({"drone": cases["WORKED"], "pumps": cases["HOURS"]})


def test_a_window_that_does_not_start_at_0_keeps_its_numbers(seen):
    series = EventSeries.from_numbers([1851.2, 1900.5], start=1851, end=1962, unit="year")
    (marks,) = seen(timeline.timeline({"mine": series})).lines("attacks")
    np.testing.assert_allclose(marks.get_xdata(), [1851.2, 1900.5])


def test_the_alternative_text_counts_attacks_and_days(cases):
    text = style.alt_text(timeline.timeline({"drone": cases["WORKED"], "ied": cases["TIES"]}).figure)
    assert text.startswith(
        "Timeline of attacks from 1 Apr 2021 to 4 Jun 2021: drone 2 in 51 days watched, ied 5 in 42 days"
    )
