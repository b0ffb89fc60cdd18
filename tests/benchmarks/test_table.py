"""That the speed table holds every aim, tells what falls short, and can be installed by name and version alone."""

import importlib
import re
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks import __main__, table
from benchmarks.timing import Line, Sides, measured

ROOT = Path(__file__).parents[2]
PINS = (ROOT / "benchmarks" / "requirements-peers.txt").read_text(encoding="utf-8")

# (computation, size, peer, aim): what the project has set itself; seconds where the aim is no ratio.
AIMS = [
    ("Hawkes fit", "10^4 events", "hawkeslib", 0.35),
    ("Hawkes fit", "10^5 events", "hawkeslib", 0.25),
    ("Hawkes fit", "10^6 events", "hawkeslib", 0.12),
    ("Hawkes fit", "10^4 events", "HawkesPyLib", 0.35),
    ("Hawkes fit", "10^5 events", "HawkesPyLib", 0.25),
    ("Hawkes fit", "10^6 events", "HawkesPyLib", 0.12),
    ("permutation of two groups", "n=55, 10^5", "scipy permutation_test", 0.03),
    ("longest wait, p-value", "n=20", "scipy monte_carlo_test", 50e-6),
    ("one change point, posterior", "n=111", "bayesloop", 0.002),
    ("one change point, posterior", "n=1000", "bayesloop", 0.0001),
    ("PELT, Poisson cost", "10^5 bins", "ruptures KernelCPD", 2.0),
    ("PELT, L2 cost", "10^5 bins", "ruptures KernelCPD", 0.7),
    ("Bayesian blocks", "10^3 events", "astropy", 0.03),
    ("Bayesian blocks", "10^4 events", "astropy", 0.03),
    ("Kaplan-Meier with limits", "10^6", "statsmodels SurvfuncRight", 0.8),
    ("CV, CV2, LV, LvR, burstiness", "10^6 waits", "elephant", 0.12),
    ("bootstrap of a mean", "n=1000, 10^4", "scipy bootstrap", 0.2),
    ("rate-ratio test", "10^5 tables", "scipy binomtest", 0.005),
    ("surrogates, local jitter", "1000 x 1000", "elephant", 0.2),
    ("surrogates, uniform times", "1000 x 1000", "elephant", 0.2),
    ("surrogates, shuffled waits", "1000 x 1000", "elephant", 0.2),
    ("import analysis", "process", "import pandas", 1.3),
    ("main report", "process", "", 15.0),
]


@pytest.mark.parametrize(("computation", "size", "peer", "aim"), AIMS)
def test_every_aim_has_its_line_and_its_row_on_the_page(computation, size, peer, aim):
    found = [
        line
        for line in table.lines(table.FAMILIES)
        if (line.computation, line.size) == (computation, size) and line.peer.startswith(peer)
    ]
    assert [line.seconds or line.aim for line in found] == [aim]
    assert f"| {computation} | {size} |" in table.PAGE.read_text(encoding="utf-8")


def test_no_family_of_lines_is_left_out():
    files = {path.stem.removeprefix("bench_") for path in (ROOT / "benchmarks").glob("bench_*.py")}
    assert files == set(table.FAMILIES)


def a_line(sides, **aim) -> Line:
    return Line(computation="sum", size="n=3", peer="another", sides=sides, **(aim or {"aim": 1e9}))


def without_peer() -> Sides:
    importlib.import_module("a_peer_that_nobody_has")


@pytest.mark.parametrize(
    ("line", "note"),
    [
        (a_line(lambda: Sides(ours=lambda: 1, peer=lambda: 1)), ""),
        (a_line(lambda: Sides(ours=lambda: 1)), ""),
        (a_line(lambda: Sides(ours=lambda: 1, peer=lambda: 2, same=lambda a, b: a == b)), "answers differ"),
        (a_line(lambda: Sides(ours=lambda: 1, peer=lambda: 1), aim=1e-9), "aim missed"),
        (a_line(lambda: Sides(ours=lambda: 1), seconds=1e-12), "aim missed"),
        (a_line(without_peer), "peer absent: a_peer_that_nobody_has"),
    ],
)
def test_what_falls_short_is_said_and_ends_the_command_with_1(line, note, monkeypatch, capsys):
    if not line.seconds and line.sides is not without_peer and line.sides().peer is None:
        line = a_line(line.sides, seconds=60.0)
    assert measured(line).note == note
    monkeypatch.setattr(__main__, "lines", lambda families: iter([line]))
    assert __main__.main([]) == (1 if note else 0)
    printed = capsys.readouterr().out
    assert note.upper() in printed
    assert ("every aim met" in printed) is (note == "")


def test_our_own_module_missing_is_an_error_and_no_absent_peer():
    def broken() -> Sides:
        importlib.import_module("analysis.no_such_room")

    with pytest.raises(ModuleNotFoundError):
        measured(a_line(broken))


def test_a_peer_of_minutes_is_called_once():
    calls = []
    measured(a_line(lambda: Sides(ours=lambda: 1, peer=lambda: calls.append(1), cold_peer=True)))
    assert len(calls) == 1


def test_the_table_on_the_page_is_replaced_and_nothing_else():
    old = f"before\n{table.BEGIN}\n| old |\n{table.END}\nafter\n"
    found = measured(a_line(lambda: Sides(ours=lambda: 1, peer=lambda: 1)))
    new = table.page(table.page(old, [found]), [found])
    assert new.startswith(f"before\n{table.BEGIN}\n")
    assert new.endswith(f"{table.END}\nafter\n")
    assert "old" not in new
    assert new.count("| sum | n=3 |") == 1


def test_durations_and_ratios_are_read_at_a_glance():
    assert [table.duration(x) for x in (211.4, 1.5, 0.0123, 6.01e-6, None)] == [
        "211 s",
        "1.5 s",
        "12.3 ms",
        "6.01 µs",
        "",
    ]
    assert [table.number(x) for x in (1.4, 0.123, 0.0018, 8.8e-6, None)] == ["1.40", "0.12", "0.0018", "0.0000088", ""]


def test_peers_are_pinned_by_name_and_version():
    pins = [line for line in PINS.splitlines() if line and not line.startswith("#")]
    assert all(re.fullmatch(r"[A-Za-z0-9_.-]+==[0-9][0-9A-Za-z.]*", pin) for pin in pins)
    named = {pin.partition("==")[0].lower() for pin in pins}
    assert named >= {"astropy", "bayesloop", "elephant", "hawkeslib", "hawkespylib", "lifelines", "ruptures"}


def test_one_thread_is_set_before_numpy_starts():
    code = "import benchmarks.bench_rates, os; print(os.environ['OMP_NUM_THREADS'], os.environ['NUMBA_NUM_THREADS'])"
    run = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert run.stdout.split() == ["1", "1"]
