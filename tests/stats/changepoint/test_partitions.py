"""Bayesian blocks and PELT against astropy, R's changepoint, ruptures and strucchange; calibration and edges."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from analysis import CountSeries, EventSeries, ParameterError
from analysis.stats import changepoint
from analysis.stats.changepoint.partition import cut, dearest_change, run_cost


@pytest.fixture(scope="module")
def case(reference):
    return reference("14_changepoints_pelt_blocks")


@pytest.fixture(scope="module")
def coal(reference):
    case = reference("01_coal_mining")
    days = case.csv("events.csv")["elapsed_days_since_1851_01_01"]
    annual = CountSeries.from_counts(case.csv("annual_counts.csv")["count"], start=1851, label="disasters")
    return EventSeries.from_numbers(days, start=0, end=40907, label="disasters"), annual


@pytest.mark.parametrize(
    ("name", "penalty"),
    [
        ("PELT_MBIC_last_year_of_segments", 3 * np.log(112)),
        ("PELT_BIC_last_year_of_segments", 2 * np.log(112)),
        ("PELT_AIC_last_year_of_segments", 4),
        ("PELT_manual10_last_years", 10),
        ("PELT_manual5_last_years", 5),
        ("optimal_partition_pen_2logn_last_years", 2 * np.log(112)),
    ],
)
def test_poisson_pelt_is_that_of_r(case, coal, name, penalty):
    found = changepoint.pelt(coal[1], penalty=penalty, min_bins=2)
    # The source names the last year of a run; here an edge is the first of the next.
    case.check(f"coal_annual_poisson_{name}", np.array(found.settings["edges"]) - 1)
    value = f"coal_annual_poisson_{name.removesuffix('_last_year_of_segments')}_penalty_value"
    if value in case.expected:
        case.check(value, found.settings["penalty"])


def test_the_objective_is_that_of_the_full_search(case, coal):
    for name, penalty in (("2logn", 2 * np.log(112)), ("10", 10)):
        found = changepoint.pelt(coal[1], penalty=penalty, min_bins=2)
        case.check(f"coal_annual_poisson_optimal_objective_pen_{name}", found.statistic)


def test_l2_pelt_is_that_of_ruptures_and_strucchange(case, coal):
    for penalty in (10, 20, 50):
        found = changepoint.pelt(coal[1], penalty=penalty, cost="l2")
        case.check(f"coal_annual_ruptures_pelt_l2_pen{penalty}", found.settings["ends"])
    case.check("coal_annual_ruptures_dynp_l2_1bkp", found.settings["ends"])
    table = case.csv("nile.csv")
    flow = table["flow"].to_numpy(float)
    scaled, each = (flow - flow.mean()) / flow.std(ddof=1), np.ones(100)
    ends, _ = cut(scaled, each, penalty=2 * np.log(100), cost="l2")
    case.check("nile_scaled_ruptures_pelt_l2_pen_2logn", ends)
    case.check("nile_scaled_cptmean_PELT_MBIC_index", cut(scaled, each, penalty=3 * np.log(100), cost="l2")[0][0])
    case.check("nile_breakpoint_last_year", table["year"][ends[0] - 1])
    # strucchange: Gaussian log-likelihood, two means, one variance and one break date.
    penalty = 2 * np.log(100) * flow.var(ddof=1)
    squares = cut(flow, each, penalty=penalty, cost="l2")[1] - penalty
    bic = 100 * (np.log(squares) + 1 - np.log(100) + np.log(2 * np.pi)) + 4 * np.log(100)
    case.check("nile_BIC_one_break", bic)


def test_blocks_have_astropys_edges(case, coal):
    for p0 in (0.05, 0.01, 0.001):
        found = changepoint.blocks(coal[0], p0=p0, edges="events")
        case.check(f"coal_blocks_edges_p0_{p0}", found.settings["edges_elapsed"])
        case.check(f"coal_blocks_ncp_prior_p0_{p0}", found.settings["penalty"])
    found = changepoint.blocks(coal[0], penalty=4, edges="events")
    case.check("coal_blocks_edges_ncp_prior_4", found.settings["edges_elapsed"])


def test_blocks_find_the_change_of_astropys_own_test(case):
    # The data may not be copied into the project: read where they lie beside the clone.
    path = Path(__file__).parents[4] / "shared" / "reference" / case.folder.name / "astropy_single_cp.csv"
    if not path.exists():
        pytest.skip("astropy_single_cp.csv may not be redistributed and is not beside this clone")
    times = np.sort(pd.read_csv(path)["t"].to_numpy(float))
    found = changepoint.blocks(EventSeries.from_numbers(times, start=0, end=times[-1] + 1), p0=0.05, edges="events")
    edges = found.settings["edges_elapsed"]
    assert len(edges) == 3
    case.check("astropy_single_change_point_edge", edges[1])
    case.check("astropy_single_change_point_edge_exact", edges[1])


@pytest.mark.parametrize("least", [1, 2, 4])
def test_pruning_loses_nothing(least):
    rng = np.random.default_rng(least)
    for _ in range(20):
        y, w = rng.poisson(rng.choice([0.4, 3.0], 18)).astype(float), rng.uniform(0.3, 1, 18)
        for penalty in (0.5, 2.0):
            best = np.full(19, np.inf)
            best[0] = -penalty
            for t in range(least, 19):
                runs = [
                    best[s] + penalty + run_cost(y[s:t].sum(), (y[s:t] ** 2).sum(), w[s:t].sum(), "poisson")
                    for s in range(t - least + 1)
                ]
                best[t] = min(runs)
            assert cut(y, w, penalty=penalty, least=least)[1] == pytest.approx(best[-1])


def test_above_the_dearest_change_there_is_none():
    rng = np.random.default_rng(2)
    y, w = rng.poisson(2.0, 40).astype(float), np.ones(40)
    edge = dearest_change(y, w)
    assert cut(y, w, penalty=edge * 1.0001)[0].size == 1
    assert cut(y, w, penalty=edge * 0.9999)[0].size > 1


@pytest.mark.parametrize("n", [3, 10, 30])
def test_false_alarms_come_at_the_stated_rate(n):
    rng = np.random.default_rng(n)
    runs, alarms = 60, np.zeros(2)
    for _ in range(runs):
        series = EventSeries.from_numbers(np.sort(rng.uniform(0, 90, n)), start=0, end=90)
        found = (
            changepoint.blocks(series, false_alarm=0.1, rng=rng, resamples=29),
            changepoint.pelt(series, width=9, false_alarm=0.1, rng=rng, resamples=29),
        )
        alarms += [f.effect.value > 0 for f in found]
    assert (alarms / runs <= 0.1 + 3 * np.sqrt(0.09 / runs)).all()


def test_a_silence_at_the_end_is_a_block_of_its_own():
    series = EventSeries.from_numbers(np.arange(1, 40, 1.0), start=0, end=120)
    found = changepoint.blocks(series, rng=1, resamples=199)
    assert found.pvalue == found.attainable_pvalue
    assert found.effect.value >= 1
    assert changepoint.blocks(series, p0=0.05, edges="events").effect.value == 0


@pytest.mark.parametrize("times", [[], [3.0], [5.0, 5.0, 5.0], [0.0, 20.0], [24.0, 27.0]])
def test_odd_records_have_a_defined_answer(times):
    series = EventSeries.from_numbers(times, start=0, end=51)
    for found in (
        changepoint.blocks(series, rng=1, resamples=19),
        changepoint.blocks(series, p0=0.05),
        changepoint.pelt(series, width=7, penalty=3.0),
        changepoint.pelt(series, width=7, false_alarm=0.05, rng=1, resamples=19),
    ):
        assert "nan" not in str(found.to_record())
        assert found.inconclusive or found.effect is not None


def test_wrong_settings_are_named():
    series = EventSeries.from_numbers([3.0, 9.0], start=0, end=51)
    wrongs = {"rng": {}, "p0": {"p0": 2}, "penalty": {"penalty": -1}, "edges": {"edges": "x", "p0": 0.1}}
    for match, wrong in wrongs.items():
        with pytest.raises(ParameterError, match=match):
            changepoint.blocks(series, **wrong)
    with pytest.raises(ParameterError, match="penalty"):
        changepoint.pelt(series, width=7)
    with pytest.raises(ParameterError, match="rng"):
        changepoint.pelt(series, width=7, false_alarm=0.05)
    with pytest.raises(ParameterError, match="width"):
        changepoint.pelt(series, penalty=3)


@pytest.mark.parametrize("least", [1, 3])
def test_logarithms_from_a_table_cut_the_same(least):
    # Whole counts in equal bins are cut with a table; a hair's difference in one width is enough to do without.
    rng = np.random.default_rng(8)
    y = rng.poisson(np.repeat([0.5, 3.0, 0.0, 6.0], 60)).astype(float)
    even = np.full(y.size, 0.7)
    uneven = even.copy()
    uneven[0] *= 1 + 1e-13
    for penalty in (0.0, 2.0, 9.0):
        (ends, total), (_, another) = (cut(y, w, penalty=penalty, least=least) for w in (even, uneven))
        assert total == pytest.approx(another, rel=1e-9)
        # Cuts that cost the same may differ: what the one found costs is worked out again.
        runs = np.split(y, ends[:-1])
        own = sum(run_cost(run.sum(), 0.0, 0.7 * run.size, "poisson") for run in runs)
        assert own + penalty * (len(runs) - 1) == pytest.approx(total, rel=1e-9)
        assert min(run.size for run in runs) >= least
