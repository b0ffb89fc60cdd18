"""Figures of coincidence: correlogram, matches against chance, events against a state, rivals."""

from __future__ import annotations

import numpy as np
import pytest

from analysis.errors import ParameterError
from analysis.figures import coincidence, style
from analysis.stats import coincidence as tested


def test_the_correlogram_shows_every_lag_with_both_envelopes(cases, seen):
    a, b = cases["YEAR"], cases["OTHER_THEATRE"]
    found = tested.cross_correlogram(a, b, bin_days=2, max_lag=20, rng=1, resamples=199)
    shown = seen(coincidence.correlogram(found))
    (pairs,) = shown.lines("pairs")
    assert pairs.get_xdata() == pytest.approx(np.arange(-20, 21, 2))
    assert pairs.get_ydata() == pytest.approx(found.curve["pairs"])
    assert len(shown.lines("all lags")) == 2
    assert len(shown.collections("one lag")) == 1
    assert f"n = {a.n} and {b.n}" in shown.words()
    assert "null: circular shift" in shown.words()


def test_a_one_sided_correlogram_has_one_bound(cases, seen):
    found = tested.cross_correlogram(
        cases["YEAR"], cases["OTHER_THEATRE"], bin_days=2, max_lag=20, alternative="greater", rng=1, resamples=199
    )
    assert len(seen(coincidence.correlogram(found)).lines("all lags")) == 1


def test_the_bars_are_the_null_and_the_line_is_what_was_seen(cases, seen):
    found = tested.event_coincidence(cases["YEAR"], cases["OTHER_THEATRE"], window_days=3, rng=1, resamples=499)
    shown = seen(coincidence.matched(found))
    assert sum(bar.get_height() for bar in shown.patches("null")) == pytest.approx(1)
    (line,) = shown.lines("seen")
    assert line.get_xdata()[0] == found.statistic
    assert "seen" in shown.words()


def test_the_rate_steps_are_counts_over_watched_time(cases, seen):
    series, state = cases["YEAR"], cases["TALKS"]
    found = tested.rate_while(series, state, rng=1)
    shown = seen(coincidence.while_on(found, series, state))
    on, off = shown.lines("on"), shown.lines("off")
    assert len(on) == 3
    assert on[0].get_ydata()[0] == pytest.approx(found.n_events[1] / found.exposure_days[1])
    assert off[0].get_ydata()[0] == pytest.approx(found.n_events[0] / found.exposure_days[0])
    assert len(shown.patches("state")) == 3
    assert "hatched: not watched" in shown.words()
    assert "3 episodes" in shown.words()


def test_one_episode_is_drawn_and_said(cases, seen):
    shown = seen(coincidence.while_on(tested.rate_while(cases["WORKED"], cases["WAR"]), cases["WORKED"], cases["WAR"]))
    assert "1 episode" in shown.words()
    assert "1 episode" in style.alt_text(shown.fig)


def test_rivals_stand_under_the_favoured_one_with_their_episodes(cases, seen):
    shown = seen(coincidence.rivals(cases["RIVALS"].findings))
    names = [label.get_text() for label in shown.ax.get_yticklabels()]
    assert "Gaza war" in names[0]
    assert "1 episode" in " ".join(names[0].split())
    assert "3 episodes" in " ".join(names[1].split())
    assert "on over off" in shown.words()


def test_a_finding_of_another_test_is_refused(cases):
    found = tested.rate_while(cases["YEAR"], cases["TALKS"], rng=1)
    assert not found.inconclusive
    other = tested.cross_correlogram(cases["YEAR"], cases["OTHER_THEATRE"], bin_days=2, max_lag=20, rng=1, resamples=99)
    with pytest.raises(ParameterError, match="another figure"):
        coincidence.matched(other)
