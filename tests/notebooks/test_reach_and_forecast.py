"""The notebooks on what could be shown, on what depends on us and on the forecast: played, and their numbers."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from analysis import Finding

ROOT = Path(__file__).parents[2]
ARTICLE = "as of 2021-06-04"
INVENTED = {
    "catalogue": "data/example_invented.csv",
    "as_of": "2030-04-15",
    "start": "2030-03-01",
    "end": "2030-04-15",
    "target_class": [],
}


class Played:
    """A notebook after its last cell: its names, what it recorded, what it drew and what it showed."""

    def __init__(self, names: dict, shown: list) -> None:
        self.names = names
        self.findings = names["run"].findings
        self.figures = names["run"].figures
        self.shown = shown

    def at(self, name: str) -> Finding:
        return self.findings[name]

    @property
    def conclusion(self) -> str:
        return str(self.shown[-1])


def play(stem: str, **parameters: object) -> Played:
    """Run the cells of a notebook in this process, its parameters replaced; what each cell shows is kept."""
    import ast

    book = json.loads((ROOT / "notebooks" / f"{stem}.ipynb").read_text("utf-8"))
    cells = ["".join(c["source"]) for c in book["cells"] if c["cell_type"] == "code"]
    shown: list[object] = []
    names: dict[str, object] = {"display": lambda *each: shown.extend(each)}
    for i, cell in enumerate(cells):
        tree = ast.parse(cell)
        last = tree.body.pop() if isinstance(tree.body[-1], ast.Expr) else None
        exec(compile(tree, f"{stem}[{i}]", "exec"), names)
        if last is not None:
            value = eval(compile(ast.Expression(last.value), f"{stem}[{i}]", "eval"), names)
            if value is not None and i < len(cells) - 1:
                shown.append(value)
        if i == 0:
            assert set(parameters) <= set(names)
            names.update(parameters)
    return Played(names, shown)


def check_whole(played: Played) -> None:
    """Nothing undefined in what is said, every finding has an answer or a reason, every figure says what it shows."""
    assert not re.search(r"\b(nan|None|inf)\b", played.conclusion)
    for name, finding in played.findings.items():
        assert finding.pvalue is not None or finding.warnings, name
    assert all(len(alt) > 30 for alt in played.figures.values())


@pytest.fixture(scope="module")
def reach() -> Played:
    return play("what_could_be_shown")


def test_the_article_s_design_could_have_shown_nothing(reach):
    # 0.2803 = (27 / 51)^2, 93.7, 243 and 0.169 = exp(-24 / 13.5): the project's worked example.
    silence = reach.at(f"silence / {ARTICLE}")
    assert round(silence.attainable_pvalue, 4) == 0.2803
    assert round(reach.at(f"silence needed for p = 0.05 / {ARTICLE}").effect.value, 1) == 93.7
    assert round(reach.at(f"silence needed for p = 0.01 / {ARTICLE}").effect.value) == 243
    history = reach.at(f"earlier waits needed for p = 0.05 / {ARTICLE}")
    assert history.effect.value is None
    assert round(history.settings["pvalue_rate_known"], 3) == 0.169
    assert "no outcome of these days has a p under 0.28" in reach.conclusion
    check_whole(reach)


def test_one_war_is_one_episode_and_five_are_the_least(reach):
    # Five episodes that all go one way have chance 1/32, the first under 0.05.
    needed = reach.at(f"episodes needed for a full stop / {ARTICLE}")
    assert needed.settings["episodes"] == 1
    assert needed.effect.low == 5
    assert needed.effect.value >= 5


def test_the_smallest_p_of_the_named_date_is_the_share_of_days_before_it(reach):
    # One strike in the 26 days to 10 May, 25 days after: 26 / 51 = 0.51.
    tables = [t for t in reach.shown if hasattr(t, "columns") and "smallest fall" in t.columns]
    assert tables[1].loc[ARTICLE, "smallest p"] == "0.51"
    assert tables[1].loc[ARTICLE, "smallest fall"] == "none"


def test_another_end_moves_numbers_and_sentences():
    # Two waits in 27 days, then 100 quiet days: (27 / 127)^2 = 0.0452.
    later = play("what_could_be_shown", as_of="2021-06-05", end="2021-08-19", weapon=["drone"])
    now = later.at("silence / as of 2021-06-05")
    assert round(now.pvalue, 4) == 0.0452
    assert "could be told from chance (p = 0.045)" in later.conclusion


@pytest.mark.slow
@pytest.mark.parametrize(
    "parameters",
    [
        {"as_of": "2021-04-10"},
        INVENTED | {"weapon": ["drone"], "split_date": "2030-03-20", "stretch": ["2030-03-20", "2030-04-05"]},
    ],
    ids=["before the first strike", "another catalogue"],
)
def test_what_could_be_shown_of_thin_records(parameters):
    check_whole(play("what_could_be_shown", **parameters))


@pytest.fixture(scope="module")
def ways() -> Played:
    return play("depends_on_us", resamples=19)


def test_of_those_that_count_the_same_attacks_every_way_gives_the_article_s_answer(ways):
    # (27 / 51)^2 = 0.2803 as given; as of 4 June every reading has three strikes in it, so none reaches 0.05.
    many = ways.at(f"after the last attack, as of {ARTICLE.removeprefix('as of ')}")
    curve = many.curve
    assert round(curve["pvalue"].iloc[0], 4) == 0.2803
    alike = curve[curve["question"].eq("the same")]
    assert (alike["pvalue"] > 0.05).all()
    assert many.settings["agreement_same_question"] == 1
    assert 0 < many.pvalue <= 1


def test_ways_that_count_other_attacks_are_said_to_answer_another_question(ways):
    for name in ("after the last attack, as of 2021-06-04", "in the stretch, whole record"):
        elsewhere = int(ways.at(name).curve["question"].ne("the same").sum())
        assert elsewhere > 0
        assert f"{elsewhere} of the ways count other attacks" in ways.conclusion
    check_whole(ways)


def test_the_stretch_of_the_whole_record_by_hand(ways):
    # None of 11 strikes in the 24 days from 12 May, 262 days watched: (238 / 262)^11 = 0.348.
    found = ways.at("in the stretch / whole record")
    assert found.n_events == (11, 0)
    assert round(found.pvalue, 3) == round((238 / 262) ** 11, 3) == 0.348


def test_the_priors_are_those_of_the_worked_example(ways):
    table = ways.shown[[hasattr(t, "columns") and "suspension" in t.columns for t in ways.shown].index(True)]
    assert table.loc[13.5, "suspension"].tolist() == [3.83, 4.04, 4.35]
    assert table.loc[40.0, "suspension"].tolist() == [2.80, 2.51, 2.25]


@pytest.mark.slow
@pytest.mark.parametrize(
    "parameters",
    [
        {"as_of": "2021-04-10"},
        INVENTED | {"weapon": ["drone"], "stretch": ["2030-03-20", "2030-04-05"]},
    ],
    ids=["before the first strike", "another catalogue"],
)
def test_how_much_depends_on_us_in_thin_records(parameters):
    check_whole(play("depends_on_us", resamples=9, **parameters))


@pytest.fixture(scope="module")
def ahead() -> Played:
    return play("forecast")


def test_the_next_strike_was_forecast_and_came_on_6_june(ahead):
    # By hand: half of the law is past 51 (sqrt(2) - 1) = 21.1 days; limits 51 (0.95^-1/2 - 1) and 51 (0.05^-1/2 - 1).
    found = ahead.at("next attack / drone").effect
    assert found.value == pytest.approx(51 * (2**0.5 - 1))
    assert (found.low, found.high) == pytest.approx((51 * (0.95**-0.5 - 1), 51 * (0.05**-0.5 - 1)))
    # 6 June 2021, 00:30, is 2.02 days after the midnight that begins 4 June.
    row = ahead.names["scored"].loc["drone"]
    assert row["came after"] == pytest.approx(2 + 0.5 / 24, abs=0.01)
    assert row["pit"] == pytest.approx(1 - (51 / (51 + row["came after"])) ** 2)
    assert row["inside"]
    assert "consistent with attacks going on" in ahead.conclusion


def test_the_strikes_of_the_months_after_are_counted_against_the_limits(ahead):
    # Nights with a strike in attacks.csv: 6, 9, 14, 22 and 26 June, then 5, 6 and 23 July.
    numbers = ahead.names["numbers"]
    came = [numbers.loc[(f"attacks in {h} days", "drone"), "came"] for h in (30, 60, 90)]
    assert came == [5, 8, 8]
    assert numbers.loc[("attacks in 30 days", "drone"), ["low", "high"]].tolist() == [0, 5]


def test_without_the_weak_rows_two_fewer_came(ahead):
    counted = ahead.names["counted"].loc["attacks in 30 days"]
    assert set(counted["came"]) == {3, 5}
    assert "3 to 5 came" in ahead.conclusion


def test_every_wait_of_the_record_is_scored(ahead):
    found = ahead.at("every wait / drone")
    assert found.settings["waits"] == found.n_events - 1 == 10
    assert 0 < found.pvalue < 1
    check_whole(ahead)


def test_a_forecast_of_another_day_has_other_numbers_and_other_words():
    # From 24 July four strikes were known and more; the next came on 11 September, 49 days on.
    later = play("forecast", as_of="2021-07-24", end="2021-07-24")
    row = later.names["scored"].loc["drone"]
    assert row["came after"] == pytest.approx(49 + 23.72 / 24, abs=0.02)
    assert not row["inside"]
    assert "outside these limits" in later.conclusion


@pytest.mark.slow
@pytest.mark.parametrize(
    "parameters",
    [{"as_of": "2021-04-10"}, {"as_of": "2022-01-01", "end": "2022-01-01"}, INVENTED | {"weapon": ["drone"]}],
    ids=["before the first strike", "nothing held out", "another catalogue"],
)
def test_forecasts_from_thin_records(parameters):
    check_whole(play("forecast", **parameters))
