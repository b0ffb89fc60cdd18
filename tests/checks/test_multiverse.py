"""Every specification, and one p for all of them: the same series as select gives, the right size under the null."""

from __future__ import annotations

from functools import partial

import numpy as np
import pandas as pd
import pytest

from analysis import ParameterError, load, select
from analysis.checks import multiverse, usual_axes
from analysis.checks.axes import crossed
from analysis.checks.redrawn import Record
from analysis.stats import rates

# Statistics, not language: left to the main environment.
pytestmark = pytest.mark.slow

US = ["us_military", "coalition", "us_diplomatic", "contractor_convoy", "other"]
BASE = {"weapon": ["drone"], "target_class": US, "start": "2021-04-01", "end": "2021-12-20", "opened_by_event": True}
FEWER = partial(rates.ratio, at="2021-05-10", alternative="less")
FEW = {
    "confidence": {"high only": {"confidence": ["high"]}},
    "merged": {"none": {"merge": "none"}},
    "window opened": {"by the date": {"opened_by_event": False}},
}


@pytest.fixture(scope="module")
def table():
    return load("data/attacks.csv")


def test_every_specification_has_the_series_that_select_gives(table):
    # Were the record read otherwise than select reads it, the joint p would be of another analysis.
    base = BASE | {"holes": [("2021-08-01", "2021-08-20")]}
    specifications = crossed(base, usual_axes(table, base))
    assert len(specifications) == 2 * 2 * 2 * 3 * 3 * 3 * 3
    record = Record(table, specifications)
    still = record.placed(np.zeros((1, record.place.size)))
    for i in np.random.default_rng(3).choice(len(specifications), 20, replace=False):
        expected = select(table, **specifications[i].settings)
        times, inside, opening = (part[0] for part in record.counted(record.paths[i], still))
        found = record.series(record.paths[i], times, inside, float(opening))
        assert found.window == expected.window, specifications[i].name
        assert found.times == pytest.approx(expected.times), specifications[i].name


def test_exact_times_are_read_as_select_reads_them(table):
    specifications = crossed(BASE | {"resolution": "exact"}, FEW)
    record = Record(table, specifications)
    still = record.placed(np.zeros((1, record.place.size)))
    for path, specification in zip(record.paths, specifications, strict=True):
        times, inside, opening = (part[0] for part in record.counted(path, still))
        expected = select(table, **specification.settings)
        assert record.series(path, times, inside, float(opening)).times == pytest.approx(expected.times)


def test_the_table_is_the_test_on_each_series(table):
    curve = multiverse(table, BASE, FEWER, axes=FEW, rng=1, resamples=0).curve
    assert len(curve) == 8
    assert curve["variation"].iloc[0] == "as given"
    for line in curve.to_dict("records"):
        change = {k: v for axis, values in FEW.items() for k, v in values.get(line[axis], {}).items()}
        found = FEWER(select(table, **{**BASE, **change}))
        assert (line["pvalue"], line["effect"]) == (found.pvalue, found.effect.value), line["variation"]


STRETCH = ("2021-05-12", "2021-05-30")


@pytest.mark.parametrize("test", [FEWER, partial(rates.ratio, inside=STRETCH), partial(rates.ratio, at="last_event")])
def test_all_records_at_once_give_what_each_gives_alone(table, test):
    fast = multiverse(table, BASE, test, axes=FEW, rng=7, resamples=40, workers=1)
    slow = multiverse(table, BASE, lambda s: test(s), axes=FEW, rng=7, resamples=40, workers=1)
    assert fast.settings["joint_p"] == slow.settings["joint_p"]
    assert (fast.effect, fast.pvalue) == (slow.effect, slow.pvalue)


def test_two_workers_give_what_one_gives(table):
    one, two = (multiverse(table, BASE, FEWER, axes=FEW, rng=7, resamples=60, workers=w) for w in (1, 2))
    assert (one.pvalue, one.effect, one.settings) == (two.pvalue, two.effect, two.settings)


def test_redrawing_keeps_nights_together_and_inside_the_watched_days(table):
    record = Record(table, crossed(BASE | {"weapon": None}, FEW))
    shifts = record.shifts("uniform_nights", 50, np.random.default_rng(2))
    for block in np.unique(record.block):
        assert np.ptp(shifts[:, record.block == block], axis=1).max() == 0
    moved = shifts.any(axis=0)
    assert np.isin(record.first_day[moved] + shifts[:, moved], record.days).all()
    # A day chosen evenly: the mean of the new days is the middle of the window.
    first = np.unique(record.block, return_index=True)[1]
    new = (record.first_day + shifts)[:, first[moved[first]]]
    assert new.mean() == pytest.approx(record.days.mean(), abs=4 * record.days.std() / np.sqrt(new.size))
    lag = record.shifts("circular_shift", 20, np.random.default_rng(2))[:, moved] % record.days.size
    assert np.ptp(lag, axis=1).max() == 0


def test_other_questions_other_units_and_copies_are_said(table):
    axes = FEW | {"weapon": {"every weapon": {"weapon": None}}}
    found = multiverse(table, BASE, FEWER, axes=axes, rng=1, resamples=19)
    said = " ".join(found.warnings)
    assert "8 of 16 specifications answer a different question: they count the attacks of other weapons" in said
    assert "another unit" in said
    assert (found.curve["question"] == "the same").sum() == 8
    assert found.settings["distinct"] == (found.curve["same_as"] == "").sum() < 16
    assert found.attainable_pvalue == 1 / 20
    agree = found.curve["agrees"].iloc[1:]
    assert found.settings["agreement"] == pytest.approx(agree.mean())


