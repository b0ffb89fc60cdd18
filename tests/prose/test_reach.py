"""What a record could have shown, in words that hold for that record."""

from __future__ import annotations

import pytest

from analysis.prose import could_show
from analysis.stats import coincidence, sequential, waiting
from analysis.timeline import EventSeries, StateSeries, Window


def said(times, end, *, spells=((10.0, 15.0),), reference=0.025):
    window = Window(0, end, opened_by_event=True)
    series = EventSeries(times, window, label="attacks")
    state = StateSeries(tuple(s for s in spells if s[1] <= end), window, label="a <war>")
    questions = (waiting.silence, waiting.silence_needed, waiting.history_needed)
    parts = [{"as of now": test(series)} for test in questions]
    episodes = {"as of now": coincidence.episodes_needed(series, state)}
    return could_show(*parts, episodes, {"as of now": sequential.alarm(series, reference=reference)})


def test_the_worked_example_could_have_shown_nothing_and_says_when_it_could():
    # 0.28, 93.7 and 0.17 = exp(-24 / 13.5) are the project's worked example.
    text = said([24.0, 27.0], 51)
    assert text.startswith("**To be quoted.** As of now.")
    assert "no outcome of these days has a p under 0.28" in text
    assert "93.7 quiet days" in text
    assert "p would still be 0.17" in text
    assert "there is a record of 1 such episode." in text


def test_a_silence_that_can_be_told_is_not_said_to_be_beyond_telling():
    text = said([2.0, 4.0, 5.0, 9.0, 11.0], 60)
    assert "could be told from chance" in text
    assert "could not" not in text
    assert "bring a silence this long" in text


@pytest.mark.parametrize("times", [[], [3.0]])
def test_thin_records_make_sentences_without_holes(times):
    text = said(times, 20, spells=())
    assert "None" not in text
    assert "nan" not in text


def test_a_label_from_data_is_plain_text():
    assert "<war>" not in said([2.0, 24.0], 51)
