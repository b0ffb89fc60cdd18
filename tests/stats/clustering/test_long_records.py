"""What long records go through, compiled and in one pass, says what short ones are told."""

from __future__ import annotations

import importlib

import numpy as np
import pytest

from analysis import EventSeries, Window
from analysis.processes import hawkes
from analysis.stats import clustering
from analysis.stats.clustering import tiles
from analysis.stats.clustering.memory import memory_coefficient
from analysis.stats.clustering.wait_kernels import neighbour_sums

memory_module = importlib.import_module("analysis.stats.clustering.memory")
HOLES = ((100.0, 130.0), (500.5, 501.0))


def rows_of(window, n, lattice, seed=1):
    rows = np.sort(window.unclock(np.random.default_rng(seed).uniform(0, window.days, (4, n))))
    return np.floor(rows * 10) / 10 if lattice else rows


@pytest.mark.parametrize("lattice", [False, True])
@pytest.mark.parametrize("length", [0.1, 0.7, 3.3, 100.0])
def test_windows_hold_the_same_events_however_they_are_counted(monkeypatch, lattice, length):
    window = Window(0.0, 1000.0, HOLES)
    rows, cut = rows_of(window, 800, lattice), tiles.Tiles.of(window, length)
    short = cut.counts(rows)
    monkeypatch.setattr(tiles, "LONG", 0)
    assert (cut.counts(rows) == short).all()
    each = [[np.sum((row >= a - 1e-9) & (row < a + length - 1e-9)) for a in cut.starts[:200]] for row in rows]
    assert (short[:, :200] == each).all()


def test_times_on_a_lattice_belong_to_the_window_that_they_open():
    # 0.1 * 3 is a little more than 0.3: by exact comparison the third tenth would hold two of these and the next none.
    cut = tiles.Tiles.of(Window(0.0, 1.0), 0.1)
    assert (cut.counts(np.array([np.arange(10) / 10])) == 1).all()


def test_neighbours_of_a_long_row_have_the_correlation_of_a_short_one():
    parts = [np.random.default_rng(2).gamma(0.5, size=n) for n in (60, 9, 2)]
    xx, yy, xy, _ = neighbour_sums(np.concatenate(parts), np.array([0, 60, 69, 71]))
    assert xy / np.sqrt(xx * yy) == pytest.approx(memory_coefficient(parts), abs=1e-12)


def test_memory_of_a_long_record_is_tested_as_that_of_a_short_one(monkeypatch):
    times = np.sort(np.random.default_rng(5).uniform(0, 1000, 300) ** 1.1)
    times = times[(times < 700) | (times > 720)]
    series = EventSeries.from_numbers(times, start=0, end=2100, holes=[(700.0, 720.0)])
    short = clustering.memory(series, rng=1, resamples=1999)
    monkeypatch.setattr(memory_module, "LONG", 0)
    long = clustering.memory(series, rng=1, resamples=1999)
    assert long.effect.value == short.effect.value
    assert long.pvalue == pytest.approx(short.pvalue, abs=4 * np.sqrt(0.5 / 2000))
    assert (long.effect.low, long.effect.high) == pytest.approx((short.effect.low, short.effect.high), abs=0.03)


def test_equal_waits_have_no_memory_in_a_long_record_either(monkeypatch):
    monkeypatch.setattr(memory_module, "LONG", 0)
    series = EventSeries.from_numbers(np.arange(1.0, 40.0), start=0, end=40)
    assert clustering.memory(series, rng=1, resamples=99).inconclusive


@pytest.mark.parametrize(("length", "near"), [(1.0, 0.04), (100.0, 0.15)])
def test_the_fano_factor_of_a_self_exciting_process_is_the_published_one(length, near):
    # Hawkes (1971) Biometrika 58:83: the covariance fades as exp(-c t), c = decay (1 - branching), so that
    # F(L) = 1 + (1 / (1 - branching)^2 - 1) (1 - (1 - exp(-c L)) / (c L)); here c = 1.
    window = Window(0.0, 100_000.0)
    times = hawkes(window, background=0.5, branching=0.5, decay=2.0, rng=3).series.times
    published = 1 + (1 / 0.5**2 - 1) * (1 - (1 - np.exp(-length)) / length)
    found = tiles.fano_factor(times[None], tiles.Tiles.of(window, length))
    assert found[0] == pytest.approx(published, rel=near)
