"""The calibration: a quick look at every test, that it catches a bad one, and that its page is what it measures."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner

from analysis import ParameterError
from analysis.checks import calibration
from analysis.checks.calibration import run
from analysis.checks.calibration.case import SCHEMED, SCHEMES, poisson_series, state_and_series
from analysis.runs.commands import main
from analysis.stats import rates

# Statistics, not language: left to the main environment.
pytestmark = pytest.mark.slow

PAGE = Path(__file__).parents[3] / "docs" / "calibration.md"
CASES = {case.name: case for case in calibration.cases()}


@pytest.mark.parametrize("name", CASES)
def test_a_quick_look_finds_no_broken_promise(name):
    # 1 in 4000 among 10 to 40 data sets: a size of 20 to 50 % shows. The full run is docs/calibration.md.
    for cell in run.cells([CASES[name]], quick=True):
        found = calibration.measured(cell.case, cell.n, scheme=cell.scheme, runs=cell.runs)
        assert not found.exceeds, f"{found}: size {found.size}, coverage {found.coverage}"


@pytest.mark.parametrize("name", CASES)
def test_every_case_answers_at_the_n_it_promises(name):
    case = CASES[name]
    n = max(case.least, min(case.sizes))
    found = calibration.measured(case, n, runs=5)
    if n >= 10:
        assert found.inconclusive < found.runs, f"{name} says nothing at n = {n}"
    assert case.family in run.FAMILIES


def quarter_of_p(series, rng):
    """Laplace's test with a quarter of its p: it rejects a constant rate in 20 % of 5 %."""
    finding = CASES["trend.laplace"].test(series, rng)
    return replace(finding, pvalue=finding.pvalue / 4, attainable_pvalue=0.0)


def test_a_test_that_rejects_too_often_is_caught():
    liar = replace(CASES["trend.laplace"], test=quarter_of_p)
    found = calibration.measured(liar, 3, runs=150)
    assert found.too_large
    assert found.exceeds
    assert not replace(found, approximate=True).exceeds


def test_limits_that_miss_the_truth_too_often_are_caught():
    def narrow(series, rng):
        return rates.rate(series, level=0.6)

    liar = replace(CASES["rates.rate"], test=narrow)
    found = calibration.measured(liar, 30, runs=150)
    assert found.too_small
    assert found.coverage == pytest.approx(0.6, abs=0.15)


def test_size_and_coverage_are_counted_as_they_should_be():
    # By hand: the rate's test against the truth rejects exactly where its interval misses.
    found = calibration.measured(CASES["rates.rate"], 10, runs=300)
    assert (found.tested, found.limited, found.inconclusive) == (300, 300, 0)
    assert found.rejected == found.missed
    rng = np.random.default_rng([1, run_seed("rates.rate"), 10, run_seed("plain")])
    p = [rates.rate(CASES["rates.rate"].null(10, rng), against=0.1).pvalue for _ in range(300)]
    assert found.rejected == sum(x <= 0.05 for x in p)


def run_seed(text: str) -> int:
    import zlib

    return zlib.crc32(text.encode())


def test_two_processes_give_what_one_gives():
    one, two = (
        calibration.calibrate(["rates"], runs=6, sizes=[3], workers=w, progress=False).to_json() for w in (1, 2)
    )
    assert one == two


def test_a_cell_has_one_answer_whatever_else_is_measured():
    alone = calibration.calibrate(["trend"], runs=5, sizes=[3], workers=1, progress=False)
    among = calibration.calibrate(["rates", "trend"], runs=5, sizes=[3], workers=1, progress=False)
    pd.testing.assert_frame_equal(alone, among[among["name"].str.startswith("trend")].reset_index(drop=True))


def test_wrong_requests_name_the_value():
    with pytest.raises(ParameterError, match=r"'rate'.*Did you mean 'rates'"):
        calibration.cases(["rate"])
    with pytest.raises(ParameterError, match=r"runs.*0"):
        run.cells(CASES.values(), runs=0)


def test_the_command_prints_the_page_and_writes_it(tmp_path):
    out = tmp_path / "page.md"
    command = ["calibrate", "rates", "--runs", "4", "--sizes", "3", "--workers", "1", "--output", str(out)]
    told = CliRunner().invoke(main, command)
    assert told.exit_code == 0, told.output
    assert out.read_text(encoding="utf-8") in told.output
    assert "| rates.ratio |" in told.output
    assert "python -m analysis calibrate rates --runs 4 --sizes 3" in told.output
    wrong = CliRunner().invoke(main, ["calibrate", "--sizes", "3,few"])
    assert wrong.exit_code == 2
    assert "3,few" in wrong.output


def test_a_broken_promise_stands_on_top_of_the_page_and_ends_the_command_with_1(monkeypatch):
    liar = replace(CASES["trend.laplace"], test=quarter_of_p, name="rates.liar")
    monkeypatch.setattr(run, "cases", lambda families=None: (liar,))
    told = CliRunner().invoke(main, ["calibrate", "--runs", "120", "--sizes", "3", "--workers", "1"])
    assert told.exit_code == 1
    assert "- rates.liar at n = 3 rejects" in told.output


@pytest.mark.parametrize("scheme", SCHEMES)
def test_the_nulls_observe_as_they_say(scheme):
    series = poisson_series(40, np.random.default_rng(2), scheme=scheme)
    assert series.n == 40
    assert series.window.opened_by_event == (scheme == "opened")
    assert (series.days < series.window.span) == (scheme == "holes")
    assert (series.precision == 1) == (scheme in ("day", "drawn"))
    assert series.days == pytest.approx(400)
    state = state_and_series(40, np.random.default_rng(2), scheme=scheme)[1]
    assert state.episodes == 4
    assert len(SCHEMED) == 5


def test_the_committed_page_has_every_case_and_is_what_is_measured():
    page = PAGE.read_text(encoding="utf-8")
    missing = [name for name in CASES if f"| {name} |" not in page]
    assert not missing, f"docs/calibration.md is older than {missing}: make it again as it says"
    for name in ("rates.rate", "rates.ratio", "waiting.mean_wait"):
        found = run.frame([calibration.measured(CASES[name], 3)])
        for what, title in (("size", "## Size"), ("coverage", "## Coverage")):
            table = calibration.wide(found, what)
            rows = [line for line in page.split(title)[1].split("\n## ")[0].splitlines() if f"| {name} |" in line]
            assert [row.split("|")[2].strip() for row in rows] == table["n = 3"].tolist() if len(table) else not rows
