"""Placebo dates and theatres: the rank of the actual one, which is even when the date owes nothing to the events."""

from __future__ import annotations

from functools import partial

import numpy as np
import pytest

from analysis import EventSeries, Finding, ParameterError, load
from analysis.checks import leave_one_source_out, placebo_dates, placebo_theatres
from analysis.checks.leave_source_out import names, resting_on
from analysis.results import Estimate
from analysis.stats import rates, trend

# Statistics, not language: left to the main environment.
pytestmark = pytest.mark.slow

FEWER = partial(rates.ratio, alternative="less")
STOPPED = EventSeries.from_numbers(
    [0.7, 2.9, 3.1, 6.5, 8.2, 9.6, 24.5], start=0, end=30, holes=[(15, 18)], label="raids"
)


def test_the_rank_is_counted_over_all_admissible_dates():
    found = placebo_dates(STOPPED, FEWER, at=10)
    # By hand: dates 1, 2, ..., 29; 15, 16 and 17 lie in the hole; a day on each side at least.
    dates = [t for t in range(1, 30) if not 15 <= t < 18]
    assert found.curve["elapsed"].tolist() == dates
    p = np.array([FEWER(STOPPED, at=t).pvalue for t in dates])
    assert found.pvalue == pytest.approx(np.mean(p <= p[dates.index(10)] + 1e-12))
    assert found.attainable_pvalue == pytest.approx(1 / 26)
    assert found.curve.loc[found.curve["actual"], "pvalue"].item() == FEWER(STOPPED, at=10).pvalue
    assert found.effect.value == FEWER(STOPPED, at=10).effect.value
    assert found.effect.interval == "null range"


def test_a_minimal_stretch_takes_dates_away_on_both_sides():
    found = placebo_dates(STOPPED, FEWER, at=10, least_days=8)
    assert (found.curve["elapsed"].min(), found.curve["elapsed"].max()) == (
        8,
        22,
    )  # 27 watched days; 8 of them after 22
    with pytest.raises(ParameterError, match="least_days"):
        placebo_dates(STOPPED, FEWER, at=10, least_days=11)
    with pytest.raises(ParameterError, match="hole"):
        placebo_dates(STOPPED, FEWER, at=16)
    with pytest.raises(ParameterError, match="outside the window"):
        placebo_dates(STOPPED, FEWER, at=31)


def test_given_dates_are_joined_by_the_one_asked_about():
    found = placebo_dates(STOPPED, FEWER, at=10, dates=[5, 20, 10])
    assert found.curve["elapsed"].tolist() == [5, 10, 20]
    assert "no p under" in " ".join(found.warnings)
    alone = placebo_dates(STOPPED, FEWER, at=10, dates=[])
    assert alone.inconclusive
    assert alone.pvalue is None


@pytest.mark.parametrize("times", [[], [4.0], [4.0, 4.0]])
def test_few_events_have_a_defined_answer(times):
    found = placebo_dates(EventSeries.from_numbers(times, start=0, end=12), FEWER, at=6)
    assert 0 < found.pvalue <= 1
    assert found.to_record()


def test_shifting_the_axis_changes_nothing():
    later = EventSeries.from_numbers(STOPPED.times + 100, start=100, end=130, holes=[(115, 118)])
    assert placebo_dates(later, FEWER, at=110).pvalue == placebo_dates(STOPPED, FEWER, at=10).pvalue


def test_p_is_even_for_a_date_that_owes_nothing_to_the_events():
    # Clustered events: the test itself rejects far too often, the rank among the dates does not.
    rng = np.random.default_rng(42)
    ranked, plain = [], []
    for _ in range(150):
        times = np.sort((rng.uniform(0, 40, 4)[:, None] + rng.exponential(1, (4, 5))).ravel())
        series = EventSeries.from_numbers(times[times < 40], start=0, end=40)
        at = float(rng.integers(1, 40))
        ranked.append(placebo_dates(series, FEWER, at=at, workers=1).pvalue)
        plain.append(FEWER(series, at=at).pvalue)
    for level in (0.1, 0.3, 0.5):
        assert np.mean(np.array(ranked) <= level) <= level + 3 * np.sqrt(level * (1 - level) / 150)
    assert np.mean(np.array(ranked) <= 0.5) >= 0.5 - 1 / 39 - 3 * np.sqrt(0.25 / 150)
    assert np.mean(np.array(plain) <= 0.1) > 0.2


def test_theatres_are_ranked_with_the_one_asked_about():
    theatres = {
        f"theatre {i}": EventSeries.from_numbers([2.2 + i, 11.4, 19.7, 28.3], start=0, end=30) for i in range(3)
    }
    test = partial(rates.ratio, at=10, alternative="less")
    found = placebo_theatres(STOPPED, theatres, test)
    assert found.pvalue == found.attainable_pvalue == 0.25
    assert found.curve["theatre"].tolist() == ["raids", *theatres]
    assert "4 theatres in all" in " ".join(found.warnings)
    same = placebo_theatres(STOPPED, {"raids": STOPPED}, test)
    assert same.pvalue == 1
    with pytest.raises(ParameterError, match="theatres"):
        placebo_theatres(STOPPED, {}, test)


def test_a_test_without_a_date_is_refused_and_one_that_draws_gets_a_generator():
    with pytest.raises(ParameterError, match="setting 'at'"):
        placebo_dates(STOPPED, trend.laplace, at=10)

    def drawing(series, *, at, rng=None):
        value = float(rng.random())
        effect = Estimate(name="share", value=value, low=0, high=1)
        return Finding(question="q", null="n", method="m", pvalue=value, effect=effect, warnings=("drawn",))

    once, again = (placebo_dates(STOPPED, drawing, at=10, rng=5, workers=w) for w in (1, 2))
    assert once.curve["pvalue"].tolist() == again.curve["pvalue"].tolist()
    assert once.curve["pvalue"].nunique() == len(once.curve)


def test_a_source_left_out_takes_only_what_rests_on_it():
    table = load("data/attacks.csv")
    base = {"weapon": ["rocket"], "start": "2021-01-01", "end": "2021-06-04"}
    result = leave_one_source_out(table, base, partial(rates.ratio, at="2021-05-10", alternative="less"))
    assert result["variation"].iloc[0] == "as given"
    by_id = table.set_index("event_id")
    for line in result.iloc[1:].to_dict("records"):
        source = line["variation"].removeprefix("without ")
        for event in line["note"].removeprefix("left out: ").split(";")[0].split(", "):
            reports = by_id.loc[event, ["source_1", "source_2"]].dropna()
            assert all(source in report for report in reports)
        assert line["n_events"] <= result["n_events"].iloc[0]


def test_what_a_report_needs():
    import pandas as pd

    assert names("GV Wire / AP") == {"GV Wire", "AP"}
    assert names("Sabereen (Telegram)") == {"Sabereen"}
    rows = pd.DataFrame(
        {
            "event_id": ["a", "b", "c", "d"],
            "source_1": ["X / AP", "X", "AP", None],
            "source_2": ["AP", "Y", None, None],
        }
    )
    assert resting_on(rows) == {"AP": ["a", "c"]}
