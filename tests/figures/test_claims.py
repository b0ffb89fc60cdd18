"""The figure of the claims: what is drawn is what was found, and what was claimed stands behind it."""

from __future__ import annotations

import math

import pytest

from analysis import EventSeries
from analysis.figures import claims
from analysis.stats import rates, trend

SERIES = EventSeries.from_numbers([24, 27, 40.5, 44], start=0, end=51)
FINDINGS = {
    "C1, then": rates.ratio(SERIES, at=30, alternative="less"),
    "C7, then": trend.laplace(SERIES, alternative="greater"),
}
REGIONS = {"C1, then": (0.0, 0.0), "C7, then": (math.log(2), None)}


@pytest.fixture
def ax():
    return claims.effects(FINDINGS, REGIONS)


def drawn(ax, gid):
    return [artist for artist in (*ax.lines, *ax.patches) if artist.get_gid() == gid]


def test_a_log_change_is_drawn_as_the_ratio_it_stands_for(ax):
    dots = [float(line.get_xdata()[0]) for line in drawn(ax, "ratio")]
    assert math.exp(FINDINGS["C7, then"].effect.value) == pytest.approx(dots[-1])


def test_every_row_has_the_region_that_was_claimed(ax):
    first, second = drawn(ax, "claimed")
    low, high = ax.get_xlim()
    assert (first.get_x(), round(first.get_y() + first.get_height() / 2)) == (pytest.approx(low), 0)
    assert first.get_width() > 0  # a single point at 0 is still seen
    assert (second.get_x(), second.get_x() + second.get_width()) == (pytest.approx(2.0), pytest.approx(high))


def test_the_words_say_what_is_claimed_and_how_many_attacks(ax):
    from analysis.figures import style

    text = style.alt_text(ax.figure)
    assert "Claimed: C1, then 0; C7, then 2 or more." in text
    assert "n = 4" in text
