"""Figures of the record, the share over time and the clock: what is drawn is what was counted."""

import numpy as np
import pytest

from analysis import EventSeries, Window, load
from analysis.catalogue import coverage as counted
from analysis.catalogue import poorly_each, quality
from analysis.figures import coverage, rhythm, style, trend
from analysis.stats import rhythm as clocks
from analysis.stats import trend as trends

WEAPONS = ["ied", "rocket", "drone"]


@pytest.fixture(scope="module")
def table():
    return load("data/attacks.csv")


def test_the_bars_of_each_month_add_up_to_its_rows(table, seen):
    shown = seen(coverage.months(counted(table), WEAPONS, thin=poorly_each(table, WEAPONS)))
    heights = sum(np.array([bar.get_height() for bar in shown.patches(f"bar {w}")]) for w in WEAPONS)
    assert heights.tolist() == counted(table)["total"].tolist()
    # Six stretches of ied, two of rocket and of drone: 5 + 2 + 2 hatched.
    assert len(shown.patches("not watched")) == 5 + 2 + 2
    assert "n = 162" in shown.words()
    assert "162 attacks by month" in style.alt_text(shown.fig)


def test_time_after_the_record_is_hatched_for_every_weapon(seen):
    early = load("data/attacks.csv", as_of="2021-06-04")
    shown = seen(coverage.months(counted(early), WEAPONS, until="2021-06-04"))
    assert len(shown.patches("not watched")) == 3
    assert len(shown.lines("until")) == 1


def test_the_steps_of_precision_fill_each_bar(table, seen):
    shown = seen(coverage.precision(quality(table)))
    widths = sum(np.array([bar.get_width() for bar in shown.patches(step)]) for step in coverage.STEPS)
    assert widths == pytest.approx(np.ones(4))
    assert "103" in shown.named("count")


def test_an_empty_record_says_so(table, seen):
    none = table.iloc[:0]
    none.attrs = {}
    assert "No attack" in seen(coverage.precision(quality(none))).words()
    assert "No attack" in seen(coverage.months(counted(table), ["mortar"])).words()


def test_shares_are_drawn_with_their_counts(seen):
    own, rest = (
        EventSeries.from_numbers([v + 0.5 for v in days], start=0, end=60, label=label)
        for days, label in (([3, 10, 12, 40], "drone"), ([0, 1, 5, 30], "rocket"))
    )
    shown = seen(trend.shares(trends.share(own, rest, bin_days=20), own))
    assert shown.named("count") == ["3 of 6", "0 of 1", "1 of 1"]
    assert len(shown.lines("fit")) == 1
    none = EventSeries.from_numbers([], start=0, end=60, label="drone")
    assert "No share over time" in seen(trend.shares(trends.share(none, rest), none)).words()


def test_a_face_has_a_mark_for_every_hour_and_an_arrow_where_there_is_a_mean(seen):
    night = EventSeries([0.98, 3.06, 5.92], Window(0, 10), label="drone")
    evening = EventSeries([0.85], Window(0, 10), earliest=[0.75], latest=[0.95], resolution="drawn", label="rocket")
    faces = rhythm.dial({"drone": clocks.rayleigh(night), "rocket": clocks.rayleigh(evening, rng=1)}, hours=(22, 5))
    first, second = (seen(ax) for ax in faces)
    assert len(first.lines("time")) == 3
    assert "mean 23:40" in first.words()  # by hand: 23.52, 1.44 and 22.08 h, about 23.68 h
    assert "too few" in second.words()
    assert len(first.patches("hours asked about")) == 1
