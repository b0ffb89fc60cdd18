"""States that are on or off: their time on, off and unwatched must add up to the window."""

import numpy as np
import pandas as pd
import pytest

from analysis import ParameterError, StateSeries, Window

WINDOW = Window(0.0, 30.0, holes=((2.5, 5.0), (24.0, 26.0)))
WAR = StateSeries(((10.0, 12.0), (1.0, 4.0)), WINDOW, label="war")


def test_spells_are_put_in_order_and_counted_as_episodes():
    assert WAR.spells == ((1.0, 4.0), (10.0, 12.0))
    assert WAR.edges.tolist() == [[1, 4], [10, 12]]
    assert WAR.episodes == 2


def test_time_on_and_off_is_watched_time():
    assert WAR.days_on == 3.5
    assert WAR.days_on + WAR.days_off == WINDOW.days


def test_a_spell_is_half_open():
    assert WAR.is_on([0.9, 1, 3.9, 4, 10, 12]).tolist() == [False, True, True, False, True, False]
    assert WAR.is_on(11) == np.True_
    assert WAR.is_on(np.zeros((2, 3))).shape == (2, 3)


def test_a_state_that_never_was_on():
    never = StateSeries((), WINDOW)
    assert (never.episodes, never.days_on, never.days_off) == (0, 0, 25.5)
    assert not never.is_on([1, 2]).any()


def test_the_part_that_falls_into_the_window():
    window = Window.between("2021-05-01", "2021-06-04")
    war = (
        pd.Timestamp("2021-05-10", tz="Asia/Jerusalem"),
        pd.Timestamp("2021-05-21 02:00", tz="Asia/Jerusalem"),
    )
    talks = (pd.Timestamp("2021-04-06", tz="UTC"), pd.Timestamp("2021-05-02", tz="UTC"))
    later = (pd.Timestamp("2021-07-01", tz="UTC"), pd.Timestamp("2021-07-02", tz="UTC"))
    state = StateSeries.clipped([war, talks, later], window, "war or talks")
    assert state.episodes == 2
    assert state.days_on == pytest.approx(11 + 2 / 24 + 1 + 3 / 24)
    assert state.spells[0][0] == window.start


def test_dates_may_be_written_as_text():
    state = StateSeries((("2021-05-10", "2021-05-21"),), Window.between("2021-05-01", "2021-06-04"))
    assert state.days_on == 11


@pytest.mark.parametrize(
    ("spells", "complaint"),
    [
        (((3, 3),), "must end after it starts"),
        (((1, 4), (3.5, 9)), "spells overlap; join them first"),
        (((-1, 4),), "reaches outside the window"),
        (((28, 31),), "reaches outside the window"),
    ],
)
def test_impossible_spells_are_refused(spells, complaint):
    with pytest.raises(ParameterError, match=f"war: .*{complaint}"):
        StateSeries(spells, WINDOW, label="war")


def test_spells_may_touch():
    assert StateSeries(((1, 4), (4, 9)), WINDOW).episodes == 2
