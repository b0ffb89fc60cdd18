"""The grid of doubtful rows: each cell is the test on what is taken as known there, and changes are named."""

import json
from functools import partial

import pytest

from analysis import ParameterError, load
from analysis.checks import fragile, grid, over_grid
from analysis.prose import grid_sentence, grid_table
from analysis.stats import rates, waiting

BASE = {"weapon": ["drone"], "start": "2021-04-01", "opened_by_event": True}
FEWER = partial(rates.ratio, at="last_event", alternative="less")


@pytest.fixture(scope="module")
def table():
    return load("data/attacks.csv")


def test_each_cell_is_the_test_on_what_is_taken_as_known_there(table):
    # By hand, window 14 April to 4 June, 51 days: Harir on the 27th or the 26th day, (27/51)^2 and (26/51)^2.
    result = over_grid(grid(table, BASE | {"end": "2021-06-04"}), FEWER).set_index("variation")
    assert result.loc["as given", "pvalue"] == pytest.approx((27 / 51) ** 2)
    early = [name for name in result.index if "10 May" in name]
    assert len(early) == 2
    assert result.loc[early, "pvalue"].tolist() == pytest.approx([(26 / 51) ** 2] * 2)
    assert not fragile(result)


def test_a_date_between_the_two_readings_changes_the_sign(table):
    # 11 May splits the two readings of Harir: it falls after the date, or before it.
    base = BASE | {"end": "2021-05-20"}
    result = over_grid(grid(table, base), partial(rates.ratio, at="2021-05-11"))
    # 27 days before with 1 or 2 events, 9 days after with 1 or 0: ratios 3 and 0.
    assert result["effect"].tolist() == pytest.approx([3, 0, 0, 3, 3])
    assert result["changes"].tolist() == ["", "sign", "sign", "", ""]
    assert fragile(result)
    said = grid_sentence({"the rate after 11 May": result})
    assert "**fragile**; 2 of 4 cells" in said
    assert len(grid_table({"the rate after 11 May": result})) == 5


def test_a_level_that_one_cell_crosses_is_named(table):
    base = BASE | {"end": "2021-06-04"}
    level = 1 - (26.5 / 51) ** 2  # between the two p-values of the grid
    result = over_grid(grid(table, base), FEWER, level=level)
    assert result["changes"].tolist() == ["", "level", "level", "", ""]


def test_an_answer_that_one_cell_loses_is_named(table):
    few = BASE | {"start": "2021-06-10", "end": "2021-06-25"}
    result = over_grid(grid(table, few), waiting.silence)
    assert result.loc[result["variation"].str.contains("without"), "changes"].tolist() == ["answer", "answer"]


def test_what_the_answer_given_leaves_out_stays_out(table):
    base = BASE | {"end": "2021-07-01", "exclude": ["IQ-2021-06-06-AAA"]}
    counts = {name: each.n for name, each in grid(table, base).items()}
    whole = grid(table, BASE | {"end": "2021-07-01"})
    assert counts == {name: each.n - 1 for name, each in whole.items()}
    assert whole["Harir on 11 May 2021, without the weak rows of 14 and 22 June"].n == whole["as given"].n - 2


def test_dates_all_fixed_leave_no_grid(table):
    with pytest.raises(ParameterError, match="fixes every date"):
        grid(table, BASE | {"end": "2021-06-04", "dates": "earliest"})


def test_cells_with_the_same_series_share_one_call(table):
    calls = []

    def counted(series):
        calls.append(series)
        return FEWER(series)

    over_grid(grid(table, BASE | {"end": "2021-06-04"}), counted)
    assert len(calls) == 3  # as given with both readings, and each reading; the rows of June lie outside the window


def test_a_record_without_doubts_says_so():
    table = load("data/example_invented.csv")
    base = {"weapon": ["drone"], "start": "2030-03-01", "end": "2030-05-01", "opened_by_event": True}
    result = over_grid(grid(table, base), FEWER)
    assert result["variation"].tolist() == ["as given"]
    assert "no grid" in grid_sentence({"the rate": result})
    assert json.dumps(result["changes"].tolist()) == '[""]'
