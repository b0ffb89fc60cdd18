"""The words of the briefing: what is quoted, where the fall lies, and what it leans on."""

from __future__ import annotations

import pytest

from analysis import EventSeries, load, prose
from analysis.catalogue import claims
from analysis.prose.briefing import ordered
from analysis.stats import changepoint
from analysis.timeline import Window

EARLY = [3.2, 9.1, 14.8, 20.3, 27.7, 33.0, 41.9, 48.6, 55.1]


def dated(times, end="2021-12-27"):
    return EventSeries(times, Window.between("2021-03-02", end))


def fell(series):
    return changepoint.scan(series, rng=2, resamples=199, alternative="less")


@pytest.fixture(scope="module")
def columns():
    then = load("data/attacks.csv", as_of="2021-06-04")
    return {"as of 2021-06-04": prose.answers(claims(), then, seed=1, only=["C1", "C3a", "C3b"])}


def test_a_fall_is_dated_counted_and_held_against_the_date_that_was_named():
    series = {"shells": dated(EARLY), "shells, where watched": dated(EARLY)}
    text = prose.fall_text(series, {n: fell(s) for n, s in series.items()}, named="2021-11-02")
    # The last of nine falls on the 55th day after 2 March, 26 April.
    assert "the pace fell about 2021-04-26" in text
    assert "9 attacks in 55.1 days until then, 0 in 245 after" in text
    assert "2021-11-02, the date that was named, lies outside these limits" in text
    assert "leans on" not in text


def test_a_fall_that_only_the_unwatched_time_shows_is_said_to_lean_on_it():
    series = {"shells": dated(EARLY), "shells, where watched": dated(EARLY, end="2021-05-03")}
    text = prose.fall_text(series, {n: fell(s) for n, s in series.items()}, named="2021-04-27")
    assert "no fall is shown" in text
    assert "leans on the quiet of stretches in which few were watching" in text


def test_nothing_to_search_is_said_in_words():
    empty = dated([])
    assert "cannot be told" in prose.fall_text({"shells": empty}, {"shells": fell(empty)}, named="2021-04-27")


def test_the_headline_comes_first_and_keeps_what_there_is(columns):
    assert ordered(columns, ["C3b", "C99"]) == ["C3b", "C1", "C3a"]
    assert list(prose.verdict_table(columns, ["C3a", "C3b"]).index) == ["C3a", "C3b", "C1"]
    assert "None of these claims" in prose.answers_text(columns, ["C99"])


def test_what_is_quoted_says_what_the_design_could_not_have_shown(columns):
    text = prose.closing_text(columns, ["C3b"])
    assert (
        "C3b, “The drone strikes were suspended after the strike of 11 May”: as of 2021-06-04, these data cannot tell"
        in text
    )
    assert "no outcome, total cessation included" in text.split("C1, ")[0]
    assert "no outcome" not in text.split("C1, ")[1]


def test_the_evidence_stands_beside_every_verdict(columns):
    row = prose.evidence_table(columns).loc[("C3b", "as of 2021-06-04")]
    assert row["effect"].startswith("rate ratio, after over before: 0 (0 to 3.91)")
    assert (row["n"].replace("\u00a0", " "), row["days watched"].replace("\u00a0", " ")) == ("2 and 0", "27 and 24")


def test_without_claims_it_says_so():
    assert "register is empty" in prose.closing_text({"as of a day": {}})
    assert prose.verdict_table({"as of a day": {}}).empty
    assert prose.rivals_text({}, {}) == ""