def test_a_date_outside_a_window_is_no_answer_and_said(table):
    axes = {"window start": {"June": {"start": "2021-06-01"}}}
    found = multiverse(table, BASE, FEWER, axes=axes, rng=1, resamples=19)
    assert np.isnan(found.curve["pvalue"].iloc[1])
    assert "1 of 2 specifications have no answer" in " ".join(found.warnings)
    with pytest.raises(ParameterError, match="answer given itself"):
        multiverse(table, BASE | {"start": "2021-06-01"}, FEWER, axes={}, rng=1, resamples=9)


def test_a_record_without_an_attack_has_a_defined_answer(table):
    found = multiverse(table, BASE | {"weapon": ["mortar"]}, FEWER, axes=FEW, rng=1, resamples=19)
    assert found.inconclusive
    assert found.pvalue == 1
    assert found.effect.value is None
    assert found.to_record()
    silent = multiverse(table.iloc[:0], BASE, FEWER, axes=FEW, rng=1, resamples=19)
    assert (silent.inconclusive, silent.settings["distinct"]) == (True, 1)


def test_what_cannot_be_crossed_is_refused(table):
    with pytest.raises(ParameterError, match="resolution"):
        multiverse(table, BASE | {"resolution": "drawn"}, FEWER, axes={}, rng=1)
    with pytest.raises(ParameterError, match="both set 'merge'"):
        multiverse(table, BASE, FEWER, axes={"a": {"x": {"merge": "none"}}, "b": {"y": {"merge": "place"}}}, rng=1)
    with pytest.raises(ParameterError, match="must map the name"):
        multiverse(table, BASE, FEWER, axes={"a": {"x": "none"}}, rng=1)
    with pytest.raises(ParameterError, match="rng"):
        multiverse(table, BASE, FEWER, axes={}, rng=None)
    with pytest.raises(ParameterError, match="statistic"):
        multiverse(table, BASE, FEWER, axes={}, rng=1, statistic="mean p")


def scattered(table: pd.DataFrame, rng: np.random.Generator, ratio: float = 1.0) -> pd.DataFrame:
    """The catalogue with every date drawn anew and alone: evenly, or ``ratio`` times as often after 10 May."""
    split, days = 39, 263  # 2021-04-01 to 10 May, to 20 December
    early = rng.random(len(table)) < split / (split + ratio * (days - split))
    day = np.where(early, rng.integers(0, split, len(table)), rng.integers(split, days, len(table)))
    date = pd.Timestamp("2021-04-01") + pd.to_timedelta(day, unit="D")
    dates = {c: pd.Series(date, index=table.index).astype(table[c].dtype) for c in DATES}
    moved = table.assign(**dates)
    moved.attrs = dict(table.attrs)
    return moved


DATES = ("date_local", "date_earliest", "date_latest")


def joint_ps(table, records: int, ratio: float = 1.0) -> dict[str, np.ndarray]:
    """The joint p of each statistic over records; one run of a record gives all of them."""
    axes = {"confidence": FEW["confidence"], "window opened": FEW["window opened"]}
    base = BASE | {"weapon": ["rocket"], "opened_by_event": False}
    rng = np.random.default_rng(20210510)
    settings = {"axes": axes, "resamples": 19, "workers": 1}
    found = [multiverse(scattered(table, rng, ratio), base, FEWER, rng=rng, **settings) for _ in range(records)]
    assert all(f.pvalue == f.settings["joint_p"]["median p"] for f in found)
    return {
        name: np.array([f.settings["joint_p"][name] for f in found]) for name in ("median p", "share", "smallest p")
    }


def rejections(table, statistic: str, records: int, ratio: float = 1.0) -> int:
    return int(np.sum(joint_ps(table, records, ratio)[statistic] <= 0.2))


def test_the_joint_p_has_its_size_under_the_null_and_finds_a_fall(table):
    # Nights redrawn one by one where each attack was drawn alone: the test is exact at 20 %, here 40 records.
    under_null = rejections(table, "median p", 40)
    assert under_null <= 15  # P(more | 40, 0.2) = 0.0029
    assert under_null >= 2  # P(fewer | 40, 0.2) = 0.0015
    assert rejections(table, "median p", 10, ratio=0.3) >= 9


@pytest.mark.slow
def test_the_joint_p_has_its_size_in_many_records(table):
    for statistic, p in joint_ps(table, 300).items():
        assert np.sum(p <= 0.2) <= 81, statistic  # P(more | 300, 0.2) = 0.0015


def test_the_joint_p_of_a_statistic_is_that_of_the_run_that_asks_for_it(table):
    settings = {"axes": {"confidence": FEW["confidence"]}, "resamples": 19, "workers": 1, "rng": 3}
    base = BASE | {"weapon": ["rocket"], "opened_by_event": False}
    for statistic in ("median p", "share", "smallest p"):
        found = multiverse(table, base, FEWER, statistic=statistic, **settings)
        assert found.pvalue == found.settings["joint_p"][statistic]
        assert found.settings["joint_p"] == multiverse(table, base, FEWER, **settings).settings["joint_p"]
