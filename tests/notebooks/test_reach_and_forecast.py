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
    names: dict[str, object] = {"display": shown.append}
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
