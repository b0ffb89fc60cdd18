"""Bars of waits, survival steps and the surprise of a silence: that what is drawn is what was computed."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from analysis.errors import ParameterError
from analysis.figures import style, waiting
from analysis.figures.bars import waits_of
from analysis.timeline import EventSeries


def widths(patches):
    return [round(patch.get_width(), 9) for patch in patches]


def test_the_worked_example_has_three_bars_and_the_open_one_is_hatched(cases, seen):
    shown = seen(waiting.wait_bars(cases["WORKED"], days_needed=93.7477))
    assert widths(shown.patches("complete")) == [24, 3]
    (open_,) = shown.patches("open")
    assert open_.get_width() == 24
    assert open_.get_hatch()
    assert not any(patch.get_hatch() for patch in shown.patches("complete"))
    assert shown.named("length") == ["24 days", "3 days", "24 days, open"]
    dash = "\u2013"
    rows = [tick.get_text() for tick in shown.ax.get_yticklabels()]
    assert rows == [f"14 Apr {dash} 8 May", f"8 May {dash} 11 May", f"11 May {dash} 4 Jun"]
    assert "n = 2 closed waits, 1 open, 51 days watched" in shown.words()


def test_the_silence_needed_is_a_line_with_its_days(cases, seen):
    shown = seen(waiting.wait_bars(cases["WORKED"], days_needed=93.7477))
    (line,) = shown.lines("needed")
    assert line.get_xdata()[0] == 93.7477
    assert shown.named("flag") == ["silence needed for p = 0.05: 93.7 days"]


def test_a_silence_needed_far_beyond_the_waits_is_told_and_not_drawn(cases, seen):
    shown = seen(waiting.wait_bars(cases["ONE"], days_needed=5000, level=0.01))
    assert shown.lines("needed") == []
    assert "silence needed for p = 0.01: 5,000 days, far beyond the axis" in shown.words()


def test_a_wait_across_a_hole_is_one_row_with_the_hole_hatched(cases, seen):
    # events on 10 April 12:00 (day 9.5) and 1 May (day 30), nobody watching on days 14 to 21
    shown = seen(waiting.wait_bars(cases["TIES"]))
    (hole,) = shown.patches("not watched")
    assert (hole.get_x(), hole.get_width()) == (4.5, 7.0)
    dotted = [p for p in shown.patches("complete") if p.get_hatch()]
    assert [(p.get_x(), p.get_width()) for p in dotted] == [(0.0, 4.5), (11.5, 9.0)]
    assert "20.5 days, 13.5 watched" in shown.named("length")
    assert {p.get_hatch() for p in dotted} != {p.get_hatch() for p in shown.patches("open")}


def test_ties_keep_a_row_each(cases, seen):
    shown = seen(waiting.wait_bars(cases["TIES"]))
    assert shown.named("length")[:3] == ["3 days to the first attack", "0 days", "0 days"]
    assert len(shown.lines("tie")) == 2


def test_what_lies_before_the_first_attack_is_not_called_a_wait(cases, seen):
    shown = seen(waiting.wait_bars(cases["ONE"]))
    (entry,) = shown.patches("entry")
    assert entry.get_width() == 7.5
    assert "pale: before the first attack, not a wait" in shown.words()
    assert "n = 0 closed waits, 1 open" in shown.words()


@pytest.mark.parametrize(
    ("name", "gid", "said"),
    [("NONE_OPENED", "open", "51 days, open"), ("NONE_WITH_HOLE", "entry", "51 days, 43 watched, no attack")],
)
def test_no_attack_is_a_bar_and_a_sentence(cases, seen, name, gid, said):
    shown = seen(waiting.wait_bars(cases[name]))
    assert shown.patches(gid)
    assert shown.named("length") == [said]
    assert shown.named("sentence")[0].startswith("No attack in this selection, ")


def test_a_window_closed_by_an_event_has_no_open_bar(cases, seen):
    shown = seen(waiting.wait_bars(cases["CLOSED"]))
    assert shown.patches("open") == []
    np.testing.assert_allclose(widths(shown.patches("complete")), [0.7, 6.8, 0.1, 15.5])
    assert "years (n = 4 closed waits, 23.5 years watched)" in shown.words()


def test_many_waits_stand_on_the_calendar_as_high_as_they_are_long(cases, seen):
    series = cases["YEAR"]
    shown = seen(waiting.wait_bars(series, days_needed=50))
    bars = [p for gid in ("entry", "complete", "open") for p in shown.patches(gid)]
    assert len(bars) == series.n + 1
    np.testing.assert_allclose([p.get_height() for p in bars], [p.get_width() for p in bars], atol=1e-6)
    longest = max(w.days for w in waits_of(series) if w.kind == "complete")
    assert any(text.startswith(f"{longest:.1f} days") for text in shown.named("tag"))
    assert any("silence needed for p = 0.05: 50 days" in text for text in shown.named("tag"))


def test_pieces_of_a_wait_are_put_together_again():
    series = EventSeries.from_numbers([2.5, 9.0], start=0, end=20, holes=[(3, 4), (6, 7.5), (12, 13)])
    waits = waits_of(series)
    assert [w.kind for w in waits] == ["entry", "complete", "open"]
    assert [w.days for w in waits] == [2.5, 6.5, 11.0]
    assert [w.watched for w in waits] == [2.5, 4.0, 10.0]
    assert waits[1].pieces == [(0.0, 0.5), (1.5, 3.5), (5.0, 6.5)]


# -- survival -----------------------------------------------------------------------------------------


def test_survival_is_drawn_as_steps_with_stepped_limits(cases, seen):
    shown = seen(waiting.survival(cases["SURVIVAL"], law=13.5))
    (line,) = shown.lines("survival")
    assert line.get_xdata().tolist() == [0, 3, 3, 24, 24, 24]
    np.testing.assert_allclose(line.get_ydata(), [1, 1, 2 / 3, 2 / 3, 1 / 3, 1 / 3])
    (limits,) = shown.collections("limits")
    corners = limits.get_paths()[0].vertices
    assert {(3.0, 0.054), (3.0, 0.945), (24.0, 0.054), (24.0, 0.945)} <= {tuple(c) for c in corners.tolist()}
    assert "95% limits" in shown.words()


def test_the_open_wait_is_marked_on_the_curve(cases, seen):
    shown = seen(waiting.survival(cases["SURVIVAL"]))
    (mark,) = shown.lines("open wait")
    assert mark.get_xydata().tolist() == [[24.0, pytest.approx(1 / 3)]]
    assert shown.named("tag") == ["open wait: 24 days so far"]
    assert "n = 2 closed waits, 1 open" in shown.words()
    moved = seen(waiting.survival(cases["SURVIVAL"], open_wait=10.0))
    assert moved.lines("open wait")[0].get_xydata().tolist() == [[10.0, pytest.approx(2 / 3)]]


def test_the_law_is_the_exponential_of_its_mean_wait(cases, seen):
    (law,) = seen(waiting.survival(cases["SURVIVAL"], law=13.5)).lines("law")
    np.testing.assert_allclose(law.get_ydata(), np.exp(-law.get_xdata() / 13.5))


def test_waits_at_risk_stand_under_their_step(cases, seen):
    shown = seen(waiting.survival(cases["SURVIVAL"]))
    risk = [t for t in shown.ax.texts if t.get_gid() == "at risk"]
    assert [(t.get_position()[0], t.get_text()) for t in risk] == [(3.0, "3"), (24.0, "2")]


def test_unknown_limits_are_not_drawn(cases, seen):
    steps = pd.DataFrame(
        {"days": [5.0], "at_risk": [1], "events": [1], "survival": [0.0], "low": [np.nan], "high": [np.nan]}
    )
    shown = seen(waiting.survival(replace(cases["SURVIVAL"], curve=steps, settings={})))
    assert shown.collections("limits") == []
    assert "no limits from these data" in shown.words()
    assert "n = 1 closed wait" in shown.words()


def test_a_curve_of_another_figure_is_refused_by_name(cases):
    with pytest.raises(ParameterError, match=r"no column days, survival, .*; it has quiet_days, pvalue"):
        waiting.survival(cases["SILENCE"])


@pytest.mark.parametrize("draw", [waiting.survival, waiting.surprise])
def test_a_thin_finding_gives_its_reason(cases, seen, draw):
    shown = seen(draw(cases["THIN"]))
    (sentence,) = shown.named("sentence")
    flat = " ".join(sentence.split())
    assert "1 attack in this selection, 51 days watched." in flat
    assert "<script>alert('$x$')</script>" in flat
    assert flat == style.alt_text(shown.fig)


# -- surprise -----------------------------------------------------------------------------------------


def test_the_curve_says_where_we_are_and_where_it_crosses_the_level(cases, seen):
    shown = seen(waiting.surprise(cases["SILENCE"]))
    (now,), (crossing,) = shown.lines("now"), shown.lines("crossing")
    assert now.get_xydata().tolist() == [[24.0, pytest.approx(0.28028, abs=1e-5)]]
    assert crossing.get_xydata().tolist() == [[93.7477, 0.05]]
    assert shown.named("tag") == ["now: 24 days, p = 0.28", "p = 0.05 after 93.7 days"]
    assert shown.ax.get_yscale() == "linear"
    assert shown.lines("level")[0].get_ydata()[0] == 0.05


def test_laws_are_named_at_their_ends_and_told_apart_without_colour(cases, seen):
    shown = seen(waiting.surprise(cases["BY_LAW"]))
    assert len({str(line.get_linestyle()) for line in shown.lines("chance")}) == 3
    # by hand: (27 / (27 + 14.4)) ** 1.3 = 0.57, exp(-48 / 27) = 0.17
    assert set(shown.named("line name")) == {
        "exponential: p = 0.28 now",
        "Weibull: p = 0.57 now",
        "rate known: p = 0.17 now",
    }
    assert shown.named("flag") == ["now: 24 days"]


def test_a_crossing_that_nobody_gave_is_read_off_the_curve(cases, seen):
    shown = seen(waiting.surprise(cases["BY_LAW"]))
    # exp(-2 q / 27) = 0.05 at q = 13.5 ln 20 = 40.44
    days = [line.get_xdata()[0] for line in shown.lines("crossing")]
    assert any(d == pytest.approx(13.5 * np.log(20), abs=1e-6) for d in days)
    assert "40.4 days" in shown.named("tag")


def test_a_curve_that_never_reaches_the_level_has_no_crossing(cases, seen):
    short = cases["SILENCE"].curve.iloc[:60]
    finding = replace(cases["SILENCE"], curve=short, settings={"level": 0.05})
    shown = seen(waiting.surprise(finding))
    assert shown.lines("crossing") == []
    assert "after 29.5 days" in style.alt_text(shown.fig)


def test_what_the_tests_of_waits_give_can_be_drawn(cases, seen):
    from analysis.stats import waiting as tests

    steps = seen(waiting.survival(tests.survival(cases["WORKED"]), open_wait=cases["WORKED"].quiet_days))
    assert steps.lines("survival")[0].get_ydata()[-1] == pytest.approx(1 / 3)
    shown = seen(waiting.surprise(tests.surprise(cases["WORKED"])))
    assert shown.lines("now")[0].get_ydata()[0] == pytest.approx((27 / 51) ** 2)
    assert shown.lines("crossing")[0].get_xdata()[0] == pytest.approx(93.7477, abs=1e-3)
